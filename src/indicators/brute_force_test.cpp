#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <random>

#include "indicators/events.hpp"
#include "indicators/extremes.hpp"
#include "indicators/moving_averages.hpp"
#include "indicators/oscillators.hpp"
#include "indicators/statistics.hpp"

/// The streaming classes against the definitions written out over whole columns, on random input with gaps, ties and
/// lengths that change from bar to bar.
namespace tradeassist::indicators {
namespace {

using Column = std::vector<double>;
using Lengths = std::vector<std::size_t>;

/// Prices on a coarse grid (so that equal values are common), with single na and runs of na.
Column random_prices(std::uint64_t seed, std::size_t bars, bool with_na = true) {
  std::mt19937_64 random(seed);
  Column column;
  double price = 400;
  std::size_t gap = 0;
  while (column.size() < bars) {
    price += static_cast<double>(random() % 9) - 4;
    if (with_na && gap == 0 && random() % 25 == 0) gap = random() % 4 == 0 ? 12 : 1;
    column.push_back(gap > 0 ? kNa : price / 4);
    if (gap > 0) --gap;
  }
  return column;
}

Lengths constant(std::size_t length, std::size_t bars) { return Lengths(bars, length); }

Lengths random_lengths(std::uint64_t seed, std::size_t bars) {
  std::mt19937_64 random(seed);
  Lengths lengths;
  std::size_t length = 20;
  while (lengths.size() < bars) {
    if (random() % 5 == 0) length = 1 + random() % 60;
    lengths.push_back(length);
  }
  return lengths;
}

/// The last `length` values up to `bar` that are not na, oldest first; empty when there are fewer.
Column known_window(const Column& x, std::size_t bar, std::size_t length) {
  Column window;
  for (std::size_t i = bar + 1; i-- > 0 && window.size() < length;) {
    if (!is_na(x[i])) window.insert(window.begin(), x[i]);
  }
  if (window.size() < length) window.clear();
  return window;
}

/// The last `length` bars, na included; empty when there are fewer.
Column raw_window(const Column& x, std::size_t bar, std::size_t length) {
  if (bar + 1 < length) return {};
  return {x.begin() + static_cast<std::ptrdiff_t>(bar + 1 - length), x.begin() + static_cast<std::ptrdiff_t>(bar + 1)};
}

long double sum_of(const Column& x) {
  long double sum = 0;
  for (const double value : x) sum += value;
  return sum;
}

void expect_same(const std::function<double(std::size_t)>& got, const std::function<double(std::size_t)>& expected,
                 std::size_t bars, const std::string& what, double tolerance = 1e-12) {
  for (std::size_t bar = 0; bar < bars; ++bar) {
    const double g = got(bar), e = expected(bar);
    const bool same =
        is_na(g) || is_na(e) ? is_na(g) && is_na(e) : std::fabs(g - e) <= tolerance * std::max(1.0, std::fabs(e));
    ASSERT_TRUE(same) << what << ", bar " << bar << ": streaming " << g << ", definition " << e;
  }
}

constexpr std::size_t kBars = 700;

struct Case {
  std::string name;
  Column x;
  Lengths lengths;
};

std::vector<Case> cases(bool varying = true) {
  std::vector<Case> all;
  for (const std::size_t length : {1, 2, 3, 7, 20, 65, 200}) {
    all.push_back({"length " + std::to_string(length), random_prices(length, kBars), constant(length, kBars)});
  }
  if (varying) {
    for (const std::uint64_t seed : {101, 102, 103}) {
      all.push_back({"lengths " + std::to_string(seed), random_prices(seed, kBars), random_lengths(seed, kBars)});
    }
  }
  return all;
}

/// Holds what `of_window` says about the last known values against the class; `held`: an na bar repeats the last value
/// instead of giving na.
template <class Step>
void expect_of_known_window(Step step, const std::function<double(const Column&)>& of_window, bool held,
                            const std::vector<Case>& over, double tolerance = 1e-12) {
  for (const Case& c : over) {
    auto state = step;
    double last = kNa;
    expect_same([&](std::size_t bar) { return state(c.x[bar], c.lengths[bar]); },
                [&](std::size_t bar) {
                  if (is_na(c.x[bar])) return held ? last : kNa;
                  const Column window = known_window(c.x, bar, c.lengths[bar]);
                  return last = window.empty() ? kNa : of_window(window);
                },
                kBars, c.name, tolerance);
  }
}

double mean_of(const Column& window) {
  return static_cast<double>(sum_of(window) / static_cast<long double>(window.size()));
}

double variance_of(const Column& window, bool biased) {
  if (!biased && window.size() == 1) return kNa;
  const long double mean = sum_of(window) / static_cast<long double>(window.size());
  long double squares = 0;
  for (const double x : window) squares += (x - mean) * (x - mean);
  return static_cast<double>(squares / static_cast<long double>(window.size() - (biased ? 0 : 1)));
}

TEST(BruteForce, sum_and_sma_are_over_the_last_known_values_and_held_on_na_bars) {
  expect_of_known_window([s = Sum{}](double x, std::size_t n) mutable { return s.next(x, n); },
                         [](const Column& w) { return static_cast<double>(sum_of(w)); }, true, cases());
  // On an na bar the sum is held; with a length of that bar's own, the mean of it would be another, so constant
  // lengths.
  expect_of_known_window([s = Sma{}](double x, std::size_t n) mutable { return s.next(x, n); }, mean_of, true,
                         cases(false));
}

TEST(BruteForce, variance_and_deviation_are_over_the_last_known_values_and_na_on_na_bars) {
  for (const bool biased : {true, false}) {
    expect_of_known_window([s = Variance{}, biased](double x, std::size_t n) mutable { return s.next(x, n, biased); },
                           [biased](const Column& w) { return variance_of(w, biased); }, false, cases(), 1e-9);
  }
  expect_of_known_window([s = Dev{}](double x, std::size_t n) mutable { return s.next(x, n); },
                         [](const Column& w) {
                           const double mean = mean_of(w);
                           double sum = 0;
                           for (const double x : w) sum += std::fabs(x - mean);
                           return sum / static_cast<double>(w.size());
                         },
                         false, cases());
}

TEST(BruteForce, linreg_reads_the_least_squares_line_at_its_newest_end) {
  expect_of_known_window([s = Linreg{}](double x, std::size_t n) mutable { return s.next(x, n, 0); },
                         [](const Column& w) {
                           const auto n = static_cast<double>(w.size());
                           const double mean_x = (n - 1) / 2, mean_y = mean_of(w);
                           double slope = 0, norm = 0;
                           for (std::size_t i = 0; i < w.size(); ++i) {
                             const double dx = static_cast<double>(i) - mean_x;
                             slope += dx * (w[i] - mean_y);
                             norm += dx * dx;
                           }
                           return mean_y + (norm == 0 ? 0 : slope / norm * mean_x);
                         },
                         true, cases(), 1e-9);
}

TEST(BruteForce, median_mode_and_percentiles_read_the_sorted_known_values_and_are_na_on_na_bars) {
  const auto sorted = [](Column w) {
    std::ranges::sort(w);
    return w;
  };
  expect_of_known_window([s = SortedWindow{}](double x, std::size_t n) mutable { return median_of(s.next(x, n)); },
                         [&](const Column& w) {
                           const Column v = sorted(w);
                           return (v[(v.size() - 1) / 2] + v[v.size() / 2]) / 2;
                         },
                         false, cases());
  expect_of_known_window([s = SortedWindow{}](double x, std::size_t n) mutable { return mode_of(s.next(x, n)); },
                         [&](const Column& w) {
                           const Column v = sorted(w);
                           double best = kNa;
                           std::ptrdiff_t most = 0;
                           for (const double x : v) {
                             if (const auto n = std::ranges::count(v, x); n > most) {
                               most = n;
                               best = x;
                             }
                           }
                           return best;
                         },
                         false, cases());
  for (const double percentage : {0.0, 1.0, 33.0, 50.0, 99.5, 100.0}) {
    expect_of_known_window(
        [s = SortedWindow{}, percentage](double x, std::size_t n) mutable {
          return percentile_of_nearest_rank(s.next(x, n), percentage);
        },
        [&](const Column& w) {
          // The smallest value that at least this share of the window does not exceed.
          for (const double x : sorted(w)) {
            const auto not_above = static_cast<double>(std::ranges::count_if(w, [x](double y) { return y <= x; }));
            if (not_above * 100 >= percentage * static_cast<double>(w.size())) return x;
          }
          return kNa;
        },
        false, cases());
  }
}

TEST(BruteForce, a_window_is_unbroken_when_none_of_its_bars_is_na) {
  for (const Case& c : cases()) {
    SortedWindow window;
    for (std::size_t bar = 0; bar < kBars; ++bar) {
      window.next(c.x[bar], c.lengths[bar]);
      const Column raw = raw_window(c.x, bar, c.lengths[bar]);
      ASSERT_EQ(window.unbroken(c.lengths[bar]), !raw.empty() && std::ranges::none_of(raw, is_na))
          << c.name << ", bar " << bar;
    }
  }
}

/// Extremes count bars, not values: an na takes a place.
template <int Sign>
void expect_extremes() {
  for (const Case& c : cases()) {
    Extreme<Sign> extreme;
    const auto expected = [&](std::size_t bar, bool as_offset) {
      const Column window = raw_window(c.x, bar, c.lengths[bar]);
      double best = kNa, offset = kNa;
      for (std::size_t i = 0; i < window.size(); ++i) {
        if (is_na(window[i]) || !(is_na(best) || Sign * window[i] > Sign * best)) continue;
        best = window[i];
        offset = static_cast<double>(i) - static_cast<double>(window.size() - 1);
      }
      return as_offset ? offset : best;
    };
    for (std::size_t bar = 0; bar < kBars; ++bar) {
      const double got = extreme.next(c.x[bar], c.lengths[bar]);
      ASSERT_TRUE(got == expected(bar, false) || (is_na(got) && is_na(expected(bar, false))))
          << c.name << ", bar " << bar << ": " << got << " but " << expected(bar, false);
      if (is_na(got)) continue;
      ASSERT_EQ(extreme.bars(), expected(bar, true)) << c.name << ", bar " << bar;
    }
  }
}

TEST(BruteForce, highest_is_the_extreme_of_the_last_bars_and_ties_go_to_the_oldest) { expect_extremes<1>(); }
TEST(BruteForce, lowest_is_the_extreme_of_the_last_bars_and_ties_go_to_the_oldest) { expect_extremes<-1>(); }

/// What a ring of one slot a bar holds for a bar: the value of the last call on it or a whole number of turns before.
double slot_content(const std::map<std::size_t, double>& called, std::size_t bar, std::size_t slots) {
  for (std::size_t at = bar;; at -= slots) {
    if (const auto found = called.find(at); found != called.end()) return found->second;
    if (at < slots) return kNa;
  }
}

TEST(BruteForce, an_extreme_of_some_bars_ages_by_the_bar_and_finds_what_skipped_slots_kept) {
  for (const std::size_t length : {1, 2, 5, 20, 80}) {
    for (const std::uint64_t seed : {1, 2, 3}) {
      const Column x = random_prices(seed, kBars);
      std::mt19937_64 random(seed);
      SparseExtreme<1> extreme;
      std::map<std::size_t, double> called;
      double best = kNa;
      std::size_t best_bar = 0;
      for (std::size_t bar = 0; bar < kBars; ++bar) {
        if (bar >= 30 && random() % 3 != 0) continue;
        called[bar] = x[bar];
        if (!is_na(x[bar]) && (is_na(best) || x[bar] > best)) {
          best = x[bar];
          best_bar = bar;
        } else if (bar - best_bar >= length) {
          best = kNa;
          best_bar = bar;
          for (std::size_t at = bar + 1 - std::min(length, bar + 1); at <= bar; ++at) {
            const double value = slot_content(called, at, length + 1);
            if (is_na(value) || !(is_na(best) || value > best)) continue;
            best = value;
            best_bar = at;
          }
        }
        const double expected = bar + 1 < length ? kNa : best;
        const double got = extreme.next(x[bar], length, bar);
        ASSERT_TRUE(got == expected || (is_na(got) && is_na(expected)))
            << "length " << length << ", bar " << bar << ": " << got << " but " << expected;
        if (is_na(got)) continue;
        ASSERT_EQ(extreme.bars(), -static_cast<double>(bar - best_bar)) << "length " << length << ", bar " << bar;
      }
    }
  }
}

TEST(BruteForce, a_length_that_grows_by_the_bar_sees_the_whole_past) {
  const Column x = random_prices(5, 9000, false);
  Sum sum;
  Highest highest;
  long double total = 0;
  double top = kNa;
  for (std::size_t bar = 0; bar < 3000; ++bar) {
    total += x[bar];
    top = is_na(top) ? x[bar] : std::max(top, x[bar]);
    ASSERT_NEAR(sum.next(x[bar], bar + 1), static_cast<double>(total), 1e-7) << bar;
    ASSERT_EQ(highest.next(x[bar], bar + 1), top) << bar;
  }
}

TEST(BruteForce, ema_and_rma_start_from_the_simple_average_and_pass_over_na) {
  for (const Case& c : cases(false)) {
    const std::size_t n = c.lengths[0];
    const auto expected = [&](double alpha) {
      Column out;
      Column seed;
      double value = kNa;
      for (const double x : c.x) {
        if (is_na(x)) {
          out.push_back(kNa);
          continue;
        }
        if (seed.size() < n) {
          seed.push_back(x);
          value = seed.size() == n ? mean_of(seed) : kNa;
        } else {
          value = alpha * x + (1 - alpha) * value;
        }
        out.push_back(value);
      }
      return out;
    };
    const Column ema_expected = expected(2.0 / (static_cast<double>(n) + 1)),
                 rma_expected = expected(1.0 / static_cast<double>(n));
    Ema ema;
    Rma rma;
    expect_same([&](std::size_t bar) { return ema.next(c.x[bar], n); },
                [&](std::size_t bar) { return ema_expected[bar]; }, kBars, "ema " + c.name);
    expect_same([&](std::size_t bar) { return rma.next(c.x[bar], n); },
                [&](std::size_t bar) { return rma_expected[bar]; }, kBars, "rma " + c.name);
  }
}

TEST(BruteForce, weighted_sums_are_the_same_to_the_bit_with_all_instructions) {
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> any(-100, 100);
  for (const std::size_t length : {1u, 2u, 7u, 64u, 251u}) {
    for (const std::size_t count : {0u, 1u, 7u, 8u, 31u, 33u, 64u, 100u, 256u}) {
      std::vector<double> x(length - 1 + count), expected(count);
      for (double& value : x) value = any(random);
      for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t k = 0; k < length; ++k) expected[i] += x[i + k] * static_cast<double>(k + 1);
      }
      for (const WeightedSums sums : kinds_of_weighted_sums()) {
        std::vector<double> made(count);
        sums(x.data(), count, length, made.data());
        ASSERT_EQ(made, expected) << length << " of " << count;
      }
    }
  }
}

