#include "pine/indicators/indicator_script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "pine/compile.hpp"
#include "pine/indicators/definition.hpp"
#include "pine/syntax/parser.hpp"

namespace tradeassist::pine {
namespace {

using Kind = IndicatorParameter::Kind;
using Errors = std::vector<IndicatorError>;

constexpr const char* kScriptName = "indicators";

bool is_expression(Kind kind) { return kind == Kind::kSeries || kind == Kind::kCondition; }

bool is_one_declaration(const ast::Script& script) {
  return script.version == 6 && script.statements.size() == 1 &&
         std::holds_alternative<ast::Declaration>(script.statements.front()->node);
}

/// Text that a caller wrote goes into a script only if it is one expression by itself, so that it cannot reach what is
/// around it: `close), plot(open` is refused here. It is read twice: as it was written, for messages that make sense,
/// and in the parentheses in which it goes into the script.
void check_expression(const std::string& text, const std::string& place, Errors& errors) {
  constexpr std::string_view kHead = "//@version=6\n", kName = "value = ";
  constexpr unsigned kLine = 2;
  const auto refuse = [&](std::string message, std::string hint = "") {
    errors.push_back({place, std::move(message), std::move(hint), 0, 0});
  };
  if (text.find_first_not_of(" \t") == std::string::npos) return refuse("is empty");
  if (text.size() > kIndicatorExpressionBytesMax) {
    return refuse(fmt::format("has {} bytes; an expression has at most {}", text.size(), kIndicatorExpressionBytesMax));
  }
  if (text.find_first_of("\r\n") != std::string::npos) {
    return refuse("has several lines; an expression has one", "give a whole script as `script`");
  }
  Diagnostics diagnostics;
  const Source plain("expression", fmt::format("{}{}{}\n", kHead, kName, text));
  bool is_one = is_one_declaration(parse(plain, diagnostics));
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    if (diagnostic.severity != Severity::kError) continue;
    const LineColumn at = plain.locate(diagnostic.range.begin);
    const bool own = at.line == kLine && at.column > kName.size();
    errors.push_back({place, diagnostic.message, diagnostic.hint, own ? 1u : 0u,
                      own ? at.column - static_cast<unsigned>(kName.size()) : 0u});
  }
  if (diagnostics.has_errors()) return;
  const Source inside("expression", fmt::format("{}{}(\n{}\n)\n", kHead, kName, text));
  is_one = is_one_declaration(parse(inside, diagnostics)) && is_one;
  if (!is_one || diagnostics.has_errors()) refuse("must be one expression that gives a number or a bool");
}

/// Writes the script line by line, and remembers where each line came from.
class Writer {
 public:
  explicit Writer(std::vector<IndicatorScript::LineOrigin>& lines) : lines_(lines) {
    add("//@version=6");
    end_line();
    add("indicator(\"indicators\")");
    end_line();
  }

