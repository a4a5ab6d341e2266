// Reading a source in a test, and what came of it as text.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>

#include "base/error.h"
#include "kb/scratch.h"
#include "sources/read_source.h"

namespace enlace::testing_kb {

using Lines = std::vector<std::string>;

/// Sources read and settled.
struct Reading {
  KbDraft draft;
  std::vector<SourceReport> reports;

  explicit Reading(const std::vector<std::string>& specs) {
    std::vector<SourceSpec> parsed;
    for (const auto& spec : specs) parsed.push_back(parse_source_spec(spec));
    reports = read_sources(parsed, draft);
  }
  const SourceReport& report() const { return reports.at(0); }

  /// "code|text|language|source|scope" in order of arrival.
  Lines names() const {
    Lines lines;
    for (const auto& name : draft.names()) {
      lines.push_back(fmt::format("{}|{}|{}|{}|{}", draft.codes()[name.code],
                                  draft.texts()[name.text], draft.languages()[name.language],
                                  draft.sources()[draft.origins()[name.origin].source],
                                  to_string(name.scope)));
    }
    return lines;
  }
  /// "child<parent", by child, then by parent.
  Lines edges() const {
    Lines lines;
    for (const auto& edge : draft.edges()) {
      lines.push_back(fmt::format("{}<{}", draft.codes()[edge.child], draft.codes()[edge.parent]));
    }
    return lines;
  }
  /// "term type|licence" of each name, in order of arrival.
  Lines origins() const {
    Lines lines;
    for (const auto& name : draft.names()) {
      const auto& origin = draft.origins()[name.origin];
      lines.push_back(fmt::format("{}|{}", draft.term_types()[origin.term_type],
                                  draft.licences()[origin.licence]));
    }
    return lines;
  }
  /// "code|language|text", by concept.
  Lines definitions() const {
    Lines lines;
    for (const auto& definition : draft.definitions()) {
      lines.push_back(fmt::format("{}|{}|{}", draft.codes()[definition.code], definition.language,
                                  definition.text));
    }
    return lines;
  }
  /// "former>concept".
  Lines former_codes() const {
    Lines lines;
    for (const auto& [code, concept_code] : draft.former_codes()) {
      lines.push_back(fmt::format("{}>{}", draft.codes()[code], draft.codes()[concept_code]));
    }
    return lines;
  }
  Lines types() const { return pairs(draft.type_pairs(), draft.types()); }
  Lines xrefs() const { return pairs(draft.xref_pairs(), draft.xrefs()); }

 private:
  Lines pairs(const std::vector<KbDraft::Pair>& given, const StringPool& pool) const {
    Lines lines;
    for (const auto& [code, value] : given) {
      lines.push_back(fmt::format("{}:{}", draft.codes()[code], pool[value]));
    }
    return lines;
  }
};

/// The kind and message of the Error that reading ends in, without the folder of the test.
inline std::string failure(const std::string& spec) {
  try {
    Reading{{spec}};
  } catch (const Error& error) {
    std::string text = error.what();
    const std::string folder = scratch("x").parent_path().string() + "/";
    for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder)) {
      text.erase(at, folder.size());
    }
    return fmt::format("{} {}", int(error.kind()), text);
  }
  return "read";
}

/// A complaint without the folder of the test.
inline std::string complaint(const SourceReport& report, std::size_t index = 0) {
  if (index >= report.rows.complaints.size()) return "none";
  const std::string& text = report.rows.complaints[index];
  const std::string folder = scratch("x").parent_path().string() + "/";
  return text.starts_with(folder) ? text.substr(folder.size()) : text;
}

inline std::filesystem::path gzipped(std::string_view name, std::string_view content) {
  const auto path = scratch(name);
  const gzFile file = ::gzopen(path.c_str(), "wb");
  EXPECT_EQ(::gzwrite(file, content.data(), unsigned(content.size())), int(content.size()));
  ::gzclose(file);
  return path;
}

}  // namespace enlace::testing_kb
