#include "pine/versions/modernize.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "pine/analysis/syntax_walk.hpp"
#include "pine/versions/expression_kind.hpp"
#include "pine/versions/versions.hpp"

namespace tradeassist::pine {
namespace {

using namespace ast;
using Kind = ExpressionKind;

ExpressionPtr make(SourceRange range, auto node, std::uint32_t height_inside = 0) {
  auto made = std::make_unique<Expression>();
  made->range = range;
  made->height = height_inside + 1;
  made->node = std::move(node);
  return made;
}

/// `ta.sma` as a tree that stands where the older name stood.
ExpressionPtr dotted(std::string_view name, SourceRange range) {
  const std::size_t dot = name.find('.');
  ExpressionPtr made = make(range, Name{std::string(name.substr(0, dot))});
  while (name.find('.') != std::string_view::npos) {
    name.remove_prefix(name.find('.') + 1);
    const std::uint32_t height = made->height;
    made = make(range, Member{std::move(made), std::string(name.substr(0, name.find('.'))), range}, height);
  }
  return made;
}

std::string_view type_name(Kind kind) {
  switch (kind) {
    case Kind::kBool: return "bool";
    case Kind::kString: return "string";
    case Kind::kColor: return "color";
    default: return "float";
  }
}

Argument* find_argument(Call& call, std::string_view name) {
  for (Argument& argument : call.arguments) {
    if (argument.name == name) return &argument;
  }
  return nullptr;
}

class Modernizer {
 public:
  explicit Modernizer(int version) : version_(version) { scopes_.emplace_back(); }

  void run(Script& script) {
    for (const StatementPtr& statement : script.statements) {
      if (version_ <= 3) collect_assignments(*statement);
    }
    statements(script.statements);
  }

 private:
  using Scope = std::map<std::string, Kind>;

  /// Of a variable: where, and what. Only those after the statement at hand are looked at: the value of an earlier one
  /// may have been replaced.
  struct LaterAssignment {
    std::uint32_t begin;
    const Expression* value;
    std::optional<Kind> kind;
  };

  void statements(std::vector<StatementPtr>& list) {
    std::vector<StatementPtr> made;
    for (std::size_t i = 0; i < list.size(); ++i) {
      StatementPtr before = self_reference(*list[i]);
      if (before) made.push_back(std::move(before));
      untyped_na(*list[i]);
      statement(*list[i]);
      made.push_back(std::move(list[i]));
    }
    list = std::move(made);
  }

  // Names.
  bool is_variable(const std::string& name) const {
    return std::ranges::any_of(scopes_, [&](const Scope& scope) { return scope.contains(name); });
  }
  Kind kind_of(const Expression& expression) const {
    return pine::kind_of(expression, [&](const std::string& name) {
      for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
        if (const auto found = scope->find(name); found != scope->end()) return found->second;
      }
      const auto today = old_variable(name, version_);
      return today && today->starts_with("color.") ? Kind::kColor : Kind::kUnknown;
    });
  }
  void declare(const std::string& name, Kind kind = Kind::kUnknown) { scopes_.back()[name] = kind; }

  // Statements.
  void statement(Statement& statement) {
    if (auto* declaration = std::get_if<Declaration>(&statement.node)) {
      expression(declaration->value);
      Kind kind = kind_of(*declaration->value);
      if (kind == Kind::kSource) kind = Kind::kFloat;  // a variable is no source of an input
      declare(declaration->name, kind);
    } else if (auto* tuple = std::get_if<TupleDeclaration>(&statement.node)) {
      expression(tuple->value);
      for (const auto& target : tuple->targets) declare(target.name);
    } else if (auto* assignment = std::get_if<Assignment>(&statement.node)) {
      expression(assignment->value);
    } else if (auto* alone = std::get_if<ExpressionStatement>(&statement.node)) {
      expression(alone->value);
    } else if (auto* function = std::get_if<FunctionDeclaration>(&statement.node)) {
      scopes_.emplace_back();
      for (Parameter& parameter : function->parameters) {
        if (parameter.default_value) expression(parameter.default_value);
        declare(parameter.name);
      }
      statements(function->body.statements);
      scopes_.pop_back();
      functions_.insert(function->name);  // its own body still means the built-in one
    }
  }
  void block(Block& block) {
    scopes_.emplace_back();
    statements(block.statements);
    scopes_.pop_back();
  }

