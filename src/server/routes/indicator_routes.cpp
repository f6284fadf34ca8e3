#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "backtest/indicator_columns.hpp"
#include "pine/indicators/definition.hpp"
#include "pine/indicators/indicator_script.hpp"
#include "report/indicator_report.hpp"
#include "server/market_source.hpp"
#include "server/routes/bar_parameters.hpp"
#include "server/routes/compute_request.hpp"
#include "server/routes/services.hpp"
#include "server/script_request.hpp"
#include "server/warmed_bars.hpp"

namespace tradeassist::server {
namespace {

namespace json = boost::json;
using pine::ExpressionCall;
using pine::IndicatorCall;

constexpr std::int64_t kPageMax = 1'000;

ProblemField field_of(const pine::IndicatorError& error) {
  return {error.place, error.message, error.hint, error.line, error.column};
}

/// What is wrong with a script that cannot be made; with places in Pine it is a compiler's matter.
Problem script_problem(const std::vector<pine::IndicatorError>& errors) {
  std::vector<ProblemField> fields;
  bool in_pine = false;
  for (const pine::IndicatorError& error : errors) {
    fields.push_back(field_of(error));
    in_pine = in_pine || error.line > 0;
  }
  Problem problem = invalid_request(std::move(fields));
  if (in_pine) problem.code = "PINE_COMPILE_ERROR";
  return problem;
}

/// Reads the bars, runs the script over them, writes the answer.
HandlerResult compute(const pine::IndicatorScript& script, const BarParameters& wanted, const Request& request,
                      store::SeriesCache& cache) {
  const auto read = read_warmed_bars(cache, wanted.query);
  if (!read) return bars_problem(read.error());
  if (const auto count = static_cast<std::int64_t>(read->size()); count > kBarsMax) return too_many_bars(count);
  backtest::RunRequest run;
  run.series = &read->answer->bars;
  run.instrument = read->answer->instrument;
  run.timeframe = read->answer->timeframe;
  run.source = market_source(cache, wanted.query.price_adjustment);
  run.missing_bars_are_na = true;
  run.stop = request.deadline;
  const auto columns = backtest::compute_indicators(script, std::move(run), read->first_bar);
  if (!columns) {
    Problem problem = problem_from(columns.error());
    if (problem.status != 422) return problem;
    const pine::IndicatorError error = pine::locate_error(script, columns.error());
    problem.code = "PINE_RUNTIME_ERROR";
    problem.detail = error.message;
    problem.errors = {field_of(error)};
    return problem;
  }
  const report::IndicatorReport report{*read->answer, script, *columns, read->whole_history};
  if (wanted.format.name == "csv") return Response{200, "text/csv; charset=utf-8", report::indicators_csv(report), {}};
  return Response{200, "application/json", report::indicators_json(report, wanted.format.name == "columns"), {}};
}

HandlerResult list_indicators(const Request& request) {
  QueryReader query(request, {"limit", "cursor"});
  const std::int64_t limit = query.integer("limit", 1, kPageMax).value_or(100);
  const std::string cursor = query.text("cursor").value_or("");
  if (query.failed()) return query.problem();
  json::array page;
  json::value next = nullptr;
  std::string last;
  for (const pine::IndicatorDefinition& definition : pine::indicator_definitions()) {  // by name
    if (definition.name <= cursor) continue;
    if (static_cast<std::int64_t>(page.size()) == limit) {
      next = last;
      break;
    }
    last = definition.name;
    page.push_back(report::indicator_json(definition));
  }
  return json_response(json::object{{"indicators", std::move(page)}, {"next_cursor", std::move(next)}});
}

HandlerResult one_indicator(const Request& request, store::SeriesCache& cache) {
  const std::string& name = request.parameters.at("name");
  const pine::IndicatorDefinition* definition = pine::find_indicator(name);
  if (definition == nullptr) {
    return Problem{404,
                   "INDICATOR_NOT_FOUND",
                   "There is no indicator " + name.substr(0, 64) + "; GET /api/v1/indicators lists those there are.",
                   {}};
  }
  // `source` is the indicator's here, the series it is computed of; what bars come from is `series_source`.
  std::vector<std::string_view> known = {"symbol", "timeframe",     "from",   "to",
                                         "last",   "series_source", "format", "price_adjustment"};
  IndicatorCall call{name, {}, "", "", ""};
  for (const pine::IndicatorParameter& parameter : definition->parameters) {
    known.push_back(parameter.name);
    if (const auto value = request.query_value(parameter.name)) call.parameters[parameter.name] = *value;
  }
  QueryReader query(request, known);
  BarParameters wanted = read_bar_parameters(query, request, "series_source");
  read_price_adjustment(query, wanted.query);
  const auto script = pine::make_indicator_script({call}, {});
  if (!query.failed() && !script) return script_problem(script.error());
  if (!script) {
    for (const pine::IndicatorError& error : script.error()) query.fail(error.place, error.message);
  }
  if (query.failed()) return query.problem();
  return compute(*script, wanted, request, cache);
}

/// The script of a body, or what is wrong with it.
std::variant<pine::IndicatorScript, Problem> script_of(const ComputeBody& body, const pine::Catalogue& catalogue) {
  if (body.script) {
    if (body.indicators || body.expressions)
      return invalid_request({{"/script", "does not go with indicators and expressions", "", 0, 0}});
    auto script = pine::read_indicator_script(*body.script, "/script", catalogue.libraries());
    if (!script) return script_problem(script.error());
    return std::move(*script);
  }
  std::vector<IndicatorCall> indicators;
  std::vector<ProblemField> errors;
  for (const IndicatorBody& given : body.indicators.value_or(std::vector<IndicatorBody>{})) {
    const std::string place = "/indicators/" + std::to_string(indicators.size());
    IndicatorCall call{given.name, {}, given.as.value_or(""), place, place + "/parameters/"};
    for (const auto& [name, value] : given.parameters.value_or(Values{})) {
      if (const auto text = value_text(value)) {
        call.parameters[name] = *text;
      } else {
        errors.push_back({call.parameter_place + name, "must be a number, a text or true/false", "", 0, 0});
      }
    }
    indicators.push_back(std::move(call));
  }
  std::vector<ExpressionCall> expressions;
  for (const ExpressionBody& given : body.expressions.value_or(std::vector<ExpressionBody>{})) {
    const std::string place = "/expressions/" + std::to_string(expressions.size()) + "/source";
    expressions.push_back({given.source, given.as.value_or(""), place});
  }
  if (!errors.empty()) return invalid_request(std::move(errors));
  auto script = pine::make_indicator_script(indicators, expressions);
  if (!script) return script_problem(script.error());
  return std::move(*script);
}

std::variant<BarParameters, Problem> bars_of(const ComputeBody& body, const Request& request) {
  std::vector<ProblemField> errors;
  const auto fail = [&](const char* pointer, std::string message) {
    errors.push_back({pointer, std::move(message), "", 0, 0});
  };
  BarParameters wanted;
  wanted.query.symbol = body.symbol;
  wanted.query.from = body.from;
  wanted.query.to = body.to;
  wanted.query.last = body.last;
  wanted.query.source = body.series_source.value_or("");
  if (const auto* format = find_format(kTextFormats, body.format.value_or(""), request))
    wanted.format = *format;
  else
    fail("/format", "must be one of " + names_of(kTextFormats));
  if (body.last && (body.from || body.to)) fail("/last", "does not go with from and to");
  if (body.last && (*body.last < 1 || *body.last > kBarsMax))
    fail("/last", "must be a whole number from 1 to " + std::to_string(kBarsMax));
  if (const auto parsed = market::parse_timeframe(body.timeframe))
    wanted.query.timeframe = *parsed;
  else
    fail("/timeframe", parsed.error().message);
  if (body.price_adjustment) {
    if (const auto adjustment = market::parse_price_adjustment(*body.price_adjustment))
      wanted.query.price_adjustment = *adjustment;
    else
      fail("/price_adjustment", adjustment.error().message);
  }
  if (!errors.empty()) return invalid_request(std::move(errors));
  return wanted;
}

HandlerResult many_indicators(const Request& request, Services& services) {
  auto read = read_body<ComputeBody>(request);
  if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
  const ComputeBody& body = std::get<ComputeBody>(read);
  auto wanted = bars_of(body, request);
  if (auto* problem = std::get_if<Problem>(&wanted)) return std::move(*problem);
  auto script = script_of(body, services.catalogue);
  if (auto* problem = std::get_if<Problem>(&script)) return std::move(*problem);
  return compute(std::get<pine::IndicatorScript>(script), std::get<BarParameters>(wanted), request, services.cache);
}

}  // namespace

void add_indicator_routes(std::vector<Route>& routes, Services& services) {
  routes.push_back({Method::kGet, "/api/v1/indicators", "The indicators, with their parameters and outputs",
                    [](const Request& request) { return list_indicators(request); }});
  routes.push_back({Method::kGet, "/api/v1/indicators/{name}", "One indicator over stored bars",
                    [&services](const Request& request) { return one_indicator(request, services.cache); }});
  routes.push_back({Method::kPost, "/api/v1/indicators/compute", "Indicators and Pine expressions over stored bars",
                    [&services](const Request& request) { return many_indicators(request, services); }});
}

}  // namespace tradeassist::server
