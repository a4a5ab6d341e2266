// The opcodes of Python's pickles by name (pickletools of Python 3, protocols 0 to 5).
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

namespace enlace {

/// What reading a dictionary of tensors takes.
enum class Opcode : std::uint8_t {
  kMark = '(',
  kStop = '.',
  kNone = 'N',
  kNewTrue = 0x88,
  kNewFalse = 0x89,
  kBinInt = 'J',
  kBinInt1 = 'K',
  kBinInt2 = 'M',
  kLong1 = 0x8A,
  kBinUnicode = 'X',
  kGlobal = 'c',
  kEmptyTuple = ')',
  kTuple = 't',
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kEmptyDict = '}',
  kSetItem = 's',
  kSetItems = 'u',
  kReduce = 'R',
  kBuild = 'b',
  kBinPersId = 'Q',
  kBinPut = 'q',
  kLongBinPut = 'r',
  kBinGet = 'h',
  kLongBinGet = 'j',
  kProto = 0x80,
};

/// The name of the opcode `byte`; empty if there is none.
constexpr std::string_view opcode_name(std::uint8_t byte) noexcept {
  constexpr std::pair<std::uint8_t, std::string_view> kNames[] = {{'(', "MARK"},
                                                                  {'.', "STOP"},
                                                                  {'0', "POP"},
                                                                  {'1', "POP_MARK"},
                                                                  {'2', "DUP"},
                                                                  {'F', "FLOAT"},
                                                                  {'I', "INT"},
                                                                  {'J', "BININT"},
                                                                  {'K', "BININT1"},
                                                                  {'L', "LONG"},
                                                                  {'M', "BININT2"},
                                                                  {'N', "NONE"},
                                                                  {'P', "PERSID"},
                                                                  {'Q', "BINPERSID"},
                                                                  {'R', "REDUCE"},
                                                                  {'S', "STRING"},
                                                                  {'T', "BINSTRING"},
                                                                  {'U', "SHORT_BINSTRING"},
                                                                  {'V', "UNICODE"},
                                                                  {'X', "BINUNICODE"},
                                                                  {'a', "APPEND"},
                                                                  {'b', "BUILD"},
                                                                  {'c', "GLOBAL"},
                                                                  {'d', "DICT"},
                                                                  {'}', "EMPTY_DICT"},
                                                                  {'e', "APPENDS"},
                                                                  {'g', "GET"},
                                                                  {'h', "BINGET"},
                                                                  {'i', "INST"},
                                                                  {'j', "LONG_BINGET"},
                                                                  {'l', "LIST"},
                                                                  {']', "EMPTY_LIST"},
                                                                  {'o', "OBJ"},
                                                                  {'p', "PUT"},
                                                                  {'q', "BINPUT"},
                                                                  {'r', "LONG_BINPUT"},
                                                                  {'s', "SETITEM"},
                                                                  {'t', "TUPLE"},
                                                                  {')', "EMPTY_TUPLE"},
                                                                  {'u', "SETITEMS"},
                                                                  {'G', "BINFLOAT"},
                                                                  {'B', "BINBYTES"},
                                                                  {'C', "SHORT_BINBYTES"},
                                                                  {0x80, "PROTO"},
                                                                  {0x81, "NEWOBJ"},
                                                                  {0x82, "EXT1"},
                                                                  {0x83, "EXT2"},
                                                                  {0x84, "EXT4"},
                                                                  {0x85, "TUPLE1"},
                                                                  {0x86, "TUPLE2"},
                                                                  {0x87, "TUPLE3"},
                                                                  {0x88, "NEWTRUE"},
                                                                  {0x89, "NEWFALSE"},
                                                                  {0x8A, "LONG1"},
                                                                  {0x8B, "LONG4"},
                                                                  {0x8C, "SHORT_BINUNICODE"},
                                                                  {0x8D, "BINUNICODE8"},
                                                                  {0x8E, "BINBYTES8"},
                                                                  {0x8F, "EMPTY_SET"},
                                                                  {0x90, "ADDITEMS"},
                                                                  {0x91, "FROZENSET"},
                                                                  {0x92, "NEWOBJ_EX"},
                                                                  {0x93, "STACK_GLOBAL"},
                                                                  {0x94, "MEMOIZE"},
                                                                  {0x95, "FRAME"},
                                                                  {0x96, "BYTEARRAY8"},
                                                                  {0x97, "NEXT_BUFFER"},
                                                                  {0x98, "READONLY_BUFFER"}};
  for (const auto& [code, name] : kNames) {
    if (code == byte) return name;
  }
  return {};
}

}  // namespace enlace
