#include "optimize/samplers/nsga2.hpp"

#include <algorithm>
#include <numeric>

#include "optimize/pareto.hpp"
#include "optimize/samplers/evolution.hpp"

namespace tradeassist::optimize {
namespace {

constexpr std::size_t kMembers = 40;

/// Front by front; within one those first that have more room around them.
std::vector<std::size_t> by_fronts(std::span<const Outcome> outcomes) {
  std::vector<std::size_t> all;
  for (const std::vector<std::size_t>& front : sort_into_fronts(outcomes)) {
    const std::vector<double> distances = crowding_distances(outcomes, front);
    std::vector<std::size_t> order(front.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::ranges::greater{}, [&](std::size_t i) { return distances[i]; });
    for (const std::size_t i : order) all.push_back(front[i]);
  }
  return all;
}

}  // namespace

std::unique_ptr<Sampler> make_nsga2_sampler(const SearchSpace& space, const SamplerSettings& settings) {
  return std::make_unique<EvolutionSampler>(space, settings, kMembers, by_fronts);
}

}  // namespace tradeassist::optimize
