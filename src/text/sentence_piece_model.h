// What a SentencePiece model file says.
#pragma once

#include <string_view>
#include <vector>

namespace enlace {

/// Kudo & Richardson 2018 (arXiv:1808.06226): the message ModelProto of sentencepiece_model.proto.
/// The views are into the bytes it was read from.
struct SentencePieceModel {
  enum class Kind { kUnigram = 1, kBpe = 2 };
  enum class PieceType { kNormal = 1, kUnknown, kControl, kUserDefined, kUnused, kByte };

  struct Piece {
    std::string_view text;
    float score = 0;
    PieceType type = PieceType::kNormal;
  };

  std::vector<Piece> pieces;  // a piece's place is its id
  std::int32_t unknown = -1;  // the id of the one piece of type kUnknown
  Kind kind = Kind::kUnigram;
  bool byte_fallback = false;
  std::string_view character_map;  // as CharacterMap takes it; empty: none
  bool add_dummy_prefix = true;
  bool remove_extra_whitespaces = true;
};

/// Reads the bytes of a .model file. Pieces are UTF-8 and differ; there is one unknown piece.
/// Throws Error, naming `where`: kCorrupt if the bytes are not such a model, kUnsupported for
/// models of words or characters, and for white space that is not escaped or follows its word.
SentencePieceModel read_sentence_piece_model(std::string_view bytes, std::string_view where);

}  // namespace enlace
