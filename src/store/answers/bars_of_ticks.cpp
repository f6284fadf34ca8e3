#include "store/answers/bars_of_ticks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <limits>

namespace tradeassist::store {
namespace {

using market::Series;

/// Nanoseconds UTC, the end exclusive.
struct Range {
  std::int64_t from = 0, to = 0;
};

struct Maker {
  MarketStore& store;
  const SeriesInfo& series;
  market::TickBarRule rule;
  market::TickBarOptions options;
  std::int64_t rows_max;

  base::Result<Series> bars_of(Range range) {
    TRY_ASSIGN(auto builder, market::TickBarBuilder::create(rule, options));
    Series made;
    for (std::int64_t day = range.from; day < range.to;) {
      // Not beyond the range, which may end near the end of time.
      const std::int64_t next = range.to - day > base::kNanosecondsPerDay ? day + base::kNanosecondsPerDay : range.to;
      TRY_ASSIGN(const market::TickSeries ticks,
                 store.read_ticks(series.id, base::time_from_nanoseconds(day), base::time_from_nanoseconds(next)));
      for (std::size_t i = 0; i < ticks.rows(); ++i) builder.add(ticks.tick(i), made);
      if (static_cast<std::int64_t>(made.size()) > rows_max) {
        return base::failure(base::ErrorCode::kResourceExhausted,
                             fmt::format("the range holds more than {} bars, which is what one answer gives: ask for a "
                                         "shorter range or larger bars",
                                         rows_max));
      }
      day = next;
    }
    builder.finish(made);
    return made;
  }

  base::Result<market::Bucket> bucket_of(std::int64_t time) const {
    return market::bucket_of(base::time_from_nanoseconds(time), rule.timeframe, options.anchor);
  }

  bool is_of_time() const { return rule.kind == market::TickBarRule::Kind::kTime; }

  /// From the first bucket that begins in `range` to the end of the last one.
  base::Result<Range> whole_buckets(Range range) const {
    TRY_ASSIGN(const market::Bucket first, bucket_of(range.from));
    TRY_ASSIGN(const market::Bucket last, bucket_of(range.to - 1));
    return Range{first.start < range.from ? first.end : first.start, last.end};
  }

  /// The newest bars of time: reaches back twice as far as long as they are too few, over weekends and holidays.
  base::Result<Series> newest_of_time(Range stored, std::int64_t count) {
    const std::int64_t length = rule.timeframe.nominal_seconds() * base::kNanosecondsPerSecond;
    std::int64_t reach = length > std::numeric_limits<std::int64_t>::max() / (count + 1) ? stored.to - stored.from
                                                                                         : length * (count + 1);
    while (true) {
      const bool whole = reach >= stored.to - stored.from;
      TRY_ASSIGN(const market::Bucket first, bucket_of(whole ? stored.from : stored.to - reach));
      TRY_ASSIGN(Series made, bars_of({whole ? stored.from : first.start, stored.to}));
      if (whole || static_cast<std::int64_t>(made.size()) >= count) return made;
      reach = reach > std::numeric_limits<std::int64_t>::max() / 2 ? stored.to - stored.from : reach * 2;
    }
  }
};

Series last_rows(const Series& bars, std::int64_t count) {
  const std::size_t wanted = std::min(bars.size(), static_cast<std::size_t>(count));
  return bars.slice(bars.size() - wanted, wanted);
}

}  // namespace

base::Result<Series> bars_of_stored_ticks(MarketStore& store, const SeriesInfo& series,
                                          const market::Instrument& instrument, const BarQuery& query) {
  if (!series.first_time) return Series{};
  TRY_ASSIGN(const market::SessionAnchor anchor, market::session_anchor(instrument.time_zone, instrument.session));
  Maker maker{.store = store,
              .series = series,
              .rule = query.tick_rule.value_or(market::TickBarRule{.timeframe = query.timeframe}),
              .options = {.anchor = anchor, .tick_size = instrument.tick_size, .point_value = instrument.point_value},
              .rows_max = query.rows_max};
  const Range stored{base::to_nanoseconds(*series.first_time), base::to_nanoseconds(*series.last_time) + 1};
  if (query.last) {
    TRY_ASSIGN(Series made, maker.is_of_time() ? maker.newest_of_time(stored, *query.last) : maker.bars_of(stored));
    return last_rows(made, *query.last);
  }
  Range asked{query.from ? base::to_nanoseconds(*query.from) : stored.from,
              query.to ? base::to_nanoseconds(*query.to) : stored.to};
  if (asked.from >= stored.to || asked.to <= stored.from) return Series{};
  if (maker.is_of_time()) {
    // The first tick seldom stands at its bucket's start, which is part of an open range all the same.
    TRY_ASSIGN(const market::Bucket first, maker.bucket_of(stored.from));
    const std::int64_t from = query.from ? std::max(asked.from, first.start) : first.start;
    TRY_ASSIGN(asked, maker.whole_buckets({from, std::min(asked.to, stored.to)}));
  }
  return maker.bars_of({std::max(asked.from, stored.from), std::min(asked.to, stored.to)});
}

}  // namespace tradeassist::store
