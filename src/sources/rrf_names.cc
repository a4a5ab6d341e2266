#include "sources/rrf_names.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <future>
#include <optional>
#include <span>
#include <tuple>
#include <utility>

#include "base/ascii.h"
#include "base/error.h"

namespace enlace::rrf {
namespace {

constexpr std::size_t kRowsPerReport = std::size_t{1} << 16;
constexpr std::size_t kRowsPerBatch = 8192;  // more than starting a thread costs

enum Column : std::size_t {
  kCui,
  kLat,
  kTs,
  kStt,
  kIsPref,
  kAui,
  kSab,
  kTty,
  kCode,
  kStr,
  kSrl,
  kSuppress
};

/// A vocabulary, with what the options and MRSAB make of it.
struct Source {
  std::string name;
  bool is_wanted = false;
  std::string declared_lat, declared_srl;  // empty if MRSAB does not say
};

/// Strings seen before, each with what was found out about it; few and mostly the same.
template <class Value>
class Remembered {
 public:
  template <class Make>
  const Value& get(std::string_view word, Make make) {
    if (last_ != nullptr && word == last_->first) return last_->second;
    auto found = values_.find(word);
    if (found == values_.end()) found = values_.emplace(std::string(word), make(word)).first;
    last_ = &*found;
    return last_->second;
  }

 private:
  using Map = std::unordered_map<std::string, Value, StringHash, std::equal_to<>>;
  Map values_;
  typename Map::value_type* last_ = nullptr;
};

struct TermType {
  std::string name;
  bool is_wanted;
};

/// A wanted name that waits for its concept to be complete. Offsets are in Batch::text.
struct Row {
  std::uint32_t owner;
  std::size_t code, text;
  std::uint32_t code_size, text_size;
  std::string_view language;
  const Source* source;
  const TermType* term_type;
  const std::string* licence;
  char suppress;
  bool is_preferred;
  bool is_refused = false;
};

/// An atom that waits for its place in the table of atoms to be fetched.
struct Waiting {
  std::uint32_t aui, owner, row;  // of a row that is wanted, or kNoRow
  std::size_t line;
  const std::string* file;
};
constexpr std::uint32_t kNoRow = ~std::uint32_t{0};

/// Names of complete concepts, for the draft.
struct Batch {
  std::string text;  // that the records point into
  std::vector<NameRecord> records;
};

/// Reads rows, and gives the draft the names of a batch while it reads the next.
class NameReader {
 public:
  NameReader(const Release& release, const Options& options, const Vocabularies& vocabularies,
             const std::vector<std::uint32_t>* wanted_cuis,
             const std::vector<TradeName>& trade_names, KbDraft& draft, SourceReport& report)
      : options_(options),
        vocabularies_(vocabularies),
        wanted_cuis_(wanted_cuis),
        trade_names_(trade_names),
        draft_(draft),
        report_(report),
        table_(release, "MRCONSO",
               {"CUI", "LAT", "TS", "STT", "ISPREF", "AUI", "SAB", "TTY", "CODE", "STR", "SRL",
                "SUPPRESS"},
               report) {
    atoms_.codes_of_source = options.codes_of_source;
  }

  Atoms read(const Progress& progress) {
    while (table_.next()) {
      if (table_.rows() % kRowsPerReport == 0) progress.tell("reading names", table_.rows());
      read_row();
    }
    end_group();
    flush();
    wait_for_draft();
    report_.add_names(added_);
    add_trade_names();
    auto& pairs = atoms_.codes_of_cui;
    std::sort(pairs.begin(), pairs.end());
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    return std::move(atoms_);
  }

