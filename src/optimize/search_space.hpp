#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backtest/backtest.hpp"
#include "base/result.hpp"
#include "pine/program/program.hpp"

namespace tradeassist::optimize {

/// What is asked of one parameter: a range, or a list of values; neither = the range its input states.
struct ParameterRequest {
  std::string name;
  std::optional<double> from, to, step;
  std::vector<std::string> values;
};

/// Reads `NAME=FROM:TO:STEP`, `NAME=FROM:TO` (step of the input) or `NAME=a,b,c`.
base::Result<ParameterRequest> parse_parameter(std::string_view text);

/// One input that varies, over values that are counted: value(i) for i in [0, count).
struct Parameter {
  std::string name;
  std::size_t input = 0;  // index into Program::inputs
  std::uint64_t count = 0;
  double from = 0, step = 0;                 // a range, when `values` is empty
  std::vector<backtest::InputValue> values;  // a list

  backtest::InputValue value(std::uint64_t i) const;
};

/// The combinations of the parameters, numbered from 0; the last parameter varies fastest.
struct SearchSpace {
  std::vector<Parameter> parameters;

  /// Number of combinations, at most kCombinationsMax.
  std::uint64_t combinations() const;
  /// One index into each parameter's values.
  std::vector<std::uint64_t> indices(std::uint64_t combination) const;
  /// `base` with the parameters' values of this combination.
  backtest::InputVector inputs(std::uint64_t combination, const backtest::InputVector& base) const;

  static constexpr std::uint64_t kCombinationsMax = 1ull << 62;
};

/// The space of what was asked for; with nothing asked, of every int and float input whose range (minval, maxval) is
/// stated. kInvalidArgument names the parameter and what is wrong with it: unknown, empty or reversed range, values
/// outside the input's own bounds, more combinations than can be numbered, nothing to vary.
base::Result<SearchSpace> make_search_space(const pine::Program& program,
                                            const std::vector<ParameterRequest>& requests);

}  // namespace tradeassist::optimize
