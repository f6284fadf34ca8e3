#include "store/answers/running_vwap.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "store/answers/bar_days.hpp"

namespace tradeassist::store {
namespace {

using market::Series;
using market::VwapRule;

// From any bar back to the beginning of its trading day, holidays that are joined to it included.
constexpr std::int64_t kSessionReachDays = 7;

/// Bars of the answer's kind with from <= time < to; none where nothing lies there.
base::Result<Series> read_before(MarketStore& store, const BarQuery& query, std::optional<std::int64_t> from,
                                 std::int64_t to) {
  if (from && *from >= to) return Series{};
  BarQuery before = query;
  before.last.reset();
  before.from.reset();
  if (from) before.from = base::time_from_nanoseconds(*from);
  before.to = base::time_from_nanoseconds(to);
  before.vwap = VwapRule{};
  TRY_ASSIGN(BarAnswer answer, answer_stored(store, before));
  return std::move(answer.bars);
}

/// At least the last `count` bars before `to`, or all there are.
base::Result<Series> read_last_before(MarketStore& store, const BarQuery& query, std::int64_t count, std::int64_t to) {
  if (count == 0) return Series{};
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max() / 4;
  const std::int64_t length = query.timeframe.nominal_seconds() * base::kNanosecondsPerSecond;
  std::int64_t reach = length > kMax / count ? kMax : length * count;
  while (true) {
    reach = reach > kMax / 4 ? kMax : reach * 4;  // over nights and weekends
    // Time begins at the lowest number.
    const bool whole = reach == kMax || to < std::numeric_limits<std::int64_t>::min() + reach;
    TRY_ASSIGN(Series bars, read_before(store, query, whole ? std::nullopt : std::optional(to - reach), to));
    if (whole || static_cast<std::int64_t>(bars.size()) >= count) return bars;
  }
}

base::Result<Series> read_lead(MarketStore& store, const BarQuery& query, std::int64_t first_time) {
  switch (query.vwap->kind) {
    case VwapRule::Kind::kBar: return Series{};
    case VwapRule::Kind::kSession:
      return read_before(store, query, first_time - kSessionReachDays * base::kNanosecondsPerDay, first_time);
    case VwapRule::Kind::kRolling: return read_last_before(store, query, query.vwap->length - 1, first_time);
    case VwapRule::Kind::kAnchored:
      return read_before(store, query, base::to_nanoseconds(query.vwap->anchor), first_time);
  }
  return Series{};
}

}  // namespace

base::Result<std::vector<double>> running_vwap(const market::Instrument& instrument, const Series& bars,
                                               const VwapRule& rule) {
  switch (rule.kind) {
    case VwapRule::Kind::kBar: return market::bar_vwap(bars);
    case VwapRule::Kind::kSession: {
      TRY_ASSIGN(const auto days, trading_days_of(instrument, false, bars.time));
      return market::session_vwap(bars, days).vwap;
    }
    case VwapRule::Kind::kRolling: {
      TRY_ASSIGN(market::VwapColumns columns, market::rolling_vwap(bars, static_cast<std::size_t>(rule.length)));
      return std::move(columns.vwap);
    }
    case VwapRule::Kind::kAnchored: return market::anchored_vwap(bars, rule.anchor).vwap;
  }
  return std::vector<double>{};
}

base::Result<void> add_running_vwap(MarketStore& store, const BarQuery& query, BarAnswer& answer) {
  if (answer.bars.empty()) return {};
  TRY_ASSIGN(Series all, read_lead(store, query, answer.bars.time.front()));
  const std::size_t lead = all.size();
  if (lead == 0) {
    TRY_ASSIGN(answer.bars.vwap, running_vwap(answer.instrument, answer.bars, *query.vwap));
    return {};
  }
  all.reserve(lead + answer.bars.size());
  for (std::size_t i = 0; i < answer.bars.size(); ++i) all.push_back(answer.bars.bar(i));
  TRY_ASSIGN(const std::vector<double> vwap, running_vwap(answer.instrument, all, *query.vwap));
  answer.bars.vwap.assign(vwap.begin() + static_cast<std::ptrdiff_t>(lead), vwap.end());
  return {};
}

}  // namespace tradeassist::store
