#include "kb/changed_kb.h"

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

/// Copies the earlier facts about concepts into a draft, each concept once.
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
    draft_.begin_source();
    for (const auto& [code, of] : retired_) keep(code);
    if (kb_.added != nullptr) {
      for (ConceptId c = 0; c < kb_.added->concept_count(); ++c) {
        keep(std::string(kb_.added->code(c)));
      }
      copy_former_codes(*kb_.added, draft_);
    }
    keep_below_new_children();
    // Copying a concept mentions its parents, which then have their turn: the pool grows.
    for (std::uint32_t id = 0; id < draft_.codes().size(); ++id) {
      keep(std::string(draft_.codes()[id]));
    }
    applied_.superseded.assign(kb_.superseded.begin(), kb_.superseded.end());
    for (const std::string& code : kept_codes_) {
      if (const auto concept_id = kb_.base->find(code)) applied_.superseded.push_back(*concept_id);
    }
    auto& superseded = applied_.superseded;
    std::sort(superseded.begin(), superseded.end());
    superseded.erase(std::unique(superseded.begin(), superseded.end()), superseded.end());
    return std::move(applied_);
  }

 private:
  void keep(const std::string& code) {
    if (!kept_codes_.insert(code).second) return;
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
        const bool same = retired[i]->text == name.text &&
                          (retired[i]->language.empty() || retired[i]->language == name.language);
        if (!same) continue;
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

  /// A concept that gains a parent takes everything below it along: the base does not know that it
  /// now lies below that parent.
  void keep_below_new_children() {
    std::set<std::string> children;
    for (const auto& edge : draft_.edges()) {
      children.emplace(draft_.codes()[edge.child]);
    }
    for (const std::string& child : children) {
      const auto place = find_concept(kb_, child);
      if (!place) continue;
      for (const ConceptId below : place->kb->descendants(place->concept_id)) {
        keep(std::string(place->kb->code(below)));
      }
    }
  }

  const ChangedKb& kb_;
  KbDraft& draft_;
  SourceReport& kept_;
  std::map<std::string, RetiredOf> retired_;
  std::set<std::string> kept_codes_;
  AppliedChanges applied_;
};

}  // namespace

std::optional<ConceptPlace> find_concept(const ChangedKb& kb, std::string_view code) {
  if (kb.added != nullptr) {
    if (const auto concept_id = kb.added->find(code)) return ConceptPlace{kb.added, *concept_id};
  }
  const auto concept_id = kb.base->find(code);
  if (!concept_id) return std::nullopt;
  if (std::binary_search(kb.superseded.begin(), kb.superseded.end(), *concept_id)) {
    return std::nullopt;
  }
  return ConceptPlace{kb.base, *concept_id};
}

std::optional<ConceptPlace> resolve_code(const ChangedKb& kb, std::string_view code) {
  if (const auto place = find_concept(kb, code)) return place;
  for (const KnowledgeBase* part : {kb.added, kb.base}) {
    if (part == nullptr) continue;
    const auto concept_id = part->find_former(code);
    if (concept_id) return find_concept(kb, part->code(*concept_id));
  }
  return std::nullopt;
}

AppliedChanges apply_changes(const ChangedKb& kb, std::span<const Retirement> retirements,
                             KbDraft& draft, SourceReport& kept) {
  return Keeper(kb, retirements, draft, kept).run();
}

}  // namespace enlace
