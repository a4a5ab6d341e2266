// Files of torch.save made by tests, byte by byte.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/zip_writer.h"

namespace enlace::testing_nn {

using testing_io::little;
using testing_io::zip_of;
using testing_io::ZipOptions;

// Pieces of a pickle.

inline std::string unicode(const std::string& text) {
  return "X" + little(text.size(), 4) + text;
}
inline std::string integer(std::uint64_t value) {
  return "J" + little(value, 4);
}
inline std::string global(const std::string& module, const std::string& name) {
  return "c" + module + "\n" + name + "\n";
}
inline std::string tuple(const std::string& items) {
  return "(" + items + "t";
}
inline std::string ordered_dict() {
  return global("collections", "OrderedDict") + ")R";
}
inline std::string persistent(const std::string& type, const std::string& key,
                              std::uint64_t count) {
  return tuple(unicode("storage") + global("torch", type) + unicode(key) + unicode("cpu") +
               integer(count)) +
         "Q";
}
inline std::string integers(const std::vector<std::uint64_t>& values) {
  std::string items;
  for (const std::uint64_t value : values) items += integer(value);
  return tuple(items);
}

struct TensorPickle {
  std::string type = "FloatStorage";
  std::string key = "0";
  std::uint64_t count = 6;  // of the storage
  std::uint64_t first = 0;
  std::vector<std::uint64_t> shape = {2, 3};
  std::vector<std::uint64_t> strides = {3, 1};
};
inline std::string tensor(const TensorPickle& t = {}) {
  return global("torch._utils", "_rebuild_tensor_v2") +
         tuple(persistent(t.type, t.key, t.count) + integer(t.first) + integers(t.shape) +
               integers(t.strides) + "\x89" + ordered_dict()) +
         "R";
}

/// A program that leaves a dictionary with these keys and values.
inline std::string pickle_of(const std::string& items) {
  return "\x80\x02" + ordered_dict() + "(" + items + "u.";
}

/// A file with that program and one storage "0" of those bytes.
inline std::string torch_file_of(const std::string& pickle, const std::string& numbers,
                                 const ZipOptions& options = {}) {
  return zip_of({{"any/data.pkl", pickle},
                 {"any/byteorder", "little"},
                 {"any/data/0", numbers},
                 {"any/version", "3\n"}},
                options);
}

}  // namespace enlace::testing_nn
