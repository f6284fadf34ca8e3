#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "market/instrument.hpp"
#include "market/series.hpp"
#include "pine/program/settings.hpp"

namespace tradeassist::backtest {

/// A string of the run's table (order ids, comments); kNoText when absent.
using TextId = std::uint32_t;
constexpr TextId kNoText = std::numeric_limits<TextId>::max();
constexpr double kNa = std::numeric_limits<double>::quiet_NaN();

enum class Direction : std::int8_t { kLong = 1, kShort = -1 };

/// What the fill of an order does to the others of its group: those of the same name and the same type.
enum class OcaType : std::uint8_t { kNone, kCancel, kReduce };

/// strategy.entry / strategy.order. NaN quantity = the default size; NaN prices = absent.
struct EntryRequest {
  TextId id = kNoText;
  Direction direction = Direction::kLong;
  double quantity = kNa, limit = kNa, stop = kNa;
  TextId comment = kNoText;
  bool reverses = true;  // entry: obeys pyramiding and closes the opposite position; order: nets
  TextId oca_name = kNoText;
  OcaType oca_type = OcaType::kNone;
  TextId alert = kNoText;  // alert_message, unless the order's alert is disabled
};

/// strategy.exit. `from_entry` kNoText = every entry. Profit, loss and trail_points are ticks from the trade's entry
/// price, trail_offset is ticks. A named OCA group of exits is one of type reduce.
struct ExitRequest {
  TextId id = kNoText, from_entry = kNoText;
  double quantity = kNa, quantity_percent = 100;
  double profit = kNa, limit = kNa, loss = kNa, stop = kNa;
  double trail_price = kNa, trail_points = kNa, trail_offset = kNa;
  TextId comment = kNoText, comment_profit = kNoText, comment_loss = kNoText, comment_trailing = kNoText;
  TextId oca_name = kNoText;
  TextId alert = kNoText, alert_profit = kNoText, alert_loss = kNoText, alert_trailing = kNoText;

  bool trails() const { return trail_price == trail_price || trail_points == trail_points; }
};

/// strategy.close (id given) and strategy.close_all (id kNoText).
struct CloseRequest {
  TextId id = kNoText;
  TextId comment = kNoText;
  double quantity = kNa, quantity_percent = 100;
  bool immediately = false;
  TextId alert = kNoText;
  std::uint32_t call_site = 0;  // where in the script it stands; 0 = not told
};

/// How a trade's exit came about, for signal texts that the script did not name.
enum class ExitReason : std::uint8_t {
  kOpen,
  kOrder,
  kClose,
  kCloseAll,
  kExit,
  kMarginCall,
  kMaxFilledOrders,  // this and what follows: a rule of strategy.risk.*
  kMaxIntradayLoss,
  kMaxDrawdown,
  kMaxLosingDays,
};

/// One entry piece matched with one exit piece (TradingView's "trade"). Money in account currency, signed quantities
/// are positive; run-up >= 0 and drawdown <= 0, both net of the entry fee, over the path the trade lived through.
struct Trade {
  Direction direction = Direction::kLong;
  std::uint32_t entry_bar = 0, exit_bar = 0;
  TextId entry_id = kNoText, exit_id = kNoText;
  TextId entry_comment = kNoText, exit_comment = kNoText;
  TextId entry_alert = kNoText, exit_alert = kNoText;  // the alert messages of the fills
  ExitReason exit_reason = ExitReason::kOpen;
  double quantity = 0;
  double entry_price = 0, exit_price = kNa;
  double entry_commission = 0, exit_commission = 0;
  double profit = 0;  // net of commission; open trades: at the last close, exit fee not included
  double run_up = 0, drawdown = 0;
  double point_value = 1;  // account currency for a point of price, of one contract: at the exit, of open trades now
  std::uint64_t entry_serial = 0;               // equal for the pieces of one entry order
  std::uint64_t entry_fill = 0, exit_fill = 0;  // fills are numbered in their order; one may turn a position round
};

/// Why an order never became a trade, counted so that a run without trades can say why.
struct RejectionCounts {
  std::uint64_t quantity_rounds_to_zero = 0, insufficient_margin = 0, pyramiding = 0, no_equity = 0,
                entry_not_allowed = 0, no_matching_entry = 0, position_limit = 0, no_quantity = 0;
};

/// A loss in account currency, or in percent of the equity it is measured from. NaN = no limit.
struct LossLimit {
  double value = kNa;
  bool percent = false;

  double money(double reference) const { return percent ? value / 100 * reference : value; }
};

/// strategy.risk.*, NaN = not asked for. Days are trading days of the exchange.
struct RiskRules {
  double max_position_size = kNa;  // contracts
  double max_filled_orders = kNa;  // in a day
  double max_losing_days = kNa;    // one after the other
  LossLimit max_intraday_loss{};   // against the equity at the day's start
  LossLimit max_drawdown{};        // against the highest realised equity

