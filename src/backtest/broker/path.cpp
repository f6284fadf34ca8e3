// The bar as the emulator lives it: what was due at the open, then the path through the extremes, then the close.
#include <algorithm>
#include <cmath>

#include "backtest/broker/state.hpp"

namespace tradeassist::backtest {

void Broker::State::begin_bar(std::size_t new_bar) {
  bar = new_bar;
  margin_called = false;
  const double open = series.open[bar], high = series.high[bar], low = series.low[bar], close = series.close[bar];
  if (open != open || high != high || low != low || close != close) return;  // no prices: nothing can trade
  if (risk.any()) roll_day();
  if (entries.empty() && closes.empty() && position.size() == 0) {
    now = close;
    return;
  }
  at_open(open);

  // O-H-L-C when the high is nearer to the open, else O-L-H-C; of equal distances the low comes first.
  const bool high_first = prices.ticks(high - open) < prices.ticks(open - low);
  const double first = high_first ? high : low, second = high_first ? low : high;
  along(open, first);
  along(first, second);
  along(second, close);
}

bool Broker::State::waits_this_bar(const EntryOrder& order) const {
  if (!order.request.reverses || order.is_market()) return false;
  const int direction = static_cast<int>(order.request.direction);
  // Of the priced adds of one bar one fills on the next; the others may on the bars that follow.
  if (fresh_add_bar == bar && order.held_direction == direction && order.placed_bar + 1 == bar) return true;
  // Of two opposite stops placed from flat the second fills on the same bar only when it sells no more than was bought.
  if (first_stop_bar != bar || order.stop != order.stop || order.held_direction != 0 || direction == first_stop_side) {
    return false;
  }
  return first_stop_side < 0 || order.quantity > std::fabs(position.size());
}

std::vector<EntryOrder>::iterator Broker::State::next_market_entry() {
  const auto first = std::ranges::find_if(entries, &EntryOrder::is_market);
  if (first == entries.end() || position.size() != 0 || !closes.empty()) return first;
  // From flat, of opposite market entries the buy comes first.
  const auto buy =
      std::ranges::find_if(entries, [](const EntryOrder& order) { return order.is_market() && order.sign() > 0; });
  return buy != entries.end() ? buy : first;
}

void Broker::State::at_open(double price) {
  now = price;
  position.touch(price);
  follow_trails(price);
  // Market orders of earlier bars come before priced ones that the open has jumped over.
  for (;;) {
    const auto entry = next_market_entry();
    if (closes.empty() && entry == entries.end()) break;
    if (!closes.empty() && (entry == entries.end() || closes.front().serial < entry->serial)) {
      const CloseOrder order = closes.front();
      closes.erase(closes.begin());
      fill_close(order, price);
    } else {
      EntryOrder order = *entry;
      entries.erase(entry);
      fill_entry(std::move(order), price, true);
    }
  }

  const auto gapped_entry = [&](const EntryOrder& order) {
    if (waits_this_bar(order)) return false;
    const double sign = order.sign();
    if (order.stop == order.stop) return sign * price >= sign * order.stop;
    return sign * price <= sign * limit_trigger(order.limit, sign);
  };
  // Each turn fills an order or turns a stop-limit into a limit: the work is bounded.
  for (auto due = entries.begin(); (due = std::ranges::find_if(entries, gapped_entry)) != entries.end();) {
    if (due->stop == due->stop && due->limit == due->limit) {
      due->stop = kNa;  // reached: from now on an ordinary limit
      continue;
    }
    EntryOrder order = *due;
    entries.erase(due);
    const bool is_stop = order.stop == order.stop;
    fill_entry(std::move(order), price, is_stop);
  }

  while (const auto leg = marketable_leg(price, [&](const ExitOrder& exit, const EntryInstance& entry) {
           // An entry of this very open is not gapped out of, unless it turned the position round and its exit names
           // it.
           return entry.bar != bar || (entry.from_reversal && exit.request.from_entry != kNoText);
         })) {
    fill_exit(*leg);
  }
  apply_group_fills();
  margin_call(price, MarginTest::kOnPath);
  test_intraday_loss(price);
}

template <class Takes>
std::optional<Broker::State::Touch> Broker::State::marketable_leg(double price, const Takes& takes) const {
  const int side = position.side();
  if (side == 0) return std::nullopt;
  for (const ExitOrder& exit : exits) {
    for (const EntryInstance& entry : instances) {
      if (!takes(exit, entry)) continue;
      const auto leg = leg_of(exit, entry);
      if (!leg) continue;
      const bool stopped = side * price <= side * leg->stop;
      const bool trailed = side * price <= side * leg->trail || side * price >= side * leg->trail_at;
      const bool limited = side * price >= side * limit_trigger(leg->limit, -side);
      if (stopped || trailed || limited)
        return Touch{price, price, exit.serial, entry.serial, stopped || trailed, true, !stopped && trailed};
    }
  }
  return std::nullopt;
}

std::optional<Broker::State::Touch> Broker::State::first_touch(double from, double to) const {
  std::optional<Touch> best;
  const bool rising = to > from;
  const double low = std::min(from, to), high = std::max(from, to);
  const auto consider = [&](const Touch& touch) {
    if (!(touch.level >= low && touch.level <= high)) return;
    const double distance = std::fabs(touch.level - from);
    const double best_distance = best ? std::fabs(best->level - from) : 0;
    const bool earlier =
        !best || touch.serial < best->serial || (touch.serial == best->serial && touch.is_stop && !best->is_stop);
    if (!best || distance < best_distance || (distance == best_distance && earlier)) best = touch;
  };
  // A limit that the open passed, but not by the assumed ticks, fills at the bar's nearest price.
  const auto within_bar = [&](double limit) { return std::max(series.low[bar], std::min(limit, series.high[bar])); };
  for (const EntryOrder& order : entries) {
    if (waits_this_bar(order)) continue;
    const double sign = order.sign();
    // Stops are met in the direction of the order, limits against it.
    if (order.stop == order.stop) {
      if ((sign > 0) == rising) consider({order.stop, order.stop, order.serial, 0, true, false});
    } else if (order.limit == order.limit && (sign > 0) != rising) {
      consider({limit_trigger(order.limit, sign), within_bar(order.limit), order.serial, 0, false, false});
    }
  }
  const int side = position.side();
  if (side == 0) return best;
  for (const ExitOrder& exit : exits) {
    for (const EntryInstance& entry : instances) {
      const auto leg = leg_of(exit, entry);
      if (!leg) continue;
      if (leg->trail_at == leg->trail_at) {  // reached already, or to be reached when the price gets better
        const double level = side > 0 ? std::max(leg->trail_at, from) : std::min(leg->trail_at, from);
        if ((side > 0) == rising || level == from)
          consider({level, level, exit.serial, entry.serial, true, true, true});
      }
      if ((side > 0) == rising) {
        consider({limit_trigger(leg->limit, -side), within_bar(leg->limit), exit.serial, entry.serial, false, true});
      } else {
        consider({leg->stop, leg->stop, exit.serial, entry.serial, true, true});
        consider({leg->trail, leg->trail, exit.serial, entry.serial, true, true, true});
      }
    }
  }
  return best;
}

void Broker::State::along(double from, double to) {
  now = from;
  // Every fill removes what filled, or turns a stop-limit into a limit: the work is bounded.
  while (!entries.empty() || (!exits.empty() && position.size() != 0)) {
    const auto touch = first_touch(now, to);
    if (!group_fills.empty() && (!touch || touch->level != now)) {  // the tick is over
      apply_group_fills();
      continue;
    }
    if (!touch) break;
    now = touch->level;
    position.touch(now);
    follow_trails(now);
    if (touch->is_exit) {
      fill_exit(*touch);
      continue;
    }
    const auto order = std::ranges::find(entries, touch->serial, &EntryOrder::serial);
    const bool stop_limit = touch->is_stop && order->limit == order->limit;
    if (stop_limit) {
      order->stop = kNa;
      if (order->sign() * now > order->sign() * order->limit) continue;  // not yet as good as the limit
    }
    EntryOrder filled = *order;
    entries.erase(order);
    fill_entry(std::move(filled), touch->price, touch->is_stop && !stop_limit);
  }
  apply_group_fills();
  now = to;
  position.touch(to);
  follow_trails(to);
  if (position.side() * (to - from) < 0) {  // the adverse extreme
    margin_call(to, MarginTest::kOnPath);
    test_intraday_loss(to);
  }
}

void Broker::State::end_bar() {
  const double close = series.close[bar];
  if (close != close) return;
  at_close = true;
  closed_at_close = false;
  fill_closes_now(close);
  if (settings.process_orders_on_close) fill_at_close(close);
  apply_group_fills();
  at_close = false;
}

void Broker::State::fill_at_close(double close) {
  for (;;) {
    const auto due = std::ranges::find_if(entries, [&](const EntryOrder& order) {
      const bool marketable =
          order.stop != order.stop && order.sign() * close <= order.sign() * limit_trigger(order.limit, order.sign());
      return order.is_market() || marketable;
    });
    if (due != entries.end()) {
      EntryOrder order = *due;
      entries.erase(due);
      const bool market = order.is_market();
      fill_entry(std::move(order), close, market);
      continue;
    }
    // Entries of this close are protected from the next open on.
    const auto leg =
        marketable_leg(close, [&](const ExitOrder&, const EntryInstance& entry) { return entry.placed_bar != bar; });
    if (!leg) break;
    fill_exit(*leg);
  }
}

void Broker::State::fill_closes_now(double close) {
  for (std::size_t i = 0; i < closes.size();) {
    if (!settings.process_orders_on_close && !closes[i].request.immediately) {
      ++i;
      continue;
    }
    // Entries that were asked for before this close fill before it.
    const auto earlier = std::ranges::find_if(entries, [&](const EntryOrder& order) {
      return settings.process_orders_on_close && order.is_market() && order.serial < closes[i].serial;
    });
    if (earlier != entries.end()) {
      EntryOrder order = *earlier;
      entries.erase(earlier);
      fill_entry(std::move(order), close, true);
      continue;
    }
    const CloseOrder order = closes[i];
    closes.erase(closes.begin() + static_cast<std::ptrdiff_t>(i));
    fill_close(order, close);
  }
}

}  // namespace tradeassist::backtest
