#include "text/prune_tokenizer.h"

#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "base/utf8.h"
#include "io/json_copy.h"
#include "text/component_json.h"
#include "text/load_tokenizer.h"
#include "text/tokenizer_json.h"
#include "text/vocabulary.h"

namespace enlace {
namespace {

namespace dom = simdjson::dom;

constexpr std::string_view kWordMark = "\u2581";  // of SentencePiece

/// The model of a tokenizer.json, as far as choosing among its entries needs it.
struct Vocabulary {
  std::string_view kind;                  // as Tokenizer::kind has it
  std::vector<std::string_view> entries;  // by id
  std::vector<double> scores;             // Unigram: by id
  std::vector<BpeMerge> merges;           // BPE: in their order
  std::vector<std::string_view> marks;    // what may stand around a single character
};

void read_unigram(JsonElement model, std::string_view where, Vocabulary& vocabulary) {
  for (const JsonElement entry : json_get<dom::array>(model, "vocab", where)) {
    const auto pair = json_as<dom::array>(entry, "vocab entry", where);
    vocabulary.entries.push_back(json_as<std::string_view>(pair.at(0), "vocab entry", where));
    vocabulary.scores.push_back(json_as<double>(pair.at(1), "vocab score", where));
  }
  vocabulary.marks = {kWordMark};
}

void read_merges(JsonElement model, std::string_view where, Vocabulary& vocabulary) {
  const Trie ids = Trie::of_places(vocabulary.entries);
  const auto continuation =
      json_get_or<std::string_view>(model, "continuing_subword_prefix", "", where);
  for (const JsonElement element : json_get<dom::array>(model, "merges", where)) {
    const auto [left, right] = read_merge(element, vocabulary.merges.size() + 1, where);
    vocabulary.merges.push_back(
        find_merge(ids, left, right, continuation, where, vocabulary.merges.size() + 1));
  }
}

Vocabulary read_vocabulary(JsonElement model, std::string_view kind, std::string_view where) {
  Vocabulary vocabulary;
  vocabulary.kind = kind;
  if (kind == "Unigram") {
    read_unigram(model, where, vocabulary);
    return vocabulary;
  }
  vocabulary.entries = entries_by_id(json_get<dom::object>(model, "vocab", where), where);
  const bool word_piece = kind == "WordPiece";
  vocabulary.marks = {json_get_or<std::string_view>(model, "continuing_subword_prefix",
                                                    word_piece ? "##" : "", where),
                      json_get_or<std::string_view>(model, "end_of_word_suffix", "", where)};
  if (!word_piece) {
    vocabulary.marks.push_back(kWordMark);
    read_merges(model, where, vocabulary);
  }
  return vocabulary;
}

/// `entry` without the marks around it; one that is only a mark is empty.
std::string_view bare(std::string_view entry, const Vocabulary& vocabulary) {
  for (const std::string_view mark : vocabulary.marks) {
    if (entry.starts_with(mark)) {
      entry.remove_prefix(mark.size());
    } else if (entry.ends_with(mark)) {
      entry.remove_suffix(mark.size());
    }
  }
  return entry;
}

/// Whether every character of `text` is of `scripts` or common.
bool is_of(std::string_view text, const ScriptSet& scripts) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode_utf8(text, at);
    const Script script = script_of(c.value);
    if (script != Script::kCommon && !scripts.test(std::size_t(script))) return false;
    at += c.size;
  }
  return true;
}

/// "<0x0A>".
bool is_byte_entry(std::string_view entry) {
  return entry.size() == 6 && entry.starts_with("<0x") && entry.back() == '>';
}

/// Whether `element` is an id that a post-processor names, as in {"ids": [0]}, {"cls": ["<s>", 0]}
/// and {"sep": ["</s>", 2]}.
bool is_named_id(std::string_view path, JsonElement element) {
  return (path.ends_with("/ids/") || path.ends_with("/cls/") || path.ends_with("/sep/")) &&
         element.is_int64();
}