 private:
  void read_row() {
    const auto cui = parse_cui(table_.field(kCui));
    const auto aui = parse_aui(table_.field(kAui));
    if (!cui) {
      return report_.refuse("bad CUI", "{}: expected C and seven digits", table_.place(kCui));
    }
    if (!aui) {
      return report_.refuse("bad AUI", "{}: expected A and at most nine digits",
                            table_.place(kAui));
    }
    atoms_.concepts.enter(*cui);
    const Source& source = source_of(table_.field(kSab));
    const std::string_view code = trimmed(table_.field(kCode));
    if (options_.codes_of_source && (!source.is_wanted || code.empty() || code == "NOCODE")) {
      return report_.leave_out(source.is_wanted ? "no code" : "source");
    }
    const std::uint32_t owner = options_.codes_of_source ? atoms_.codes.intern(code) : *cui;
    if (options_.codes_of_source) atoms_.codes_of_cui.emplace_back(*cui, owner);
    if (*cui != cui_) {
      end_group();
      cui_ = *cui;
    }
    atoms_.owners.prefetch(*aui);
    waiting_.push_back({*aui, owner, kNoRow, table_.line_number(), &table_.file()});
    const auto language = language_of(source);
    if (!language) return;
    const std::string_view text = trimmed(table_.field(kStr));
    if (text.empty()) {
      return report_.refuse("no name", "{}: expected a name, found none", table_.place(kStr));
    }
    keep_trade_name(*aui, *language, text);
    if (is_wanted(source)) keep(owner, source, *language, text, code);
  }

  const Source& source_of(std::string_view name) {
    return sources_.get(name, [this](std::string_view word) {
      const auto declared = [word](const auto& map) {
        const auto found = map.find(word);
        return found == map.end() ? std::string() : found->second;
      };
      return Source{std::string(word), options_.sources.takes(word),
                    declared(vocabularies_.languages), declared(vocabularies_.restrictions)};
    });
  }

  std::optional<std::string_view> language_of(const Source& source) {
    const std::string_view lat = table_.field(kLat);
    const auto& language = languages_.get(lat, [this](std::string_view word) {
      const auto tag = language_of_lat(word);
      const bool wanted = tag && (!options_.languages.limits() || options_.languages.takes(*tag));
      return std::pair(tag, wanted);
    });
    is_language_wanted_ = language.second;
    if (!language.first) {
      report_.refuse("unknown language", "{}: expected a language of UMLS, such as ENG or SPA",
                     table_.place(kLat));
      return std::nullopt;
    }
    if (!source.declared_lat.empty() && source.declared_lat != lat) {
      report_.refuse("undeclared language",
                     "{}: expected the language that MRSAB declares for the source, found another",
                     table_.place(kLat));
      return std::nullopt;
    }
    return language.first;
  }

  bool is_wanted(const Source& source) {
    const auto left_out = [this](std::string_view reason) {
      report_.leave_out(reason);
      return false;
    };
    if (!source.is_wanted) return left_out("source");
    if (!is_language_wanted_) return left_out("language");
    if (!options_.suppress.takes(table_.field(kSuppress))) return left_out("suppressed");
    term_type_ = &term_types_.get(table_.field(kTty), [this](std::string_view word) {
      return TermType{std::string(word), options_.term_types.takes(word)};
    });
    if (!term_type_->is_wanted) return left_out("term type");
    if (wanted_cuis_ != nullptr &&
        !std::binary_search(wanted_cuis_->begin(), wanted_cuis_->end(), cui_)) {
      return left_out("semantic type");
    }
    return true;
  }

  void keep(std::uint32_t owner, const Source& source, std::string_view language,
            std::string_view text, std::string_view code) {
    if (rows_.empty() || rows_.back().owner != owner) {
      const CuiText cui(cui_);
      code_at_ = batch_->text.size();
      batch_->text += options_.codes_of_source ? code : cui.view();
      code_size_ = std::uint32_t(batch_->text.size() - code_at_);
    }
    const std::string_view suppress = table_.field(kSuppress);
    const bool is_preferred =
        table_.field(kTs) == "P" && table_.field(kStt) == "PF" && table_.field(kIsPref) == "Y";
    waiting_.back().row = std::uint32_t(rows_.size());
    rows_.push_back({owner, code_at_, batch_->text.size(), code_size_, std::uint32_t(text.size()),
                     language, &source, term_type_, &licence_of(source),
                     suppress.empty() ? ' ' : suppress[0], is_preferred});
    batch_->text += text;
  }

