#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "backtest/broker.hpp"
#include "backtest/broker/price_grid.hpp"

namespace tradeassist::backtest {

/// The largest distance from a reference that moves at times, in money and in percent of the reference.
class Swing {
 public:
  explicit Swing(double reference) : reference_(reference) {}

  double reference() const { return reference_; }
  void reach(double distance) { since_ = std::max(since_, distance); }
  void refer(double reference) {
    largest_ = largest();
    largest_percent_ = largest_percent();
    reference_ = reference;
    since_ = 0;
  }
  double largest() const { return std::max(largest_, since_); }
  double largest_percent() const {
    return reference_ > 0 ? std::max(largest_percent_, 100 * since_ / reference_) : largest_percent_;
  }

 private:
  double reference_, since_ = 0;  // the largest since the reference was set
  double largest_ = 0, largest_percent_ = 0;
};

/// Open and closed trades and the money they made. Every reduction closes the oldest rows first, or those that match
/// when the close rule is ANY.
class Position {
 public:
  explicit Position(double point_value, double initial_capital)
      : point_value_(point_value), initial_capital_(initial_capital), fall_(initial_capital), rise_(initial_capital) {}

  /// Account currency for a point of price, from now on; changes with the rate of exchange.
  void set_point_value(double value) { point_value_ = value; }

  double size() const { return size_; }  // signed
  int side() const { return size_ > 0 ? 1 : size_ < 0 ? -1 : 0; }
  double average_price() const;
  double open_profit(double price) const { return point_value_ * (size_ * price - signed_cost_); }
  double net_profit() const { return closed_profit_ - open_fees_; }
  double equity(double price) const { return initial_capital_ + net_profit() + open_profit(price); }
  double realised_equity() const { return initial_capital_ + net_profit(); }
  double cost() const { return point_value_ * std::fabs(signed_cost_); }

  /// Opens a row; `fee` is its entry commission.
  void open(const Trade& trade);

  /// Closes up to `quantity`, oldest first, of the rows that `takes` (all when null). Returns what was closed. The fee
  /// is for the whole quantity and is split by size.
  struct Exit {
    double price = 0, fee = 0;
    std::uint32_t bar = 0;
    TextId id = kNoText, comment = kNoText;
    ExitReason reason = ExitReason::kOrder;
    TextId alert = kNoText;
    double listed_price = kNa;  // shown as the exit's price, where that is not the one that counts
    std::uint64_t fill = 0;     // the number of the fill
  };
  double close(double quantity, const Exit& exit, const std::function<bool(const Trade&)>& takes = nullptr);

  /// The price went here: excursions of the open rows, drawdown and run-up of the equity.
  void touch(double price);

  /// Open rows valued at this price: profit, run-up and drawdown in money.
  std::vector<Trade> valued(double price) const;
  Trade valued(Trade row, double price) const;

  /// Open rows as kept: run_up and drawdown hold the best and worst price seen, not money.
  const std::vector<Trade>& open_rows() const { return open_; }
  const std::vector<Trade>& closed_rows() const { return closed_; }
  double gross_profit() const { return gross_profit_; }
  double gross_loss() const { return gross_loss_; }
  double max_drawdown() const { return fall_.largest(); }
  double max_drawdown_percent() const { return fall_.largest_percent(); }
  double max_run_up() const { return rise_.largest(); }
  double max_run_up_percent() const { return rise_.largest_percent(); }
  /// Mean of closed trades' percentages: all (0), winning (+1), losing (-1, positive); na of none.
  double average_percent(int kind) const;
  double peak_realised_equity() const { return fall_.reference(); }
  /// Best price that the open row of an entry has seen; na when it has none.
  double best_price(std::uint64_t entry_serial) const {
    const auto row = std::ranges::find(open_, entry_serial, &Trade::entry_serial);
    return row != open_.end() ? row->run_up : kNa;
  }
  std::size_t wins() const { return wins_; }
  std::size_t losses() const { return losses_; }
  std::size_t evens() const { return closed_.size() - wins_ - losses_; }
  double max_held(int side) const {
    return side > 0 ? max_long_ : side < 0 ? max_short_ : std::max(max_long_, max_short_);
  }

 private:
  void recount();

  double point_value_, initial_capital_;
  std::vector<Trade> open_, closed_;
  double size_ = 0, signed_cost_ = 0, open_fees_ = 0, closed_profit_ = 0;
  double gross_profit_ = 0, gross_loss_ = 0;
  double win_percent_ = 0, loss_percent_ = 0;  // sums over the trades
  Swing fall_, rise_;                          // of equity, from the highest and from the lowest that was realised
  std::size_t wins_ = 0, losses_ = 0;
  double max_long_ = 0, max_short_ = 0;
};

}  // namespace tradeassist::backtest
