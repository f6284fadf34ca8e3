#pragma once

#include <array>

#include "indicators/window.hpp"

namespace tradeassist::indicators {

/// Variance of the last `length` values that were not na, and na on a bar that is; unbiased divides by length - 1.
class Variance {
 public:
  double next(double x, std::size_t length, bool biased) {
    if (is_na(x)) return kNa;
    const bool full = values_.push(x, length);
    squares_.push(x * x, length);
    if (!full) return kNa;
    const auto n = static_cast<double>(length);
    const double mean = values_.sum() / n;
    if (biased) return std::max(0.0, squares_.sum() / n - mean * mean);
    if (length == 1) return kNa;
    return std::max(0.0, squares_.sum() / (n - 1) - values_.sum() / (n - 1) * mean);
  }

 private:
  RollingSum values_, squares_;
};

class Stdev {
 public:
  double next(double x, std::size_t length, bool biased) { return std::sqrt(variance_.next(x, length, biased)); }

 private:
  Variance variance_;
};

/// Mean absolute deviation from the simple average of the last `length` values that were not na; na on a bar that is.
class Dev {
 public:
  double next(double x, std::size_t length) {
    if (is_na(x) || !values_.push(x, length)) return kNa;
    const auto n = static_cast<double>(length);
    const double mean = values_.sum() / n;
    double sum = 0;
    for (std::size_t back = length; back-- > 0;) sum += std::fabs(values_.values()[back] - mean);
    return sum / n;
  }
  double mean(std::size_t length) const { return values_.sum() / static_cast<double>(length); }

 private:
  RollingSum values_;
};

/// Pearson correlation; na while either window has an na; 0 when the covariance vanishes.
class Correlation {
 public:
  double next(double x, double y, std::size_t length) {
    xs_.reserve(length);
    ys_.reserve(length);
    xs_.push(x);
    ys_.push(y);
    if (!xs_.full(length)) return kNa;
    const auto n = static_cast<double>(length);
    double mean_x = 0, mean_y = 0;
    for (std::size_t back = length; back-- > 0;) {
      mean_x += xs_[back];
      mean_y += ys_[back];
    }
    mean_x /= n;
    mean_y /= n;
    double covariance = 0, variance_x = 0, variance_y = 0;
    for (std::size_t back = length; back-- > 0;) {
      const double dx = xs_[back] - mean_x, dy = ys_[back] - mean_y;
      covariance += dx * dy;
      variance_x += dx * dx;
      variance_y += dy * dy;
    }
    if (is_na(covariance)) return kNa;
    if (std::fabs(covariance / n) <= kTolerance) return 0;
    return covariance / std::sqrt(variance_x * variance_y);
  }

 private:
  Window xs_, ys_;
};

/// The values of a window that are not na, sorted: what median, mode and percentiles are read from.
class SortedWindow {
 public:
  /// The sorted window of the last `length` values that were not na; empty until there are so many, and on a bar that
  /// is na.
  const std::vector<double>& next(double x, std::size_t length) {
    static const std::vector<double> kNothing;
    if (is_na(x)) {
      in_a_row_ = 0;
      return kNothing;
    }
    ++in_a_row_;
    values_.reserve(length + 1);
    values_.push(x);
    if (sorted_.size() == length) {
      sorted_.erase(std::ranges::lower_bound(sorted_, values_[length]));
      sorted_.insert(std::ranges::upper_bound(sorted_, x), x);
    } else {
      sorted_.clear();
      if (values_.full(length)) {
        for (std::size_t back = 0; back < length; ++back) sorted_.push_back(values_[back]);
        std::ranges::sort(sorted_);
      }
    }
    return sorted_;
  }
  /// Whether the last `length` bars have no na among them.
  bool unbroken(std::size_t length) const { return in_a_row_ >= length; }

 private:
  Window values_;
  std::vector<double> sorted_;
  std::size_t in_a_row_ = 0;
};

inline double median_of(const std::vector<double>& sorted) {
  if (sorted.empty()) return kNa;
  const std::size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/// The most frequent value; of equally frequent ones the smallest.
inline double mode_of(const std::vector<double>& sorted) {
  double best = kNa;
  std::size_t best_count = 0;
  for (std::size_t begin = 0; begin < sorted.size();) {
    std::size_t end = begin;
    while (end < sorted.size() && sorted[end] == sorted[begin]) ++end;
    if (end - begin > best_count) {
      best_count = end - begin;
      best = sorted[begin];
    }
    begin = end;
  }
  return best;
}

/// Percentile between ranks: rank n p / 100 + 0.5, counted from 1.
inline double percentile_between_ranks(const std::vector<double>& sorted, double percentage) {
  if (sorted.empty() || is_na(percentage)) return kNa;
  const auto n = static_cast<double>(sorted.size());
  const double rank = std::clamp(n * percentage / 100 + 0.5, 1.0, n);
  const auto below = static_cast<std::size_t>(rank);
  if (below >= sorted.size()) return sorted.back();
  return sorted[below - 1] + (rank - static_cast<double>(below)) * (sorted[below] - sorted[below - 1]);
}

inline double percentile_of_nearest_rank(const std::vector<double>& sorted, double percentage) {
  if (sorted.empty() || is_na(percentage)) return kNa;
  const auto n = static_cast<double>(sorted.size());
  const double rank = std::clamp(std::ceil(n * percentage / 100), 1.0, n);
  return sorted[static_cast<std::size_t>(rank) - 1];
}

/// Share (0 to 100) of the `length` values before this one that are not above it.
class Percentrank {
 public:
  double next(double x, std::size_t length) {
    values_.reserve(length + 1);
    values_.push(x);
    if (is_na(x) || !values_.full(length + 1)) return kNa;
    std::size_t not_above = 0;
    for (std::size_t back = 1; back <= length; ++back) {
      if (values_[back] <= x + kTolerance) ++not_above;
    }
    return 100.0 * static_cast<double>(not_above) / static_cast<double>(length);
  }

 private:
  Window values_;
};

/// Rank correlation of the source with time, -100 to 100; equal values share their ranks' mean. The first value comes
/// one bar after the window is full.
class Rci {
 public:
  double next(double x, std::size_t length) {
    values_.reserve(length + 1);
    values_.push(x);
    if (!values_.full(length + 1)) return kNa;
    order_.clear();
    for (std::size_t back = 0; back < length; ++back) {
      if (is_na(values_[back])) return kNa;
      order_.push_back(back);
    }
    std::ranges::sort(order_, {}, [this](std::size_t back) { return values_[back]; });
    const auto n = static_cast<double>(length);
    const double mean = (n + 1) / 2;
    double covariance = 0, variance_time = 0, variance_rank = 0;
    for (std::size_t begin = 0, end = 0; begin < length; begin = end) {
      do ++end;
      while (end < length && values_[order_[end]] - values_[order_[begin]] <= kTolerance);
      const double rank = static_cast<double>(begin + 1 + end) / 2 - mean;
      for (std::size_t i = begin; i < end; ++i) {
        const double time = n - static_cast<double>(order_[i]) - mean;
        covariance += time * rank;
        variance_time += time * time;
        variance_rank += rank * rank;
      }
    }
    return covariance / std::sqrt(variance_time * variance_rank) * 100;
  }

 private:
  Window values_;
  std::vector<std::size_t> order_;
};

}  // namespace tradeassist::indicators
