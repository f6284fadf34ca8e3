#include "pine/analysis/syntax_walk.hpp"

#include <variant>

namespace tradeassist::pine {
namespace {

using namespace ast;

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};

void block(const Block& inside, const SyntaxVisitor& visitor) {
  for (const StatementPtr& statement : inside.statements) visitor.statement(*statement);
}

void maybe(const ExpressionPtr& expression, const SyntaxVisitor& visitor) {
  if (expression) visitor.expression(*expression);
}

}  // namespace

void visit_children(const Expression& expression, const SyntaxVisitor& visitor) {
  std::visit(Overloaded{
                 [](const auto&) {},
                 [&](const Member& node) { maybe(node.object, visitor); },
                 [&](const Call& node) {
                   maybe(node.callee, visitor);
                   for (const Argument& argument : node.arguments) maybe(argument.value, visitor);
                 },
                 [&](const ast::History& node) {
                   maybe(node.object, visitor);
                   maybe(node.offset, visitor);
                 },
                 [&](const Unary& node) { maybe(node.operand, visitor); },
                 [&](const Binary& node) {
                   maybe(node.left, visitor);
                   maybe(node.right, visitor);
                 },
                 [&](const Conditional& node) {
                   maybe(node.condition, visitor);
                   maybe(node.then, visitor);
                   maybe(node.otherwise, visitor);
                 },
                 [&](const Tuple& node) {
                   for (const ExpressionPtr& element : node.elements) maybe(element, visitor);
                 },
                 [&](const If& node) {
                   maybe(node.condition, visitor);
                   block(node.then, visitor);
                   if (node.otherwise) block(*node.otherwise, visitor);
                 },
                 [&](const For& node) {
                   maybe(node.from, visitor);
                   maybe(node.to, visitor);
                   maybe(node.step, visitor);
                   block(node.body, visitor);
                 },
                 [&](const ForIn& node) {
                   maybe(node.collection, visitor);
                   block(node.body, visitor);
                 },
                 [&](const While& node) {
                   maybe(node.condition, visitor);
                   block(node.body, visitor);
                 },
                 [&](const Switch& node) {
                   maybe(node.subject, visitor);
                   for (const SwitchArm& arm : node.arms) {
                     maybe(arm.match, visitor);
                     block(arm.body, visitor);
                   }
                 },
             },
             expression.node);
}

void visit_children(const Statement& statement, const SyntaxVisitor& visitor) {
  std::visit(Overloaded{
                 [](const auto&) {},
                 [&](const Declaration& node) { maybe(node.value, visitor); },
                 [&](const TupleDeclaration& node) { maybe(node.value, visitor); },
                 [&](const Assignment& node) {
                   maybe(node.target, visitor);
                   maybe(node.value, visitor);
                 },
                 [&](const ExpressionStatement& node) { maybe(node.value, visitor); },
                 [&](const FunctionDeclaration& node) {
                   for (const Parameter& parameter : node.parameters) maybe(parameter.default_value, visitor);
                   block(node.body, visitor);
                 },
                 [&](const TypeDeclaration& node) {
                   for (const auto& field : node.fields) maybe(field.default_value, visitor);
                 },
             },
             statement.node);
}

void collect_names(const Expression& expression, std::set<std::string>& names) {
  if (const auto* name = std::get_if<Name>(&expression.node)) names.insert(name->name);
  visit_children(expression, {[&](const Expression& inside) { collect_names(inside, names); },
                              [&](const Statement& inside) { collect_names(inside, names); }});
}

void collect_names(const Statement& statement, std::set<std::string>& names) {
  visit_children(statement, {[&](const Expression& inside) { collect_names(inside, names); },
                             [&](const Statement& inside) { collect_names(inside, names); }});
}

namespace {

void collect_assigned(const Expression& expression, std::set<std::string>& names) {
  visit_children(expression, {[&](const Expression& inside) { collect_assigned(inside, names); },
                              [&](const Statement& inside) { pine::collect_assigned(inside, names); }});
}

}  // namespace

void collect_assigned(const Statement& statement, std::set<std::string>& names) {
  if (const auto* assignment = std::get_if<Assignment>(&statement.node)) {
    if (const auto* name = std::get_if<Name>(&assignment->target->node)) names.insert(name->name);
  }
  visit_children(statement, {[&](const Expression& inside) { collect_assigned(inside, names); },
                             [&](const Statement& inside) { collect_assigned(inside, names); }});
}

void collect_defined(const Statement& statement, std::set<std::string>& names) {
  collect_assigned(statement, names);
  if (const auto* declaration = std::get_if<Declaration>(&statement.node)) names.insert(declaration->name);
  if (const auto* function = std::get_if<FunctionDeclaration>(&statement.node)) names.insert(function->name);
  if (const auto* tuple = std::get_if<TupleDeclaration>(&statement.node)) {
    for (const auto& target : tuple->targets) names.insert(target.name);
  }
}

std::string dotted_name(const Expression& expression) {
  if (const auto* name = std::get_if<Name>(&expression.node)) return name->name;
  if (const auto* member = std::get_if<Member>(&expression.node)) {
    const std::string object = dotted_name(*member->object);
    return object.empty() ? "" : object + "." + member->name;
  }
  return "";
}

}  // namespace tradeassist::pine
