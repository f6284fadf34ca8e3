#pragma once

#include <functional>
#include <limits>
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
  struct PathPrices {
    double open = 0, high = 0, low = 0, close = 0;
  };
  /// From the open through both extremes to the close: the bar, or one of the finer bars inside it.
  void follow_path(const PathPrices& path);
  /// The same for a bar on which no order can fill: it only moves the position's value, and may call its margin.
  void pass_bar(const PathPrices& path);
  /// True when no price from the bar's low to its high makes an order fill, arm or wake.
  bool nothing_due(const PathPrices& path) const;
  /// Where an order fills first below and above: a bar between them, its low and its high too, makes none fill.
  struct Levels {
    double floor = -std::numeric_limits<double>::infinity(), ceiling = std::numeric_limits<double>::infinity();
  };
  /// Nothing where a market order waits, or an exit whose levels move.
  std::optional<Levels> levels() const;
  bool may_pass() const;
  std::size_t pass(std::size_t first, std::size_t end);
  /// False when the margin may be called at some price from low to high.
  bool has_margin_between(double low, double high) const;
  bool high_comes_first(const PathPrices& path) const;
  /// What is due at one price: market orders, then what is at or beyond its level there.
  void fill_due(double price);
  void fill_stops_before_adds(double price);
  void fill_market_orders(double price);
  void fill_gapped_entries(double price);
  void fill_gapped_entry(EntryOrder order, double price);
  void along(double from, double to);
  void fill_closes_now(double close);
  void fill_at_close(double close);

  // Between the open and the close (recalculation.cpp) ----------------------------------------------------------------
  /// The path has reached its open (0), its first (1) or its second extreme (2): with calc_on_order_fills the script
  /// runs again where something has filled since it last did.
  void at_node(int reached);
  bool inside_path() const { return recalculating && node > 0; }

  /// What the path would meet first between two prices: an entry, or a leg of an exit.
  static constexpr std::size_t kNoBar = std::numeric_limits<std::size_t>::max();
  struct Touch {
    double level = 0;  // where on the path
    double price = 0;  // what it fills at
    std::uint64_t serial = 0;
    std::uint64_t entry_serial = 0;  // of an exit's leg; 0 for an entry
    bool is_stop = false;
    bool is_exit = false;
    bool is_trail = false;  // an exit's trailing stop; is_stop too, for it slips like one
    bool yields = false;    // to siblings at the same level
  };
  std::optional<Touch> first_touch(double from, double to, bool rising) const;
  /// Where the price must be for a limit order of this sign to fill: beyond it by the assumed ticks.
  double limit_trigger(double limit, double sign) const {
    const int ticks = settings.backtest_fill_limits_assumption;
    return ticks == 0 ? limit : prices.round(limit - sign * ticks * prices.tick());
  }
  /// True for a priced entry that may not fill on this bar because of what has filled on it.
  bool waits_this_bar(const EntryOrder& order) const;
  std::vector<EntryOrder>::iterator next_market_entry();
  /// First leg, of those that `takes`, whose stop or limit is reached at this price.
  using TakesLeg = std::function<bool(const ExitOrder&, const EntryInstance&)>;
  std::optional<Touch> marketable_leg(double price, const TakesLeg& takes, bool stops_only = false) const;
  /// Of the exits of an entry that are due at one price, where one of them trails, those of a part come last
  /// (finer-rules §4.12).
  bool yields_to_siblings(const ExitOrder& exit, const EntryInstance& entry) const;
  /// True for a leg that is not filled by the tick which opened its position, already beyond its level.
  bool spared_by_open(const ExitOrder& exit, const EntryInstance& entry) const;

  // Orders (order_book.cpp) -----------------------------------------------------------------------------------------
  void place(const EntryRequest& request);
  void place(const ExitRequest& request);
  void place(const CloseRequest& request);
  void cancel(TextId id);
  void cancel_all();
  /// Removes exits that neither an open nor a pending entry needs; `filling` is about to open.
  void drop_orphaned_exits(const EntryOrder* filling = nullptr);
  double held_after_closes() const;  // size that the closes asked for so far leave
  /// What a priced entry given now is to turn round: the opposite position that the closes leave, and the opposite
  /// market entries that this run of the script has asked for.
  double opposite_at_call(int direction) const;
  bool has_bracket(TextId id) const;  // some exit names this entry
  std::size_t entries_in(int side) const;

  /// A leg of an exit for one entry: how much, and its levels on the grid (na = absent).
  struct Leg {
    double quantity = 0, limit = kNa, stop = kNa;
    double trail = kNa;     // where its armed trailing stop stands
    double trail_at = kNa;  // without an offset: the activation level, where it fills
  };
  std::optional<Leg> leg_of(const ExitOrder& exit, const EntryInstance& entry) const;
  bool covers(const ExitOrder& exit, const EntryInstance& entry) const;
  double reserved_before(const ExitOrder& exit, const EntryInstance& entry) const;
  double requested(const ExitOrder& exit, const EntryInstance& entry) const;

  // Trailing stops (trailing.cpp) -----------------------------------------------------------------------------------
  double activation_level(const ExitRequest& request, const EntryInstance& entry) const;
  void set_trail(const ExitOrder& exit, const EntryInstance& entry, Leg& leg) const;
  /// The path has come to this price: trailing stops arm and follow. At a fill those of the new entry alone do.
  void follow_trails(double price, const EntryInstance* filled = nullptr);
  /// Of an exit as it is issued: keeps what an identical earlier one knew, else starts at this bar's close.
  void start_trails(ExitOrder& exit, const ExitOrder* earlier) const;

  // OCA groups (oca.cpp) --------------------------------------------------------------------------------------------
  struct GroupFill {
    TextId name = kNoText;
    OcaType type = OcaType::kNone;
    double quantity = 0;
    bool of_exit = false;
  };
  /// Remembered until the price moves on: orders of a group that are due at one tick all fill.
  void remember_group_fill(TextId name, OcaType type, double quantity, bool of_exit);
  void apply_group_fills();

  // Fills (fills.cpp) -------------------------------------------------------------------------------------------
  void fill_entry(EntryOrder order, double price, bool slips);
  void fill_exit(const Touch& touch);
  void fill_close(const CloseOrder& order, double price);
  /// A close whose position an entry of the same run has just turned round, with another entry of its id to follow: it
  /// adds to the new position instead (finer-rules §6.12).
  void add_by_close(const CloseOrder& order, double price);
  void open_entry(const EntryOrder& order, double quantity, double price, double fee, bool from_reversal);
  void spend_oldest(double quantity);
  void spend_bound(double quantity, TextId id);
  double reversal_of(const EntryOrder& order);
  void decline_reversal(const EntryOrder& order);
  /// After rows were closed by an order that the script gave on `called_bar`, or by an entry that now opens the other
  /// side.
  void after_close(std::size_t called_bar, const EntryOrder* filling = nullptr, bool keeps_live_ids = false);
  double commission(double quantity, double price) const;
  /// A market or stop fill: moved against the order and put on the next tick that way.
  double slipped(double price, double sign) const {
    if (settings.slippage == 0) return price;
    const double moved = price + sign * settings.slippage * prices.tick();
    return sign > 0 ? prices.ceil(moved) : prices.floor(moved);
  }

  // Risk rules (risk.cpp) -------------------------------------------------------------------------------------------
  enum class Halt : std::uint8_t { kNone, kForTheDay, kForGood };
  /// Before a bar's orders: a new trading day ends a halt for the day and judges the one that is over.
  void roll_day();
  /// After an order has filled at `price`; `forced_price` is where a halt would close.
  void after_fill(double price, double forced_price);
  void test_drawdown(double price);
  void test_intraday_loss(double price);
  /// Nothing pending, no position, no new orders.
  void halt(Halt until, ExitReason reason, double price);
  /// What of `quantity` more contracts on this side strategy.risk.max_position_size leaves.
  double within_position_limit(double quantity, double sign) const;

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
  /// A margin call: `shortage` is the value of the part of the position that there is no margin for.
  void liquidate(double shortage, double price, MarginTest test);
  void fill_woken(const std::vector<std::uint64_t>& woken, double price);

  pine::StrategySettings settings;
  PriceGrid prices;
  QuantityGrid quantities;
  double own_point_value;     // in the instrument's currency
  double point_value;         // in the account's
  std::vector<double> rates;  // of exchange, by bar; empty = one
  BarMagnifier magnifier;
  const market::Series& series;

  Position position;
  std::vector<EntryOrder> entries;
  std::vector<ExitOrder> exits;
  std::vector<CloseOrder> closes;
  std::vector<EntryInstance> instances;
  std::vector<GroupFill> group_fills;  // of this tick
  bool trailing = false;               // some exit of the run trails: the path has to be followed for it
  std::uint64_t next_serial = 1;
  std::uint64_t position_serial = 1;  // grows whenever a position ends
  std::size_t bar = 0;
  double now = 0;                   // the price the path has reached; at the script's run its close
  std::uint64_t path_serial = 0;    // of the bar's path, or of the finer bar's inside it
  double carried_reversal = 0;      // signed: closed by earlier entries of a tick, for its last one to trade too
  std::uint64_t carried_path = 0;   // on which that was
  double added_by_close = 0;        // what the entry that follows does not turn round
  std::uint64_t added_path = 0;     // on which that was
  std::uint64_t position_path = 0;  // on which the position was opened
  std::function<bool()> recalculate;
  bool recalculating = false;               // the script runs inside the path
  int node = 0;                             // reached last
  std::uint64_t run = 0;                    // of the script
  std::uint64_t fills = 0, fills_seen = 0;  // orders filled; those known to the script's last run
  double path_high = 0, path_low = 0;       // of the nodes reached on this bar
  bool margin_called = false;               // on this bar
  int allowed = 0;
  RiskRules risk;
  TradingDays trading_days;
  Halt halted = Halt::kNone;
  std::optional<double> day;  // the trading day of the bar, once a rule asked for it
  double day_equity = 0;      // at its start
  int filled_today = 0, losing_days = 0;
  bool at_close = false;                // the orders of this bar's close are being filled
  bool closed_at_close = false;         // and one of them has closed the position: an entry now shares its slot
  std::size_t first_stop_bar = kNoBar;  // a stop entry placed from flat has filled on this bar
  int first_stop_side = 0;
  std::size_t fresh_add_bar = kNoBar;  // a priced add of the bar before has filled on this bar
  RejectionCounts rejections;
  std::uint64_t orders_placed = 0;
};

}  // namespace tradeassist::backtest
