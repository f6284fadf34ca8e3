// What must hold whatever a script does: random scripts on random bars.
#include <cmath>
#include <cstring>
#include <random>

#include "backtest/testing/broker_run.hpp"

namespace tradeassist::backtest::testing {
namespace {

std::vector<Ohlc> random_bars(std::mt19937_64& random, std::size_t count) {
  std::vector<Ohlc> bars;
  double price = 100;
  const auto move = [&](double range) {
    return std::round(std::uniform_real_distribution(-range, range)(random) * 4) / 4;
  };
  for (std::size_t i = 0; i < count; ++i) {
    const double open = std::max(5.0, price + move(2)), close = std::max(5.0, open + move(5));
    bars.push_back(
        {open, std::max(open, close) + std::fabs(move(3)), std::min(open, close) - std::fabs(move(3)), close});
    price = close;
  }
  return bars;
}

/// Orders of every kind near the close, some of them nonsense.
void random_script(Broker& broker, std::mt19937_64& random, double close) {
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  const auto level = [&] { return pick(2) == 0 ? kNa : close + pick(41) / 4.0 - 5; };
  const TextId entries[] = {kL, kS, kA, kB};
  switch (pick(9)) {
    case 0:
    case 1:
    case 2: {
      EntryRequest request =
          entry(entries[pick(4)], pick(2) == 0 ? kBuy : kSell, pick(3) == 0 ? kNa : pick(50) / 10.0, level(), level());
      request.reverses = pick(3) != 0;
      broker.place(request);
      break;
    }
    case 3:
    case 4: {
      Levels levels{level(), level(), pick(2) == 0 ? kNa : pick(30), pick(2) == 0 ? kNa : pick(30), kNa, 100};
      if (pick(3) == 0) levels.quantity = pick(40) / 10.0;
      if (pick(3) == 0) levels.percent = 1 + pick(100);
      broker.place(exit_of(pick(2) == 0 ? kX : kY, pick(3) == 0 ? kNoText : entries[pick(4)], levels));
      break;
    }
    case 5: broker.place(close_of(entries[pick(4)], pick(2) == 0 ? kNa : pick(30) / 10.0, pick(4) == 0)); break;
    case 6: broker.place(close_of(pick(3) == 0 ? kNoText : entries[pick(4)])); break;
    case 7: broker.cancel(pick(2) == 0 ? kX : entries[pick(4)]); break;
    default: break;
  }
}

struct Outcome {
  std::vector<Trade> closed, open;
  double equity = 0;
};

Outcome run_once(std::uint64_t seed, bool follows_every_path = false) {
  std::mt19937_64 random(seed);
  const std::vector<Ohlc> bars = random_bars(random, 300);
  pine::StrategySettings settings;
  settings.initial_capital = 5000;
  settings.pyramiding = static_cast<int>(random() % 4);
  settings.default_qty_type = static_cast<pine::QuantityType>(random() % 3);
  settings.default_qty_value = settings.default_qty_type == pine::QuantityType::kFixed  ? 3
                               : settings.default_qty_type == pine::QuantityType::kCash ? 900
                                                                                        : 60;
  settings.commission_type = static_cast<pine::CommissionType>(random() % 3);
  settings.commission_value = static_cast<double>(random() % 3) / 10;
  settings.close_any = random() % 2 == 0;
  settings.process_orders_on_close = random() % 3 == 0;
  settings.calc_on_order_fills = random() % 2 == 0;
  settings.margin_long = settings.margin_short = random() % 2 == 0 ? 100 : 30;
  settings.backtest_fill_limits_assumption = static_cast<int>(random() % 3);
  market::Instrument instrument;
  instrument.tick_size = 0.25;
  instrument.quantity_step = 0.1;
  instrument.point_value = random() % 2 == 0 ? 1 : 2;
  Market market(bars, settings, instrument);
  if (follows_every_path) market.follow_every_path();
  Broker& broker = market.run([&](Broker& b, std::size_t bar) {
    for (std::uint64_t calls = random() % 4; calls > 0; --calls) random_script(b, random, bars[bar].close);
    // Position and money add up at every close.
    double size = 0, open_profit = 0, fees = 0, closed_profit = 0;
    for (const Trade& trade : b.open_trades()) {
      size += static_cast<double>(trade.direction) * trade.quantity;
      open_profit += trade.profit + trade.entry_commission;
      fees += trade.entry_commission;
    }
    for (const Trade& trade : b.closed_trades()) closed_profit += trade.profit;
    EXPECT_NEAR(b.position_size(), size, 1e-9);
    EXPECT_NEAR(b.net_profit(), closed_profit - fees, 1e-6);
    EXPECT_NEAR(b.equity(), 5000 + closed_profit - fees + open_profit, 1e-6);
    EXPECT_NEAR(b.gross_profit() - b.gross_loss(), closed_profit, 1e-6);
    EXPECT_EQ(b.win_count() + b.loss_count() + b.even_count(), b.closed_trades().size());
  });
  const auto on_grid = [](double value, double step) {
    return std::fabs(value / step - std::round(value / step)) < 1e-6;
  };
  const auto check = [&](const Trade& trade, bool is_closed) {
    EXPECT_GT(trade.quantity, 0);
    EXPECT_TRUE(on_grid(trade.quantity, 0.1)) << trade.quantity;
    EXPECT_GE(trade.entry_price, bars[trade.entry_bar].low);
    EXPECT_LE(trade.entry_price, bars[trade.entry_bar].high);
    EXPECT_GE(trade.run_up, 0);
    EXPECT_LE(trade.drawdown, 0);
    if (!is_closed) return;
    EXPECT_GE(trade.exit_bar, trade.entry_bar);
    EXPECT_GE(trade.exit_price, bars[trade.exit_bar].low);
    EXPECT_LE(trade.exit_price, bars[trade.exit_bar].high);
    EXPECT_LE(trade.profit + trade.exit_commission, trade.run_up + 1e-9);
    EXPECT_GE(trade.profit + trade.exit_commission, trade.drawdown - 1e-9);
    EXPECT_NEAR(trade.profit,
                static_cast<double>(trade.direction) * trade.quantity * instrument.point_value *
                        (trade.exit_price - trade.entry_price) -
                    trade.entry_commission - trade.exit_commission,
                1e-9);
  };
  for (const Trade& trade : broker.closed_trades()) check(trade, true);
  for (const Trade& trade : broker.open_trades()) check(trade, false);
  Outcome result;
  result.closed.assign(broker.closed_trades().begin(), broker.closed_trades().end());
  result.open = broker.open_trades();
  result.equity = broker.equity();
  return result;
}

TEST(BrokerProperties, money_and_positions_add_up_and_fills_lie_inside_their_bars) {
  std::size_t trades = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    trades += run_once(seed).closed.size();
    if (::testing::Test::HasFailure()) return;
  }
  EXPECT_GT(trades, 5'000u) << "the scripts must trade for this to mean something";
}

void expect_same_to_the_bit(const Outcome& first, const Outcome& second) {
  const auto same = [](double a, double b) { return std::memcmp(&a, &b, sizeof(double)) == 0; };
  const auto expect_same_rows = [&](const std::vector<Trade>& a, const std::vector<Trade>& b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      EXPECT_TRUE(same(a[i].profit, b[i].profit) && same(a[i].run_up, b[i].run_up) &&
                  same(a[i].drawdown, b[i].drawdown));
    }
  };
  expect_same_rows(first.closed, second.closed);
  expect_same_rows(first.open, second.open);
  EXPECT_TRUE(same(first.equity, second.equity));
}

TEST(BrokerProperties, same_run_gives_the_same_money_to_the_bit) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) expect_same_to_the_bit(run_once(seed), run_once(seed));
}

TEST(BrokerProperties, bars_without_anything_due_are_passed_as_if_their_path_were_followed) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    expect_same_to_the_bit(run_once(seed), run_once(seed, true));
  }
}

}  // namespace
}  // namespace tradeassist::backtest::testing
