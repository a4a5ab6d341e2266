#include "kb/apply_changes.h"

#include <algorithm>
#include <map>
#include <set>

#include "kb/copy_concept.h"

namespace enlace {
namespace {

/// What is retired of one concept.
struct RetiredOf {
  bool whole = false;
  std::vector<const Retirement*> names;
};

bool is_retired(const Name& name, const Retirement& retirement) {
  return retirement.text == name.text &&
         (retirement.language.empty() || retirement.language == name.language);
}

/// Copies the earlier facts about concepts into a draft, each concept once: first finds which, then
/// copies those of the base, which were there first, then those that came later, both by code.
class Keeper {
 public:
  Keeper(const ChangedKb& kb, std::span<const Retirement> retirements, KbDraft& draft,
         SourceReport& kept)
      : kb_(kb), draft_(draft), kept_(kept) {
    for (const Retirement& retirement : retirements) {
      RetiredOf& of = retired_[retirement.code];
      if (retirement.text.empty()) {
        of.whole = true;
      } else {
        of.names.push_back(&retirement);
      }
    }
  }

  AppliedChanges run() {
    draft_.begin_earlier_source();
    want_changed();
    want_below_moved();
    follow_former_codes();
    if (kb_.added != nullptr) {
      want_added();
      copy_former_codes(*kb_.added, draft_);
    }
    want_ancestors();
    for (const bool of_base : {true, false}) {
      for (const std::string& code : wanted_) {
        if (kb_.base->find(code).has_value() == of_base) copy(code);
      }
    }
    std::sort(applied_.unknown.begin(), applied_.unknown.end());
    list_superseded();
    return std::move(applied_);
  }

 private:
  void want(std::string_view code) {
    const auto [place, is_new] = wanted_.emplace(code);
    if (is_new) to_climb_.push_back(*place);
  }

  /// What the sources mention, references that are mappings included, and what is retired.
  void want_changed() {
    for (std::uint32_t id = 0; id < draft_.codes().size(); ++id) want(draft_.codes()[id]);
    for (const auto& [code, xref] : draft_.xref_pairs()) {
      if (const auto hub = known_hub(draft_.xrefs()[xref])) want(*hub);
    }
    for (const auto& [code, of] : retired_) want(code);
  }

  void want_added() {
    for (ConceptId c = 0; c < kb_.added->concept_count(); ++c) want(kb_.added->code(c));
    const StringTable& former = kb_.added->former_codes();
    for (std::uint32_t i = 0; i < former.size(); ++i) want(former[i]);
  }

  void want_ancestors() {
    while (!to_climb_.empty()) {
      const std::string code = std::move(to_climb_.back());
      to_climb_.pop_back();
      const auto place = find_concept(kb_, code);
      if (!place || goes(code)) continue;
      for (const ConceptId parent : place->kb->parents_of(place->concept_id)) {
        want(place->kb->code(parent));
      }
    }
  }

  /// A concept whose place in the hierarchy changes takes everything below it along, for the base
  /// does not know what that lies below now: one that gains a parent, is joined with another, or
  /// is no more.
  void want_below_moved() {
    std::set<std::string> moved;
    const auto move = [&](std::uint32_t id) { moved.emplace(draft_.codes()[id]); };
    for (const auto& edge : draft_.edges()) move(edge.child);
    for (const CodeJoin& join : draft_.joins()) {
      move(join.a);
      move(join.b);
    }
    for (const auto& [code, xref] : draft_.xref_pairs()) {
      if (draft_.merging_code(draft_.xrefs()[xref]).empty()) continue;
      move(code);
      if (const auto hub = known_hub(draft_.xrefs()[xref])) moved.insert(*hub);
    }
    for (const auto& [code, of] : retired_) {
      if (of.whole || loses_all_names(code, of)) moved.insert(code);
    }
    for (const std::string& code : moved) want_below(code);
  }

