#include "optimize/significance/trade_order.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "optimize/random.hpp"
#include "optimize/significance/bootstrap.hpp"

namespace tradeassist::optimize {
namespace {

struct Path {
  double drawdown_percent = 0;
  bool is_ruin = false;
};

Path path_of(std::span<const double> profits, double capital) {
  Path path;
  double equity = capital, peak = capital;
  for (const double profit : profits) {
    equity += profit;
    peak = std::max(peak, equity);
    path.drawdown_percent = std::max(path.drawdown_percent, (peak - equity) / peak * 100);
    path.is_ruin = path.is_ruin || equity <= 0;
  }
  return path;
}

}  // namespace

base::Result<TradeOrder> shuffle_trades(std::span<const double> profits, double initial_capital, std::int64_t orders,
                                        std::uint64_t seed) {
  const auto refuse = [](const std::string& message) {
    return base::failure(base::ErrorCode::kInvalidArgument, message);
  };
  if (profits.empty()) return refuse("there is no trade to be put in another order");
  if (!(initial_capital > 0)) return refuse("the initial capital must be above 0");
  if (orders < 1 || orders > kResamplesMax) return refuse("orders must be 1 to " + std::to_string(kResamplesMax));
  TradeOrder found{.drawdown_percent = path_of(profits, initial_capital).drawdown_percent};
  std::vector<double> drawn(profits.begin(), profits.end()), drawdowns;
  std::int64_t below = 0, ruins = 0;
  Random random(seed);
  for (std::int64_t i = 0; i < orders; ++i) {
    for (std::size_t left = drawn.size(); left > 1; --left) std::swap(drawn[left - 1], drawn[random.below(left)]);
    const Path path = path_of(drawn, initial_capital);
    drawdowns.push_back(path.drawdown_percent);
    below += path.drawdown_percent < found.drawdown_percent ? 1 : 0;
    ruins += path.is_ruin ? 1 : 0;
  }
  std::ranges::sort(drawdowns);
  found.median_percent = sorted_quantile(drawdowns, 0.5);
  found.p95_percent = sorted_quantile(drawdowns, 0.95);
  found.worst_percent = drawdowns.back();
  found.share_below = static_cast<double>(below) / static_cast<double>(orders);
  found.ruin_share = static_cast<double>(ruins) / static_cast<double>(orders);
  return found;
}

}  // namespace tradeassist::optimize
