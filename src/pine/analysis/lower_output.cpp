#include <algorithm>
#include <cmath>
#include <utility>

#include "pine/analysis/lowering.hpp"

namespace tradeassist::pine {

using namespace ast;

namespace {

struct OutputForm {
  OutputKind kind;
  std::vector<std::string> parameters;
  std::size_t required;
  std::vector<std::string> recorded;  // by RecordOperand
  Type result;
};

const std::map<std::string, OutputForm>& forms() {
  static const std::map<std::string, OutputForm> kForms = {
      {"plot",
       {OutputKind::kPlot,
        words("series title color linewidth style trackprice histbase offset join editable show_last display format "
              "precision force_overlay linestyle transp"),
        1, words("series color offset"), Type::kPlot}},
      {"plotshape",
       {OutputKind::kPlotShape,
        words(
            "series title style location color offset text textcolor editable size show_last display format precision "
            "force_overlay transp"),
        1, words("series color offset"), Type::kVoid}},
      {"plotchar",
       {OutputKind::kPlotChar,
        words("series title char location color offset text textcolor editable size show_last display format precision "
              "force_overlay transp"),
        1, words("series color offset"), Type::kVoid}},
      {"plotarrow",
       {OutputKind::kPlotArrow,
        words("series title colorup colordown offset minheight maxheight editable show_last display format precision "
              "force_overlay transp"),
        1,
        {"series", "", "offset"},
        Type::kVoid}},
      {"plotbar",
       {OutputKind::kPlotBar,
        words("open high low close title color editable show_last display format precision force_overlay"),
        4,
        {"close", "color", "", "open", "high", "low"},
        Type::kVoid}},
      {"plotcandle",
       {OutputKind::kPlotCandle,
        words("open high low close title color wickcolor editable show_last bordercolor display format precision "
              "force_overlay"),
        4,
        {"close", "color", "", "open", "high", "low"},
        Type::kVoid}},
      {"hline",
       {OutputKind::kHline,
        words("price title color linestyle linewidth editable display"),
        1,
        {"price", "color"},
        Type::kPlot}},
      {"bgcolor",
       {OutputKind::kBackground,
        words("color offset editable show_last title display force_overlay transp"),
        1,
        {"color", "", "offset"},
        Type::kVoid}},
      {"barcolor",
       {OutputKind::kBarColor,
        words("color offset editable show_last title display"),
        1,
        {"color", "", "offset"},
        Type::kVoid}},
  };
  return kForms;
}

std::uint32_t constant_color(const Value& value) {
  return value.number == value.number ? static_cast<std::uint32_t>(value.number) : kInvisibleColor;
}

/// Of a `display`.
bool shows(const Value& places) { return std::fmod(places.number, 2 * kDisplayPane) >= kDisplayPane; }

bool is_color_parameter(const std::string& name) { return name.find("color") != std::string::npos; }

}  // namespace

std::optional<Value> Lowering::output_call(const std::string& name, const Expression& expression, const Call& node) {
  Value none;
  none.type = Type::kVoid;
  if (name == "alert" || name == "alertcondition" || name.starts_with("log.") || name == "runtime.error") {
    return message_call(name, expression, node);
  }
  if (name == "fill") return fill_call(expression, node);
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
  if (!bound) return result;
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
      if (parameter == "color" && value.is_constant && !is_data && i >= form.required) {
        output.color = constant_color(value);
      } else {
        slots[static_cast<std::size_t>(recorded - form.recorded.begin())] = value.slot;
      }
    }
    if (value.is_constant && value.type == Type::kString) {
      const std::string& text = text_of(value);
      if (parameter == "title") output.title = text;
      if (parameter == "style") output.style = text;
      if (parameter == "location") output.location = text;
      if (parameter == "text" || parameter == "char") output.text = text;
      if (parameter == "size") output.size = text;
      if (parameter == "linestyle") output.style = text;
    }
    if (value.is_constant && parameter == "colorup") output.color = constant_color(value);
    if (value.is_constant && parameter == "colordown") output.down_color = constant_color(value);
    if (value.is_constant && parameter == "textcolor") output.text_color = constant_color(value);
    if (parameter == "display" && value.is_constant) output.visible = shows(value);
    if (!rules_.plots_are_lenient && parameter == "linewidth" && value.is_constant && value.number < 1) {
      error(argument->range, what + " must be at least 1");
    }
    if (!rules_.plots_are_lenient && parameter == "offset" && value.qualifier == Qualifier::kSeries &&
        !value.never_changes()) {
      error(argument->range, what + " must be known before the first bar, is " + type_name(value.type, value.qualifier),
            "use a constant or an input");
    }
    if (parameter == "linewidth" && value.is_constant) {
      constexpr double kWidthMax = 100;
      output.line_width = value.number >= 1 ? static_cast<int>(std::min(value.number, kWidthMax)) : 1;
    }
    if (parameter == "force_overlay" && value.is_constant) output.overlay = output.overlay || value.number != 0;
  }
  if (output.title.empty()) output.title = form.kind == OutputKind::kPlot ? "Plot" : "";
  program_.outputs.push_back(std::move(output));
  emit_.at(expression.range);
  emit_.record(static_cast<std::uint32_t>(program_.outputs.size() - 1), slots);
  result.number = static_cast<double>(program_.outputs.size() - 1);  // which one it is, for fill()
  return result;
}

