#pragma once

#include "optimize/sampler.hpp"

namespace tradeassist::optimize {

/// Successive halving (Jamieson, Talwalkar: Non-stochastic Best Arm Identification and Hyperparameter Optimization,
/// 2016): many points on a 27th of the bars, the best third of them on a ninth, and so on; two thirds of the trials are
/// of the first kind.
std::unique_ptr<Sampler> make_successive_halving_sampler(const SearchSpace& space, const SamplerSettings& settings);

}  // namespace tradeassist::optimize
