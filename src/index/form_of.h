// The forms of numbered things, such as the match keys of a knowledge base's texts.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace enlace {

/// Replaces `form` by the form of a number, well-formed UTF-8; empty if it has none, and then it is
/// in no index. Called from several threads, and always with the same result.
class FormOf {
 public:
  /// What is asked of memory some time before a form: first where it is made from, then that.
  enum Step { kWhere, kWhat };

  template <std::invocable<std::uint32_t, std::string&> Make>
  FormOf(Make make) : make_(std::move(make)) {}  // NOLINT(google-explicit-constructor)
  template <class Make, class Ask>
  FormOf(Make make, Ask ask) : make_(std::move(make)), ask_(std::move(ask)) {}

  void operator()(std::uint32_t id, std::string& form) const { make_(id, form); }

  /// Advice, without effect on any form.
  void ask(std::uint32_t id, Step step) const {
    if (ask_) ask_(id, step);
  }

 private:
  std::function<void(std::uint32_t id, std::string& form)> make_;
  std::function<void(std::uint32_t id, Step step)> ask_;
};

}  // namespace enlace
