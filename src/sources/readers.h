// The readers of terminologies, one per format; docs/FORMATS.md says what each reads and skips.
#pragma once

#include "base/progress.h"
#include "kb/draft.h"
#include "kb/source_report.h"
#include "sources/source_spec.h"

namespace enlace {

// Every reader streams the source `spec` into `draft`, in which a source has begun, and counts in
// `report`. Options are known to be of its kind (sources/read_source.h). A bad row is refused in
// the report and read past. Throws Error: as LineReader does for files that cannot be read or a
// gzip that ends early; kCorrupt with file, line and column where nothing sensible can follow, such
// as a wrong header or a binary file; kInvalidArgument for an option's value; kCancelled. The draft
// then holds part of the source and is of no more use.

/// Lines of code, name, language, and perhaps source and semantic type, between tabs; no header.
/// The first name of a code in a language is its preferred one.
/// Options: lang, source, type: for rows that do not say.
void read_tsv(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
              const Progress& progress);

/// A table with or without a header, separated by commas, semicolons, tabs or bars, perhaps with
/// quotes. Options: columns: which column is what (kb/csv_columns.h), required; separator, quotes,
/// header; split: what separates values in one field; lang, source, type: for rows that do not say.
/// Throws Error(kInvalidArgument) also if a column is not in the header.
void read_csv(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
              const Progress& progress);

/// One JSON object per line: {"code", "names": [{"text", "language"?, "source"?, "scope"?,
/// "term_type"?, "licence"?}], "types"?: [string], "parents"?: [code], "xrefs"?: [string],
/// "definition"?, "licence"?, "retired"?: bool, "replaced_by"?: code}, or in the shape of scispaCy
/// and xMEN, with "concept_id", "canonical_name", "aliases", or of GLiNKER, with "entity_id",
/// "label", "aliases", "description", "entity_type"; these may have our members too.
/// Options: lang (default en), source, type: for what a line does not say.
void read_jsonl(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
                const Progress& progress);

/// An OBO ontology, versions 1.2 and 1.4. Options: lang (default en), source, type, and scopes:
/// which synonyms to take, of exact, related, broad, narrow; default exact,related.
void read_obo(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
              const Progress& progress);

/// An ontology as obographs JSON. Options: those of read_obo, and only: prefixes of the codes to
/// take, as HP:;MONDO: (default: all). Memory: the whole text.
void read_obograph(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
                   const Progress& progress);

/// Medical Subject Headings: descriptors or supplementary records, in XML or ASCII
/// (kb/mesh_records.h). Options: source (default MeSH), type: for records without one, lang
/// (default: what the XML says, or en). A plain file is mapped; memory besides: tree numbers.
void read_mesh(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
               const Progress& progress);

/// The ICD-10 of a Tryton module: a folder with data/diseases.xml, data/disease_categories.xml and
/// locale/*.po. Options: source (default ICD-10); lang: which translations, as es;fr;pt; status:
/// active (default), or any to take inactive records too.
void read_tryton(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
                 const Progress& progress);

/// A Wikidata dump: labels and aliases of the items that have an external identifier, which is
/// their code. Options: property: which identifier (default P2892, UMLS; item for the item's own
/// id); lang: the languages to take, as es;fr (default: all); source (default Wikidata), type,
/// licence (default CC0-1.0). Throws Error(kUnsupported) if the file is bzip2.
void read_wikidata(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
                   const Progress& progress);

/// Answers to a query, as CSV or JSON: with a label, names; with an entity and an identifier only,
/// mappings between the two. Options: source (default Wikidata), licence (default CC0-1.0), type,
/// lang: for rows that do not say; prefix: put before identifiers, of mappings too.
/// Throws Error(kCorrupt) also if there is neither a name nor a mapping.
void read_sparql(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
                 const Progress& progress);

/// HPO translations: a Babelon table, or the ROBOT template of their synonyms. Options: source
/// (default HPO), type, lang (for a table that does not say), and status: OFFICIAL or any.
void read_babelon(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
                  const Progress& progress);

/// SSSOM mappings between codes: no names. Options, lists being separated by semicolons:
/// predicates: which relations are equivalences (default skos:exactMatch); confidence: the least of
/// rows that say; strip: prefixes to take off ids, as ICD10CM:;SCTID:.
/// Throws Error(kCorrupt) also if there is not one mapping.
void read_sssom(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
                const Progress& progress);

/// A release of SNOMED CT in RF2: a folder, its files found by their names (kb/rf2_release.h).
/// Options: view: snapshot (default), full or delta; date: of a full release, as 20240131; delta:
/// folders of deltas to apply to it, with ; between; lang: languages to take, as es;en; refsets:
/// language reference sets, by id or as en-US;es, the first deciding what is preferred; inactive,
/// definitions, maps: yes or no; associations: which lead from inactive concepts to others, of
/// same;replaced;possible;was;moved; source (default SNOMEDCT- and the edition).
void read_rf2(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
              const Progress& progress);

/// A classification in ClaML 2.0, such as ICD-10 of the WHO and ICD-10-GM. Options: lang (for
/// labels that do not say); modifiers: no (default), or expand to take the codes that modifiers
/// make; source (default the name in the title).
void read_claml(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
                const Progress& progress);

/// ICD-10-CM: the tabular list in XML, or the order file. Options: dots: yes (default) or no, how
/// codes are written; extensions: yes to take the codes that seventh characters of the tabular list
/// make (the order file has them); source (default ICD-10-CM).
void read_icd10cm(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
                  const Progress& progress);

/// ICD-10-PCS: the tables in XML, or the order file. Option: source (default ICD-10-PCS).
void read_icd10pcs(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
                   const Progress& progress);

/// The folder META of a UMLS release, whole or a part, plain or gzip. Reads names on this thread,
/// types and hierarchies on a second one; what comes of it does not depend on their speed.
/// Options (lists with ;): lang, sab, tty, sty, suppress (default N, or any), hier (default
/// SNOMEDCT_US, or all, none), rela (default isa, or any), retired (default SY), code (cui or
/// source), tradenames=yes, definitions=yes.
void read_rrf(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
              const Progress& progress);

}  // namespace enlace
