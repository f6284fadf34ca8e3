#include "optimize/samplers/genetic.hpp"

#include "optimize/samplers/evolution.hpp"

namespace tradeassist::optimize {
namespace {

constexpr std::size_t kMembers = 32;

}  // namespace

std::unique_ptr<Sampler> make_genetic_sampler(const SearchSpace& space, const SamplerSettings& settings) {
  return std::make_unique<EvolutionSampler>(space, settings, kMembers, best_first);
}

}  // namespace tradeassist::optimize
