#include "optimize/samplers/hyperband.hpp"

#include "optimize/samplers/halving.hpp"

namespace tradeassist::optimize {
namespace {

/// One pass of brackets, the first with so many rungs. Names as in the paper: s counts them down.
std::vector<Bracket> pass(int rungs) {
  std::vector<Bracket> brackets;
  for (int s = rungs; s >= 0; --s) {
    std::uint64_t points = static_cast<std::uint64_t>(rungs) + 1;
    for (int i = 0; i < s; ++i) points *= kHalvingFactor;
    const auto parts = static_cast<std::uint64_t>(s) + 1;
    brackets.push_back({(points + parts - 1) / parts, s});
  }
  return brackets;
}

std::uint64_t trials_of_all(const std::vector<Bracket>& brackets) {
  std::uint64_t trials = 0;
  for (const Bracket& bracket : brackets) trials += trials_of(bracket);
  return trials;
}

}  // namespace

std::unique_ptr<Sampler> make_hyperband_sampler(const SearchSpace& space, const SamplerSettings& settings) {
  std::vector<Bracket> brackets;
  std::uint64_t left = settings.trials;
  for (int rungs = kRungsMax; rungs >= 0; --rungs) {
    const std::vector<Bracket> made = pass(rungs);
    for (const std::uint64_t needed = trials_of_all(made); left >= needed; left -= needed) {
      brackets.insert(brackets.end(), made.begin(), made.end());
    }
  }
  return std::make_unique<HalvingSampler>(space, settings, std::move(brackets));
}

}  // namespace tradeassist::optimize
