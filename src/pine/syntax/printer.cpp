#include "pine/syntax/printer.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace tradeassist::pine {
namespace {

using namespace ast;

/// How tightly an expression holds together; a part is put in parentheses where its place asks for more.
enum Precedence { kTernary, kOrLevel, kAndLevel, kEquality, kComparison, kSum, kProduct, kUnaryLevel, kPostfix };

Precedence precedence(BinaryOperator op) {
  switch (op) {
    case BinaryOperator::kOr: return kOrLevel;
    case BinaryOperator::kAnd: return kAndLevel;
    case BinaryOperator::kEqual:
    case BinaryOperator::kNotEqual: return kEquality;
    case BinaryOperator::kLess:
    case BinaryOperator::kLessEqual:
    case BinaryOperator::kGreater:
    case BinaryOperator::kGreaterEqual: return kComparison;
    case BinaryOperator::kAdd:
    case BinaryOperator::kSubtract: return kSum;
    default: return kProduct;
  }
}

Precedence precedence(const Expression& expression) {
  if (std::holds_alternative<Conditional>(expression.node)) return kTernary;
  if (const auto* binary = std::get_if<Binary>(&expression.node)) return precedence(binary->op);
  if (std::holds_alternative<Unary>(expression.node)) return kUnaryLevel;
  return kPostfix;
}

bool is_structure(const Expression& expression) {
  return std::holds_alternative<If>(expression.node) || std::holds_alternative<For>(expression.node) ||
         std::holds_alternative<ForIn>(expression.node) || std::holds_alternative<While>(expression.node) ||
         std::holds_alternative<Switch>(expression.node);
}

class Printer {
 public:
  std::string take() { return std::move(out_); }

  void script(const Script& script) {
    if (script.version_range.end != 0) out_ += "//@version=" + std::to_string(script.version) + "\n";
    for (const StatementPtr& statement : script.statements) line(*statement);
  }

  /// An expression where the grammar asks for at least `minimum`.
  void expression(const Expression& expression, Precedence minimum = kTernary) {
    const bool parenthesised = precedence(expression) < minimum;
    if (parenthesised) out_ += '(';
    std::visit([&](const auto& node) { this->node(node); }, expression.node);
    if (parenthesised) out_ += ')';
  }

 private:
  // Expressions.
  void node(const NumberLiteral& literal) { out_ += print_number(literal.value, literal.is_integer); }
  void node(const StringLiteral& literal) { out_ += print_string(literal.value); }
  void node(const BoolLiteral& literal) { out_ += literal.value ? "true" : "false"; }
  void node(const ColorLiteral& literal) { out_ += print_color(literal.rgba); }
  void node(const Name& name) { out_ += name.name; }
  void node(const Member& member) {
    // `1.x` would begin a number.
    const bool number = std::holds_alternative<NumberLiteral>(member.object->node);
    if (number) out_ += '(';
    expression(*member.object, number ? kTernary : kPostfix);
    out_ += number ? ")." : ".";
    out_ += member.name;
  }
  void node(const Call& call) {
    expression(*call.callee, kPostfix);
    if (!call.type_arguments.empty()) type_arguments(call.type_arguments);
    out_ += '(';
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
      const Argument& argument = call.arguments[i];
      if (i > 0) out_ += ", ";
      if (!argument.name.empty()) out_ += argument.name + " = ";
      expression(*argument.value);
    }
    out_ += ')';
  }
  void node(const History& history) {
    expression(*history.object, kPostfix);
    out_ += '[';
    expression(*history.offset);
    out_ += ']';
  }
  void node(const Unary& unary) {
    out_ += spelling(unary.op);
    if (unary.op == UnaryOperator::kNot) out_ += ' ';
    // `--x` would read as another language's decrement.
    const auto* inner = std::get_if<Unary>(&unary.operand->node);
    const bool sign_on_sign = inner != nullptr && unary.op != UnaryOperator::kNot && inner->op != UnaryOperator::kNot;
    expression(*unary.operand, sign_on_sign ? kPostfix : kUnaryLevel);
  }
  void node(const Binary& binary) {
    const Precedence own = precedence(binary.op);
    expression(*binary.left, own);
    out_ += ' ';
    out_ += spelling(binary.op);
    out_ += ' ';
    expression(*binary.right, static_cast<Precedence>(own + 1));
  }
  void node(const Conditional& conditional) {
    // The ladder is walked, not recursed into: it may be long.
    const Conditional* rung = &conditional;
    for (;;) {
      expression(*rung->condition, kOrLevel);
      out_ += " ? ";
      expression(*rung->then, kOrLevel);
      out_ += " : ";
      const auto* next = std::get_if<Conditional>(&rung->otherwise->node);
      if (next == nullptr) break;
      rung = next;
    }
    expression(*rung->otherwise);
  }
  void node(const Tuple& tuple) {
    out_ += '[';
    for (std::size_t i = 0; i < tuple.elements.size(); ++i) {
      if (i > 0) out_ += ", ";
      expression(*tuple.elements[i]);
    }
    out_ += ']';
  }

