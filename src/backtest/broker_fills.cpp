// What a fill does: the price it gets, the rows it opens and closes, the fee it pays.
#include <algorithm>
#include <cmath>

#include "backtest/broker_state.hpp"

namespace tradeassist::backtest {

double Broker::State::commission(double quantity, double price) const {
  double fee = 0;
  switch (settings.commission_type) {
    case pine::CommissionType::kPercent: fee = settings.commission_value / 100 * quantity * price * point_value; break;
    case pine::CommissionType::kCashPerContract: fee = settings.commission_value * quantity; break;
    case pine::CommissionType::kCashPerOrder: fee = settings.commission_value; break;
  }
  return ten_digits(fee);
}

void Broker::State::fill_entry(EntryOrder order, double price, bool slips) {
  const double sign = order.sign();
  const int direction = static_cast<int>(order.request.direction);
  const double fill_price = slips ? slipped(price, sign) : price;
  if (order.default_sized && order.budget > 0) {
    order.quantity = quantity_for(order.budget, fill_price);
    if (!(order.quantity > 0)) {
      ++rejections.quantity_rounds_to_zero;
      return;
    }
  }
  const double held = position.size();
  const bool opposite = held * direction < 0;
  if (order.request.reverses && order.is_market() && held * direction > 0 &&
      entries_in(direction) >= static_cast<std::size_t>(std::max(settings.pyramiding, 1))) {
    ++rejections.pyramiding;
    return;
  }
  double total = order.quantity;
  if (order.request.reverses) {
    if (!order.is_market()) total += order.reversal;
    else if (opposite && order.adds_reversal) total += std::fabs(held);
  }
  total = clean_quantity(total);
  const double closing = opposite ? std::min(total, std::fabs(held)) : 0;
  const double opening = clean_quantity(total - closing);
  if (opening > 0 && !admits_at_fill(order, opening, fill_price, opposite)) {
    ++rejections.insufficient_margin;
    return;
  }
  const double fee = commission(total, fill_price);
  const double closing_fee = closing > 0 ? fee * (closing / total) : 0;
  if (closing > 0) {
    Position::Exit exit{fill_price, closing_fee, static_cast<std::uint32_t>(bar), order.request.id,
                        order.request.comment, ExitReason::kOrder};
    close_rows(closing, exit);
  }
  if (opening > 0) open_entry(order, opening, fill_price, fee - closing_fee, closing > 0);
}

void Broker::State::open_entry(const EntryOrder& order, double quantity, double price, double fee, bool from_reversal) {
  Trade trade;
  trade.direction = order.request.direction;
  trade.entry_bar = static_cast<std::uint32_t>(bar);
  trade.entry_id = order.request.id;
  trade.entry_comment = order.request.comment;
  trade.quantity = quantity;
  trade.entry_price = price;
  trade.entry_commission = fee;
  trade.entry_serial = order.serial;
  position.open(trade);
  EntryInstance entry;
  entry.serial = order.serial;
  entry.id = order.request.id;
  entry.quantity = entry.remaining = quantity;
  entry.price = price;
  entry.bar = static_cast<std::uint32_t>(bar);
  entry.from_reversal = from_reversal;
  instances.push_back(std::move(entry));
  if (instances.size() == 1) ++position_serial;  // a new position begins
  // A fully margined long can only be short of money here, never by the price alone.
  if (order.sign() > 0 && margin_ratio(1) == 1) margin_call(price);
}

double Broker::State::close_rows(double quantity, const Position::Exit& exit, std::uint64_t only_entry) {
  const double closed =
      settings.close_any && only_entry != 0
          ? position.close(quantity, exit, [&](const Trade& row) { return row.entry_serial == only_entry; })
          : position.close(quantity, exit);
  if (only_entry == 0) {  // reversals, margin calls, close_all: taken from the oldest entries
    double left = closed;
    for (EntryInstance& entry : instances) {
      const double taken = std::min(left, entry.remaining);
      entry.remaining = clean_quantity(entry.remaining - taken);
      left = clean_quantity(left - taken);
    }
  }
  after_position_change();
  return closed;
}

void Broker::State::after_position_change() {
  if (position.size() != 0) return;
  instances.clear();
  ++position_serial;
  // Adds to the position that is gone, asked for on an earlier bar while it was held, go with it.
  std::erase_if(entries, [&](const EntryOrder& order) {
    const bool pure_limit = order.stop != order.stop && order.limit == order.limit;
    return order.held_direction == static_cast<int>(order.request.direction) && order.placed_bar < bar && !pure_limit;
  });
  drop_orphaned_exits();
}

void Broker::State::fill_exit(std::uint64_t exit_serial, std::uint64_t entry_serial, double price, bool is_stop) {
  const auto exit = std::ranges::find(exits, exit_serial, &ExitOrder::serial);
  const auto entry = std::ranges::find(instances, entry_serial, &EntryInstance::serial);
  const auto leg = leg_of(*exit, *entry);
  const ExitRequest request = exit->request;
  entry->exits_done.push_back(exit_serial);
  if (!leg) return;
  const double quantity = std::min(leg->quantity, std::fabs(position.size()));
  entry->remaining = clean_quantity(entry->remaining - leg->quantity);
  const double sign = position.size() > 0 ? -1 : 1;  // of the order that closes
  Position::Exit done;
  done.price = is_stop ? slipped(price, sign) : price;
  done.fee = commission(quantity, done.price);
  done.bar = static_cast<std::uint32_t>(bar);
  done.id = request.id;
  const TextId by_leg = is_stop ? request.comment_loss : request.comment_profit;
  done.comment = by_leg != kNoText ? by_leg : request.comment;
  done.reason = ExitReason::kExit;
  close_rows(quantity, done, entry_serial);
}

void Broker::State::fill_close(const CloseOrder& order, double price) {
  const double held = position.size();
  if (held == 0) return;
  const double quantity = order.all ? std::fabs(held) : std::min(order.quantity, std::fabs(held));
  Position::Exit done;
  done.price = slipped(price, held > 0 ? -1 : 1);
  done.fee = commission(quantity, done.price);
  done.bar = static_cast<std::uint32_t>(bar);
  done.id = order.request.id;
  done.comment = order.request.comment;
  done.reason = order.all ? ExitReason::kCloseAll : ExitReason::kClose;
  if (order.all) {
    close_rows(quantity, done);
    return;
  }
  spend_bound(quantity, order.request.id);
  if (settings.close_any) {
    position.close(quantity, done, [&](const Trade& row) { return row.entry_id == order.request.id; });
  } else {
    position.close(quantity, done);
  }
  after_position_change();
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
