#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "optimize/random.hpp"
#include "optimize/sampler.hpp"
#include "optimize/samplers/tried_points.hpp"

namespace tradeassist::optimize {

/// The places of outcomes in the order in which their members live on and win tournaments, the fittest first.
using Fitness = std::vector<std::size_t> (*)(std::span<const Outcome> outcomes);

/// A population that evolves: parents win tournaments of two, children are bred as in genetic_operators.hpp, and of
/// parents and children the fittest `members` live on. What is fit is all that its kinds differ in.
class EvolutionSampler final : public Sampler {
 public:
  EvolutionSampler(const SearchSpace& space, const SamplerSettings& settings, std::size_t members, Fitness fitness)
      : space_(space),
        tried_(space, settings.first),
        random_(settings.seed),
        members_max_(members),
        fitness_(fitness) {}

  std::uint64_t batch() const override { return members_max_; }
  std::vector<Point> ask(std::uint64_t count) override;
  void tell(std::span<const Outcome> outcomes) override;

 private:
  Point child();
  const std::vector<double>& parent();

  const SearchSpace& space_;
  TriedPoints tried_;
  Random random_;
  const std::size_t members_max_;
  const Fitness fitness_;
  std::vector<std::vector<double>> units_, asked_;  // of the members, the fittest first; of the points asked for
  std::vector<Outcome> outcomes_;                   // of the members
};

}  // namespace tradeassist::optimize