  bool any() const {
    return max_position_size == max_position_size || max_filled_orders == max_filled_orders ||
           max_losing_days == max_losing_days || max_intraday_loss.value == max_intraday_loss.value ||
           max_drawdown.value == max_drawdown.value;
  }
};

/// The trading day of every bar as a number, asked for when the first rule needs it.
using TradingDays = std::function<const double*()>;

/// Finer bars that the path inside each bar follows instead of the bar's own four prices (use_bar_magnifier).
struct BarMagnifier {
  struct Inside {
    std::size_t first = 0, last = 0;  // [first, last) of `bars`; none: the bar's own prices
  };
  std::shared_ptr<const market::Series> bars;
  std::vector<Inside> inside;  // by bar of the chart
};

/// TradingView's broker emulator on historical bars, one position of one instrument (broker.md and finer-rules.md).
/// Not thread-safe; deterministic. Usage per bar: begin_bar(i) fills what was pending along bar i's path; then the
/// script runs and places orders; then end_bar() does what happens at the close.
class Broker {
 public:
  Broker(const pine::StrategySettings& settings, const market::Instrument& instrument, const market::Series& series);
  ~Broker();
  Broker(Broker&&) noexcept;

  void begin_bar(std::size_t bar);
  void end_bar();

  /// True when no order is pending and no position is open: begin_bar would change nothing.
  bool idle() const;
  /// False while something may happen at a price that pass() does not know beforehand: an order fills at once, a stop
  /// trails, a rule or finer bars watch the path.
  bool may_pass() const;
  /// Does begin_bar() and end_bar() for bars from `first` on, at most up to `end`, on which the script does nothing, as
  /// long as no order fills and no margin is called. Returns the first bar that is left. Of bars that are sound
  /// (are_sound), while may_pass().
  std::size_t pass(std::size_t first, std::size_t end);

  void place(const EntryRequest& request);
  /// Counts an order that the script gave without a quantity above 0.
  void reject_without_quantity();
  void place(const ExitRequest& request);
  void place(const CloseRequest& request);
  void cancel(TextId id);
  void cancel_all();
  /// strategy.risk.allow_entry_in: 0 both, +1 long only, -1 short only.
  void allow_entry_in(int direction);
  /// The rules in force; those set hold from the next bar on. Of a broker that is not told its trading days each day of
  /// UTC is one.
  RiskRules& risk_rules();
  void set_trading_days(TradingDays days);
  /// What one unit of the instrument's currency is worth in the account's, one a bar. Without them: one.
  void set_currency_rates(std::vector<double> rates);
  double currency_rate() const;  // of this bar
  void set_magnifier(BarMagnifier magnifier);
  /// Of calc_on_order_fills: runs the script again inside begin_bar(), after fills, at the place of the path where the
  /// price stands then; false ends that. Ignored with process_orders_on_close, as TradingView does.
  void set_recalculation(std::function<bool()> run_script);
  /// The same state over the same series; what set_trading_days() and set_recalculation() gave stays behind.
  Broker copy() const;

  // As strategy.* shows them to the script on this bar.
  double position_size() const;           // signed
  double position_average_price() const;  // na flat
  TextId position_entry_name() const;
  double initial_capital() const;
  double equity() const;
  double net_profit() const;
  double open_profit() const;
  double equity_at(double price) const;  // the same at another price
  double open_profit_at(double price) const;
  double gross_profit() const;
  double gross_loss() const;  // positive
  double max_drawdown() const;
  double max_drawdown_percent() const;  // the largest fall in percent of its peak
  double max_run_up() const;
  double max_run_up_percent() const;  // the largest rise in percent of the trough it started from
  /// Means of the closed trades' profits in percent of what their entries cost: of all (0), of those that made money
  /// (+1), of those that lost (-1, positive). na without any.
  double average_trade_percent(int kind) const;
  double capital_held() const;                // cost of the open trades; na without margin
  double max_contracts_held(int side) const;  // 0 all, +1 long, -1 short
  double default_entry_quantity(double price) const;
  double margin_liquidation_price() const;
  std::size_t win_count() const;
  std::size_t loss_count() const;
  std::size_t even_count() const;
  std::size_t open_trade_count() const;
  std::vector<Trade> open_trades() const;        // oldest first; profit, run_up, drawdown as of now
  Trade open_trade(std::size_t i) const;         // one of them, below open_trade_count()
  std::span<const Trade> closed_trades() const;  // in order of closing

  std::size_t pending_count() const;  // orders that wait: entries, exits, closes

  const RejectionCounts& rejections() const;
  std::uint64_t orders_placed() const;

 private:
  struct State;
  explicit Broker(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tradeassist::backtest
