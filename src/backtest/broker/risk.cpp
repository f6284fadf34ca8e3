// strategy.risk.*: rules that end trading for the day or for good (broker.md §8, finer-rules §9).
#include <algorithm>
#include <cmath>

#include "backtest/broker/state.hpp"
#include "base/time.hpp"

namespace tradeassist::backtest {

void Broker::State::roll_day() {
  const double* const days = trading_days ? trading_days() : nullptr;
  const auto day_of = [&](std::size_t at) {
    return days != nullptr
               ? days[at]
               : std::floor(static_cast<double>(series.time[at]) / static_cast<double>(base::kNanosecondsPerDay));
  };
  const double equity = bar == 0 ? settings.initial_capital : position.equity(now);
  if (!day) {  // the rules came with the script's run on the bar before
    day = day_of(bar == 0 ? 0 : bar - 1);
    day_equity = equity;
  }
  const double today = day_of(bar);
  if (day == today) return;
  // What the day made is known when the next one begins, before that one's orders fill.
  losing_days = equity < day_equity ? losing_days + 1 : 0;
  day = today;
  day_equity = equity;
  filled_today = 0;
  if (halted == Halt::kForTheDay) halted = Halt::kNone;
  if (losing_days >= risk.max_losing_days) halt(Halt::kForGood, ExitReason::kMaxLosingDays, series.open[bar]);
}

void Broker::State::after_fill(double price, double forced_price) {
  if (!risk.any() || halted != Halt::kNone) return;
  // At the close a position turned round by a close and an entry is one order.
  if (!closed_at_close) ++filled_today;
  closed_at_close = false;
  if (filled_today >= risk.max_filled_orders) {
    halt(Halt::kForTheDay, ExitReason::kMaxFilledOrders, forced_price);
    return;
  }
  test_drawdown(price);
  test_intraday_loss(price);
}

void Broker::State::test_drawdown(double price) {
  if (risk.max_drawdown.value != risk.max_drawdown.value || halted != Halt::kNone) return;
  // Only what a closing fill has booked is looked at.
  const auto& closed = position.closed_rows();
  if (closed.empty() || closed.back().exit_bar != bar) return;
  const double peak = position.peak_realised_equity();
  const double equity = position.equity(price);
  if (peak - equity >= risk.max_drawdown.money(peak) || (risk.max_drawdown.percent && equity <= 0)) {
    halt(Halt::kForGood, ExitReason::kMaxDrawdown, price);
  }
}

void Broker::State::test_intraday_loss(double price) {
  if (risk.max_intraday_loss.value != risk.max_intraday_loss.value || halted != Halt::kNone || !day) return;
  const double equity = position.equity(price);
  if (risk.max_intraday_loss.percent && equity <= 0) {
    halt(Halt::kForGood, ExitReason::kMaxIntradayLoss, price);
  } else if (day_equity - equity >= risk.max_intraday_loss.money(day_equity)) {
    halt(Halt::kForTheDay, ExitReason::kMaxIntradayLoss, price);
  }
}

void Broker::State::halt(Halt until, ExitReason reason, double price) {
  halted = until;
  entries.clear();
  exits.clear();
  closes.clear();
  group_fills.clear();
  if (position.size() == 0) return;
  CloseOrder order;
  order.called_bar = bar;
  order.all = true;
  order.reason = reason;
  if (at_close && settings.process_orders_on_close) {  // the close has no price after it: the next open is the first
    order.serial = next_serial++;
    closes.push_back(order);
  } else {
    fill_close(order, price);
  }
}

double Broker::State::within_position_limit(double quantity, double sign) const {
  if (risk.max_position_size != risk.max_position_size) return quantity;
  const double held = std::max(0.0, position.size() * sign);
  return std::min(quantity, std::max(0.0, quantities.floor_written(risk.max_position_size - held)));
}

}  // namespace tradeassist::backtest