/// Decides entry by entry.
class Choice {
 public:
  Choice(const Vocabulary& vocabulary, const VocabularyCut& cut)
      : vocabulary_(vocabulary), cut_(cut), keep_(vocabulary.entries.size(), false) {}

  bool stays(std::int32_t id) const { return keep_[std::size_t(id)]; }
  bool stays(const BpeMerge& merge) const {
    return stays(merge.left) && stays(merge.right) && stays(merge.merged);
  }

  /// Nothing if there is no such entry.
  void keep(std::int64_t id) {
    if (id >= 0 && std::size_t(id) < keep_.size()) keep_[std::size_t(id)] = true;
  }

  void keep_what_is_used() {
    for (std::size_t id = 0; id < keep_.size(); ++id) {
      const std::uint64_t uses = cut_.uses[id];
      if (uses > 0 && uses >= cut_.min_count) keep_[id] = true;
    }
    for (const std::int32_t id : cut_.ids) keep(id);
    for (std::int32_t id = 0; id < cut_.first_ids; ++id) keep(id);
  }

  void keep_the_alphabet() {
    const bool any_script = vocabulary_.kind == "BPE";  // its characters may stand for bytes
    for (std::size_t id = 0; id < keep_.size(); ++id) {
      const std::string_view entry = vocabulary_.entries[id];
      const std::string_view character = bare(entry, vocabulary_);
      const bool single = count_code_points(character) <= 1 || count_code_points(entry) == 1;
      const bool wanted = any_script || is_of(character, cut_.scripts);
      if ((single && wanted) || is_byte_entry(entry)) keep_[id] = true;
    }
  }

  void keep_a_least_score() {
    const auto& scores = vocabulary_.scores;
    if (!scores.empty()) keep(std::min_element(scores.begin(), scores.end()) - scores.begin());
  }

