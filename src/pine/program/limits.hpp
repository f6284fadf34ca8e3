#pragma once

#include <cstdint>

namespace tradeassist::pine {

/// What one run may take: the one place of every bound. What TradingView bounds is bounded alike; the rest keeps a
/// script, however it is written, from taking the server's memory or time. Beyond a bound the run ends with an error at
/// the place in the script that passed it.
struct Limits {
  // Time. A step is one operation of the program, or one element that a call of a collection or string function
  // touches; steps are counted, so that a run ends at the same place on every machine. The clock is the last resort.
  std::uint64_t loop_iterations_max = 5'000'000;  // per bar; TradingView: half a second
  std::uint64_t bar_steps_max = 1'000'000'000;
  std::uint64_t run_steps_max = 10'000'000'000;  // with the run's requests; TradingView: 20 or 40 seconds,
  std::uint64_t run_steps_of_bar = 100'000;      // and so many more for every bar of the chart
  std::uint32_t run_seconds_max = 600;

  // Memory.
  std::uint32_t dynamic_history_max = 5'000;     // bars back for a dynamic offset
  std::uint64_t series_bytes_max = 2ull << 30;   // past values, windows of ta.*, plots, results of requests
  std::uint64_t heap_bytes_max = 256ull << 20;   // all arrays, maps, matrices, records and drawings of a run
  std::uint64_t string_bytes_max = 64ull << 20;  // all strings of a run
  std::uint32_t string_length_max = 40'960;      // of one string
  std::uint32_t collection_elements_max = 100'000;
  std::uint32_t map_pairs_max = 50'000;

  // Drawings that are kept of each kind, at most, whatever the declaration says: with one more the oldest goes.
  std::uint32_t labels_max = 500, lines_max = 500, boxes_max = 500, polylines_max = 100;
  std::uint32_t tables_max = 9;  // one a position
  std::uint32_t polyline_points_max = 10'000;
  std::uint32_t table_cells_max = 100'000;  // of all tables together

  // What is recorded and asked for.
  std::uint32_t messages_max = 10'000;  // alerts and log lines; later ones are dropped
  std::uint64_t message_bytes_max = 16ull << 20;
  std::uint32_t requests_max = 64;  // different request.*(): call, symbol, timeframe; TradingView has 40 or 64
  std::uint32_t pending_orders_max = 10'000;  // waiting at one time
  std::uint32_t trades_max = 1'000'000;       // open and closed
};

}  // namespace tradeassist::pine
