#include "text/sentence_piece_model.h"

#include <cmath>
#include <unordered_set>

#include "base/error.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "text/protobuf_reader.h"
#include "text/trie.h"

namespace enlace {
namespace {

using Piece = SentencePieceModel::Piece;
using PieceType = SentencePieceModel::PieceType;

// The numbers of the fields, from sentencepiece_model.proto.
namespace model_field {
constexpr std::uint32_t kPiece = 1, kTrainer = 2, kNormalizer = 3;
}
namespace piece_field {
constexpr std::uint32_t kText = 1, kScore = 2, kType = 3;
}
namespace trainer_field {
constexpr std::uint32_t kKind = 3, kSuffixWhiteSpace = 24, kByteFallback = 35;
}
namespace normalizer_field {
constexpr std::uint32_t kCharacterMap = 2, kDummyPrefix = 3, kExtraWhiteSpace = 4, kEscape = 5;
}

Piece read_piece(std::string_view bytes, std::size_t id, std::string_view where) {
  Piece piece;
  ProtobufReader reader(bytes, where);
  for (ProtobufField field; reader.next(field);) {
    if (field.number == piece_field::kText) piece.text = field.as_bytes(where);
    if (field.number == piece_field::kScore) piece.score = field.as_float(where);
    if (field.number == piece_field::kType) {
      const std::int32_t type = field.as_int(where);
      if (type < int(PieceType::kNormal) || type > int(PieceType::kByte)) {
        throw Error(ErrorKind::kCorrupt, "{}: piece {}: expected a type of 1 to 6, found {}", where,
                    id, type);
      }
      piece.type = static_cast<PieceType>(type);
    }
  }
  if (piece.text.empty() || !is_utf8(piece.text)) {
    throw Error(ErrorKind::kCorrupt, "{}: piece {}: expected UTF-8, found {}", where, id,
                piece.text.empty() ? "nothing" : "another byte");
  }
  if (piece.text.size() > Trie::kMaxKeySize) {
    throw Error(ErrorKind::kUnsupported, "{}: piece {}: expected at most {} bytes, found {}", where,
                id, Trie::kMaxKeySize, piece.text.size());
  }
  if (!std::isfinite(piece.score)) {
    throw Error(ErrorKind::kCorrupt, "{}: piece {}: expected a finite score, found another", where,
                id);
  }
  return piece;
}

void read_trainer(std::string_view bytes, std::string_view where, SentencePieceModel& model) {
  ProtobufReader reader(bytes, where);
  for (ProtobufField field; reader.next(field);) {
    if (field.number == trainer_field::kKind) {
      const std::int32_t kind = field.as_int(where);
      if (kind != 1 && kind != 2) {
        throw Error(ErrorKind::kUnsupported,
                    "{}: model_type: expected 1 (unigram) or 2 (bpe), found {}", where, kind);
      }
      model.kind = static_cast<SentencePieceModel::Kind>(kind);
    }
    if (field.number == trainer_field::kByteFallback) model.byte_fallback = field.as_bool(where);
    if (field.number == trainer_field::kSuffixWhiteSpace && field.as_bool(where)) {
      throw Error(ErrorKind::kUnsupported,
                  "{}: treat_whitespace_as_suffix: expected false, found true", where);
    }
  }
}

void read_normalizer(std::string_view bytes, std::string_view where, SentencePieceModel& model) {
  ProtobufReader reader(bytes, where);
  for (ProtobufField field; reader.next(field);) {
    switch (field.number) {
      case normalizer_field::kCharacterMap: model.character_map = field.as_bytes(where); break;
      case normalizer_field::kDummyPrefix: model.add_dummy_prefix = field.as_bool(where); break;
      case normalizer_field::kExtraWhiteSpace:
        model.remove_extra_whitespaces = field.as_bool(where);
        break;
      case normalizer_field::kEscape:
        if (field.as_bool(where)) break;
        throw Error(ErrorKind::kUnsupported, "{}: escape_whitespaces: expected true, found false",
                    where);
      default: break;
    }
  }
}

void check_pieces(std::string_view where, SentencePieceModel& model) {
  std::unordered_set<std::string_view, StringHash> seen;
  for (std::size_t id = 0; id < model.pieces.size(); ++id) {
    if (!seen.insert(model.pieces[id].text).second) {
      throw Error(ErrorKind::kCorrupt, "{}: piece {}: expected a new piece, found an earlier one",
                  where, id);
    }
    if (model.pieces[id].type != PieceType::kUnknown) continue;
    if (model.unknown >= 0) {
      throw Error(ErrorKind::kCorrupt, "{}: piece {}: expected one unknown piece, found another",
                  where, id);
    }
    model.unknown = std::int32_t(id);
  }
  if (model.unknown < 0) {
    throw Error(ErrorKind::kCorrupt, "{}: expected an unknown piece, found none among {}", where,
                model.pieces.size());
  }
}

}  // namespace

SentencePieceModel read_sentence_piece_model(std::string_view bytes, std::string_view where) {
  SentencePieceModel model;
  ProtobufReader reader(bytes, where);
  for (ProtobufField field; reader.next(field);) {
    if (field.number == model_field::kPiece) {
      if (model.pieces.size() > std::size_t(Trie::kMaxValue)) {
        throw Error(ErrorKind::kUnsupported, "{}: expected at most {} pieces, found more", where,
                    Trie::kMaxValue);
      }
      model.pieces.push_back(read_piece(field.as_bytes(where), model.pieces.size(), where));
    }
    if (field.number == model_field::kTrainer) read_trainer(field.as_bytes(where), where, model);
    if (field.number == model_field::kNormalizer) {
      read_normalizer(field.as_bytes(where), where, model);
    }
  }
  check_pieces(where, model);
  return model;
}

}  // namespace enlace
