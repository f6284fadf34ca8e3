#include "report/export/pine_export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <boost/json.hpp>
#include <cmath>

#include "backtest/backtest.hpp"
#include "backtest/properties.hpp"
#include "base/json.hpp"
#include "pine/analysis/declaration.hpp"
#include "pine/syntax/edit.hpp"
#include "pine/syntax/parser.hpp"
#include "pine/syntax/printer.hpp"
#include "report/export/result_fields.hpp"
#include "report/search_report.hpp"

namespace tradeassist::report {
namespace {

namespace json = boost::json;
using base::ErrorCode;
using base::failure;
using pine::InputKind;

std::unexpected<base::Error> changed(const std::string& why) {
  return failure(ErrorCode::kFailedPrecondition, "the script is not the one that was searched: " + why +
                                                     "; give the script as it was then, or search again");
}

/// The result's value of an input as an assignment; nothing where it has none (null).
std::optional<backtest::InputValue> given_value(const json::value& value) {
  if (value.is_bool()) return backtest::InputValue(std::string(value.get_bool() ? "true" : "false"));
  if (value.is_string()) return backtest::InputValue(std::string(value.get_string()));
  if (value.is_number()) return backtest::InputValue(value.to_number<double>());
  return std::nullopt;
}

/// The values of the script's inputs as the result has them.
base::Result<backtest::InputVector> found_values(const pine::Program& program, const json::object& parameters) {
  std::vector<backtest::InputAssignment> assignments;
  for (const auto& entry : parameters) {
    const auto input = std::ranges::find(program.inputs, std::string_view(entry.key()), &pine::Input::name);
    if (input == program.inputs.end()) return changed(fmt::format("it has no input '{}'", std::string(entry.key())));
    // A colour that the script computes is 0 in results.
    if (input->kind == InputKind::kColor && input->default_slot != pine::kNoSlot && entry.value() == 0) continue;
    if (auto value = given_value(entry.value())) assignments.push_back({input->name, std::move(*value)});
  }
  for (const pine::Input& input : program.inputs) {
    if (!parameters.contains(input.name)) return changed(fmt::format("the result has no input '{}'", input.name));
  }
  auto values = backtest::bind_inputs(program, assignments);
  if (!values) return changed(values.error().message);
  return values;
}

/// The script's settings with the properties that the search had been given.
base::Result<pine::StrategySettings> searched_settings(const pine::Program& program, const json::object& result) {
  pine::StrategySettings settings = program.settings;
  const json::object* const given = object_at(result, {"properties"});
  if (given == nullptr) return settings;  // a result of an older version, which did not tell
  for (const auto& [name, value] : *given) {
    const std::string text = value.is_string() ? std::string(value.get_string()) : base::json_text(value);
    const auto set = backtest::set_property(settings, name, text);
    if (!set) return base::in_context("the result's properties", set.error());
  }
  return settings;
}

/// The strategy() call of a script that has one.
const pine::ast::Call* declaration_of(const pine::ast::Script& tree) {
  for (const pine::ast::StatementPtr& statement : tree.statements) {
    const auto* expression = std::get_if<pine::ast::ExpressionStatement>(&statement->node);
    if (expression == nullptr) continue;
    const auto* call = std::get_if<pine::ast::Call>(&expression->value->node);
    const auto* callee = call == nullptr ? nullptr : std::get_if<pine::ast::Name>(&call->callee->node);
    if (callee != nullptr && callee->name == "strategy") return call;
  }
  return nullptr;
}

/// Writes properties into the declaration: over the arguments that set them, or behind the last argument.
void set_properties(const std::vector<backtest::Property>& properties, const pine::ast::Call& declaration,
                    std::vector<pine::Edit>& edits) {
  const std::vector<std::string>& names = pine::strategy_parameters();
  std::string added;
  for (const backtest::Property& property : properties) {
    std::string value = property_expression(property);
    const pine::ast::Argument* written = nullptr;
    for (std::size_t i = 0; i < declaration.arguments.size(); ++i) {
      const pine::ast::Argument& argument = declaration.arguments[i];
      const bool is_named = !argument.name.empty();
      if (is_named ? argument.name == property.name : i < names.size() && names[i] == property.name) {
        written = &argument;
      }
    }
    if (written != nullptr) {
      edits.push_back({written->value->range, std::move(value)});
    } else {
      added += fmt::format(", {} = {}", property.name, value);
    }
  }
  if (added.empty()) return;
  const std::uint32_t end = declaration.arguments.back().range.end;
  edits.push_back({{end, end}, std::move(added)});
}

bool is_same(const backtest::InputValue& a, const backtest::InputValue& b) {
  const auto* left = std::get_if<double>(&a);
  const auto* right = std::get_if<double>(&b);
  if (left == nullptr || right == nullptr) return a == b;
  return std::bit_cast<std::uint64_t>(*left) == std::bit_cast<std::uint64_t>(*right);
}

/// The member of an enum with this title, written as the default names its own: Mode.fast.
base::Result<std::string> enum_member(const pine::ast::Script& tree, std::string_view written, const std::string& title,
                                      const std::string& input) {
  const std::string_view name = written.substr(0, written.rfind('.'));
  std::string found;
  for (const pine::ast::StatementPtr& statement : tree.statements) {
    const auto* declared = std::get_if<pine::ast::EnumDeclaration>(&statement->node);
    if (declared == nullptr || declared->name != name) continue;
    for (const auto& member : declared->members) {
      if (member.title != title) continue;
      if (!found.empty()) {
        return failure(ErrorCode::kUnsupported,
                       fmt::format("input {}: two members of {} are called '{}'", input, declared->name, title));
      }
      found = declared->name + "." + member.name;
    }
  }
  if (found.empty()) {
    return failure(ErrorCode::kUnsupported,
                   fmt::format("input {}: its default `{}` does not name a member of an enum of this script, so '{}' "
                               "cannot be written in its place",
                               input, written, title));
  }
  return found;
}

bool is_enum(const pine::ast::Script& tree, std::string_view written) {
  const std::string_view name = written.substr(0, written.rfind('.'));
  return std::ranges::any_of(tree.statements, [&](const auto& statement) {
    const auto* declared = std::get_if<pine::ast::EnumDeclaration>(&statement->node);
    return declared != nullptr && name.size() < written.size() && declared->name == name;
  });
}

/// The value as Pine reads it back.
base::Result<std::string> literal(const pine::Input& input, const backtest::InputValue& value,
                                  const pine::ast::Script& tree, std::string_view written) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (is_enum(tree, written)) return enum_member(tree, written, *text, input.name);
    return pine::print_string(*text);
  }
  const double number = std::get<double>(value);
  switch (input.kind) {
    case InputKind::kBool: return number != 0 ? "true" : "false";
    case InputKind::kColor: return pine::print_color(static_cast<std::uint32_t>(number));
    case InputKind::kSource: return input_text(input, value);
    case InputKind::kInt:
    case InputKind::kTime: return pine::print_number(number, true);
    default: return pine::print_number(number, false);
  }
}

