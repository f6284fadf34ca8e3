// calc_on_order_fills: the script runs again inside the bar (broker.md §3, finer-rules §10).
#include <algorithm>

#include "backtest/broker/state.hpp"

namespace tradeassist::backtest {

void Broker::State::at_node(int reached) {
  if (!recalculate || settings.process_orders_on_close) return;
  node = reached;
  path_high = std::max(path_high, now);
  path_low = std::min(path_low, now);
  // Entries that the script gave inside this path fill at its nodes, none on the way.
  const auto waits = [&](const EntryOrder& order) { return order.waits_on_path == path_serial; };
  if (std::ranges::any_of(entries, waits)) {
    recalculating = true;
    fill_gapped_entries(now);
    recalculating = false;
  }
  // A run stands at least one node after the one before, and sees what has filled up to here.
  if (fills == fills_seen || reached < next_node) return;
  fills_seen = fills;
  next_node = reached + 1;
  ++run;
  recalculating = true;
  if (recalculate()) {
    fill_closes_now(now);
    fill_due(now);
  } else {
    recalculate = nullptr;
  }
  recalculating = false;
}

}  // namespace tradeassist::backtest
