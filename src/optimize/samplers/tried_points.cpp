#include "optimize/samplers/tried_points.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "optimize/significance/normal.hpp"

namespace tradeassist::optimize {
namespace {

constexpr int kNearMax = 64;                     // draws near a point before others are taken
constexpr int kDrawsMax = 10'000;                // draws of a space that cannot be counted
constexpr int kCountedDrawsMax = 64;             // draws of one that can, before what is left is counted off
constexpr std::uint64_t kStepsMax = 10'000'000;  // combinations passed over at once

}  // namespace

Point draw_point(const SearchSpace& space, Random& random) {
  std::vector<double> unit(space.parameters.size());
  for (double& u : unit) u = random.uniform();
  return space.from_unit(unit);
}

bool TriedPoints::take(const Point& point) {
  if (!space_.allows(point)) return false;
  return !combinations_ || taken_.insert(space_.combination(point)).second;
}

std::optional<Point> TriedPoints::take_near(const Point& point, Random& random) {
  if (take(point)) return point;
  const std::vector<double> middle = space_.to_unit(point);
  for (int i = 0; i < kNearMax; ++i) {
    // From a step of one value to a tenth of the range and more.
    const double radius = 0.01 + 0.3 * i / kNearMax;
    std::vector<double> unit = middle;
    const std::uint64_t certain = random.below(unit.size());
    for (std::size_t k = 0; k < unit.size(); ++k) {
      const Parameter& parameter = space_.parameters[k];
      if (k != certain && random.uniform() < 0.5) continue;
      if (parameter.categorical) {
        unit[k] = random.uniform();
        continue;
      }
      const double least = parameter.continuous() ? 0 : 1.0 / static_cast<double>(parameter.count);
      const double u = unit[k] + std::max(radius, least) * normal_quantile(0.5 * 0x1p-53 + random.uniform());
      unit[k] = u < 0 ? std::min(1.0, -u) : u > 1 ? std::max(0.0, 2 - u) : u;
    }
    Point near = space_.from_unit(unit);
    if (take(near)) return near;
  }
  return take_random(random);
}

std::optional<Point> TriedPoints::take_random(Random& random) {
  while (!first_.empty()) {
    Point point = std::move(first_.back());
    first_.pop_back();
    if (take(point)) return point;
  }
  for (int i = 0; i < (combinations_ ? kCountedDrawsMax : kDrawsMax); ++i) {
    Point point = draw_point(space_, random);
    if (take(point)) return point;
  }
  return combinations_ ? take_next() : std::nullopt;
}

std::optional<Point> TriedPoints::take_next() {
  for (std::uint64_t steps = 0; next_ < *combinations_ && steps < kStepsMax; ++steps) {
    Point point = space_.point(next_++);
    if (take(point)) return point;
  }
  return std::nullopt;
}

}  // namespace tradeassist::optimize
