#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "pine/compile.hpp"

namespace tradeassist::optimize {

/// A strategy with inputs of every kind that a search can vary, and two that state no range.
inline constexpr const char* kCross = R"(//@version=6
strategy("Cross", default_qty_type = strategy.fixed, default_qty_value = 10, commission_value = 0.02)
fast = input.int(5, "Fast", minval = 2, maxval = 12, step = 2)
slow = input.int(20, "Slow", minval = 14, maxval = 40, step = 2)
scale = input.float(1.0, "Scale", minval = 0.5, maxval = 1.5)
free = input.float(1.0, "Free")
plain = input.int(3, "Plain")
mode = input.string("both", "Mode", options = ["both", "long"])
f = ta.ema(close, fast)
s = ta.ema(close, slow)
if ta.crossover(f, s)
    strategy.entry("L", strategy.long)
if ta.crossunder(f, s)
    if mode == "both"
        strategy.entry("S", strategy.short)
    else
        strategy.close("L")
plot(f)
)";

inline std::shared_ptr<const pine::Program> cross() {
  auto made = pine::compile("cross.pine", kCross);
  EXPECT_TRUE(made.program) << pine::render(made);
  return made.program;
}

}  // namespace tradeassist::optimize
