#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "server/openapi/schemas.hpp"

/// The shapes of what the routes for market data answer. They are written as text, column by column (report/), since
/// answers are large; the API document has its schemas from here, and tests/test_openapi.py holds them against what
/// comes.
namespace tradeassist::server::openapi {

using OptionalText = std::optional<std::string>;
using OptionalTime = std::optional<base::Time>;
using OptionalNumber = std::optional<double>;
using Numbers = std::vector<OptionalNumber>;

struct StoredSeries {
  std::string timeframe, source;
  std::int64_t row_count;
  OptionalTime first_time, last_time;
  std::int64_t corrections;
  OptionalTime last_append_time;
};
BOOST_DESCRIBE_STRUCT(StoredSeries, (),
                      (timeframe, source, row_count, first_time, last_time, corrections, last_append_time))

struct ListedInstrument {
  std::string symbol, name, asset_class, exchange, currency, time_zone, session;
  double tick_size, point_value, quantity_step;
  std::vector<StoredSeries> series;
};
BOOST_DESCRIBE_STRUCT(ListedInstrument, (),
                      (symbol, name, asset_class, exchange, currency, time_zone, session, tick_size, point_value,
                       quantity_step, series))

struct InstrumentPage {
  std::vector<ListedInstrument> instruments;
  OptionalText next_cursor;
};
BOOST_DESCRIBE_STRUCT(InstrumentPage, (), (instruments, next_cursor))

struct InstrumentChange {
  std::string symbol;
  bool deleted;
};
BOOST_DESCRIBE_STRUCT(InstrumentChange, (), (symbol, deleted))

struct HistoryEntry {
  std::int64_t id;
  base::Time at;
  std::string action;
  OptionalText timeframe, source;
  boost::json::value before, after;
  std::string by;
};
BOOST_DESCRIBE_STRUCT(HistoryEntry, (), (id, at, action, timeframe, source, before, after, by))

struct HistoryPage {
  std::vector<HistoryEntry> history;
  std::optional<std::int64_t> next_cursor;
};
BOOST_DESCRIBE_STRUCT(HistoryPage, (), (history, next_cursor))

struct CorporateAction {
  std::string ex_date, kind;
  double value;
};
BOOST_DESCRIBE_STRUCT(CorporateAction, (), (ex_date, kind, value))

struct StoredCorporateAction : CorporateAction {
  std::string source;
  base::Time created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(StoredCorporateAction, (CorporateAction), (source, created_at, updated_at))

struct CorporateActions {
  std::string symbol;
  std::vector<StoredCorporateAction> corporate_actions;
};
BOOST_DESCRIBE_STRUCT(CorporateActions, (), (symbol, corporate_actions))

struct CorporateActionCounts {
  std::string symbol;
  std::int64_t added, changed, unchanged;
};
BOOST_DESCRIBE_STRUCT(CorporateActionCounts, (), (symbol, added, changed, unchanged))

struct CorporateActionRemoval {
  std::string symbol, ex_date, kind;
  bool removed;
};
BOOST_DESCRIBE_STRUCT(CorporateActionRemoval, (), (symbol, ex_date, kind, removed))

/// What every answer made of one series begins with.
struct SeriesHead {
  std::string symbol, timeframe, base_timeframe, source, time_zone;
  std::int64_t row_count;
  OptionalTime last_append_time;
  OptionalText empty_reason;
};
BOOST_DESCRIBE_STRUCT(SeriesHead, (),
                      (symbol, timeframe, base_timeframe, source, time_zone, row_count, last_append_time, empty_reason))

struct KeptAnswer {
  bool cached;
  base::Time read_at;
};
BOOST_DESCRIBE_STRUCT(KeptAnswer, (), (cached, read_at))

struct Gap {
  base::Time from, to;
  std::string kind;
  std::int64_t bars;
  OptionalText reason;
};
BOOST_DESCRIBE_STRUCT(Gap, (), (from, to, kind, bars, reason))

struct GapCounts {
  std::int64_t missing, no_trade, closed, unknown;
};
BOOST_DESCRIBE_STRUCT(GapCounts, (), (missing, no_trade, closed, unknown))

struct GapSums {
  OptionalText calendar;
  Sometimes<std::string> unknown_reason;
  Sometimes<std::string> hours;
  Sometimes<std::int64_t> bars_present, bars_outside, bars_missing, bars_without_trade;
  Sometimes<GapCounts> counts;
};
BOOST_DESCRIBE_STRUCT(GapSums, (),
                      (calendar, unknown_reason, hours, bars_present, bars_outside, bars_missing, bars_without_trade,
                       counts))

struct GapStory : GapSums {
  Sometimes<bool> is_cut;
  Sometimes<std::vector<Gap>> gaps;
};
BOOST_DESCRIBE_STRUCT(GapStory, (GapSums), (is_cut, gaps))

struct QualityFinding {
  std::string reason;
  std::int64_t count;
  double penalty;
  OptionalTime first;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(QualityFinding, (), (reason, count, penalty, first, text))

struct QualityStory {
  OptionalText calendar;
  double score;
  std::vector<QualityFinding> findings;
};
BOOST_DESCRIBE_STRUCT(QualityStory, (), (calendar, score, findings))

struct QualityDay {
  std::string date;
  std::int64_t bars;
  double score;
  std::map<std::string, std::int64_t> counts;
};
BOOST_DESCRIBE_STRUCT(QualityDay, (), (date, bars, score, counts))

struct Quality : QualityStory {
  std::string symbol, timeframe, base_timeframe, source;
  base::Time from, last_bar;
  std::int64_t row_count, day_count;
  bool days_cut;
  std::vector<QualityDay> days;
};
BOOST_DESCRIBE_STRUCT(Quality, (QualityStory),
                      (symbol, timeframe, base_timeframe, source, from, last_bar, row_count, day_count, days_cut, days))

struct Roll {
  base::Time time;
  std::string from, to;
  OptionalNumber pre, post, gap, factor;
  OptionalText last_date;
  std::string overlap;
};
BOOST_DESCRIBE_STRUCT(Roll, (), (time, from, to, pre, post, gap, factor, last_date, overlap))

struct ContinuousStory {
  std::string adjustment, roll;
  int rank;
  std::vector<Roll> rolls;
};
BOOST_DESCRIBE_STRUCT(ContinuousStory, (), (adjustment, roll, rank, rolls))

struct BarColumns {
  std::vector<base::Time> time;
  Numbers open, high, low, close, volume;
  Sometimes<Numbers> open_interest, trade_count, vwap, unadjusted_close, split_factor, dividend_factor;
  Sometimes<std::vector<OptionalText>> filled;
  Sometimes<std::vector<std::string>> contract;
};
BOOST_DESCRIBE_STRUCT(BarColumns, (),
                      (time, open, high, low, close, volume, open_interest, trade_count, vwap, unadjusted_close,
                       split_factor, dividend_factor, filled, contract))

struct BarRow {
  base::Time time;
  OptionalNumber open, high, low, close, volume;
  Sometimes<OptionalNumber> open_interest, trade_count, vwap, unadjusted_close, split_factor, dividend_factor;
  Sometimes<OptionalText> filled;
  Sometimes<std::string> contract;
};
BOOST_DESCRIBE_STRUCT(BarRow, (),
                      (time, open, high, low, close, volume, open_interest, trade_count, vwap, unadjusted_close,
                       split_factor, dividend_factor, filled, contract))

struct BarStory : SeriesHead, KeptAnswer {
  std::vector<std::string> archived;
  Sometimes<ContinuousStory> continuous;
  std::string price_adjustment;
  bool adjusted;
  Sometimes<std::vector<CorporateAction>> corporate_actions;
  Sometimes<std::vector<std::string>> adjustment_notes;
  OptionalText vwap;
  std::optional<bool> last_is_partial;
  Sometimes<GapStory> gaps;
  Sometimes<QualityStory> quality;
};
BOOST_DESCRIBE_STRUCT(BarStory, (SeriesHead, KeptAnswer),
                      (archived, continuous, price_adjustment, adjusted, corporate_actions, adjustment_notes, vwap,
                       last_is_partial, gaps, quality))

struct BarsInColumns : BarStory {
  BarColumns columns;
};
BOOST_DESCRIBE_STRUCT(BarsInColumns, (BarStory), (columns))

struct BarsInRows : BarStory {
  std::vector<BarRow> bars;
};
BOOST_DESCRIBE_STRUCT(BarsInRows, (BarStory), (bars))

using BarsAnswer = std::variant<BarsInColumns, BarsInRows>;

struct IndicatorParameter {
  std::string name, kind;
  PlainValue default_;
  OptionalNumber minimum, maximum;
  std::optional<std::vector<std::string>> choices;
};
BOOST_DESCRIBE_STRUCT(IndicatorParameter, (), (name, kind, default_, minimum, maximum, choices))

struct IndicatorOutput {
  std::string name;
  OptionalText expression;
};
BOOST_DESCRIBE_STRUCT(IndicatorOutput, (), (name, expression))

struct Indicator {
  std::string name, title, description;
  bool overlay;
  std::vector<IndicatorParameter> parameters;
  std::vector<IndicatorOutput> outputs;
  OptionalText expression;
};
BOOST_DESCRIBE_STRUCT(Indicator, (), (name, title, description, overlay, parameters, outputs, expression))

struct IndicatorPage {
  std::vector<Indicator> indicators;
  OptionalText next_cursor;
};
BOOST_DESCRIBE_STRUCT(IndicatorPage, (), (indicators, next_cursor))

struct WarmUp {
  OptionalTime from;
  std::int64_t bars;
  bool whole_history;
};
BOOST_DESCRIBE_STRUCT(WarmUp, (), (from, bars, whole_history))

struct ComputedOutput {
  std::string name;
  OptionalText indicator, expression;
  bool overlay;
};
BOOST_DESCRIBE_STRUCT(ComputedOutput, (), (name, indicator, expression, overlay))

struct IndicatorStory : SeriesHead {
  WarmUp warm_up;
  std::vector<ComputedOutput> outputs;
  std::vector<std::string> warnings;
};
BOOST_DESCRIBE_STRUCT(IndicatorStory, (SeriesHead), (warm_up, outputs, warnings))

using TextOrNumber = std::variant<OptionalNumber, std::string>;

struct IndicatorsInColumns : IndicatorStory {
  std::map<std::string, std::vector<TextOrNumber>> columns;
};
BOOST_DESCRIBE_STRUCT(IndicatorsInColumns, (IndicatorStory), (columns))

struct IndicatorsInRows : IndicatorStory {
  std::vector<std::map<std::string, TextOrNumber>> rows;
};
BOOST_DESCRIBE_STRUCT(IndicatorsInRows, (IndicatorStory), (rows))

using IndicatorsAnswer = std::variant<IndicatorsInColumns, IndicatorsInRows>;

}  // namespace tradeassist::server::openapi
