#pragma once

#include <optional>
#include <vector>

#include "backtest/broker.hpp"
#include "backtest/orders.hpp"
#include "backtest/position.hpp"
#include "backtest/price_grid.hpp"

namespace tradeassist::backtest {

/// Everything the broker emulator knows, and its work in the order of a bar: the open, the path, the close.
struct Broker::State {
  State(const pine::StrategySettings& settings_, const market::Instrument& instrument, const market::Series& series_);

  // The bar (broker_path.cpp) ------------------------------------------------------------------------------------------
  void begin_bar(std::size_t bar);
  void end_bar();
  void at_open(double price);
  void along(double from, double to);
  bool anything_in_reach(double low, double high) const;

  /// What the path would meet first between two prices: an entry, or a leg of an exit.
  struct Touch {
    double level = 0;
    std::uint64_t serial = 0;
    std::uint64_t entry_serial = 0;  // of an exit's leg; 0 for an entry
    bool is_stop = false;
    bool is_exit = false;
  };
  std::optional<Touch> first_touch(double from, double to) const;

  // Orders (broker_orders.cpp) -----------------------------------------------------------------------------------------
  void place(const EntryRequest& request);
  void place(const ExitRequest& request);
  void place(const CloseRequest& request);
  void cancel(TextId id);
  void drop_orphaned_exits();
  std::size_t entries_in(int side) const;

  /// A leg of an exit for one entry: how much, and its levels on the grid (na = absent).
  struct Leg {
    double quantity = 0, limit = kNa, stop = kNa;
  };
  std::optional<Leg> leg_of(const ExitOrder& exit, const EntryInstance& entry) const;
  bool covers(const ExitOrder& exit, const EntryInstance& entry) const;
  double reserved_before(const ExitOrder& exit, const EntryInstance& entry) const;
  double requested(const ExitOrder& exit, const EntryInstance& entry) const;

  // Fills (broker_fills.cpp) -------------------------------------------------------------------------------------------
  void fill_entry(EntryOrder order, double price, bool slips);
  void fill_exit(std::uint64_t exit_serial, std::uint64_t entry_serial, double price, bool is_stop);
  void fill_close(const CloseOrder& order, double price);
  void open_entry(const EntryOrder& order, double quantity, double price, double fee, bool from_reversal);
  double close_rows(double quantity, const Position::Exit& exit, std::uint64_t only_entry = 0);
  void spend_bound(double quantity, TextId id);
  void after_position_change();
  double commission(double quantity, double price) const;
  double slipped(double price, double sign) const { return price + sign * settings.slippage * prices.tick(); }

  // Sizing and margin (broker_margin.cpp) ------------------------------------------------------------------------------
  double default_quantity(double price) const;
  double budget() const;
  double quantity_for(double money, double price) const;
  double margin_ratio(double sign) const { return (sign > 0 ? settings.margin_long : settings.margin_short) / 100; }
  bool admits_at_call(const EntryOrder& order) const;
  bool admits_at_fill(const EntryOrder& order, double quantity, double price, bool reverses) const;
  void margin_call(double price);

  pine::StrategySettings settings;
  PriceGrid prices;
  QuantityGrid quantities;
  double point_value;
  const market::Series& series;

  Position position;
  std::vector<EntryOrder> entries;
  std::vector<ExitOrder> exits;
  std::vector<CloseOrder> closes;
  std::vector<EntryInstance> instances;
  std::uint64_t next_serial = 1;
  std::uint64_t position_serial = 1;  // grows whenever a position ends
  std::size_t bar = 0;
  double now = 0;                     // the price the path has reached
  bool margin_called = false;         // on this bar
  int allowed = 0;
  RejectionCounts rejections;
  std::uint64_t orders_placed = 0;
};

}  // namespace tradeassist::backtest