TEST(BruteForce, wma_of_many_values_at_once_is_that_of_one_after_the_other) {
  for (const Case& c : cases()) {
    const std::size_t length = c.lengths[0];
    Wma one, many;
    for (std::size_t begin = 0, count = 1; begin < kBars; begin += count, count = count * 3 % 97 + 1) {
      count = std::min(count, kBars - begin);
      std::vector<double> made(count);
      many.next_all(&c.x[begin], count, length, made.data());
      for (std::size_t i = 0; i < count; ++i) {
        const double expected = one.next(c.x[begin + i], length);
        ASSERT_TRUE(made[i] == expected || (is_na(made[i]) && is_na(expected))) << c.name << " " << begin + i;
      }
    }
  }
}

TEST(BruteForce, wma_repeats_the_value_before_an_na_and_weighs_the_newest_most) {
  for (const Case& c : cases()) {
    Column filled;  // values from the first known one on, each na replaced by the one before
    Wma wma;
    expect_same([&](std::size_t bar) { return wma.next(c.x[bar], c.lengths[bar]); },
                [&](std::size_t bar) {
                  const std::size_t n = c.lengths[bar];
                  if (!is_na(c.x[bar]))
                    filled.push_back(c.x[bar]);
                  else if (!filled.empty())
                    filled.push_back(filled.back());
                  if (is_na(c.x[bar]) || filled.size() < n) return kNa;
                  double sum = 0;
                  for (std::size_t i = 0; i < n; ++i) sum += filled[filled.size() - n + i] * static_cast<double>(i + 1);
                  return sum * 2 / (static_cast<double>(n) * static_cast<double>(n + 1));
                },
                kBars, c.name);
  }
}

