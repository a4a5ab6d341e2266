#include "io/line_reader.h"

#include <array>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <zlib.h>

#include "io/descriptor.h"

namespace enlace {
namespace {

constexpr std::size_t kBufferBytes = 1 << 18;
constexpr unsigned kZlibBytes = 1 << 16;  // at most half of ours: plain text is then not copied
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

int open_for_reading(const std::filesystem::path& path) {
  if (path == "-") return ::dup(STDIN_FILENO);
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) throw os_error(path);
  struct stat status {};
  if (::fstat(file, &status) != 0 || S_ISDIR(status.st_mode) || S_ISBLK(status.st_mode)) {
    ::close(file);
    throw Error(ErrorKind::kInvalidArgument, "{}: expected a file, found a folder or a device",
                path.string());
  }
  return file;
}

}  // namespace

class LineReader::Impl {
 public:
  explicit Impl(const std::filesystem::path& path)
      : name_(path == "-" ? "<stdin>" : path.string()),
        file_(::gzdopen(open_for_reading(path), "rb")) {
    if (file_ == nullptr) throw Error(ErrorKind::kIo, "{}: cannot be read", name_);
    ::gzbuffer(file_, kZlibBytes);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { ::gzclose(file_); }

  bool next(std::string_view& line) {
    line_.clear();
    bool ended = false;      // by a line feed
    std::string_view whole;  // where the line lies in the buffer as one
    while (!ended && (begin_ < end_ || fill())) {
      const char* from = buffer_.data() + begin_;
      const void* feed = std::memchr(from, '\n', end_ - begin_);
      ended = feed != nullptr;
      const std::size_t taken =
          ended ? std::size_t(static_cast<const char*>(feed) - from) : end_ - begin_;
      if (ended && line_.empty()) {
        whole = {from, taken};
      } else {
        line_.append(from, taken);
      }
      begin_ += taken + (ended ? 1 : 0);
    }
    if (!ended && line_.empty()) return false;
    ++number_;
    line = line_.empty() ? whole : std::string_view(line_);
    if (number_ == 1 && line.starts_with(kByteOrderMark)) line.remove_prefix(3);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return true;
  }

  std::string rest() {
    std::string text;
    while (begin_ < end_ || fill()) {
      text.append(buffer_.data() + begin_, end_ - begin_);
      begin_ = end_;
    }
    return text;
  }

  std::size_t number() const noexcept { return number_; }
  const std::string& name() const noexcept { return name_; }

 private:
  bool fill() {
    const int got = ::gzread(file_, buffer_.data(), unsigned(buffer_.size()));
    int code = Z_OK;
    ::gzerror(file_, &code);
    if (got < 0 || code == Z_BUF_ERROR) {  // Z_BUF_ERROR: the gzip stream ends early
      if (code == Z_ERRNO) throw os_error(name_);
      throw Error(ErrorKind::kCorrupt, "{}:{}: expected a whole gzip file, found {}", name_,
                  number_ + 1, code == Z_BUF_ERROR ? "an early end" : "damage");
    }
    begin_ = 0;
    end_ = std::size_t(got);
    return got > 0;
  }

  std::string name_;
  gzFile file_;
  std::array<char, kBufferBytes> buffer_;
  std::size_t begin_ = 0, end_ = 0;  // the unread part of buffer_
  std::string line_;
  std::size_t number_ = 0;
};

LineReader::LineReader(const std::filesystem::path& path) : impl_(std::make_unique<Impl>(path)) {}
LineReader::LineReader(LineReader&&) noexcept = default;
LineReader& LineReader::operator=(LineReader&&) noexcept = default;
LineReader::~LineReader() = default;

bool LineReader::next(std::string_view& line) {
  return impl_->next(line);
}
std::string LineReader::rest() {
  return impl_->rest();
}
std::size_t LineReader::number() const noexcept {
  return impl_->number();
}
const std::string& LineReader::name() const noexcept {
  return impl_->name();
}

}  // namespace enlace
