#include "optimize/samplers/genetic.hpp"

#include <algorithm>

#include "optimize/samplers/genetic_operators.hpp"
#include "optimize/samplers/tried_points.hpp"

namespace tradeassist::optimize {
namespace {

constexpr std::size_t kMembers = 32;

struct Member {
  std::vector<double> unit;
  Outcome outcome;
};

class GeneticSampler final : public Sampler {
 public:
  GeneticSampler(const SearchSpace& space, const SamplerSettings& settings)
      : space_(space), tried_(space), random_(settings.seed) {}

  std::uint64_t batch() const override { return kMembers; }

  std::vector<Point> ask(std::uint64_t count) override {
    asked_.clear();
    std::vector<Point> points;
    while (points.size() < count) {
      auto point = members_.empty() ? tried_.take_random(random_) : tried_.take_near(child(), random_);
      if (!point) break;
      asked_.push_back(space_.to_unit(*point));
      points.push_back(std::move(*point));
    }
    return points;
  }

  void tell(std::span<const Outcome> outcomes) override {
    for (std::size_t i = 0; i < outcomes.size(); ++i) members_.push_back({std::move(asked_[i]), outcomes[i]});
    std::ranges::stable_sort(members_, [](const Member& a, const Member& b) { return better(a.outcome, b.outcome); });
    if (members_.size() > kMembers) members_.resize(kMembers);
  }

 private:
  Point child() {
    const std::vector<double>& mother = parent();  // drawn before the father: the order of arguments is the compiler's
    return breed(space_, mother, parent(), random_);
  }

  const std::vector<double>& parent() {
    const std::size_t a = random_.below(members_.size()), b = random_.below(members_.size());
    return members_[std::min(a, b)].unit;  // they stand in order, the best first
  }

  const SearchSpace& space_;
  TriedPoints tried_;
  Random random_;
  std::vector<Member> members_;
  std::vector<std::vector<double>> asked_;
};

}  // namespace

std::unique_ptr<Sampler> make_genetic_sampler(const SearchSpace& space, const SamplerSettings& settings) {
  return std::make_unique<GeneticSampler>(space, settings);
}

}  // namespace tradeassist::optimize
