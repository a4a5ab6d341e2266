// Writing JSON: a small builder that cannot forget a comma or an escape.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace enlace {

/// Builds one JSON value. Calls nest as the value does:
///   JsonWriter json;
///   json.object().member("code", "R07.4").key("scores").array().number(0.9F).close().close();
///   json.text()  ->  {"code":"R07.4","scores":[0.9]}
/// Bytes of text that are not UTF-8 (a path may have some) become U+FFFD. `<`, U+2028 and U+2029
/// are escaped, so that the result may stand in a page.
class JsonWriter {
 public:
  JsonWriter& object();
  JsonWriter& array();
  JsonWriter& close();  // the innermost object or array

  JsonWriter& key(std::string_view name);
  JsonWriter& string(std::string_view value);
  JsonWriter& integer(std::uint64_t value);
  JsonWriter& signed_integer(std::int64_t value);
  /// The shortest decimal that reads back as the same value; null if not finite.
  JsonWriter& number(float value);
  JsonWriter& number(double value);
  JsonWriter& boolean(bool value);
  JsonWriter& null();

  JsonWriter& member(std::string_view name, std::string_view value) {
    return key(name).string(value);
  }
  JsonWriter& member(std::string_view name, const char* value) { return key(name).string(value); }
  JsonWriter& member(std::string_view name, std::uint64_t value) {
    return key(name).integer(value);
  }
  JsonWriter& member(std::string_view name, float value) { return key(name).number(value); }
  JsonWriter& member(std::string_view name, double value) { return key(name).number(value); }
  JsonWriter& member(std::string_view name, bool value) { return key(name).boolean(value); }

  const std::string& text() const noexcept { return text_; }
  void clear();  // keeps the memory

 private:
  void separate();  // the comma before a value or a key, where one is due
  void quote(std::string_view value);

  std::string text_;
  std::vector<char> closers_;  // of the objects and arrays that are open
  bool comma_due_ = false;
};

}  // namespace enlace
