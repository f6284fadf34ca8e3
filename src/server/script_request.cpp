#include "server/script_request.hpp"

#include <algorithm>

#include "backtest/properties.hpp"
#include "report/best_points.hpp"
#include "server/market_source.hpp"

namespace tradeassist::server {

Problem field_problem(std::string pointer, std::string message) {
  return invalid_request({{std::move(pointer), std::move(message), "", 0, 0}});
}

std::optional<std::string> value_text(const boost::json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_bool() || value.is_number()) return base::json_text(value);
  return std::nullopt;
}

namespace {

std::optional<Problem> compile_into(PreparedScript& script, const std::optional<std::string>& strategy,
                                    const std::optional<std::string>& text, const pine::Catalogue& catalogue) {
  if (strategy.has_value() == text.has_value()) {
    return field_problem("/strategy", "give either `strategy`, a name of the catalogue, or `pine`, a script's text");
  }
  if (strategy) {
    const pine::CatalogueEntry* entry = catalogue.find(*strategy);
    if (entry == nullptr) {
      return Problem{
          404, "STRATEGY_NOT_FOUND", "There is no strategy " + strategy->substr(0, 64) + " in the catalogue.", {}};
    }
    script.name = *strategy;
    script.compilation.source = entry->source;
    script.compilation.program = entry->program;
    return std::nullopt;
  }
  script.name = kOwnScript;
  script.compilation = pine::compile("script.pine", *text, catalogue.libraries());
  if (script.compilation.program) return std::nullopt;
  Problem problem{422, "PINE_COMPILE_ERROR", "The script does not compile.", {}};
  for (const pine::Diagnostic& diagnostic : script.compilation.diagnostics.all()) {
    if (diagnostic.severity != pine::Severity::kError) continue;
    const pine::Source& file = script.compilation.source->file_at(diagnostic.range.begin);
    const pine::LineColumn place = file.locate(diagnostic.range.begin);
    const bool own = &file == script.compilation.source.get();
    const std::string library = own ? "" : std::filesystem::path(file.name()).filename().string() + ": ";
    problem.errors.push_back({"/pine", library + diagnostic.message, diagnostic.hint, place.line, place.column});
  }
  return problem;
}

/// The bars of a body, of a run or of a search: both name them alike.
template <class Body>
std::optional<Problem> read_bars(PreparedScript& script, const Body& body, store::SeriesCache& cache) {
  store::BarQuery query;
  query.symbol = body.symbol;
  query.from = body.from;
  query.to = body.to;
  query.rows_max = kRunBarsMax;
  const auto parsed = market::parse_timeframe(body.timeframe);
  if (!parsed) return field_problem("/timeframe", parsed.error().message);
  query.timeframe = *parsed;
  if (body.price_adjustment) {
    const auto adjustment = market::parse_price_adjustment(*body.price_adjustment);
    if (!adjustment) return field_problem("/price_adjustment", adjustment.error().message);
    query.price_adjustment = *adjustment;
  }
  const auto kept = cache.answer(query);
  if (!kept) {
    Problem problem = problem_from(kept.error());
    if (kept.error().code == base::ErrorCode::kNotFound) problem.code = "INSTRUMENT_NOT_FOUND";
    return problem;
  }
  const store::BarAnswer& answer = *kept->answer;
  if (answer.bars.empty()) return field_problem("/from", "there are no bars in that range: " + answer.empty_reason);
  script.instrument = answer.instrument;
  script.timeframe = answer.timeframe;
  script.source = market_source(cache, query.price_adjustment);
  script.series = kept->bars();
  return std::nullopt;
}

std::optional<Problem> bind_values(PreparedScript& script, const std::optional<Values>& inputs,
                                   const std::optional<Values>& properties) {
  script.settings = script.compilation.program->settings;
  std::vector<ProblemField> errors;
  if (properties) {
    for (const auto& [name, value] : *properties) {
      const auto text = value_text(value);
      if (!text) {
        errors.push_back({"/properties/" + name, "must be a number, a text or true/false", "", 0, 0});
      } else if (const auto set = backtest::set_property(script.settings, name, *text); !set) {
        errors.push_back({"/properties/" + name, set.error().message, "", 0, 0});
      }
    }
  }
  std::vector<backtest::InputAssignment> assignments;
  if (inputs) {
    for (const auto& [name, value] : *inputs) {
      const auto text = value_text(value);
      if (!text) {
        errors.push_back({"/inputs/" + name, "must be a number, a text or true/false", "", 0, 0});
        continue;
      }
      const backtest::InputAssignment assignment{name, *text};
      if (const auto bound = backtest::bind_inputs(*script.compilation.program, {assignment}); !bound) {
        errors.push_back({"/inputs/" + name, bound.error().message, "", 0, 0});
      } else {
        assignments.push_back(assignment);
      }
    }
  }
  if (!errors.empty()) return invalid_request(std::move(errors));
  auto bound = backtest::bind_inputs(*script.compilation.program, assignments);
  if (!bound) return problem_from(bound.error());
  script.inputs = std::move(*bound);
  return std::nullopt;
}

base::Result<std::vector<std::string>> value_texts(const std::string& name,
                                                   const std::vector<boost::json::value>& values) {
  std::vector<std::string> texts;
  for (const boost::json::value& value : values) {
    const auto text = value_text(value);
    if (!text) {
      return base::failure(base::ErrorCode::kInvalidArgument,
                           "parameter " + name.substr(0, 64) + ": values must be numbers, texts or true/false");
    }
    texts.push_back(*text);
  }
  return texts;
}

base::Result<optimize::ParameterRequest> parameter_request(const ParameterBody& body) {
  optimize::ParameterRequest request;
  request.name = body.name;
  request.from = body.from;
  request.to = body.to;
  request.step = body.step;
  request.continuous = body.continuous.value_or(false);
  const std::string scale = body.scale.value_or("linear");
  if (scale != "linear" && scale != "log") {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "parameter " + body.name.substr(0, 64) + ": the scale is linear or log");
  }
  request.logarithmic = scale == "log";
  if (body.values) { TRY_ASSIGN(request.values, value_texts(body.name, *body.values)); }
  if (body.when) {
    request.when = body.when->parameter;
    TRY_ASSIGN(request.when_values, value_texts(body.name, body.when->values));
  }
  return request;
}

