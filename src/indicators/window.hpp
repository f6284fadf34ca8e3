#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

/// Streaming technical indicators: one value in, one out, in the order of bars. `na` is NaN. The rules (what an na does
/// to a window, how averages are seeded, which of equal extremes counts) are TradingView's, because scripts come with
/// its numbers in mind. Lengths are whole and at least 1: the caller has checked them. Not thread-safe; copyable.
namespace tradeassist::indicators {

constexpr double kNa = std::numeric_limits<double>::quiet_NaN();

inline bool is_na(double x) { return x != x; }

/// Differences up to this count as equality where TradingView's functions compare with tolerance.
constexpr double kTolerance = 1e-10;

/// The last values pushed, newest first: window[0] is the newest. Keeps as many as the first length asks for (at least
/// kKeptMin); once a later length asks for more, lengths vary, and it keeps kKeptVarying from then on. So a length that
/// grows bar by bar misses nothing, and one that jumps waits for the values it never saw.
class Window {
 public:
  static constexpr std::size_t kKeptMin = 64, kKeptVarying = 8192;

  void push(double value) {
    if (buffer_.empty()) grow(kKeptMin);
    head_ = (head_ + 1) & mask_;
    buffer_[head_] = value;
    ++count_;
  }
  /// Puts another value in the newest one's place.
  void replace(double value) { buffer_[head_] = value; }
  /// Makes the next `length` pushes keep at least `length` values. Call before push.
  void reserve(std::size_t length) {
    if (length > buffer_.size()) [[unlikely]]
      grow(buffer_.empty() ? length : std::max(length, kKeptVarying));
  }
  double operator[](std::size_t back) const { return buffer_[(head_ - back) & mask_]; }
  /// Values pushed in all; at most held() of them are still there.
  std::size_t count() const { return count_; }
  std::size_t held() const { return held_from_ + std::min(count_ - counted_from_, buffer_.size() - held_from_); }
  bool full(std::size_t length) const { return held() >= length; }

 private:
  [[gnu::noinline]] void grow(std::size_t at_least) {
    const std::size_t capacity = std::bit_ceil(std::max(at_least, kKeptMin));
    std::vector<double> bigger(capacity, kNa);
    const std::size_t keep = held();
    for (std::size_t back = 0; back < keep; ++back) bigger[capacity - 1 - back] = (*this)[back];
    buffer_ = std::move(bigger);
    head_ = mask_ = capacity - 1;
    held_from_ = keep;
    counted_from_ = count_;
  }

  std::vector<double> buffer_;
  std::size_t head_ = 0, mask_ = 0, count_ = 0;
  std::size_t held_from_ = 0, counted_from_ = 0;  // values held, and counted, when the buffer last grew
};

/// A sum that carries what rounding lost (Neumaier), so that adding and removing for a million bars leaves no trace.
class CompensatedSum {
 public:
  void add(double x) {
    const double sum = sum_ + x;
    lost_ += std::fabs(sum_) >= std::fabs(x) ? (sum_ - sum) + x : (x - sum) + sum_;
    sum_ = sum;
  }
  void clear() { set(0); }
  void set(double sum) {
    sum_ = sum;
    lost_ = 0;
  }
  double value() const { return sum_ + lost_; }

 private:
  double sum_ = 0, lost_ = 0;
};

/// The sum of the last `length` values that were not na. The length may change from call to call.
class RollingSum {
 public:
  /// True once `length` values have come. `x` must not be na.
  bool push(double x, std::size_t length) {
    values_.reserve(length + 1);
    values_.push(x);
    sum_.add(x);
    if (length == length_ && values_.count() > length) sum_.add(-values_[length]);
    // An infinite value must leave with its bar instead of turning every later sum into na.
    if (length != length_ || !std::isfinite(sum_.value())) sum_again(length);
    return values_.full(length);
  }
  /// The same where a short window is added up anew, oldest value first, as TradingView's averages are: two averages
  /// that are equal as fractions differ, or do not, in the same bars as its own (finer-rules §15.16).
  bool push_exact(double x, std::size_t length) {
    if (length > kAddedUp) return push(x, length);
    values_.reserve(length + 1);
    values_.push(x);
    double sum = 0;
    for (std::size_t back = std::min(length, values_.held()); back-- > 0;) sum += values_[back];
    sum_.set(sum);
    length_ = 0;  // a longer window that follows is begun anew
    return values_.full(length);
  }
  double sum() const { return sum_.value(); }
  const Window& values() const { return values_; }

 private:
  static constexpr std::size_t kAddedUp = 16;

  [[gnu::noinline]] void sum_again(std::size_t length) {
    length_ = length;
    sum_.clear();
    for (std::size_t back = std::min(length, values_.held()); back-- > 0;) sum_.add(values_[back]);
  }

  Window values_;
  CompensatedSum sum_;
  std::size_t length_ = 0;
};

}  // namespace tradeassist::indicators
