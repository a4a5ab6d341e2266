#include "nn/tensor_pickle.h"

#include <algorithm>
#include <set>

#include "base/shown.h"
#include "base/utf8.h"
#include "io/bytes.h"
#include "nn/pickle_opcodes.h"

namespace enlace {
namespace {

constexpr std::uint8_t kProtocol = 2;
constexpr std::size_t kMaxRank = 16;

/// What a value of the machine is. Globals are functions of Python by name, never called.
enum class Kind {
  kNone,
  kBool,
  kInteger,
  kText,
  kTuple,
  kDict,
  kStorageType,
  kStorage,
  kTensor,
  kOrderedDict,       // the class
  kRebuildTensor,     // torch._utils._rebuild_tensor_v2
  kRebuildParameter,  // torch._utils._rebuild_parameter
};

using Ref = std::uint32_t;  // the number of a value

struct Value {
  Kind kind = Kind::kNone;
  std::int64_t integer = 0;  // kInteger; of a storage, its type and a tensor, the number of it
  std::string_view text;     // kText
  std::vector<Ref> items;    // kTuple; kDict: keys and values in turns
};

struct Global {
  std::string_view module, name;
  Kind kind;
  TensorType type = TensorType::kOther;
  std::size_t width = 0;
};

constexpr Global kGlobals[] = {
    {"collections", "OrderedDict", Kind::kOrderedDict},
    {"torch._utils", "_rebuild_tensor_v2", Kind::kRebuildTensor},
    {"torch._utils", "_rebuild_parameter", Kind::kRebuildParameter},
    {"torch", "FloatStorage", Kind::kStorageType, TensorType::kF32, 4},
    {"torch", "HalfStorage", Kind::kStorageType, TensorType::kF16, 2},
    {"torch", "BFloat16Storage", Kind::kStorageType, TensorType::kBf16, 2},
    {"torch", "DoubleStorage", Kind::kStorageType, TensorType::kOther, 8},
    {"torch", "LongStorage", Kind::kStorageType, TensorType::kOther, 8},
    {"torch", "IntStorage", Kind::kStorageType, TensorType::kOther, 4},
    {"torch", "ShortStorage", Kind::kStorageType, TensorType::kOther, 2},
    {"torch", "CharStorage", Kind::kStorageType, TensorType::kOther, 1},
    {"torch", "ByteStorage", Kind::kStorageType, TensorType::kOther, 1},
    {"torch", "BoolStorage", Kind::kStorageType, TensorType::kOther, 1},
};

class Machine {
 public:
  Machine(std::span<const std::byte> pickle, std::string_view where)
      : where_(where), reader_(pickle, where), size_(pickle.size()) {
    none_ = make(Kind::kNone);
    true_ = make(Kind::kBool);
    false_ = make(Kind::kBool);
    empty_tuple_ = make(Kind::kTuple);
  }

  /// Runs the program; its result is then the one value left.
  std::vector<PickledTensor> run() {
    begin();
    while (step()) {
    }
    if (stack_.size() != 1 || !marks_.empty() || reader_.offset() != size_) {
      corrupt("one value at the end");
    }
    return tensors_of(stack_.front());
  }

 private:
  [[noreturn]] void corrupt(std::string_view expected) const {
    throw Error(ErrorKind::kCorrupt, "{}: byte {}: expected {}, found another", where_, at_,
                expected);
  }

  [[noreturn]] void refuse(std::string_view what, std::string_view name) const {
    throw Error(ErrorKind::kUnsupported, "{}: byte {}: expected tensors only, found the {} {}",
                where_, at_, what, name);
  }

  void begin() {
    const auto opcode = reader_.read<std::uint8_t>();
    const auto protocol = reader_.read<std::uint8_t>();
    if (opcode != std::uint8_t(Opcode::kProto)) corrupt("the opcode PROTO");
    if (protocol != kProtocol) {
      throw Error(ErrorKind::kUnsupported, "{}: expected a pickle of protocol {}, found {}", where_,
                  kProtocol, protocol);
    }
  }

