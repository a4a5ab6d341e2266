// Any bytes are a file of finite vectors, .npy or FAISS, whose rows can be read, or throw Error.
#include <vector>

#include "base/error.h"
#include "index/vector_source.h"
#include "input_file.h"
#include "io/npy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enlace;
  const auto path = testing_fuzz::input_file("input", testing_fuzz::text_of(data, size));
  try {
    const VectorSource source = VectorSource::open(path);
    std::vector<float> row(source.rows() > 0 ? source.columns() : 0);  // of no rows it may be any
    for (std::size_t i = 0; i < source.rows(); ++i) source.read(i, 1, row);
  } catch (const Error&) {
  }
  try {
    const NpyMatrix matrix = read_npy(path);
    if (matrix.values.size() != matrix.rows * matrix.columns) __builtin_trap();
  } catch (const Error&) {
  }
  return 0;
}