  /// v2: `x = nz(x[1]) + 1` reads the variable that it declares. The declaration that goes before it, or nothing.
  StatementPtr self_reference(Statement& statement) {
    auto* declaration = std::get_if<Declaration>(&statement.node);
    if (version_ > 2 || declaration == nullptr || is_variable(declaration->name)) return nullptr;
    std::set<std::string> names;
    collect_names(*declaration->value, names);
    if (!names.contains(declaration->name) || old_variable(declaration->name, version_)) return nullptr;
    auto before = std::make_unique<Statement>();
    before->range = statement.range;
    Declaration first;
    first.name = declaration->name;
    first.name_range = declaration->name_range;
    first.type = TypeSpec{declaration->name_range, std::string(type_name(kind_of(*declaration->value))), {}};
    first.value = make(declaration->name_range, Name{"na"});
    declare(first.name);
    before->node = std::move(first);
    Assignment assignment{make(declaration->name_range, Name{declaration->name}), std::nullopt,
                          std::move(declaration->value)};
    statement.node = std::move(assignment);
    return before;
  }

  /// v3: `x = na` takes the type of what is assigned to it first.
  void untyped_na(Statement& statement) {
    auto* declaration = std::get_if<Declaration>(&statement.node);
    if (version_ > 3 || declaration == nullptr || declaration->type) return;
    const auto* value = std::get_if<Name>(&declaration->value->node);
    if (value == nullptr || value->name != "na") return;
    const auto found = assigned_.find(declaration->name);
    Kind kind = Kind::kUnknown;
    if (found != assigned_.end()) {
      const auto later = std::ranges::lower_bound(found->second, statement.range.begin, {}, &LaterAssignment::begin);
      if (later != found->second.end()) {
        if (!later->kind) later->kind = kind_of(*later->value);
        kind = *later->kind;
      }
    }
    declaration->type = TypeSpec{declaration->name_range, std::string(type_name(kind)), {}};
  }
  void collect_assignments(const Statement& statement) {
    if (const auto* assignment = std::get_if<Assignment>(&statement.node)) {
      const auto* target = std::get_if<Name>(&assignment->target->node);
      if (target != nullptr) {
        assigned_[target->name].push_back({statement.range.begin, assignment->value.get(), std::nullopt});
      }
    }
    visit_children(statement, {[this](const Expression& inside) { collect_assignments(inside); },
                               [this](const Statement& inside) { collect_assignments(inside); }});
  }
  void collect_assignments(const Expression& expression) {
    visit_children(expression, {[this](const Expression& inside) { collect_assignments(inside); },
                                [this](const Statement& inside) { collect_assignments(inside); }});
  }

  // Expressions.
  void expression(ExpressionPtr& at) {
    if (at == nullptr) return;
    if (const auto* name = std::get_if<Name>(&at->node)) {
      const auto today = is_variable(name->name) ? std::nullopt : old_variable(name->name, version_);
      if (today) at = dotted(*today, at->range);
    } else if (auto* member = std::get_if<Member>(&at->node)) {
      const std::string full = dotted_name(*at);
      if (full.empty()) return expression(member->object);
      const auto today = is_variable(full.substr(0, full.find('.'))) ? std::nullopt : old_variable(full, version_);
      if (today) at = dotted(*today, at->range);
    } else if (std::holds_alternative<Call>(at->node)) {
      call(at);
    } else {
      parts(*at);
    }
  }
  void parts(Expression& at) {
    if (auto* past = std::get_if<ast::History>(&at.node)) {
      expression(past->object);
      expression(past->offset);
    } else if (auto* unary = std::get_if<Unary>(&at.node)) {
      expression(unary->operand);
    } else if (auto* binary = std::get_if<Binary>(&at.node)) {
      expression(binary->left);
      expression(binary->right);
    } else if (auto* ternary = std::get_if<Conditional>(&at.node)) {
      expression(ternary->condition);
      expression(ternary->then);
      expression(ternary->otherwise);
    } else if (auto* tuple = std::get_if<Tuple>(&at.node)) {
      for (ExpressionPtr& element : tuple->elements) expression(element);
    } else if (auto* branch = std::get_if<If>(&at.node)) {
      expression(branch->condition);
      block(branch->then);
      if (branch->otherwise) block(*branch->otherwise);
    } else if (auto* loop = std::get_if<For>(&at.node)) {
      expression(loop->from);
      expression(loop->to);
      expression(loop->step);
      loop_body(loop->body, loop->counter);
    } else if (auto* each = std::get_if<ForIn>(&at.node)) {
      expression(each->collection);
      loop_body(each->body, each->value);
    } else if (auto* while_loop = std::get_if<While>(&at.node)) {
      expression(while_loop->condition);
      block(while_loop->body);
    } else if (auto* choice = std::get_if<Switch>(&at.node)) {
      expression(choice->subject);
      for (SwitchArm& arm : choice->arms) {
        expression(arm.match);
        block(arm.body);
      }
    }
  }
  void loop_body(Block& body, const std::string& counter) {
    scopes_.emplace_back();
    declare(counter, Kind::kInt);
    block(body);
    scopes_.pop_back();
  }

