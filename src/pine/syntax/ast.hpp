#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "pine/syntax/source.hpp"

/// The syntax tree: what was written, nothing resolved. Names keep their dots as Member nodes (`ta.sma` is
/// Member(Name ta, sma)); what they mean is decided by the analysis.
namespace tradeassist::pine::ast {

struct Expression;
struct Statement;
using ExpressionPtr = std::unique_ptr<Expression>;
using StatementPtr = std::unique_ptr<Statement>;

/// The statements of a local scope; its value is the value of the last one.
struct Block {
  SourceRange range;
  std::vector<StatementPtr> statements;
};

/// `float`, `array<int>`, `float[]` (kept as array<float>), `map<string, float>`, `Lib.Type`.
struct TypeSpec {
  SourceRange range;
  std::string name;  // dotted as written
  std::vector<TypeSpec> arguments;
};

enum class Qualifier { kNone, kConst, kInput, kSimple, kSeries };
enum class UnaryOperator { kPlus, kMinus, kNot };
enum class BinaryOperator {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kEqual,
  kNotEqual,
  kAnd,
  kOr,
};

// Expressions ---------------------------------------------------------------------------------------------------------

struct NumberLiteral {
  double value = 0;
  bool is_integer = false;
};
struct StringLiteral {
  std::string value;  // escapes resolved
};
struct BoolLiteral {
  bool value = false;
};
struct ColorLiteral {
  std::uint32_t rgba = 0;  // 0xRRGGBBAA, AA = opacity
};
struct Name {
  std::string name;  // `na` is a Name too
};
struct Member {
  ExpressionPtr object;
  std::string name;
  SourceRange name_range;
};
struct Argument {
  SourceRange range;
  std::string name;  // empty = positional
  ExpressionPtr value;
};
struct Call {
  ExpressionPtr callee;
  std::vector<TypeSpec> type_arguments;  // array.new<float>
  std::vector<Argument> arguments;
};
struct History {
  ExpressionPtr object, offset;  // object[offset]
  bool is_call = false;          // offset(object, offset) of versions before 5
};
struct Unary {
  UnaryOperator op = UnaryOperator::kPlus;
  ExpressionPtr operand;
};
struct Binary {
  BinaryOperator op = BinaryOperator::kAdd;
  ExpressionPtr left, right;
};
struct Conditional {
  ExpressionPtr condition, then, otherwise;  // condition ? then : otherwise
  bool is_eager = false;                     // both values are computed always: the iff() of versions before 5
};
struct Tuple {
  std::vector<ExpressionPtr> elements;  // [a, b]
};
struct If {
  ExpressionPtr condition;
  Block then;
  std::optional<Block> otherwise;  // `else if` is a block of one If
};
struct For {  // for counter = from to to [by step]
  std::string counter;
  SourceRange counter_range;
  ExpressionPtr from, to, step;  // step may be null
  Block body;
};
struct ForIn {        // for value in collection, for [index, value] in collection
  std::string index;  // empty when absent
  std::string value;
  ExpressionPtr collection;
  Block body;
};
struct While {
  ExpressionPtr condition;
  Block body;
};
struct SwitchArm {
  ExpressionPtr match;  // null for the default arm
  Block body;
};
struct Switch {
  ExpressionPtr subject;  // null when arms are conditions
  std::vector<SwitchArm> arms;
};

/// `height` counts the expressions inside one another, this one included; the parser bounds it, so that walking a tree
/// by recursion is safe.
struct Expression {
  SourceRange range;
  std::uint32_t height = 1;
  std::variant<NumberLiteral, StringLiteral, BoolLiteral, ColorLiteral, Name, Member, Call, History, Unary, Binary,
               Conditional, Tuple, If, For, ForIn, While, Switch>
      node;
};

// Statements ----------------------------------------------------------------------------------------------------------

enum class Persistence { kNone, kVar, kVarip };

struct Declaration {  // [var] [type] name = value
  bool exported = false;
  Persistence persistence = Persistence::kNone;
  Qualifier qualifier = Qualifier::kNone;
  std::optional<TypeSpec> type;
  std::string name;
  SourceRange name_range;
  ExpressionPtr value;
};
struct TupleDeclaration {  // [a, b] = value; "_" ignores
  Persistence persistence = Persistence::kNone;
  struct Target {
    std::string name;
    SourceRange range;
  };
  std::vector<Target> targets;
  ExpressionPtr value;
};
struct Assignment {  // target := value; compound: op set
  ExpressionPtr target;
  std::optional<BinaryOperator> op;
  ExpressionPtr value;
};
struct ExpressionStatement {
  ExpressionPtr value;
};
struct Parameter {
  SourceRange range;
  Qualifier qualifier = Qualifier::kNone;
  std::optional<TypeSpec> type;
  std::string name;
  ExpressionPtr default_value;  // null = required
};
struct FunctionDeclaration {
  bool exported = false, is_method = false;
  std::string name;
  SourceRange name_range;
  std::vector<Parameter> parameters;
  Block body;  // a one-line body is a block too
};
struct TypeDeclaration {
  bool exported = false;
  std::string name;
  SourceRange name_range;
  struct Field {
    SourceRange range;
    bool varip = false;
    TypeSpec type;
    std::string name;
    ExpressionPtr default_value;
  };
  std::vector<Field> fields;
};
struct EnumDeclaration {
  bool exported = false;
  std::string name;
  SourceRange name_range;
  struct Member {
    SourceRange range;
    std::string name, title;  // title = name when not given
  };
  std::vector<Member> members;
};
struct Import {
  std::string user, library, alias;  // alias may be empty
  int version = 0;
};
struct Break {};
struct Continue {};

struct Statement {
  SourceRange range;
  std::variant<Declaration, TupleDeclaration, Assignment, ExpressionStatement, FunctionDeclaration, TypeDeclaration,
               EnumDeclaration, Import, Break, Continue>
      node;
};

/// A whole file.
struct Script {
  int version = 1;  // of //@version=N; 1 when missing
  SourceRange version_range;
  std::vector<StatementPtr> statements;
  std::vector<SourceRange> unread;  // what syntax errors left out of the statements
};

}  // namespace tradeassist::pine::ast
