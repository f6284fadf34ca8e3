#include "store/answers/bar_quality.hpp"

#include <fmt/format.h>

#include <limits>
#include <utility>

#include "market/gaps.hpp"
#include "store/answers/bar_days.hpp"

namespace tradeassist::store {

base::Result<BarQuality> quality_of_answer(const BarAnswer& answer, const BarQuery& query,
                                           market::CalendarPtr calendar) {
  const auto refused = [](std::string why) {
    return base::failure(base::ErrorCode::kInvalidArgument, "`quality`: " + std::move(why));
  };
  if (answer.tick_rule) return refused("only bars of time are judged; ask for a timeframe such as 1m");
  if (answer.bars.empty()) return refused("there are no bars to judge: " + answer.empty_reason);
  market::QualityQuery asked{.timeframe = answer.timeframe, .asset_class = answer.instrument.asset_class};
  TRY_ASSIGN(asked.anchor, anchor_of(answer.instrument, answer.bars, answer.series.key.timeframe));
  if (has_dates(answer.bars, answer.series.key.timeframe)) asked.times = market::BarTimes::kDates;
  BarQuality made;
  std::optional<market::GapReport> gaps;
  if (calendar == nullptr) calendar = calendar_of(answer.instrument).value_or(nullptr);
  if (calendar != nullptr) {
    asked.calendar = calendar;
    made.calendar = calendar->name();
    market::GapQuery all{.timeframe = answer.timeframe, .anchor = asked.anchor, .from = query.from, .to = query.to};
    all.listed_max = std::numeric_limits<std::size_t>::max();  // there are no more than bars and sessions
    TRY_ASSIGN(gaps, market::find_gaps(answer.bars, *calendar, all));
    asked.gaps = &*gaps;
  }
  TRY_ASSIGN(made.report, market::quality_of(answer.bars, asked));
  return made;
}

}  // namespace tradeassist::store
