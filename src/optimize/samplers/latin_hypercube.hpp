#pragma once

#include "optimize/sampler.hpp"

namespace tradeassist::optimize {

/// McKay, Beckman, Conover: A Comparison of Three Methods for Selecting Values of Input Variables (1979): of n trials
/// each has another n-th of every parameter's range. A point that may not be tried is replaced by one near it.
std::unique_ptr<Sampler> make_latin_hypercube_sampler(const SearchSpace& space, const SamplerSettings& settings);

}  // namespace tradeassist::optimize