TEST(BruteForce, percentrank_and_pivots_look_at_raw_bars) {
  for (const Case& c : cases()) {
    Percentrank percentrank;
    expect_same([&](std::size_t bar) { return percentrank.next(c.x[bar], c.lengths[bar]); },
                [&](std::size_t bar) {
                  const std::size_t n = c.lengths[bar];
                  if (bar < n || is_na(c.x[bar])) return kNa;
                  double not_above = 0;
                  for (std::size_t back = 1; back <= n; ++back) not_above += c.x[bar - back] <= c.x[bar] ? 1 : 0;
                  return not_above * 100 / static_cast<double>(n);
                },
                kBars, c.name);
  }
  const Column x = random_prices(77, kBars);
  PivotHigh high;
  PivotLow low;
  const auto pivot = [&](std::size_t bar, int sign) {
    const Column w = raw_window(x, bar, 8);  // five before, two after
    if (w.empty()) return kNa;
    for (std::size_t i = 0; i < w.size(); ++i) {
      if (is_na(w[i]) || (i < 5 && sign * w[i] > sign * w[5]) || (i > 5 && sign * w[i] >= sign * w[5])) return kNa;
    }
    return w[5];
  };
  expect_same([&](std::size_t bar) { return high.next(x[bar], 5, 2); }, [&](std::size_t bar) { return pivot(bar, 1); },
              kBars, "high");
  expect_same([&](std::size_t bar) { return low.next(x[bar], 5, 2); }, [&](std::size_t bar) { return pivot(bar, -1); },
              kBars, "low");
}

