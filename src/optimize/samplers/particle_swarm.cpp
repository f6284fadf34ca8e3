#include "optimize/samplers/particle_swarm.hpp"

#include <algorithm>
#include <cmath>

#include "optimize/samplers/tried_points.hpp"

namespace tradeassist::optimize {
namespace {

constexpr std::uint64_t kParticles = 20;
constexpr double kInertia = 0.7298, kPull = 1.49618;  // Clerc and Kennedy's, for phi = 4.1
constexpr double kSpeedMax = 0.5;                     // of the unit interval
constexpr double kChange = 0.05;                      // how often a category is drawn anew

struct Particle {
  std::vector<double> unit, speed, best_unit;
  Outcome best;
  bool has_best = false;
};

class ParticleSwarmSampler final : public Sampler {
 public:
  ParticleSwarmSampler(const SearchSpace& space, const SamplerSettings& settings)
      : space_(space), tried_(space, settings.first), random_(settings.seed), swarm_(kParticles) {}

  std::uint64_t batch() const override { return kParticles; }

  std::vector<Point> ask(std::uint64_t count) override {
    std::vector<Point> points;
    while (points.size() < count) {
      Particle& particle = swarm_[points.size()];
      const bool first = particle.unit.empty();
      if (!first) move(particle);
      auto point = first ? tried_.take_random(random_) : tried_.take_near(space_.from_unit(particle.unit), random_);
      if (!point) break;
      const std::vector<double> place = space_.to_unit(*point);
      if (first) {
        particle.speed.resize(place.size());
        for (double& speed : particle.speed) speed = (random_.uniform() - 0.5) * kSpeedMax;
      }
      // A particle goes on from where it was tried; a step of a parameter is no jump of the particle, though.
      if (first || space_.from_unit(particle.unit) != *point) particle.unit = place;
      points.push_back(std::move(*point));
    }
    return points;
  }

  void tell(std::span<const Outcome> outcomes) override {
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      Particle& particle = swarm_[i];
      if (particle.has_best && !better(outcomes[i], particle.best)) continue;
      particle.best = outcomes[i];
      particle.best_unit = particle.unit;
      particle.has_best = true;
      if (!swarm_[leader_].has_best || better(particle.best, swarm_[leader_].best)) leader_ = i;
    }
  }

 private:
  void move(Particle& particle) {
    const std::vector<double>& leader = swarm_[leader_].best_unit;
    for (std::size_t d = 0; d < particle.unit.size(); ++d) {
      double& x = particle.unit[d];
      if (space_.parameters[d].categorical) {
        const double from = random_.uniform();
        if (from < kChange)
          x = random_.uniform();
        else if (from < 0.4)
          x = particle.best_unit[d];
        else if (from < 0.75)
          x = leader[d];
        continue;
      }
      double& speed = particle.speed[d];
      speed = kInertia * speed + kPull * random_.uniform() * (particle.best_unit[d] - x) +
              kPull * random_.uniform() * (leader[d] - x);
      speed = std::clamp(speed, -kSpeedMax, kSpeedMax);
      x += speed;
      if (x >= 0 && x <= 1) continue;
      // Bounces off the end and loses half its speed.
      x = x < 0 ? std::min(1.0, -x) : std::max(0.0, 2 - x);
      speed *= -0.5;
    }
  }

  const SearchSpace& space_;
  TriedPoints tried_;
  Random random_;
  std::vector<Particle> swarm_;
  std::size_t leader_ = 0;
};

}  // namespace

std::unique_ptr<Sampler> make_particle_swarm_sampler(const SearchSpace& space, const SamplerSettings& settings) {
  return std::make_unique<ParticleSwarmSampler>(space, settings);
}

}  // namespace tradeassist::optimize
