#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"

namespace tradeassist::optimize {

/// A search on `train_days` calendar days, what it finds on the `test_days` after them, and again `step_days` later.
struct WalkForwardOptions {
  double train_days = 180, test_days = 90, step_days = 30;
  bool anchored = false;  // every search begins at the first bar instead
};

/// Reads `180/90/30` or `180/90`, which steps by the test days. kInvalidArgument: not such numbers, a step that is
/// longer than the test.
base::Result<WalkForwardOptions> parse_walk_forward(std::string_view text);

/// What is done beside the search to tell whether what it found means anything.
struct ValidationOptions {
  bool none = false;  // only the search itself
  std::optional<WalkForwardOptions> walk_forward{};
  std::uint64_t trials_of_all = 0;  // of this search and others that its result is chosen among; 0: its own
  int random_periods = 100;         // 0: none
  static constexpr int kRandomPeriodsMax = 10'000;
};

}  // namespace tradeassist::optimize
