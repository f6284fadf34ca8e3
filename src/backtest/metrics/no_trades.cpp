#include "backtest/metrics/no_trades.hpp"

#include <fmt/format.h>

namespace tradeassist::backtest {

std::vector<std::string> explain_no_trades(const RunResult& result) {
  if (!result.trades.empty()) return {};
  const RejectionCounts& rejected = result.rejections;
  std::vector<std::string> reasons;
  const auto say = [&](std::uint64_t count, std::string_view why) {
    if (count > 0) reasons.push_back(fmt::format("{} order{} {}", count, count == 1 ? " was" : "s were", why));
  };
  say(rejected.quantity_rounds_to_zero,
      "dropped because the quantity rounds down to zero: the capital or the order size is too small for one quantity "
      "step "
      "of this instrument at its price.");
  say(rejected.no_quantity, "given with a quantity (`qty`) that is na, zero or negative, and not placed.");
  say(rejected.insufficient_margin,
      "rejected because the position would need more margin than there is equity: lower the order size or the margin "
      "percentages, or raise the initial capital.");
  say(rejected.no_equity, "dropped because no equity was left to size a default order from.");
  say(rejected.entry_not_allowed, "against the direction that strategy.risk.allow_entry_in allows and not entered.");
  say(rejected.pyramiding, "refused because the position already has as many entries as pyramiding allows.");
  say(rejected.no_matching_entry, "to exit or close an entry that was neither open nor pending, and did nothing.");
  if (result.orders_placed > 0) {
    reasons.push_back(
        fmt::format("{} order{} placed but never filled: the price did not reach the limit or stop levels before they "
                    "were cancelled or "
                    "replaced, or the last bar came first.",
                    result.orders_placed, result.orders_placed == 1 ? " was" : "s were"));
  } else if (reasons.empty()) {
    reasons.emplace_back(
        "The script never placed an order: its entry conditions were never true on these bars. Check that there are "
        "more "
        "bars than its longest length needs.");
  }
  return reasons;
}

}  // namespace tradeassist::backtest
