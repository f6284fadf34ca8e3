#include "report/pine_report.hpp"

#include <boost/json.hpp>
#include <utility>

#include "backtest/backtest.hpp"
#include "report/search_report.hpp"

namespace tradeassist::report {

namespace json = boost::json;

namespace {

const char* kind_text(pine::InputKind kind) {
  switch (kind) {
    case pine::InputKind::kInt: return "int";
    case pine::InputKind::kFloat: return "float";
    case pine::InputKind::kBool: return "bool";
    case pine::InputKind::kString: return "string";
    case pine::InputKind::kColor: return "color";
    case pine::InputKind::kSource: return "source";
    case pine::InputKind::kTimeframe: return "timeframe";
    case pine::InputKind::kSession: return "session";
    case pine::InputKind::kSymbol: return "symbol";
    case pine::InputKind::kTime: return "time";
    case pine::InputKind::kPrice: return "price";
    case pine::InputKind::kTextArea: return "text_area";
  }
  return "float";
}

}  // namespace

json::array findings_json(const pine::Compilation& compilation) {
  json::array findings;
  for (const pine::Diagnostic& diagnostic : compilation.diagnostics.all()) {
    const pine::Source& file = compilation.source->file_at(diagnostic.range.begin);
    const pine::LineColumn place = file.locate(diagnostic.range.begin);
    json::object finding{{"file", file.name()},
                         {"line", place.line},
                         {"column", place.column},
                         {"severity", diagnostic.severity == pine::Severity::kError ? "error" : "warning"},
                         {"message", diagnostic.message}};
    if (!diagnostic.hint.empty()) finding["hint"] = diagnostic.hint;
    findings.push_back(std::move(finding));
  }
  return findings;
}

json::object input_json(const pine::Input& input, const json::value& default_value) {
  const auto bound = [](bool has, double value) { return has ? json::value(value) : json::value(nullptr); };
  json::value options = nullptr;
  if (!input.text_options.empty()) options = json::array(input.text_options.begin(), input.text_options.end());
  if (!input.number_options.empty()) options = json::array(input.number_options.begin(), input.number_options.end());
  return {{"name", input.name},
          {"title", input.title},
          {"kind", kind_text(input.kind)},
          {"default", default_value},
          {"minimum", bound(input.has_minimum, input.minimum)},
          {"maximum", bound(input.has_maximum, input.maximum)},
          {"step", bound(input.has_step, input.step)},
          {"options", std::move(options)},
          {"group", input.group},
          {"tooltip", input.tooltip}};
}

base::Result<json::array> declared_inputs_json(const pine::Program& program) {
  TRY_ASSIGN(const backtest::InputVector defaults, backtest::bind_inputs(program, {}));
  const json::object values = inputs_json(program, defaults);
  json::array inputs;
  for (const pine::Input& input : program.inputs) inputs.push_back(input_json(input, values.at(input.name)));
  return inputs;
}

}  // namespace tradeassist::report
