// How much an order is for, whether there is money for it, and what happens when there no longer is.
#include <algorithm>
#include <cmath>
#include <utility>

#include "backtest/broker/state.hpp"

namespace tradeassist::backtest {

double Broker::State::budget() const {
  const double equity = position.equity(now);
  if (settings.default_qty_type == pine::QuantityType::kCash) return settings.default_qty_value;
  const double money = settings.default_qty_value / 100 * equity;
  return std::fabs(money) < 1e7 ? ten_digits(money) : money;
}

double Broker::State::quantity_for(double money, double price) const {
  const bool percent_of_equity = settings.default_qty_type == pine::QuantityType::kPercentOfEquity;
  double per_unit = price * point_value;
  if (percent_of_equity) {  // the fee comes out of the same budget; cash sizing does not reserve it
    if (settings.commission_type == pine::CommissionType::kPercent) per_unit *= 1 + settings.commission_value / 100;
    if (settings.commission_type == pine::CommissionType::kCashPerContract) per_unit += settings.commission_value;
    if (settings.commission_type == pine::CommissionType::kCashPerOrder) money -= settings.commission_value;
  }
  if (!(per_unit > 0) || !(money > 0)) return 0;
  return quantities.floor(money / per_unit);
}

double Broker::State::default_quantity(double price) const {
  if (settings.default_qty_type == pine::QuantityType::kFixed)
    return quantities.floor_written(settings.default_qty_value);
  return quantity_for(budget(), price);
}

bool Broker::State::admits_at_call(const EntryOrder& order) const {
  const double ratio = margin_ratio(order.sign());
  if (ratio == 0) return true;
  const double unit = now * point_value * ratio;
  const double held = held_after_closes();
  if (position.size() * order.sign() > 0 && held > 0) {  // an add: what the position holds is not free
    return order.quantity * unit <= order.sizing_equity - held * unit;
  }
  if (order.default_sized && settings.default_qty_type == pine::QuantityType::kPercentOfEquity) return true;
  // Of a strategy.order() against the position what it closes needs none.
  const double closing = order.request.reverses || position.size() * order.sign() >= 0 ? 0 : held;
  return order.quantity <= closing || (order.quantity - closing) * unit <= order.sizing_equity;
}

bool Broker::State::admits_at_fill(const EntryOrder& order, double quantity, double price, bool reverses) const {
  const double ratio = margin_ratio(order.sign());
  if (ratio == 0) return true;
  const double unit = price * point_value * ratio;
  const bool percent = order.default_sized && settings.default_qty_type == pine::QuantityType::kPercentOfEquity;
  if (order.stop == order.stop) {
    // Stop entries are measured at the open of the bar that fills them, against what is realised once the opposite
    // position is closed.
    const double realised = position.realised_equity() + (reverses ? position.open_profit(price) : 0);
    return quantity * series.open[bar] * point_value * ratio <= realised;
  }
  if (reverses) {
    // Of two opposite entries of one bar the second needs margin for both movements.
    const EntryInstance& newest = instances.back();
    if (order.is_market() && newest.bar == bar && newest.placed_run == order.placed_run) {
      return (std::fabs(position.size()) + quantity) * unit <= order.sizing_equity;
    }
    if (percent && settings.default_qty_value > 100) return true;
    return quantity * unit <= order.sizing_equity;
  }
  if (position.size() != 0 || order.held_direction != 0) return true;  // adds were tested when asked for
  if (percent) {
    const bool all_in = settings.default_qty_value == 100 && ratio == 1 && settings.commission_value == 0;
    return !all_in || quantity * unit <= order.sizing_equity;
  }
  if (order.default_sized && settings.default_qty_type == pine::QuantityType::kCash) return true;
  return quantity * unit <= std::max(order.sizing_equity, quantity * order.signal_price * point_value * ratio);
}

void Broker::State::margin_call(double price, MarginTest test) {
  const double held = position.size();
  if (held == 0 || margin_called) return;
  const double ratio = margin_ratio(held);
  if (ratio == 0 || (held > 0 && ratio == 1 && test == MarginTest::kOnPath)) return;
  const double unit = price * point_value;
  const double available = position.equity(price) - std::fabs(held) * unit * ratio;
  if (available < 0 && unit > 0) liquidate(-available / ratio, price, test);
}

void Broker::State::liquidate(double shortage, double price, MarginTest test) {
  const double held = position.size(), unit = price * point_value;
  constexpr double kCentsNoticed = 0.005;  // of a rate of exchange
  if (!rates.empty() && shortage * margin_ratio(held) < kCentsNoticed) return;
  margin_called = true;
  const double cover = quantities.floor_near(shortage / unit);
  const double quantity = std::min(std::fabs(held), cover > 0 ? 4 * cover : 1.0);
  Position::Exit done;
  done.price = test == MarginTest::kAtEntry ? price : slipped(price, held > 0 ? -1 : 1);
  done.fee = commission(quantity, done.price);
  done.bar = static_cast<std::uint32_t>(bar);
  done.reason = ExitReason::kMarginCall;
  std::vector<std::uint64_t> woken;
  for (ExitOrder& exit : exits) {
    if (std::exchange(exit.dormant, false)) woken.push_back(exit.serial);
  }
  done.fill = ++fills;
  position.close(quantity, done);
  spend_oldest(quantity);
  after_close(bar);
  test_drawdown(done.price);
  if (!woken.empty()) fill_woken(woken, price);
}

/// Exits that rested since a declined reversal act again: at once where the price is beyond their levels.
void Broker::State::fill_woken(const std::vector<std::uint64_t>& woken, double price) {
  const auto takes = [&](const ExitOrder& exit, const EntryInstance&) {
    return std::ranges::find(woken, exit.serial) != woken.end();
  };
  while (const auto leg = marketable_leg(price, takes)) fill_exit(*leg);
}

}  // namespace tradeassist::backtest
