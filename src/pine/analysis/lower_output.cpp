#include <algorithm>
#include <utility>

#include "pine/analysis/lowering.hpp"
#include "pine/analysis/syntax_walk.hpp"

namespace tradeassist::pine {

using namespace ast;

namespace {

struct OutputForm {
  OutputKind kind;
  std::vector<std::string> parameters;
  std::size_t required;
  std::vector<std::string> recorded;  // operands of kRecord
  Type result;
};

const std::map<std::string, OutputForm>& forms() {
  static const std::map<std::string, OutputForm> kForms = {
      {"plot",
       {OutputKind::kPlot,
        words("series title color linewidth style trackprice histbase offset join editable show_last display format "
              "precision force_overlay linestyle transp"),
        1, words("series color"), Type::kPlot}},
      {"plotshape",
       {OutputKind::kPlotShape,
        words(
            "series title style location color offset text textcolor editable size show_last display format precision "
            "force_overlay transp"),
        1, words("series color"), Type::kVoid}},
      {"plotchar",
       {OutputKind::kPlotChar,
        words("series title char location color offset text textcolor editable size show_last display format precision "
              "force_overlay transp"),
        1, words("series color"), Type::kVoid}},
      {"plotarrow",
       {OutputKind::kPlotArrow,
        words("series title colorup colordown offset minheight maxheight editable show_last display format precision "
              "force_overlay transp"),
        1,
        {"series"},
        Type::kVoid}},
      {"plotbar",
       {OutputKind::kPlotBar,
        words("open high low close title color editable show_last display format precision force_overlay"),
        4,
        {"close", "color"},
        Type::kVoid}},
      {"plotcandle",
       {OutputKind::kPlotCandle,
        words("open high low close title color wickcolor editable show_last bordercolor display format precision "
              "force_overlay"),
        4,
        {"close", "color"},
        Type::kVoid}},
      {"hline",
       {OutputKind::kHline,
        words("price title color linestyle linewidth editable display"),
        1,
        {"price"},
        Type::kPlot}},
      {"bgcolor",
       {OutputKind::kBackground,
        words("color offset editable show_last title display force_overlay transp"),
        1,
        {"color"},
        Type::kVoid}},
      {"barcolor",
       {OutputKind::kBarColor, words("color offset editable show_last title display"), 1, {"color"}, Type::kVoid}},
  };
  return kForms;
}

bool is_color_parameter(const std::string& name) { return name.find("color") != std::string::npos; }

}  // namespace

std::optional<Value> Lowering::output_call(const std::string& name, const Expression& expression, const Call& node) {
  Value none;
  none.type = Type::kVoid;
  if (name == "alert" || name == "alertcondition" || name.starts_with("log.") || name == "runtime.error") {
    return message_call(name, expression, node);
  }
  if (name == "fill") {  // colours between lines; both ends are recorded already
    for (const Argument& argument : node.arguments) structure(*argument.value, true);
    return none;
  }
  const auto found = forms().find(name);
  if (found == forms().end()) return std::nullopt;
  const OutputForm& form = found->second;
  std::vector<std::string> parameters = form.parameters;
  if (!rules_.has_transparency) std::erase(parameters, "transp");
  std::vector<bool> optional(parameters.size(), true);
  for (std::size_t i = 0; i < form.required; ++i) optional[i] = false;
  const auto bound = bind(name, parameters, optional, expression, node);
  Value result;
  result.type = form.result;
  if (!bound || request_) return result;
  if (scopes_.size() > 1 || !call_stack_.empty()) {
    error(expression.range, name + "() can only be called at global scope", "give it na where nothing is to be shown");
  }
  Output output;
  output.kind = form.kind;
  output.overlay = program_.settings.overlay;
  std::vector<Slot> slots(form.recorded.size(), kNoSlot);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Expression* argument = (*bound)[i];
    if (argument == nullptr) continue;
    const std::string& parameter = parameters[i];
    Value value = scalar(*argument);
    if (value.is_error()) continue;
    const std::string what = "the argument `" + parameter + "` of " + name + "()";
    const bool is_data = i < form.required && !is_color_parameter(parameter);
    if (is_data) {
      const bool takes_bool = form.kind == OutputKind::kPlotShape || form.kind == OutputKind::kPlotChar;
      if (!is_number(value.type) && !(takes_bool && value.type == Type::kBool)) {
        error(argument->range, what + " must be a number" + (takes_bool ? " or bool" : "") + ", is " +
                                   type_name(value.type, value.qualifier));
      }
    } else if (is_color_parameter(parameter)) {
      value = convert(value, Type::kColor, argument->range, what);
    }
    const auto recorded = std::ranges::find(form.recorded, parameter);
    if (recorded != form.recorded.end()) {
      if (parameter == "color" && value.is_constant && form.kind != OutputKind::kBackground &&
          form.kind != OutputKind::kBarColor) {
        output.color = static_cast<std::uint32_t>(value.number == value.number ? value.number : 0);
      } else {
        slots[static_cast<std::size_t>(recorded - form.recorded.begin())] = value.slot;
      }
    }
    if (value.is_constant && value.type == Type::kString) {
      const std::string& text = program_.strings[static_cast<std::size_t>(value.number)];
      if (parameter == "title") output.title = text;
      if (parameter == "style") output.style = text;
      if (parameter == "location") output.location = text;
      if (parameter == "text" || parameter == "char") output.text = text;
    }
    if (parameter == "linewidth" && value.is_constant) output.line_width = static_cast<int>(value.number);
    if (parameter == "force_overlay" && value.is_constant) output.overlay = output.overlay || value.number != 0;
  }
  if (output.title.empty()) output.title = form.kind == OutputKind::kPlot ? "Plot" : "";
  program_.outputs.push_back(std::move(output));
  emit_.at(expression.range);
  emit_.record(static_cast<std::uint32_t>(program_.outputs.size() - 1), slots);
  return result;
}