/// One line of the header: no control characters, so that nothing a name holds can end the comment.
void add_line(std::string& header, std::string_view text, std::string_view line_end) {
  header += "// ";
  for (const char c : text) header += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  header += line_end;
}

std::string figures(const json::object& period) {
  std::string out = text_at(period, {"from"}).substr(0, 10) + " to " + text_at(period, {"to"}).substr(0, 10);
  const auto add = [&](const char* name, const char* field, const char* unit) {
    if (const auto value = number_at(period, {"metrics", field}))
      out += fmt::format(", {} {:.2f}{}", name, *value, unit);
  };
  add("net profit", "net_profit_percent", " %");
  add("largest fall", "max_drawdown_percent", " %");
  add("Sharpe ratio (monthly)", "sharpe_ratio", "");
  if (const auto trades = number_at(period, {"metrics", "total_closed_trades"})) {
    out += fmt::format(", {:.0f} trades", *trades);
  }
  return out;
}

std::string header_of(const json::object& result, const std::vector<backtest::Property>& properties,
                      const std::string& version, std::string_view line_end) {
  std::string header;
  const auto line = [&](std::string_view text) { add_line(header, text, line_end); };
  const auto field = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) line(fmt::format("{}: {}", name, text));
  };
  line(fmt::format("Inputs found by a search of TradeAssist {}; everything else is the script as it was.", version));
  field("Strategy", text_at(result, {"strategy"}));
  std::string set;
  for (const backtest::Property& property : properties) {
    set += (set.empty() ? "" : ", ") + property.name + " = " + property.value;
  }
  field("Properties of the search, set in strategy()", set);
  field("Market", text_at(result, {"symbol"}) + ", timeframe " + text_at(result, {"timeframe"}));
  if (const json::object* inside = object_at(result, {"in_sample"})) field("In sample", figures(*inside));
  const json::object* outside = object_at(result, {"out_of_sample"});
  field("Out of sample", outside != nullptr ? figures(*outside) : "none: nothing checks these values");
  const auto tried = number_at(result, {"trials_tried"});
  if (tried) {
    field("Search",
          fmt::format("{:.0f} trials, sampler {}, objective {}, seed {:.0f}", *tried, text_at(result, {"sampler"}),
                      text_at(result, {"objective"}), number_at(result, {"seed"}).value_or(0)));
  }
  const std::string verdict = text_at(result, {"assessment", "verdict"});
  field("Verdict", verdict.empty() ? text_at(result, {"statement"}) : verdict);
  field("Data fingerprint", text_at(result, {"data_fingerprint"}));
  if (const json::array* warnings = array_at(result, {"warnings"})) {
    for (const json::value& warning : *warnings) {
      if (warning.is_string()) field("Warning", std::string(warning.get_string()));
    }
  }
  line("Warning: values that a search found fit the past they were found on; the best of many trials is partly luck.");
  return header;
}