  void at(const std::string& place) { place_ = place; }
  void add(std::string_view text) { text_ += text; }
  void end_line() {
    text_ += '\n';
    lines_.push_back({place_, false});
  }
  void add_expression(const std::string& text, const std::string& place) {
    add("(");
    end_line();
    text_ += text + "\n";
    lines_.push_back({place, true});
    add(")");
  }
  /// Shows a value. plotshape() takes numbers and bools alike; one colour for all keeps colours from being recorded.
  template <class Write>
  std::uint32_t show(Write write_value) {
    add("plotshape(");
    write_value();
    add(", color = color.gray)");
    end_line();
    return shown_++;
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_, place_;
  std::vector<IndicatorScript::LineOrigin>& lines_;
  std::uint32_t shown_ = 0;
};

/// The values of a call's parameters, by name, ready to be put into the gaps; nothing when some are wrong.
std::optional<std::map<std::string, std::string>> bind_parameters(const IndicatorDefinition& definition,
                                                                  const IndicatorCall& call, Errors& errors) {
  const std::size_t before = errors.size();
  std::string known;
  for (const IndicatorParameter& parameter : definition.parameters) {
    known += (known.empty() ? "; there are " : ", ") + parameter.name;
  }
  for (const auto& [name, value] : call.parameters) {
    if (std::ranges::find(definition.parameters, name, &IndicatorParameter::name) == definition.parameters.end()) {
      errors.push_back({call.parameter_place + name, "is not a parameter of " + definition.name + known, "", 0, 0});
    }
  }
  std::map<std::string, std::string> bound;
  for (const IndicatorParameter& parameter : definition.parameters) {
    const std::string place = call.parameter_place + parameter.name;
    const auto given = call.parameters.find(parameter.name);
    const std::string& value = given == call.parameters.end() ? parameter.default_text : given->second;
    if (is_expression(parameter.kind)) check_expression(value, place, errors);
    if (auto literal = parameter_literal(parameter, value)) {
      bound[parameter.name] = std::move(*literal);
    } else {
      errors.push_back({place, literal.error().message, "", 0, 0});
    }
  }
  if (errors.size() > before) return std::nullopt;
  return bound;
}

/// An expression of the table with its gaps filled.
void write_filled(Writer& writer, std::string_view form, const IndicatorDefinition& definition,
                  const IndicatorCall& call, const std::map<std::string, std::string>& bound) {
  while (!form.empty()) {
    const std::size_t gap = std::min(form.find('{'), form.size());
    writer.add(form.substr(0, gap));
    form.remove_prefix(gap);
    if (form.empty()) return;
    const std::string name(form.substr(1, form.find('}') - 1));
    form.remove_prefix(name.size() + 2);
    const auto parameter = std::ranges::find(definition.parameters, name, &IndicatorParameter::name);
    if (is_expression(parameter->kind)) {
      writer.add_expression(bound.at(name), call.parameter_place + name);
    } else {
      writer.add(bound.at(name));
    }
  }
}

/// Puts an error of the script made to where its caller wrote what it is about.
void place_error(IndicatorError& error, const std::vector<IndicatorScript::LineOrigin>& lines, const Source& source,
                 LineColumn at) {
  if (at.line == 0 || at.line > lines.size()) return;
  // An expression begins, for the compiler, with the parenthesis at the end of the line before it.
  const std::string_view text = source.line_text(at.line);
  if (!lines[at.line - 1].is_written && text.ends_with('(') && at.column == text.size()) at = {at.line + 1, 1};
  const IndicatorScript::LineOrigin& origin = lines[at.line - 1];
  error.place = origin.place;
  if (!origin.is_written) return;
  error.line = 1;
  error.column = at.column;
}

class Builder {
 public:
  void add(const IndicatorCall& call) {
    const IndicatorDefinition* definition = find_indicator(call.name);
    if (definition == nullptr) {
      return fail(call.place, "there is no indicator '" + call.name.substr(0, kColumnNameBytesMax) + "'",
                  "the list of indicators has every name");
    }
    const auto bound = bind_parameters(*definition, call, errors_);
    if (!bound) return;
    writer_.at(call.place);
    const std::string base = call.as.empty() ? definition->name : call.as;
    check_as(call.as, call.place);
    const bool is_one = definition->outputs.size() == 1;
    const bool is_tuple = !is_one && !definition->expression.empty();
    const auto element = [&](std::size_t i) { return fmt::format("value_{}_{}", calls_, i); };
    if (is_tuple) {
      writer_.add("[");
      for (std::size_t i = 0; i < definition->outputs.size(); ++i) writer_.add((i > 0 ? ", " : "") + element(i));
      writer_.add("] = ");
      write_filled(writer_, definition->expression, *definition, call, *bound);
      writer_.end_line();
    }
    for (std::size_t i = 0; i < definition->outputs.size(); ++i) {
      const IndicatorOutput& output = definition->outputs[i];
      const std::uint32_t shown = writer_.show([&] {
        if (is_tuple) {
          writer_.add(element(i));
        } else {
          write_filled(writer_, output.expression.empty() ? definition->expression : output.expression, *definition,
                       call, *bound);
        }
      });
      add_column({is_one ? base : base + "." + output.name, shown, IndicatorScript::Part::kValue, definition->overlay,
                  definition->name, ""},
                 call.place);
    }
    ++calls_;
  }

  void add(const ExpressionCall& call) {
    const std::size_t before = errors_.size();
    check_expression(call.source, call.place, errors_);
    check_as(call.as, call.place);
    if (errors_.size() > before) return;
    writer_.at(call.place);
    const std::uint32_t shown = writer_.show([&] { writer_.add_expression(call.source, call.place); });
    add_column({call.as.empty() ? call.source : call.as, shown, IndicatorScript::Part::kValue, false, "", call.source},
               call.place);
  }

  IndicatorResult<IndicatorScript> finish() {
    if (script_.columns.size() > kIndicatorColumnsMax) {
      fail("",
           fmt::format("asks for {} columns; at most {} are possible", script_.columns.size(), kIndicatorColumnsMax));
    }
    if (!errors_.empty()) return std::unexpected(std::move(errors_));
    const Compilation compilation = compile(kScriptName, writer_.take());
    for (const Diagnostic& diagnostic : compilation.diagnostics.all()) {
      if (diagnostic.severity == Severity::kError) add_compile_error(*compilation.source, diagnostic);
    }
    if (!errors_.empty()) return std::unexpected(std::move(errors_));
    script_.program = compilation.program;
    return std::move(script_);
  }

 private:
  void fail(const std::string& place, std::string message, std::string hint = "") {
    errors_.push_back({place, std::move(message), std::move(hint), 0, 0});
  }

  void check_as(const std::string& as, const std::string& place) {
    if (as.size() > kColumnNameBytesMax) {
      fail(place, fmt::format("`as` has {} bytes; a name has at most {}", as.size(), kColumnNameBytesMax));
    }
  }

  void add_column(IndicatorScript::Column column, const std::string& place) {
    if (column.name == "time" || !names_.insert(column.name).second) {
      fail(place, "a second column would be called '" + column.name.substr(0, kColumnNameBytesMax) + "'",
           "give one of them another name with `as`");
    }
    script_.columns.push_back(std::move(column));
  }

