#include "optimize/pareto.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tradeassist::optimize {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

/// All its objectives, or the one.
std::span<const double> costs_of(const Outcome& outcome) {
  return outcome.costs.empty() ? std::span(&outcome.cost, 1) : std::span(outcome.costs);
}

}  // namespace

bool dominates(const Outcome& a, const Outcome& b) {
  if (a.violation != b.violation) return a.violation < b.violation;
  bool better_in_one = false;
  const auto left = costs_of(a), right = costs_of(b);
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i] > right[i]) return false;
    better_in_one = better_in_one || left[i] < right[i];
  }
  return better_in_one;
}

std::vector<std::size_t> pareto_front(std::span<const Outcome> outcomes) {
  std::vector<std::size_t> front;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].violation > 0) continue;
    if (std::ranges::any_of(costs_of(outcomes[i]), [](double cost) { return !std::isfinite(cost); })) continue;
    if (std::ranges::any_of(front, [&](std::size_t k) { return dominates(outcomes[k], outcomes[i]); })) continue;
    std::erase_if(front, [&](std::size_t k) { return dominates(outcomes[i], outcomes[k]); });
    front.push_back(i);
  }
  return front;
}

std::vector<std::vector<std::size_t>> sort_into_fronts(std::span<const Outcome> outcomes) {
  std::vector<std::vector<std::size_t>> below(outcomes.size());  // whom each dominates
  std::vector<std::size_t> above(outcomes.size(), 0);            // how many dominate it
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (dominates(outcomes[i], outcomes[k])) {
        below[i].push_back(k);
        ++above[k];
      } else if (dominates(outcomes[k], outcomes[i])) {
        below[k].push_back(i);
        ++above[i];
      }
    }
  }
  std::vector<std::vector<std::size_t>> fronts;
  std::vector<std::size_t> front;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (above[i] == 0) front.push_back(i);
  }
  while (!front.empty()) {
    std::vector<std::size_t> next;
    for (const std::size_t i : front) {
      for (const std::size_t k : below[i]) {
        if (--above[k] == 0) next.push_back(k);
      }
    }
    std::ranges::sort(next);
    fronts.push_back(std::move(front));
    front = std::move(next);
  }
  return fronts;
}

std::vector<double> crowding_distances(std::span<const Outcome> outcomes, std::span<const std::size_t> front) {
  std::vector<double> distances(front.size(), 0);
  if (front.empty()) return distances;
  std::vector<std::size_t> order(front.size());
  for (std::size_t objective = 0; objective < costs_of(outcomes[front[0]]).size(); ++objective) {
    const auto cost = [&](std::size_t i) { return costs_of(outcomes[front[i]])[objective]; };
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, cost);
    distances[order.front()] = distances[order.back()] = kInfinite;
    const double range = cost(order.back()) - cost(order.front());
    if (!(range > 0) || !std::isfinite(range)) continue;
    for (std::size_t i = 1; i + 1 < order.size(); ++i) {
      distances[order[i]] += (cost(order[i + 1]) - cost(order[i - 1])) / range;
    }
  }
  return distances;
}

}  // namespace tradeassist::optimize
