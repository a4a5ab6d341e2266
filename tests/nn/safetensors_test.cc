#include "nn/safetensors.h"

#include <cstring>
#include <limits>

#include <gtest/gtest.h>

#include "base/error.h"
#include "nn/safetensors_file.h"

namespace enlace {
namespace {

using testing_nn::bytes_of;

std::string file_of(const std::string& header, const std::string& data) {
  return testing_nn::safetensors_of(header, data);
}

std::string message_of(const std::string& file) {
  try {
    parse_safetensors(bytes_of(file), "m");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kCorrupt);
    return error.what();
  }
  return "";
}

const std::string kTwo = R"({"b":{"dtype":"F16","shape":[2],"data_offsets":[8,12]},)"
                         R"("__metadata__":{"format":"pt"},)"
                         R"("a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}})";

TEST(Safetensors, GivesTensorsByName) {
  // a = 1, 2; b = 0.5, -2 as halves
  const std::string data("\0\0\x80\x3F\0\0\0\x40\0\x38\0\xC0", 12);
  const std::string file = file_of(kTwo + "   ", data);
  const TensorFile model = parse_safetensors(bytes_of(file), "m");
  ASSERT_EQ(model.tensors.size(), 2U);
  const Tensor* a = model.find("a");
  ASSERT_NE(a, nullptr);
  EXPECT_EQ(a->shape, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(load_values(*a, "m"), (std::vector<float>{1, 2}));
  EXPECT_EQ(load_values(*model.find("b"), "m"), (std::vector<float>{0.5F, -2}));
  EXPECT_EQ(model.find("c"), nullptr);
}

TEST(Safetensors, ReadsEveryKindOfHalf) {
  const auto one_value = [](const char* type, std::uint16_t bits) {
    const std::string data(reinterpret_cast<const char*>(&bits), sizeof bits);
    const std::string header =
        std::string(R"({"x":{"dtype":")") + type + R"(","shape":[],"data_offsets":[0,2]}})";
    const std::string file = file_of(header, data);
    const TensorFile model = parse_safetensors(bytes_of(file), "m");
    float value = 0;
    read_values(model.tensors[0], 0, {&value, 1});
    return value;
  };
  EXPECT_EQ(one_value("F16", 0x0001), 0x1p-24F);  // the least subnormal
  EXPECT_EQ(one_value("F16", 0x83FF), -1023 * 0x1p-24F);
  EXPECT_EQ(one_value("F16", 0x0400), 0x1p-14F);
  EXPECT_EQ(one_value("F16", 0x7BFF), 65504);
  EXPECT_EQ(one_value("F16", 0xFC00), -std::numeric_limits<float>::infinity());
  EXPECT_NE(one_value("F16", 0x7E00), one_value("F16", 0x7E00));  // NaN
  EXPECT_EQ(one_value("BF16", 0x3F80), 1);
  EXPECT_EQ(one_value("BF16", 0xC000), -2);
}

TEST(Safetensors, AllowsEmptyTensorsAndNone) {
  EXPECT_EQ(message_of(file_of("{}", "")), "");
  EXPECT_EQ(message_of(file_of(R"({"e":{"dtype":"F32","shape":[0,9],"data_offsets":[0,0]},)"
                               R"("x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                               R"("z":{"dtype":"F32","shape":[0],"data_offsets":[1,1]}})",
                               "x")),
            "");
}

TEST(Safetensors, RefusesEveryTruncation) {
  const std::string whole = file_of(kTwo, std::string(12, '\0'));
  ASSERT_EQ(message_of(whole), "");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_NE(message_of(whole.substr(0, size)), "") << size;
  }
  EXPECT_NE(message_of(whole + '\0'), "") << "a tail";
}

TEST(Safetensors, RefusesAHeaderThatClaimsMoreThanThereIs) {
  constexpr std::uint64_t kHalf = std::uint64_t{1} << 63, kMost = ~std::uint64_t{0};
  for (const std::uint64_t claim :
       {std::uint64_t{3}, std::uint64_t{100}, std::uint64_t{100'000'001}, kHalf - 9, kHalf - 8,
        kHalf, kMost - 8, kMost - 7, kMost}) {
    std::string file = file_of("{}", "");
    std::memcpy(file.data(), &claim, sizeof claim);
    EXPECT_NE(message_of(file), "") << claim;
  }
}

TEST(Safetensors, RefusesHeadersThatAreNotItsJson) {
  const auto tensor = [](const std::string& text) { return R"({"x":)" + text + "}"; };
  for (const std::string& header : {
           std::string(),
           std::string("[]"),
           std::string(" {}"),
           std::string("{}\n"),
           std::string("{\"\xFF\":1}"),
           std::string(100'000, '['),
           std::string("{}{}"),
           "{" + std::string(100'000, '[') + "}",
           std::string(R"({"x":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},)"
                       R"("x":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}})"),
           std::string(R"({"__metadata__":{"a":1}})"),
           tensor("7"),
           tensor(R"({"shape":[0],"data_offsets":[0,0]})"),
           tensor(R"({"dtype":"F33","shape":[0],"data_offsets":[0,0]})"),
           tensor(R"({"dtype":"F32","shape":[-1],"data_offsets":[0,0]})"),
           tensor(R"({"dtype":"F32","shape":[0.5],"data_offsets":[0,0]})"),
           tensor(R"({"dtype":"F32","shape":[0],"data_offsets":[0]})"),
           tensor(R"({"dtype":"F32","shape":[0],"data_offsets":[4,0]})"),
           tensor(R"({"dtype":"F32","shape":[1],"data_offsets":[0,4]})"),
           tensor(R"({"dtype":"F4","shape":[1],"data_offsets":[0,1]})"),
           tensor(R"({"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]})"),
           tensor(R"({"dtype":"F32","shape":[2305843009213693952],"data_offsets":[0,0]})"),
       }) {
    EXPECT_NE(message_of(file_of(header, "")), "") << header.substr(0, 80);
  }
}

TEST(Safetensors, RefusesHolesAndOverlaps) {
  const auto two = [](const std::string& first, const std::string& second) {
    return file_of(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":)" + first +
                       R"(},"b":{"dtype":"U8","shape":[2],"data_offsets":)" + second + "}}",
                   "1234");
  };
  EXPECT_EQ(message_of(two("[2,4]", "[0,2]")), "");
  EXPECT_EQ(message_of(two("[0,2]", "[1,3]")), "m: tensor b: expected to begin at 2, found 1");
  EXPECT_NE(message_of(two("[0,2]", "[0,2]")), "");
  EXPECT_NE(message_of(two("[1,3]", "[2,4]")), "");
}

TEST(Safetensors, RefusesWeightsThatAreNotFiniteOrNotFloats) {
  const float values[] = {1, std::numeric_limits<float>::quiet_NaN()};
  const std::string data(reinterpret_cast<const char*>(values), sizeof values);
  const std::string file =
      file_of(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", data);
  const TensorFile model = parse_safetensors(bytes_of(file), "m");
  try {
    load_values(model.tensors[0], "m");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "m: tensor w: expected finite values, found another at 1");
  }
  const std::string integers =
      file_of(R"({"w":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}})", data);
  EXPECT_THROW(load_values(parse_safetensors(bytes_of(integers), "m").tensors[0], "m"), Error);
}

}  // namespace
}  // namespace enlace
