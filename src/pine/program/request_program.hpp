#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "pine/program/program.hpp"

namespace tradeassist::pine {

/// Operations [first, end) of a body that the chart never runs; the jump over them is operation first - 1.
struct SkippedCode {
  static constexpr std::uint32_t kNoRequest = std::numeric_limits<std::uint32_t>::max();

  std::uint32_t first = 0, end = 0;
  std::uint32_t request = kNoRequest;  // the request whose expression it is; none: a function that nothing calls
  std::vector<Slot> results;           // of the request
};

/// Cuts a lowered script into the program of the chart and those of its requests. A request's program is the whole
/// script in which its expression runs on every bar, whatever conditions, loops and guards stand around it, without
/// what does not lead to its values. `skipped` is in the order in which the code ends, so that requests inside a
/// request's expression come before it. Gives the requests that need each other's answers: they have no program, and
/// the script cannot run.
std::vector<std::uint32_t> make_request_programs(Program& script, const std::vector<SkippedCode>& skipped);

}  // namespace tradeassist::pine
