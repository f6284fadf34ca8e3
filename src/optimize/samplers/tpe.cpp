#include "optimize/samplers/tpe.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "optimize/samplers/tried_points.hpp"
#include "optimize/significance/normal.hpp"

namespace tradeassist::optimize {
namespace {

constexpr std::uint64_t kBatch = 8;
constexpr std::size_t kStartupMin = 16;             // trials at random before the first that is chosen
constexpr std::size_t kGoodMin = 5, kGoodMax = 25;  // trials that count as good: a tenth, within these
constexpr std::size_t kOthersMax = 200;             // of the other trials, looked at for a batch
constexpr std::size_t kCandidates = 24;             // points drawn for a trial, of which the best is tried
constexpr double kCategoryBandwidth = 0.2;          // what a category gives to all the others, of few trials
constexpr double kSqrtTwoPi = 2.5066282746310002;

/// Kernels over points in the unit cube, and one uniform kernel as prior. A parameter that is not active in a kernel's
/// point is uniform there; one that is not active in the point asked for is left out.
class Mixture {
 public:
  explicit Mixture(const SearchSpace& space) : space_(space), bandwidth_(space.parameters.size(), 1) {}

  void clear() {
    points_.clear();
    scale_.clear();
    size_ = 0;
    fitted_ = false;
  }
  void reserve(std::size_t count) {
    points_.reserve(count * space_.parameters.size());
    scale_.reserve(count * space_.parameters.size());
  }
  /// One unit coordinate a parameter, of a category its entry; NaN where it is not active.
  void add(std::span<const double> coordinates) {
    points_.insert(points_.end(), coordinates.begin(), coordinates.end());
    scale_.resize(points_.size());
    ++size_;
    if (fitted_) set_scale(size_ - 1);
  }
  std::size_t size() const { return size_; }

  /// Scott's rule, a parameter at a time, but no less than what shrinks with the `trials` of the search: the good
  /// trials may lie together by chance.
  void fit(std::size_t trials) {
    const std::size_t dimensions = bandwidth_.size();
    const double shrink =
        std::pow(static_cast<double>(std::max<std::size_t>(size(), 1)), -1.0 / (static_cast<double>(dimensions) + 4));
    const double least = 0.4 * std::pow(static_cast<double>(trials), -0.4);
    for (std::size_t d = 0; d < dimensions; ++d) {
      const Parameter& parameter = space_.parameters[d];
      if (parameter.categorical) {
        bandwidth_[d] = parameter.count < 2 ? 0 : kCategoryBandwidth * shrink;
        continue;
      }
      double count = 0, mean = 0, squares = 0;
      for (std::size_t i = 0; i < size(); ++i) {
        const double x = points_[i * dimensions + d];
        if (x != x) continue;
        ++count;
        const double away = x - mean;
        mean += away / count;
        squares += away * (x - mean);
      }
      const double deviation = count > 1 ? std::sqrt(squares / (count - 1)) : 0.2;
      const double cell = parameter.continuous() ? 0 : 0.5 / static_cast<double>(parameter.count);
      bandwidth_[d] = std::max({deviation * shrink, least, cell});
    }
    fitted_ = true;
    for (std::size_t i = 0; i < size(); ++i) set_scale(i);
  }

  /// Log of the density at the coordinates of a point.
  double log_density(std::span<const double> x) {
    const std::size_t dimensions = bandwidth_.size();
    exponents_.resize(size() + 1);
    double prior = 0;
    for (std::size_t d = 0; d < dimensions; ++d) {
      if (space_.parameters[d].categorical && x[d] == x[d])
        prior -= std::log(static_cast<double>(space_.parameters[d].count));
    }
    double highest = exponents_[size()] = prior;
    for (std::size_t i = 0; i < size(); ++i) {
      double sum = 0;
      const double* point = &points_[i * dimensions];
      for (std::size_t d = 0; d < dimensions; ++d) {
        if (x[d] != x[d]) continue;
        const Parameter& parameter = space_.parameters[d];
        const auto categories = static_cast<double>(parameter.count);
        if (point[d] != point[d]) {
          if (parameter.categorical) sum -= std::log(categories);
        } else if (parameter.categorical) {
          const double share = bandwidth_[d];
          if (parameter.count > 1) sum += std::log(x[d] == point[d] ? 1 - share : share / (categories - 1));
        } else {
          const double z = (x[d] - point[d]) / bandwidth_[d];
          sum += scale_[i * dimensions + d] - 0.5 * z * z;
        }
      }
      exponents_[i] = sum;
      highest = std::max(highest, exponents_[i]);
    }
    double total = 0;
    for (const double exponent : exponents_) total += std::exp(exponent - highest);
    return highest + std::log(total / static_cast<double>(exponents_.size()));
  }

  /// A draw from one of the kernels, in unit coordinates (a category in the middle of its share).
  void draw(Random& random, std::vector<double>& unit) const {
    const std::size_t dimensions = bandwidth_.size();
    const std::size_t kernel = random.below(size() + 1);
    for (std::size_t d = 0; d < dimensions; ++d) {
      const Parameter& parameter = space_.parameters[d];
      const double centre = kernel < size() ? points_[kernel * dimensions + d] : std::nan("");
      if (centre != centre) {
        unit[d] = random.uniform();
      } else if (parameter.categorical) {
        unit[d] = random.uniform() < bandwidth_[d] ? random.uniform() : parameter.to_unit(centre);
      } else {
        // The normal distribution cut to the interval, by its inverse.
        const double low = normal_cdf(-centre / bandwidth_[d]), high = normal_cdf((1 - centre) / bandwidth_[d]);
        const double share = std::clamp(low + (high - low) * random.uniform(), 0x1p-60, 1 - 0x1p-53);
        unit[d] = std::clamp(centre + bandwidth_[d] * normal_quantile(share), 0.0, 1.0);
      }
    }
  }

