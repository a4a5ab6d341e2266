#include "kb/knowledge_base.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/utf8.h"
#include "kb/language_tag.h"

namespace enlace {
namespace {

void require(bool holds, const SectionFile& file, std::string_view section,
             std::string_view complaint) {
  if (!holds) {
    throw Error(ErrorKind::kCorrupt, "{}: section {}: {}", file.name(), section, complaint);
  }
}

/// `starts` of `count` groups over `items` items: begins with 0, never falls, ends with `items`.
template <class T>
void require_starts(const SectionFile& file, std::string_view section, std::span<const T> starts,
                    std::uint64_t count, std::uint64_t items) {
  require(starts.size() == count + 1, file, section, "wrong number of offsets");
  require(starts.front() == 0 && starts.back() == items, file, section, "offsets out of range");
  require(std::is_sorted(starts.begin(), starts.end()), file, section, "offsets fall");
}

void require_below(const SectionFile& file, std::string_view section,
                   std::span<const std::uint32_t> ids, std::uint64_t count) {
  require(std::all_of(ids.begin(), ids.end(), [=](std::uint32_t id) { return id < count; }), file,
          section, "id out of range");
}

StringTable string_table(const SectionFile& file, const std::string& name) {
  const StringTable table{file.array<std::uint64_t>(name + ".starts"), file.text(name + ".bytes")};
  constexpr std::uint64_t kMostStrings = ~std::uint32_t{0};
  require(!table.starts.empty() && table.starts.size() <= kMostStrings, file, name + ".starts",
          "wrong number of offsets");
  require_starts(file, name + ".starts", table.starts, table.starts.size() - 1, table.bytes.size());
  return table;
}

ValueTable value_table(const SectionFile& file, const std::string& name) {
  const ValueTable table{string_table(file, name + ".value"), file.array<Tally>(name + ".tallies")};
  require(table.tallies.size() == table.values.size(), file, name + ".tallies",
          "wrong number of tallies");
  return table;
}

void require_utf8(const SectionFile& file, std::string_view section, const StringTable& table) {
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    require(is_utf8(table[i]), file, section, "text is not UTF-8");
  }
}

}  // namespace

KnowledgeBase KnowledgeBase::open(const std::filesystem::path& path) {
  KnowledgeBase opened(SectionFile::open(path, "concepts"));
  opened.check();
  return opened;
}

KnowledgeBase::KnowledgeBase(SectionFile file)
    : file_(std::move(file)),
      codes_(string_table(file_, "code")),
      texts_(string_table(file_, "text")),
      xrefs_(string_table(file_, "xref.text")),
      name_starts_(file_.array<std::uint32_t>("name.starts")),
      rows_(file_.array<NameRow>("name.rows")),
      text_name_starts_(file_.array<std::uint32_t>("text.name.starts")),
      text_names_(file_.array<std::uint32_t>("text.names")),
      type_starts_(file_.array<std::uint32_t>("type.starts")),
      type_ids_(file_.array<std::uint32_t>("type.ids")),
      parent_starts_(file_.array<std::uint32_t>("parent.starts")),
      parent_ids_(file_.array<std::uint32_t>("parent.ids")),
      child_starts_(file_.array<std::uint32_t>("child.starts")),
      child_ids_(file_.array<std::uint32_t>("child.ids")),
      xref_starts_(file_.array<std::uint32_t>("xref.starts")),
      languages_(value_table(file_, "language")),
      sources_(value_table(file_, "source")),
      types_(value_table(file_, "type")) {}

// Structure sections have passed their checksums, but a checksum finds accidents, not attacks.
void KnowledgeBase::check() const {
  const auto starts = [this](std::string_view section, std::span<const std::uint32_t> offsets,
                             std::uint64_t groups, std::size_t items) {
    require_starts(file_, section, offsets, groups, items);
  };
  starts("name.starts", name_starts_, concept_count(), rows_.size());
  starts("text.name.starts", text_name_starts_, text_count(), text_names_.size());
  starts("type.starts", type_starts_, concept_count(), type_ids_.size());
  starts("parent.starts", parent_starts_, concept_count(), parent_ids_.size());
  starts("child.starts", child_starts_, concept_count(), child_ids_.size());
  starts("xref.starts", xref_starts_, concept_count(), xrefs_.size());
  require(rows_.size() == text_names_.size(), file_, "text.names", "wrong number of names");
  require_below(file_, "text.names", text_names_, rows_.size());
  require_below(file_, "type.ids", type_ids_, types_.values.size());
  require_below(file_, "parent.ids", parent_ids_, concept_count());
  require_below(file_, "child.ids", child_ids_, concept_count());
  for (const auto* offsets : {&name_starts_, &text_name_starts_}) {
    require(std::adjacent_find(offsets->begin(), offsets->end()) == offsets->end(), file_,
            offsets == &name_starts_ ? "name.starts" : "text.name.starts", "a group is empty");
  }
  for (ConceptId concept_id = 0; concept_id < concept_count(); ++concept_id) {
    for (const NameId name_id : names_of(concept_id)) {
      const NameRow& row = rows_[name_id];
      require(row.concept_id == concept_id && row.text_id < text_count() &&
                  row.source_id < sources_.values.size() &&
                  row.language_id < languages_.values.size() &&
                  std::uint8_t(row.scope) < kScopeCount,
              file_, "name.rows", "id out of range");
    }
  }
}

Name KnowledgeBase::name(NameId name_id) const noexcept {
  const NameRow& row = rows_[name_id];
  return {texts_[row.text_id],
          languages_.values[row.language_id],
          sources_.values[row.source_id],
          row.scope,
          row.concept_id,
          row.text_id};
}

NameId KnowledgeBase::preferred_name(ConceptId concept_id,
                                     std::string_view language) const noexcept {
  const IdRange names = names_of(concept_id);
  if (language.empty()) return names.first;
  for (const NameId name_id : names) {
    if (language_matches(languages_.values[rows_[name_id].language_id], language)) return name_id;
  }
  return names.first;
}

std::vector<ConceptId> KnowledgeBase::descendants(ConceptId concept_id) const {
  std::vector<bool> seen(concept_count(), false);
  std::vector<ConceptId> found{concept_id};
  seen[concept_id] = true;
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const ConceptId child : children_of(found[i])) {
      if (!seen[child]) found.push_back(child);
      seen[child] = true;
    }
  }
  return found;
}

void KnowledgeBase::verify() const {
  file_.verify();
  require_utf8(file_, "code.bytes", codes_);
  require_utf8(file_, "text.bytes", texts_);
  require_utf8(file_, "xref.text.bytes", xrefs_);
  require_utf8(file_, "language.value.bytes", languages_.values);
  require_utf8(file_, "source.value.bytes", sources_.values);
  require_utf8(file_, "type.value.bytes", types_.values);
}

}  // namespace enlace
