#include <cmath>
#include <utility>

#include "pine/analysis/lowering.hpp"
#include "pine/analysis/syntax_walk.hpp"

namespace tradeassist::pine {

using namespace ast;

namespace {

struct InputForm {
  InputKind kind;
  Type type;
  std::vector<std::string> parameters;
};

const std::vector<std::string> kRanged = {"defval", "title", "minval",  "maxval",  "step",  "tooltip",
                                          "inline", "group", "confirm", "display", "active"};
const std::vector<std::string> kWithOptions = {"defval", "title",   "options", "tooltip", "inline",
                                               "group",  "confirm", "display", "active"};
const std::vector<std::string> kPlain = {"defval", "title",   "tooltip", "inline",
                                         "group",  "confirm", "display", "active"};

const InputForm* form_of(const std::string& name) {
  static const std::map<std::string, InputForm> kForms = {
      {"input.int", {InputKind::kInt, Type::kInt, kRanged}},
      {"input.float", {InputKind::kFloat, Type::kFloat, kRanged}},
      {"input.bool", {InputKind::kBool, Type::kBool, kPlain}},
      {"input.string", {InputKind::kString, Type::kString, kWithOptions}},
      {"input.color", {InputKind::kColor, Type::kColor, kPlain}},
      {"input.source",
       {InputKind::kSource,
        Type::kFloat,
        {"defval", "title", "tooltip", "inline", "group", "display", "active", "confirm"}}},
      {"input.timeframe", {InputKind::kTimeframe, Type::kString, kWithOptions}},
      {"input.session", {InputKind::kSession, Type::kString, kWithOptions}},
      {"input.symbol", {InputKind::kSymbol, Type::kString, kPlain}},
      {"input.time", {InputKind::kTime, Type::kInt, kPlain}},
      {"input.price", {InputKind::kPrice, Type::kFloat, kPlain}},
      {"input.enum", {InputKind::kString, Type::kString, kWithOptions}},
      {"input.text_area",
       {InputKind::kTextArea, Type::kString, {"defval", "title", "tooltip", "group", "confirm", "display", "active"}}},
      {"input",
       {InputKind::kFloat, Type::kFloat, {"defval", "title", "tooltip", "inline", "group", "display", "active"}}},
  };
  const auto found = kForms.find(name);
  return found == kForms.end() ? nullptr : &found->second;
}

}  // namespace

Value Lowering::input_call(const std::string& name, const Expression& expression, const Call& node) {
  if (const auto known = inputs_.find(&expression); known != inputs_.end()) return known->second;
  const InputForm* known_form = form_of(name);
  if (known_form == nullptr) { return error(expression.range, "there is no `" + name + "()`"); }
  InputForm form = *known_form;
  // input.int and input.float have a second form with `options` in the third place.
  for (const Argument& argument : node.arguments) {
    if (form.parameters == kRanged && argument.name == "options") form.parameters = kWithOptions;
  }
  if (form.parameters == kRanged && node.arguments.size() > 2 && node.arguments[2].name.empty() &&
      std::holds_alternative<Tuple>(node.arguments[2].value->node)) {
    form.parameters = kWithOptions;
  }
  std::vector<bool> optional(form.parameters.size(), true);
  optional[0] = false;
  const auto bound = bind(name, form.parameters, optional, expression, node);
  if (!bound) return {};
  const auto argument = [&](const char* parameter) -> const Expression* {
    for (std::size_t i = 0; i < form.parameters.size(); ++i) {
      if (form.parameters[i] == parameter) return (*bound)[i];
    }
    return nullptr;
  };
  const auto what = [&](const char* parameter) { return "`" + std::string(parameter) + "` of " + name + "()"; };

  Input input;
  const std::string assigned = std::exchange(pending_input_name_, {});
  const Value value = scalar(*argument("defval"));
  if (value.is_error()) return {};
  if (file_ != 0) return value;  // a library's inputs are those of its own chart; here they keep their defaults
  if (name == "input") {
    if (value.bar_field >= 0)
      form.kind = InputKind::kSource;
    else if (value.type == Type::kInt)
      form.kind = InputKind::kInt;
    else if (value.type == Type::kBool)
      form.kind = InputKind::kBool;
    else if (value.type == Type::kString)
      form.kind = InputKind::kString;
    else if (value.type == Type::kColor)
      form.kind = InputKind::kColor;
    else if (value.type != Type::kFloat)
      return error(argument("defval")->range, "an input needs a default of a basic type");
    form.type = form.kind == InputKind::kSource ? Type::kFloat : value.type;
  }
  if (name == "input.enum") {  // a member is kept as its title
    if (!is_enum(value.type)) {
      return error(argument("defval")->range,
                   what("defval") + " must be a member of an enum, is " + type_name(value.type, value.qualifier));
    }
    form.type = value.type;
    if (argument("options") == nullptr) {
      for (const auto& member : user_type(value.type).enumeration->members) input.text_options.push_back(member.title);
    }
  }
  const bool is_text = form.type == Type::kString || is_enum(form.type);
  input.kind = form.kind;
  input.default_range = argument("defval")->range;
  const Value converted = convert(value, form.type, argument("defval")->range, what("defval"));
  if (converted.is_error()) return {};
  if (form.kind == InputKind::kSource) {
    if (value.bar_field < 0 || value.bar_field > static_cast<int>(BarField::kHlcc4)) {
      return error(argument("defval")->range, "the default of a source input must be a bar series such as close",
                   "sources are open, high, low, close, volume, hl2, hlc3, ohlc4, hlcc4");
    }
    input.number = value.bar_field;
    input.text = source_.slice(argument("defval")->range);
  } else if (!converted.is_constant && form.kind != InputKind::kColor && !is_text &&
             (converted.qualifier == Qualifier::kConst ||
              (form.kind == InputKind::kTime && converted.is_invariant()))) {
    // timestamp() of constants is known before the first bar; the default is then the prologue's business.
    input.number = std::numeric_limits<double>::quiet_NaN();
  } else if (!converted.is_constant) {
    if (form.kind != InputKind::kColor) return error(argument("defval")->range, what("defval") + " must be a constant");
    input.number = 0;
  } else if (is_text) {
    input.text = text_of(converted);
  } else {
    input.number = converted.number;
  }

  if (const auto text = constant_text(argument("title"), what("title"))) input.title = *text;
  if (const auto text = constant_text(argument("tooltip"), what("tooltip"))) input.tooltip = *text;
  if (const auto text = constant_text(argument("group"), what("group"))) input.group = *text;
  if (const auto text = constant_text(argument("inline"), what("inline"))) input.inline_group = *text;
  if (const auto flag = constant_bool(argument("confirm"), what("confirm"))) input.confirm = *flag;
  const auto bound_number = [&](const char* parameter, bool& has, double& into) {
    if (const auto number = constant_number(argument(parameter), what(parameter))) {
      has = true;
      into = *number;
    }
  };
  bound_number("minval", input.has_minimum, input.minimum);
  bound_number("maxval", input.has_maximum, input.maximum);
  bound_number("step", input.has_step, input.step);
  if (input.has_minimum && input.has_maximum && input.minimum > input.maximum) {
    error(expression.range, "minval is above maxval");
  } else if ((input.has_minimum && input.number < input.minimum) ||
             (input.has_maximum && input.number > input.maximum)) {
    diagnostics_.warning(argument("defval")->range, "the default lies outside minval and maxval");
  }
  if (input.has_step && !(input.step > 0)) error(argument("step")->range, "step must be above 0");
  if (const Expression* display = argument("display")) scalar(*display);
  if (const Expression* active = argument("active")) {  // may depend on another input: that concerns the page alone
    const Value flag = convert(scalar(*active), Type::kBool, active->range, what("active"));
    if (flag.is_constant) input.active = flag.number != 0;
  }
  if (const Expression* options = argument("options")) {
    const auto* list = std::get_if<Tuple>(&options->node);
    if (list == nullptr) return error(options->range, "options is a list of constants: [1, 2, 3]");
    for (const ExpressionPtr& element : list->elements) {
      const Value option = convert(scalar(*element), form.type, element->range, "an option of " + name + "()");
      if (option.is_error()) continue;
      if (!option.is_constant) {
        error(element->range, "options must be constants");
      } else if (is_text) {
        input.text_options.push_back(text_of(option));
      } else {
        input.number_options.push_back(option.number);
      }
    }
  }

  // The input's name is the variable's; a second of the same name gets a number.
  input.name = !assigned.empty() ? assigned : !input.title.empty() ? input.title : "input";
  if (input.title.empty()) input.title = input.name;
  const std::string wanted = input.name;
  for (int suffix = 2;; ++suffix) {
    bool taken = false;
    for (const Input& other : program_.inputs) taken = taken || other.name == input.name;
    if (!taken) break;
    input.name = wanted + "_" + std::to_string(suffix);
  }

  Value made;
  made.type = form.type;
  made.qualifier = form.kind == InputKind::kSource ? Qualifier::kSeries : Qualifier::kInput;
  made.slot = input.slot = emit_.fresh();
  if (!converted.is_constant && form.kind != InputKind::kColor && std::isnan(input.number)) {
    input.default_slot = converted.slot;
  }
  if (form.kind == InputKind::kColor && !converted.is_constant) input.default_slot = converted.slot;
  program_.inputs.push_back(std::move(input));
  inputs_[&expression] = made;
  return made;
}

}  // namespace tradeassist::pine
