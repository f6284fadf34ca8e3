#pragma once

#include "optimize/sampler.hpp"

namespace tradeassist::optimize {

/// NSGA-II (Deb, Pratap, Agarwal, Meyarivan, 2002), for several objectives: 40 members; of parents and children those
/// live on that fewer dominate, of equals those with more room around them. With one objective it is a genetic
/// algorithm.
std::unique_ptr<Sampler> make_nsga2_sampler(const SearchSpace& space, const SamplerSettings& settings);

}  // namespace tradeassist::optimize
