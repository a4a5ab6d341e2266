#include "nn/torch_file.h"

#include <cstring>

#include <gtest/gtest.h>

#include "base/error.h"
#include "nn/safetensors_file.h"
#include "nn/torch_writer.h"

namespace enlace {
namespace {

using namespace testing_nn;

const std::vector<float> kValues{1, 2, 3, 4, 5, 6};
const std::string kNumbers(reinterpret_cast<const char*>(kValues.data()), 24);

std::string message_of(const std::string& file, ErrorKind kind) {
  try {
    parse_torch_file(bytes_of(file), "m");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "expected an error";
  return "";
}

std::string message_of_pickle(const std::string& pickle, ErrorKind kind) {
  return message_of(torch_file_of(pickle, kNumbers), kind);
}

TEST(TorchFile, GivesTensorsByName) {
  for (const bool zip64 : {false, true}) {
    const std::string file = torch_file_of(
        pickle_of(unicode("b") + tensor() + unicode("a") +
                  tensor({.count = 6, .first = 4, .shape = {2}, .strides = {1}}) + unicode("i") +
                  tensor({.type = "LongStorage", .count = 3, .shape = {}, .strides = {}})),
        kNumbers, {.zip64 = zip64});
    const TensorFile found = parse_torch_file(bytes_of(file), "m");
    ASSERT_EQ(found.tensors.size(), 3U);
    EXPECT_EQ(found.find("b")->shape, (std::vector<std::size_t>{2, 3}));
    EXPECT_EQ(load_values(*found.find("b"), "m"), kValues);
    EXPECT_EQ(load_values(*found.find("a"), "m"), (std::vector<float>{5, 6}));
    EXPECT_EQ(found.find("i")->type, TensorType::kOther);
    EXPECT_EQ(found.find("i")->bytes.size(), 8U);
  }
}

TEST(TorchFile, ReadsHalvesParametersMemosAndMetadata) {
  const std::string parameter =
      global("torch._utils", "_rebuild_parameter") +
      tuple(tensor({.type = "BFloat16Storage", .count = 12, .shape = {3, 4}, .strides = {4, 1}}) +
            "\x88" + ordered_dict()) +
      "Rq" + little(0, 1);
  const std::string metadata = "}" + unicode("_metadata") + ordered_dict() + "(" + unicode("") +
                               "}" + unicode("version") + "K\1s" + "u" + "s";
  const std::string pickle = "\x80\x02}(" + unicode("a") + parameter + unicode("b") + "h" +
                             little(0, 1) + "u" + metadata + "b.";
  const std::string file = torch_file_of(pickle, kNumbers);
  const TensorFile found = parse_torch_file(bytes_of(file), "m");
  ASSERT_EQ(found.tensors.size(), 2U);
  EXPECT_EQ(found.tensors[0].type, TensorType::kBf16);
  EXPECT_EQ(found.tensors[0].bytes.data(), found.tensors[1].bytes.data());
}

TEST(TorchFile, RunsNothing) {
  const auto kUnsupported = ErrorKind::kUnsupported;
  const std::string begin = "\x80\x02";
  EXPECT_EQ(
      message_of_pickle(begin + global("os", "system") + unicode("x") + "\x85R.", kUnsupported),
      "m: data.pkl: byte 2: expected tensors only, found the global os.system");
  EXPECT_EQ(message_of_pickle(begin + "(ios\nsystem\n.", kUnsupported),
            "m: data.pkl: byte 3: expected tensors only, found the opcode INST");
  EXPECT_EQ(message_of_pickle(begin + global("a b", "c") + ".", kUnsupported),
            "m: data.pkl: byte 2: expected tensors only, found the global another");
  for (const char opcode : std::string("01FILPSTUVadeglop]GBC\x81\x82\x8B\x8C\x8F\x93\x94\x95")) {
    EXPECT_NE(message_of_pickle(begin + std::string("(}}") + opcode + "....", kUnsupported), "");
  }
  EXPECT_NE(message_of_pickle(begin + "\xFF.", ErrorKind::kCorrupt), "");
  EXPECT_NE(message_of_pickle("\x80\x04}.", kUnsupported), "");
}

TEST(TorchFile, RefusesDictionariesOfAnythingElse) {
  EXPECT_NE(message_of_pickle("\x80\x02N.", ErrorKind::kUnsupported), "");
  EXPECT_NE(message_of_pickle(std::string("\x80\x02") + tensor() + ".", ErrorKind::kUnsupported),
            "");
  EXPECT_EQ(
      message_of_pickle(pickle_of(unicode("state_dict") + ordered_dict()), ErrorKind::kUnsupported),
      "m: data.pkl: state_dict: expected a dictionary of tensors, found something else in it");
  EXPECT_NE(message_of_pickle(pickle_of("K\1" + tensor()), ErrorKind::kCorrupt), "");
  EXPECT_NE(message_of_pickle(pickle_of(unicode("a") + tensor() + unicode("a") + tensor()),
                              ErrorKind::kCorrupt),
            "");
}

TEST(TorchFile, RefusesProgramsThatTorchDoesNotWrite) {
  const std::string begin = "\x80\x02";
  for (const std::string& rest :
       std::vector<std::string>{"",
                                ".",
                                "}",
                                "}}.",
                                "(.",
                                "t.",
                                "}(K\1u.",
                                "K\1K\1K\1s.",
                                "h" + little(0, 1) + ".",
                                "}q" + little(1, 1) + ".",
                                "q" + little(0, 1) + ".",
                                "j" + little(~0ULL, 4) + ".",
                                "}r" + little(~0ULL, 4) + ".",
                                "\x85.",
                                "(\x85.",
                                "}(}\x86.",
                                "b.",
                                "}b.",
                                "K\1K\1b.",
                                "R.",
                                ")R.",
                                "K\1)R.",
                                "}K\1R.",
                                "Q.",
                                ")Q.",
                                "X" + little(~0ULL, 4) + ".",
                                "X" + little(1, 4) + "\xFF.",
                                "\x8A\x09"
                                "123456789.",
                                "cab",
                                "c",
                                "}..",
                                global("collections", "OrderedDict") + "K\1\x85R.",
                                global("torch._utils", "_rebuild_tensor_v2") + ")R.",
                                global("torch._utils", "_rebuild_parameter") + ")R.",
                                global("torch._utils", "_rebuild_parameter") + "N\x85R."}) {
    EXPECT_NE(message_of_pickle(begin + rest, ErrorKind::kCorrupt), "") << rest;
  }
  // Bytes behind the end are of no program.
  EXPECT_NE(message_of_pickle(pickle_of(unicode("a") + tensor()) + ".", ErrorKind::kCorrupt), "");
}

TEST(TorchFile, RefusesTensorsThatDoNotLieInTheirStorageInOrder) {
  const auto one = [](const TensorPickle& t, ErrorKind kind) {
    return message_of_pickle(pickle_of(unicode("a") + tensor(t)), kind);
  };
  const auto kCorrupt = ErrorKind::kCorrupt;
  EXPECT_EQ(one({.shape = {3, 2}, .strides = {1, 3}}, ErrorKind::kUnsupported),
            "m: tensor a: expected a contiguous tensor, found other strides");
  EXPECT_EQ(one({.first = 1}, kCorrupt), "m: tensor a: expected 6 numbers from 1 on within 6");
  EXPECT_EQ(one({.count = 7}, kCorrupt),
            "m: tensor a: expected a record of 7 numbers, found 24 bytes");
  EXPECT_EQ(one({.key = "1"}, kCorrupt), "m: tensor a: expected a record of it, found none");
  EXPECT_NE(one({.key = "../0"}, kCorrupt), "");
  EXPECT_NE(one({.shape = {7}, .strides = {1}}, kCorrupt), "");
  EXPECT_NE(one({.shape = {6}, .strides = {1, 1}}, kCorrupt), "");
  EXPECT_NE(one({.first = 0xFFFFFFFF}, kCorrupt), "") << "a negative number";
  EXPECT_NE(one({.shape = std::vector<std::uint64_t>(17, 1),
                 .strides = std::vector<std::uint64_t>(17, 1)},
                kCorrupt),
            "");
  EXPECT_NE(one({.shape = {0x7FFFFFFF, 0x7FFFFFFF, 0x7FFFFFFF}, .strides = {1, 1, 1}}, kCorrupt),
            "");
}

TEST(TorchFile, RefusesOtherFormatsByName) {
  const auto kUnsupported = ErrorKind::kUnsupported;
  const std::string old("\x80\x02\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19.", 15);
  EXPECT_EQ(message_of(old, kUnsupported),
            "m: expected a zip archive, found the format of PyTorch before 1.6: load it there and "
            "save it again");
  const std::string pickle = pickle_of(unicode("a") + tensor());
  EXPECT_EQ(
      message_of(zip_of({{"m/data.pkl", pickle}, {"m/byteorder", "big"}, {"m/data/0", kNumbers}}),
                 kUnsupported),
      "m: byteorder: expected little, found another");
  EXPECT_NE(message_of(torch_file_of(pickle, kNumbers, {.method = 8}), kUnsupported), "");
  EXPECT_NE(message_of(torch_file_of(pickle, kNumbers, {.flags = 1}), kUnsupported), "");
  EXPECT_NE(message_of(zip_of({{"m/data/0", kNumbers}}), ErrorKind::kCorrupt), "");
  EXPECT_NE(message_of(zip_of({}), ErrorKind::kCorrupt), "");
}

TEST(TorchFile, RefusesEveryTruncation) {
  for (const bool zip64 : {false, true}) {
    const std::string whole =
        torch_file_of(pickle_of(unicode("a") + tensor()), kNumbers, {.zip64 = zip64});
    ASSERT_NO_THROW(parse_torch_file(bytes_of(whole), "m"));
    for (std::size_t size = 0; size < whole.size(); ++size) {
      EXPECT_THROW(parse_torch_file(bytes_of(whole).first(size), "m"), Error) << size;
    }
    EXPECT_THROW(parse_torch_file(bytes_of(whole + '\0'), "m"), Error);
  }
}

}  // namespace
}  // namespace enlace
