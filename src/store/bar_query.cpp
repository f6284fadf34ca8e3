#include "store/bar_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "market/resample.hpp"

namespace tradeassist::store {
namespace {

/// True when buckets of `coarse` are made of whole buckets of `fine`.
bool divides(market::Timeframe fine, market::Timeframe coarse) {
  if (fine == coarse) return true;
  const std::int64_t small = fine.nominal_seconds(), large = coarse.nominal_seconds();
  if (small >= large) return false;
  if (!coarse.is_intraday())
    return fine.is_intraday() || fine.unit == market::Timeframe::Unit::kDay ? fine.is_intraday() || fine.count == 1
                                                                            : false;
  return large % small == 0;
}

base::Result<SeriesInfo> choose_series(MarketStore& store, const BarQuery& query) {
  SeriesFilter filter;
  filter.symbol = query.symbol;
  TRY_ASSIGN(const std::vector<SeriesInfo> all, store.list_series(filter));
  const SeriesInfo* best = nullptr;
  std::string stored;
  for (const SeriesInfo& series : all) {
    stored += (stored.empty() ? "" : ", ") + market::to_string(series.key.timeframe);
    if (!query.source.empty() && series.key.source != query.source) continue;
    if (!divides(series.key.timeframe, query.timeframe)) continue;
    // The coarsest that serves is the least to read; of equals the one with more bars.
    const auto rank = [](const SeriesInfo& s) { return std::pair(s.key.timeframe.nominal_seconds(), s.row_count); };
    if (best == nullptr || rank(series) > rank(*best)) best = &series;
  }
  if (best != nullptr) return *best;
  if (all.empty()) {
    return base::failure(base::ErrorCode::kNotFound,
                         fmt::format("no bars of {} are stored; import some first", query.symbol));
  }
  return base::failure(
      base::ErrorCode::kInvalidArgument,
      fmt::format("{} bars of {} cannot be made of what is stored ({}{})", market::to_string(query.timeframe),
                  query.symbol, stored, query.source.empty() ? "" : "; source " + query.source));
}

}  // namespace

base::Result<market::SessionAnchor> anchor_of(const market::Instrument& instrument, const market::Series& bars,
                                              market::Timeframe stored) {
  const bool dates = !stored.is_intraday() &&
                     std::ranges::all_of(bars.time, [](std::int64_t t) { return t % base::kNanosecondsPerDay == 0; });
  if (dates) return market::SessionAnchor{};
  return market::session_anchor(instrument.time_zone, instrument.session);
}

base::Result<BarAnswer> answer(MarketStore& store, const BarQuery& query) {
  if (query.last && *query.last < 1)
    return base::failure(base::ErrorCode::kInvalidArgument, "`last` must be at least 1");
  if (query.from && query.to && *query.from >= *query.to) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("the range is empty: from {} is not before to {}", base::format_time(*query.from),
                                     base::format_time(*query.to)));
  }
  BarAnswer made;
  made.timeframe = query.timeframe;
  TRY_ASSIGN(made.instrument, store.instrument(query.symbol));
  TRY_ASSIGN(made.series, choose_series(store, query));
  const bool as_stored = made.series.key.timeframe == query.timeframe;
  BarReadOptions options;
  options.rows_max = query.rows_max;
  constexpr auto kMin = std::numeric_limits<std::int64_t>::min(), kMax = std::numeric_limits<std::int64_t>::max();
  if (as_stored && query.last) {
    TRY_ASSIGN(made.bars, store.read_last(made.series.id, *query.last, options));
  } else if (as_stored) {
    TRY_ASSIGN(made.bars, store.read(made.series.id, query.from.value_or(base::time_from_nanoseconds(kMin)),
                                     query.to.value_or(base::time_from_nanoseconds(kMax)), options));
  } else {
    // A bucket that begins before `from` is not part of the answer, and one that begins inside is whole: so a little
    // more is read at both ends, and cut after aggregation.
    const std::int64_t span = query.timeframe.nominal_seconds() * 2 * base::kNanosecondsPerSecond;
    const auto widened = [&](const std::optional<base::Time>& time, std::int64_t by, std::int64_t open_end) {
      if (!time) return base::time_from_nanoseconds(open_end);
      return base::time_from_nanoseconds(base::to_nanoseconds(*time) + by);
    };
    market::Series stored;
    if (query.last) {
      const std::int64_t ratio =
          query.timeframe.nominal_seconds() / std::max<std::int64_t>(1, made.series.key.timeframe.nominal_seconds());
      const std::int64_t wanted = std::min(query.rows_max, (*query.last + 2) * std::max<std::int64_t>(ratio, 1) + 2);
      TRY_ASSIGN(stored, store.read_last(made.series.id, wanted, options));
    } else {
      TRY_ASSIGN(stored,
                 store.read(made.series.id, widened(query.from, -span, kMin), widened(query.to, span, kMax), options));
    }
    TRY_ASSIGN(const market::SessionAnchor anchor, anchor_of(made.instrument, stored, made.series.key.timeframe));
    TRY_ASSIGN(made.bars, market::resample(stored, query.timeframe, anchor));
    std::size_t first = query.from ? made.bars.lower_bound(*query.from) : 0;
    const std::size_t end = query.to ? made.bars.lower_bound(*query.to) : made.bars.size();
    if (query.last) {
      // The oldest bucket may lack its first bars, unless the whole series was read.
      const bool whole = static_cast<std::int64_t>(stored.size()) == made.series.row_count;
      const auto wanted = static_cast<std::size_t>(*query.last);
      const std::size_t usable = made.bars.size() - (whole || made.bars.empty() ? 0 : 1);
      first = made.bars.size() - std::min(usable, wanted);
    }
    made.bars = made.bars.slice(first, end > first ? end - first : 0);
  }
  if (made.bars.empty()) {
    made.empty_reason = made.series.row_count == 0 ? "the series has no bars yet"
                                                   : fmt::format("the stored bars run from {} to {}",
                                                                 base::format_time(*made.series.first_time),
                                                                 base::format_time(*made.series.last_time));
  }
  return made;
}

}  // namespace tradeassist::store
