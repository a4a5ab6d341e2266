#include "io/json.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "io/json_writer.h"
#include "io/publish.h"

namespace enlace {
namespace {

std::string message_of(std::string_view text) {
  try {
    JsonParser parser;
    const JsonElement root = parse_json(parser, text, "file:3");
    json_get<std::string_view>(root, "name", "file:3");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Json, NamesThePlaceAndNeverQuotesTheText) {
  EXPECT_EQ(message_of(R"({"name":7})"), "file:3: name: expected a string, found an integer");
  EXPECT_EQ(message_of(R"({"other":"x"})"), "file:3: expected a member \"name\", found none");
  for (const char* bad : {R"({"name":"Juan)", R"({"name":"Juan"} Juan)", R"(Juan)", "", "[1,]"}) {
    EXPECT_NE(message_of(bad), "");
    EXPECT_EQ(message_of(bad).find("Juan"), std::string::npos);
  }
}

TEST(Json, OfAFileIsThatOfItsText) {
  const auto path = std::filesystem::path(testing::TempDir()) / "file.json";
  JsonParser parser;
  const auto put = [&](std::string_view text) {
    publish_file(path, std::as_bytes(std::span(text)));
  };
  put(R"({"name":7})");
  EXPECT_EQ(json_get<std::int64_t>(parse_json(parser, MappedFile(path), "file"), "name", "file"),
            7);
  for (const char* bad : {"", "[1", R"({"a":1,"a":2})"}) {
    put(bad);
    EXPECT_THROW(parse_json(parser, MappedFile(path), "file"), Error) << bad;
  }
}

TEST(Json, RefusesDuplicateKeysBrokenUtf8AndBottomlessNesting) {
  EXPECT_NE(message_of(R"({"name":"a","name":"b"})"), "");
  EXPECT_NE(message_of("{\"name\":\"\xFF\"}"), "");
  EXPECT_NE(message_of(std::string(100'000, '[')), "");
}

TEST(Json, RefusesAnEmptyTextWithoutLookingAtIt) {
  EXPECT_EQ(message_of({}), "file:3: expected JSON, found nothing");  // a view of no memory
}

TEST(Json, TakesIntegersOfPythonForDoublesWhereTheyHaveNoRoom) {
  const std::string text =
      R"({"max":1000000000000000019884624838656,"min":-100000000000000000000,"id":18446744073709551615,)"
      R"("a\"1000000000000000000000":"\\","fine":0.10000000000000000000001,"list":[7,2e3]})";
  JsonParser parser;
  const JsonElement root = parse_python_json(parser, text, "x");
  EXPECT_EQ(json_get<double>(root, "max", "x"), 1e30);
  EXPECT_EQ(json_get<double>(root, "min", "x"), -1e20);
  EXPECT_EQ(json_get<double>(root, "fine", "x"), 0.1);
  EXPECT_EQ(json_get<std::string_view>(root, "a\"1000000000000000000000", "x"), "\\");
  EXPECT_EQ(json_get<std::int64_t>(parse_python_json(parser, R"({"a":-7})", "x"), "a", "x"), -7);
  EXPECT_THROW(parse_python_json(parser, R"({"a":1x})", "x"), Error);
  EXPECT_THROW(parse_python_json(parser, "", "x"), Error);
  EXPECT_THROW(parse_python_json(parser, std::string_view(), "x"), Error);
}

TEST(JsonWriter, IsUtf8WhateverItIsGiven) {
  JsonWriter json;
  json.string("a\xFF\xC3z\xC3\xB1\xE2\x80");
  EXPECT_EQ(json.text(), "\"a\\ufffd\\ufffdz\xC3\xB1\\ufffd\\ufffd\"");
}

TEST(JsonWriter, WritesWhatTheReaderReads) {
  JsonWriter json;
  json.object().member("name", "a\"\\\n\t<\x01ñ\u2028").key("list").array();
  json.number(0.1F).integer(7).boolean(true).null().close().close();
  EXPECT_EQ(json.text(), R"({"name":"a\"\\\n\t\u003c\u0001ñ\u2028","list":[0.1,7,true,null]})");
  JsonParser parser;
  EXPECT_EQ(json_get<std::string_view>(parse_json(parser, json.text(), "x"), "name", "x"),
            "a\"\\\n\t<\x01ñ\u2028");
}

}  // namespace
}  // namespace enlace
