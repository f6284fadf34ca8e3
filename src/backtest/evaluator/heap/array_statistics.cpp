// Numbers that describe an array. na elements do not count; of nothing every figure is na.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <vector>

#include "backtest/evaluator/heap/collection_functions.hpp"

namespace tradeassist::backtest {
namespace {

using pine::Function;
using pine::ValueType;

constexpr double kNa = std::numeric_limits<double>::quiet_NaN();
constexpr double kTolerance = 1e-10;  // within which numbers are equal, as for ==

std::vector<double> without_na(std::span<const double> values) {
  std::vector<double> kept;
  kept.reserve(values.size());
  std::ranges::copy_if(values, std::back_inserter(kept), [](double value) { return value == value; });
  return kept;
}

double mean(std::span<const double> values) {
  return values.empty() ? kNa : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Sum of products of deviations over n, or over n - 1 when not biased; 0 where that is 0, na of nothing.
double variance(std::span<const double> values, bool biased) {
  if (values.size() < 2) return values.empty() ? kNa : 0;
  const double centre = mean(values);
  double sum = 0;
  for (const double value : values) sum += (value - centre) * (value - centre);
  return sum / (static_cast<double>(values.size()) - (biased ? 0 : 1));
}

double median(std::vector<double> values) {
  if (values.empty()) return kNa;
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// The most frequent value; of several the smallest.
double mode(std::vector<double> values) {
  std::ranges::sort(values);
  double found = kNa;
  std::size_t most = 0;
  for (std::size_t i = 0; i < values.size();) {
    std::size_t end = i;
    while (end < values.size() && values[end] == values[i]) ++end;
    if (end - i > most) {
      most = end - i;
      found = values[i];
    }
    i = end;
  }
  return found;
}

/// The nth smallest, or with `largest` the nth largest; 0, or na, is the extreme itself.
double nth_extreme(std::vector<double> values, double nth, bool largest) {
  const double place = nth == nth ? std::trunc(nth) : 0;
  if (place < 0 || place >= static_cast<double>(values.size())) return kNa;
  const auto at = static_cast<std::ptrdiff_t>(place);
  if (largest) {
    std::ranges::nth_element(values, values.begin() + at, std::greater<>());
  } else {
    std::ranges::nth_element(values, values.begin() + at);
  }
  return values[static_cast<std::size_t>(at)];
}

/// The elements in ascending order, those that are na after all others.
struct Ranks {
  std::vector<double> known;
  std::size_t size = 0;  // with those that are na

  double at(std::size_t rank) const { return rank < known.size() ? known[rank] : kNa; }
};
Ranks ranks_of(std::span<const double> values) {
  Ranks ranks{without_na(values), values.size()};
  std::ranges::sort(ranks.known);
  return ranks;
}

bool is_percentage(double percent, CollectionContext& context) {
  if (percent >= 0 && percent <= 100) return true;
  context.fault.message = fmt::format("a percentage is from 0 to 100, not {}", percent);
  return false;
}

/// Between the ranks around n * percent / 100 + 1/2, counted from 1. Among na, only a rank that is hit counts.
double percentile_linear(std::span<const double> values, double percent, CollectionContext& context) {
  if (values.empty() || percent != percent || !is_percentage(percent, context)) return kNa;
  constexpr double kNoise = 1e-9;  // of the multiplication
  const Ranks ranks = ranks_of(values);
  const double n = static_cast<double>(ranks.size);
  double rank = std::clamp(n * percent / 100 + 0.5, 1.0, n);
  if (std::fabs(rank - std::round(rank)) < kNoise) rank = std::round(rank);
  const auto below = static_cast<std::size_t>(rank);
  const double share = rank - static_cast<double>(below);
  if (share == 0) return ranks.at(below - 1);
  return ranks.known.size() < ranks.size ? kNa : ranks.at(below - 1) * (1 - share) + ranks.at(below) * share;
}

/// na counts as 0 percent.
double percentile_nearest(std::span<const double> values, double percent, CollectionContext& context) {
  if (percent != percent) percent = 0;
  if (values.empty() || !is_percentage(percent, context)) return kNa;
  const Ranks ranks = ranks_of(values);
  const double n = static_cast<double>(ranks.size);
  return ranks.at(static_cast<std::size_t>(std::clamp(std::ceil(percent * n / 100), 1.0, n)) - 1);
}

/// Share of the other elements that are not above the one at `index`, in percent; those that are na count among the
/// others. An na index is 0.
double percentrank(std::span<const double> values, double index, CollectionContext& context) {
  const double place = index == index ? std::trunc(index) : 0;
  if (values.empty()) return kNa;
  if (place < 0 || place >= static_cast<double>(values.size())) {
    context.fault.message = index_fault(place, values.size());
    return kNa;
  }
  const double value = values[static_cast<std::size_t>(place)];
  if (values.size() < 2 || value != value) return kNa;
  const auto below =
      std::ranges::count_if(values, [&](double other) { return other <= value || other - value <= kTolerance; });
  return 100 * static_cast<double>(below - 1) / static_cast<double>(values.size() - 1);
}

/// Distance from the mean in population standard deviations; 1 where all are equal. na stays na.
std::vector<double> standardized(std::span<const double> values) {
  const std::vector<double> counted = without_na(values);
  const double centre = mean(counted), deviation = std::sqrt(variance(counted, true));
  std::vector<double> made(values.begin(), values.end());
  for (double& value : made) {
    if (value == value) value = deviation != 0 ? (value - centre) / deviation : 1.0;
  }
  return made;
}

/// Of the pairs in which neither is na, updated pair by pair as TradingView's last digits show it does.
double pair_covariance(const CollectionCall& call, std::span<const double> first, CollectionContext& context) {
  Object* other = array_argument(call, 1, context);
  if (other == nullptr) return kNa;
  const std::span<const double> second = context.heap.elements(*other, context.fault);
  if (!context.fault.message.empty()) return kNa;
  if (first.size() != second.size()) {
    context.fault.message = fmt::format("arrays of {} and {} elements have no pairs", first.size(), second.size());
    return kNa;
  }
  double count = 0, mean_first = 0, mean_second = 0, moment = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (first[i] != first[i] || second[i] != second[i]) continue;
    ++count;
    const double deviation = first[i] - mean_first;
    mean_first += deviation / count;
    mean_second += (second[i] - mean_second) / count;
    moment += deviation * (second[i] - mean_second);
  }
  if (count == 0) return kNa;
  const double over = call.argument(2) != 0 ? count : count - 1;
  return over == 0 ? 0 : moment / over;
}

}  // namespace

double figure_of(Function function, std::span<const double> values) {
  const std::vector<double> counted = without_na(values);
  switch (function) {
    case Function::kArrayAvg: return mean(counted);
    case Function::kArrayMin: return nth_extreme(counted, 0, false);
    case Function::kArrayMax: return nth_extreme(counted, 0, true);
    case Function::kArrayMedian: return median(counted);
    default: return mode(counted);
  }
}

void array_statistic(const CollectionCall& call, CollectionContext& context) {
  Object* array = array_argument(call, 0, context);
  if (array == nullptr) return;
  const std::span<const double> values = context.heap.elements(*array, context.fault);
  if (!context.fault.message.empty()) return;
  const std::vector<double> counted = without_na(values);
  const double second = call.argument(1);
  double result = kNa;
  switch (call.function) {
    case Function::kArrayAbs: {
      std::vector<double> made(values.begin(), values.end());
      for (double& value : made) value = std::fabs(value);
      result = context.heap.make_array(array->element, made, context.fault);
      break;
    }
    case Function::kArrayStandardize:
      result = context.heap.make_array(ValueType::kFloat, standardized(values), context.fault);
      break;
    case Function::kArraySum:
      result = counted.empty() ? kNa : std::accumulate(counted.begin(), counted.end(), 0.0);
      break;
    case Function::kArrayMin: result = nth_extreme(counted, second, false); break;
    case Function::kArrayMax: result = nth_extreme(counted, second, true); break;
    case Function::kArrayAvg:
    case Function::kArrayMedian:
    case Function::kArrayMode: result = figure_of(call.function, values); break;
    case Function::kArrayRange: result = nth_extreme(counted, 0, true) - nth_extreme(counted, 0, false); break;
    case Function::kArrayVariance: result = variance(counted, second != 0); break;
    case Function::kArrayStdev: result = std::sqrt(variance(counted, second != 0)); break;
    case Function::kArrayCovariance: result = pair_covariance(call, values, context); break;
    case Function::kArrayPercentileLinearInterpolation: result = percentile_linear(values, second, context); break;
    case Function::kArrayPercentileNearestRank: result = percentile_nearest(values, second, context); break;
    default: result = percentrank(values, second, context); break;
  }
  if (call.out != nullptr) *call.out = result;
}

}  // namespace tradeassist::backtest
