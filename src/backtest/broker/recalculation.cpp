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
  // What fills after a run, at its own node too, is known to the run at the next one.
  if (fills == fills_seen) return;
  fills_seen = fills;
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
