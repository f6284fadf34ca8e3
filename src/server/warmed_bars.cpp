#include "server/warmed_bars.hpp"

#include <algorithm>
#include <utility>

namespace tradeassist::server {
namespace {

using store::BarAnswer;
using store::BarQuery;
using store::CachedAnswer;

/// The query with so many bars before it; time that had no trading gives fewer.
BarQuery widened(BarQuery query, std::int64_t bars) {
  if (query.last) *query.last += bars;
  if (query.from) {
    const auto step = std::chrono::seconds(query.timeframe.nominal_seconds());
    const base::Time oldest = base::time_from_nanoseconds(0) - std::chrono::hours(24 * 365 * 200);
    const auto possible = std::max<std::int64_t>(0, (*query.from - oldest) / step);
    *query.from -= step * std::min(bars, possible);
  }
  return query;
}

bool is_too_much(const base::Result<CachedAnswer>& answer) {
  return !answer && answer.error().code == base::ErrorCode::kResourceExhausted;
}

}  // namespace

base::Result<WarmedBars> read_warmed_bars(store::SeriesCache& cache, const BarQuery& query,
                                          const WarmUpLimits& limits) {
  BarQuery all = query;
  all.rows_max = limits.rows_max;
  const bool is_empty_range = query.from && query.to && *query.from >= *query.to;  // answer() says so
  if (!is_empty_range) {
    all.from.reset();
    all.last.reset();
  }
  WarmedBars made;
  base::Result<CachedAnswer> answer = cache.answer(all);
  if (is_too_much(answer) && (query.from || query.last)) {
    // A store counts rows before it reads any, so trying is cheap.
    made.whole_history = false;
    BarQuery bounded = query;
    bounded.rows_max = limits.rows_max;
    for (std::int64_t bars = limits.bars_max; is_too_much(answer); bars /= 4) {
      answer = cache.answer(widened(bounded, bars));
      if (bars == 0) break;
    }
  }
  if (!answer) return std::unexpected(std::move(answer).error());
  made.answer = answer->answer;
  const market::Series& bars = made.answer->bars;
  if (query.from) made.first_bar = bars.lower_bound(*query.from);
  if (query.last) made.first_bar = bars.size() - std::min(bars.size(), static_cast<std::size_t>(*query.last));
  if (const auto most = static_cast<std::size_t>(limits.bars_max); made.first_bar > most) {
    const std::size_t left_out = made.first_bar - most;
    auto shorter = std::make_shared<BarAnswer>(*made.answer);
    shorter->bars = bars.slice(left_out, bars.size() - left_out);
    made.answer = std::move(shorter);
    made.first_bar = most;
    made.whole_history = false;
  }
  if (made.size() == 0 && made.answer->empty_reason.empty()) {
    auto explained = std::make_shared<BarAnswer>(*made.answer);
    explained->empty_reason = "the stored bars run from " + base::format_time(*explained->series.first_time) + " to " +
                              base::format_time(*explained->series.last_time);
    made.answer = std::move(explained);
  }
  return made;
}

}  // namespace tradeassist::server
