// What a fill does: the price it gets, the rows it opens and closes, the fee it pays.
#include <algorithm>
#include <cmath>
#include <utility>

#include "backtest/broker/state.hpp"

namespace tradeassist::backtest {

double Broker::State::commission(double quantity, double price) const {
  double fee = 0;
  switch (settings.commission_type) {
    case pine::CommissionType::kPercent:
      fee = settings.commission_value / 100 * quantity * std::fabs(price) * point_value;
      break;
    case pine::CommissionType::kCashPerContract: fee = settings.commission_value * quantity; break;
    case pine::CommissionType::kCashPerOrder: fee = settings.commission_value; break;
  }
  return ten_digits(fee);
}

void Broker::State::fill_entry(EntryOrder order, double price, bool slips) {
  const double sign = order.sign();
  const int direction = static_cast<int>(order.request.direction);
  const double fill_price = slips ? slipped(price, sign) : price;
  const auto decline = [&](std::uint64_t& reason) {
    ++reason;
    --orders_placed;
  };
  if (order.default_sized && order.budget > 0) {
    order.quantity = quantity_for(order.budget, fill_price);
    if (!(order.quantity > 0)) {
      decline(rejections.quantity_rounds_to_zero);
      return;
    }
  }
  const double held = position.size();
  const bool opposite = held * direction < 0;
  if (order.request.reverses && order.is_market() && held * direction > 0 &&
      entries_in(direction) >= static_cast<std::size_t>(std::max(settings.pyramiding, 1))) {
    decline(rejections.pyramiding);
    return;
  }
  double total = order.quantity;
  if (order.closes_only) {
    if (!opposite) return;
    total = std::min(total, std::fabs(held));
  } else if (order.request.reverses) {
    if (!order.is_market()) {
      total += order.reversal;
    } else if (order.adds_reversal) {
      total += reversal_of(order);
    }
  }
  total = clean_quantity(total);
  const double closing = opposite ? std::min(total, std::fabs(held)) : 0;
  double opening = clean_quantity(total - closing);
  if (opening > 0 && order.request.reverses) {
    opening = within_position_limit(opening, sign);
    total = clean_quantity(closing + opening);
    if (!(total > 0)) {
      decline(rejections.position_limit);
      return;
    }
  }
  if (opening > 0 && !admits_at_fill(order, opening, fill_price, opposite)) {
    decline(rejections.insufficient_margin);
    if (opposite)
      decline_reversal(order);
    else
      drop_orphaned_exits();
    return;
  }
  ++fills;
  remember_group_fill(order.request.oca_name, order.request.oca_type, total, false);
  if (held == 0 && !order.is_market() && order.reversal > 0) {
    // The size that was to be turned round has been traded from flat, once for all orders of that position.
    for (EntryOrder& other : entries) {
      if (other.cycle == order.cycle) other.reversal = 0;
    }
  }
  // One fee for the order, shared by what it closes and what it opens.
  const double fee = commission(total, fill_price);
  const double closing_fee = closing > 0 ? fee * (closing / total) : 0;
  if (closing > 0) {
    const Position::Exit exit{fill_price,
                              closing_fee,
                              static_cast<std::uint32_t>(bar),
                              order.request.id,
                              order.request.comment,
                              ExitReason::kOrder,
                              order.request.alert,
                              kNa,
                              fills};
    position.close(closing, exit);
    spend_oldest(closing);
    after_close(order.placed_bar, &order);
  }
  if (opening > 0) open_entry(order, opening, fill_price, fee - closing_fee, closing > 0);
  if (!order.is_market() && order.request.reverses) {
    if (order.held_direction == direction && order.resting_since + 1 == bar) fresh_add_bar = bar;
    if (slips && order.held_direction == 0 && first_stop_bar != bar) {
      first_stop_bar = bar;
      first_stop_side = direction;
    }
  }
  // Counting the fill that a stop entry makes inside the bar, TradingView closes at the bar's far end.
  const bool inside_stop = slips && !order.is_market() && !at_close && price != series.open[bar];
  after_fill(fill_price, !inside_stop ? fill_price : sign > 0 ? series.high[bar] : series.low[bar]);
}

/// What a market entry trades beside its own quantity: the opposite position. Of several entries with brackets that one
/// tick turns against it the last one has it for all, also what the others' own quantities have closed.
double Broker::State::reversal_of(const EntryOrder& order) {
  const double added = added_path == path_serial ? added_by_close : 0;
  const double opposite = std::max(0.0, -order.sign() * position.size() - added);
  const double carried = carried_path == path_serial ? std::max(0.0, order.sign() * carried_reversal) : 0;
  if (opposite == 0 && carried == 0) return 0;
  const bool more_follow = has_bracket(order.request.id) && std::ranges::any_of(entries, [&](const EntryOrder& other) {
                             return other.is_market() && other.request.reverses &&
                                    other.request.direction == order.request.direction && has_bracket(other.request.id);
                           });
  carried_path = path_serial;
  carried_reversal = more_follow ? order.sign() * (carried + std::min(order.quantity, opposite)) : 0;
  return more_follow ? 0 : opposite + carried;
}

/// The position stays as it is: a close asked for after the reversal does not happen either, and its exits rest until
/// the script issues them again.
void Broker::State::decline_reversal(const EntryOrder& order) {
  std::erase_if(closes, [&](const CloseOrder& close) { return close.serial > order.serial; });
  for (ExitOrder& exit : exits) {
    if (std::ranges::any_of(instances, [&](const EntryInstance& entry) { return covers(exit, entry); }))
      exit.dormant = true;
  }
  drop_orphaned_exits();
}

void Broker::State::open_entry(const EntryOrder& order, double quantity, double price, double fee, bool from_reversal) {
  Trade trade;
  trade.direction = order.request.direction;
  trade.entry_bar = static_cast<std::uint32_t>(bar);
  trade.entry_id = order.request.id;
  trade.entry_comment = order.request.comment;
  trade.entry_alert = order.request.alert;
  trade.quantity = quantity;
  trade.entry_price = price;
  trade.entry_commission = fee;
  trade.entry_serial = order.serial;
  trade.entry_fill = fills;
  if (position.size() == 0) {
    ++position_serial;  // a new position begins
    position_path = path_serial;
  }
  position.open(trade);
  EntryInstance entry;
  entry.serial = order.serial;
  entry.id = order.request.id;
  entry.quantity = entry.remaining = quantity;
  entry.price = price;
  entry.bar = static_cast<std::uint32_t>(bar);
  entry.path = path_serial;
  entry.placed_bar = order.placed_bar;
  entry.placed_run = order.placed_run;
  entry.from_reversal = from_reversal;
  instances.push_back(std::move(entry));
  follow_trails(price, &instances.back());
  if (order.sign() > 0 && margin_ratio(1) == 1) margin_call(price, MarginTest::kAtEntry);
}

/// What margin calls, reversals and close_all take counts against the oldest entries.
void Broker::State::spend_oldest(double quantity) {
  for (EntryInstance& entry : instances) {
    const double taken = std::min(quantity, entry.remaining);
    entry.remaining = clean_quantity(entry.remaining - taken);
    quantity = clean_quantity(quantity - taken);
  }
}

void Broker::State::after_close(std::size_t called_bar, const EntryOrder* filling, bool keeps_live_ids) {
  if (position.size() != 0) {
    // Entries that are spent have no use but for the newest, which tells when the position last grew.
    std::erase_if(instances,
                  [&](const EntryInstance& entry) { return entry.remaining <= 0 && &entry != &instances.back(); });
    return;
  }
  const std::vector<EntryInstance> ended = std::exchange(instances, {});
  ++position_serial;
  // Adds to the position, asked for before its close was, go with it; a reversal keeps them.
  if (filling == nullptr) {
    std::erase_if(entries, [&](const EntryOrder& order) {
      if (keeps_live_ids && std::ranges::find(ended, order.request.id, &EntryInstance::id) != ended.end()) return false;
      const bool pure_limit = order.stop != order.stop && order.limit == order.limit;
      return order.held_direction == static_cast<int>(order.request.direction) && order.placed_bar < called_bar &&
             !pure_limit;
    });
  }
  drop_orphaned_exits(filling);
}

void Broker::State::fill_exit(const Touch& touch) {
  const auto exit = std::ranges::find(exits, touch.serial, &ExitOrder::serial);
  const auto entry = std::ranges::find(instances, touch.entry_serial, &EntryInstance::serial);
  const auto leg = leg_of(*exit, *entry);
  const ExitRequest request = exit->request;
  const std::size_t called_bar = exit->called_bar;
  entry->exits_done.push_back(touch.serial);
  if (!leg) return;
  const double quantity = std::min(leg->quantity, std::fabs(position.size()));
  entry->remaining = clean_quantity(entry->remaining - leg->quantity);
  const double sign = position.size() > 0 ? -1 : 1;  // of the order that closes
  Position::Exit done;
  done.price = touch.is_stop ? slipped(touch.price, sign) : touch.price;
  done.fee = commission(quantity, done.price);
  done.bar = static_cast<std::uint32_t>(bar);
  done.id = request.id;
  const TextId by_leg = touch.is_trail  ? request.comment_trailing
                        : touch.is_stop ? request.comment_loss
                                        : request.comment_profit;
  done.comment = by_leg != kNoText ? by_leg : request.comment;
  done.reason = ExitReason::kExit;
  const TextId alert_by_leg = touch.is_trail  ? request.alert_trailing
                              : touch.is_stop ? request.alert_loss
                                              : request.alert_profit;
  done.alert = alert_by_leg != kNoText ? alert_by_leg : request.alert;
  done.fill = ++fills;
  remember_group_fill(request.oca_name, OcaType::kReduce, quantity, true);
  if (settings.close_any) {
    position.close(quantity, done, [&](const Trade& row) { return row.entry_serial == touch.entry_serial; });
  } else {
    position.close(quantity, done);
  }
  after_close(called_bar);
  after_fill(done.price, done.price);
}

void Broker::State::fill_close(const CloseOrder& order, double price) {
  const double held = position.size();
  // The position it was to close may be gone, or be another one.
  if (held == 0 || (!order.forced() && order.position_serial != position_serial)) {
    add_by_close(order, price);
    return;
  }
  const double quantity = order.all ? std::fabs(held) : std::min(order.quantity, std::fabs(held));
  Position::Exit done;
  done.price = slipped(price, held > 0 ? -1 : 1);
  done.fee = commission(quantity, done.price);
  done.bar = static_cast<std::uint32_t>(bar);
  done.id = order.request.id;
  done.comment = order.request.comment;
  done.reason = order.reason;
  done.alert = order.request.alert;
  if (order.all && order.request.immediately) done.listed_price = price;  // without the slippage that it pays
  done.fill = ++fills;
  if (order.all) {
    position.close(quantity, done);
    spend_oldest(quantity);
  } else {
    if (order.spends_entries) spend_bound(quantity, order.request.id);
    if (settings.close_any) {
      position.close(quantity, done, [&](const Trade& row) { return row.entry_id == order.request.id; });
    } else {
      position.close(quantity, done);
    }
  }
  after_close(order.called_bar, nullptr, order.reason == ExitReason::kCloseAll);
  if (order.forced()) return;
  after_fill(done.price, done.price);
  closed_at_close = at_close;
}

void Broker::State::add_by_close(const CloseOrder& order, double price) {
  if (order.all || settings.close_any || settings.pyramiding > 1 || at_close || instances.empty()) return;
  const EntryInstance newest = instances.back();
  if (!newest.from_reversal || newest.path != path_serial || newest.placed_bar != order.called_bar) return;
  const bool is_followed = std::ranges::any_of(entries, [&](const EntryOrder& entry) {
    return entry.is_market() && entry.request.reverses && entry.request.id == order.request.id &&
           entry.placed_bar == order.called_bar && entry.sign() * position.size() < 0;
  });
  if (!is_followed) return;
  EntryOrder made;
  made.request.id = order.request.id;
  made.request.comment = order.request.comment;
  made.request.alert = order.request.alert;
  made.request.direction = position.size() > 0 ? Direction::kLong : Direction::kShort;
  made.serial = order.serial;
  made.placed_bar = order.called_bar;
  made.placed_run = newest.placed_run;
  const double quantity = std::min(order.quantity, newest.quantity), fill_price = slipped(price, made.sign());
  ++fills;
  open_entry(made, quantity, fill_price, commission(quantity, fill_price), false);
  added_by_close = quantity;
  added_path = path_serial;
}

void Broker::State::spend_bound(double quantity, TextId id) {
  for (EntryInstance& entry : instances) {
    if (entry.id != id) continue;
    const double taken = std::min(quantity, entry.remaining);
    entry.remaining = clean_quantity(entry.remaining - taken);
    quantity = clean_quantity(quantity - taken);
  }
}

}  // namespace tradeassist::backtest
