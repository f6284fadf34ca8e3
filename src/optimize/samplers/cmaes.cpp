#include "optimize/samplers/cmaes.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "optimize/samplers/tried_points.hpp"
#include "optimize/significance/normal.hpp"

namespace tradeassist::optimize {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kFirstStep = 0.25;  // of the unit interval
constexpr double kStepMin = 1e-7;    // of the longest axis; below, a run stands still
constexpr double kConditionMax = 1e14;
constexpr int kResamplesMax = 20;  // of a point that may not be tried
constexpr std::uint64_t kPopulationMax = 512;

/// A coordinate mirrored at the ends of the unit interval until it lies inside.
double mirrored(double x) {
  const double period = x - 2 * std::floor(x / 2);
  return period > 1 ? 2 - period : period;
}

class CmaesSampler final : public Sampler {
 public:
  CmaesSampler(const SearchSpace& space, const SamplerSettings& settings)
      : space_(space),
        tried_(space),
        random_(settings.seed),
        dimensions_(static_cast<Eigen::Index>(space.parameters.size())) {
    const auto n = static_cast<double>(dimensions_);
    smallest_ = large_ = std::max<std::uint64_t>(8, 4 + static_cast<std::uint64_t>(3 * std::log(n)));
    start(smallest_);
    mean_ = VectorXd::Constant(dimensions_, 0.5);
    if (!settings.first.empty()) {  // around the best that is known
      const std::vector<double> unit = space.to_unit(settings.first.front());
      std::ranges::copy(unit, mean_.begin());
    }
  }

  std::uint64_t batch() const override { return population_; }

  std::vector<Point> ask(std::uint64_t count) override {
    steps_.clear();
    std::vector<Point> points;
    while (points.size() < count) {
      auto point = draw();
      if (!point) break;
      points.push_back(std::move(*point));
    }
    return points;
  }

  void tell(std::span<const Outcome> outcomes) override {
    if (outcomes.size() < population_) return;  // the last trials of the search
    const std::vector<std::size_t> order = best_first(outcomes);
    update(order);
    note_progress(outcomes[order.front()], outcomes[order.back()]);
  }

 private:
  /// Weights and rates of a population, and an isotropic distribution. Names as in the tutorial.
  void start(std::uint64_t population) {
    population_ = population;
    const auto n = static_cast<double>(dimensions_);
    const auto mu = static_cast<std::size_t>(population / 2);
    weights_.resize(mu);
    for (std::size_t i = 0; i < mu; ++i) {
      weights_[i] = std::log((static_cast<double>(population) + 1) / 2) - std::log(static_cast<double>(i) + 1);
    }
    const double sum = std::accumulate(weights_.begin(), weights_.end(), 0.0);
    double squares = 0;
    for (double& weight : weights_) {
      weight /= sum;
      squares += weight * weight;
    }
    mu_eff_ = 1 / squares;
    c_sigma_ = (mu_eff_ + 2) / (n + mu_eff_ + 5);
    d_sigma_ = 1 + 2 * std::max(0.0, std::sqrt((mu_eff_ - 1) / (n + 1)) - 1) + c_sigma_;
    c_c_ = (4 + mu_eff_ / n) / (n + 4 + 2 * mu_eff_ / n);
    c_1_ = 2 / ((n + 1.3) * (n + 1.3) + mu_eff_);
    c_mu_ = std::min(1 - c_1_, 2 * (mu_eff_ - 2 + 1 / mu_eff_) / ((n + 2) * (n + 2) + mu_eff_));
    chi_n_ = std::sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
    sigma_ = kFirstStep;
    path_sigma_ = path_c_ = VectorXd::Zero(dimensions_);
    covariance_ = axes_ = MatrixXd::Identity(dimensions_, dimensions_);
    lengths_ = VectorXd::Ones(dimensions_);
    generation_ = unchanged_ = 0;
    has_best_ = false;
  }

  /// A point that may be tried; its step from the mean, in units of sigma, is kept.
  std::optional<Point> draw() {
    VectorXd step(dimensions_);
    std::vector<double> unit(static_cast<std::size_t>(dimensions_));
    Point point;
    for (int i = 0; i < kResamplesMax; ++i) {
      VectorXd normal(dimensions_);
      for (double& z : normal) z = normal_quantile(random_.uniform() + 0x1p-54);
      step = axes_ * lengths_.cwiseProduct(normal);
      for (Eigen::Index d = 0; d < dimensions_; ++d)
        unit[static_cast<std::size_t>(d)] = mirrored(mean_[d] + sigma_ * step[d]);
      point = space_.from_unit(unit);
      if (tried_.take(point)) {
        steps_.push_back(std::move(step));
        return point;
      }
    }
    auto near = tried_.take_near(point, random_);
    if (!near) return near;
    // The step that leads there. A far one is shortened, as Hansen (Injecting External Solutions Into CMA-ES, 2011).
    const std::vector<double> place = space_.to_unit(*near);
    for (Eigen::Index d = 0; d < dimensions_; ++d) step[d] = (place[static_cast<std::size_t>(d)] - mean_[d]) / sigma_;
    const double length = (axes_.transpose() * step).cwiseQuotient(lengths_).norm();
    const auto n = static_cast<double>(dimensions_);
    const double longest = std::sqrt(n) + 2 * n / (n + 2);
    if (length > longest) step *= longest / length;
    steps_.push_back(std::move(step));
    return near;
  }

