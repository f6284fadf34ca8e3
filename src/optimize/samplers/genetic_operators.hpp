#pragma once

#include <vector>

#include "optimize/random.hpp"
#include "optimize/search_space.hpp"

namespace tradeassist::optimize {

/// A child of two points in unit coordinates: simulated binary crossover (Deb, Agrawal, 1995) and polynomial mutation
/// (Deb, Goyal, 1996) as in NSGA-II; a category comes from either parent, and mutates into any. A mutated parameter
/// with steps moves by one at least.
Point breed(const SearchSpace& space, const std::vector<double>& mother, const std::vector<double>& father,
            Random& random);

}  // namespace tradeassist::optimize
