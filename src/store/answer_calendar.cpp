#include "store/answer_calendar.hpp"

#include "market/futures/trade_days.hpp"
#include "market/instrument_calendar.hpp"

namespace tradeassist::store {

base::Result<market::CalendarPtr> calendar_for(const market::Instrument& instrument) {
  TRY_ASSIGN(const std::string_view name, market::calendar_name_for(instrument));
  return market::find_calendar(name);
}

base::Result<market::GapReport> find_answer_gaps(const BarAnswer& answer, const market::Calendar& calendar,
                                                 const AnswerGaps& query) {
  market::GapQuery gaps;
  gaps.timeframe = answer.timeframe;
  TRY_ASSIGN(gaps.anchor, anchor_of(answer.instrument, answer.bars, answer.series.key.timeframe));
  gaps.from = query.from;
  gaps.to = query.to;
  gaps.lists_closed = query.lists_closed;
  gaps.listed_max = query.listed_max;
  return market::find_gaps(answer.bars, calendar, gaps);
}

base::Result<std::vector<std::int64_t>> trade_days_of(const BarAnswer& answer, const market::CalendarPtr& calendar) {
  TRY_ASSIGN(const market::SessionAnchor anchor,
             anchor_of(answer.instrument, answer.bars, answer.series.key.timeframe));
  if (calendar == nullptr) return market::trading_days_of(answer.bars.time, anchor);
  const bool are_dates = !answer.series.key.timeframe.is_intraday() && !answer.tick_rule &&
                         answer.series.key.timeframe != market::kTickTimeframe && anchor.time_zone == "UTC" &&
                         anchor.session_start == std::chrono::minutes(0);
  const market::TradeDays days(calendar, are_dates ? market::BarTimes::kDates : market::BarTimes::kInstants);
  return days.days_of(answer.bars.time);
}

}  // namespace tradeassist::store
