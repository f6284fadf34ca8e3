#pragma once

#include "optimize/sampler.hpp"

namespace tradeassist::optimize {

/// Covariance matrix adaptation (Hansen: The CMA Evolution Strategy: A Tutorial, 2016) in the unit cube. When a run
/// stands still, another starts elsewhere: in turn from a smaller step with the least population, and with twice the
/// largest so far (after Hansen: Benchmarking a BI-Population CMA-ES, 2009). Along a parameter with steps the deviation
/// stays above a third of a step, so that it goes on trying its neighbours; the values of a list are intervals in the
/// order of the list. The price of a trial grows with the square of the number of parameters.
std::unique_ptr<Sampler> make_cmaes_sampler(const SearchSpace& space, const SamplerSettings& settings);

}  // namespace tradeassist::optimize
