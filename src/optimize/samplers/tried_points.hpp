#pragma once

#include <optional>
#include <unordered_set>
#include <vector>

#include "optimize/random.hpp"
#include "optimize/search_space.hpp"

namespace tradeassist::optimize {

/// Lets each point through once, and none that breaks a constraint. Points of a space that cannot be counted are not
/// remembered: two are the same only by chance. `space` has to outlive it.
class TriedPoints {
 public:
  /// `first`: what take_random() gives before it draws.
  explicit TriedPoints(const SearchSpace& space, const std::vector<Point>& first = {})
      : space_(space), combinations_(space.combinations()), first_(first.rbegin(), first.rend()) {}

  /// False when the settled point is not allowed or was taken before; else it is taken now.
  bool take(const Point& point);
  /// Takes the point, or one near it, or one anywhere. Nothing when there is none left; bounded, so that a space where
  /// one point in a million is allowed may seem empty.
  std::optional<Point> take_near(const Point& point, Random& random);
  /// Takes the next of the first points that is allowed, or one drawn evenly from the space.
  std::optional<Point> take_random(Random& random);
  /// Whether take_random() still has first points to give.
  bool has_first() const { return !first_.empty(); }
  /// Takes the first combination in order that is left. Only of a space that can be counted.
  std::optional<Point> take_next();

 private:
  const SearchSpace& space_;
  std::optional<std::uint64_t> combinations_;
  std::vector<Point> first_;                 // the next at the end
  std::unordered_set<std::uint64_t> taken_;  // combinations
  std::uint64_t next_ = 0;                   // all combinations before it are taken or not allowed
};

/// A settled point drawn evenly from the unit cube of the space; it may break constraints.
Point draw_point(const SearchSpace& space, Random& random);

}  // namespace tradeassist::optimize
