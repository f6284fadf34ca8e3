#pragma once

#include "optimize/sampler.hpp"

namespace tradeassist::optimize {

/// Hyperband (Li, Jamieson, DeSalvo, Rostamizadeh, Talwalkar, 2018): brackets of successive halving that begin with
/// many points on few bars, then with fewer on more, over and over; so it does not fail where few bars tell little.
std::unique_ptr<Sampler> make_hyperband_sampler(const SearchSpace& space, const SamplerSettings& settings);

}  // namespace tradeassist::optimize
