#pragma once

#include "optimize/sampler.hpp"

namespace tradeassist::optimize {

/// Differential evolution (Storn, Price, 1997) in the form current-to-pbest/1 (Zhang, Sanderson: JADE, 2009): a trial
/// moves a member towards one of the best tenth and by the difference of two others, and takes its place when it is no
/// worse. Of a category it takes a value that another has. Members are four times the parameters, 16 to 64.
std::unique_ptr<Sampler> make_differential_evolution_sampler(const SearchSpace& space, const SamplerSettings& settings);

}  // namespace tradeassist::optimize