  // Calls.
  void call(ExpressionPtr& at) {
    auto& node = std::get<Call>(at->node);
    const std::string name = dotted_name(*node.callee);
    const bool own = functions_.contains(name);
    if (!own && name == "input") take_input_type(node);
    for (Argument& argument : node.arguments) expression(argument.value);
    if (own || name.empty()) return;
    if (name == "input") return input(node);
    if (name == "iff" && node.arguments.size() == 3) return iff(at);
    if (name == "offset" && node.arguments.size() == 2) return offset(at);
    if (name == "color" && version_ <= 3 && node.arguments.size() == 2) {
      node.callee = dotted("color.new", node.callee->range);
      return;
    }
    if (const auto old = old_function(name, version_)) as_today(node, *old);
    if (name == "rsi") ratio_rsi(at);
    if (name == "security" && version_ <= 2 && find_argument(node, "lookahead") == nullptr &&
        node.arguments.size() < 5) {
      node.arguments.push_back({at->range, "lookahead", dotted("barmerge.lookahead_on", at->range)});
    }
  }

  static void as_today(Call& node, const OldFunction& old) {
    node.callee = dotted(old.name, node.callee->range);
    std::vector<Argument> arguments;
    for (std::size_t i = 0; i < node.arguments.size(); ++i) {
      Argument& argument = node.arguments[i];
      const bool positional = argument.name.empty();
      std::size_t index = i;
      if (!positional) {
        index = static_cast<std::size_t>(std::ranges::find(old.parameters, argument.name, &OldParameter::old_name) -
                                         old.parameters.begin());
      }
      if (index < old.parameters.size()) {
        const std::string& name = old.parameters[index].name;
        if (name.empty()) continue;
        // The first stays in its place, for messages and for functions whose overloads name it differently.
        if (!positional || (old.reordered && index > 0)) argument.name = name;
      }
      arguments.push_back(std::move(argument));
    }
    node.arguments = std::move(arguments);
  }

  /// v4's iff() is a function: both values are computed on every bar.
  static void iff(ExpressionPtr& at) {
    auto& node = std::get<Call>(at->node);
    constexpr std::array<std::string_view, 3> kParameters = {"condition", "then", "_else"};
    std::array<ExpressionPtr*, 3> places{};
    for (std::size_t i = 0; i < 3; ++i) {
      Argument& argument = node.arguments[i];
      const auto named = std::ranges::find(kParameters, argument.name);
      places[named == kParameters.end() ? i : static_cast<std::size_t>(named - kParameters.begin())] = &argument.value;
    }
    if (std::ranges::find(places, nullptr) != places.end()) return;  // one is given twice: the analysis says so
    std::array<ExpressionPtr, 3> values;
    for (std::size_t i = 0; i < 3; ++i) values[i] = std::move(*places[i]);
    const std::uint32_t height = std::max({values[0]->height, values[1]->height, values[2]->height});
    Conditional made{std::move(values[0]), std::move(values[1]), std::move(values[2])};
    made.is_eager = true;
    at = make(at->range, std::move(made), height);
  }

