#include "server/sharing/trial_row.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "base/json.hpp"

namespace tradeassist::server {
namespace {

/// Numbers of all kinds, any bits that are no NaN with a payload.
class TrialRow : public testing::Test {
 protected:
  double real() {
    constexpr double kSpecial[] = {0.0,   -0.0, 1.0,     0.1,  1e300,    std::numeric_limits<double>::denorm_min(),
                                   1e-17, -5,   1 << 30, 1e15, INFINITY, -INFINITY};
    const auto choice = random_() % 40;
    if (choice < std::size(kSpecial)) return kSpecial[choice];
    if (choice == 39) return std::numeric_limits<double>::quiet_NaN();
    const auto any = std::bit_cast<double>(random_());
    return std::isnan(any) ? 0.5 : any;
  }
  std::vector<double> reals() {
    std::vector<double> values(random_() % 5);
    for (double& value : values) value = real();
    return values;
  }
  optimize::Trial trial() {
    optimize::Trial trial;
    trial.trial = random_() % 2 == 0 ? random_() : random_() % 1000;
    trial.point = reals();
    for (double* figure :
         {&trial.objective, &trial.net_profit, &trial.net_profit_percent, &trial.max_drawdown_percent,
          &trial.sharpe_ratio, &trial.profit_factor, &trial.percent_profitable, &trial.violation, &trial.bar_share})
      *figure = real();
    trial.total_closed_trades = static_cast<std::int64_t>(random_());
    trial.objectives = reals();
    return trial;
  }

  static void expect_same(double a, double b) {
    EXPECT_EQ(std::isnan(a), std::isnan(b));
    if (!std::isnan(a)) {
      EXPECT_EQ(std::bit_cast<std::uint64_t>(a), std::bit_cast<std::uint64_t>(b)) << a << " " << b;
    }
  }
  static void expect_same(const std::vector<double>& a, const std::vector<double>& b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) expect_same(a[i], b[i]);
  }

  std::mt19937_64 random_{20'261'127};
};

TEST_F(TrialRow, gives_every_trial_back_to_the_bit) {
  for (int i = 0; i < 2'000; ++i) {
    const optimize::Trial before = trial();
    const std::string text = base::json_text(trial_row(before));
    const auto after = read_trial_row(base::parse_json(text).value());
    ASSERT_TRUE(after) << text;
    EXPECT_EQ(after->trial, before.trial);
    EXPECT_EQ(after->total_closed_trades, before.total_closed_trades);
    expect_same(before.point, after->point);
    expect_same(before.objectives, after->objectives);
    expect_same(before.objective, after->objective);
    expect_same(before.net_profit, after->net_profit);
    expect_same(before.net_profit_percent, after->net_profit_percent);
    expect_same(before.max_drawdown_percent, after->max_drawdown_percent);
    expect_same(before.sharpe_ratio, after->sharpe_ratio);
    expect_same(before.profit_factor, after->profit_factor);
    expect_same(before.percent_profitable, after->percent_profitable);
    expect_same(before.violation, after->violation);
    expect_same(before.bar_share, after->bar_share);
  }
}

TEST_F(TrialRow, what_is_no_row_is_refused) {
  const std::string good = "[3,[1,2],0.5,1,2,3,4,5,6,7,0,1,[]]";
  ASSERT_TRUE(read_trial_row(base::parse_json(good).value()));
  for (const char* bad :
       {"[]", "{}", "[3,[1,2],0.5,1,2,3,4,5,6,7,0,1]", "[-1,[1,2],0.5,1,2,3,4,5,6,7,0,1,[]]",
        "[3,1,0.5,1,2,3,4,5,6,7,0,1,[]]", "[3,[true],0.5,1,2,3,4,5,6,7,0,1,[]]", "[3,[1],\"x\",1,2,3,4,5,6,7,0,1,[]]",
        "[3,[1],0.5,1,2,3,4,5,6,7.5,0,1,[]]", "[\"3\",[1],0.5,1,2,3,4,5,6,7,0,1,[]]"}) {
    EXPECT_FALSE(read_trial_row(base::parse_json(bad).value())) << bad;
  }
}

}  // namespace
}  // namespace tradeassist::server
