#include "store/answers/price_adjustment.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "store/answers/bar_days.hpp"

namespace tradeassist::store {
namespace {

using market::CorporateAction;
using market::Series;

bool is_known(double value) { return value == value; }

/// The row before which all days are before `day`.
std::size_t row_of(const std::vector<std::int64_t>& days, std::int64_t day) {
  return static_cast<std::size_t>(std::ranges::lower_bound(days, day) - days.begin());
}

bool has_known_close(const Series& bars, std::size_t end) {
  while (end > 0 && !is_known(bars.close[end - 1])) --end;
  return end > 0;
}

/// Looks for closes outside the bars that are at hand.
class CloseFinder {
 public:
  CloseFinder(MarketStore& store, const market::Instrument& instrument, std::int64_t series_id, bool are_dates)
      : store_(store), instrument_(instrument), series_id_(series_id), are_dates_(are_dates) {}

  /// The last known close of the days before `ex_date`, of a bar with from <= time < to, as a bar of that price.
  base::Result<std::optional<market::Bar>> last_before(std::int64_t ex_date, std::int64_t from, std::int64_t to) const {
    // No trading day ends later than two days after it begins by UTC; which bars are of it, their days say.
    std::int64_t end = std::min(to, (ex_date + 2) * base::kNanosecondsPerDay);
    // Over a weekend with holidays at once; then further, over what is missing.
    for (std::int64_t days = 8; end > from; days *= 8) {
      const std::int64_t reach = days * base::kNanosecondsPerDay;
      const std::int64_t begin = reach > end - from ? from : end - reach;
      TRY_ASSIGN(const Series bars,
                 store_.read(series_id_, base::time_from_nanoseconds(begin), base::time_from_nanoseconds(end)));
      TRY_ASSIGN(const auto bar_days, trading_days_of(instrument_, are_dates_, bars.time));
      for (std::size_t row = row_of(bar_days, ex_date); row-- > 0;) {
        const double close = bars.close[row];
        if (is_known(close)) return market::Bar{bars.bar(row).time, close, close, close, close, 0};
      }
      end = begin;
    }
    return std::nullopt;
  }

 private:
  MarketStore& store_;
  const market::Instrument& instrument_;
  std::int64_t series_id_;
  bool are_dates_;
};

std::vector<double> part(const std::vector<double>& column, std::size_t first, std::size_t count) {
  const auto begin = column.begin() + static_cast<std::ptrdiff_t>(first);
  return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

}  // namespace

bool can_adjust(market::Timeframe stored) {
  return stored != market::kTickTimeframe &&
         (stored.is_intraday() || stored == market::Timeframe{market::Timeframe::Unit::kDay, 1});
}

base::Result<AdjustedBars> adjust_stored(MarketStore& store, const market::Instrument& instrument,
                                         const SeriesInfo& series, Series bars, market::PriceAdjustment adjustment) {
  AdjustedBars made;
  if (bars.empty() || !series.first_time || !series.last_time) {
    made.series.bars = std::move(bars);
    return made;
  }
  const bool are_dates = has_dates(bars, series.key.timeframe);
  TRY_ASSIGN(made.day, trading_days_of(instrument, are_dates, bars.time));
  const std::int64_t first_time = bars.time.front(), end_time = bars.time.back();
  const std::int64_t last_time = std::max(end_time, base::to_nanoseconds(*series.last_time));
  TRY_ASSIGN(const auto last_days, trading_days_of(instrument, are_dates, std::vector{last_time}));

  std::vector<CorporateAction> actions;
  TRY_ASSIGN(const std::vector<StoredAction> stored, store.corporate_actions(instrument.symbol));
  for (const StoredAction& each : stored) {
    const bool is_wanted =
        each.action.kind == CorporateAction::Kind::kSplit || adjustment == market::PriceAdjustment::kSplitsAndDividends;
    if (!is_wanted || each.action.ex_date <= made.day.front()) continue;
    actions.push_back(each.action);
    if (each.action.ex_date <= last_days.front()) made.effective.push_back(each.action);
  }

  // Of the bars outside, a factor depends on the last known close before each dividend, and on the newest bar's day.
  const CloseFinder finder(store, instrument, series.id, are_dates);
  const std::size_t count = bars.size();
  Series all, later;
  for (const CorporateAction& action : made.effective) {
    if (action.kind != CorporateAction::Kind::kCashDividend) continue;
    if (action.ex_date > made.day.back()) {
      TRY_ASSIGN(const auto close, finder.last_before(action.ex_date, end_time + 1, last_time + 1));
      if (close && (later.empty() || base::to_nanoseconds(close->time) > later.time.back())) later.push_back(*close);
      if (close) continue;
    }
    if (!all.empty() || has_known_close(bars, row_of(made.day, action.ex_date))) continue;
    TRY_ASSIGN(const auto close,
               finder.last_before(action.ex_date, base::to_nanoseconds(*series.first_time), first_time));
    if (close) all.push_back(*close);
  }
  if (last_time > std::max(end_time, later.empty() ? end_time : later.time.back())) {
    const double unknown = market::kNotKnown;
    later.push_back({base::time_from_nanoseconds(last_time), unknown, unknown, unknown, unknown, unknown});
  }
  const std::size_t first = all.size();
  if (first == 0) {
    all = std::move(bars);
  } else {
    for (std::size_t i = 0; i < count; ++i) all.push_back(bars.bar(i));
  }
  for (std::size_t i = 0; i < later.size(); ++i) all.push_back(later.bar(i));

  TRY_ASSIGN(const auto days, trading_days_of(instrument, are_dates, all.time));
  TRY_ASSIGN(made.series, market::adjust_prices(all, days, actions, adjustment));
  if (all.size() > count) {
    made.series.bars = made.series.bars.slice(first, count);
    made.series.split_factor = part(made.series.split_factor, first, count);
    made.series.dividend_factor = part(made.series.dividend_factor, first, count);
  }
  return made;
}

AdjustmentStory adjustment_story(const AdjustedBars& adjusted, market::PriceAdjustment adjustment, const Series& bars,
                                 std::size_t first, std::size_t end, bool with_factors) {
  AdjustmentStory story{.adjustment = adjustment, .notes = adjusted.series.notes};
  if (first >= end) return story;
  const Series& stored = adjusted.series.bars;
  const auto row_at = [&](std::size_t i) {
    return i < bars.size() ? stored.lower_bound(base::time_from_nanoseconds(bars.time[i])) : stored.size();
  };
  std::size_t row = row_at(first);
  std::ranges::copy_if(adjusted.effective, std::back_inserter(story.actions),
                       [&](const CorporateAction& action) { return action.ex_date > adjusted.day[row]; });
  if (!with_factors) return story;
  for (std::size_t i = first; i < end; ++i) {
    const std::size_t next = row_at(i + 1);
    std::size_t last = next;
    while (last > row && !is_known(stored.close[last - 1])) --last;
    const std::size_t from = (last > row ? last : next) - 1;
    story.split_factor.push_back(adjusted.series.split_factor[from]);
    story.dividend_factor.push_back(adjusted.series.dividend_factor[from]);
    row = next;
  }
  return story;
}

}  // namespace tradeassist::store