 private:
  /// For each coordinate minus the log of what its bell has to be divided by to hold 1 between 0 and 1.
  void set_scale(std::size_t i) {
    const std::size_t dimensions = bandwidth_.size();
    for (std::size_t d = 0; d < dimensions; ++d) {
      const double centre = points_[i * dimensions + d];
      if (space_.parameters[d].categorical || centre != centre) continue;
      const double inside = normal_cdf((1 - centre) / bandwidth_[d]) - normal_cdf(-centre / bandwidth_[d]);
      scale_[i * dimensions + d] = -std::log(bandwidth_[d] * kSqrtTwoPi * inside);
    }
  }

  const SearchSpace& space_;
  std::vector<double> bandwidth_, points_, scale_, exponents_;  // points_ and scale_: one a coordinate
  std::size_t size_ = 0;
  bool fitted_ = false;
};

class TpeSampler final : public Sampler {
 public:
  TpeSampler(const SearchSpace& space, const SamplerSettings& settings)
      : space_(space), tried_(space, settings.first), random_(settings.seed), good_(space), others_(space) {
    startup_ = std::max(kStartupMin, 2 * space.parameters.size());
    others_.reserve(kOthersMax + kBatch);
  }

  std::uint64_t batch() const override { return kBatch; }

  std::vector<Point> ask(std::uint64_t count) override {
    const bool chosen = outcomes_.size() >= startup_ && !tried_.has_first();
    if (chosen) model();
    std::vector<Point> points;
    while (points.size() < count) {
      std::optional<Point> point = chosen ? choose() : tried_.take_random(random_);
      if (!point) break;
      coordinates_.push_back(coordinates_of(*point));
      if (chosen) others_.add(coordinates_.back());  // bad as long as its outcome is not known: a constant liar
      points.push_back(std::move(*point));
    }
    return points;
  }

  void tell(std::span<const Outcome> outcomes) override {
    for (const Outcome& outcome : outcomes) {
      const std::size_t trial = outcomes_.size();
      outcomes_.push_back({outcome.cost, outcome.violation, {}});
      const auto place = std::ranges::upper_bound(
          best_, trial, [&](std::size_t a, std::size_t b) { return better(outcomes_[a], outcomes_[b]); });
      best_.insert(place, trial);
      if (best_.size() > kGoodMax) best_.pop_back();
    }
  }

 private:
  struct Candidate {
    Point point;
    double score = 0;
  };

  /// Unit coordinates, of a category its entry, NaN where the parameter is not active.
  std::vector<double> coordinates_of(const Point& point) const {
    std::vector<double> made = space_.to_unit(point);
    for (std::size_t d = 0; d < made.size(); ++d) {
      if (space_.parameters[d].categorical || std::isnan(point[d])) made[d] = point[d];
    }
    return made;
  }

  void model() {
    const std::size_t trials = outcomes_.size();
    const std::size_t good = std::clamp(trials / 10, kGoodMin, kGoodMax);
    good_.clear();
    for (std::size_t i = 0; i < good; ++i) good_.add(coordinates_[best_[i]]);
    good_.fit(trials);
    others_.clear();
    const auto is_good = [&](std::size_t trial) {
      return std::ranges::find(best_.begin(), best_.begin() + static_cast<std::ptrdiff_t>(good), trial) !=
             best_.begin() + static_cast<std::ptrdiff_t>(good);
    };
    if (trials <= kOthersMax + good) {
      for (std::size_t i = 0; i < trials; ++i) {
        if (!is_good(i)) others_.add(coordinates_[i]);
      }
    } else {
      while (others_.size() < kOthersMax) {
        const std::size_t trial = random_.below(trials);
        if (!is_good(trial)) others_.add(coordinates_[trial]);
      }
    }
    others_.fit(trials);
  }

  std::optional<Point> choose() {
    std::vector<Candidate> candidates;
    std::vector<double> unit(space_.parameters.size());
    for (std::size_t drawn = 0; candidates.size() < kCandidates && drawn < 4 * kCandidates; ++drawn) {
      good_.draw(random_, unit);
      Candidate candidate;
      candidate.point = space_.from_unit(unit);
      if (!space_.allows(candidate.point)) continue;
      const std::vector<double> x = coordinates_of(candidate.point);
      candidate.score = good_.log_density(x) - others_.log_density(x);
      candidates.push_back(std::move(candidate));
    }
    std::ranges::stable_sort(candidates, std::ranges::greater{}, &Candidate::score);
    for (Candidate& candidate : candidates) {
      if (tried_.take(candidate.point)) return std::move(candidate.point);
    }
    return candidates.empty() ? tried_.take_random(random_) : tried_.take_near(candidates[0].point, random_);
  }

  const SearchSpace& space_;
  TriedPoints tried_;
  Random random_;
  Mixture good_, others_;
  std::size_t startup_;
  std::vector<std::vector<double>> coordinates_;  // of every trial, told or not
  std::vector<Outcome> outcomes_;
  std::vector<std::size_t> best_;  // trials, the best first, at most kGoodMax
};

}  // namespace

std::unique_ptr<Sampler> make_tpe_sampler(const SearchSpace& space, const SamplerSettings& settings) {
  return std::make_unique<TpeSampler>(space, settings);
}

}  // namespace tradeassist::optimize
