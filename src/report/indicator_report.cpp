#include "report/indicator_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <charconv>

#include "base/csv.hpp"
#include "base/json.hpp"
#include "report/bars_report.hpp"

namespace tradeassist::report {
namespace {

namespace json = boost::json;
using Kind = pine::IndicatorParameter::Kind;

json::array outputs_json(const pine::IndicatorScript& script) {
  const auto or_null = [](const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); };
  json::array outputs;
  for (const auto& column : script.columns) {
    outputs.push_back(json::object{{"name", column.name},
                                   {"indicator", or_null(column.indicator)},
                                   {"expression", or_null(column.expression)},
                                   {"overlay", column.overlay}});
  }
  return outputs;
}

std::string head(const IndicatorReport& report, std::size_t rows) {
  const store::BarAnswer& answer = report.answer;
  std::string out = series_head({answer.instrument, answer.series, answer.timeframe, rows, answer.empty_reason});
  const market::Series& bars = answer.bars;
  out += ",\"warm_up\":{\"from\":";
  if (bars.empty()) {
    out += "null";
  } else {
    out += '"';
    append_time(out, bars.time.front());
    out += '"';
  }
  out += ",\"bars\":" + std::to_string(report.columns.first_bar);
  out += std::string(",\"whole_history\":") + (report.whole_history ? "true" : "false");
  out += "},\"outputs\":" + base::json_text(outputs_json(report.script));
  out +=
      ",\"warnings\":" + base::json_text(json::array(report.columns.warnings.begin(), report.columns.warnings.end()));
  return out;
}

/// The default as JSON: a number, a bool or a text.
json::value default_json(const pine::IndicatorParameter& parameter) {
  const std::string& text = parameter.default_text;
  if (parameter.kind == Kind::kBool) return text == "true";
  if (parameter.kind != Kind::kInt && parameter.kind != Kind::kFloat) return json::value(text);
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  if (parameter.kind == Kind::kInt) return static_cast<std::int64_t>(number);
  return number;
}

}  // namespace

std::string indicators_csv(const IndicatorReport& report) {
  const market::Series& bars = report.answer.bars;
  std::string out = "time";
  for (const auto& column : report.script.columns) {
    out += ',';
    base::append_csv_foreign_text(out, column.name);
  }
  out += '\n';
  for (std::size_t i = report.columns.first_bar; i < bars.size(); ++i) {
    append_time(out, bars.time[i]);
    for (const std::vector<double>& values : report.columns.values) {
      out += ',';
      base::append_csv_number(out, values[i - report.columns.first_bar]);
    }
    out += '\n';
  }
  return out;
}

std::string indicators_json(const IndicatorReport& report, bool as_columns) {
  const market::Series& bars = report.answer.bars;
  const std::size_t first = report.columns.first_bar, rows = bars.size() - first;
  std::vector<std::string> keys;
  keys.reserve(report.script.columns.size());
  for (const auto& column : report.script.columns) keys.push_back(base::json_text(json::value(column.name)) + ":");
  std::string out = head(report, rows);
  if (!as_columns) {
    out += ",\"rows\":[";
    for (std::size_t i = 0; i < rows; ++i) {
      out += i == 0 ? "{\"time\":\"" : ",{\"time\":\"";
      append_time(out, bars.time[first + i]);
      out += '"';
      for (std::size_t k = 0; k < keys.size(); ++k) {
        out += "," + keys[k];
        append_json_number(out, report.columns.values[k][i]);
      }
      out += '}';
    }
    return out + "]}";
  }
  out += ",\"columns\":{\"time\":[";
  for (std::size_t i = 0; i < rows; ++i) {
    out += i == 0 ? "\"" : ",\"";
    append_time(out, bars.time[first + i]);
    out += '"';
  }
  out += ']';
  for (std::size_t k = 0; k < keys.size(); ++k) {
    out += "," + keys[k] + "[";
    for (std::size_t i = 0; i < rows; ++i) {
      if (i > 0) out += ',';
      append_json_number(out, report.columns.values[k][i]);
    }
    out += ']';
  }
  return out + "}}";
}

json::object indicator_json(const pine::IndicatorDefinition& definition) {
  json::array parameters, outputs;
  for (const pine::IndicatorParameter& parameter : definition.parameters) {
    const bool is_bounded = parameter.kind == Kind::kInt || parameter.kind == Kind::kFloat;
    json::value choices = nullptr;
    if (parameter.kind == Kind::kChoice) choices = json::array(parameter.choices.begin(), parameter.choices.end());
    parameters.push_back(json::object{{"name", parameter.name},
                                      {"kind", pine::to_string(parameter.kind)},
                                      {"default", default_json(parameter)},
                                      {"minimum", is_bounded ? json::value(parameter.minimum) : nullptr},
                                      {"maximum", is_bounded ? json::value(parameter.maximum) : nullptr},
                                      {"choices", std::move(choices)}});
  }
  for (const pine::IndicatorOutput& output : definition.outputs) {
    const std::string& expression = output.expression;
    outputs.push_back(json::object{
        {"name", output.name}, {"expression", expression.empty() ? json::value(nullptr) : json::value(expression)}});
  }
  const std::string& expression = definition.expression;
  return {{"name", definition.name},
          {"title", definition.title},
          {"description", definition.description},
          {"overlay", definition.overlay},
          {"parameters", std::move(parameters)},
          {"outputs", std::move(outputs)},
          {"expression", expression.empty() ? json::value(nullptr) : json::value(expression)}};
}

std::string indicators_table() {
  std::size_t width = 0;
  for (const auto& definition : pine::indicator_definitions()) width = std::max(width, definition.name.size());
  std::string out;
  for (const auto& definition : pine::indicator_definitions()) {
    std::string parameters;
    for (const auto& parameter : definition.parameters) {
      parameters += (parameters.empty() ? "" : ", ") + parameter.name + "=" + parameter.default_text;
    }
    out += fmt::format("{:<{}}  {}{}\n", definition.name, width, definition.title,
                       parameters.empty() ? "" : " (" + parameters + ")");
  }
  return out;
}

}  // namespace tradeassist::report
