#pragma once

#include "optimize/sampler.hpp"

namespace tradeassist::optimize {

/// Every point as likely as any other; of a logarithmic parameter every ratio.
std::unique_ptr<Sampler> make_random_sampler(const SearchSpace& space, const SamplerSettings& settings);

}  // namespace tradeassist::optimize
