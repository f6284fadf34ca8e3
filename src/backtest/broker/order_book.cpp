// Orders as the script gives them: what a call creates, replaces, or is refused for.
#include <algorithm>
#include <cmath>
#include <utility>

#include "backtest/broker/state.hpp"

namespace tradeassist::backtest {

std::size_t Broker::State::entries_in(int side) const {
  if (position.side() != side) return 0;
  return static_cast<std::size_t>(
      std::ranges::count_if(instances, [](const EntryInstance& entry) { return entry.remaining > 0; }));
}

void Broker::State::place(const EntryRequest& request) {
  if (series.close[bar] != series.close[bar] || halted != Halt::kNone) return;
  const double close = now;  // inside the path: the price it has reached
  const int direction = static_cast<int>(request.direction);
  const double held = position.size();
  const bool closes_only = allowed != 0 && allowed != direction && request.reverses;
  if (closes_only && !(held * direction < 0)) {
    ++rejections.entry_not_allowed;
    return;
  }

  EntryOrder order;
  order.request = request;
  order.placed_bar = order.resting_since = bar;
  order.placed_run = run;
  order.cycle = position_serial;
  if (inside_path()) order.waits_on_path = path_serial;
  order.held_direction = position.side();
  order.closes_only = closes_only;
  order.default_sized = request.quantity != request.quantity;
  const double sign = order.sign();
  if (request.limit == request.limit) order.limit = sign > 0 ? prices.floor(request.limit) : prices.ceil(request.limit);
  if (request.stop == request.stop) order.stop = sign > 0 ? prices.ceil(request.stop) : prices.floor(request.stop);

  // A call replaces the pending order of its id, also when it is itself refused.
  std::uint64_t replaced = 0;
  const auto older =
      std::ranges::find_if(entries, [&](const EntryOrder& other) { return other.request.id == request.id; });
  if (older != entries.end()) {
    if (older->placed_bar == bar && older->is_market()) order.adds_reversal = false;
    replaced = older->serial;
    const bool same_limit = older->limit == order.limit && older->stop != older->stop && order.stop != order.stop;
    if (same_limit) order.resting_since = older->resting_since;
    entries.erase(older);
  }
  if (request.reverses && !order.is_market() && held * direction > 0 &&
      entries_in(direction) >= static_cast<std::size_t>(std::max(settings.pyramiding, 1))) {
    ++rejections.pyramiding;
    return;
  }

  order.signal_price = slipped(close, sign);
  order.sizing_equity = position.equity(close);
  if (order.default_sized && order.sizing_equity <= 0 && settings.default_qty_type != pine::QuantityType::kFixed) {
    ++rejections.no_equity;
    return;
  }
  if (closes_only) {
    order.quantity = std::fabs(held);  // what it may close, at most
    order.adds_reversal = false;
  } else if (!order.default_sized) {
    order.quantity = quantities.floor_written(request.quantity);
  } else if (order.is_market() || settings.default_qty_type == pine::QuantityType::kFixed) {
    order.quantity = default_quantity(order.signal_price);
  } else {
    order.budget = budget();
    order.quantity = quantity_for(order.budget, close);  // for the test below; sized again at the fill
  }
  if (!(order.quantity > 0)) {
    ++rejections.quantity_rounds_to_zero;
    return;
  }
  if (request.reverses && !closes_only) {
    order.quantity = within_position_limit(order.quantity, sign);
    if (!(order.quantity > 0)) {
      ++rejections.position_limit;
      return;
    }
  }
  if (!order.is_market() && request.reverses && !closes_only) order.reversal = opposite_at_call(direction);
  if (!closes_only && !admits_at_call(order)) {
    ++rejections.insufficient_margin;
    return;
  }
  order.serial = next_serial++;
  for (ExitOrder& exit : exits) {  // exits that wait for the order of this id wait for what replaces it
    if (exit.request.from_entry != request.id) continue;
    if (exit.awaits_entry || (replaced != 0 && exit.covers_until >= replaced)) exit.covers_until = order.serial;
    exit.awaits_entry = false;
  }
  ++orders_placed;
  entries.push_back(std::move(order));
}

double Broker::State::held_after_closes() const {
  double left = std::fabs(position.size());
  for (const CloseOrder& closing : closes) left -= closing.all ? left : closing.quantity;
  return std::max(0.0, clean_quantity(left));
}

double Broker::State::opposite_at_call(int direction) const {
  double size = position.side() * direction < 0 ? held_after_closes() : 0;
  for (const EntryOrder& order : entries) {
    const int side = static_cast<int>(order.request.direction);
    if (!order.is_market() || !order.request.reverses || order.placed_run != run || side == direction) continue;
    const bool refused =
        position.side() == side && entries_in(side) >= static_cast<std::size_t>(std::max(settings.pyramiding, 1));
    if (!refused) size += order.quantity;
  }
  return clean_quantity(size);
}

bool Broker::State::has_bracket(TextId id) const {
  return std::ranges::any_of(exits, [&](const ExitOrder& exit) { return exit.request.from_entry == id; });
}

void Broker::State::place(const ExitRequest& request) {
  if (halted != Halt::kNone) return;
  const bool any_level = request.profit == request.profit || request.limit == request.limit ||
                         request.loss == request.loss || request.stop == request.stop || request.trails();
  const auto same = std::ranges::find_if(exits, [&](const ExitOrder& exit) {
    return exit.request.id == request.id && exit.request.from_entry == request.from_entry;
  });
  if (!any_level) {
    if (same != exits.end()) exits.erase(same);
    return;
  }
  // What it may cover: open entries and pending ones, of that name if one is given.
  const auto named = [&](TextId id) { return request.from_entry == kNoText || id == request.from_entry; };
  const bool covers_open = position.size() != 0 && std::ranges::any_of(instances, [&](const EntryInstance& entry) {
                             return entry.remaining > 0 && named(entry.id);
                           });
  const bool covers_pending =
      std::ranges::any_of(entries, [&](const EntryOrder& order) { return named(order.request.id); });
  if (!covers_open && !covers_pending) {
    ++rejections.no_matching_entry;
    if (same != exits.end()) exits.erase(same);
    return;
  }
  trailing = trailing || request.trails();
  const bool again = same != exits.end();  // its place in the queue of reservations, and what it has filled, stay
  const std::optional<ExitOrder> earlier = again && request.trails() ? std::optional(*same) : std::nullopt;
  const std::uint64_t newest_entry = next_serial - 1;
  ExitOrder& order = again ? *same : exits.emplace_back();
  if (!again) order.serial = next_serial++;
  order.request = request;
  order.called_bar = bar;
  order.covers_until = newest_entry;
  order.position_serial = position.size() != 0 ? position_serial : position_serial + 1;
  order.awaits_entry = order.dormant = false;
  order.trails.clear();
  if (request.trails()) start_trails(order, earlier ? &*earlier : nullptr);
  ++orders_placed;
}

void Broker::State::place(const CloseRequest& request) {
  if (position.size() == 0 || halted != Halt::kNone) return;
  CloseOrder order;
  order.request = request;
  order.called_bar = bar;
  order.position_serial = position_serial;
  order.all = request.id == kNoText;
  order.reason = order.all ? ExitReason::kCloseAll : ExitReason::kClose;
  if (!order.all) {
    // When orders fill at the close, of the calls that one place in the script makes on a bar the last one acts. What
    // the others asked for counts as closed under their ids.
    const bool collapses = settings.process_orders_on_close && !settings.close_any && request.call_site != 0;
    // What was entered under the id and not closed under it since, whatever rows FIFO took for others.
    double open = 0;
    for (const EntryInstance& entry : instances) {
      if (entry.id == request.id) open += entry.remaining;
    }
    double targeted = 0;
    for (const CloseOrder& other : closes) {
      if (other.request.id == request.id) targeted += other.quantity;
    }
    open = clean_quantity(open - targeted);
    if (!(open > 0)) {
      ++rejections.no_matching_entry;
      return;
    }
    if (request.quantity == request.quantity) {
      order.quantity = std::min(open, quantities.floor_written(request.quantity));
    } else if (request.quantity_percent < 100) {
      order.quantity = quantities.floor_written(open * request.quantity_percent / 100);
    } else {
      order.quantity = open;
    }
    if (!(order.quantity > 0)) {
      ++rejections.quantity_rounds_to_zero;
      return;
    }
    const auto earlier = std::ranges::find_if(closes, [&](const CloseOrder& other) {
      return collapses && !other.all && other.request.call_site == request.call_site;
    });
    if (earlier != closes.end()) {
      spend_bound(earlier->quantity, earlier->request.id);
      closes.erase(earlier);
      order.spends_entries = false;
    }
  }
  order.serial = next_serial++;
  ++orders_placed;
  closes.push_back(order);
}

void Broker::State::cancel(TextId id) {
  std::erase_if(entries, [&](const EntryOrder& order) { return order.request.id == id; });
  std::erase_if(exits, [&](const ExitOrder& exit) { return exit.request.id == id; });
  for (ExitOrder& exit : exits) {
    exit.awaits_entry |=
        exit.request.from_entry == id &&
        std::ranges::none_of(instances, [&](const EntryInstance& entry) { return covers(exit, entry); });
  }
  drop_orphaned_exits();
}

void Broker::State::cancel_all() {
  entries.clear();
  exits.clear();
  closes.clear();
}

void Broker::State::drop_orphaned_exits(const EntryOrder* filling) {
  std::erase_if(exits, [&](const ExitOrder& exit) {
    const auto awaits = [&](const EntryOrder& order) {
      return order.request.id == exit.request.from_entry &&
             (order.serial <= exit.covers_until || order.placed_bar <= exit.called_bar);
    };
    if (filling != nullptr && awaits(*filling)) return false;
    // One without a name belongs to a position, the one there is or the next, whatever becomes of the entries.
    if (exit.request.from_entry == kNoText) return exit.position_serial < position_serial;
    if (exit.awaits_entry) return false;
    const bool open = std::ranges::any_of(instances, [&](const EntryInstance& entry) { return covers(exit, entry); });
    const bool pending = std::ranges::any_of(entries, awaits);
    return !open && !pending;
  });
}

bool Broker::State::covers(const ExitOrder& exit, const EntryInstance& entry) const {
  if (entry.remaining <= 0) return false;
  if (exit.request.from_entry == kNoText) return exit.position_serial == position_serial;
  return entry.id == exit.request.from_entry &&
         (entry.serial <= exit.covers_until || entry.placed_bar <= exit.called_bar);
}

double Broker::State::requested(const ExitOrder& exit, const EntryInstance& entry) const {
  if (exit.request.quantity == exit.request.quantity) return quantities.floor_written(exit.request.quantity);
  if (exit.request.quantity_percent >= 100) return entry.quantity;
  return quantities.floor_written(entry.quantity * exit.request.quantity_percent / 100);
}

double Broker::State::reserved_before(const ExitOrder& exit, const EntryInstance& entry) const {
  double reserved = 0;
  for (const ExitOrder& other : exits) {
    if (other.serial >= exit.serial || !covers(other, entry)) continue;
    if (std::ranges::find(entry.exits_done, other.serial) != entry.exits_done.end()) continue;
    reserved += std::min(requested(other, entry), std::max(0.0, entry.remaining - reserved));
  }
  return reserved;
}

std::optional<Broker::State::Leg> Broker::State::leg_of(const ExitOrder& exit, const EntryInstance& entry) const {
  if (exit.dormant || !covers(exit, entry)) return std::nullopt;
  if (std::ranges::find(entry.exits_done, exit.serial) != entry.exits_done.end()) return std::nullopt;
  Leg leg;
  leg.quantity = clean_quantity(std::min(requested(exit, entry), entry.remaining - reserved_before(exit, entry)));
  if (!(leg.quantity > 0)) return std::nullopt;
  const int side = position.side();
  const ExitRequest& request = exit.request;
  const double profit_level = entry.price + side * request.profit * prices.tick();
  const double loss_level = entry.price - side * request.loss * prices.tick();
  // Of an absolute and a relative level v6 takes the one the price meets first, v5 the absolute.
  const auto choose = [&](double absolute, double relative, double toward) {
    if (absolute != absolute) return relative;
    if (relative != relative || !settings.exit_takes_nearer_level) return absolute;
    return toward * absolute < toward * relative ? absolute : relative;
  };
  leg.limit = choose(request.limit, profit_level, side);
  leg.stop = choose(request.stop, loss_level, -side);
  if (leg.limit == leg.limit) leg.limit = side > 0 ? prices.ceil(leg.limit) : prices.floor(leg.limit);
  if (leg.stop == leg.stop) leg.stop = side > 0 ? prices.floor(leg.stop) : prices.ceil(leg.stop);
  if (request.trails()) set_trail(exit, entry, leg);
  return leg;
}

}  // namespace tradeassist::backtest
