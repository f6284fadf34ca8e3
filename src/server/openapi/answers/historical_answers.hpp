#pragma once

#include "server/historical/historical_job.hpp"
#include "server/historical/query_schedule.hpp"
#include "server/openapi/answers/market_answers.hpp"

namespace tradeassist::server::openapi {

struct SymbolProblem {
  std::string code, message;
};
BOOST_DESCRIBE_STRUCT(SymbolProblem, (), (code, message))

struct SymbolOutcome {
  std::string status;
  std::int64_t bar_count;
  OptionalText reason;
  std::optional<SymbolProblem> error;
  std::optional<BarsAnswer> data;
};
BOOST_DESCRIBE_STRUCT(SymbolOutcome, (), (status, bar_count, reason, error, data))

struct FetchedSymbol : SymbolOutcome {
  std::string symbol;
};
BOOST_DESCRIBE_STRUCT(FetchedSymbol, (SymbolOutcome), (symbol))

struct FetchAnswer {
  std::string query_id;
  double execution_time_ms;
  std::int64_t bar_count;
  std::vector<FetchedSymbol> results;
};
BOOST_DESCRIBE_STRUCT(FetchAnswer, (), (query_id, execution_time_ms, bar_count, results))

struct FetchAccepted {
  std::string query_id, status_url, channel;
};
BOOST_DESCRIBE_STRUCT(FetchAccepted, (), (query_id, status_url, channel))

struct FetchStatus {
  std::string query_id, status, phase;
  double progress;
  std::vector<SymbolReport> symbols;
  std::string channel;
  OptionalText note, error;
  base::Time created_at;
  OptionalTime started_at, finished_at;
};
BOOST_DESCRIBE_STRUCT(FetchStatus, (),
                      (query_id, status, phase, progress, symbols, channel, note, error, created_at, started_at,
                       finished_at))

struct AggregatedFrequency : SymbolOutcome {
  std::string frequency;
  std::optional<bool> computed;
};
BOOST_DESCRIBE_STRUCT(AggregatedFrequency, (SymbolOutcome), (frequency, computed))

struct AggregatedSymbol {
  std::string symbol;
  OptionalText base_timeframe, source;
  std::vector<AggregatedFrequency> frequencies;
};
BOOST_DESCRIBE_STRUCT(AggregatedSymbol, (), (symbol, base_timeframe, source, frequencies))

struct AggregateAnswer {
  std::string query_id;
  double execution_time_ms;
  std::int64_t bar_count;
  std::vector<AggregatedSymbol> results;
};
BOOST_DESCRIBE_STRUCT(AggregateAnswer, (), (query_id, execution_time_ms, bar_count, results))

struct ComparedSeries : SeriesHead, KeptAnswer {
  std::string requested_symbol;
  OptionalTime start, end;
  std::int64_t dropped;
  OptionalNumber return_percent, volatility_percent, max_drawdown_percent;
  OptionalText unknown_reason;
  std::optional<std::vector<base::Time>> time;
  Numbers close, rebased;
};
BOOST_DESCRIBE_STRUCT(ComparedSeries, (SeriesHead, KeptAnswer),
                      (requested_symbol, start, end, dropped, return_percent, volatility_percent, max_drawdown_percent,
                       unknown_reason, time, close, rebased))

struct ComparedPair {
  std::int64_t series, against;
  OptionalNumber correlation, beta;
  OptionalText unknown_reason;
  Numbers spread, ratio;
};
BOOST_DESCRIBE_STRUCT(ComparedPair, (), (series, against, correlation, beta, unknown_reason, spread, ratio))

struct FailedSymbol {
  std::string symbol, code, message;
};
BOOST_DESCRIBE_STRUCT(FailedSymbol, (), (symbol, code, message))

struct ComparisonAnswer {
  std::string query_id;
  double execution_time_ms;
  std::string frequency, aligned_by;
  std::int64_t common_bars;
  std::optional<std::vector<base::Time>> time;
  std::vector<ComparedSeries> series;
  std::vector<ComparedPair> pairs;
  std::vector<FailedSymbol> failed;
};
BOOST_DESCRIBE_STRUCT(ComparisonAnswer, (),
                      (query_id, execution_time_ms, frequency, aligned_by, common_bars, time, series, pairs, failed))

struct StoredBase {
  std::string timeframe, source;
  std::int64_t series_count, row_count;
  OptionalTime first_time, last_time;
};
BOOST_DESCRIBE_STRUCT(StoredBase, (), (timeframe, source, series_count, row_count, first_time, last_time))

struct Frequency {
  std::string frequency;
  std::int64_t nominal_seconds;
  bool is_intraday;
  std::string pine;
  Sometimes<bool> is_available, is_stored;
  Sometimes<std::vector<StoredBase>> made_of;
  Sometimes<OptionalText> reason;
};
BOOST_DESCRIBE_STRUCT(Frequency, (),
                      (frequency, nominal_seconds, is_intraday, pine, is_available, is_stored, made_of, reason))

struct CustomFrequencies {
  std::string syntax;
  std::int64_t count_min, count_max;
  std::map<std::string, std::string> units;
  std::vector<std::string> examples;
};
BOOST_DESCRIBE_STRUCT(CustomFrequencies, (), (syntax, count_min, count_max, units, examples))

struct TickBarKind {
  std::string unit, of, example;
};
BOOST_DESCRIBE_STRUCT(TickBarKind, (), (unit, of, example))

struct Frequencies {
  OptionalText symbol;
  std::vector<Frequency> frequencies;
  CustomFrequencies custom;
  std::vector<TickBarKind> tick_bars;
  Sometimes<std::vector<StoredBase>> stored;
  Sometimes<bool> tick_bars_available;
};
BOOST_DESCRIBE_STRUCT(Frequencies, (), (symbol, frequencies, custom, tick_bars, stored, tick_bars_available))

struct DataSource {
  std::string name;
  std::int64_t series_count, symbol_count, bar_count, tick_count, corrections;
  OptionalTime first_time, last_time, last_append_time;
};
BOOST_DESCRIBE_STRUCT(DataSource, (),
                      (name, series_count, symbol_count, bar_count, tick_count, corrections, first_time, last_time,
                       last_append_time))

struct DataProvider {
  std::string name;
  bool is_configured;
  OptionalText reason;
  Sometimes<std::vector<std::string>> timeframes, asset_classes;
  Sometimes<bool> is_live;
  Sometimes<std::string> breaker;
  Sometimes<std::int64_t> failures_in_a_row;
  Sometimes<double> calls_now;
};
BOOST_DESCRIBE_STRUCT(DataProvider, (),
                      (name, is_configured, reason, timeframes, asset_classes, is_live, breaker, failures_in_a_row,
                       calls_now))

struct LiveSource {
  bool is_configured;
  OptionalText source;
  Sometimes<std::string> reason, state;
  Sometimes<OptionalTime> since;
  Sometimes<OptionalText> why;
  Sometimes<std::int64_t> series_count, holes_count;
};
BOOST_DESCRIBE_STRUCT(LiveSource, (), (is_configured, source, reason, state, since, why, series_count, holes_count))

struct Sources {
  std::vector<DataSource> sources;
  std::vector<DataProvider> providers;
  LiveSource live;
};
BOOST_DESCRIBE_STRUCT(Sources, (), (sources, providers, live))

struct VolumeStatistics {
  OptionalNumber sum, mean;
  std::int64_t bars_known;
};
BOOST_DESCRIBE_STRUCT(VolumeStatistics, (), (sum, mean, bars_known))

struct PriceAt {
  double price;
  base::Time time;
};
BOOST_DESCRIBE_STRUCT(PriceAt, (), (price, time))

struct ReturnStatistics {
  std::int64_t count, undefined;
  OptionalNumber mean_percent, median_percent, deviation_percent;
};
BOOST_DESCRIBE_STRUCT(ReturnStatistics, (), (count, undefined, mean_percent, median_percent, deviation_percent))

struct Move {
  base::Time from_time, to_time;
  double from_close, to_close;
  OptionalNumber change_percent;
};
BOOST_DESCRIBE_STRUCT(Move, (), (from_time, to_time, from_close, to_close, change_percent))

struct BarStatistics : SeriesHead, KeptAnswer {
  std::int64_t bar_count;
  OptionalTime first_time, last_time;
  std::int64_t trading_days;
  VolumeStatistics volume;
  std::optional<PriceAt> high, low;
  ReturnStatistics returns;
  std::vector<Move> largest_up, largest_down;
  std::optional<GapSums> gaps;
};
BOOST_DESCRIBE_STRUCT(BarStatistics, (SeriesHead, KeptAnswer),
                      (bar_count, first_time, last_time, trading_days, volume, high, low, returns, largest_up,
                       largest_down, gaps))

struct GapPage : SeriesHead, KeptAnswer, GapStory {
  OptionalText kind, next_cursor;
};
BOOST_DESCRIBE_STRUCT(GapPage, (SeriesHead, KeptAnswer, GapStory), (kind, next_cursor))

struct LastImport {
  OptionalText file;
  base::Time started_at;
  OptionalTime finished_at;
  std::int64_t inserted, corrected, unchanged;
};
BOOST_DESCRIBE_STRUCT(LastImport, (), (file, started_at, finished_at, inserted, corrected, unchanged))

struct DiscardedData {
  base::Time at;
  std::string by;
  boost::json::value parts;
};
BOOST_DESCRIBE_STRUCT(DiscardedData, (), (at, by, parts))

struct SeriesHealthEntry {
  std::string symbol, timeframe, source, state, reason;
  OptionalText calendar;
  std::optional<std::int64_t> bars_due, open_seconds_since_last;
  std::int64_t row_count;
  OptionalTime first_time, last_time, last_append_time;
  std::int64_t corrections;
  std::optional<LastImport> last_import;
  std::vector<std::string> archived;
  std::vector<DiscardedData> discarded;
};
BOOST_DESCRIBE_STRUCT(SeriesHealthEntry, (),
                      (symbol, timeframe, source, state, reason, calendar, bars_due, open_seconds_since_last, row_count,
                       first_time, last_time, last_append_time, corrections, last_import, archived, discarded))

struct SeriesHealthSummary {
  std::int64_t series, fresh, stale, unknown;
  bool is_cut;
};
BOOST_DESCRIBE_STRUCT(SeriesHealthSummary, (), (series, fresh, stale, unknown, is_cut))

struct SeriesHealthPage {
  base::Time as_of;
  SeriesHealthSummary summary;
  std::vector<SeriesHealthEntry> series;
  OptionalText next_cursor;
};
BOOST_DESCRIBE_STRUCT(SeriesHealthPage, (), (as_of, summary, series, next_cursor))

struct SavedQuery {
  std::int64_t id;
  std::string name;
  OptionalText description;
  boost::json::value request;
  std::optional<bool> favourite;
  std::optional<std::vector<std::string>> tags;
  std::optional<QuerySchedule> schedule;
  OptionalTime next_run_at;
  std::int64_t execute_count;
  OptionalNumber average_time_ms;
  OptionalTime last_executed_at;
  OptionalText last_query_id;
  OptionalTime created_at, updated_at, deleted_at;
};
BOOST_DESCRIBE_STRUCT(SavedQuery, (),
                      (id, name, description, request, favourite, tags, schedule, next_run_at, execute_count,
                       average_time_ms, last_executed_at, last_query_id, created_at, updated_at, deleted_at))

struct SavedQueryPage {
  std::vector<SavedQuery> queries;
  std::optional<std::int64_t> next_cursor;
};
BOOST_DESCRIBE_STRUCT(SavedQueryPage, (), (queries, next_cursor))

}  // namespace tradeassist::server::openapi
