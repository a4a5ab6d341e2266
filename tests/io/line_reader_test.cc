#include "io/line_reader.h"

#include <filesystem>
#include <fstream>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include "base/error.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

fs::path written(const std::string& content) {
  const auto path =
      fs::path(testing::TempDir()) /
      (std::string("lines-") + testing::UnitTest::GetInstance()->current_test_info()->name());
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

std::string gzipped(const std::string& content) {
  const auto path =
      fs::path(testing::TempDir()) /
      (std::string("lines-gz-") + testing::UnitTest::GetInstance()->current_test_info()->name());
  gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, content.data(), unsigned(content.size()));
  gzclose(file);
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> lines_of(const fs::path& path) {
  LineReader reader(path);
  std::vector<std::string> lines;
  for (std::string_view line; reader.next(line);) lines.emplace_back(line);
  EXPECT_EQ(reader.number(), lines.size());
  return lines;
}

using Lines = std::vector<std::string>;

TEST(LineReader, EndsLinesAtLfAndCrlfAndSkipsTheByteOrderMark) {
  EXPECT_EQ(lines_of(written("\xEF\xBB\xBFuno\r\ndos\n\ntres")), (Lines{"uno", "dos", "", "tres"}));
  EXPECT_EQ(lines_of(written("")), Lines{});
  EXPECT_EQ(lines_of(written("\n")), Lines{""});
}

TEST(LineReader, GivesALineOfAPipeWhenItHasArrived) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const auto put = [&](std::string_view text) {
    ASSERT_EQ(::write(ends[1], text.data(), text.size()), ::ssize_t(text.size()));
  };
  int waits = 0;
  {
    LineReader reader("/dev/fd/" + std::to_string(ends[0]), [&] {
      // Without the next line the reader would wait for ever.
      if (++waits == 2) put("dos\ntr");
      if (waits == 3) put("es\n");
      if (waits == 4) ::close(ends[1]);
    });
    put("uno\n");
    Lines lines;
    std::vector<int> waited;
    for (std::string_view line; reader.next(line);) {
      lines.emplace_back(line);
      waited.push_back(waits);
      if (lines.size() == 1) ++waits;
    }
    EXPECT_EQ(lines, (Lines{"uno", "dos", "tres"}));
    EXPECT_EQ(waited, (std::vector<int>{0, 2, 3}));
  }
  ::close(ends[0]);
}

TEST(LineReader, UnpacksAPipeThatArrivesByteByByte) {
  const std::string packed = gzipped("uno\n") + gzipped("dos\n") + std::string(9, '\0');
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  std::size_t sent = 0;
  LineReader reader("/dev/fd/" + std::to_string(ends[0]), [&] {
    if (sent < packed.size()) {
      ASSERT_EQ(::write(ends[1], &packed[sent++], 1), 1);
    } else {
      ::close(ends[1]);
    }
  });
  Lines lines;
  for (std::string_view line; reader.next(line);) lines.emplace_back(line);
  EXPECT_EQ(lines, (Lines{"uno", "dos"}));
  ::close(ends[0]);
}

TEST(LineReader, GivesTheRestAsItStands) {
  const std::string text = "\xEF\xBB\xBFuno\r\n\ndos\r\n";
  EXPECT_EQ(LineReader(written(text)).rest(), text);
  EXPECT_EQ(LineReader(written("")).rest(), "");
  const std::string longer(1'000'000, 'x');
  LineReader reader(written(gzipped("uno\n" + longer)));
  std::string_view line;
  ASSERT_TRUE(reader.next(line));
  EXPECT_EQ(reader.rest(), longer);
  EXPECT_FALSE(reader.next(line));
}

TEST(LineReader, ReadsGzipWhateverItsName) {
  const std::string content = "uno\ndos\n";
  EXPECT_EQ(lines_of(written(gzipped(content))), (Lines{"uno", "dos"}));
}

TEST(LineReader, JoinsLinesLongerThanItsBuffer) {
  const std::string line(1'000'000, 'x');
  EXPECT_EQ(lines_of(written(line + "\n" + line)), (Lines{line, line}));
}

TEST(LineReader, RefusesALineWithoutEnd) {
  const std::string line(300'000, 'x');
  for (const char* end : {"", "\n"}) {
    const auto path = written("uno\n" + line + end);
    std::string_view found;
    LineReader enough(path, {}, line.size());
    EXPECT_TRUE(enough.next(found) && enough.next(found));
    EXPECT_EQ(found, line);
    LineReader reader(path, {}, line.size() - 1);
    EXPECT_TRUE(reader.next(found));
    try {
      reader.next(found);
      ADD_FAILURE() << "read it";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kCorrupt);
      EXPECT_EQ(error.what(), path.string() +
                                  ":2: expected a line of at most 299999 bytes, found "
                                  "a longer one");
    }
  }
}

TEST(LineReader, RefusesATruncatedGzip) {
  std::string content;
  for (int i = 0; i < 100'000; ++i) content += std::to_string(i * 7919) + '\n';
  const std::string whole = gzipped(content);
  for (const std::size_t size : {whole.size() - 1, whole.size() / 2, std::size_t(20)}) {
    try {
      lines_of(written(whole.substr(0, size)));
      ADD_FAILURE() << "read " << size << " of " << whole.size();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kCorrupt);
    }
  }
}

TEST(LineReader, RefusesOtherBytesBehindAGzip) {
  std::string second = gzipped("dos\n");
  second[0] = 0;  // once the beginning of a member
  for (const std::string& behind :
       {second, std::string("x"), std::string(70'000, '\0').append("x")}) {
    try {
      lines_of(written(gzipped("uno\n") + behind));
      ADD_FAILURE() << "read " << behind.size() << " bytes";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kCorrupt);
      EXPECT_NE(std::string(error.what()).find(":2: "), std::string::npos) << error.what();
    }
  }
}

TEST(LineReader, RefusesADamagedGzip) {
  std::string content;
  for (int i = 0; i < 10'000; ++i) content += std::to_string(i * 7919) + '\n';
  std::string bad = gzipped(content);
  bad[bad.size() / 2] = char(bad[bad.size() / 2] ^ 0x55);
  try {
    lines_of(written(bad));
    FAIL();
  } catch (const Error& error) {
    EXPECT_TRUE(
        std::string_view(error.what()).ends_with(": expected a whole gzip file, found damage"));
  }
}

TEST(LineReader, SaysThatAPathBelowAFileIsAbsent) {
  try {
    LineReader(written("uno") / "below");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kNotFound);
  }
}

TEST(LineReader, RefusesWhatIsNotAFile) {
  EXPECT_THROW(LineReader("/no/such"), Error);
  EXPECT_THROW(LineReader("/"), Error);
}

}  // namespace
}  // namespace enlace