  /// `count` tokens stay whatever the choice.
  void fill_up(std::size_t count) {
    std::vector<std::size_t> order(keep_.size());
    std::iota(order.begin(), order.end(), 0);
    if (const auto& scores = vocabulary_.scores; !scores.empty()) {
      std::stable_sort(order.begin(), order.end(),
                       [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
    }
    count += std::size_t(std::count(keep_.begin(), keep_.end(), true));
    for (const std::size_t id : order) {
      if (count >= cut_.at_least) return;
      if (keep_[id] || !is_of(bare(vocabulary_.entries[id], vocabulary_), cut_.scripts)) continue;
      keep_[id] = true;
      ++count;
    }
  }

  /// The parts of every merge that makes an entry which stays, and their parts.
  void close_merges() {
    std::vector<std::vector<std::size_t>> makers(keep_.size());
    for (std::size_t i = 0; i < vocabulary_.merges.size(); ++i) {
      makers[std::size_t(vocabulary_.merges[i].merged)].push_back(i);
    }
    std::vector<std::size_t> open;  // entries that stay, whose merges are still to be followed
    for (std::size_t id = 0; id < keep_.size(); ++id) {
      if (keep_[id]) open.push_back(id);
    }
    while (!open.empty()) {
      const std::size_t id = open.back();
      open.pop_back();
      for (const std::size_t i : makers[id]) {
        const BpeMerge& merge = vocabulary_.merges[i];
        for (const std::int32_t part : {merge.left, merge.right}) {
          if (stays(part)) continue;
          keep(part);
          open.push_back(std::size_t(part));
        }
      }
    }
  }

 private:
  const Vocabulary& vocabulary_;
  const VocabularyCut& cut_;
  std::vector<bool> keep_;
};

/// Adds what the file itself names.
void keep_what_is_named(JsonElement root, const Tokenizer& tokenizer, std::string_view where,
                        Choice& choice) {
  if (const auto tokens = json_member(root, "added_tokens", where)) {
    for (const JsonElement token : json_as<dom::array>(*tokens, "added_tokens", where)) {
      choice.keep(json_get<std::int64_t>(token, "id", where));
    }
  }
  const JsonElement model = object_at(root, "model", where);
  choice.keep(json_get_or<std::int64_t>(model, "unk_id", -1, where));
  const bool word_piece = tokenizer.kind() == "WordPiece";
  choice.keep(tokenizer.find(
      json_get_or<std::string_view>(model, "unk_token", word_piece ? "[UNK]" : "", where)));
  if (const auto post_processor = json_member(root, "post_processor", where)) {
    JsonWriter unread;
    const JsonEdit note = [&](std::string_view path, JsonElement element, JsonWriter&) {
      if (is_named_id(path, element)) choice.keep(std::int64_t(element));
      return false;
    };
    edit_json(*post_processor, note, unread);
  }
}

/// The old ids by the new ones: of the entries that stay, then of the tokens added behind them.
std::vector<std::int32_t> kept_ids(std::size_t entries, std::size_t all, const Choice& choice) {
  std::vector<std::int32_t> kept;
  for (std::size_t id = 0; id < all; ++id) {
    if (id >= entries || choice.stays(std::int32_t(id))) kept.push_back(std::int32_t(id));
  }
  return kept;
}

void write_unigram_entries(JsonElement vocab, const Choice& choice, JsonWriter& json) {
  std::int32_t id = 0;
  json.array();
  for (const JsonElement entry : dom::array(vocab)) {
    if (choice.stays(id++)) copy_json(entry, json);
  }
  json.close();
}

void write_merges(JsonElement merges, const Vocabulary& vocabulary, const Choice& choice,
                  JsonWriter& json) {
  std::size_t number = 0;
  json.array();
  for (const JsonElement merge : dom::array(merges)) {
    if (choice.stays(vocabulary.merges[number++])) copy_json(merge, json);
  }
  json.close();
}

std::string write_pruned(JsonElement root, const Vocabulary& vocabulary, const Choice& choice,
                         std::span<const std::int32_t> kept) {
  const auto renumbered = [&](JsonElement id) {
    return std::uint64_t(std::lower_bound(kept.begin(), kept.end(), std::int64_t(id)) -
                         kept.begin());
  };
  const JsonEdit edit = [&](std::string_view path, JsonElement element, JsonWriter& json) {
    if (path == "/model/vocab" && element.is_array()) {
      write_unigram_entries(element, choice, json);
    } else if (path == "/model/vocab") {
      json.object();
      for (std::size_t id = 0; id < kept.size(); ++id) {
        const auto old = std::size_t(kept[id]);
        if (old < vocabulary.entries.size()) json.member(vocabulary.entries[old], id);
      }
      json.close();
    } else if (path == "/model/merges") {
      write_merges(element, vocabulary, choice, json);
    } else if (path == "/model/unk_id" || path == "/added_tokens//id" ||
               (path == "/padding/pad_id" && element.is_int64()) ||
               (path.starts_with("/post_processor") && is_named_id(path, element))) {
      json.integer(renumbered(element));
    } else {
      return false;
    }
    return true;
  };
  JsonWriter json;
  edit_json(root, edit, json);
  return json.text();
}

}  // namespace

PrunedTokenizer prune_tokenizer(std::string_view json, std::string_view where,
                                const VocabularyCut& cut) {
  const Tokenizer tokenizer = parse_tokenizer(json, where);
  JsonParser parser;
  const JsonElement root = parse_json(parser, json, where);
  const Vocabulary vocabulary =
      read_vocabulary(object_at(root, "model", where), tokenizer.kind(), where);
  if (cut.uses.size() < vocabulary.entries.size()) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected {} entries to choose among, found {}",
                where, cut.uses.size(), vocabulary.entries.size());
  }
  Choice choice(vocabulary, cut);
  choice.keep_what_is_used();
  keep_what_is_named(root, tokenizer, where, choice);
  choice.keep_the_alphabet();
  choice.keep_a_least_score();
  choice.fill_up(std::size_t(tokenizer.size()) - vocabulary.entries.size());
  choice.close_merges();
  PrunedTokenizer pruned;
  pruned.kept = kept_ids(vocabulary.entries.size(), std::size_t(tokenizer.size()), choice);
  pruned.json = write_pruned(root, vocabulary, choice, pruned.kept);
  return pruned;
}

}  // namespace enlace
