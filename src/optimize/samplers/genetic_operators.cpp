#include "optimize/samplers/genetic_operators.hpp"

#include <algorithm>
#include <cmath>

namespace tradeassist::optimize {
namespace {

constexpr double kCrossover = 0.9;
constexpr double kCrossoverIndex = 15, kMutationIndex = 20;  // the larger, the nearer to the parents

double crossed(double a, double b, Random& random) {
  const double u = random.uniform();
  const double power = 1 / (kCrossoverIndex + 1);
  const double spread = u <= 0.5 ? std::pow(2 * u, power) : std::pow(1 / (2 * (1 - u)), power);
  const double sign = random.uniform() < 0.5 ? -1 : 1;
  return std::clamp(0.5 * ((a + b) + sign * spread * (b - a)), 0.0, 1.0);
}

double mutated(const Parameter& parameter, double x, Random& random) {
  if (parameter.categorical) return random.uniform();
  const double u = random.uniform();
  const double power = 1 / (kMutationIndex + 1);
  const double move = u < 0.5 ? std::pow(2 * u, power) - 1 : 1 - std::pow(2 * (1 - u), power);
  const double made = std::clamp(x + move, 0.0, 1.0);
  const double before = parameter.from_unit(x);
  if (parameter.continuous() || parameter.count < 2 || parameter.from_unit(made) != before) return made;
  const std::uint64_t i = parameter.index(before);
  const bool up = i == 0 || (i + 1 < parameter.count && move > 0);
  return parameter.to_unit(parameter.entry(up ? i + 1 : i - 1));
}

}  // namespace

Point breed(const SearchSpace& space, const std::vector<double>& mother, const std::vector<double>& father,
            Random& random) {
  std::vector<double> made = mother;
  const bool cross = random.uniform() < kCrossover;
  const double often = 1 / static_cast<double>(made.size());
  for (std::size_t d = 0; d < made.size(); ++d) {
    const Parameter& parameter = space.parameters[d];
    if (cross && random.uniform() < 0.5) {
      made[d] = parameter.categorical ? father[d] : crossed(mother[d], father[d], random);
    }
    if (random.uniform() < often) made[d] = mutated(parameter, made[d], random);
  }
  return space.from_unit(made);
}

}  // namespace tradeassist::optimize
