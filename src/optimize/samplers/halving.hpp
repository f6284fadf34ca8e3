#pragma once

#include <vector>

#include "optimize/random.hpp"
#include "optimize/sampler.hpp"
#include "optimize/samplers/tried_points.hpp"

namespace tradeassist::optimize {

/// Points that start on a share of the bars, 3^-rungs of them, and of which the best third goes on to three times as
/// many bars, until the last run on all.
struct Bracket {
  std::uint64_t points = 1;
  int rungs = 0;
};

constexpr std::uint64_t kHalvingFactor = 3;
constexpr int kRungsMax = 3;  // a 27th of the bars

/// How many trials a bracket takes in all.
std::uint64_t trials_of(const Bracket& bracket);

/// Runs brackets one after the other; points are drawn at random. Each rung is one batch.
class HalvingSampler final : public Sampler {
 public:
  HalvingSampler(const SearchSpace& space, const SamplerSettings& settings, std::vector<Bracket> brackets);

  std::uint64_t batch() const override { return std::max<std::size_t>(1, rung_.size()); }
  double bar_share() const override { return share_; }
  std::vector<Point> ask(std::uint64_t count) override;
  void tell(std::span<const Outcome> outcomes) override;

 private:
  void start_bracket();

  TriedPoints tried_;
  Random random_;
  std::vector<Bracket> brackets_;
  std::size_t next_ = 0;     // bracket
  std::vector<Point> rung_;  // that are asked for next
  int rungs_left_ = 0;
  double share_ = 1;
};

}  // namespace tradeassist::optimize
