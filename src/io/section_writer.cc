#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>

#include "io/crc32c.h"
#include "io/descriptor.h"
#include "io/section_file.h"
#include "io/section_format.h"
#include "io/write_all.h"

namespace enlace {

using namespace section_format;  // NOLINT(google-build-using-namespace): the bytes of this file

class SectionWriter::Impl {
 public:
  Impl(const std::filesystem::path& path, std::string_view kind, std::uint64_t made_from)
      : path_(path), file_(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666)) {
    if (file_.value < 0) throw os_error(path);
    (void)::flock(file_.value, LOCK_EX | LOCK_NB);  // staging_beside() sweeps what has no lock
    assert(kind.size() <= header_.kind.size());
    std::memcpy(header_.magic.data(), kMagic.data(), kMagic.size());
    std::memcpy(header_.kind.data(), kind.data(), kind.size());
    header_.major = kMajor;
    header_.minor = kMinor;
    header_.made_from = made_from;
    buffer_.assign(kPayload, std::byte{0});  // the place of header and table
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (!finished_) ::unlink(path_.c_str());
  }

  void begin(std::string_view name, std::uint32_t item, SectionRole role) {
    end_section();
    open_section(name, item, role);
  }

  void open_section(std::string_view name, std::uint32_t item, SectionRole role) {
    assert(header_.sections < kMaxSections);
    Entry& entry = entries_[header_.sections++];
    assert(name.size() <= entry.name.size());
    std::memcpy(entry.name.data(), name.data(), name.size());
    entry.offset = written_ + buffer_.size();
    entry.item = item;
    entry.role = std::uint32_t(role);
    has_pages_ |= role == SectionRole::kPaged;
  }

  void append(std::span<const std::byte> bytes) {
    Entry& entry = entries_[header_.sections - 1];
    entry.size += bytes.size();
    put(bytes, entry);
  }

  std::uint64_t flush_section() {
    flush();
    return entries_[header_.sections - 1].offset;
  }

  std::uint64_t finish() {
    end_section();
    if (has_pages_) write_pages();
    flush();
    header_.size = written_;
    const auto table = std::as_bytes(std::span(entries_).first(header_.sections));
    header_.table_crc = crc32c(table);
    const auto header = std::as_bytes(std::span(&header_, 1));
    header_.header_crc = crc32c(header.first(offsetof(Header, header_crc)));
    if (::lseek(file_.value, 0, SEEK_SET) != 0) throw os_error(path_);
    write_all(file_.value, header, path_);
    write_all(file_.value, table, path_);
    if (::fsync(file_.value) != 0) throw os_error(path_);
    finished_ = true;
    return std::uint64_t(header_.header_crc) << 32 | header_.table_crc;
  }

 private:
  static constexpr std::size_t kBufferBytes = 1 << 20;

  void put(std::span<const std::byte> bytes, Entry& entry) {
    entry.crc = crc32c(bytes, entry.crc);
    add_to_pages(bytes);
    if (buffer_.size() + bytes.size() > kBufferBytes) flush();
    if (bytes.size() >= kBufferBytes) {
      write(bytes);
    } else {
      buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
    }
  }

  void add_to_pages(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const auto part =
          bytes.first(std::min(bytes.size(), PageProofs::kPageBytes - open_page_bytes_));
      open_page_crc_ = crc32c(part, open_page_crc_);
      open_page_bytes_ += part.size();
      if (open_page_bytes_ == PageProofs::kPageBytes) end_page();
      bytes = bytes.subspan(part.size());
    }
  }

  void end_page() {
    page_crcs_.push_back(open_page_crc_);
    open_page_crc_ = 0;
    open_page_bytes_ = 0;
  }

  void write_pages() {
    if (open_page_bytes_ > 0) end_page();
    const auto crcs = page_crcs_;  // append() adds to the original
    open_section(kPages, sizeof(std::uint32_t), SectionRole::kStructure);
    append(std::as_bytes(std::span(crcs)));
    end_section();
  }

  void end_section() {
    if (header_.sections == 0) return;
    static constexpr std::array<std::byte, kAlignment> kZeros{};
    Entry& entry = entries_[header_.sections - 1];
    put(std::span(kZeros).first(std::size_t(round_up(entry.size) - entry.size)), entry);
  }

  void flush() {
    write(buffer_);
    buffer_.clear();
  }

  /// The disk begins with what is written at once, so that the sync at the end has little to wait
  /// for.
  void write(std::span<const std::byte> bytes) {
    write_all(file_.value, bytes, path_);
    ::sync_file_range(file_.value, off_t(written_), off_t(bytes.size()), SYNC_FILE_RANGE_WRITE);
    written_ += bytes.size();
  }

  std::filesystem::path path_;
  Descriptor file_;
  Header header_{};
  std::array<Entry, kMaxSections> entries_{};
  std::vector<std::byte> buffer_;
  std::uint64_t written_ = 0;
  std::vector<std::uint32_t> page_crcs_;  // of whole pages behind the header
  std::uint32_t open_page_crc_ = 0;
  std::size_t open_page_bytes_ = 0;
  bool has_pages_ = false;
  bool finished_ = false;
};

SectionWriter::SectionWriter(const std::filesystem::path& path, std::string_view kind,
                             std::uint64_t made_from)
    : impl_(std::make_unique<Impl>(path, kind, made_from)) {}
SectionWriter::~SectionWriter() = default;

void SectionWriter::begin(std::string_view name, std::uint32_t item, SectionRole role) {
  impl_->begin(name, item, role);
}
void SectionWriter::append(std::span<const std::byte> bytes) {
  impl_->append(bytes);
}
std::uint64_t SectionWriter::flush() {
  return impl_->flush_section();
}
std::uint64_t SectionWriter::finish() {
  return impl_->finish();
}

}  // namespace enlace
