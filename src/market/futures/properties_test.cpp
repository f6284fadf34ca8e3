#include <gmock/gmock.h>

#include <map>
#include <random>
#include <set>

#include "market/futures/continuous.hpp"
#include "market/futures/testing/contracts.hpp"

/// What must hold for any contracts: the table of adjustments computed by hand, growth against computing at once, and
/// no look ahead.
namespace tradeassist::market {
namespace {

using testing::expect_ok;
using testing::kUnknown;
using testing::same_columns;
using testing::value_of;

constexpr std::int64_t kHour = 3600 * base::kNanosecondsPerSecond;
constexpr int kCases = 300;

class Dice {
 public:
  explicit Dice(unsigned seed) : generator_(seed) {}
  int number(int low, int high) { return std::uniform_int_distribution<int>(low, high)(generator_); }
  double price(double low, double high) { return std::uniform_real_distribution<double>(low, high)(generator_); }
  bool one_in(int n) { return number(1, n) == 1; }

 private:
  std::mt19937 generator_;
};

/// Contracts of two to seven months with bars on some of the hours, some without a close, with prices from `low` on.
std::vector<FuturesContract> random_contracts(Dice& dice, double low) {
  std::vector<FuturesContract> contracts;
  const int count = dice.number(2, 7), hours_each = dice.number(30, 120);
  for (int i = 0; i < count; ++i) {
    auto bars = std::make_shared<Series>();
    FuturesContract contract{.name = {"XY", add_months({2024, 1}, i)}, .bars = nullptr};
    const int sparse = dice.number(1, 4), first = i * hours_each;
    for (int hour = first; hour < first + 3 * hours_each; ++hour) {
      if (dice.number(1, 4) < sparse) continue;
      const double close = dice.one_in(20) ? kUnknown : dice.price(low, 200);
      bars->push_back({base::time_from_nanoseconds(hour * kHour), dice.price(low, 200), dice.price(low, 200),
                       dice.price(low, 200), close, dice.one_in(15) ? kUnknown : dice.price(0, 10),
                       dice.one_in(10) ? kUnknown : dice.price(0, 10)});
    }
    contract.bars = std::move(bars);
    contracts.push_back(std::move(contract));
  }
  return contracts;
}

/// Rolls at random hours from each contract to a later one.
RollRule random_rolls(Dice& dice, const std::vector<FuturesContract>& contracts) {
  RollRule rule{.kind = RollRule::Kind::kGiven};
  std::int64_t time = 0;
  for (std::size_t i = 0; i + 1 < contracts.size();) {
    const std::size_t to = i + 2 < contracts.size() && dice.one_in(5) ? i + 2 : i + 1;
    time = std::max(time, contracts[to].bars->empty() ? time : contracts[to].bars->time.front()) +
           dice.number(5, 60) * kHour;
    rule.given.push_back({base::time_from_nanoseconds(time), contracts[i].name, contracts[to].name});
    i = to;
  }
  return rule;
}

/// One row as the requirements' table has it.
struct ExpectedBar {
  double close = 0, unadjusted = 0;
  std::uint32_t contract = 0;
};

/// Straight from the formulas: for each bar, the sum or product over all rolls after or before it.
std::map<std::int64_t, ExpectedBar> by_hand(const std::vector<FuturesContract>& contracts, const RollRule& rule,
                                            Adjustment method) {
  const auto place = [&](const ContractName& name) {
    return static_cast<std::uint32_t>(std::ranges::find(contracts, name, &FuturesContract::name) - contracts.begin());
  };
  std::int64_t last = 0;
  for (const FuturesContract& contract : contracts) {
    if (!contract.bars->empty()) last = std::max(last, contract.bars->time.back());
  }
  std::vector<GivenRoll> rolls;
  std::vector<std::pair<double, double>> prices;  // pre and post
  for (const GivenRoll& roll : rule.given) {
    if (base::to_nanoseconds(roll.time) > last) break;
    rolls.push_back(roll);
    std::map<std::int64_t, double> old_closes;
    const Series &old_bars = *contracts[place(*roll.from)].bars, &new_bars = *contracts[place(*roll.to)].bars;
    for (std::size_t i = 0; i < old_bars.size(); ++i) old_closes[old_bars.time[i]] = old_bars.close[i];
    std::pair<double, double> found{kUnknown, kUnknown};
    for (std::size_t i = 0; i < new_bars.size(); ++i) {
      const auto old = old_closes.find(new_bars.time[i]);
      if (new_bars.time[i] >= base::to_nanoseconds(roll.time) || old == old_closes.end()) continue;
      if (!std::isnan(old->second) && !std::isnan(new_bars.close[i])) found = {old->second, new_bars.close[i]};
    }
    prices.push_back(found);
  }
  std::map<std::int64_t, ExpectedBar> bars;
  for (std::size_t k = 0; k <= rolls.size(); ++k) {
    const std::uint32_t contract = k > 0            ? place(*rolls[k - 1].to)
                                   : !rolls.empty() ? place(*rolls[0].from)
                                                    : place(*rule.given.front().from);
    const Series& own = *contracts[contract].bars;
    for (std::size_t i = 0; i < own.size(); ++i) {
      if (k > 0 && own.time[i] < base::to_nanoseconds(rolls[k - 1].time)) continue;
      if (k < rolls.size() && own.time[i] >= base::to_nanoseconds(rolls[k].time)) continue;
      double sum = 0, product = 1;
      for (std::size_t r = 0; r < rolls.size(); ++r) {
        const auto [pre, post] = prices[r];
        const bool after = r >= k;  // the rolls after segment k, counting from 0
        if (after && method == Adjustment::kDifferenceBackward) sum += post - pre;
        if (!after && method == Adjustment::kDifferenceForward) sum += pre - post;
        if (after && method == Adjustment::kRatioBackward) product *= post / pre;
        if (!after && method == Adjustment::kRatioForward) product *= pre / post;
      }
      bars[own.time[i]] = {own.close[i] * product + sum, own.close[i], contract};
    }
  }
  return bars;
}

TEST(FuturesProperties, every_adjustment_is_what_its_formula_says) {
  const TradeDays days(nullptr, BarTimes::kInstants);
  int compared = 0;
  for (unsigned seed = 0; seed < kCases; ++seed) {
    Dice dice(seed);
    for (const Adjustment method : {Adjustment::kNone, Adjustment::kDifferenceBackward, Adjustment::kDifferenceForward,
                                    Adjustment::kRatioBackward, Adjustment::kRatioForward}) {
      const auto contracts = random_contracts(dice, is_ratio(method) ? 50 : -200);
      const RollRule rule = random_rolls(dice, contracts);
      const auto series = continuous_series(contracts, {.rule = rule, .adjustment = method}, days);
      if (!series) {
        EXPECT_THAT(series.error().message, ::testing::HasSubstr("missing overlap")) << seed;
        continue;
      }
      ++compared;
      const auto expected = by_hand(contracts, rule, method);
      ASSERT_EQ(series->bars.size(), expected.size()) << seed;
      std::size_t row = 0;
      for (const auto& [time, bar] : expected) {
        ASSERT_EQ(series->bars.time[row], time) << seed;
        ASSERT_EQ(series->contract[row], bar.contract) << seed;
        if (!std::isnan(bar.close)) {
          ASSERT_NEAR(series->bars.close[row], bar.close, 1e-9) << seed;
          ASSERT_EQ(series->unadjusted_close[row], bar.unadjusted) << seed;
        }
        ++row;
      }
    }
  }
  EXPECT_GT(compared, kCases * 5 / 2);
}

/// What was known before `end`.
std::vector<FuturesContract> known_before(const std::vector<FuturesContract>& contracts, std::int64_t end) {
  std::vector<FuturesContract> known = contracts;
  for (FuturesContract& contract : known) {
    const std::size_t rows = contract.bars->lower_bound(base::time_from_nanoseconds(end));
    contract.bars = std::make_shared<Series>(contract.bars->slice(0, rows));
  }
  return known;
}

/// The same bars with other volumes and open interest from `time` on.
std::vector<FuturesContract> with_other_activity(Dice& dice, const std::vector<FuturesContract>& contracts,
                                                 std::int64_t time) {
  std::vector<FuturesContract> changed = contracts;
  for (FuturesContract& contract : changed) {
    auto bars = std::make_shared<Series>(*contract.bars);
    for (std::size_t row = bars->lower_bound(base::time_from_nanoseconds(time)); row < bars->size(); ++row) {
      bars->volume[row] = dice.price(0, 10);
      bars->open_interest[row] = dice.price(0, 10);
    }
    contract.bars = std::move(bars);
  }
  return changed;
}

void expect_same(const ContinuousSeries& a, const ContinuousSeries& b, unsigned seed) {
  EXPECT_EQ(a.bars.time, b.bars.time) << seed;
  EXPECT_TRUE(same_columns(a.bars.open, b.bars.open)) << seed;
  EXPECT_TRUE(same_columns(a.bars.high, b.bars.high)) << seed;
  EXPECT_TRUE(same_columns(a.bars.low, b.bars.low)) << seed;
  EXPECT_TRUE(same_columns(a.bars.close, b.bars.close)) << seed;
  EXPECT_TRUE(same_columns(a.bars.volume, b.bars.volume)) << seed;
  EXPECT_TRUE(same_columns(a.unadjusted_close, b.unadjusted_close)) << seed;
  EXPECT_TRUE(same_columns(a.adjustment, b.adjustment)) << seed;
  EXPECT_TRUE(same_columns(a.open_interest, b.open_interest)) << seed;
  EXPECT_TRUE(same_columns(a.segment_adjustment, b.segment_adjustment)) << seed;
  EXPECT_EQ(a.contract, b.contract) << seed;
  EXPECT_EQ(a.contracts, b.contracts) << seed;
  EXPECT_EQ(a.rolls.size(), b.rolls.size()) << seed;
}

TEST(FuturesProperties, a_series_that_grew_is_to_the_bit_the_same_as_one_computed_at_once) {
  const TradeDays days(nullptr, BarTimes::kInstants);
  int compared = 0;
  for (unsigned seed = 0; seed < kCases; ++seed) {
    Dice dice(seed);
    const auto method = static_cast<Adjustment>(dice.number(0, 4));
    const auto contracts = random_contracts(dice, is_ratio(method) ? 50 : -200);
    const RollRule rule = random_rolls(dice, contracts);
    const auto at_once = continuous_series(contracts, {.rule = rule, .adjustment = method}, days);
    if (!at_once) continue;
    std::optional<StitchedSeries> stitched;
    std::optional<ContinuousSeries> series;
    std::int64_t end = 0;
    const std::int64_t past = 10'000 * kHour;
    while (end < past) {
      end += dice.number(1, 200) * kHour;
      if (dice.one_in(10)) end = past;
      const auto known = known_before(contracts, end);
      const auto plan = plan_rolls(known, rule, days);
      if (!plan) continue;
      const std::vector<Roll> rolls = value_of(measure_rolls(known, plan->switches));
      if (!stitched || stitched->bars.empty()) {
        stitched = value_of(stitch(known, plan->first, rolls));
        series = value_of(adjust(*stitched, method));
        continue;
      }
      const auto fresh = std::span(rolls).subspan(stitched->rolls.size());
      expect_ok(extend(*stitched, known, fresh));
      expect_ok(update(*series, *stitched));
    }
    expect_same(*series, *at_once, seed);
    ++compared;
  }
  EXPECT_GT(compared, kCases / 2);
}

TEST(FuturesProperties, rolls_by_activity_use_only_what_was_known_before_them) {
  const TradeDays days(nullptr, BarTimes::kInstants);
  std::size_t rolls = 0;
  for (unsigned seed = 0; seed < kCases; ++seed) {
    Dice dice(seed);
    auto contracts = random_contracts(dice, 50);
    for (FuturesContract& contract : contracts) {
      if (dice.one_in(2)) {
        contract.last_trade = civil_from_days(contract.bars->time.back() / base::kNanosecondsPerDay);
      }
    }
    const RollRule rule{.kind = dice.one_in(2) ? RollRule::Kind::kVolume : RollRule::Kind::kOpenInterest,
                        .days_before = dice.number(0, 2)};
    const auto plan = plan_rolls(contracts, rule, days);
    if (!plan) {
      EXPECT_THAT(plan.error().message, ::testing::HasSubstr("last trade dates out of order")) << seed;
      continue;
    }
    rolls += plan->switches.size();
    for (const Switch& roll : plan->switches) {
      const std::int64_t time = base::to_nanoseconds(roll.time);
      EXPECT_EQ(time % base::kNanosecondsPerDay, 0) << seed;  // the start of a trade date
      // The same whatever trades from then on.
      const auto up_to = static_cast<std::size_t>(&roll - plan->switches.data()) + 1;
      const auto other = value_of(plan_rolls(with_other_activity(dice, contracts, time), rule, days)).switches;
      ASSERT_GE(other.size(), up_to) << seed;
      EXPECT_TRUE(std::ranges::equal(std::span(other).first(up_to), std::span(plan->switches).first(up_to))) << seed;
      const auto earlier = value_of(plan_rolls(known_before(contracts, time), rule, days)).switches;
      EXPECT_EQ(earlier.size() + 1, up_to) << seed;
      EXPECT_TRUE(std::ranges::equal(earlier, std::span(plan->switches).first(earlier.size()))) << seed;
    }
  }
  EXPECT_GT(rolls, 300u);
}

}  // namespace
}  // namespace tradeassist::market
