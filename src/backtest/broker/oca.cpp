// One cancels all, or one reduces all: what a fill does to the other orders of its group (broker.md §2.7).
#include <algorithm>

#include "backtest/broker/state.hpp"

namespace tradeassist::backtest {

void Broker::State::remember_group_fill(TextId name, OcaType type, double quantity, bool of_exit) {
  if (name == kNoText || type == OcaType::kNone) return;
  group_fills.push_back({name, type, quantity, of_exit});
}

void Broker::State::apply_group_fills() {
  if (group_fills.empty()) return;
  for (const GroupFill& fill : group_fills) {
    std::erase_if(entries, [&](EntryOrder& order) {
      if (order.request.oca_name != fill.name || order.request.oca_type != fill.type) return false;
      // An order without a quantity of its own has nothing that could be reduced.
      if (fill.type == OcaType::kCancel || order.default_sized) return true;
      order.quantity = clean_quantity(order.quantity - fill.quantity);
      return order.quantity <= 0;
    });
    // Exits among themselves share the position by reservation; entries and orders of their group reduce them.
    if (fill.type != OcaType::kReduce || fill.of_exit) continue;
    std::erase_if(exits, [&](ExitOrder& exit) {
      if (exit.request.oca_name != fill.name) return false;
      if (exit.request.quantity != exit.request.quantity) return true;
      exit.request.quantity = clean_quantity(exit.request.quantity - fill.quantity);
      return exit.request.quantity <= 0;
    });
  }
  group_fills.clear();
  drop_orphaned_exits();
}

}  // namespace tradeassist::backtest
