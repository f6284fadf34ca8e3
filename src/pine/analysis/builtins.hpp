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

enum class ParameterKind : std::uint8_t { kInt, kFloat, kNumber, kBool, kString, kColor, kAny, kDirection };

struct BuiltinParameter {
  std::string name;
  ParameterKind kind = ParameterKind::kFloat;
  Qualifier strongest = Qualifier::kSeries;  // kSimple, kInput, kConst: what it accepts at most
  bool optional = false;
  bool implicit = false;     // not in the argument list: the overload means `default_text`, or nothing
  std::string default_text;  // a literal, or the name of a built-in variable; empty = absent (kNoSlot)
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
};

enum class Effect : std::uint8_t {
  kPure,         // depends on its operands alone
  kRunConstant,  // as kPure, and on the chart: known before the first bar
  kStateful,     // keeps memory from call to call
  kReads,        // reads what changes from bar to bar (strategy.*)
  kHeap,         // reads or changes objects on the heap: never shared, never moved
};

struct BuiltinFunction {
  std::string name;
  Function function = Function::kNone;
  Effect effect = Effect::kPure;
  std::vector<BuiltinParameter> parameters;
  bool variadic = false;            // the last parameter may repeat
  std::vector<ResultKind> results;  // more than one = tuple
  std::string signature;            // for messages
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

/// True for names that Pine has: functions, variables, and whole namespaces, supported here or not.
bool is_known_namespace(std::string_view name);

/// The supported name nearest to a misspelt one, or nothing when none is near.
std::optional<std::string> nearest_builtin(std::string_view name);

}  // namespace tradeassist::pine