  /// Whether there is more to do.
  bool step() {
    at_ = reader_.offset();
    const auto byte = reader_.read<std::uint8_t>();
    switch (Opcode(byte)) {
      case Opcode::kStop: return false;
      case Opcode::kMark: marks_.push_back(stack_.size()); break;
      case Opcode::kNone: stack_.push_back(none_); break;
      case Opcode::kNewTrue: stack_.push_back(true_); break;
      case Opcode::kNewFalse: stack_.push_back(false_); break;
      case Opcode::kBinInt: push_integer(reader_.read<std::int32_t>()); break;
      case Opcode::kBinInt1: push_integer(reader_.read<std::uint8_t>()); break;
      case Opcode::kBinInt2: push_integer(reader_.read<std::uint16_t>()); break;
      case Opcode::kLong1: push_integer(read_long()); break;
      case Opcode::kBinUnicode: push_text(); break;
      case Opcode::kGlobal: push_global(); break;
      case Opcode::kEmptyTuple: stack_.push_back(empty_tuple_); break;
      case Opcode::kTuple: push_tuple(take_marked()); break;
      case Opcode::kTuple1: push_tuple(take(1)); break;
      case Opcode::kTuple2: push_tuple(take(2)); break;
      case Opcode::kTuple3: push_tuple(take(3)); break;
      case Opcode::kEmptyDict: stack_.push_back(make(Kind::kDict)); break;
      case Opcode::kSetItem: set_items(take(2)); break;
      case Opcode::kSetItems: set_items(take_marked()); break;
      case Opcode::kReduce: reduce(); break;
      case Opcode::kBuild: build(); break;
      case Opcode::kBinPersId: push_storage(); break;
      case Opcode::kBinPut: put(reader_.read<std::uint8_t>()); break;
      case Opcode::kLongBinPut: put(reader_.read<std::uint32_t>()); break;
      case Opcode::kBinGet: get(reader_.read<std::uint8_t>()); break;
      case Opcode::kLongBinGet: get(reader_.read<std::uint32_t>()); break;
      case Opcode::kProto:
      default:
        if (opcode_name(byte).empty()) corrupt("an opcode");
        refuse("opcode", opcode_name(byte));
    }
    return true;
  }

  // The stack. A mark is a wall: nothing is taken from below it but by the opcodes that end it.

  Ref make(Kind kind) {
    values_.emplace_back();
    values_.back().kind = kind;
    return static_cast<Ref>(values_.size() - 1);
  }

  const Value& value(Ref ref) const { return values_[ref]; }

  const Value& expect(Ref ref, Kind kind, std::string_view what) const {
    if (value(ref).kind != kind) corrupt(what);
    return value(ref);
  }

  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }

  std::vector<Ref> take(std::size_t count) {
    if (stack_.size() - floor() < count) corrupt("a value on the stack");
    const auto from = stack_.end() - static_cast<std::ptrdiff_t>(count);
    std::vector<Ref> taken(from, stack_.end());
    stack_.erase(from, stack_.end());
    return taken;
  }

  std::vector<Ref> take_marked() {
    if (marks_.empty()) corrupt("a mark on the stack");
    std::vector<Ref> taken = take(stack_.size() - floor());
    marks_.pop_back();
    return taken;
  }

  Ref top() const {
    if (stack_.size() == floor()) corrupt("a value on the stack");
    return stack_.back();
  }

  void put(std::size_t number) {
    if (number > memo_.size()) corrupt("memo numbers without gaps");
    if (number == memo_.size()) memo_.push_back(none_);
    memo_[number] = top();
  }

  void get(std::size_t number) {
    if (number >= memo_.size()) corrupt("the number of a memo");
    stack_.push_back(memo_[number]);
  }

  // Plain values.

  Ref make_number(Kind kind, std::int64_t number) {
    const Ref made = make(kind);
    values_[made].integer = number;
    return made;
  }

  void push_integer(std::int64_t integer) {
    stack_.push_back(make_number(Kind::kInteger, integer));
  }

  /// Two's complement, little-endian, of as many bytes as it takes.
  std::int64_t read_long() {
    const auto size = reader_.read<std::uint8_t>();
    if (size > 8) corrupt("an integer of at most 8 bytes");
    const auto bytes = reader_.take(size);
    std::uint64_t bits =
        size > 0 && (bytes[size - 1U] & std::byte{0x80}) != std::byte{} ? ~0ULL : 0;
    for (std::size_t i = size; i-- > 0;)
      bits = bits << 8 | std::to_integer<std::uint64_t>(bytes[i]);
    return static_cast<std::int64_t>(bits);
  }

