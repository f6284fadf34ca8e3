#pragma once

#include "optimize/sampler.hpp"

namespace tradeassist::optimize {

/// The combinations in their order, the last parameter fastest. With fewer trials than combinations, trial i of n tries
/// the one at the share i / n of them, or the next that may be tried.
std::unique_ptr<Sampler> make_grid_sampler(const SearchSpace& space, const SamplerSettings& settings);

}  // namespace tradeassist::optimize
