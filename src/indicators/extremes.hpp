#pragma once

#include "indicators/window.hpp"

namespace tradeassist::indicators {

/// A value of a window, and the number of its bar (from 1).
struct Candidate {
  double value = kNa;
  std::size_t bar = 0;

  /// An na beats only an na.
  template <int Sign>
  bool is_beaten_by(double other) const {
    return Sign * other > Sign * value || is_na(value);
  }
};

/// The extreme of windows of one length, by blocks of that many bars: the best of each block's end, found once when the
/// block is full, against the best of the block that has begun (van Herk 1992; Gil and Werman 1993). Three comparisons
/// a bar, whatever the length and the values.
template <int Sign>
class FixedExtreme {
 public:
  void begin(std::size_t length) {
    ends_.assign(length, {});
    begun_ = {};
    bars_begun_ = 0;
  }
  /// `values` has x as its newest and keeps at least a window.
  Candidate next(double x, const Window& values) {
    if (begun_.template is_beaten_by<Sign>(x)) begun_ = {x, values.count()};
    if (++bars_begun_ == ends_.size()) [[unlikely]] {
      close_block(values);
      return ends_.front();
    }
    const Candidate& older = ends_[bars_begun_];
    return !is_na(begun_.value) && older.template is_beaten_by<Sign>(begun_.value) ? begun_ : older;
  }

 private:
  [[gnu::noinline]] void close_block(const Window& values) {
    Candidate best;
    const std::size_t length = ends_.size(), now = values.count();
    for (std::size_t back = 0; back < length; ++back) {
      const double x = values[back];
      if (!is_na(x) && !(Sign * x < Sign * best.value)) best = {x, now - back};  // of equal ones the older
      ends_[length - 1 - back] = best;
    }
    begun_ = {};
    bars_begun_ = 0;
  }

  std::vector<Candidate> ends_;  // ends_[i]: the best of the last full block from its bar i on
  Candidate begun_;              // the best of the block that has begun
  std::size_t bars_begun_ = 0;
};

/// The same for lengths that change: keeps the bars that can still become the extreme, best first, so a bar costs O(1)
/// amortised as long as windows do not reach further back than before.
template <int Sign>
class VaryingExtreme {
 public:
  /// `values` has the newest value.
  Candidate next(const Window& values, std::size_t length) {
    const std::size_t now = values.count();
    const std::size_t begin = now >= length ? now - length + 1 : 1;
    if (begin < begin_ || length > candidates_.size()) {
      scan_again(values, begin, length);
    } else {
      while (first_ != last_ && candidate(first_).bar < begin) ++first_;
      append(now, values[0]);
    }
    begin_ = begin;
    return first_ == last_ ? Candidate{} : candidate(first_);
  }

 private:
  const Candidate& candidate(std::size_t i) const { return candidates_[i & mask_]; }

  void append(std::size_t bar, double x) {
    if (is_na(x)) return;
    while (first_ != last_ && Sign * candidate(last_ - 1).value < Sign * x) --last_;
    candidates_[last_++ & mask_] = {x, bar};
  }

  /// The window reaches further back than before: bars that were dropped count again.
  [[gnu::noinline]] void scan_again(const Window& values, std::size_t begin, std::size_t length) {
    if (length > candidates_.size()) {
      candidates_.assign(std::bit_ceil(length), {});
      mask_ = candidates_.size() - 1;
    }
    first_ = last_ = 0;
    const std::size_t now = values.count();
    for (std::size_t bar = std::max(begin, now - values.held() + 1); bar <= now; ++bar) append(bar, values[now - bar]);
  }

  std::vector<Candidate> candidates_;  // a ring of a power of two; [first_, last_) are in use
  std::size_t mask_ = 0, first_ = 0, last_ = 0;
  std::size_t begin_ = std::numeric_limits<std::size_t>::max();
};

/// The greatest (Sign = 1) or least (Sign = -1) of the last `length` bars and how long ago it was; of equal ones the
/// oldest. An na bar takes a place in the window and never wins; na while there are fewer bars, or only na ones.
template <int Sign>
class Extreme {
 public:
  double next(double x, std::size_t length) {
    if (length != length_ || varies_) [[unlikely]]
      return next_of_varying(x, length);
    values_.push(x);
    best_ = fixed_.next(x, values_);
    return values_.count() < length ? kNa : best_.value;
  }
  /// Bars since the extreme that next() gave, as a number <= 0. Only after next() gave one.
  double bars() const { return -static_cast<double>(values_.count() - best_.bar); }
  /// The value `back` calls ago, and the length of the last call.
  double value(std::size_t back) const { return back < values_.held() ? values_[back] : kNa; }
  std::size_t length() const { return length_; }

 private:
  [[gnu::noinline]] double next_of_varying(double x, std::size_t length) {
    values_.reserve(length);
    if (length_ == 0) {  // the first one
      length_ = length;
      fixed_.begin(length);
      return next(x, length);
    }
    varies_ = true;
    length_ = length;
    values_.push(x);
    best_ = varying_.next(values_, length);
    return values_.full(length) ? best_.value : kNa;
  }

