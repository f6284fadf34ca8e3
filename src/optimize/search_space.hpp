#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backtest/backtest.hpp"
#include "base/result.hpp"
#include "optimize/constraint.hpp"
#include "optimize/parameter.hpp"
#include "pine/program/program.hpp"

namespace tradeassist::optimize {

/// What is asked of one parameter: a range, or a list of values; neither = the range its input states.
struct ParameterRequest {
  std::string name;
  std::optional<double> from, to, step;
  std::vector<std::string> values;
  bool continuous = false;   // every number of the range, not only its steps
  bool logarithmic = false;  // drawn evenly over the logarithm; of a float without a step: every number
  // Active only where another parameter has one of these values; elsewhere the input keeps its value.
  std::string when;
  std::vector<std::string> when_values;
};

/// Reads `NAME=FROM:TO:STEP`, `NAME=FROM:TO` (step of the input), `NAME=FROM:TO:*` (every number between),
/// `NAME=FROM:TO:log` or `NAME=a,b,c`; behind it may stand ` if OTHER=a,b`.
base::Result<ParameterRequest> parse_parameter(std::string_view text);

/// All the points that may be tried. Where all parameters can be counted, its combinations are numbered from 0; the
/// last parameter varies fastest.
struct SearchSpace {
  std::vector<Parameter> parameters;
  std::vector<Constraint> constraints;

  /// Number of combinations, at most kCombinationsMax; nothing where a parameter takes every number of a range. Those
  /// that differ only in parameters that are not active, and those that break constraints, are counted too.
  std::optional<std::uint64_t> combinations() const;
  /// Whether some parameter depends on another: then several numbers stand for one combination.
  bool conditional() const;

  /// The point of a combination, settled.
  Point point(std::uint64_t combination) const;
  /// The least number that stands for the point. Only where combinations() has a value.
  std::uint64_t combination(const Point& point) const;
  /// One coordinate in [0, 1] a parameter to a settled point, and back (0.5 where a parameter is not active).
  Point from_unit(std::span<const double> unit) const;
  std::vector<double> to_unit(const Point& point) const;

  /// Makes the entries of parameters that are not active NaN.
  void settle(Point& point) const;
  /// True when a settled point breaks no constraint.
  bool allows(const Point& point) const;
  /// `base` with the values of the active parameters.
  backtest::InputVector inputs(const Point& point, const backtest::InputVector& base) const;

  /// The settled point that is nearest to some values: each parameter that is named has the nearest of its range, or
  /// the value of its list; the others have that of `base`. kInvalidArgument: a text that is no value of the parameter.
  base::Result<Point> point_of(const std::map<std::string, backtest::InputValue>& values,
                               const backtest::InputVector& base) const;

  static constexpr std::uint64_t kCombinationsMax = 1ull << 62;
  static constexpr std::size_t kParametersMax = 256, kConstraintsMax = 256;
};

/// The space of what was asked for; with nothing asked, of every int and float input whose range (minval, maxval) is
/// stated. Constraints may name inputs that do not vary: their value is that of `base`, or the default without one.
/// kInvalidArgument names the parameter or constraint and what is wrong with it: unknown, empty or reversed range,
/// values outside the input's own bounds, more combinations than can be numbered, conditions that depend on each other,
/// nothing to vary.
base::Result<SearchSpace> make_search_space(const pine::Program& program, const std::vector<ParameterRequest>& requests,
                                            const std::vector<ConstraintRequest>& constraints = {},
                                            const backtest::InputVector& base = {});

}  // namespace tradeassist::optimize
