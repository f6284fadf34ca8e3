#pragma once

#include "optimize/trial_loop.hpp"

namespace tradeassist::app {

/// How far a search is, on standard error: one line of a terminal that is drawn over itself.
void draw_progress(const optimize::SearchProgress& progress);
void clear_progress();

}  // namespace tradeassist::app