/// Objectives, their weights, what is required, and when to end.
std::optional<Problem> read_goal(const OptimizeBody& body, optimize::SearchRequest& request) {
  for (const auto& [name, weight] : body.weights.value_or(std::map<std::string, double>{})) {
    const auto made = optimize::make_weight(name, weight);
    if (!made) return field_problem("/weights", made.error().message);
    request.weights.push_back(*made);
  }
  if (body.objective && body.objectives) return field_problem("/objectives", "give either objective or objectives");
  std::vector<std::string> names = body.objectives.value_or(std::vector<std::string>{});
  if (body.objective) names = {*body.objective};
  if (const auto chosen = request.choose_objectives(names); !chosen)
    return field_problem(body.objectives ? "/objectives" : "/objective", chosen.error().message);
  for (const std::string& text : body.require.value_or(std::vector<std::string>{})) {
    const auto comparison = optimize::parse_constraint(text);
    if (!comparison) return field_problem("/require", comparison.error().message);
    auto made = optimize::make_requirement(*comparison);
    if (!made) return field_problem("/require", made.error().message);
    request.requirements.push_back(std::move(*made));
  }
  if (body.stop_after) {
    if (*body.stop_after < 1) return field_problem("/stop_after", "must be 1 or more");
    request.stop_after = static_cast<std::uint64_t>(*body.stop_after);
  }
  if (body.time_limit_seconds) {
    if (!(*body.time_limit_seconds > 0)) return field_problem("/time_limit_seconds", "must be above 0");
    request.time_limit_seconds = body.time_limit_seconds;
  }
  return std::nullopt;
}

/// Values of parameters by name; what is not named keeps its input.
std::optional<Problem> read_first_points(const OptimizeBody& body, const backtest::InputVector& inputs,
                                         optimize::SearchRequest& request) {
  const std::vector<Values> points = body.first_points.value_or(std::vector<Values>{});
  if (points.size() > optimize::SearchRequest::kFirstPointsMax) {
    return field_problem("/first_points", "at most " + std::to_string(optimize::SearchRequest::kFirstPointsMax));
  }
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::string field = "/first_points/" + std::to_string(i);
    std::map<std::string, backtest::InputValue> values;
    for (const auto& [name, given] : points[i]) {
      if (std::ranges::find(request.space.parameters, name, &optimize::Parameter::name) ==
          request.space.parameters.end())
        return field_problem(field + "/" + name, "is no parameter that varies");
      const auto value = report::input_value(given);
      if (!value) return field_problem(field + "/" + name, "must be a number, a text or true/false");
      values.emplace(name, *value);
    }
    auto point = request.space.point_of(values, inputs);
    if (!point) return field_problem(field, point.error().message);
    request.first_points.push_back(std::move(*point));
  }
  return std::nullopt;
}

/// What is done beside the search; the bars have to be there.
std::optional<Problem> read_validation(const OptimizeBody& body, const market::Series& series,
                                       optimize::ValidationOptions& options) {
  options.none = !body.validate.value_or(true);
  if (options.none && body.random_periods)
    return field_problem("/random_periods", "says nothing without the validation; leave one of the two out");
  options.random_periods = body.random_periods.value_or(options.random_periods);
  if (options.random_periods < 0 || options.random_periods > optimize::ValidationOptions::kRandomPeriodsMax) {
    return field_problem("/random_periods",
                         "must be from 0 to " + std::to_string(optimize::ValidationOptions::kRandomPeriodsMax));
  }
  if (!body.walk_forward) return std::nullopt;
  optimize::WalkForwardOptions& walk = options.walk_forward.emplace();
  walk.train_days = body.walk_forward->train_days.value_or(walk.train_days);
  walk.test_days = body.walk_forward->test_days.value_or(walk.test_days);
  walk.step_days = body.walk_forward->step_days.value_or(std::min(walk.step_days, walk.test_days));
  walk.anchored = body.walk_forward->anchored.value_or(walk.anchored);
  if (const auto windows = optimize::walk_forward_windows(series, walk); !windows)
    return field_problem("/walk_forward", windows.error().message);
  return std::nullopt;
}

}  // namespace

