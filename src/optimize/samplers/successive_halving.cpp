#include "optimize/samplers/successive_halving.hpp"

#include "optimize/samplers/halving.hpp"

namespace tradeassist::optimize {

std::unique_ptr<Sampler> make_successive_halving_sampler(const SearchSpace& space, const SamplerSettings& settings) {
  Bracket bracket;
  // As many rungs as leave each of them a point to lose.
  for (std::uint64_t points = kHalvingFactor; bracket.rungs < kRungsMax; points *= kHalvingFactor) {
    if (trials_of({points, bracket.rungs + 1}) > settings.trials) break;
    ++bracket.rungs;
  }
  // The most points that the trials suffice for.
  std::uint64_t low = 1, high = std::max<std::uint64_t>(1, settings.trials);
  while (low < high) {
    const std::uint64_t middle = low + (high - low + 1) / 2;
    if (trials_of({middle, bracket.rungs}) <= settings.trials)
      low = middle;
    else
      high = middle - 1;
  }
  bracket.points = low;
  return std::make_unique<HalvingSampler>(space, settings, std::vector{bracket});
}

}  // namespace tradeassist::optimize
