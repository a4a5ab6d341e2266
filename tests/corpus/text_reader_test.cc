#include "corpus/text_reader.h"

#include <fstream>

#include <gtest/gtest.h>

#include "base/error.h"

namespace enlace {
namespace {

using Kind = TextPlace::Kind;

class TextReaderTest : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }

  std::vector<std::string> texts_of(const std::string& content, const TextPlace& place) const {
    std::ofstream(path_, std::ios::binary) << content;
    TextReader reader(path_, place);
    std::vector<std::string> texts;
    for (std::string text; reader.next(text);) texts.push_back(text);
    return texts;
  }

  /// The message, and the kind in front of it, that reading ends with.
  std::string fault_of(const std::string& content, const TextPlace& place) const {
    try {
      texts_of(content, place);
    } catch (const Error& error) {
      std::string message = error.what();
      EXPECT_EQ(message.rfind(path_.string(), 0), 0U) << message;
      message.erase(0, path_.string().size());
      return (error.kind() == ErrorKind::kInvalidArgument ? "call" : "file") + message;
    }
    return "none";
  }

  std::filesystem::path path_ = testing::TempDir() + "/texts-" +
                                testing::UnitTest::GetInstance()->current_test_info()->name();
};

using Texts = std::vector<std::string>;

TEST_F(TextReaderTest, GivesEveryLineEvenAnEmptyOne) {
  EXPECT_EQ(texts_of("tos\n\ndisnea\tx\r\nfin", {}), (Texts{"tos", "", "disnea\tx", "fin"}));
  EXPECT_EQ(texts_of("", {}), Texts{});
}

TEST_F(TextReaderTest, FindsAColumnByNumberWithoutAHeader) {
  EXPECT_EQ(texts_of("A\ttos\tes\nB\tcough\ten\n", {Kind::kColumn, "2"}), (Texts{"tos", "cough"}));
  EXPECT_EQ(texts_of("A\ttos\nB\t\n", {Kind::kColumn, "2"}), (Texts{"tos", ""}));
  EXPECT_EQ(texts_of("A\n", {Kind::kColumn, "1"}), Texts{"A"});
}

TEST_F(TextReaderTest, FindsAColumnByTheNameInTheFirstLine) {
  EXPECT_EQ(texts_of("code\tname\nA\ttos\nB\tcough\n", {Kind::kColumn, "name"}),
            (Texts{"tos", "cough"}));
}

TEST_F(TextReaderTest, FindsAMemberOfJsonObjectsAndPassesOverBlankLines) {
  EXPECT_EQ(texts_of("{\"text\":\"tos\\nseca\",\"id\":7}\n \n{\"text\":\"\"}\n\n",
                     {Kind::kMember, "text"}),
            (Texts{"tos\nseca", ""}));
}

TEST_F(TextReaderTest, TellsTheLineOfATextAsAnEditorCountsThem) {
  std::ofstream(path_) << "name\ntos\n";
  TextReader reader(path_, {Kind::kColumn, "name"});
  std::string text;
  ASSERT_TRUE(reader.next(text));
  EXPECT_EQ(reader.number(), 2U);
}

TEST_F(TextReaderTest, EndsAtALineThatHasNoText) {
  EXPECT_EQ(fault_of("tos\na\xFF\n", {}), "file:2:2: expected UTF-8, found another byte");
  EXPECT_EQ(fault_of("A\ttos\nB\n", {Kind::kColumn, "2"}),
            "file:2: expected at least 2 columns, found fewer");
  EXPECT_EQ(fault_of("{\"text\":\"a\"}\n{}\n", {Kind::kMember, "text"}),
            "file:2: expected a member \"text\", found none");
  EXPECT_EQ(fault_of("{\"text\":5}\n", {Kind::kMember, "text"}),
            "file:1: text: expected a string, found an integer");
  EXPECT_EQ(fault_of("[]\n", {Kind::kMember, "text"}),
            "file:1: value: expected an object, found an array");
  EXPECT_NE(fault_of("{\"text\":\"a\n", {Kind::kMember, "text"}), "none");
  EXPECT_NE(fault_of("{\"text\":\"\\udc00\"}\n", {Kind::kMember, "text"}), "none");
  EXPECT_NE(fault_of("{\"text\":\"\\ud800x\"}\n", {Kind::kMember, "text"}), "none");
}

TEST_F(TextReaderTest, RefusesAColumnThatIsNotThereOrThereTwice) {
  EXPECT_EQ(fault_of("code\tname\n", {Kind::kColumn, "text"}),
            "call:1: expected one column \"text\", found 0 in 2 columns");
  EXPECT_EQ(fault_of("name\tname\n", {Kind::kColumn, "name"}),
            "call:1: expected one column \"name\", found 2 in 2 columns");
  EXPECT_EQ(fault_of("", {Kind::kColumn, "name"}),
            "call:1: expected one column \"name\", found 0 in 0 columns");
  EXPECT_EQ(fault_of("a\n", {Kind::kColumn, "0"}), "call: expected a column from 1, found 0");
}

}  // namespace
}  // namespace enlace