  void push_text() {
    const auto bytes = reader_.take(reader_.read<std::uint32_t>());
    const Ref made = make(Kind::kText);
    values_[made].text = {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    if (!is_utf8(values_[made].text)) corrupt("text in UTF-8");
    stack_.push_back(made);
  }

  std::string_view read_line() {
    const std::size_t begin = reader_.offset();
    std::size_t length = 0;
    while (reader_.read<char>() != '\n') ++length;
    const std::byte* line = reader_.take(0).data() - (reader_.offset() - begin);
    return {reinterpret_cast<const char*>(line), length};
  }

  void push_global() {
    const std::string_view module = read_line();
    const std::string_view name = read_line();
    const auto* known =
        std::find_if(std::begin(kGlobals), std::end(kGlobals),
                     [&](const Global& g) { return g.module == module && g.name == name; });
    if (known == std::end(kGlobals)) {
      refuse("global", shown(std::string(module).append(".").append(name)));
    }
    stack_.push_back(make_number(known->kind, known - kGlobals));
  }

  void push_tuple(std::vector<Ref> items) {
    const Ref made = make(Kind::kTuple);
    values_[made].items = std::move(items);
    stack_.push_back(made);
  }

  void set_items(std::span<const Ref> items) {
    expect(top(), Kind::kDict, "a dictionary");
    if (items.size() % 2 != 0) corrupt("keys with values");
    auto& dict = values_[top()].items;
    dict.insert(dict.end(), items.begin(), items.end());
  }

  // What the globals stand for.

  /// ("storage", type, key, device, count): a record of the archive.
  void push_storage() {
    const Ref id = take(1).front();
    const auto& parts = expect(id, Kind::kTuple, "a tuple for a storage").items;
    if (parts.size() != 5) corrupt("5 parts of a storage");
    if (expect(parts[0], Kind::kText, "the word storage").text != "storage") {
      corrupt("the word storage");
    }
    const Value& type = expect(parts[1], Kind::kStorageType, "a type of storage");
    const Global& global = kGlobals[type.integer];
    const std::string_view key = expect(parts[2], Kind::kText, "the key of a storage").text;
    storages_.push_back({key, global.type, global.width, size_at(parts[4])});
    stack_.push_back(make_number(Kind::kStorage, std::int64_t(storages_.size()) - 1));
  }

  void reduce() {
    const std::vector<Ref> call = take(2);
    const auto& arguments = expect(call[1], Kind::kTuple, "a tuple of arguments").items;
    switch (value(call[0]).kind) {
      case Kind::kOrderedDict:
        if (!arguments.empty()) corrupt("a dictionary that begins empty");
        return stack_.push_back(make(Kind::kDict));
      case Kind::kRebuildTensor: return stack_.push_back(tensor(arguments));
      case Kind::kRebuildParameter:
        if (arguments.empty()) corrupt("a tensor");
        expect(arguments[0], Kind::kTensor, "a tensor");
        return stack_.push_back(arguments[0]);
      default: corrupt("a function");
    }
  }

  /// (storage, first, shape, strides, requires_grad, hooks[, metadata])
  Ref tensor(std::span<const Ref> arguments) {
    if (arguments.size() != 6 && arguments.size() != 7) corrupt("6 or 7 parts of a tensor");
    PickledTensor built;
    const Value& storage = expect(arguments[0], Kind::kStorage, "a storage");
    built.storage = storages_[std::size_t(storage.integer)];
    built.first = size_at(arguments[1]);
    built.shape = sizes_at(arguments[2]);
    built.strides = sizes_at(arguments[3]);
    if (built.shape.size() != built.strides.size()) corrupt("a stride for every extent");
    tensors_.push_back(std::move(built));
    return make_number(Kind::kTensor, std::int64_t(tensors_.size()) - 1);
  }

  /// Attributes of a dictionary: its metadata, which nobody here needs.
  void build() {
    take(1);
    expect(top(), Kind::kDict, "a dictionary");
  }

  std::size_t size_at(Ref ref) const {
    const std::int64_t integer = expect(ref, Kind::kInteger, "an integer").integer;
    if (integer < 0) corrupt("an integer that is not negative");
    return std::size_t(integer);
  }

  std::vector<std::size_t> sizes_at(Ref ref) const {
    const auto& items = expect(ref, Kind::kTuple, "a tuple of integers").items;
    if (items.size() > kMaxRank) corrupt("fewer extents");
    std::vector<std::size_t> sizes;
    for (const Ref item : items) {
      sizes.push_back(size_at(item));
    }
    return sizes;
  }

  std::vector<PickledTensor> tensors_of(Ref dictionary) const {
    if (value(dictionary).kind != Kind::kDict) {
      throw Error(ErrorKind::kUnsupported,
                  "{}: expected a dictionary of tensors, found something else", where_);
    }
    const auto& items = value(dictionary).items;
    std::vector<PickledTensor> result;
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < items.size(); i += 2) {
      const std::string_view name = expect(items[i], Kind::kText, "names of tensors").text;
      if (value(items[i + 1]).kind != Kind::kTensor) {
        throw Error(ErrorKind::kUnsupported,
                    "{}: {}: expected a dictionary of tensors, found something else in it", where_,
                    shown(name));
      }
      if (!names.insert(name).second) {
        throw Error(ErrorKind::kCorrupt, "{}: tensor {}: expected it once, found it twice", where_,
                    shown(name));
      }
      result.push_back(tensors_[std::size_t(value(items[i + 1]).integer)]);
      result.back().name = name;
    }
    return result;
  }

  std::string_view where_;
  ByteReader reader_;
  std::size_t size_;
  std::size_t at_ = 0;  // where the opcode is that is at work
  std::vector<Value> values_;
  std::vector<Ref> stack_;
  std::vector<std::size_t> marks_;  // heights of the stack
  std::vector<Ref> memo_;
  std::vector<PickledStorage> storages_;
  std::vector<PickledTensor> tensors_;
  Ref none_, true_, false_, empty_tuple_;
};

}  // namespace

std::vector<PickledTensor> read_tensor_pickle(std::span<const std::byte> pickle,
                                              std::string_view where) {
  return Machine(pickle, where).run();
}

}  // namespace enlace
