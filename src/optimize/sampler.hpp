#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "optimize/search_space.hpp"

namespace tradeassist::optimize {

/// What became of a trial, as a sampler sees it: all of it is to be small.
struct Outcome {
  double cost = std::numeric_limits<double>::infinity();  // the objective, negated where it is to be large
  double violation = 0;       // by how much the result breaks its constraints; 0: it does not
  std::vector<double> costs;  // of several objectives, all of them; else empty
};

/// Any trial that breaks no constraint before one that does; of those the one that breaks them less, of these the one
/// that costs less.
inline bool better(const Outcome& a, const Outcome& b) {
  return a.violation != b.violation ? a.violation < b.violation : a.cost < b.cost;
}

/// The places of outcomes, the best first, of equals the earlier.
std::vector<std::size_t> best_first(std::span<const Outcome> outcomes);

/// Decides what the trials of a search try. It is asked for trials in their order and told their outcomes in the same
/// order; what it answers depends on that and on its seed alone, never on the time or on threads. Not thread-safe.
class Sampler {
 public:
  virtual ~Sampler() = default;
  /// How many trials are asked for before their outcomes are told; 0: it learns nothing from outcomes, and may be asked
  /// for any number before them.
  virtual std::uint64_t batch() const { return 0; }
  /// The points of the next trials, each allowed by the space, and of a space that can be counted each only once. Fewer
  /// than `count`: there are no others, or none were found.
  virtual std::vector<Point> ask(std::uint64_t count) = 0;
  /// Which share of the bars, from the first on, the trials of the next ask are to run on.
  virtual double bar_share() const { return 1; }
  /// The outcomes of all the trials of the last ask.
  virtual void tell(std::span<const Outcome> outcomes) { static_cast<void>(outcomes); }
};

struct SamplerSettings {
  std::uint64_t trials = 100;  // at most so many will be asked for
  std::uint64_t seed = 1;
  std::vector<Point> first;  // settled points that are tried before any other: what is known to be good
};

/// `space` has to outlive the sampler.
using MakeSampler = std::unique_ptr<Sampler> (*)(const SearchSpace& space, const SamplerSettings& settings);

struct SamplerKind {
  std::string_view name, summary;
  MakeSampler make;
  bool counted = false;         // only of spaces that can be counted
  bool begins_anywhere = true;  // takes SamplerSettings::first
  std::size_t parameters_max = SearchSpace::kParametersMax;
};

/// All of them, in the order in which they are listed.
std::span<const SamplerKind> samplers();

/// kInvalidArgument lists the names there are.
base::Result<const SamplerKind*> find_sampler(std::string_view name);

/// kInvalidArgument: no such sampler, or one that cannot search this space or begin with given points.
base::Result<std::unique_ptr<Sampler>> make_sampler(std::string_view name, const SearchSpace& space,
                                                    const SamplerSettings& settings);

}  // namespace tradeassist::optimize
