#include "io/json_copy.h"

#include <gtest/gtest.h>

namespace enlace {
namespace {

const std::string kText =
    R"({"a":[1,-2,0.1,1e-12,true,null,"x\"\\\n"],"b":{"a":[],"c":{}},"big":18446744073709551615})";

TEST(JsonCopy, IsTheSameValue) {
  JsonParser parser;
  JsonWriter json;
  copy_json(parse_json(parser, kText, "t"), json);
  EXPECT_EQ(json.text(), kText);
}

TEST(JsonCopy, HasWhatAnEditWritesInItsPlace) {
  JsonParser parser;
  JsonWriter json;
  std::vector<std::string> asked;
  const JsonEdit edit = [&](std::string_view path, JsonElement, JsonWriter& out) {
    asked.emplace_back(path);
    if (path != "/b/a" && path != "/a/") return false;
    out.integer(7);
    return true;
  };
  edit_json(parse_json(parser, R"({"a":[1,[2]],"b":{"a":{"c":1}},"c":3})", "t"), edit, json);
  EXPECT_EQ(json.text(), R"({"a":[7,7],"b":{"a":7},"c":3})");
  EXPECT_EQ(asked, (std::vector<std::string>{"", "/a", "/a/", "/a/", "/b", "/b/a", "/c"}));
}

TEST(JsonCopy, IsIndentedForPeople) {
  EXPECT_EQ(indented_json(R"({"a":[1,"x, {\"}:"],"b":{},"c":[]})"),
            "{\n  \"a\": [\n    1,\n    \"x, {\\\"}:\"\n  ],\n  \"b\": {},\n  \"c\": []\n}\n");
}

}  // namespace
}  // namespace enlace
