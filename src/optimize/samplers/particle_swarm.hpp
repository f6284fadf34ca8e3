#pragma once

#include "optimize/sampler.hpp"

namespace tradeassist::optimize {

/// Particle swarm (Kennedy, Eberhart, 1995) with the constriction of Clerc, Kennedy (2002): 20 particles that are drawn
/// to the best places they and the swarm have found. Of a category a particle takes the value of one of these places,
/// or another now and then.
std::unique_ptr<Sampler> make_particle_swarm_sampler(const SearchSpace& space, const SamplerSettings& settings);

}  // namespace tradeassist::optimize