  // Structures: they end with a complete line.
  void node(const If& structure) {
    const If* branch = &structure;
    for (;;) {
      out_ += "if ";
      expression(*branch->condition);
      block(branch->then);
      if (!branch->otherwise) return;
      indent();
      out_ += "else";
      const Block& otherwise = *branch->otherwise;
      const auto* only = otherwise.statements.size() == 1
                             ? std::get_if<ExpressionStatement>(&otherwise.statements.front()->node)
                             : nullptr;
      const If* chained = only == nullptr ? nullptr : std::get_if<If>(&only->value->node);
      if (chained == nullptr) {
        block(otherwise);
        return;
      }
      out_ += ' ';
      branch = chained;
    }
  }
  void node(const For& loop) {
    out_ += "for " + loop.counter + " = ";
    expression(*loop.from);
    out_ += " to ";
    expression(*loop.to);
    if (loop.step) {
      out_ += " by ";
      expression(*loop.step);
    }
    block(loop.body);
  }
  void node(const ForIn& loop) {
    out_ += loop.index.empty() ? "for " + loop.value : "for [" + loop.index + ", " + loop.value + "]";
    out_ += " in ";
    expression(*loop.collection);
    block(loop.body);
  }
  void node(const While& loop) {
    out_ += "while ";
    expression(*loop.condition);
    block(loop.body);
  }
  void node(const Switch& structure) {
    out_ += "switch";
    if (structure.subject) {
      out_ += ' ';
      expression(*structure.subject);
    }
    out_ += '\n';
    ++depth_;
    for (const SwitchArm& arm : structure.arms) {
      indent();
      if (arm.match) {
        expression(*arm.match);
        out_ += ' ';
      }
      out_ += "=>";
      body(arm.body);
    }
    --depth_;
  }

  // Statements.
  void line(const Statement& statement) {
    indent();
    std::visit([&](const auto& node) { this->node(node); }, statement.node);
    end_line();
  }
  void node(const Declaration& declaration) {
    if (declaration.exported) out_ += "export ";
    persistence(declaration.persistence);
    qualifier(declaration.qualifier);
    if (declaration.type) {
      type(*declaration.type);
      out_ += ' ';
    }
    out_ += declaration.name + " = ";
    expression(*declaration.value);
  }
  void node(const TupleDeclaration& declaration) {
    persistence(declaration.persistence);
    out_ += '[';
    for (std::size_t i = 0; i < declaration.targets.size(); ++i) {
      out_ += (i > 0 ? ", " : "") + declaration.targets[i].name;
    }
    out_ += "] = ";
    expression(*declaration.value);
  }
  void node(const Assignment& assignment) {
    expression(*assignment.target);
    out_ += ' ';
    out_ += assignment.op ? spelling(*assignment.op) : std::string_view(":");
    out_ += "= ";
    expression(*assignment.value);
  }
  void node(const ExpressionStatement& statement) { expression(*statement.value); }
  void node(const FunctionDeclaration& function) {
    if (function.exported) out_ += "export ";
    if (function.is_method) out_ += "method ";
    out_ += function.name + "(";
    for (std::size_t i = 0; i < function.parameters.size(); ++i) {
      const Parameter& parameter = function.parameters[i];
      if (i > 0) out_ += ", ";
      qualifier(parameter.qualifier);
      if (parameter.type) {
        type(*parameter.type);
        out_ += ' ';
      }
      out_ += parameter.name;
      if (!parameter.default_value) continue;
      out_ += " = ";
      expression(*parameter.default_value);
    }
    out_ += ") =>";
    body(function.body);
  }
  void node(const TypeDeclaration& declaration) {
    out_ += std::string(declaration.exported ? "export " : "") + "type " + declaration.name + "\n";
    ++depth_;
    for (const TypeDeclaration::Field& field : declaration.fields) {
      indent();
      if (field.varip) out_ += "varip ";
      type(field.type);
      out_ += " " + field.name;
      if (field.default_value) {
        out_ += " = ";
        expression(*field.default_value);
      }
      out_ += '\n';
    }
    --depth_;
  }
  void node(const EnumDeclaration& declaration) {
    out_ += std::string(declaration.exported ? "export " : "") + "enum " + declaration.name + "\n";
    ++depth_;
    for (const EnumDeclaration::Member& member : declaration.members) {
      indent();
      out_ += member.name;
      if (member.title != member.name) out_ += " = " + print_string(member.title);
      out_ += '\n';
    }
    --depth_;
  }
  void node(const Import& import) {
    out_ += "import " + import.user + "/" + import.library + "/" + std::to_string(import.version);
    if (!import.alias.empty()) out_ += " as " + import.alias;
  }
  void node(const Break&) { out_ += "break"; }
  void node(const Continue&) { out_ += "continue"; }

