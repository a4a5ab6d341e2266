#include "index/vector_source.h"

#include <limits>

#include <gtest/gtest.h>

#include "io/matrix_writer.h"
#include "vectors.h"

namespace enlace {
namespace {

/// A .npy file with this header text and as many zeros as `bytes`.
std::filesystem::path npy(std::string_view header, std::size_t bytes, int major = 1) {
  const auto path = fresh_path("npy");
  std::string content = fmt::format("\x93NUMPY{}{}", char(major), '\0');
  const auto size = static_cast<std::uint32_t>(header.size());
  content.append(reinterpret_cast<const char*>(&size), major == 1 ? 2 : 4);
  content += header;
  content.append(bytes, '\0');
  put_bytes(path, content);
  return path;
}

std::vector<float> all_of(const VectorSource& source) {
  std::vector<float> values(source.rows() * source.columns());
  source.read(0, source.rows(), values);
  return values;
}

ErrorKind refusal(const std::filesystem::path& path) {
  return error_of([&] { VectorSource::open(path); });
}

TEST(VectorSource, ReadsWhatOurWriterWrites) {
  const auto vectors = random_vectors(9, 5, 1);
  const auto path = fresh_path("npy");
  MatrixWriter writer(path, MatrixFormat::kNpy, 5);
  writer.append(vectors.values);
  writer.finish();
  const auto source = VectorSource::open(path);
  EXPECT_EQ(source.rows(), 9U);
  EXPECT_EQ(source.columns(), 5U);
  EXPECT_EQ(all_of(source), vectors.values);
  std::vector<float> middle(10);
  source.read(3, 2, middle);
  EXPECT_TRUE(std::equal(middle.begin(), middle.end(), vectors.values.begin() + 15));
}

TEST(VectorSource, ReadsHeadersAsOthersWriteThem) {
  EXPECT_EQ(VectorSource::open(npy("{'shape': (3, 2), 'fortran_order': False, 'descr': '<f4'}", 24))
                .rows(),
            3U);
  EXPECT_EQ(
      VectorSource::open(npy("{\"descr\":\"<f4\",\"fortran_order\":False,\"shape\":(0,2,)}\n", 0))
          .columns(),
      2U);
  EXPECT_EQ(
      VectorSource::open(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1), }", 4, 2))
          .rows(),
      1U);
}

TEST(VectorSource, RefusesOtherTypesOrdersAndShapes) {
  for (const std::string_view type : {">f4", "<f8", "<f2", "|u1", "<i4", "|O", "<x9"}) {
    EXPECT_EQ(
        refusal(npy(fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': (1, 1)}}", type),
                    4)),
        ErrorKind::kUnsupported)
        << type;
  }
  EXPECT_EQ(refusal(npy("{'fortran_order': False, 'shape': (1, 1), 'descr': ", 4)),
            ErrorKind::kUnsupported);
  EXPECT_EQ(refusal(npy("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1)}", 4)),
            ErrorKind::kUnsupported);
  for (const std::string_view shape : {"()", "(4,)", "(1, 2, 2)"}) {
    EXPECT_EQ(
        refusal(
            npy(fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': {}}}", shape), 16)),
        ErrorKind::kUnsupported)
        << shape;
  }
  EXPECT_EQ(refusal(npy("{}", 0, 4)), ErrorKind::kUnsupported);
}

TEST(VectorSource, RefusesRowsWithoutValues) {
  EXPECT_EQ(
      refusal(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000000, 0)}", 0)),
      ErrorKind::kCorrupt);
}

TEST(VectorSource, RefusesDamage) {
  for (const std::string_view header :
       {"", "{}", "{'descr'", "{'descr': '<f4', 'fortran_order': False}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': 3}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (a, 2)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 2)}"}) {
    EXPECT_EQ(refusal(npy(header, 8)), ErrorKind::kCorrupt) << header;
  }
  const std::string_view good = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2)}";
  EXPECT_EQ(refusal(npy(good, 23)), ErrorKind::kCorrupt);
  EXPECT_EQ(refusal(npy(good, 25)), ErrorKind::kCorrupt);
  EXPECT_EQ(refusal(npy("{'descr': '<f4', 'fortran_order': False, 'shape': "
                        "(4611686018427387904, 4)}",
                        0)),
            ErrorKind::kCorrupt);
  const std::string bytes = bytes_of(npy(good, 24));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto path = fresh_path("cut");
    put_bytes(path, bytes.substr(0, size));
    EXPECT_THROW(VectorSource::open(path), Error) << size;
  }
}

TEST(VectorSource, NamesTheRowThatIsNotFinite) {
  auto vectors = random_vectors(9, 5, 1);
  vectors.values[7 * 5 + 2] = std::numeric_limits<float>::infinity();
  const auto path = fresh_path("npy");
  MatrixWriter writer(path, MatrixFormat::kNpy, 5);
  writer.append(vectors.values);
  writer.finish();
  try {
    all_of(VectorSource::open(path));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kCorrupt);
    EXPECT_NE(std::string_view(error.what()).find("row 7:"), std::string_view::npos);
  }
}

TEST(VectorSource, ReadsAFaissFileAsItWasWritten) {
  const auto vectors = random_vectors(30, 7, 1);
  const auto index = FlatIndex::open(write_index(vectors));
  const auto path = fresh_path("faiss");
  write_faiss_flat(path, index);
  EXPECT_EQ(std::filesystem::file_size(path), 4U + 4 + 8 + 16 + 1 + 4 + 8 + 30 * 7 * 4);
  const auto source = VectorSource::open(path);
  EXPECT_EQ(source.rows(), 30U);
  EXPECT_EQ(all_of(source), vectors.values);

  const auto again = fresh_path("again");
  FlatIndexWriter writer(again, source.columns(), 9);
  append_all(source, writer);
  writer.finish();
  EXPECT_EQ(bytes_of(again), bytes_of(write_index(vectors)));
}

TEST(VectorSource, RefusesOtherFaissFiles) {
  const auto path = fresh_path("faiss");
  write_faiss_flat(path, FlatIndex::open(write_index(random_vectors(3, 7, 1))));
  const std::string good = bytes_of(path);
  const auto changed = [&](std::size_t at, std::string_view bytes) {
    std::string other = good;
    other.replace(at, bytes.size(), bytes);
    put_bytes(path, other);
    return refusal(path);
  };
  EXPECT_EQ(changed(0, "IxF2"), ErrorKind::kUnsupported);
  EXPECT_EQ(changed(0, "IwFl"), ErrorKind::kUnsupported);
  EXPECT_EQ(changed(33, "\x01"), ErrorKind::kUnsupported);  // the metric
  EXPECT_EQ(changed(4, "\xFF\xFF\xFF\xFF"), ErrorKind::kCorrupt);
  EXPECT_EQ(changed(4, "\x08"), ErrorKind::kCorrupt);
  EXPECT_EQ(changed(15, "\x7F"), ErrorKind::kCorrupt);
  EXPECT_EQ(changed(37, "\x16"), ErrorKind::kCorrupt);  // 22 values, not 21
  for (std::size_t size = 0; size < good.size(); ++size) {
    put_bytes(path, good.substr(0, size));
    EXPECT_THROW(VectorSource::open(path), Error) << size;
  }
}

}  // namespace
}  // namespace enlace