TEST(BruteForce, rci_is_the_correlation_of_ranks_with_time) {
  for (const std::size_t n : {2, 5, 20}) {
    const Column x = random_prices(n, kBars);
    Rci rci;
    expect_same([&](std::size_t bar) { return rci.next(x[bar], n); },
                [&](std::size_t bar) {
                  if (bar < n) return kNa;
                  const Column w = raw_window(x, bar, n);
                  Column ranks;
                  for (const double v : w) {
                    if (is_na(v)) return kNa;
                    const auto below = std::ranges::count_if(w, [v](double y) { return y < v; });
                    ranks.push_back(static_cast<double>(below) + static_cast<double>(std::ranges::count(w, v) + 1) / 2);
                  }
                  Correlation correlation;
                  double result = kNa;
                  for (std::size_t i = 0; i < n; ++i) result = correlation.next(ranks[i], static_cast<double>(i), n);
                  const bool flat = std::ranges::count(w, w[0]) == static_cast<std::ptrdiff_t>(n);
                  return flat ? kNa : result * 100;
                },
                kBars, "rci " + std::to_string(n));
  }
}

TEST(Rolling, a_million_bars_of_mixed_magnitude_leave_no_trace_in_the_sum) {
  std::mt19937_64 random(3);
  Sum sum;
  for (int i = 0; i < 1'000'000; ++i) sum.next(static_cast<double>(random() % 1'000'000'007) * 1e3 + 0.1, 50);
  double last = kNa;
  for (int i = 0; i < 50; ++i) last = sum.next(0.25, 50);
  EXPECT_EQ(last, 12.5);
}

TEST(Rolling, an_infinite_value_leaves_the_window_with_its_bar) {
  Sma sma;
  Stdev stdev;
  for (int i = 0; i < 10; ++i) {
    sma.next(2, 3);
    stdev.next(2, 3, true);
  }
  EXPECT_FALSE(std::isfinite(sma.next(INFINITY, 3)));
  stdev.next(INFINITY, 3, true);
  for (int i = 0; i < 2; ++i) {
    sma.next(2, 3);
    stdev.next(2, 3, true);
  }
  EXPECT_EQ(sma.next(2, 3), 2);
  EXPECT_EQ(stdev.next(2, 3, true), 0);
}

TEST(Rolling, a_flat_market_gives_the_answers_that_avoid_a_division_by_zero) {
  Rsi rsi;
  Cci cci;
  Stoch stoch;
  Cmo cmo;
  double rsi_value = kNa, cci_value = kNa, stoch_value = 0, cmo_value = 0;
  for (int i = 0; i < 40; ++i) {
    rsi_value = rsi.next(1.1, 14);
    cci_value = cci.next(1.1, 14);
    stoch_value = stoch.next(1.1, 1.1, 1.1, 14);
    cmo_value = cmo.next(1.1, 14);
  }
  EXPECT_EQ(rsi_value, 100);
  EXPECT_EQ(cci_value, 0);
  EXPECT_TRUE(is_na(stoch_value));
  EXPECT_TRUE(is_na(cmo_value));
}

TEST(Crossings, a_touch_is_no_crossing_and_na_bars_keep_the_last_relation) {
  Crossover over;
  Cross cross;
  const std::vector<double> a = {1, 2, 3, 2, kNa, 3, 1, 2, 2, 1};
  const std::vector<bool> over_expected = {false, false, true, false, false, true, false, false, false, false};
  const std::vector<bool> cross_expected = {false, false, true, false, false, false, true, false, false, false};
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(over.next(a[i], 2), over_expected[i]) << i;
    EXPECT_EQ(cross.next(a[i], 2), cross_expected[i]) << i;
  }
}

}  // namespace
}  // namespace tradeassist::indicators
