#include "market/bar_statistics.hpp"

#include <algorithm>
#include <cmath>

namespace tradeassist::market {
namespace {

/// A sum that keeps what rounding takes away (A. Neumaier, 1974).
class Sum {
 public:
  void add(double value) {
    const double next = total_ + value;
    lost_ += std::abs(total_) >= std::abs(value) ? (total_ - next) + value : (value - next) + total_;
    total_ = next;
  }
  double value() const { return total_ + lost_; }

 private:
  double total_ = 0, lost_ = 0;
};

void keep_if_larger(std::vector<Move>& kept, const Move& move, std::size_t moves_max) {
  const auto size = [](const Move& each) { return std::abs(each.change); };
  const auto place = std::ranges::upper_bound(kept, size(move), std::ranges::greater(), size);  // behind its equals
  if (static_cast<std::size_t>(place - kept.begin()) >= moves_max) return;
  kept.insert(place, move);
  if (kept.size() > moves_max) kept.pop_back();
}

void describe_volume(const Series& bars, BarStatistics& made) {
  Sum sum;
  for (const double volume : bars.volume) {
    if (!std::isfinite(volume)) continue;
    sum.add(volume);
    ++made.bars_with_volume;
  }
  if (made.bars_with_volume == 0) return;
  made.volume = sum.value();
  made.mean_volume = made.volume / static_cast<double>(made.bars_with_volume);
}

void describe_prices(const Series& bars, BarStatistics& made) {
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const base::Time time = base::time_from_nanoseconds(bars.time[i]);
    if (std::isfinite(bars.high[i]) && (!made.high || bars.high[i] > made.high->price))
      made.high = PriceAt{time, bars.high[i]};
    if (std::isfinite(bars.low[i]) && (!made.low || bars.low[i] < made.low->price))
      made.low = PriceAt{time, bars.low[i]};
  }
}

double median_of(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  if (values.size() % 2 == 1) return *middle;
  return (*std::max_element(values.begin(), middle) + *middle) / 2;
}

void describe_returns(const Series& bars, std::size_t moves_max, BarStatistics& made) {
  const auto is_price = [](double close) { return std::isfinite(close) && close > 0; };
  std::vector<double> returns;
  returns.reserve(bars.size());
  Sum sum;
  for (std::size_t i = 1; i < bars.size(); ++i) {
    const double before = bars.close[i - 1], after = bars.close[i];
    if (!is_price(before) || !is_price(after)) {
      ++made.returns_undefined;
      continue;
    }
    const double change = after / before - 1;
    returns.push_back(change);
    sum.add(change);
    if (change == 0) continue;
    keep_if_larger(change > 0 ? made.largest_up : made.largest_down,
                   {base::time_from_nanoseconds(bars.time[i - 1]), base::time_from_nanoseconds(bars.time[i]), before,
                    after, change},
                   moves_max);
  }
  made.returns = returns.size();
  if (returns.empty()) return;
  made.mean_return = sum.value() / static_cast<double>(returns.size());
  if (returns.size() > 1) {
    Sum squares;
    for (const double each : returns) squares.add((each - made.mean_return) * (each - made.mean_return));
    made.return_deviation = std::sqrt(squares.value() / static_cast<double>(returns.size() - 1));
  }
  made.median_return = median_of(returns);
}

}  // namespace

BarStatistics bar_statistics(const Series& bars, std::span<const std::int64_t> days, std::size_t moves_max) {
  BarStatistics made;
  made.bars = bars.size();
  if (bars.empty()) return made;
  made.first_time = base::time_from_nanoseconds(bars.time.front());
  made.last_time = base::time_from_nanoseconds(bars.time.back());
  for (std::size_t i = 0; i < days.size(); ++i) made.trading_days += i == 0 || days[i] != days[i - 1] ? 1U : 0U;
  describe_volume(bars, made);
  describe_prices(bars, made);
  describe_returns(bars, moves_max, made);
  return made;
}

}  // namespace tradeassist::market
