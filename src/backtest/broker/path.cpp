// The bar as the emulator lives it: what was due at the open, then the path through the extremes, then the close.
#include <algorithm>
#include <cmath>

#include "backtest/broker/state.hpp"
#include "backtest/elementwise/elementwise.hpp"

namespace tradeassist::backtest {

void Broker::State::begin_bar(std::size_t new_bar) {
  bar = new_bar;
  ++run;
  margin_called = false;
  if (!rates.empty()) {
    point_value = own_point_value * rates[bar];
    position.set_point_value(point_value);
  }
  const double open = series.open[bar], high = series.high[bar], low = series.low[bar], close = series.close[bar];
  if (open != open || high != high || low != low || close != close) return;  // no prices: nothing can trade
  if (risk.any()) roll_day();
  if (entries.empty() && closes.empty() && position.size() == 0) {
    now = close;
    return;
  }
  path_high = path_low = open;
  fills_seen = fills;
  const BarMagnifier::Inside finer = magnifier.bars ? magnifier.inside[bar] : BarMagnifier::Inside{};
  if (finer.first == finer.last) {
    const PathPrices path{open, high, low, close};
    if (nothing_due(path)) {
      pass_bar(path);
    } else {
      follow_path(path);
    }
    return;
  }
  const market::Series& bars = *magnifier.bars;
  for (std::size_t i = finer.first; i < finer.last; ++i) {
    // Market orders fill at the open of the chart's bar.
    const double start = i == finer.first ? open : bars.open[i];
    follow_path({start, bars.high[i], bars.low[i], bars.close[i]});
  }
  now = close;
}

/// O-H-L-C when the high is nearer to the open, else O-L-H-C; of equal distances the low comes first.
bool Broker::State::high_comes_first(const PathPrices& path) const {
  return prices.ticks(path.high - path.open) < prices.ticks(path.open - path.low);
}

bool Broker::State::nothing_due(const PathPrices& path) const {
  if (!closes.empty() || recalculate || risk.any()) return false;
  if (!(path.low <= std::min(path.open, path.close) && std::max(path.open, path.close) <= path.high)) return false;
  const auto reached = levels();
  return reached && path.low > reached->floor && path.high < reached->ceiling;
}

std::optional<Broker::State::Levels> Broker::State::levels() const {
  Levels levels;
  const auto below = [&](double level) { levels.floor = std::max(levels.floor, level); };  // na is never reached
  const auto above = [&](double level) { levels.ceiling = std::min(levels.ceiling, level); };
  for (const EntryOrder& order : entries) {
    const bool buys = order.sign() > 0;
    if (order.stop == order.stop) {
      buys ? above(order.stop) : below(order.stop);
    } else {
      const double trigger = limit_trigger(order.limit, order.sign());
      if (trigger != trigger) return std::nullopt;  // a market order has no level to wait for
      buys ? below(trigger) : above(trigger);
    }
  }
  const int side = position.side();
  if (side == 0) return levels;
  for (const ExitOrder& exit : exits) {
    if (exit.dormant || exit.request.trails()) return std::nullopt;
    for (const EntryInstance& entry : instances) {
      const auto leg = leg_of(exit, entry);
      if (!leg) continue;
      const double limit = limit_trigger(leg->limit, -side);
      side > 0 ? below(leg->stop) : above(leg->stop);
      side > 0 ? above(limit) : below(limit);
    }
  }
  return levels;
}

bool Broker::State::may_pass() const {
  return closes.empty() && !recalculate && !risk.any() && rates.empty() && !magnifier.bars &&
         std::ranges::none_of(entries, &EntryOrder::is_market);
}

std::size_t Broker::State::pass(std::size_t first, std::size_t end) {
  const bool is_flat = position.size() == 0;
  const bool is_idle = is_flat && entries.empty();
  std::size_t passed = end - first;
  if (!is_idle) {
    const auto reached = levels();
    if (!reached) return first;
    if (std::isfinite(reached->floor) || std::isfinite(reached->ceiling)) {
      passed = elementwise().inside(&series.low[first], &series.high[first], reached->floor, reached->ceiling, passed);
    }
    if (passed == 0) return first;
  }
  if (!is_flat) {
    const auto [low, high] = elementwise().range(&series.low[first], &series.high[first], passed);
    if (!has_margin_between(low, high)) return first;
    position.touch(low);  // the largest excursions of all the paths
    position.touch(high);
  }
  bar = first + passed - 1;
  now = series.close[bar];
  run += passed;
  margin_called = at_close = closed_at_close = false;
  if (!is_idle) {
    path_serial += passed;
    path_high = path_low = series.open[bar];
    fills_seen = fills;
  }
  if (settings.process_orders_on_close) path_serial += passed;
  return first + passed;
}

bool Broker::State::has_margin_between(double low, double high) const {
  const double held = position.size(), ratio = margin_ratio(held);
  if (ratio == 0 || (held > 0 && ratio == 1)) return true;
  // What is available is a linear function of the price: between its ends there is no less, but for rounding.
  constexpr double kRounding = 1e-9;
  for (const double price : {low, high}) {
    const double equity = position.equity(price), margin = std::fabs(held) * (price * point_value) * ratio;
    if (!(equity - margin > kRounding * (std::fabs(equity) + margin + position.cost()))) return false;
  }
  return true;
}

void Broker::State::pass_bar(const PathPrices& path) {
  ++path_serial;
  now = path.close;
  if (position.size() == 0) return;
  position.touch(path.open);
  margin_call(path.open, MarginTest::kOnPath);
  const bool high_first = high_comes_first(path);
  double from = path.open;
  for (const double to : {high_first ? path.high : path.low, high_first ? path.low : path.high, path.close}) {
    position.touch(to);
    if (position.side() * (to - from) < 0) margin_call(to, MarginTest::kOnPath);
    from = to;
  }
}

void Broker::State::follow_path(const PathPrices& path) {
  ++path_serial;
  fill_due(path.open);
  at_node(0);
  const bool high_first = high_comes_first(path);
  const double first = high_first ? path.high : path.low, second = high_first ? path.low : path.high;
  along(path.open, first);
  at_node(1);
  along(first, second);
  at_node(2);
  along(second, path.close);
}

bool Broker::State::waits_this_bar(const EntryOrder& order) const {
  if (!order.request.reverses || order.is_market()) return false;
  const int direction = static_cast<int>(order.request.direction);
  // Of the priced adds of one bar one fills on the next; the others, and limits that rest from earlier, may later.
  if (fresh_add_bar == bar && order.held_direction == direction && order.resting_since + 1 == bar) return true;
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

void Broker::State::fill_due(double price) {
  now = price;
  position.touch(price);
  follow_trails(price);
  if (!entries.empty() || !closes.empty()) {
    fill_stops_before_adds(price);
    fill_market_orders(price);
    fill_gapped_entries(price);
  }
  while (const auto leg = exits.empty() ? std::nullopt
                                        : marketable_leg(price, [&](const ExitOrder& exit, const EntryInstance& entry) {
                                            return !spared_by_open(exit, entry);
                                          })) {
    fill_exit(*leg);
  }
  apply_group_fills();
  margin_call(price, MarginTest::kOnPath);
  test_intraday_loss(price);
}

bool Broker::State::spared_by_open(const ExitOrder& exit, const EntryInstance& entry) const {
  if (inside_path()) {  // what the script adds inside the path is not beyond its level from the start
    const auto leg = entry.path == path_serial ? leg_of(exit, entry) : std::nullopt;
    const int side = position.side();
    return leg && (side * leg->stop >= side * entry.price || side * leg->limit <= side * entry.price);
  }
  if (position_path != path_serial) return false;
  // An exit that names an entry which turned the position round is live from its first tick.
  return !entry.from_reversal || exit.request.from_entry == kNoText;
}

/// Of one open tick the buys come before the sells: the buy stops of a short, which the open has jumped over, before
/// market orders that sell more.
void Broker::State::fill_stops_before_adds(double price) {
  if (position.side() >= 0 || exits.empty() || !closes.empty()) return;
  bool adds = false;
  for (const EntryOrder& order : entries) {
    if (!order.is_market()) continue;
    if (order.sign() > 0) return;
    adds = true;
  }
  if (!adds) return;
  const auto takes = [&](const ExitOrder&, const EntryInstance& entry) { return entry.path != path_serial; };
  while (const auto leg = marketable_leg(price, takes, true)) fill_exit(*leg);
}

/// Market orders of earlier bars come before priced ones that the open has jumped over.
void Broker::State::fill_market_orders(double price) {
  for (;;) {
    const auto entry = next_market_entry();
    if (closes.empty() && entry == entries.end()) return;
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
}

void Broker::State::fill_gapped_entries(double price) {
  const auto gapped = [&](const EntryOrder& order) {
    if (order.is_market() || waits_this_bar(order)) return false;
    const double sign = order.sign();
    if (order.stop == order.stop) return sign * price >= sign * order.stop;
    return sign * price <= sign * limit_trigger(order.limit, sign);
  };
  const auto next = [&] {
    // From flat, of opposite stops the buy comes first.
    const auto buy = [&](const EntryOrder& order) {
      return order.sign() > 0 && order.stop == order.stop && gapped(order);
    };
    const auto first = std::ranges::find_if(entries, gapped);
    if (first == entries.end() || position.size() != 0 || first->stop != first->stop) return first;
    const auto found = std::ranges::find_if(entries, buy);
    return found != entries.end() ? found : first;
  };
  // Each turn fills an order or turns a stop-limit into a limit: the work is bounded.
  for (auto due = next(); due != entries.end(); due = next()) {
    if (due->stop == due->stop && due->limit == due->limit) {
      due->stop = kNa;  // reached: from now on an ordinary limit
      continue;
    }
    EntryOrder order = *due;
    entries.erase(due);
    fill_gapped_entry(std::move(order), price);
  }
}

/// The stops of the position that the same open has jumped over fill too when a stop entry turns it round: what they
/// were to close is closed already, so they open, each under its exit's id.
void Broker::State::fill_gapped_entry(EntryOrder order, double price) {
  const bool is_stop = order.stop == order.stop;
  const Direction direction = order.request.direction;
  std::vector<EntryOrder> after;
  if (is_stop && order.request.reverses && position.size() * order.sign() < 0) {
    for (const ExitOrder& exit : exits) {
      for (const EntryInstance& entry : instances) {
        const auto leg = leg_of(exit, entry);
        if (!leg || entry.path == path_serial || !(position.side() * price <= position.side() * leg->stop)) continue;
        EntryOrder made;
        made.request.id = exit.request.id;
        made.request.comment = exit.request.comment_loss != kNoText ? exit.request.comment_loss : exit.request.comment;
        made.request.direction = direction;
        made.request.reverses = false;
        made.quantity = leg->quantity;
        made.stop = leg->stop;
        made.placed_bar = exit.called_bar;
        made.held_direction = position.side();
        after.push_back(made);
      }
    }
  }
  fill_entry(std::move(order), price, is_stop);
  if (position.side() != static_cast<int>(direction)) return;
  for (EntryOrder& made : after) {
    made.serial = next_serial++;
    fill_entry(std::move(made), price, true);
  }
}

std::optional<Broker::State::Touch> Broker::State::marketable_leg(double price, const TakesLeg& takes,
                                                                  bool stops_only) const {
  const int side = position.side();
  if (side == 0) return std::nullopt;
  std::optional<Touch> yielding;
  for (const ExitOrder& exit : exits) {
    for (const EntryInstance& entry : instances) {
      if (!takes(exit, entry)) continue;
      const auto leg = leg_of(exit, entry);
      if (!leg) continue;
      const bool stopped = side * price <= side * leg->stop;
      const bool trailed = side * price <= side * leg->trail || side * price >= side * leg->trail_at;
      const bool limited = !stops_only && side * price >= side * limit_trigger(leg->limit, -side);
      if (!stopped && !trailed && !limited) continue;
      const Touch touch{price, price, exit.serial, entry.serial, stopped || trailed, true, !stopped && trailed};
      if (!yields_to_siblings(exit, entry)) return touch;
      if (!yielding) yielding = touch;
    }
  }
  return yielding;
}

bool Broker::State::yields_to_siblings(const ExitOrder& exit, const EntryInstance& entry) const {
  const bool whole = exit.request.quantity != exit.request.quantity && exit.request.quantity_percent >= 100;
  if (!trailing || whole) return false;
  return std::ranges::any_of(exits,
                             [&](const ExitOrder& other) { return other.request.trails() && covers(other, entry); });
}

std::optional<Broker::State::Touch> Broker::State::first_touch(double from, double to, bool rising) const {
  std::optional<Touch> best;
  const double low = std::min(from, to), high = std::max(from, to);
  const auto consider = [&](const Touch& touch) {
    if (!(touch.level >= low && touch.level <= high)) return;
    const double distance = std::fabs(touch.level - from);
    const double best_distance = best ? std::fabs(best->level - from) : 0;
    const bool earlier = !best || (touch.yields != best->yields   ? best->yields
                                   : touch.serial != best->serial ? touch.serial < best->serial
                                                                  : touch.is_stop && !best->is_stop);
    if (!best || distance < best_distance || (distance == best_distance && earlier)) best = touch;
  };
  // A limit that the open passed, but not by the assumed ticks, fills at the bar's nearest price.
  const auto within_bar = [&](double limit) { return std::max(series.low[bar], std::min(limit, series.high[bar])); };
  for (const EntryOrder& order : entries) {
    if (waits_this_bar(order) || order.waits_on_path == path_serial) continue;
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
      const bool yields = yields_to_siblings(exit, entry);
      const auto consider_leg = [&](double level, double price, bool is_stop, bool is_trail) {
        consider({level, price, exit.serial, entry.serial, is_stop, true, is_trail, yields});
      };
      if (leg->trail_at == leg->trail_at) {  // reached already, or to be reached when the price gets better
        const double level = side > 0 ? std::max(leg->trail_at, from) : std::min(leg->trail_at, from);
        if ((side > 0) == rising || level == from) consider_leg(level, level, true, true);
      }
      if ((side > 0) == rising) {
        consider_leg(limit_trigger(leg->limit, -side), within_bar(leg->limit), false, false);
      } else {
        consider_leg(leg->stop, leg->stop, true, false);
        consider_leg(leg->trail, leg->trail, true, true);
      }
    }
  }
  return best;
}

void Broker::State::along(double from, double to) {
  now = from;
  const bool rising = to > from;  // also once the path has come to its end: several orders may wait there
  // Every fill removes what filled, or turns a stop-limit into a limit: the work is bounded.
  while (!entries.empty() || (!exits.empty() && position.size() != 0)) {
    const auto touch = first_touch(now, to, rising);
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
  if (settings.process_orders_on_close) ++path_serial;  // what opens now does so after the bar's path
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
    // Entries of this close are protected from the next open on; but what leaves all of the position leaves what was
    // added to it before, too.
    const auto leg = marketable_leg(close, [&](const ExitOrder& exit, const EntryInstance& entry) {
      const ExitRequest& request = exit.request;
      const bool leaves_all = request.from_entry == kNoText && request.quantity != request.quantity &&
                              request.quantity_percent >= 100 && exit.called_bar == bar;
      return entry.placed_bar != bar ||
             (leaves_all && entry.serial <= exit.covers_until && position_path != path_serial);
    });
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
    const CloseOrder order = closes[i];
    closes.erase(closes.begin() + static_cast<std::ptrdiff_t>(i));
    fill_close(order, close);
  }
}

}  // namespace tradeassist::backtest
