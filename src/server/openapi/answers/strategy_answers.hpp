#pragma once

#include "backtest/metrics/metrics.hpp"
#include "backtest/metrics/trade_rows.hpp"
#include "optimize/significance/assessment.hpp"
#include "optimize/validation/cross_validation.hpp"
#include "optimize/validation/random_periods.hpp"
#include "server/openapi/answers/job_answers.hpp"

/// The shapes of what the routes for strategies, backtests and searches answer.
namespace tradeassist::server::openapi {

using InputValues = std::map<std::string, std::optional<PlainValue>>;

struct Finding {
  std::string file;
  std::int64_t line, column;
  std::string severity, message;
  Sometimes<std::string> hint;
};
BOOST_DESCRIBE_STRUCT(Finding, (), (file, line, column, severity, message, hint))

struct Input {
  std::string name, title, kind;
  std::optional<PlainValue> default_;
  OptionalNumber minimum, maximum, step;
  std::optional<std::vector<PlainValue>> options;
  std::string group, tooltip;
};
BOOST_DESCRIBE_STRUCT(Input, (), (name, title, kind, default_, minimum, maximum, step, options, group, tooltip))

struct PineCheck {
  bool valid;
  std::vector<Finding> findings;
  Sometimes<std::string> kind, title;
  Sometimes<std::vector<Input>> inputs;
};
BOOST_DESCRIBE_STRUCT(PineCheck, (), (valid, findings, kind, title, inputs))

struct StrategySettings {
  std::string title;
  bool overlay;
  double initial_capital;
  std::string default_qty_type;
  double default_qty_value;
  std::string commission_type;
  double commission_value, slippage, pyramiding;
  bool process_orders_on_close;
  std::string close_entries_rule;
  double margin_long, margin_short;
};
BOOST_DESCRIBE_STRUCT(StrategySettings, (),
                      (title, overlay, initial_capital, default_qty_type, default_qty_value, commission_type,
                       commission_value, slippage, pyramiding, process_orders_on_close, close_entries_rule, margin_long,
                       margin_short))

struct StrategySummary {
  std::string name, category, risk_level, complexity, summary;
  std::int64_t input_count;
};
BOOST_DESCRIBE_STRUCT(StrategySummary, (), (name, category, risk_level, complexity, summary, input_count))

struct StrategyPage {
  std::vector<StrategySummary> strategies;
  std::int64_t total;
};
BOOST_DESCRIBE_STRUCT(StrategyPage, (), (strategies, total))

struct LevelCounts {
  std::map<std::string, std::int64_t> risk_levels, complexities;
};
BOOST_DESCRIBE_STRUCT(LevelCounts, (), (risk_levels, complexities))

struct CategorySummary : LevelCounts {
  std::string category;
  std::int64_t count;
  std::vector<std::string> strategies;
};
BOOST_DESCRIBE_STRUCT(CategorySummary, (LevelCounts), (category, count, strategies))

struct CatalogueSummary : LevelCounts {
  std::int64_t total;
  std::vector<CategorySummary> categories;
};
BOOST_DESCRIBE_STRUCT(CatalogueSummary, (LevelCounts), (total, categories))

struct Strategy : StrategySummary {
  std::string idea, works_when, fails_when, source_reference, pine;
  StrategySettings settings;
  std::vector<Input> inputs;
};
BOOST_DESCRIBE_STRUCT(Strategy, (StrategySummary),
                      (idea, works_when, fails_when, source_reference, pine, settings, inputs))

struct ValidatedStrategy {
  bool valid;
  InputValues inputs;
  StrategySettings settings;
};
BOOST_DESCRIBE_STRUCT(ValidatedStrategy, (), (valid, inputs, settings))

struct EquityCurve {
  std::vector<base::Time> time;
  Numbers equity, buy_and_hold;
};
BOOST_DESCRIBE_STRUCT(EquityCurve, (), (time, equity, buy_and_hold))

struct PlotColors {
  std::vector<std::string> palette;
  std::vector<std::optional<std::int64_t>> index;
};
BOOST_DESCRIBE_STRUCT(PlotColors, (), (palette, index))

struct Plot {
  std::string title, kind;
  bool overlay, visible;
  OptionalText color;
  std::optional<PlotColors> colors;
  std::string style, location, text;
  OptionalText text_color, down_color;
  std::string size;
  double line_width;
  std::int64_t time_offset, first_bar;
  Numbers values;
  Sometimes<Numbers> open, high, low;
  Sometimes<std::int64_t> first, second;
};
BOOST_DESCRIBE_STRUCT(Plot, (),
                      (title, kind, overlay, visible, color, colors, style, location, text, text_color, down_color,
                       size, line_width, time_offset, first_bar, values, open, high, low, first, second))

/// A drawing's fields, called as in Pine.
using DrawingFields = std::map<std::string, boost::json::value>;

struct Drawings {
  bool overlay;
  std::vector<DrawingFields> labels, lines, boxes, tables, linefills, polylines;
};
BOOST_DESCRIBE_STRUCT(Drawings, (), (overlay, labels, lines, boxes, tables, linefills, polylines))

struct ScriptMessage {
  base::Time time;
  std::string kind, text;
};
BOOST_DESCRIBE_STRUCT(ScriptMessage, (), (time, kind, text))

struct BacktestAnswer {
  std::string strategy, symbol, timeframe;
  std::int64_t bar_count;
  base::Time first_time, last_time;
  backtest::Metrics metrics;
  std::vector<backtest::TradeRow> trades;
  bool trades_truncated;
  EquityCurve equity;
  Sometimes<std::vector<Plot>> plots;
  Sometimes<std::int64_t> plot_bars_left_out;
  Sometimes<Drawings> drawings;
  Sometimes<std::int64_t> drawing_parts_left_out;
  std::vector<std::string> no_trades_reasons, warnings;
  std::vector<ScriptMessage> messages;
  std::int64_t messages_left_out;
};
BOOST_DESCRIBE_STRUCT(BacktestAnswer, (),
                      (strategy, symbol, timeframe, bar_count, first_time, last_time, metrics, trades, trades_truncated,
                       equity, plots, plot_bars_left_out, drawings, drawing_parts_left_out, no_trades_reasons, warnings,
                       messages, messages_left_out))

struct SearchCheck {
  bool valid;
  OptionalNumber combinations;
  std::int64_t trials;
};
BOOST_DESCRIBE_STRUCT(SearchCheck, (), (valid, combinations, trials))

struct BestTrial {
  std::int64_t trial;
  OptionalNumber objective;
  InputValues parameters;
};
BOOST_DESCRIBE_STRUCT(BestTrial, (), (trial, objective, parameters))

struct SearchStatus {
  std::string job_id;
  JobState state;
  std::string phase;
  double progress;
  std::optional<std::int64_t> trials_done, trials_total;
  OptionalNumber trials_per_second, seconds_left;
  std::optional<BestTrial> best;
  OptionalText strategy, symbol, timeframe, note, error;
  base::Time created_at;
  OptionalTime started_at, finished_at;
};
BOOST_DESCRIBE_STRUCT(SearchStatus, (),
                      (job_id, state, phase, progress, trials_done, trials_total, trials_per_second, seconds_left, best,
                       strategy, symbol, timeframe, note, error, created_at, started_at, finished_at))

struct SearchPage {
  std::vector<SearchStatus> jobs;
  OptionalText next_cursor;
};
BOOST_DESCRIBE_STRUCT(SearchPage, (), (jobs, next_cursor))

struct PeriodMetrics {
  base::Time from, to;
  backtest::Metrics metrics;
};
BOOST_DESCRIBE_STRUCT(PeriodMetrics, (), (from, to, metrics))

struct Finalist {
  std::int64_t trial;
  InputValues parameters;
  OptionalNumber in_sample_objective, objective, net_profit_percent, max_drawdown_percent;
  std::int64_t total_closed_trades;
};
BOOST_DESCRIBE_STRUCT(Finalist, (),
                      (trial, parameters, in_sample_objective, objective, net_profit_percent, max_drawdown_percent,
                       total_closed_trades))

struct HeldMetrics {
  OptionalNumber return_percent, max_drawdown_percent;
};
BOOST_DESCRIBE_STRUCT(HeldMetrics, (), (return_percent, max_drawdown_percent))

struct HeldPeriods {
  HeldMetrics in_sample;
  std::optional<HeldMetrics> out_of_sample, validation_sample;
};
BOOST_DESCRIBE_STRUCT(HeldPeriods, (), (in_sample, out_of_sample, validation_sample))

struct SplitEquityCurve : EquityCurve {
  std::int64_t split_index;
};
BOOST_DESCRIBE_STRUCT(SplitEquityCurve, (EquityCurve), (split_index))

struct FrontTrial {
  std::int64_t trial;
  std::map<std::string, OptionalNumber> objectives;
  InputValues parameters;
};
BOOST_DESCRIBE_STRUCT(FrontTrial, (), (trial, objectives, parameters))

struct Neighbour {
  std::string parameter;
  double steps;
  std::optional<PlainValue> value;
  OptionalNumber objective;
};
BOOST_DESCRIBE_STRUCT(Neighbour, (), (parameter, steps, value, objective))

struct Stability {
  std::string statement;
  OptionalNumber best, median, worst, share_of_trials_beaten;
  std::int64_t left_out;
  std::vector<Neighbour> rows;
};
BOOST_DESCRIBE_STRUCT(Stability, (), (statement, best, median, worst, share_of_trials_beaten, left_out, rows))

struct RegimeRow {
  std::string regime;
  std::int64_t days;
  OptionalNumber return_percent, holding_return_percent, sharpe;
};
BOOST_DESCRIBE_STRUCT(RegimeRow, (), (regime, days, return_percent, holding_return_percent, sharpe))

struct Regimes {
  std::string statement, rule;
  std::vector<RegimeRow> rows;
};
BOOST_DESCRIBE_STRUCT(Regimes, (), (statement, rule, rows))

struct SpreadRow : optimize::Spread {
  std::string of;
};
BOOST_DESCRIBE_STRUCT(SpreadRow, (optimize::Spread), (of))

struct RandomPeriods {
  std::int64_t count, shortest_days, longest_days;
  double share_profitable;
  OptionalNumber share_better_than_holding;
  std::string statement;
  std::vector<SpreadRow> rows;
};
BOOST_DESCRIBE_STRUCT(RandomPeriods, (),
                      (count, shortest_days, longest_days, share_profitable, share_better_than_holding, statement,
                       rows))

struct WindowResult {
  OptionalNumber return_percent, max_drawdown_percent, sharpe_ratio;
  std::optional<std::int64_t> closed_trades;
  OptionalNumber holding_return_percent;
};
BOOST_DESCRIBE_STRUCT(WindowResult, (),
                      (return_percent, max_drawdown_percent, sharpe_ratio, closed_trades, holding_return_percent))

struct OtherInstrument : WindowResult {
  std::string symbol;
  OptionalTime from, to;
  OptionalText failure;
};
BOOST_DESCRIBE_STRUCT(OtherInstrument, (WindowResult), (symbol, from, to, failure))

struct OtherInstruments {
  std::string statement;
  std::vector<OtherInstrument> rows;
};
BOOST_DESCRIBE_STRUCT(OtherInstruments, (), (statement, rows))

struct WalkForwardWindow {
  base::Time train_from, train_to, test_from, test_to;
  std::int64_t trials;
  std::optional<InputValues> parameters;
  OptionalNumber objective;
  std::optional<WindowResult> in_sample, out_of_sample;
};
BOOST_DESCRIBE_STRUCT(WalkForwardWindow, (),
                      (train_from, train_to, test_from, test_to, trials, parameters, objective, in_sample,
                       out_of_sample))

struct WalkForward {
  std::string statement, mode;
  double train_days, test_days, step_days;
  std::int64_t windows_left_out;
  OptionalNumber return_percent, max_drawdown_percent, buy_and_hold_return_percent, share_profitable, efficiency;
  std::vector<WalkForwardWindow> windows;
  EquityCurve equity;
};
BOOST_DESCRIBE_STRUCT(WalkForward, (),
                      (statement, mode, train_days, test_days, step_days, windows_left_out, return_percent,
                       max_drawdown_percent, buy_and_hold_return_percent, share_profitable, efficiency, windows,
                       equity))

struct TrialColumns {
  std::int64_t count;
  std::vector<std::int64_t> index;
  Numbers objective;
  std::map<std::string, std::vector<std::optional<PlainValue>>> parameters;
  std::map<std::string, Numbers> metrics;
  Sometimes<Numbers> bar_share, violation;
  Sometimes<std::map<std::string, Numbers>> objectives;
};
BOOST_DESCRIBE_STRUCT(TrialColumns, (),
                      (count, index, objective, parameters, metrics, bar_share, violation, objectives))

/// What a search found. Results that an earlier version stored lack what is Sometimes there.
struct SearchResult {
  Sometimes<std::string> job_id;
  Sometimes<boost::json::value> request;
  std::string strategy, symbol, timeframe, objective;
  Sometimes<std::vector<std::string>> objectives;
  std::string sampler;
  std::int64_t seed, trials_tried;
  Sometimes<OptionalText> stopped;
  OptionalNumber combinations;
  std::string data_fingerprint;
  OptionalTime split_time;
  InputValues parameters, default_parameters;
  Sometimes<InputValues> properties;
  PeriodMetrics in_sample;
  std::optional<PeriodMetrics> out_of_sample;
  Sometimes<std::optional<PeriodMetrics>> validation_sample;
  Sometimes<std::optional<std::vector<Finalist>>> finalists;
  HeldPeriods buy_and_hold;
  std::string statement;
  Sometimes<std::vector<std::string>> warnings;
  SplitEquityCurve equity;
  Sometimes<std::optional<std::vector<FrontTrial>>> pareto_front;
  Sometimes<std::optional<optimize::Assessment>> assessment;
  Sometimes<std::optional<Stability>> stability;
  Sometimes<std::optional<Regimes>> regimes;
  Sometimes<std::optional<RandomPeriods>> random_periods;
  Sometimes<std::optional<optimize::CrossValidation>> cross_validation;
  Sometimes<std::optional<OtherInstruments>> other_instruments;
  Sometimes<std::optional<WalkForward>> walk_forward;
  TrialColumns trials;
};
BOOST_DESCRIBE_STRUCT(SearchResult, (),
                      (job_id, request, strategy, symbol, timeframe, objective, objectives, sampler, seed, trials_tried,
                       stopped, combinations, data_fingerprint, split_time, parameters, default_parameters, properties,
                       in_sample, out_of_sample, validation_sample, finalists, buy_and_hold, statement, warnings,
                       equity, pareto_front, assessment, stability, regimes, random_periods, cross_validation,
                       other_instruments, walk_forward, trials))

struct TournamentStage {
  std::int64_t trials;
  std::optional<std::int64_t> keep;
};
BOOST_DESCRIBE_STRUCT(TournamentStage, (), (trials, keep))

struct PlacePeriod {
  base::Time from, to;
  OptionalNumber net_profit_percent, max_drawdown_percent, sharpe_ratio;
  std::int64_t total_closed_trades;
  OptionalNumber holding_return_percent;
};
BOOST_DESCRIBE_STRUCT(PlacePeriod, (),
                      (from, to, net_profit_percent, max_drawdown_percent, sharpe_ratio, total_closed_trades,
                       holding_return_percent))

struct TournamentPlace {
  std::int64_t place;
  std::string strategy;
  OptionalText symbol, timeframe;
  std::int64_t stages, trials;
  OptionalNumber objective;
  std::optional<InputValues> parameters;
  std::optional<PlacePeriod> in_sample, out_of_sample;
  OptionalText verdict, failure;
  std::optional<SearchResult> result;
};
BOOST_DESCRIBE_STRUCT(TournamentPlace, (),
                      (place, strategy, symbol, timeframe, stages, trials, objective, parameters, in_sample,
                       out_of_sample, verdict, failure, result))

struct TournamentResult {
  Sometimes<std::string> job_id;
  Sometimes<boost::json::value> request;
  std::vector<TournamentStage> stages;
  std::int64_t trials_tried;
  std::string statement;
  Sometimes<std::string> objective, sampler;
  Sometimes<std::int64_t> seed;
  std::vector<TournamentPlace> places;
};
BOOST_DESCRIBE_STRUCT(TournamentResult, (),
                      (job_id, request, stages, trials_tried, statement, objective, sampler, seed, places))

using ResultAnswer = std::variant<SearchResult, TournamentResult>;

struct Objective {
  std::string name, title;
  bool maximise, can_be_weighed;
};
BOOST_DESCRIBE_STRUCT(Objective, (), (name, title, maximise, can_be_weighed))

struct Objectives {
  std::vector<Objective> objectives;
};
BOOST_DESCRIBE_STRUCT(Objectives, (), (objectives))

struct Sampler {
  std::string name, summary;
  bool needs_steps;
};
BOOST_DESCRIBE_STRUCT(Sampler, (), (name, summary, needs_steps))

struct Samplers {
  std::vector<Sampler> samplers;
};
BOOST_DESCRIBE_STRUCT(Samplers, (), (samplers))

}  // namespace tradeassist::server::openapi