  Window values_;
  FixedExtreme<Sign> fixed_;      // until the length changes
  VaryingExtreme<Sign> varying_;  // from then on
  bool varies_ = false;
  std::size_t length_ = 0;
  Candidate best_;
};
using Highest = Extreme<1>;
using Lowest = Extreme<-1>;

/// The same for a call that some bars skip, as ta.highest() in a branch: the window is one of bars, not of calls. The
/// values lie in a ring with one slot a bar and one more than the longest length asked for; a skipped bar leaves in its
/// slot what was there. The extreme is kept until it is as many bars old as the window is long, and looked for in the
/// slots only then.
template <int Sign>
class SparseExtreme {
 public:
  /// `bar` is the number of the bar, from 0; it never goes back.
  double next(double x, std::size_t length, std::size_t bar) {
    if (!sparse_ && bar == calls_) {
      ++calls_;
      return dense_.next(x, length);
    }
    if (!sparse_) begin_ring(length);
    if (length >= ring_.size()) resize(length + 1);
    age_ += bar - bar_;
    bar_ = bar;
    ring_[bar % ring_.size()] = x;
    if (!is_na(x) && (is_na(best_) || Sign * x > Sign * best_)) {
      best_ = x;
      age_ = 0;
    } else if (age_ >= length || length > length_) {
      look(length);
    }
    length_ = length;
    return bar + 1 < length ? kNa : best_;
  }
  /// Bars since the extreme that next() gave, as a number <= 0. Only after next() gave one.
  double bars() const { return sparse_ ? -static_cast<double>(age_) : dense_.bars(); }

 private:
  /// The first skipped bar: what the dense window knows moves into the ring.
  void begin_ring(std::size_t length) {
    sparse_ = true;
    ring_.assign(std::max(length, dense_.length()) + 1, kNa);
    bar_ = calls_ == 0 ? 0 : calls_ - 1;
    for (std::size_t back = 0; back < std::min(calls_, ring_.size()); ++back) {
      ring_[(bar_ - back) % ring_.size()] = dense_.value(back);
    }
    length_ = dense_.length();
    if (calls_ > 0) look(length_);
  }

  void resize(std::size_t slots) {
    std::vector<double> bigger(slots, kNa);
    for (std::size_t back = 0; back < std::min(ring_.size(), bar_ + 1); ++back) {
      bigger[(bar_ - back) % slots] = ring_[(bar_ - back) % ring_.size()];
    }
    ring_ = std::move(bigger);
  }

  void look(std::size_t length) {
    best_ = kNa;
    age_ = 0;
    for (std::size_t back = std::min(length, bar_ + 1); back-- > 0;) {
      const double x = ring_[(bar_ - back) % ring_.size()];
      if (is_na(x) || !(is_na(best_) || Sign * x > Sign * best_)) continue;
      best_ = x;
      age_ = back;
    }
  }

  Extreme<Sign> dense_;
  bool sparse_ = false;
  std::size_t calls_ = 0, bar_ = 0, age_ = 0, length_ = 0;
  double best_ = kNa;
  std::vector<double> ring_;
};

/// The greatest or least of all values so far.
template <int Sign>
class AllTime {
 public:
  double next(double x) {
    if (!is_na(x) && (is_na(best_) || Sign * x > Sign * best_)) best_ = x;
    return best_;
  }

 private:
  double best_ = kNa;
};

/// A local extreme: the value `right` bars ago, when no bar of the `left` before it is beyond it and every one of the
/// `right` after it is strictly inside; na otherwise.
template <int Sign>
class Pivot {
 public:
  double next(double x, std::size_t left, std::size_t right) {
    const std::size_t length = left + right + 1;
    values_.reserve(length);
    values_.push(x);
    if (!values_.full(length)) return kNa;
    const double candidate = values_[right];
    if (is_na(candidate)) return kNa;
    for (std::size_t back = 0; back < length; ++back) {
      if (back == right) continue;
      const double other = Sign * values_[back];
      const bool inside = back < right ? other < Sign * candidate : other <= Sign * candidate;
      if (!inside) return kNa;
    }
    return candidate;
  }

 private:
  Window values_;
};
using PivotHigh = Pivot<1>;
using PivotLow = Pivot<-1>;

/// True when the last `length` steps all went strictly up (Sign = 1) or down.
template <int Sign>
class Monotone {
 public:
  bool next(double x, std::size_t length) {
    if (is_na(x)) return false;
    steps_ = Sign * (x - previous_) > kTolerance ? steps_ + 1 : 0;
    previous_ = x;
    return steps_ >= length;
  }

 private:
  double previous_ = kNa;
  std::size_t steps_ = 0;
};
using Rising = Monotone<1>;
using Falling = Monotone<-1>;

}  // namespace tradeassist::indicators
