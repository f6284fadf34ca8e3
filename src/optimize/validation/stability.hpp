#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "optimize/trial_runner.hpp"

namespace tradeassist::optimize {

/// One parameter moved away from the best values, the others kept.
struct Neighbour {
  std::size_t parameter = 0;  // of the space
  int steps = 0;              // -2 to 2
  Trial trial;                // its number says nothing
};

/// Whether the best values stand on a plateau or on a peak: what is best by luck is alone.
struct Stability {
  std::vector<Neighbour> neighbours;
  double best = 0;                               // the objective at the best values
  std::optional<double> median, worst;           // of the neighbours that have a value
  std::optional<double> share_of_trials_beaten;  // by the median neighbour
  std::size_t left_out = 0;                      // neighbours beyond kNeighboursMax
  std::string statement;
};

constexpr std::size_t kNeighboursMax = 100;

/// The points around `best`: each active parameter one and two steps up and down, where that is in its range and
/// allowed; of a parameter without steps, a twentieth and a tenth of its range (of its logarithm, where it is drawn
/// so). A list without order has no steps. One step before two.
std::vector<Neighbour> neighbours_of(const SearchSpace& space, const Point& best);

/// Runs the neighbours on `bars`, those that `tried` holds from there. kCancelled when stopped.
base::Result<Stability> stability(const TrialRunner& runner, const market::Series& bars, std::span<const Trial> tried,
                                  std::size_t best, const std::stop_token& stop);

}  // namespace tradeassist::optimize