Value Lowering::message_call(const std::string& name, const Expression& expression, const Call& node) {
  Value none;
  none.type = Type::kVoid;
  if (name == "alertcondition") {
    for (const Argument& argument : node.arguments) structure(*argument.value, true);
    return none;
  }
  if (node.arguments.empty()) return error(expression.range, name + "() needs a message");
  if (request_) return none;
  std::vector<Value> values;
  for (const Argument& argument : node.arguments) values.push_back(scalar(*argument.value));
  if (values[0].is_error()) return none;
  Value message = convert(values[0], Type::kString, node.arguments[0].range, "the message of " + name + "()");
  if (message.is_error()) return none;
  if (name.starts_with("log.") && values.size() > 1) message = builtin_call("str.format", expression, node);
  if (name == "runtime.error") {
    emit_.fail_with(message.slot);
    return none;
  }
  Output output;
  output.kind = name == "alert" ? OutputKind::kAlert : OutputKind::kLog;
  output.title = name;
  program_.outputs.push_back(std::move(output));
  emit_.record(static_cast<std::uint32_t>(program_.outputs.size() - 1), {message.slot});
  return none;
}

Value Lowering::request_security(const Expression& expression, const Call& node) {
  const auto bound = bind("request.security",
                          {"symbol", "timeframe", "expression", "gaps", "lookahead", "ignore_invalid_symbol",
                           "currency", "calc_bars_count"},
                          {false, false, false, true, true, true, true, true}, expression, node);
  if (!bound) return {};
  const Value symbol = convert(scalar(*(*bound)[0]), Type::kString, (*bound)[0]->range, "the symbol");
  const Value timeframe = convert(scalar(*(*bound)[1]), Type::kString, (*bound)[1]->range, "the timeframe");
  if (symbol.is_error() || timeframe.is_error()) return {};
  if (!symbol.is_invariant() || !timeframe.is_invariant()) {
    return error(expression.range, "request.security() with a symbol or timeframe that changes is not supported yet",
                 "use constants or inputs");
  }
  Request request;
  request.symbol = symbol.slot;
  request.timeframe = timeframe.slot;
  const auto choice = [&](std::size_t i, const char* on, bool& into) {
    const Expression* argument = (*bound)[i];
    if (argument == nullptr) return;
    const Value value = scalar(*argument);
    if (value.is_error()) return;
    if (!value.is_constant) {
      error(argument->range, "this argument must be a constant");
    } else if (value.type == Type::kBool) {
      into = value.number != 0;
    } else if (value.type == Type::kString) {
      into = program_.strings[static_cast<std::size_t>(value.number)] == on;
    }
  };
  choice(3, "barmerge.gaps_on", request.gaps);
  choice(4, "barmerge.lookahead_on", request.lookahead);
  if ((*bound)[6] != nullptr) return error((*bound)[6]->range, "request.security(currency=) is not supported yet");

  // The expression is lowered here once for its types and errors; what it emits is not used and goes away with the
  // dead code. Its own program is made from the statements it depends on.
  std::vector<Type> types;
  {
    const Emitter::Region region(emit_);
    const std::uint32_t skip = emit_.jump(Opcode::kJump);
    const Value probe = structure(*(*bound)[2], true);
    emit_.land(skip);
    if (probe.is_error()) return {};
    if (probe.is_tuple()) {
      for (const Value& element : probe.tuple) {
        if (element.is_error()) return {};
        types.push_back(element.type);
      }
    } else {
      types.push_back(probe.type);
    }
    for (Type& type : types) {
      if (type == Type::kNa) type = Type::kFloat;
      if (type == Type::kVoid || is_reference(type) || type == Type::kPlot || type == Type::kString) {
        return error((*bound)[2]->range,
                     "request.security() of a " + to_string(type) + " is not supported yet");
      }
    }
  }

  RequestTarget target;
  target.expression = (*bound)[2];
  target.statement = current_statement_;
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend() && !call_stack_.empty(); ++scope) {
    if (*scope == scopes_.front()) break;
    for (const auto& [parameter, variable] : (*scope)->variables) {
      if (variable.origin != nullptr) target.substitutions.emplace(parameter, variable.origin);
    }
  }
  auto program = std::make_shared<Program>();
  program->settings = program_.settings;
  program->source = program_.source;
  Diagnostics inner;
  Lowering lowering(source_, script_, inner, limits_, *program);
  lowering.request_ = std::move(target);
  lowering.declared_ = true;
  lowering.request_statements();
  for (const Diagnostic& diagnostic : inner.all()) {
    if (diagnostic.severity == Severity::kError) {
      return error(
          diagnostic.range, "in request.security(): " + diagnostic.message,
          diagnostic.hint.empty() ? "its expression may use global variables, inputs and functions" : diagnostic.hint);
    }
  }
  eliminate_dead_code(*program, false);
  for (const Operation& operation : program->body) {
    const bool reads_strategy = operation.opcode == Opcode::kCall &&
                                operation.function >= Function::kStrategyPositionSize &&
                                operation.function <= Function::kClosedtradesMaxDrawdown;
    if (reads_strategy && operation.function != Function::kStrategyAccountCurrency) {
      return error((*bound)[2]->range, "strategy.* cannot be used inside request.security()");
    }
  }
  request.program = std::move(program);
  program_.requests.push_back(std::move(request));
  emit_.at(expression.range);
  return emit_.request(static_cast<std::uint32_t>(program_.requests.size() - 1), types);
}