  // Parts.
  void block(const Block& block) {
    out_ += '\n';
    ++depth_;
    for (const StatementPtr& statement : block.statements) line(*statement);
    --depth_;
  }
  /// After `=>`: one plain expression on the same line, anything more in lines of its own.
  void body(const Block& body) {
    const auto* only =
        body.statements.size() == 1 ? std::get_if<ExpressionStatement>(&body.statements.front()->node) : nullptr;
    if (only == nullptr || is_structure(*only->value)) return block(body);
    out_ += ' ';
    expression(*only->value);
    out_ += '\n';
  }
  void type(const TypeSpec& spec) {
    out_ += spec.name;
    if (!spec.arguments.empty()) type_arguments(spec.arguments);
  }
  void type_arguments(const std::vector<TypeSpec>& arguments) {
    out_ += '<';
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (i > 0) out_ += ", ";
      type(arguments[i]);
    }
    out_ += '>';
  }
  void persistence(Persistence persistence) {
    if (persistence == Persistence::kVar) out_ += "var ";
    if (persistence == Persistence::kVarip) out_ += "varip ";
  }
  void qualifier(Qualifier qualifier) {
    constexpr std::array<std::string_view, 5> kSpellings = {"", "const ", "input ", "simple ", "series "};
    out_ += kSpellings[static_cast<std::size_t>(qualifier)];
  }
  void indent() { out_.append(4 * depth_, ' '); }
  void end_line() {
    if (!out_.ends_with('\n')) out_ += '\n';
  }

  std::string out_;
  std::size_t depth_ = 0;
};

}  // namespace

std::string print(const Script& script) {
  Printer printer;
  printer.script(script);
  return printer.take();
}

std::string print(const Expression& expression) {
  Printer printer;
  printer.expression(expression);
  return printer.take();
}

std::string print_number(double value, bool is_integer) {
  // Infinities are written as numbers that overflow to them: Pine has no name for them.
  if (std::isinf(value)) return value > 0 ? "1e999" : "-1e999";
  if (std::isnan(value)) return "na";
  std::array<char, 400> digits{};  // 1.8e308 in full has 309
  const auto format = is_integer ? std::chars_format::fixed : std::chars_format::general;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value, format);
  std::string text(digits.data(), end);
  if (!is_integer && text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string print_string(std::string_view value) {
  std::string text = "\"";
  for (const char c : value) {
    switch (c) {
      case '\n': text += "\\n"; break;
      case '\t': text += "\\t"; break;
      case '"': text += "\\\""; break;
      case '\\': text += "\\\\"; break;
      default: text += c;
    }
  }
  return text + '"';
}

std::string print_color(std::uint32_t rgba) {
  std::array<char, 16> text{};
  if ((rgba & 0xff) == 0xff) {
    std::snprintf(text.data(), text.size(), "#%06X", static_cast<unsigned>(rgba >> 8));
  } else {
    std::snprintf(text.data(), text.size(), "#%08X", static_cast<unsigned>(rgba));
  }
  return text.data();
}

std::string_view spelling(BinaryOperator op) {
  constexpr std::array<std::string_view, 13> kSpellings = {
      "+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=", "and", "or"};
  return kSpellings[static_cast<std::size_t>(op)];
}

std::string_view spelling(UnaryOperator op) {
  constexpr std::array<std::string_view, 3> kSpellings = {"+", "-", "not"};
  return kSpellings[static_cast<std::size_t>(op)];
}

}  // namespace tradeassist::pine
