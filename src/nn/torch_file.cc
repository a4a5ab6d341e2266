#include "nn/torch_file.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>

#include "base/error.h"
#include "io/zip_archive.h"
#include "nn/tensor_pickle.h"

namespace enlace {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::size_t kMaxPickle = 4U << 20;

/// The records of an archive, without the folder that all of them are in.
class Records {
 public:
  Records(Bytes file, std::string_view where) : entries_(parse_zip_archive(file, where)) {
    if (entries_.empty()) return;
    const std::string_view first = entries_.front().name;
    folder_ = first.substr(0, first.find('/') + 1);  // empty if there is no '/'
  }

  std::optional<Bytes> find(std::string_view name) const {
    const std::string full = std::string(folder_).append(name);
    const auto at =
        std::lower_bound(entries_.begin(), entries_.end(), full,
                         [](const ZipEntry& e, const std::string& n) { return e.name < n; });
    if (at == entries_.end() || at->name != full) return std::nullopt;
    return at->bytes;
  }

 private:
  std::vector<ZipEntry> entries_;
  std::string_view folder_;
};

/// The format before 1.6 begins with a pickle of this number, as a LONG1 of ten bytes.
void refuse_old_format(Bytes file, std::string_view where) {
  constexpr unsigned char kMagic[] = {0x80, 2,    0x8A, 0x0A, 0x6C, 0xFC, 0x9C,
                                      0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19};
  if (file.size() >= sizeof kMagic && std::memcmp(file.data(), kMagic, sizeof kMagic) == 0) {
    throw Error(ErrorKind::kUnsupported,
                "{}: expected a zip archive, found the format of PyTorch before 1.6: load it there "
                "and save it again",
                where);
  }
}

bool is_contiguous(const PickledTensor& tensor, std::size_t count) noexcept {
  if (count <= 1) return true;
  std::size_t stride = 1;
  for (std::size_t i = tensor.shape.size(); i-- > 0;) {
    if (tensor.shape[i] != 1 && tensor.strides[i] != stride) return false;
    stride *= tensor.shape[i];
  }
  return true;
}

Tensor place(const PickledTensor& pickled, const Records& records, std::string_view where) {
  const std::string context = fmt::format("{}: tensor {}", where, pickled.name);
  const PickledStorage& storage = pickled.storage;
  const auto bytes = records.find(std::string("data/").append(storage.key));
  if (!bytes) throw Error(ErrorKind::kCorrupt, "{}: expected a record of it, found none", context);
  if (bytes->size() / storage.width != storage.count || bytes->size() % storage.width != 0) {
    throw Error(ErrorKind::kCorrupt, "{}: expected a record of {} numbers, found {} bytes", context,
                storage.count, bytes->size());
  }
  const std::size_t size = bytes_of_shape(pickled.shape, 8 * storage.width, context);
  const std::size_t count = size / storage.width;
  if (pickled.first > storage.count || count > storage.count - pickled.first) {
    throw Error(ErrorKind::kCorrupt, "{}: expected {} numbers from {} on within {}", context, count,
                pickled.first, storage.count);
  }
  if (!is_contiguous(pickled, count)) {
    throw Error(ErrorKind::kUnsupported, "{}: expected a contiguous tensor, found other strides",
                context);
  }
  return {std::string(pickled.name), storage.type, pickled.shape,
          bytes->subspan(pickled.first * storage.width, size)};
}

}  // namespace

TensorFile parse_torch_file(Bytes file, std::string_view where) {
  refuse_old_format(file, where);
  const Records records(file, where);
  const auto pickle = records.find("data.pkl");
  if (!pickle || pickle->size() > kMaxPickle) {
    throw Error(ErrorKind::kCorrupt, "{}: expected a record data.pkl of at most {} bytes, found {}",
                where, kMaxPickle, pickle ? "a larger one" : "none");
  }
  if (const auto order = records.find("byteorder")) {
    const std::string_view word(reinterpret_cast<const char*>(order->data()), order->size());
    if (word != "little") {
      throw Error(ErrorKind::kUnsupported, "{}: byteorder: expected little, found another", where);
    }
  }
  TensorFile result;
  const std::string pickle_name = fmt::format("{}: data.pkl", where);
  for (const PickledTensor& pickled : read_tensor_pickle(*pickle, pickle_name)) {
    result.tensors.push_back(place(pickled, records, where));
  }
  std::sort(result.tensors.begin(), result.tensors.end(),
            [](const Tensor& a, const Tensor& b) { return a.name < b.name; });
  return result;
}

}  // namespace enlace