void Lowering::request_statements() {
  program_.version = script_.version;
  declare_types();
  declare_functions();
  // Names the expression needs, and those that what defines them needs in turn.
  std::set<std::string> needed;
  collect_names(*request_->expression, needed);
  for (const auto& [parameter, origin] : request_->substitutions) collect_names(*origin, needed);
  std::vector<bool> included(script_.statements.size(), false);
  for (bool grown = true; grown;) {
    grown = false;
    for (std::size_t i = 0; i < script_.statements.size(); ++i) {
      if (included[i] || i == request_->statement) continue;
      std::set<std::string> defined;
      collect_defined(*script_.statements[i], defined);
      const bool wanted = std::ranges::any_of(defined, [&](const std::string& name) { return needed.contains(name); });
      if (!wanted) continue;
      included[i] = grown = true;
      collect_names(*script_.statements[i], needed);
    }
  }
  const auto lower_result = [&] {
    const Value value = structure(*request_->expression, true);
    const auto add = [&](const Value& element) {
      // A slot of its own, so that what the statement's own variables do afterwards does not change it.
      const Slot slot = emit_.fresh();
      if (!element.is_error()) emit_.move(slot, element);
      program_.results.push_back(slot);
    };
    if (value.is_tuple()) {
      for (const Value& element : value.tuple) add(element);
    } else {
      add(value);
    }
  };
  bool done = false;
  for (current_statement_ = 0; current_statement_ < script_.statements.size(); ++current_statement_) {
    if (current_statement_ == request_->statement) {
      lower_result();
      done = true;
    } else if (included[current_statement_]) {
      statement(*script_.statements[current_statement_]);
    }
  }
  if (!done) lower_result();
  if (emit_.overflowed()) error(request_->expression->range, "the script is too large once its functions are expanded");
  emit_.finish();
}

}  // namespace tradeassist::pine
