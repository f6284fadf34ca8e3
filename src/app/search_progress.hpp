#pragma once

#include <stop_token>

#include "app/command.hpp"
#include "app/signals.hpp"
#include "optimize/trial_loop.hpp"

namespace tradeassist::app {

/// How far a search is, on standard error: one line of a terminal that is drawn over itself.
void draw_progress(const optimize::SearchProgress& progress);
void clear_progress();

/// Runs a search that a signal stops, and shows how far it is where there is a terminal to show it on.
template <class Search>
auto run_search(bool quiet, const Search& search) {
  std::stop_source stop;
  const SignalGuard signals([&] { stop.request_stop(); });
  const bool shown = is_terminal() && !quiet;
  const optimize::ProgressCallback progress = [shown](const optimize::SearchProgress& now) {
    if (shown) draw_progress(now);
  };
  auto result = search(progress, stop.get_token());
  if (shown) clear_progress();
  return result;
}

}  // namespace tradeassist::app