/// Where the header goes: behind the line of the version where that is the first, else before everything.
std::uint32_t header_place(const std::string& text, const pine::ast::Script& tree) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  const std::uint32_t begin = text.starts_with(kByteOrderMark) ? 3 : 0;
  if (tree.version_range.end == 0) return begin;
  const std::size_t first_line_end = text.find('\n', begin);
  if (first_line_end == std::string::npos || tree.version_range.end > first_line_end) return begin;
  return static_cast<std::uint32_t>(first_line_end + 1);
}

/// Compiles the text again: its defaults must be the values, its properties the settings.
base::Result<void> verify(const pine::Compilation& script, const std::string& text, const backtest::InputVector& values,
                          const pine::StrategySettings& settings, const pine::LibraryFinder& libraries) {
  const pine::Compilation made = pine::compile(script.source->name(), text, libraries);
  if (!made.program) {
    return failure(ErrorCode::kUnsupported,
                   "the script does not compile with the found values as its defaults\n" + pine::render(made));
  }
  const auto others = backtest::changed_properties(settings, made.program->settings);
  if (!others.empty()) {
    return failure(
        ErrorCode::kUnsupported,
        fmt::format("property {}: it cannot be written into strategy() of this script", others.front().name));
  }
  TRY_ASSIGN(const backtest::InputVector after, backtest::bind_inputs(*made.program, {}));
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i < after.size() && is_same(after[i], values[i])) continue;
    return failure(ErrorCode::kUnsupported,
                   fmt::format("input {}: its default cannot be replaced in the text", script.program->inputs[i].name));
  }
  return {};
}

}  // namespace

base::Result<std::string> pine_export(const pine::Compilation& script, const json::object& result,
                                      const PineExportOptions& options) {
  const json::object* parameters = object_at(result, {"parameters"});
  if (parameters == nullptr) {
    return failure(ErrorCode::kInvalidArgument,
                   "the result has no parameters: only that of a search (optimize --json) can be exported as Pine");
  }
  const pine::Program& program = *script.program;
  TRY_ASSIGN(const backtest::InputVector values, found_values(program, *parameters));
  TRY_ASSIGN(const backtest::InputVector defaults, backtest::bind_inputs(program, {}));
  TRY_ASSIGN(const pine::StrategySettings settings, searched_settings(program, result));
  const std::vector<backtest::Property> properties = backtest::changed_properties(program.settings, settings);

  const std::string& text = script.source->text();
  pine::Diagnostics ignored;  // it has been compiled
  const pine::ast::Script tree = pine::parse(*script.source, ignored);
  std::vector<pine::Edit> edits;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const pine::Input& input = program.inputs[i];
    if (is_same(values[i], defaults[i])) continue;
    if (input.default_range.end <= input.default_range.begin) {
      return failure(ErrorCode::kUnsupported,
                     fmt::format("input {}: its default is not written in this script", input.name));
    }
    TRY_ASSIGN(std::string written, literal(input, values[i], tree, script.source->slice(input.default_range)));
    edits.push_back({input.default_range, std::move(written)});
  }
  if (const pine::ast::Call* declaration = declaration_of(tree)) set_properties(properties, *declaration, edits);
  const std::uint32_t place = header_place(text, tree);
  const std::string_view line_end = text.find("\r\n") != std::string::npos ? "\r\n" : "\n";
  edits.push_back({{place, place}, header_of(result, properties, options.version, line_end)});
  TRY_ASSIGN(std::string exported, pine::replace_ranges(text, std::move(edits)));
  TRY(verify(script, exported, values, settings, options.libraries));
  return exported;
}

}  // namespace tradeassist::report
