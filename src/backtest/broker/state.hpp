#pragma once

#include <optional>
#include <vector>

#include "backtest/broker.hpp"
#include "backtest/broker/orders.hpp"
#include "backtest/broker/position.hpp"
#include "backtest/broker/price_grid.hpp"

namespace tradeassist::backtest {

/// Everything the broker emulator knows, and its work in the order of a bar: the open, the path, the close.
struct Broker::State {
  State(const pine::StrategySettings& settings_, const market::Instrument& instrument, const market::Series& series_);

  // The bar (path.cpp) ------------------------------------------------------------------------------------------
  void begin_bar(std::size_t bar);
  void end_bar();
  void at_open(double price);
  void along(double from, double to);
  void fill_closes_now(double close);

  /// What the path would meet first between two prices: an entry, or a leg of an exit.
  struct Touch {
    double level = 0;  // where on the path
    double price = 0;  // what it fills at
    std::uint64_t serial = 0;
    std::uint64_t entry_serial = 0;  // of an exit's leg; 0 for an entry
    bool is_stop = false;
    bool is_exit = false;
  };
  std::optional<Touch> first_touch(double from, double to) const;
  /// Where the price must be for a limit order of this sign to fill: beyond it by the assumed ticks.
  double limit_trigger(double limit, double sign) const {
    const int ticks = settings.backtest_fill_limits_assumption;
    return ticks == 0 ? limit : prices.round(limit - sign * ticks * prices.tick());
  }
  std::vector<EntryOrder>::iterator next_market_entry();
  /// First leg, of those that `takes`, whose stop or limit is reached at this price.
  template <class Takes>
  std::optional<Touch> marketable_leg(double price, const Takes& takes) const;

  // Orders (order_book.cpp) -----------------------------------------------------------------------------------------
  void place(const EntryRequest& request);
  void place(const ExitRequest& request);
  void place(const CloseRequest& request);
  void cancel(TextId id);
  /// Removes exits that neither an open nor a pending entry needs; `filling` is about to open.
  void drop_orphaned_exits(const EntryOrder* filling = nullptr);
  double held_after_closes() const;  // size that the closes asked for so far leave
  std::size_t entries_in(int side) const;

  /// A leg of an exit for one entry: how much, and its levels on the grid (na = absent).
  struct Leg {
    double quantity = 0, limit = kNa, stop = kNa;
  };
  std::optional<Leg> leg_of(const ExitOrder& exit, const EntryInstance& entry) const;
  bool covers(const ExitOrder& exit, const EntryInstance& entry) const;
  double reserved_before(const ExitOrder& exit, const EntryInstance& entry) const;
  double requested(const ExitOrder& exit, const EntryInstance& entry) const;

  // Fills (fills.cpp) -------------------------------------------------------------------------------------------
  void fill_entry(EntryOrder order, double price, bool slips);
  void fill_exit(std::uint64_t exit_serial, std::uint64_t entry_serial, double price, bool is_stop);
  void fill_close(const CloseOrder& order, double price);
  void open_entry(const EntryOrder& order, double quantity, double price, double fee, bool from_reversal);
  void spend_oldest(double quantity);
  void spend_bound(double quantity, TextId id);
  void decline_reversal(const EntryOrder& order);
  /// After rows were closed by an order that the script gave on `called_bar`, or by an entry that now opens the other
  /// side.
  void after_close(std::size_t called_bar, const EntryOrder* filling = nullptr);
  double commission(double quantity, double price) const;
  /// A market or stop fill: moved against the order and put on the next tick that way.
  double slipped(double price, double sign) const {
    if (settings.slippage == 0) return price;
    const double moved = price + sign * settings.slippage * prices.tick();
    return sign > 0 ? prices.ceil(moved) : prices.floor(moved);
  }

  // Sizing and margin (margin.cpp) ------------------------------------------------------------------------------
  double default_quantity(double price) const;
  double budget() const;
  double quantity_for(double money, double price) const;
  double margin_ratio(double sign) const { return (sign > 0 ? settings.margin_long : settings.margin_short) / 100; }
  bool admits_at_call(const EntryOrder& order) const;
  bool admits_at_fill(const EntryOrder& order, double quantity, double price, bool reverses) const;
  /// Liquidates what the equity no longer carries. At an entry it is done at the fill itself; a long that is fully
  /// margined is tested only there, because the price alone cannot make it short of money.
  enum class MarginTest { kAtEntry, kOnPath };
  void margin_call(double price, MarginTest test);

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
  double now = 0;              // the price the path has reached
  bool margin_called = false;  // on this bar
  int allowed = 0;
  RejectionCounts rejections;
  std::uint64_t orders_placed = 0;
};

}  // namespace tradeassist::backtest
