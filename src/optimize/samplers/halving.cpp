#include "optimize/samplers/halving.hpp"

#include <algorithm>
#include <cmath>

namespace tradeassist::optimize {
namespace {

double share_of(int rungs) { return std::pow(static_cast<double>(kHalvingFactor), -rungs); }

}  // namespace

std::uint64_t trials_of(const Bracket& bracket) {
  std::uint64_t points = bracket.points, trials = points;
  for (int rung = 0; rung < bracket.rungs; ++rung) {
    points = std::max<std::uint64_t>(1, points / kHalvingFactor);
    trials += points;
  }
  return trials;
}

HalvingSampler::HalvingSampler(const SearchSpace& space, const SamplerSettings& settings, std::vector<Bracket> brackets)
    : tried_(space, settings.first), random_(settings.seed), brackets_(std::move(brackets)) {
  start_bracket();
}

std::vector<Point> HalvingSampler::ask(std::uint64_t count) {
  return {rung_.begin(), rung_.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(count, rung_.size()))};
}

void HalvingSampler::tell(std::span<const Outcome> outcomes) {
  if (rung_.empty() || outcomes.size() < rung_.size()) return;  // the end of the search
  if (rungs_left_ == 0) {
    start_bracket();
    return;
  }
  std::vector<std::size_t> order = best_first(outcomes.first(rung_.size()));
  order.resize(std::max<std::size_t>(1, order.size() / kHalvingFactor));
  std::vector<Point> promoted;
  for (const std::size_t i : order) promoted.push_back(std::move(rung_[i]));
  rung_ = std::move(promoted);
  share_ = share_of(--rungs_left_);
}

void HalvingSampler::start_bracket() {
  rung_.clear();
  if (next_ == brackets_.size()) return;
  const Bracket& bracket = brackets_[next_++];
  rung_.reserve(bracket.points);
  while (rung_.size() < bracket.points) {
    auto point = tried_.take_random(random_);
    if (!point) break;
    rung_.push_back(std::move(*point));
  }
  rungs_left_ = bracket.rungs;
  share_ = share_of(rungs_left_);
}

}  // namespace tradeassist::optimize
