#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pine/analysis/types.hpp"
#include "pine/program/function.hpp"

/// The built-in names of Pine as data: what each is called, takes and gives.
namespace tradeassist::pine {

/// The words of a text, which single spaces separate.
std::vector<std::string> words(std::string_view text);

/// A type as a signature writes it: a fixed one, or one with a variable that the arguments bind: `T`, `array<T>`,
/// `map<K,V>`, `array<number>`.
struct TypePattern {
  struct Leaf {
    Type type = Type::kVoid;  // fixed
    char variable = 0;        // T, K, V; N = int or float
  };
  Collection collection = Collection::kNone;
  Leaf element, key;
};

/// The types that the variables of one call stand for.
class TypeBindings {
 public:
  /// Whether an argument of this type fits; binds the pattern's variables.
  bool match(const TypePattern& pattern, Type type);
  void bind(char variable, Type type);
  /// The pattern with its variables replaced; kError where one is unbound.
  Type resolve(const TypePattern& pattern) const;

 private:
  bool match_leaf(const TypePattern::Leaf& leaf, Type type, bool inside_collection);
  Type resolve_leaf(const TypePattern::Leaf& leaf) const;

  struct Binding {
    char variable;
    Type type;
    bool fixed;  // by a collection's element type or a type argument: an int then fits a float, not the reverse
  };
  std::vector<Binding> bindings_;
};

/// "array<T>", "label", "K"; nothing when the text is no such type.
std::optional<TypePattern> parse_pattern(std::string_view text);
std::string to_string(const TypePattern& pattern);

enum class ParameterKind : std::uint8_t {
  kInt,
  kWhole,  // an int, or a number that is cut to one: lengths, indices, sizes
  kFloat,
  kNumber,
  kBool,
  kString,
  kColor,
  kAny,
  kPrintable,  // a number as it is, anything else as its text; arrays and matrices too
  kDirection,
  kPattern,  // BuiltinParameter::pattern
};

struct BuiltinParameter {
  std::string name;
  ParameterKind kind = ParameterKind::kFloat;
  TypePattern pattern;
  Qualifier strongest = Qualifier::kSeries;  // kSimple, kInput, kConst: what it accepts at most
  bool optional = false;
  bool implicit = false;     // not in the argument list: the overload means `default_text`, or nothing
  std::string default_text;  // a literal, or the name of a built-in variable; empty = absent (kNoSlot)
  std::string field;         // of a drawing's function: the field it fills, "x+y" for a point
};

enum class ResultKind : std::uint8_t {
  kVoid,
  kInt,
  kFloat,
  kBool,
  kString,
  kColor,
  kNumber,  // int if all arguments are
  kFirst,   // as the first argument
  kSecond,
  kPattern,
};

struct BuiltinResult {
  ResultKind kind = ResultKind::kVoid;
  TypePattern pattern;  // of kPattern
};

enum class Effect : std::uint8_t {
  kPure,         // depends on its operands alone
  kRunConstant,  // as kPure, and on the chart: known before the first bar
  kStateful,     // keeps memory from call to call
  kReads,        // reads what changes from bar to bar (strategy.*)
  kHeap,         // makes, reads or changes objects on the heap: never shared, never moved
};

/// How a function of a drawing is lowered: to reads and writes of the record's fields.
enum class DrawingAccess : std::uint8_t { kNone, kNew, kSet, kGet };

struct BuiltinFunction {
  std::string name;
  Function function = Function::kNone;
  Effect effect = Effect::kPure;
  std::vector<BuiltinParameter> parameters;
  bool variadic = false;               // the last parameter may repeat
  std::vector<BuiltinResult> results;  // more than one = tuple
  std::string signature;               // for messages
  std::string type_arguments;          // variables that `<…>` after the name binds: "T", "KV"
  DrawingAccess drawing = DrawingAccess::kNone;
  Layout layout = Layout::kUser;  // of `drawing`; a getter reads the field that its name ends with
};

/// The overloads of a name, in the order in which they are tried; empty when the name is no supported function.
const std::vector<BuiltinFunction>& builtin_functions(std::string_view name);

/// A variable or constant of the language.
struct BuiltinVariable {
  enum class Kind { kField, kCall, kNumber, kInt, kBool, kString, kColor, kDirection, kNaFloat };
  Kind kind = Kind::kNumber;
  Type type = Type::kFloat;
  Qualifier qualifier = Qualifier::kConst;
  BarField field = BarField::kClose;
  Function function = Function::kNone;
  Effect effect = Effect::kPure;
  double number = 0;
  std::string text;
};
std::optional<BuiltinVariable> builtin_variable(std::string_view name, int version);

/// All of them, for hints.
std::vector<std::string> builtin_variable_names();

/// True for names that Pine has: functions, variables, and whole namespaces, supported here or not.
bool is_known_namespace(std::string_view name);

/// The supported name nearest to a misspelt one, or nothing when none is near.
std::optional<std::string> nearest_builtin(std::string_view name);

}  // namespace tradeassist::pine
