#include "backtest/broker/position.hpp"

#include <algorithm>
#include <cmath>

namespace tradeassist::backtest {
namespace {

double sign_of(const Trade& trade) { return static_cast<double>(trade.direction); }

}  // namespace

double Position::average_price() const { return size_ == 0 ? kNa : signed_cost_ / size_; }

void Position::recount() {
  size_ = signed_cost_ = open_fees_ = 0;
  for (const Trade& trade : open_) {
    const double quantity = sign_of(trade) * trade.quantity;
    size_ += quantity;
    signed_cost_ += quantity * trade.entry_price;
    open_fees_ += trade.entry_commission;
  }
  size_ = clean_quantity(size_);
}

void Position::open(const Trade& trade) {
  open_.push_back(trade);
  // While a trade is open its run-up and drawdown are kept as the best and worst price seen.
  open_.back().run_up = open_.back().drawdown = trade.entry_price;
  recount();
  max_long_ = std::max(max_long_, size_);
  max_short_ = std::max(max_short_, -size_);
}

double Position::close(double quantity, const Exit& exit, const std::function<bool(const Trade&)>& takes) {
  double available = 0;
  for (const Trade& trade : open_) {
    if (!takes || takes(trade)) available += trade.quantity;
  }
  const double total = std::min(quantity, clean_quantity(available));
  double left = total;
  for (std::size_t i = 0; i < open_.size() && left > 0;) {
    Trade& row = open_[i];
    if (takes && !takes(row)) {
      ++i;
      continue;
    }
    const double taken = std::min(left, row.quantity);
    left = clean_quantity(left - taken);
    Trade piece = row;
    const double share = taken / row.quantity;
    piece.quantity = taken;
    piece.entry_commission = taken == row.quantity ? row.entry_commission : row.entry_commission * share;
    piece.exit_price = exit.listed_price == exit.listed_price ? exit.listed_price : exit.price;
    piece.exit_bar = exit.bar;
    piece.exit_fill = exit.fill;
    piece.exit_id = exit.id;
    piece.exit_comment = exit.comment;
    piece.exit_reason = exit.reason;
    piece.exit_alert = exit.alert;
    piece.point_value = point_value_;
    piece.exit_commission = exit.fee * (taken / total);
    const double sign = sign_of(piece), money = taken * point_value_;
    piece.profit = sign * money * (exit.price - piece.entry_price) - piece.entry_commission - piece.exit_commission;
    double best = row.run_up, worst = row.drawdown;
    if (sign * exit.price > sign * best) best = exit.price;
    if (sign * exit.price < sign * worst) worst = exit.price;
    piece.run_up = std::max(0.0, sign * money * (best - piece.entry_price) - piece.entry_commission);
    piece.drawdown = sign * money * (worst - piece.entry_price) - piece.entry_commission;

    closed_profit_ += piece.profit;
    const double cost = std::fabs(piece.entry_price) * money;
    const double percent = cost > 0 ? 100 * piece.profit / cost : 0;
    if (piece.profit > 0) {
      ++wins_;
      gross_profit_ += piece.profit;
      win_percent_ += percent;
    } else if (piece.profit < 0) {
      ++losses_;
      gross_loss_ -= piece.profit;
      loss_percent_ -= percent;
    }
    closed_.push_back(piece);
    if (taken == row.quantity) {
      open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      row.quantity = clean_quantity(row.quantity - taken);
      row.entry_commission -= piece.entry_commission;
      ++i;
    }
  }
  if (total > 0) {
    recount();
    const double realised = realised_equity();
    if (realised > fall_.reference()) fall_.refer(realised);
    if (realised < rise_.reference()) rise_.refer(realised);
  }
  return total;
}

void Position::touch(double price) {
  if (open_.empty()) return;
  for (Trade& row : open_) {
    const double sign = sign_of(row);
    if (sign * price > sign * row.run_up) row.run_up = price;
    if (sign * price < sign * row.drawdown) row.drawdown = price;
  }
  const double now = equity(price);
  fall_.reach(fall_.reference() - now);
  rise_.reach(now - rise_.reference());
}

double Position::average_percent(int kind) const {
  const auto mean = [](double sum, std::size_t count) { return count == 0 ? kNa : sum / static_cast<double>(count); };
  if (kind > 0) return mean(win_percent_, wins_);
  if (kind < 0) return mean(loss_percent_, losses_);
  return mean(win_percent_ - loss_percent_, closed_.size());
}

std::vector<Trade> Position::valued(double price) const {
  std::vector<Trade> rows;
  rows.reserve(open_.size());
  for (const Trade& row : open_) rows.push_back(valued(row, price));
  return rows;
}

Trade Position::valued(Trade row, double price) const {
  const double sign = sign_of(row), money = row.quantity * point_value_;
  row.profit = sign * money * (price - row.entry_price) - row.entry_commission;
  row.run_up = std::max(0.0, sign * money * (row.run_up - row.entry_price) - row.entry_commission);
  row.drawdown = sign * money * (row.drawdown - row.entry_price) - row.entry_commission;
  row.point_value = point_value_;
  return row;
}

}  // namespace tradeassist::backtest
