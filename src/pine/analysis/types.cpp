#include "pine/analysis/types.hpp"

namespace tradeassist::pine {
namespace {

// A type's number: the plain type in the lowest 8 bits, the collection in the next 2, the plain type of a map's keys in
// the next 8; the number of a user type among the elements in bits 20 to 41, among the keys in bits 42 to 63.
constexpr int kCollectionShift = 8, kKeyShift = 10, kNumberShift = 20, kKeyNumberShift = 42;
constexpr std::uint64_t kNumberMask = (1ull << 22) - 1;

std::uint64_t bits(Type type) { return static_cast<std::uint64_t>(type); }
Type plain_of(Type type) { return static_cast<Type>(bits(type) & 0xff); }

Type numbered(Type plain, std::uint32_t number) {
  return static_cast<Type>(bits(plain) | (number & kNumberMask) << kNumberShift);
}

Type collected(Collection collection, Type element) {
  return static_cast<Type>(bits(element) | static_cast<std::uint64_t>(collection) << kCollectionShift);
}

const char* plain_name(Type type) {
  switch (type) {
    case Type::kError: return "unknown";
    case Type::kVoid: return "void";
    case Type::kNa: return "na";
    case Type::kInt: return "int";
    case Type::kFloat: return "float";
    case Type::kBool: return "bool";
    case Type::kString: return "string";
    case Type::kColor: return "color";
    case Type::kDirection: return "strategy_direction";
    case Type::kPlot: return "plot";
    case Type::kLabel: return "label";
    case Type::kLine: return "line";
    case Type::kBox: return "box";
    case Type::kTable: return "table";
    case Type::kLinefill: return "linefill";
    case Type::kPolyline: return "polyline";
    case Type::kChartPoint: return "chart.point";
    case Type::kRecord: return "user type";
    case Type::kEnum: return "enum";
  }
  return "unknown";
}

}  // namespace

Type record_type(std::uint32_t number) { return numbered(Type::kRecord, number); }
Type enum_type(std::uint32_t number) { return numbered(Type::kEnum, number); }
Type array_of(Type element) { return collected(Collection::kArray, element); }
Type matrix_of(Type element) { return collected(Collection::kMatrix, element); }

Type map_of(Type key, Type value) {
  const std::uint64_t made = bits(collected(Collection::kMap, value)) | bits(plain_of(key)) << kKeyShift;
  return static_cast<Type>(made | static_cast<std::uint64_t>(number_of(key)) << kKeyNumberShift);
}

Collection collection_of(Type type) { return static_cast<Collection>(bits(type) >> kCollectionShift & 3); }

Type element_of(Type type) { return numbered(plain_of(type), number_of(type)); }

Type key_of(Type map) {
  return numbered(static_cast<Type>(bits(map) >> kKeyShift & 0xff),
                  static_cast<std::uint32_t>(bits(map) >> kKeyNumberShift));
}

bool is_record(Type type) { return collection_of(type) == Collection::kNone && plain_of(type) == Type::kRecord; }
bool is_enum(Type type) { return collection_of(type) == Collection::kNone && plain_of(type) == Type::kEnum; }
std::uint32_t number_of(Type type) { return static_cast<std::uint32_t>(bits(type) >> kNumberShift & kNumberMask); }

bool is_drawing(Type type) { return type >= Type::kLabel && type <= Type::kPolyline; }

bool is_reference(Type type) {
  return collection_of(type) != Collection::kNone || is_drawing(type) || type == Type::kChartPoint || is_record(type);
}

bool is_value_type(Type type) { return (type >= Type::kInt && type <= Type::kColor) || is_enum(type); }

ValueType value_type(Type type) {
  switch (type) {
    case Type::kVoid: return ValueType::kVoid;
    case Type::kInt: return ValueType::kInt;
    case Type::kBool: return ValueType::kBool;
    case Type::kString: return ValueType::kString;
    case Type::kColor: return ValueType::kColor;
    default: return is_enum(type) ? ValueType::kString : is_reference(type) ? ValueType::kObject : ValueType::kFloat;
  }
}

std::string to_string(Type type) {
  const std::string element = plain_name(plain_of(type));
  switch (collection_of(type)) {
    case Collection::kNone: return element;
    case Collection::kArray: return "array<" + element + ">";
    case Collection::kMatrix: return "matrix<" + element + ">";
    case Collection::kMap: return "map<" + std::string(plain_name(plain_of(key_of(type)))) + ", " + element + ">";
  }
  return element;
}

std::string type_name(Type type, Qualifier qualifier) {
  if (type == Type::kVoid || type == Type::kNa || type == Type::kError) return to_string(type);
  const char* prefix = qualifier == Qualifier::kConst    ? "const "
                       : qualifier == Qualifier::kInput  ? "input "
                       : qualifier == Qualifier::kSimple ? "simple "
                                                         : "series ";
  return is_reference(type) ? to_string(type) : prefix + to_string(type);
}

bool is_number(Type type) {
  return type == Type::kInt || type == Type::kFloat || type == Type::kNa || type == Type::kError;
}

Type common_type(Type a, Type b) {
  if (a == b) return a;
  if (a == Type::kError || b == Type::kError) return Type::kError;
  if (a == Type::kNa) return b;
  if (b == Type::kNa) return a;
  if ((a == Type::kInt && b == Type::kFloat) || (a == Type::kFloat && b == Type::kInt)) return Type::kFloat;
  return Type::kVoid;
}

bool both_serve_as_int(const Value& a, const Value& b) {
  const auto serves = [](const Value& value) { return value.type == Type::kInt || value.is_int_quotient; };
  return serves(a) && serves(b);
}

}  // namespace tradeassist::pine