std::variant<PreparedScript, Problem> bind_strategy(const std::string& name, const ValuesBody& body,
                                                    const pine::Catalogue& catalogue) {
  PreparedScript script;
  if (auto problem = compile_into(script, name, std::nullopt, catalogue)) return std::move(*problem);
  if (auto problem = bind_values(script, body.inputs, body.properties)) return std::move(*problem);
  return script;
}

std::variant<PreparedScript, Problem> bars_of(const BarsBody& body, store::SeriesCache& cache) {
  PreparedScript bars;
  if (auto problem = read_bars(bars, body, cache)) return std::move(*problem);
  return bars;
}

std::variant<PreparedScript, Problem> prepare(const BacktestBody& body, store::SeriesCache& cache,
                                              const pine::Catalogue& catalogue) {
  PreparedScript script;
  if (auto problem = compile_into(script, body.strategy, body.pine, catalogue)) return std::move(*problem);
  if (auto problem = bind_values(script, body.inputs, body.properties)) return std::move(*problem);
  if (auto problem = read_bars(script, body, cache)) return std::move(*problem);
  return script;
}

std::variant<optimize::SearchRequest, Problem> prepare_search(const OptimizeBody& body, store::SeriesCache& cache,
                                                              const pine::Catalogue& catalogue, std::string* name) {
  PreparedScript script;
  if (auto problem = compile_into(script, body.strategy, body.pine, catalogue)) return std::move(*problem);
  if (name != nullptr) *name = script.name;
  if (auto problem = bind_values(script, body.inputs, body.properties)) return std::move(*problem);

  optimize::SearchRequest request;
  request.program = script.compilation.program;
  std::vector<optimize::ParameterRequest> wanted;
  for (const ParameterBody& parameter : body.parameters.value_or(std::vector<ParameterBody>{})) {
    auto one = parameter_request(parameter);
    if (!one) return field_problem("/parameters", one.error().message);
    wanted.push_back(std::move(*one));
  }
  std::vector<optimize::ConstraintRequest> constraints;
  for (const std::string& text : body.constraints.value_or(std::vector<std::string>{})) {
    auto one = optimize::parse_constraint(text);
    if (!one) return field_problem("/constraints", one.error().message);
    constraints.push_back(std::move(*one));
  }
  // First without the constraints, so that a problem is one of the parameters.
  if (const auto parameters = optimize::make_search_space(*request.program, wanted); !parameters)
    return field_problem("/parameters", parameters.error().message);
  auto space = optimize::make_search_space(*request.program, wanted, constraints, script.inputs);
  if (!space) return field_problem("/constraints", space.error().message);
  request.space = std::move(*space);
  if (auto problem = read_goal(body, request)) return std::move(*problem);
  if (body.trials &&
      (*body.trials < 1 || *body.trials > static_cast<std::int64_t>(optimize::SearchRequest::kTrialsMax))) {
    return field_problem("/trials", "must be from 1 to " + std::to_string(optimize::SearchRequest::kTrialsMax));
  }
  request.choose_trials(body.sampler, body.trials);
  if (auto problem = read_first_points(body, script.inputs, request)) return std::move(*problem);
  if (const auto sampler = optimize::make_sampler(request.sampler, request.space, {.first = request.first_points});
      !sampler)
    return field_problem("/sampler", sampler.error().message);
  request.seed = body.seed.value_or(1);
  request.choose_shares(body.out_of_sample_share, body.validation_share);
  request.threads = body.threads.value_or(0);
  if (request.threads < 0 || request.threads > 256) return field_problem("/threads", "must be from 0 to 256");
  if (auto problem = read_bars(script, body, cache)) return std::move(*problem);
  if (const auto split =
          optimize::split_bars(script.series->size(), request.validation_share, request.out_of_sample_share);
      !split) {
    return field_problem(body.validation_share ? "/validation_share" : "/out_of_sample_share", split.error().message);
  }
  if (auto problem = read_validation(body, *script.series, request.validation)) return std::move(*problem);
  const std::vector<std::string> also = body.also.value_or(std::vector<std::string>{});
  if (also.size() > optimize::SearchRequest::kOtherInstrumentsMax) {
    return field_problem("/also", "at most " + std::to_string(optimize::SearchRequest::kOtherInstrumentsMax));
  }
  for (const std::string& symbol : also) {
    OptimizeBody other = body;
    other.symbol = symbol;
    PreparedScript bars;
    if (auto problem = read_bars(bars, other, cache)) return std::move(*problem);
    request.other_instruments.push_back({bars.instrument, bars.series});
  }
  request.inputs = std::move(script.inputs);
  request.settings = script.settings;
  request.series = script.series;
  request.instrument = script.instrument;
  request.timeframe = script.timeframe;
  request.source = std::move(script.source);
  return request;
}

}  // namespace tradeassist::server
