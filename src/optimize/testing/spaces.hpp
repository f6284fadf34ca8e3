#pragma once

#include <string>
#include <utility>
#include <vector>

#include "optimize/search_space.hpp"

/// Spaces without a script, for tests and benchmarks of samplers.
namespace tradeassist::optimize::testing {

/// The whole numbers first, first + 1, ... : `count` of them.
inline Parameter counted(std::string name, std::uint64_t count, double first = 0) {
  Parameter made;
  made.name = std::move(name);
  made.count = count;
  made.from = first;
  made.to = first + static_cast<double>(count) - 1;
  made.step = 1;
  return made;
}

inline Parameter continuous(std::string name, double from, double to, bool logarithmic = false) {
  Parameter made;
  made.name = std::move(name);
  made.from = from;
  made.to = to;
  made.logarithmic = logarithmic;
  return made;
}

/// Texts without an order; their entries are 0, 1, ...
inline Parameter category(std::string name, std::uint64_t count) {
  Parameter made;
  made.name = std::move(name);
  made.count = count;
  made.categorical = true;
  for (std::uint64_t i = 0; i < count; ++i) made.values.emplace_back(std::to_string(i));
  return made;
}

inline SearchSpace space_of(std::vector<Parameter> parameters) {
  SearchSpace space;
  space.parameters = std::move(parameters);
  for (std::size_t i = 0; i < space.parameters.size(); ++i) space.parameters[i].input = i;
  return space;
}

}  // namespace tradeassist::optimize::testing
