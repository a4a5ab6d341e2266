#include "io/line_reader.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <span>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <zlib.h>

#include "io/descriptor.h"

namespace enlace {
namespace {

constexpr std::size_t kBufferBytes = 1 << 18;
constexpr std::size_t kPackedBytes = 1 << 16;
constexpr std::string_view kGzip = "\x1F\x8B";
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

/// What is wrong with a gzip file.
struct Damage {
  const char* what;
};

/// The bytes of a file as they arrive: a read is never held up for more of them.
class File {
 public:
  File(const std::filesystem::path& path, WaitHook waiting)
      : path_(path), file_(open_for_reading(path)), waiting_(std::move(waiting)) {
    if (file_.value < 0) throw os_error(path);
  }

  /// 0 at the end. Throws Error(kIo).
  std::size_t read(std::span<char> to) {
    if (waiting_) wait();
    ::ssize_t got = 0;
    do {
      got = ::read(file_.value, to.data(), to.size());
    } while (got < 0 && errno == EINTR);
    if (got < 0) throw os_error(path_);
    return std::size_t(got);
  }

 private:
  /// Until there is something to read.
  void wait() {
    constexpr int kPatience = 200;  // milliseconds
    ::pollfd state{file_.value, POLLIN, 0};
    for (int patience = 0;; patience = kPatience) {
      const int ready = ::poll(&state, 1, patience);
      if (ready > 0 || (ready < 0 && errno != EINTR)) return;
      waiting_();
    }
  }

  std::filesystem::path path_;
  Descriptor file_;
  WaitHook waiting_;
};

/// The members of a gzip file (RFC 1952) one after the other. Zeros may follow the last, as tapes
/// have them.
class Gunzip {
 public:
  /// `first`: what of the file has been read, at most kPackedBytes.
  explicit Gunzip(std::string_view first) {
    std::memcpy(packed_.data(), first.data(), first.size());
    stream_.next_in = packed_.data();
    stream_.avail_in = unsigned(first.size());
    if (::inflateInit2(&stream_, 16 + MAX_WBITS) != Z_OK) {
      throw Error(ErrorKind::kInternal, "zlib: no memory");
    }
  }
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;
  ~Gunzip() { ::inflateEnd(&stream_); }

  /// 0 at the end. Throws Damage; Error(kIo).
  std::size_t read(File& file, std::span<char> to) {
    stream_.next_out = reinterpret_cast<unsigned char*>(to.data());
    stream_.avail_out = unsigned(to.size());
    while (stream_.avail_out == to.size() && !(between_ && !begin_member(file))) {
      if (stream_.avail_in == 0 && !load(file)) throw Damage{"an early end"};
      const int code = ::inflate(&stream_, Z_NO_FLUSH);
      if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) throw Damage{"damage"};
      between_ = code == Z_STREAM_END;
    }
    return to.size() - stream_.avail_out;
  }

 private:
  /// Whether there was more; adds it to what is left.
  bool load(File& file) {
    std::memmove(packed_.data(), stream_.next_in, stream_.avail_in);
    stream_.next_in = packed_.data();
    const std::size_t got = file.read({reinterpret_cast<char*>(packed_.data()) + stream_.avail_in,
                                       packed_.size() - stream_.avail_in});
    stream_.avail_in += unsigned(got);
    return got > 0;
  }

  /// Whether a further member begins.
  bool begin_member(File& file) {
    while (stream_.avail_in < kGzip.size() && load(file)) {
    }
    if (stream_.avail_in < kGzip.size() ||
        std::memcmp(stream_.next_in, kGzip.data(), kGzip.size()) != 0) {
      require_zeros(file);
      return false;
    }
    ::inflateReset(&stream_);
    between_ = false;
    return true;
  }

  /// Until the end of the file.
  void require_zeros(File& file) {
    do {
      const std::span<const unsigned char> rest(stream_.next_in, stream_.avail_in);
      if (std::ranges::any_of(rest, [](unsigned char byte) { return byte != 0; })) {
        throw Damage{"other bytes behind its end"};
      }
      stream_.avail_in = 0;
    } while (load(file));
  }

  ::z_stream stream_{};
  std::array<unsigned char, kPackedBytes> packed_;
  bool between_ = false;  // whether a member has ended and none begun
};

/// The bytes of a file, unpacked if it is gzip.
class Source {
 public:
  Source(const std::filesystem::path& path, WaitHook waiting) : file_(path, std::move(waiting)) {}

  /// 0 at the end. Throws Damage; Error(kIo). Requires room for kPackedBytes or more.
  std::size_t read(std::span<char> to) {
    if (gunzip_) return gunzip_->read(file_, to);
    if (begun_) return file_.read(to);
    begun_ = true;
    std::size_t got = file_.read(to.first(kPackedBytes));
    if (got == 1 && to[0] == kGzip[0]) got += file_.read(to.subspan(1, kPackedBytes - 1));
    const std::string_view first(to.data(), got);
    if (!first.starts_with(kGzip)) return got;
    gunzip_.emplace(first);
    return gunzip_->read(file_, to);
  }

 private:
  File file_;
  bool begun_ = false;
  std::optional<Gunzip> gunzip_;
};

}  // namespace

class LineReader::Impl {
 public:
  Impl(const std::filesystem::path& path, WaitHook waiting, std::size_t longest)
      : name_(path == "-" ? "<stdin>" : path.string()),
        source_(path, std::move(waiting)),
        longest_(longest) {}

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
      if (line_.size() + taken > longest_) {
        throw Error(ErrorKind::kCorrupt,
                    "{}:{}: expected a line of at most {} bytes, found a longer one", name_,
                    number_ + 1, longest_);
      }
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
    begin_ = 0;
    try {
      end_ = source_.read(buffer_);
    } catch (const Damage& damage) {
      throw Error(ErrorKind::kCorrupt, "{}:{}: expected a whole gzip file, found {}", name_,
                  number_ + 1, damage.what);
    }
    return end_ > 0;
  }

  std::string name_;
  Source source_;
  std::size_t longest_;
  std::array<char, kBufferBytes> buffer_;
  std::size_t begin_ = 0, end_ = 0;  // the unread part of buffer_
  std::string line_;
  std::size_t number_ = 0;
};

LineReader::LineReader(const std::filesystem::path& path, WaitHook waiting, std::size_t longest)
    : impl_(std::make_unique<Impl>(path, std::move(waiting), longest)) {}
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
