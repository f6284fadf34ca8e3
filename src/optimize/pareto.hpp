#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "optimize/sampler.hpp"

namespace tradeassist::optimize {

/// True when `a` is no worse than `b` in everything and better in something. Of two of which one breaks its constraints
/// more, that one is dominated (Deb et al., 2002, definition 1).
bool dominates(const Outcome& a, const Outcome& b);

/// Those that none of the others dominates, without those that break constraints or have no value, in their order.
/// Takes time n times the size of the front.
std::vector<std::size_t> pareto_front(std::span<const Outcome> outcomes);

/// The fronts of Deb, Pratap, Agarwal, Meyarivan: A Fast and Elitist Multiobjective Genetic Algorithm: NSGA-II (2002):
/// the first is that of all, the next that of what then remains, and so on.
std::vector<std::vector<std::size_t>> sort_into_fronts(std::span<const Outcome> outcomes);

/// How far the neighbours of each member of a front are apart, summed over the objectives; infinite at the ends.
std::vector<double> crowding_distances(std::span<const Outcome> outcomes, std::span<const std::size_t> front);

}  // namespace tradeassist::optimize
