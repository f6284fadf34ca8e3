#include "optimize/samplers/latin_hypercube.hpp"

#include "optimize/samplers/permutation.hpp"
#include "optimize/samplers/tried_points.hpp"

namespace tradeassist::optimize {
namespace {

class LatinHypercubeSampler final : public Sampler {
 public:
  LatinHypercubeSampler(const SearchSpace& space, const SamplerSettings& settings)
      : space_(space), tried_(space), random_(settings.seed), trials_(settings.trials) {
    for (std::size_t i = 0; i < space.parameters.size(); ++i)
      strata_.emplace_back(trials_, mix(settings.seed ^ mix(i + 1)));
  }

  std::vector<Point> ask(std::uint64_t count) override {
    std::vector<Point> points;
    std::vector<double> unit(space_.parameters.size());
    for (; points.size() < count && next_ < trials_; ++next_) {
      for (std::size_t i = 0; i < unit.size(); ++i) {
        unit[i] = (static_cast<double>(strata_[i](next_)) + random_.uniform()) / static_cast<double>(trials_);
      }
      auto point = tried_.take_near(space_.from_unit(unit), random_);
      if (!point) break;
      points.push_back(std::move(*point));
    }
    return points;
  }

 private:
  const SearchSpace& space_;
  TriedPoints tried_;
  Random random_;
  std::vector<Permutation> strata_;  // one a parameter: which n-th a trial has
  std::uint64_t trials_, next_ = 0;
};

}  // namespace

std::unique_ptr<Sampler> make_latin_hypercube_sampler(const SearchSpace& space, const SamplerSettings& settings) {
  return std::make_unique<LatinHypercubeSampler>(space, settings);
}

}  // namespace tradeassist::optimize
