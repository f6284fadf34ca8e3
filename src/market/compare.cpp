#include "market/compare.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace tradeassist::market {
namespace {

using Rows = std::vector<std::vector<std::size_t>>;  // by series: the common bars' places in it

/// Moves every series on to the latest of their times, until they agree.
Rows rows_by_time(std::span<const SeriesPtr> series) {
  Rows rows(series.size());
  std::vector<std::size_t> at(series.size(), 0);
  const auto is_over = [&] {
    for (std::size_t k = 0; k < series.size(); ++k) {
      if (at[k] == series[k]->size()) return true;
    }
    return false;
  };
  while (!is_over()) {
    std::int64_t latest = series[0]->time[at[0]];
    for (std::size_t k = 1; k < series.size(); ++k) latest = std::max(latest, series[k]->time[at[k]]);
    bool is_common = true, is_known = true;
    for (std::size_t k = 0; k < series.size(); ++k) {
      const Series& bars = *series[k];
      while (at[k] < bars.size() && bars.time[at[k]] < latest) ++at[k];
      is_common = is_common && at[k] < bars.size() && bars.time[at[k]] == latest;
      is_known = is_known && is_common && std::isfinite(bars.close[at[k]]);
    }
    if (!is_common) continue;
    for (std::size_t k = 0; k < series.size(); ++k) {
      if (is_known) rows[k].push_back(at[k]);
      ++at[k];
    }
  }
  return rows;
}

Rows rows_by_number(std::span<const SeriesPtr> series) {
  Rows rows(series.size());
  std::size_t count = series[0]->size();
  for (const SeriesPtr& each : series) count = std::min(count, each->size());
  for (std::size_t i = 0; i < count; ++i) {
    if (!std::ranges::all_of(series, [&](const SeriesPtr& each) { return std::isfinite(each->close[i]); })) continue;
    for (auto& each : rows) each.push_back(i);
  }
  return rows;
}

/// Empty where a price is not above 0.
std::vector<double> log_returns(const std::vector<double>& close) {
  std::vector<double> returns;
  if (close.empty() || std::ranges::any_of(close, [](double price) { return price <= 0; })) return returns;
  returns.reserve(close.size() - 1);
  for (std::size_t i = 1; i < close.size(); ++i) returns.push_back(std::log(close[i] / close[i - 1]));
  return returns;
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Σ (a - mean a) (b - mean b).
double co_moment(const std::vector<double>& a, const std::vector<double>& b) {
  const double mean_a = mean(a), mean_b = mean(b);
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - mean_a) * (b[i] - mean_b);
  return sum;
}

/// Whether more than rounding is left of values without their mean, whose squares add up to `moment`.
bool varies(const std::vector<double>& values, double moment) {
  constexpr double kRounding = 1e-12;
  return moment > kRounding * kRounding * std::inner_product(values.begin(), values.end(), values.begin(), 0.0);
}

constexpr const char* kNoBars = "the series have no bars in common";
constexpr const char* kTooFew = "fewer than 3 bars are common";
constexpr const char* kNotAboveZero = "a price is not above 0, so that there is no log return";

const char* why_no_returns(const ComparedSeries& series) {
  if (series.close.empty()) return kNoBars;
  const bool all_above = std::ranges::all_of(series.close, [](double price) { return price > 0; });
  return all_above ? kTooFew : kNotAboveZero;
}

double max_drawdown(const std::vector<double>& close) {
  double high = close.front(), worst = 0;
  for (const double price : close) {
    high = std::max(high, price);
    if (high > 0) worst = std::max(worst, (high - price) / high);
  }
  return high > 0 ? worst : kNotKnown;
}

ComparedSeries describe(const Series& bars, const std::vector<std::size_t>& rows) {
  ComparedSeries made;
  made.dropped = bars.size() - rows.size();
  made.change = made.volatility = made.max_drawdown = kNotKnown;
  for (const std::size_t row : rows) {
    made.time.push_back(bars.time[row]);
    made.close.push_back(bars.close[row]);
  }
  if (rows.empty()) {
    made.unknown_reason = kNoBars;
    return made;
  }
  const double first = made.close.front();
  made.rebased.assign(rows.size(), kNotKnown);
  if (first > 0) {
    made.change = made.close.back() / first - 1;
    std::ranges::transform(made.close, made.rebased.begin(), [&](double price) { return 100 * price / first; });
  }
  made.max_drawdown = max_drawdown(made.close);
  const std::vector<double> returns = log_returns(made.close);
  if (returns.size() < 2) {
    made.unknown_reason = why_no_returns(made);
  } else {
    made.volatility = std::sqrt(co_moment(returns, returns) / static_cast<double>(returns.size() - 1));
  }
  return made;
}

ComparedPair describe_pair(const ComparedSeries& first, const ComparedSeries& other, std::size_t number) {
  ComparedPair made;
  made.series = number;
  made.correlation = made.beta = kNotKnown;
  for (std::size_t i = 0; i < first.close.size(); ++i) {
    made.spread.push_back(other.close[i] - first.close[i]);
    made.ratio.push_back(first.close[i] == 0 ? kNotKnown : other.close[i] / first.close[i]);
  }
  const std::vector<double> x = log_returns(first.close), y = log_returns(other.close);
  if (x.size() < 2 || y.size() < 2) {
    made.unknown_reason = why_no_returns(x.size() < 2 ? first : other);
    return made;
  }
  const double xx = co_moment(x, x), yy = co_moment(y, y), xy = co_moment(x, y);
  const bool x_varies = varies(x, xx);
  if (x_varies) made.beta = xy / xx;
  if (x_varies && varies(y, yy)) {
    made.correlation = std::clamp(xy / std::sqrt(xx * yy), -1.0, 1.0);
  } else {
    made.unknown_reason = "the returns of one series are all the same";
  }
  return made;
}

}  // namespace

base::Result<Comparison> compare(std::span<const SeriesPtr> series, CompareBy by) {
  if (series.size() < 2) return base::failure(base::ErrorCode::kInvalidArgument, "a comparison needs two series");
  const Rows rows = by == CompareBy::kTime ? rows_by_time(series) : rows_by_number(series);
  Comparison made;
  made.common_bars = rows[0].size();
  for (std::size_t k = 0; k < series.size(); ++k) made.series.push_back(describe(*series[k], rows[k]));
  for (std::size_t k = 1; k < series.size(); ++k)
    made.pairs.push_back(describe_pair(made.series[0], made.series[k], k));
  return made;
}

}  // namespace tradeassist::market
