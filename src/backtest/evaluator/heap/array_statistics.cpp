// Numbers that describe an array. na elements do not count; of nothing every figure is na.
#include <algorithm>
#include <cmath>
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

/// Sum of products of deviations over n, or over n - 1 when not biased.
double covariance(std::span<const double> a, std::span<const double> b, bool biased) {
  const double n = static_cast<double>(a.size()) - (biased ? 0 : 1);
  if (n <= 0) return kNa;
  const double mean_a = mean(a), mean_b = mean(b);
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - mean_a) * (b[i] - mean_b);
  return sum / n;
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
    while (end < values.size() && values[end] - values[i] <= kTolerance) ++end;
    if (end - i > most) {
      most = end - i;
      found = values[i];
    }
    i = end;
  }
  return found;
}

/// The nth smallest, or with `largest` the nth largest; 0 is the extreme itself.
double nth_extreme(std::vector<double> values, double nth, bool largest) {
  std::ranges::sort(values);
  if (!(nth >= 0) || nth >= static_cast<double>(values.size())) return kNa;
  const auto at = static_cast<std::size_t>(nth);
  return largest ? values[values.size() - 1 - at] : values[at];
}

/// Between the ranks around n * percent / 100 + 1/2, counted from 1.
double percentile_linear(std::vector<double> values, double percent) {
  if (values.empty() || percent != percent) return kNa;
  std::ranges::sort(values);
  const double n = static_cast<double>(values.size());
  const double rank = std::clamp(n * percent / 100 + 0.5, 1.0, n);
  const auto below = static_cast<std::size_t>(rank);
  const double low = values[below - 1], high = values[std::min(below, values.size() - 1)];
  return low + (high - low) * (rank - static_cast<double>(below));
}

double percentile_nearest(std::vector<double> values, double percent) {
  if (values.empty() || percent != percent) return kNa;
  std::ranges::sort(values);
  const double n = static_cast<double>(values.size());
  return values[static_cast<std::size_t>(std::clamp(std::ceil(n * percent / 100), 1.0, n)) - 1];
}

/// Share of the other elements that are not above the one at `index`, in percent.
double percentrank(std::span<const double> values, double index, CollectionContext& context) {
  if (index != index || values.size() < 2) return kNa;
  if (index < 0 || index >= static_cast<double>(values.size())) {
    context.fault.message = index_fault(index, values.size());
    return kNa;
  }
  const double value = values[static_cast<std::size_t>(index)];
  const auto below = std::ranges::count_if(values, [&](double other) { return other <= value + kTolerance; });
  return 100 * static_cast<double>(below - 1) / static_cast<double>(values.size() - 1);
}

/// Distance from the mean in population standard deviations; 1 where all are equal.
std::vector<double> standardized(std::span<const double> values) {
  const std::vector<double> counted = without_na(values);
  const double centre = mean(counted), deviation = std::sqrt(covariance(counted, counted, true));
  std::vector<double> made(values.begin(), values.end());
  for (double& value : made) value = deviation > 0 ? (value - centre) / deviation : 1.0;
  return made;
}

double pair_covariance(const CollectionCall& call, std::span<const double> first, CollectionContext& context) {
  Object* other = array_argument(call, 1, context);
  if (other == nullptr) return kNa;
  const std::span<const double> second = context.heap.elements(*other, context.fault);
  std::vector<double> a, b;
  for (std::size_t i = 0; i < std::min(first.size(), second.size()); ++i) {
    if (first[i] != first[i] || second[i] != second[i]) continue;
    a.push_back(first[i]);
    b.push_back(second[i]);
  }
  return covariance(a, b, call.argument(2) != 0);
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
    case Function::kArrayVariance: result = covariance(counted, counted, second != 0); break;
    case Function::kArrayStdev: result = std::sqrt(covariance(counted, counted, second != 0)); break;
    case Function::kArrayCovariance: result = pair_covariance(call, values, context); break;
    case Function::kArrayPercentileLinearInterpolation: result = percentile_linear(counted, second); break;
    case Function::kArrayPercentileNearestRank: result = percentile_nearest(counted, second); break;
    default: result = percentrank(values, second, context); break;
  }
  if (call.out != nullptr) *call.out = result;
}

}  // namespace tradeassist::backtest