  static void offset(ExpressionPtr& at) {
    auto& node = std::get<Call>(at->node);
    const bool swapped = node.arguments[0].name == "offset";
    ExpressionPtr object = std::move(node.arguments[swapped ? 1 : 0].value);
    ExpressionPtr steps = std::move(node.arguments[swapped ? 0 : 1].value);
    const std::uint32_t height = std::max(object->height, steps->height);
    at = make(at->range, ast::History{std::move(object), std::move(steps), true}, height);
  }

  /// rsi(x, y) of two series is 100 - 100 / (1 + x / y).
  void ratio_rsi(ExpressionPtr& at) {
    auto& node = std::get<Call>(at->node);
    if (node.arguments.size() != 2) return;
    const Kind kind = kind_of(*node.arguments[1].value);
    if (kind != Kind::kFloat && kind != Kind::kSource) return;
    const SourceRange range = at->range;
    const auto number = [&](double value) { return make(range, NumberLiteral{value, true}); };
    const auto binary = [&](BinaryOperator op, ExpressionPtr left, ExpressionPtr right) {
      const std::uint32_t height = std::max(left->height, right->height);
      return make(range, Binary{op, std::move(left), std::move(right)}, height);
    };
    ExpressionPtr ratio =
        binary(BinaryOperator::kDivide, std::move(node.arguments[0].value), std::move(node.arguments[1].value));
    ExpressionPtr below = binary(BinaryOperator::kAdd, number(1), std::move(ratio));
    at = binary(BinaryOperator::kSubtract, number(100), binary(BinaryOperator::kDivide, number(100), std::move(below)));
  }

  // Inputs: one function with a type once, one function per type today.
  static constexpr std::array<std::string_view, 11> kInputParameters = {
      "defval", "title", "type", "minval", "maxval", "confirm", "step", "options", "tooltip", "inline", "group"};

  /// Gives every argument of input() its name, and puts the type's name into input_type_.
  void take_input_type(Call& node) {
    input_type_.clear();
    for (std::size_t i = 0; i < node.arguments.size(); ++i) {
      if (node.arguments[i].name.empty() && i < kInputParameters.size()) node.arguments[i].name = kInputParameters[i];
    }
    const auto type = std::ranges::find(node.arguments, "type", &Argument::name);
    if (type == node.arguments.end()) return;
    input_type_ = dotted_name(*type->value);
    if (old_input_function(input_type_)) node.arguments.erase(type);
  }

  void input(Call& node) {
    std::string function(old_input_function(input_type_).value_or(""));
    const Argument* value = find_argument(node, "defval");
    const bool ranged = find_argument(node, "minval") != nullptr || find_argument(node, "maxval") != nullptr ||
                        find_argument(node, "step") != nullptr;
    const bool has_options = find_argument(node, "options") != nullptr;
    if (function.empty() && value != nullptr) {
      switch (kind_of(*value->value)) {
        case Kind::kInt: function = "input.int"; break;
        case Kind::kFloat: function = "input.float"; break;
        case Kind::kBool: function = "input.bool"; break;
        case Kind::kString: function = "input.string"; break;
        case Kind::kColor: function = "input.color"; break;
        case Kind::kSource: function = "input.source"; break;
        case Kind::kUnknown: function = ranged ? "input.float" : "input"; break;
      }
    }
    if (function.empty()) return;
    node.callee = dotted(function, node.callee->range);
    const bool is_number = function == "input.int" || function == "input.float";
    std::erase_if(node.arguments, [&](const Argument& argument) {
      // What the function of this type does not take had no effect.
      const bool of_range = argument.name == "minval" || argument.name == "maxval" || argument.name == "step";
      return (of_range && (!is_number || has_options)) || (argument.name == "confirm" && function == "input");
    });
    const auto first = std::ranges::find(node.arguments, "defval", &Argument::name);
    if (first == node.arguments.end()) return;
    first->name.clear();
    std::rotate(node.arguments.begin(), first, first + 1);
  }

  int version_;
  std::vector<Scope> scopes_;
  std::set<std::string> functions_;
  std::map<std::string, std::vector<LaterAssignment>> assigned_;  // in source order
  std::string input_type_;                                        // of the input() at hand, as written
};

}  // namespace

void modernize(Script& script) {
  if (script.version < 5) Modernizer(script.version).run(script);
}

}  // namespace tradeassist::pine
