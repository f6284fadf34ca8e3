#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "pine/libraries/library_finder.hpp"
#include "pine/program/program.hpp"

namespace tradeassist::pine {

struct LoweringLimits {
  std::size_t operations_max = 200'000;  // after inlining
  std::size_t slots_max = 400'000;
  std::size_t expansions_max = 50'000;  // calls of user functions, each expanded in place
  std::size_t requests_max = 500;       // each has a program of its own
  int call_depth_max = 64;              // user functions inside each other
};

struct Compilation {
  std::shared_ptr<const Source> source;    // with those of the libraries it imports
  Diagnostics diagnostics;                 // errors and warnings, in source order
  std::shared_ptr<const Program> program;  // null when there are errors
};

/// Source text to program: parse, analyse, lower. Reports every error of the file, not the first. What the language
/// has but this build does not run is an error that names the construct. Pure and thread-safe, but for what `libraries`
/// reads when the script imports any.
Compilation compile(std::string name, std::string text, const LibraryFinder& libraries = {},
                    const LoweringLimits& limits = {});

/// All messages of a compilation, rendered one after another.
std::string render(const Compilation& compilation);

}  // namespace tradeassist::pine