  void update(const std::vector<std::size_t>& order) {
    const auto n = static_cast<double>(dimensions_);
    ++generation_;
    VectorXd moved = VectorXd::Zero(dimensions_);
    for (std::size_t i = 0; i < weights_.size(); ++i) moved += weights_[i] * steps_[order[i]];
    mean_ = (mean_ + sigma_ * moved).unaryExpr(&mirrored);
    const VectorXd whitened = axes_ * (axes_.transpose() * moved).cwiseQuotient(lengths_);
    path_sigma_ = (1 - c_sigma_) * path_sigma_ + std::sqrt(c_sigma_ * (2 - c_sigma_) * mu_eff_) * whitened;
    const double settled = 1 - std::pow(1 - c_sigma_, 2.0 * static_cast<double>(generation_));
    const bool short_path = path_sigma_.norm() / std::sqrt(settled) < (1.4 + 2 / (n + 1)) * chi_n_;
    path_c_ *= 1 - c_c_;
    if (short_path) path_c_ += std::sqrt(c_c_ * (2 - c_c_) * mu_eff_) * moved;
    const double missing = short_path ? 0 : c_1_ * c_c_ * (2 - c_c_);
    covariance_ *= 1 - c_1_ - c_mu_ + missing;
    covariance_ += c_1_ * path_c_ * path_c_.transpose();
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      const VectorXd& step = steps_[order[i]];
      covariance_ += c_mu_ * weights_[i] * step * step.transpose();
    }
    sigma_ *= std::exp(std::min(1.0, c_sigma_ / d_sigma_ * (path_sigma_.norm() / chi_n_ - 1)));
    sigma_ = std::min(sigma_, 1.0);
    for (Eigen::Index d = 0; d < dimensions_; ++d) {
      const Parameter& parameter = space_.parameters[static_cast<std::size_t>(d)];
      if (parameter.continuous()) continue;
      const double least = 0.33 / static_cast<double>(parameter.count) / sigma_;
      covariance_(d, d) = std::max(covariance_(d, d), least * least);
    }
    const MatrixXd symmetric = 0.5 * (covariance_ + covariance_.transpose());
    covariance_ = symmetric;
    const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(covariance_);
    axes_ = solver.eigenvectors();
    lengths_ = solver.eigenvalues().cwiseMax(1e-20).cwiseSqrt();
  }

  /// Starts again where a run stands still.
  void note_progress(const Outcome& best, const Outcome& worst) {
    const bool flat = !better(best, worst);
    if (!has_best_ || better(best, best_)) {
      // A gain in the tenth digit is none.
      const bool gained = !has_best_ || best.violation < best_.violation ||
                          best_.cost - best.cost > 1e-10 * std::max(1e-300, std::fabs(best_.cost));
      best_ = {best.cost, best.violation, {}};
      has_best_ = true;
      unchanged_ = gained ? 0 : unchanged_ + 1;
    } else {
      ++unchanged_;
    }
    const auto patience =
        static_cast<std::uint64_t>(10 + 30 * static_cast<double>(dimensions_) / static_cast<double>(population_));
    const double longest = lengths_.maxCoeff(), shortest = lengths_.minCoeff();
    const bool small = sigma_ * longest < kStepMin;
    const bool ill = longest * longest > kConditionMax * shortest * shortest;
    if (!small && !ill && unchanged_ <= patience && !(flat && unchanged_ > 5)) return;
    ++restarts_;
    if (restarts_ % 2 == 0) large_ = std::min(2 * large_, kPopulationMax);
    start(restarts_ % 2 == 0 ? large_ : smallest_);
    if (restarts_ % 2 == 1) sigma_ *= std::pow(10, -2 * random_.uniform());
    for (double& m : mean_) m = random_.uniform();
  }

  const SearchSpace& space_;
  TriedPoints tried_;
  Random random_;
  Eigen::Index dimensions_;
  std::uint64_t smallest_ = 0, large_ = 0, restarts_ = 0;  // populations
  std::uint64_t population_ = 0, generation_ = 0, unchanged_ = 0;
  std::vector<double> weights_;
  double mu_eff_ = 0, c_sigma_ = 0, d_sigma_ = 0, c_c_ = 0, c_1_ = 0, c_mu_ = 0, chi_n_ = 0, sigma_ = 0;
  VectorXd mean_, path_sigma_, path_c_, lengths_;  // lengths_: deviations along axes_
  MatrixXd covariance_, axes_;
  std::vector<VectorXd> steps_;  // of the points asked for
  bool has_best_ = false;
  Outcome best_;
};

}  // namespace

std::unique_ptr<Sampler> make_cmaes_sampler(const SearchSpace& space, const SamplerSettings& settings) {
  return std::make_unique<CmaesSampler>(space, settings);
}

}  // namespace tradeassist::optimize