  /// The licence level of the row, else of its vocabulary.
  const std::string& licence_of(const Source& source) {
    const std::string_view level = trimmed(table_.field(kSrl));
    return licences_.get(level.empty() ? std::string_view(source.declared_srl) : level,
                         [](std::string_view word) { return "UMLS-SRL" + std::string(word); });
  }

  /// The rows of a CUI have ended.
  void end_group() {
    if (ends_.empty() || ends_.back() < rows_.size()) ends_.push_back(rows_.size());
    if (waiting_.size() >= kRowsPerBatch) flush();
  }

  /// Chooses the preferred names of a CUI, one per code and language.
  void choose(std::size_t begin, std::size_t end) {
    order_.clear();
    for (std::size_t i = begin; i < end; ++i) {
      if (!rows_[i].is_refused) order_.push_back(std::uint32_t(i));
    }
    const auto key = [this](std::uint32_t i) {
      return std::tuple(rows_[i].owner, rows_[i].language, i);
    };
    std::sort(order_.begin(), order_.end(),
              [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
    for (std::size_t from = 0, to = 0; from < order_.size(); from = to) {
      const Row& first = rows_[order_[from]];
      while (to < order_.size() && rows_[order_[to]].owner == first.owner &&
             rows_[order_[to]].language == first.language) {
        ++to;
      }
      choose_preferred(std::span(order_).subspan(from, to - from));
    }
    for (const std::uint32_t i : order_) {
      if (seen_.size() <= rows_[i].owner) seen_.resize(rows_[i].owner + 1);
      seen_[rows_[i].owner] = true;
    }
  }

  /// Of rows of one code and language, in the order of the file.
  void choose_preferred(std::span<const std::uint32_t> rows) {
    bool is_chosen = false;
    for (const std::uint32_t i : rows) {
      if (rows_[i].is_preferred) rows_[i].is_preferred = !std::exchange(is_chosen, true);
    }
    const std::uint32_t owner = rows_[rows[0]].owner;
    if (is_chosen || (owner < seen_.size() && seen_[owner])) return;
    std::uint32_t best = rows[0];
    for (const std::uint32_t i : rows.subspan(1)) {
      if (rank(rows_[i]) > rank(rows_[best])) best = i;
    }
    rows_[best].is_preferred = true;
  }

  std::uint32_t rank(const Row& row) {
    if (vocabularies_.ranks.empty()) return 0;
    key_.assign(row.source->name).append(1, '|').append(row.term_type->name).append(1, '|');
    const auto found = vocabularies_.ranks.find(key_.append(1, row.suppress));
    return found == vocabularies_.ranks.end() ? 0 : found->second;
  }

  /// Gives the draft the rows of all CUIs that have ended.
  void flush() {
    for (const Waiting& atom : waiting_) {
      if (atoms_.owners.enter(atom.aui, atom.owner) == atom.owner) continue;
      if (atom.row != kNoRow) rows_[atom.row].is_refused = true;
      report_.refuse("atom of two concepts",
                     "{}:{}: expected an AUI of this concept, found one of another", *atom.file,
                     atom.line);
    }
    std::size_t begin = 0;
    for (const std::size_t end : ends_) choose(std::exchange(begin, end), end);
    const std::string_view text = batch_->text;
    for (const Row& row : rows_) {
      if (row.is_refused) continue;
      batch_->records.push_back(
          {text.substr(row.code, row.code_size), text.substr(row.text, row.text_size), row.language,
           row.source->name, row.is_preferred ? Scope::kPreferred : Scope::kExact,
           row.term_type->name, *row.licence});
    }
    wait_for_draft();
    adding_ = std::async(std::launch::async,
                         [this, full = batch_] { draft_.add(full->records, added_); });
    batch_ = batch_ == &batches_[0] ? &batches_[1] : &batches_[0];
    batch_->text.clear();
    batch_->records.clear();
    rows_.clear();
    waiting_.clear();
    ends_.clear();
  }

  /// Until the draft has the batch before. Throws what KbDraft::add throws.
  void wait_for_draft() {
    if (adding_.valid()) adding_.get();
  }

  struct FoundTradeName {
    std::uint32_t atom;
    std::string text, source, licence;
  };

  void keep_trade_name(std::uint32_t aui, std::string_view language, std::string_view text) {
    if (trade_names_.empty() || language != "en") return;
    const auto place =
        std::lower_bound(trade_names_.begin(), trade_names_.end(), TradeName{aui, 0});
    if (place == trade_names_.end() || place->atom != aui) return;
    const Source& source = source_of(table_.field(kSab));
    found_.push_back({aui, std::string(text), source.name, licence_of(source)});
  }

  void add_trade_names() {
    for (const FoundTradeName& found : found_) {
      auto place =
          std::lower_bound(trade_names_.begin(), trade_names_.end(), TradeName{found.atom, 0});
      for (; place != trade_names_.end() && place->atom == found.atom; ++place) {
        if (wanted_cuis_ != nullptr &&
            !std::binary_search(wanted_cuis_->begin(), wanted_cuis_->end(), place->named)) {
          continue;
        }
        const CuiText cui(place->named);
        draft_.add(NameRecord{cui.view(), found.text, "en", found.source, Scope::kRelated,
                              "TRADENAME", found.licence},
                   report_);
      }
    }
  }

  const Options& options_;
  const Vocabularies& vocabularies_;
  const std::vector<std::uint32_t>* wanted_cuis_;
  const std::vector<TradeName>& trade_names_;
  KbDraft& draft_;
  SourceReport& report_;
  Table table_;
  Atoms atoms_;
  Remembered<Source> sources_;
  Remembered<TermType> term_types_;
  Remembered<std::string> licences_;
  Remembered<std::pair<std::optional<std::string_view>, bool>> languages_;
  bool is_language_wanted_ = false;
  const TermType* term_type_ = nullptr;
  std::uint32_t cui_ = AtomTable::kNone;  // of the group
  std::vector<Row> rows_;                 // of CUIs that have ended, then of the present one
  std::vector<std::size_t> ends_;         // in rows_, of the former
  std::vector<Waiting> waiting_;
  std::vector<std::uint32_t> order_;  // scratch of choose()
  std::vector<bool> seen_;            // by owner: whether a group of its rows has ended
  std::size_t code_at_ = 0;           // in the text of the batch
  std::uint32_t code_size_ = 0;
  std::vector<FoundTradeName> found_;
  std::string key_;
  std::array<Batch, 2> batches_;  // one is filled, the other may be with the draft
  Batch* batch_ = &batches_[0];   // that is filled
  SourceReport added_;            // what the draft says of them
  std::future<void> adding_;      // the last member: it uses the others
};

}  // namespace

Vocabularies read_vocabularies(const Release& release, SourceReport& report) {
  Vocabularies all;
  Table sources(release, "MRSAB", {"RSAB", "LAT", "SRL", "CURVER"}, report);
  while (sources.next()) {
    if (sources.field(3) == "N") continue;
    const std::string name(sources.field(0));
    if (!sources.field(1).empty()) all.languages.emplace(name, sources.field(1));
    if (!sources.field(2).empty()) all.restrictions.emplace(name, sources.field(2));
  }
  Table ranks(release, "MRRANK", {"RANK", "SAB", "TTY", "SUPPRESS"}, report);
  while (ranks.next()) {
    std::uint32_t rank = 0;
    const auto digits = ranks.field(0);
    const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), rank);
    if (code != std::errc{} || end != digits.data() + digits.size()) {
      report.refuse("bad rank", "{}: expected a number, found something else", ranks.place(0));
      continue;
    }
    all.ranks.emplace(fmt::format("{}|{}|{}", ranks.field(1), ranks.field(2), ranks.field(3)),
                      rank);
  }
  return all;
}

Atoms read_names(const Release& release, const Options& options, const Vocabularies& vocabularies,
                 const std::vector<std::uint32_t>* wanted_cuis,
                 const std::vector<TradeName>& trade_names, KbDraft& draft, SourceReport& report,
                 const Progress& progress) {
  return NameReader(release, options, vocabularies, wanted_cuis, trade_names, draft, report)
      .read(progress);
}

}  // namespace enlace::rrf
