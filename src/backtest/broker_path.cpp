// The bar as the emulator lives it: what was due at the open, then the path through the extremes, then the close.
#include <algorithm>
#include <cmath>

#include "backtest/broker_state.hpp"

namespace tradeassist::backtest {

void Broker::State::begin_bar(std::size_t new_bar) {
  bar = new_bar;
  margin_called = false;
  const double open = series.open[bar], high = series.high[bar], low = series.low[bar], close = series.close[bar];
  if (open != open || high != high || low != low || close != close) return;  // no prices: nothing can trade
  now = open;
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
  now = close;
}

void Broker::State::at_open(double price) {
  // Market orders of earlier bars come before priced ones that the open has jumped over.
  while (!closes.empty() || std::ranges::any_of(entries, &EntryOrder::is_market)) {
    const auto entry = std::ranges::find_if(entries, &EntryOrder::is_market);
    const bool close_first = !closes.empty() && (entry == entries.end() || closes.front().serial < entry->serial);
    if (close_first) {
      const CloseOrder order = closes.front();
      closes.erase(closes.begin());
      fill_close(order, price);
    } else {
      EntryOrder order = *entry;
      entries.erase(entry);
      fill_entry(std::move(order), price, true);
    }
  }
  position.touch(price);

  const auto gapped_entry = [&](const EntryOrder& order) {
    const double sign = order.sign();
    if (order.stop == order.stop) return sign * price >= sign * order.stop;
    return sign * price <= sign * order.limit;
  };
  for (std::size_t guard = entries.size() + 1; guard-- > 0;) {
    const auto due = std::ranges::find_if(entries, gapped_entry);
    if (due == entries.end()) break;
    if (due->stop == due->stop && due->limit == due->limit) {
      due->stop = kNa;  // reached: from now on an ordinary limit
      continue;
    }
    EntryOrder order = *due;
    entries.erase(due);
    const bool is_stop = order.stop == order.stop;
    fill_entry(std::move(order), price, is_stop);
  }

  // Exits that the open has jumped over. An entry of this very open is not gapped out of, unless it turned the position
  // round and its exit names it.
  for (bool again = true; again;) {
    again = false;
    for (const ExitOrder& exit : exits) {
      for (const EntryInstance& entry : instances) {
        const bool fresh = entry.bar == bar;
        if (fresh && !(entry.from_reversal && exit.request.from_entry != kNoText)) continue;
        const auto leg = leg_of(exit, entry);
        if (!leg) continue;
        const int side = position.side();
        const bool stopped = side * price <= side * leg->stop;
        const bool limited = side * price >= side * leg->limit;
        if (!stopped && !limited) continue;
        fill_exit(exit.serial, entry.serial, price, stopped);
        again = true;
        break;
      }
      if (again) break;
    }
  }
  margin_call(price);
}

bool Broker::State::anything_in_reach(double low, double high) const {
  const auto inside = [&](double level) { return level >= low && level <= high; };
  for (const EntryOrder& order : entries) {
    if (inside(order.stop) || inside(order.limit)) return true;
  }
  for (const ExitOrder& exit : exits) {
    for (const EntryInstance& entry : instances) {
      const auto leg = leg_of(exit, entry);
      if (leg && (inside(leg->stop) || inside(leg->limit))) return true;
    }
  }
  return false;
}

std::optional<Broker::State::Touch> Broker::State::first_touch(double from, double to) const {
  std::optional<Touch> best;
  const bool rising = to > from;
  const double low = std::min(from, to), high = std::max(from, to);
  const auto consider = [&](double level, const Touch& touch) {
    if (!(level >= low && level <= high)) return;
    const double distance = std::fabs(level - from);
    const double best_distance = best ? std::fabs(best->level - from) : 0;
    const bool nearer = !best || distance < best_distance ||
                        (distance == best_distance &&
                         (touch.serial < best->serial || (touch.serial == best->serial && touch.is_stop && !best->is_stop)));
    if (nearer) {
      best = touch;
      best->level = level;
    }
  };
  for (const EntryOrder& order : entries) {
    const bool buys = order.sign() > 0;
    // Stops are met in the direction of the order, limits against it.
    if (order.stop == order.stop) {
      if (buys == rising) consider(order.stop, {0, order.serial, 0, true, false});
    } else if (order.limit == order.limit && buys != rising) {
      const double through = settings.backtest_fill_limits_assumption * prices.tick() * (buys ? -1 : 1);
      if (through == 0) {
        consider(order.limit, {0, order.serial, 0, false, false});
      } else if (order.limit + through >= low && order.limit + through <= high) {
        consider(std::clamp(order.limit, low, high), {0, order.serial, 0, false, false});
      }
    }
  }
  const int side = position.side();
  for (const ExitOrder& exit : exits) {
    for (const EntryInstance& entry : instances) {
      const auto leg = leg_of(exit, entry);
      if (!leg) continue;
      const bool with_position = (side > 0) == rising;  // the favourable direction
      if (with_position) {
        const double through = settings.backtest_fill_limits_assumption * prices.tick() * side;
        if (through == 0 || (leg->limit + through >= low && leg->limit + through <= high)) {
          consider(through == 0 ? leg->limit : std::clamp(leg->limit, low, high), {0, exit.serial, entry.serial, false, true});
        }
      } else {
        consider(leg->stop, {0, exit.serial, entry.serial, true, true});
      }
    }
  }
  return best;
}

void Broker::State::along(double from, double to) {
  now = from;
  const bool busy = !entries.empty() || (!exits.empty() && position.size() != 0);
  if (busy && anything_in_reach(std::min(from, to), std::max(from, to))) {
    // Every fill removes what filled, or turns a stop-limit into a limit: the work is bounded.
    while (const auto touch = first_touch(now, to)) {
      now = touch->level;
      position.touch(now);
      if (touch->is_exit) {
        fill_exit(touch->serial, touch->entry_serial, now, touch->is_stop);
        continue;
      }
      const auto order = std::ranges::find(entries, touch->serial, &EntryOrder::serial);
      if (touch->is_stop && order->limit == order->limit) {
        order->stop = kNa;
        const double sign = order->sign();
        if (sign * now > sign * order->limit) continue;  // not yet as good as the limit
        EntryOrder filled = *order;
        entries.erase(order);
        fill_entry(std::move(filled), now, false);
        continue;
      }
      EntryOrder filled = *order;
      entries.erase(order);
      fill_entry(std::move(filled), touch->is_stop ? touch->level : filled.limit, touch->is_stop);
    }
  }
  now = to;
  position.touch(to);
  const int side = position.side();
  if (side != 0 && side * (to - from) < 0) margin_call(to);  // the adverse extreme
}

void Broker::State::end_bar() {
  const double close = series.close[bar];
  if (close != close) return;
  const auto due_now = [&](const CloseOrder& order) {
    return settings.process_orders_on_close || order.request.immediately;
  };
  for (std::size_t i = 0; i < closes.size();) {
    if (!due_now(closes[i])) {
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
  if (!settings.process_orders_on_close) return;
  for (bool again = true; again;) {
    again = false;
    const auto due = std::ranges::find_if(entries, [&](const EntryOrder& order) {
      const bool marketable = order.stop != order.stop && order.sign() * close <= order.sign() * order.limit;
      return order.is_market() || marketable;
    });
    if (due != entries.end()) {
      EntryOrder order = *due;
      entries.erase(due);
      const bool market = order.is_market();
      fill_entry(std::move(order), close, market);
      again = true;
      continue;
    }
    for (const ExitOrder& exit : exits) {
      for (const EntryInstance& entry : instances) {
        if (entry.bar == bar) continue;  // entries of this close are protected from the next open on
        const auto leg = leg_of(exit, entry);
        const int side = position.side();
        if (!leg || !(side * close <= side * leg->stop || side * close >= side * leg->limit)) continue;
        fill_exit(exit.serial, entry.serial, close, side * close <= side * leg->stop);
        again = true;
        break;
      }
      if (again) break;
    }
  }
}

}  // namespace tradeassist::backtest
