#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <string_view>
#include <vector>

#include "optimize/sampler.hpp"
#include "optimize/testing/spaces.hpp"

/// Functions whose least value is known, and how low a sampler gets on them.
namespace tradeassist::optimize::testing {

using Function = std::function<double(const Point&)>;

struct Problem {
  const char* name;
  SearchSpace space;
  Function cost;
};

inline SearchSpace cube(std::size_t dimensions, double from, double to) {
  std::vector<Parameter> parameters;
  for (std::size_t i = 0; i < dimensions; ++i) parameters.push_back(continuous("x" + std::to_string(i), from, to));
  return space_of(std::move(parameters));
}

/// 0 at a point that is not the middle.
inline Problem sphere() {
  return {"sphere", cube(5, -5, 5), [](const Point& x) {
            double sum = 0;
            for (std::size_t i = 0; i < x.size(); ++i) {
              const double away = x[i] - 1.3 + 0.2 * static_cast<double>(i);
              sum += away * away;
            }
            return sum;
          }};
}

inline Problem rosenbrock() {
  return {"rosenbrock", cube(4, -2, 3), [](const Point& x) {
            double sum = 0;
            for (std::size_t i = 0; i + 1 < x.size(); ++i) {
              sum += 100 * std::pow(x[i + 1] - x[i] * x[i], 2) + std::pow(1 - x[i], 2);
            }
            return sum;
          }};
}

inline Problem rastrigin() {
  return {"rastrigin", cube(4, -5.12, 5.12), [](const Point& x) {
            double sum = 0;
            for (double v : x) {
              v -= 0.7;
              sum += 10 + v * v - 10 * std::cos(2 * std::numbers::pi * v);
            }
            return sum;
          }};
}

/// Whole numbers, a category that shifts the best place, a parameter that is there only in one category.
inline Problem mixed() {
  Problem problem{"mixed",
                  space_of({counted("a", 60, 1), counted("b", 200, 10), category("mode", 5),
                            continuous("x", 0.01, 100, true), continuous("y", 0, 1)}),
                  [](const Point& p) {
                    const double wanted = p[2] == 3 ? 0 : 15 + p[2];
                    const double y = p[2] == 3 ? std::fabs(p[4] - 0.8) * 10 : 0;
                    return std::fabs(p[0] - 17) + std::fabs(p[1] - 120) / 4 + wanted +
                           3 * std::fabs(std::log(p[3] / 2.5)) + y;
                  }};
  problem.space.parameters[4].parent = 2;
  problem.space.parameters[4].parent_entries = {3};
  return problem;
}

/// The points of `trials` trials and their outcomes.
struct Tried {
  std::vector<Point> points;
  std::vector<Outcome> outcomes;

  double lowest() const {
    double least = std::numeric_limits<double>::infinity();
    for (const Outcome& outcome : outcomes) {
      if (outcome.violation == 0) least = std::min(least, outcome.cost);
    }
    return least;
  }
};

inline Tried run(Sampler& sampler, std::uint64_t trials, const std::function<Outcome(const Point&)>& judge) {
  Tried tried;
  while (tried.points.size() < trials) {
    const std::uint64_t wanted =
        std::min<std::uint64_t>(sampler.batch() > 0 ? sampler.batch() : 256, trials - tried.points.size());
    const std::vector<Point> points = sampler.ask(wanted);
    std::vector<Outcome> outcomes;
    for (const Point& point : points) outcomes.push_back(judge(point));
    sampler.tell(outcomes);
    tried.points.insert(tried.points.end(), points.begin(), points.end());
    tried.outcomes.insert(tried.outcomes.end(), outcomes.begin(), outcomes.end());
    if (points.size() < wanted) break;
  }
  return tried;
}

inline Tried run(std::string_view sampler, const Problem& problem, std::uint64_t trials, std::uint64_t seed) {
  const auto made = make_sampler(sampler, problem.space, {trials, seed, {}}).value();
  return run(*made, trials, [&](const Point& point) {
    Outcome outcome;
    outcome.cost = problem.cost(point);
    return outcome;
  });
}

/// The median over nine seeds of the lowest cost.
inline double median_lowest(std::string_view sampler, const Problem& problem, std::uint64_t trials) {
  std::vector<double> lowest;
  for (std::uint64_t seed = 1; seed <= 9; ++seed) lowest.push_back(run(sampler, problem, trials, seed).lowest());
  std::ranges::nth_element(lowest, lowest.begin() + 4);
  return lowest[4];
}

}  // namespace tradeassist::optimize::testing
