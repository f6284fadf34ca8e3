#include "pine/syntax/testing/dump.hpp"

#include <cstring>

namespace tradeassist::pine::testing {
namespace {

using namespace ast;

class Dumper {
 public:
  std::string out;

  void operator()(const NumberLiteral& node) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &node.value, sizeof bits);
    add("number", bits, node.is_integer);
  }
  void operator()(const StringLiteral& node) { add("string", node.value); }
  void operator()(const BoolLiteral& node) { add("bool", node.value); }
  void operator()(const ColorLiteral& node) { add("color", node.rgba); }
  void operator()(const Name& node) { add("name", node.name); }
  void operator()(const Member& node) { add("member", node.object, node.name); }
  void operator()(const Call& node) { add("call", node.callee, node.type_arguments, node.arguments); }
  void operator()(const History& node) { add("history", node.object, node.offset); }
  void operator()(const Unary& node) { add("unary", static_cast<int>(node.op), node.operand); }
  void operator()(const Binary& node) { add("binary", static_cast<int>(node.op), node.left, node.right); }
  void operator()(const Conditional& node) { add("ternary", node.condition, node.then, node.otherwise); }
  void operator()(const Tuple& node) { add("tuple", node.elements); }
  void operator()(const If& node) { add("if", node.condition, node.then, node.otherwise); }
  void operator()(const For& node) { add("for", node.counter, node.from, node.to, node.step, node.body); }
  void operator()(const ForIn& node) { add("forin", node.index, node.value, node.collection, node.body); }
  void operator()(const While& node) { add("while", node.condition, node.body); }
  void operator()(const Switch& node) { add("switch", node.subject, node.arms); }
  void operator()(const Declaration& node) {
    add("declare", node.exported, static_cast<int>(node.persistence), static_cast<int>(node.qualifier), node.type,
        node.name, node.value);
  }
  void operator()(const TupleDeclaration& node) {
    add("destructure", static_cast<int>(node.persistence), node.targets, node.value);
  }
  void operator()(const Assignment& node) {
    add("assign", node.target, node.op ? static_cast<int>(*node.op) : -1, node.value);
  }
  void operator()(const ExpressionStatement& node) { add("evaluate", node.value); }
  void operator()(const FunctionDeclaration& node) {
    add("function", node.exported, node.is_method, node.name, node.parameters, node.body);
  }
  void operator()(const TypeDeclaration& node) { add("type", node.exported, node.name, node.fields); }
  void operator()(const EnumDeclaration& node) { add("enum", node.exported, node.name, node.members); }
  void operator()(const Import& node) { add("import", node.user, node.library, node.version, node.alias); }
  void operator()(const Break&) { add("break"); }
  void operator()(const Continue&) { add("continue"); }

 private:
  void add(const char* tag, const auto&... parts) {
    out += '(';
    out += tag;
    ((out += ' ', part(parts)), ...);
    out += ')';
  }
  void part(const std::string& text) { out += std::to_string(text.size()) + ":" + text; }
  template <class Number>
    requires std::is_arithmetic_v<Number>
  void part(Number number) {
    out += std::to_string(number);
  }
  void part(const ExpressionPtr& expression) {
    if (expression == nullptr)
      out += "none";
    else
      std::visit(*this, expression->node);
  }
  void part(const StatementPtr& statement) { std::visit(*this, statement->node); }
  void part(const Block& block) { part(block.statements); }
  void part(const TypeSpec& spec) { add("spec", spec.name, spec.arguments); }
  void part(const Argument& argument) { add("argument", argument.name, argument.value); }
  void part(const SwitchArm& arm) { add("arm", arm.match, arm.body); }
  void part(const TupleDeclaration::Target& target) { part(target.name); }
  void part(const Parameter& parameter) {
    add("parameter", static_cast<int>(parameter.qualifier), parameter.type, parameter.name, parameter.default_value);
  }
  void part(const TypeDeclaration::Field& field) {
    add("field", field.varip, field.type, field.name, field.default_value);
  }
  void part(const EnumDeclaration::Member& member) { add("member", member.name, member.title); }
  template <class T>
  void part(const std::optional<T>& value) {
    if (value)
      part(*value);
    else
      out += "none";
  }
  template <class T>
  void part(const std::vector<T>& list) {
    out += '[';
    for (const T& item : list) part(item);
    out += ']';
  }
};

}  // namespace

std::string dump(const Script& script) {
  Dumper dumper;
  for (const StatementPtr& statement : script.statements) {
    std::visit(dumper, statement->node);
    dumper.out += '\n';
  }
  return std::to_string(script.version) + "\n" + dumper.out;
}

}  // namespace tradeassist::pine::testing
