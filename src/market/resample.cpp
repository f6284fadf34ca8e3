#include "market/resample.hpp"

#include <span>

#include "base/weighted_mean.hpp"
#include "market/bar_price.hpp"

namespace tradeassist::market {
namespace {

using Values = std::span<const double>;

bool is_known(double x) { return x == x; }

double first_known(Values values) {
  for (const double x : values) {
    if (is_known(x)) return x;
  }
  return kNotKnown;
}

double last_known(Values values) {
  for (std::size_t i = values.size(); i-- > 0;) {
    if (is_known(values[i])) return values[i];
  }
  return kNotKnown;
}

void take_max(double& most, double x) {
  if (is_known(x) && !(most >= x)) most = x;
}

void take_min(double& least, double x) {
  if (is_known(x) && !(least <= x)) least = x;
}

void take_sum(double& sum, double x) {
  if (is_known(x)) sum = is_known(sum) ? sum + x : x;
}

double sum_known(Values values) {
  double sum = kNotKnown;
  for (const double x : values) take_sum(sum, x);
  return sum;
}

double vwap_of(const Series& bars, std::size_t first, std::size_t end) {
  base::WeightedMean prices;
  for (std::size_t i = first; i < end; ++i) {
    const double price = mean_price(bars, i);
    if (bars.volume[i] > 0 && is_known(price)) prices.add(price, bars.volume[i]);
  }
  return prices.weight() > 0 ? prices.mean() : kNotKnown;
}

/// One bar of the rows [first, end).
void append_bar(Series& result, const Series& bars, std::size_t first, std::size_t end, std::int64_t start) {
  const auto rows = [&](const std::vector<double>& column) { return Values(column).subspan(first, end - first); };
  // In one loop, because each of the three waits for its own last step: together they take the time of one.
  double high = kNotKnown, low = kNotKnown, volume = kNotKnown;
  for (std::size_t i = first; i < end; ++i) {
    take_max(high, bars.high[i]);
    take_min(low, bars.low[i]);
    take_sum(volume, bars.volume[i]);
  }
  result.time.push_back(start);
  result.open.push_back(first_known(rows(bars.open)));
  result.high.push_back(high);
  result.low.push_back(low);
  result.close.push_back(last_known(rows(bars.close)));
  result.volume.push_back(volume);
  if (!bars.open_interest.empty()) result.open_interest.push_back(last_known(rows(bars.open_interest)));
  if (!bars.trade_count.empty()) result.trade_count.push_back(sum_known(rows(bars.trade_count)));
  if (!bars.vwap.empty()) result.vwap.push_back(vwap_of(bars, first, end));
}

}  // namespace

base::Result<Series> resample(const Series& bars, Timeframe to, const SessionAnchor& anchor) {
  TRY_ASSIGN(Buckets buckets, Buckets::of(to, anchor));
  Series result;
  for (std::size_t first = 0; first < bars.size();) {
    const Bucket bucket = buckets.holding(bars.time[first]);
    std::size_t end = first + 1;
    while (end < bars.size() && bars.time[end] < bucket.end) ++end;
    append_bar(result, bars, first, end, bucket.start);
    first = end;
  }
  return result;
}

}  // namespace tradeassist::market