/// The colour between two plots or lines: fill(plot1, plot2, color) or, as a gradient, fill(plot1, plot2, top_value,
/// bottom_value, top_color, bottom_color), of which the colour at the top is shown.
Value Lowering::fill_call(const Expression& expression, const Call& node) {
  static const std::vector<std::string> kPlain =
      words("plot1 plot2 color title editable show_last fillgaps display transp");
  static const std::vector<std::string> kOfLevels =
      words("hline1 hline2 color title editable show_last fillgaps display transp");
  static const std::vector<std::string> kGradient =
      words("plot1 plot2 top_value bottom_value top_color bottom_color title display fillgaps editable");
  Value none;
  none.type = Type::kVoid;
  std::map<const Expression*, Value> values;
  bool gradient = false, of_levels = false;
  for (std::size_t i = 0; i < node.arguments.size(); ++i) {
    const Argument& argument = node.arguments[i];
    const Value value = values[argument.value.get()] = structure(*argument.value, true);
    const bool third_is_level = argument.name.empty() && i == 2 && is_number(value.type);
    gradient = gradient || third_is_level || argument.name.starts_with("top_") || argument.name.starts_with("bottom_");
    of_levels = of_levels || argument.name.starts_with("hline");
  }
  const auto& names = gradient ? kGradient : of_levels ? kOfLevels : kPlain;
  std::vector<bool> optional(names.size(), true);
  optional[0] = optional[1] = false;
  const auto bound = bind("fill", names, optional, expression, node);
  if (!bound) return none;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Expression* argument = (*bound)[i];
    if (argument == nullptr || values[argument].is_error()) continue;
    const std::string what = "the argument `" + names[i] + "` of fill()";
    if (i < 2 && values[argument].type != Type::kPlot) {
      error(argument->range, what + " must be what plot() or hline() gives, is " +
                                 type_name(values[argument].type, values[argument].qualifier));
    }
    if (is_color_parameter(names[i])) convert(values[argument], Type::kColor, argument->range, what);
    if (names[i].ends_with("_value")) convert(values[argument], Type::kFloat, argument->range, what);
  }
  if (values[(*bound)[0]].type != Type::kPlot || values[(*bound)[1]].type != Type::kPlot) return none;
  Output output;
  output.kind = OutputKind::kFill;
  output.first = static_cast<std::uint32_t>(values[(*bound)[0]].number);
  output.second = static_cast<std::uint32_t>(values[(*bound)[1]].number);
  std::vector<Slot> slots(2, kNoSlot);
  for (std::size_t i = 2; i < names.size(); ++i) {
    const Expression* argument = (*bound)[i];
    if (argument == nullptr) continue;
    const Value& value = values[argument];
    if (names[i] == "color" || names[i] == "top_color") {
      if (value.is_constant) output.color = constant_color(value);
      if (!value.is_constant && value.type == Type::kColor) slots[1] = value.slot;
    }
    if (names[i] == "display" && value.is_constant) output.visible = shows(value);
    if (names[i] == "title" && value.is_constant && value.type == Type::kString) {
      output.title = program_.strings[static_cast<std::size_t>(value.number)];
    }
  }
  if (program_.outputs.size() <= std::max(output.first, output.second)) return none;
  output.overlay = program_.outputs[output.first].overlay;
  program_.outputs.push_back(std::move(output));
  emit_.at(expression.range);
  emit_.record(static_cast<std::uint32_t>(program_.outputs.size() - 1), slots);
  return none;
}

Value Lowering::message_call(const std::string& name, const Expression& expression, const Call& node) {
  Value none;
  none.type = Type::kVoid;
  if (name == "alertcondition") {  // an alert that a user may set up; a backtest raises none
    const auto bound = bind(name, {"condition", "title", "message"}, {false, true, true}, expression, node);
    if (!bound) return none;
    condition(*(*bound)[0]);
    if ((*bound)[1] != nullptr) scalar(*(*bound)[1]);
    if ((*bound)[2] != nullptr) scalar(*(*bound)[2]);
    return none;
  }
  Value message;
  if (name.starts_with("log.") && node.arguments.size() > 1) {
    message = builtin_call("str.format", expression, node);
  } else {
    const bool is_alert = name == "alert";
    const auto bound = bind(name, is_alert ? words("message freq") : words("message"),
                            is_alert ? std::vector<bool>{false, true} : std::vector<bool>{false}, expression, node);
    if (!bound) return none;
    message = convert(scalar(*(*bound)[0]), Type::kString, (*bound)[0]->range, "the message of " + name + "()");
    if (is_alert && (*bound)[1] != nullptr) scalar(*(*bound)[1]);
  }
  if (message.is_error()) return none;
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

}  // namespace tradeassist::pine
