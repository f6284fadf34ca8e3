#include "optimize/objective.hpp"

#include <gtest/gtest.h>

namespace tradeassist::optimize {
namespace {

backtest::Metrics figures() {
  backtest::Metrics m;
  m.annualized_return_percent = 20;
  m.sharpe_ratio = 0.3;
  m.max_drawdown_percent = 25;
  m.profit_factor = 3;
  m.percent_profitable = 60;
  m.gross_profit = 100;
  m.total_closed_trades = 40;
  m.trades_per_year = 8;
  return m;
}

TEST(Composite, is_the_mean_of_what_each_figure_is_worth) {
  // The return and the Sharpe ratio stand at three quarters.
  EXPECT_NEAR(composite(figures(), default_weights()),
              0.25 * 0.75 + 0.25 * 0.75 + 0.2 * 0.75 + 0.15 * 0.75 + 0.15 * 0.6, 1e-15);
  const std::vector<Weight> own = {parse_weight("percent_profitable=3").value(),
                                   parse_weight("profit_factor=1").value()};
  EXPECT_NEAR(composite(figures(), own), (3 * 0.6 + 0.75) / 4, 1e-15);
  EXPECT_EQ(find_objective("composite").value()->value(figures()), composite(figures(), default_weights()));
}

TEST(Composite, what_has_no_value_counts_nothing_but_a_run_without_a_loss_counts_in_full) {
  backtest::Metrics m = figures();
  const std::vector<Weight> factor = {parse_weight("profit_factor=1").value()};
  m.profit_factor.reset();
  EXPECT_EQ(composite(m, factor), 1);
  m.gross_profit = 0;
  EXPECT_EQ(composite(m, factor), 0);
}

TEST(Composite, weights_that_make_no_sense_are_refused) {
  EXPECT_NE(parse_weight("sharpe_ratio").error().message.find("OBJECTIVE=WEIGHT"), std::string::npos);
  EXPECT_NE(parse_weight("luck=1").error().message.find("sharpe_ratio"), std::string::npos);
  EXPECT_NE(parse_weight("net_profit=1").error().message.find("no scale"), std::string::npos);
  EXPECT_NE(parse_weight("composite=1").error().message.find("no scale"), std::string::npos);
  EXPECT_NE(parse_weight("sharpe_ratio=0").error().message.find("above 0"), std::string::npos);
}

TEST(Requirement, tells_by_how_much_of_its_limit_a_figure_falls_short) {
  const auto require = [](const char* text) { return make_requirement(parse_constraint(text).value()); };
  const std::vector<Requirement> kept = {require("trades_per_year >= 8").value(),
                                         require("max_drawdown_percent<=25").value()};
  EXPECT_EQ(violation(figures(), kept), 0);
  const std::vector<Requirement> broken = {require("trades_per_year >= 12").value(),
                                           require("max_drawdown_percent < 20").value()};
  EXPECT_NEAR(violation(figures(), broken), 4.0 / 12 + 5.0 / 20, 1e-15);
  EXPECT_GT(violation(figures(), std::vector{require("trades_per_year > 8").value()}), 0);
  backtest::Metrics none = figures();
  none.trades_per_year.reset();
  EXPECT_EQ(violation(none, kept), 1);
  EXPECT_NE(require("luck > 3").error().message.find("trades_per_year"), std::string::npos);
  EXPECT_NE(require("trades_per_year > many").error().message.find("a figure, a comparison and a number"),
            std::string::npos);
}

}  // namespace
}  // namespace tradeassist::optimize
