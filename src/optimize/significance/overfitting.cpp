#include "optimize/significance/overfitting.hpp"

#include <bit>
#include <cmath>
#include <string>

namespace tradeassist::optimize {
namespace {

/// Sums of returns and of their squares: those of a half are those of its blocks.
struct Sums {
  double count = 0, sum = 0, squares = 0;

  void add(const Sums& other) {
    count += other.count;
    sum += other.sum;
    squares += other.squares;
  }
  double sharpe() const {
    const double mean = sum / count;
    const double variance = squares / count - mean * mean;
    return variance > 1e-18 * (squares / count) ? mean / std::sqrt(variance) : 0;
  }
};

base::Result<void> check(std::span<const std::vector<double>> returns, int blocks) {
  const auto refuse = [](const std::string& message) {
    return base::failure(base::ErrorCode::kInvalidArgument, message);
  };
  if (returns.size() < 2) return refuse("the probability of overfitting needs at least 2 strategies");
  if (blocks < 2 || blocks > kOverfittingBlocksMax || blocks % 2 != 0)
    return refuse("blocks must be an even number from 2 to " + std::to_string(kOverfittingBlocksMax));
  for (const std::vector<double>& each : returns) {
    if (each.size() != returns[0].size()) return refuse("the strategies have returns of different periods");
  }
  if (returns[0].size() < 2 * static_cast<std::size_t>(blocks))
    return refuse(std::to_string(returns[0].size()) + " periods are too few for " + std::to_string(blocks) + " blocks");
  return {};
}

}  // namespace

base::Result<Overfitting> probability_of_overfitting(std::span<const std::vector<double>> returns, int blocks) {
  TRY(check(returns, blocks));
  const std::size_t strategies = returns.size(), periods = returns[0].size();
  const auto width = static_cast<std::size_t>(blocks);
  std::vector<Sums> sums(strategies * width);  // by strategy, then block
  for (std::size_t s = 0; s < strategies; ++s) {
    for (std::size_t b = 0; b < width; ++b) {
      Sums& block = sums[s * width + b];
      for (std::size_t i = periods * b / width; i < periods * (b + 1) / width; ++i)
        block.add({1, returns[s][i], returns[s][i] * returns[s][i]});
    }
  }

  Overfitting found;
  std::vector<double> inside(strategies), outside(strategies);
  std::vector<double> best_inside, best_outside;
  std::int64_t below_median = 0, losses = 0;
  for (std::uint32_t half = 0; half < 1u << blocks; ++half) {
    if (std::popcount(half) != blocks / 2) continue;
    for (std::size_t s = 0; s < strategies; ++s) {
      Sums in, out;
      for (std::size_t b = 0; b < width; ++b) ((half >> b & 1) != 0 ? in : out).add(sums[s * width + b]);
      inside[s] = in.sharpe();
      outside[s] = out.sharpe();
    }
    std::size_t best = 0;
    for (std::size_t s = 1; s < strategies; ++s) {
      if (inside[s] > inside[best]) best = s;
    }
    double worse = 0, equal = 0;
    for (const double value : outside) {
      worse += value < outside[best] ? 1 : 0;
      equal += value == outside[best] ? 1 : 0;
    }
    const double rank = worse + (equal + 1) / 2;
    const double logit = std::log(rank / (static_cast<double>(strategies) + 1 - rank));
    found.logits.push_back(logit);
    below_median += logit <= 0 ? 1 : 0;
    losses += outside[best] < 0 ? 1 : 0;
    best_inside.push_back(inside[best]);
    best_outside.push_back(outside[best]);
  }
  const double splits = static_cast<double>(found.logits.size());
  found.probability = static_cast<double>(below_median) / splits;
  found.probability_of_loss = static_cast<double>(losses) / splits;
  double mean_in = 0, mean_out = 0, covariance = 0, variance = 0;
  for (std::size_t i = 0; i < best_inside.size(); ++i) {
    mean_in += best_inside[i] / splits;
    mean_out += best_outside[i] / splits;
  }
  for (std::size_t i = 0; i < best_inside.size(); ++i) {
    covariance += (best_inside[i] - mean_in) * (best_outside[i] - mean_out);
    variance += (best_inside[i] - mean_in) * (best_inside[i] - mean_in);
  }
  found.slope = variance > 0 ? covariance / variance : 0;
  found.intercept = mean_out - found.slope * mean_in;
  return found;
}

}  // namespace tradeassist::optimize
