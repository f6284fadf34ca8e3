#pragma once

#include "optimize/sampler.hpp"

namespace tradeassist::optimize {

/// A genetic algorithm: parents win tournaments of two, children are bred as in genetic_operators.hpp, and the better
/// half of parents and children lives on. 32 members.
std::unique_ptr<Sampler> make_genetic_sampler(const SearchSpace& space, const SamplerSettings& settings);

}  // namespace tradeassist::optimize
