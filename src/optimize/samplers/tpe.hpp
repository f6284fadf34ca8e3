#pragma once

#include "optimize/sampler.hpp"

namespace tradeassist::optimize {

/// Tree-structured Parzen Estimator (Bergstra, Bardenet, Bengio, Kégl: Algorithms for Hyper-Parameter Optimization,
/// 2011) with kernels over all parameters together (Falkner, Klein, Hutter: BOHB, 2018): what the best tenth of the
/// trials, 5 to 25 of them, have in common and the others do not. The trials of a batch count as bad ones until their
/// outcomes are told (the constant liar of Ginsbourger, Le Riche, Carraro, 2010), so that they keep apart.
///
/// Of the others at most 200 are looked at for a batch, drawn anew each time: the cost of a trial does not grow with
/// their number.
std::unique_ptr<Sampler> make_tpe_sampler(const SearchSpace& space, const SamplerSettings& settings);

}  // namespace tradeassist::optimize
