#pragma once

#include <cstdint>
#include <vector>

#include "backtest/broker.hpp"

namespace tradeassist::backtest {

/// A pending strategy.entry or strategy.order.
struct EntryOrder {
  EntryRequest request;
  std::uint64_t serial = 0;  // order of creation; the entry it makes carries it
  std::size_t placed_bar = 0;
  std::size_t resting_since = 0;    // the bar from which a limit of this id has stood at this price
  std::uint64_t placed_run = 0;     // the run of the script that gave it
  std::uint64_t cycle = 0;          // State::position_serial when placed
  std::uint64_t waits_on_path = 0;  // given inside this path: on it, fills at the nodes only; 0 = never
  bool default_sized = false;
  double quantity = 0;             // own; 0 for a priced default-sized order until it fills
  double budget = 0;               // money of a priced default-sized order
  double reversal = 0;             // priced: opposite position at placement, netted at the fill
  bool adds_reversal = true;       // market: false when re-issued on its own bar
  double sizing_equity = 0;        // equity at the close of the placement
  double signal_price = 0;         // that close, pushed by slippage
  double limit = kNa, stop = kNa;  // on the grid; a reached stop of a stop-limit becomes na
  int held_direction = 0;          // side of the position when placed
  bool closes_only = false;        // its direction is not allowed: it may end the opposite position, not open one

  bool is_market() const { return limit != limit && stop != stop; }
  double sign() const { return static_cast<double>(request.direction); }
};

/// A trailing stop of one entry: unarmed until the price reaches its activation level, then following the best price.
struct Trail {
  std::uint64_t entry_serial = 0;
  bool armed = false;
  double best = 0;
};

/// A pending strategy.exit: one leg for every entry it covers, made from the entry's own price when looked at.
struct ExitOrder {
  ExitRequest request;
  std::uint64_t serial = 0;
  std::uint64_t covers_until = 0;     // last entry serial that a named from_entry covers
  std::uint64_t position_serial = 0;  // of an unnamed one: the position it belongs to
  std::size_t called_bar = 0;         // of the last call
  bool awaits_entry = false;          // its entry was cancelled: it waits for another order of that id
  bool dormant = false;               // a reversal of its position was declined; acts again when re-issued
  std::vector<Trail> trails{};        // of the entries it covers, once the path has gone on with them
};

/// A pending strategy.close or close_all: a market order for what it named when called.
struct CloseOrder {
  CloseRequest request;
  std::uint64_t serial = 0;
  std::size_t called_bar = 0;
  std::uint64_t position_serial = 0;  // of the position it is to close; void once that is gone
  double quantity = 0;                // of close(id); close_all takes what is there
  bool all = false;
  bool spends_entries = true;  // counts against what was entered under its id
  ExitReason reason = ExitReason::kClose;

  bool forced() const { return reason != ExitReason::kClose && reason != ExitReason::kCloseAll; }
};

/// An entry that was filled, as its exits see it: what remains bound to it, whatever rows FIFO has used up.
struct EntryInstance {
  std::uint64_t serial = 0;
  TextId id = kNoText;
  double quantity = 0, remaining = 0;
  double price = 0;
  std::uint32_t bar = 0;
  std::uint64_t path = 0;        // State::path_serial at its fill
  std::size_t placed_bar = 0;    // of its order
  std::uint64_t placed_run = 0;  // likewise
  bool from_reversal = false;
  std::vector<std::uint64_t> exits_done;  // exit orders whose leg has filled
};

}  // namespace tradeassist::backtest
