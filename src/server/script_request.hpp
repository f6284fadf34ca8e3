#pragma once

#include <boost/describe.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "backtest/backtest.hpp"
#include "base/json.hpp"
#include "optimize/search.hpp"
#include "pine/catalogue.hpp"
#include "server/problem.hpp"
#include "store/cache/series_cache.hpp"

namespace tradeassist::server {

/// The name of a script that is not of the catalogue.
constexpr const char* kOwnScript = "script";

/// 422 that names one field.
Problem field_problem(std::string pointer, std::string message);

using Values = std::map<std::string, boost::json::value>;

/// Numbers, booleans and strings as the text that a command line would have; nothing for anything else.
std::optional<std::string> value_text(const boost::json::value& value);

/// The body of POST /api/v1/backtests.
struct BacktestBody {
  std::optional<std::string> strategy, pine;  // one of the two
  std::string symbol, timeframe;
  std::optional<base::Time> from, to, trade_from;
  std::optional<std::string> price_adjustment;  // as of GET /api/v1/bars; of what the script requests, too
  std::optional<Values> inputs, properties;
  std::optional<bool> include_plots;
};
BOOST_DESCRIBE_STRUCT(BacktestBody, (),
                      (strategy, pine, symbol, timeframe, from, to, trade_from, price_adjustment, inputs, properties,
                       include_plots))

/// The body of POST /api/v1/strategies/{name}/validate.
struct ValuesBody {
  std::optional<Values> inputs, properties;
};
BOOST_DESCRIBE_STRUCT(ValuesBody, (), (inputs, properties))

/// Where a parameter of a search is active: only where another has one of these values.
struct ConditionBody {
  std::string parameter;
  std::vector<boost::json::value> values;
};
BOOST_DESCRIBE_STRUCT(ConditionBody, (), (parameter, values))

/// One parameter of a search: a range or a list; a name alone takes the range of its input.
struct ParameterBody {
  std::string name;
  std::optional<double> from, to, step;
  std::optional<std::vector<boost::json::value>> values;
  std::optional<bool> continuous;    // every number of the range
  std::optional<std::string> scale;  // linear or log
  std::optional<ConditionBody> when;
};
BOOST_DESCRIBE_STRUCT(ParameterBody, (), (name, from, to, step, values, continuous, scale, when))

/// A walk-forward beside a search; what is left out is as of optimize::WalkForwardOptions.
struct WalkForwardBody {
  std::optional<double> train_days, test_days, step_days;
  std::optional<bool> anchored;
};
BOOST_DESCRIBE_STRUCT(WalkForwardBody, (), (train_days, test_days, step_days, anchored))

/// The body of POST /api/v1/optimize/single and /validate.
struct OptimizeBody {
  std::optional<std::string> strategy, pine;
  std::string symbol, timeframe;
  std::optional<base::Time> from, to;
  std::optional<std::string> price_adjustment;  // as of a backtest
  std::optional<std::vector<ParameterBody>> parameters;
  std::optional<std::vector<std::string>> constraints;  // fast < slow
  std::optional<std::string> sampler, objective;
  std::optional<std::vector<Values>> first_points;       // by parameter: what the sampler begins with
  std::optional<std::vector<std::string>> objectives;    // several, instead of `objective`
  std::optional<std::map<std::string, double>> weights;  // of the objective composite
  std::optional<std::vector<std::string>> require;       // trades_per_year >= 12
  std::optional<std::int64_t> stop_after;                // trials
  std::optional<double> time_limit_seconds;
  std::optional<std::int64_t> trials;
  std::optional<std::uint32_t> seed;
  std::optional<double> out_of_sample_share, validation_share;
  std::optional<std::vector<std::string>> also;  // symbols that what is found is run on, too
  std::optional<bool> validate;                  // ask what the result is worth; by default yes
  std::optional<WalkForwardBody> walk_forward;
  std::optional<int> random_periods;
  std::optional<Values> inputs, properties;
  std::optional<int> threads;
  std::optional<std::int64_t> priority;  // of its job, 0 (lowest) to 3
};
BOOST_DESCRIBE_STRUCT(OptimizeBody, (),
                      (strategy, pine, symbol, timeframe, from, to, price_adjustment, parameters, constraints, sampler,
                       first_points, objective, objectives, weights, require, stop_after, time_limit_seconds, trials,
                       seed, out_of_sample_share, validation_share, also, validate, walk_forward, random_periods,
                       inputs, properties, threads, priority))

/// A script with its inputs, properties and bars: what a run needs.
struct PreparedScript {
  std::string name;
  pine::Compilation compilation;  // program set
  backtest::InputVector inputs;
  pine::StrategySettings settings;
  market::SeriesPtr series;
  market::Instrument instrument;
  market::Timeframe timeframe;
  backtest::SeriesSource source;
};

/// Most bars that one run over HTTP takes.
constexpr std::int64_t kRunBarsMax = 5'000'000;

/// A strategy of the catalogue with its inputs and properties bound, without bars. Problems name the field.
std::variant<PreparedScript, Problem> bind_strategy(const std::string& name, const ValuesBody& body,
                                                    const pine::Catalogue& catalogue);

/// Which bars a run or a draft is of; the fields are those of BacktestBody.
struct BarsBody {
  std::string symbol, timeframe;
  std::optional<base::Time> from, to;
  std::optional<std::string> price_adjustment;
};

/// Reads them: series, instrument, timeframe and source are set, nothing of a script. Problems name the field.
std::variant<PreparedScript, Problem> bars_of(const BarsBody& body, store::SeriesCache& cache);

/// Finds or compiles the script, reads the bars, binds inputs and properties. Problems name the field.
std::variant<PreparedScript, Problem> prepare(const BacktestBody& body, store::SeriesCache& cache,
                                              const pine::Catalogue& catalogue);

/// The same for a search, with its space.
std::variant<optimize::SearchRequest, Problem> prepare_search(const OptimizeBody& body, store::SeriesCache& cache,
                                                              const pine::Catalogue& catalogue,
                                                              std::string* name = nullptr);

}  // namespace tradeassist::server