  /// One mistake in a parameter that fills several gaps is one error.
  void add_compile_error(const Source& source, const Diagnostic& diagnostic) {
    constexpr std::string_view kShown = "the argument `series` of plotshape()";
    IndicatorError error{"", diagnostic.message, diagnostic.hint, 0, 0};
    if (error.message.starts_with(kShown)) error.message.replace(0, kShown.size(), "the expression");
    place_error(error, script_.lines, source, source.locate(diagnostic.range.begin));
    const bool is_known = std::ranges::any_of(errors_, [&](const IndicatorError& other) {
      return other.place == error.place && other.message == error.message && other.column == error.column;
    });
    if (!is_known) errors_.push_back(std::move(error));
  }

  IndicatorScript script_;
  Writer writer_{script_.lines};
  Errors errors_;
  std::set<std::string> names_;
  std::size_t calls_ = 0;
};

/// The number that the text begins with and its colon, taken off; 0 when there is none.
unsigned take_number(std::string_view& text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end == text.data() + text.size() || *end != ':') return 0;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return number;
}

}  // namespace

IndicatorResult<IndicatorScript> make_indicator_script(const std::vector<IndicatorCall>& indicators,
                                                       const std::vector<ExpressionCall>& expressions) {
  const std::size_t calls = indicators.size() + expressions.size();
  if (calls == 0) return std::unexpected(Errors{{"", "names no indicator and no expression", "", 0, 0}});
  if (calls > kIndicatorCallsMax) {
    return std::unexpected(Errors{
        {"", fmt::format("asks for {} indicators and expressions; at most {} are possible", calls, kIndicatorCallsMax),
         "ask for the others in a second request", 0, 0}});
  }
  Builder builder;
  for (const IndicatorCall& call : indicators) builder.add(call);
  for (const ExpressionCall& call : expressions) builder.add(call);
  return builder.finish();
}

IndicatorResult<IndicatorScript> read_indicator_script(std::string text, std::string place,
                                                       const LibraryFinder& libraries) {
  using Part = IndicatorScript::Part;
  IndicatorScript script;
  script.place = std::move(place);
  const Compilation compilation = compile(kScriptName, std::move(text), libraries);
  if (!compilation.program) {
    Errors errors;
    for (const Diagnostic& diagnostic : compilation.diagnostics.all()) {
      if (diagnostic.severity != Severity::kError) continue;
      const Source& file = compilation.source->file_at(diagnostic.range.begin);
      const LineColumn at = file.locate(diagnostic.range.begin);
      const std::string library = &file == compilation.source.get() ? "" : "in a library: ";
      errors.push_back({script.place, library + diagnostic.message, diagnostic.hint, at.line, at.column});
    }
    return std::unexpected(std::move(errors));
  }
  script.program = compilation.program;
  std::set<std::string> names{"time"};
  const auto add = [&](const std::string& name, std::uint32_t output, Part part, bool overlay) {
    std::string unique = name;
    for (int i = 2; !names.insert(unique).second; ++i) unique = fmt::format("{} {}", name, i);
    script.columns.push_back({std::move(unique), output, part, overlay, "", ""});
  };
  for (std::uint32_t i = 0; i < script.program->outputs.size(); ++i) {
    const Output& output = script.program->outputs[i];
    const std::string name = output.title.empty() ? fmt::format("output {}", i + 1) : output.title;
    switch (output.kind) {
      case OutputKind::kPlot:
      case OutputKind::kPlotShape:
      case OutputKind::kPlotChar:
      case OutputKind::kPlotArrow: add(name, i, Part::kValue, output.overlay); break;
      case OutputKind::kPlotBar:
      case OutputKind::kPlotCandle:
        add(name + ".open", i, Part::kOpen, output.overlay);
        add(name + ".high", i, Part::kHigh, output.overlay);
        add(name + ".low", i, Part::kLow, output.overlay);
        add(name + ".close", i, Part::kValue, output.overlay);
        break;
      default: break;  // colours, lines and messages are no columns of numbers
    }
  }
  if (script.columns.empty()) {
    return std::unexpected(Errors{{script.place, "the script plots nothing", "show its values with plot()", 0, 0}});
  }
  if (script.columns.size() > kIndicatorColumnsMax) {
    return std::unexpected(Errors{{script.place,
                                   fmt::format("the script plots {} columns; at most {} are possible",
                                               script.columns.size(), kIndicatorColumnsMax),
                                   "", 0, 0}});
  }
  return script;
}

IndicatorError locate_error(const IndicatorScript& script, const base::Error& error) {
  IndicatorError made{script.place, error.message, "", 0, 0};
  std::string_view rest = error.message;
  if (!rest.starts_with(std::string(kScriptName) + ":")) return made;
  rest.remove_prefix(std::string_view(kScriptName).size() + 1);
  const unsigned line = take_number(rest), column = take_number(rest);
  if (line == 0 || column == 0) return made;
  made.message = rest.substr(std::min(rest.find_first_not_of(' '), rest.size()));
  if (script.lines.empty()) {
    made.line = line;
    made.column = column;
  } else {
    place_error(made, script.lines, *script.program->source, {line, column});
  }
  return made;
}

}  // namespace tradeassist::pine