  /// In the base and in what was added: neither alone knows all that lies below a concept of both.
  void want_below(const std::string& code) {
    const auto place = resolve_code(kb_, code);
    const std::string own(place ? place->kb->code(place->concept_id) : code);
    for (const KnowledgeBase* part : {kb_.base, kb_.added}) {
      const auto concept_id = part == nullptr ? std::nullopt : part->find(own);
      if (!concept_id) continue;
      for (const ConceptId below : part->descendants(*concept_id)) want(part->code(below));
    }
  }

  /// The code of a concept, or one that leads to it, that a reference means if it is a mapping.
  std::optional<std::string> known_hub(std::string_view external) const {
    const std::string_view behind = draft_.merging_code(external);
    if (behind.empty()) return std::nullopt;
    for (const std::string_view code : {external, behind}) {
      if (resolve_code(kb_, code)) return std::string(code);
    }
    return std::nullopt;
  }

  /// What is said of a code that leads to a concept is said of that concept.
  void follow_former_codes() {
    const std::vector<std::string> mentioned(wanted_.begin(), wanted_.end());
    for (const std::string& code : mentioned) {
      if (find_concept(kb_, code)) continue;
      const auto place = resolve_code(kb_, code);
      if (!place) continue;
      const std::string own(place->kb->code(place->concept_id));
      if (goes(own)) continue;
      want(own);
      draft_.add(EquivalenceRecord{code, own});
    }
  }

  bool goes(const std::string& code) const {
    const auto retired = retired_.find(code);
    return retired != retired_.end() && retired->second.whole;
  }

  bool loses_all_names(const std::string& code, const RetiredOf& of) const {
    const auto place = find_concept(kb_, code);
    const auto id = draft_.codes().find(code);
    if (!place || (id && draft_.named(*id))) return false;
    for (const NameId name_id : place->kb->names_of(place->concept_id)) {
      const Name name = place->kb->name(name_id);
      const bool retired =
          std::any_of(of.names.begin(), of.names.end(),
                      [&](const Retirement* each) { return is_retired(name, *each); });
      if (!retired) return false;
    }
    return true;
  }

  void copy(const std::string& code) {
    const auto place = find_concept(kb_, code);
    const auto retired = retired_.find(code);
    if (retired == retired_.end()) {
      if (place) copy_concept(*place->kb, place->concept_id, draft_, kept_);
      return;
    }
    if (!place) {
      applied_.unknown.push_back(code);
    } else if (retired->second.whole) {
      ++applied_.retired_concepts;
    } else {
      copy_without(*place, retired->second.names);
    }
  }

  void copy_without(const ConceptPlace& place, const std::vector<const Retirement*>& retired) {
    std::vector<std::size_t> met(retired.size(), 0);
    copy_concept(*place.kb, place.concept_id, draft_, kept_, [&](const Name& name) {
      bool wanted = true;
      for (std::size_t i = 0; i < retired.size(); ++i) {
        if (!is_retired(name, *retired[i])) continue;
        ++met[i];
        wanted = false;
      }
      applied_.retired_names += wanted ? 0 : 1;
      return wanted;
    });
    for (std::size_t i = 0; i < retired.size(); ++i) {
      if (met[i] == 0) applied_.unknown.push_back(retired[i]->code + ": a name");
    }
  }

  void list_superseded() {
    auto& superseded = applied_.superseded;
    superseded.assign(kb_.superseded.begin(), kb_.superseded.end());
    for (const std::string& code : wanted_) {
      if (const auto concept_id = kb_.base->find(code)) superseded.push_back(*concept_id);
    }
    std::sort(superseded.begin(), superseded.end());
    superseded.erase(std::unique(superseded.begin(), superseded.end()), superseded.end());
  }

  const ChangedKb& kb_;
  KbDraft& draft_;
  SourceReport& kept_;
  std::map<std::string, RetiredOf> retired_;
  std::set<std::string> wanted_;       // codes
  std::vector<std::string> to_climb_;  // of them: whose parents are still to be wanted
  AppliedChanges applied_;
};

}  // namespace

AppliedChanges apply_changes(const ChangedKb& kb, std::span<const Retirement> retirements,
                             KbDraft& draft, SourceReport& kept) {
  return Keeper(kb, retirements, draft, kept).run();
}

}  // namespace enlace
