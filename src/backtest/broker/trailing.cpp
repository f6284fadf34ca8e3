// Trailing stops: where they arm, what they follow, and what a repeated strategy.exit() keeps of them (broker.md §2.6,
// finer-rules §5).
#include <algorithm>
#include <cmath>

#include "backtest/broker/state.hpp"

namespace tradeassist::backtest {
namespace {

bool same_number(double a, double b) { return a == b || (a != a && b != b); }

/// Whole ticks; an absent offset is none.
double offset_ticks(const ExitRequest& request) {
  return request.trail_offset == request.trail_offset ? std::max(0.0, std::trunc(request.trail_offset)) : 0;
}

}  // namespace

double Broker::State::activation_level(const ExitRequest& request, const EntryInstance& entry) const {
  const int side = position.side();
  const double relative = entry.price + side * request.trail_points * prices.tick();
  const double absolute = request.trail_price;
  double level = absolute;
  if (absolute != absolute ||
      (relative == relative && settings.exit_takes_nearer_level && side * relative < side * absolute)) {
    level = relative;
  }
  return side > 0 ? prices.ceil(level) : prices.floor(level);
}

void Broker::State::set_trail(const ExitOrder& exit, const EntryInstance& entry, Leg& leg) const {
  const int side = position.side();
  const double ticks = offset_ticks(exit.request);
  const auto trail = std::ranges::find(exit.trails, entry.serial, &Trail::entry_serial);
  if (trail != exit.trails.end() && trail->armed) {
    const double stop = trail->best - side * ticks * prices.tick();
    leg.trail = side > 0 ? prices.floor(stop) : prices.ceil(stop);
  } else if (ticks == 0) {
    leg.trail_at = activation_level(exit.request, entry);
  }
}

void Broker::State::follow_trails(double price, const EntryInstance* filled) {
  if (!trailing || position.size() == 0) return;
  const int side = position.side();
  for (ExitOrder& exit : exits) {
    if (!exit.request.trails() || exit.dormant) continue;
    const bool at_once = offset_ticks(exit.request) == 0;  // fills where it arms
    for (const EntryInstance& entry : instances) {
      if ((filled != nullptr && &entry != filled) || !covers(exit, entry)) continue;
      auto trail = std::ranges::find(exit.trails, entry.serial, &Trail::entry_serial);
      if (trail == exit.trails.end()) trail = exit.trails.insert(trail, Trail{.entry_serial = entry.serial});
      if (trail->armed) {
        if (side * price > side * trail->best) trail->best = price;
      } else if (!at_once && side * price >= side * activation_level(exit.request, entry)) {
        trail->armed = true;
        trail->best = price;
      }
    }
  }
}

void Broker::State::start_trails(ExitOrder& exit, const ExitOrder* earlier) const {
  const ExitRequest& request = exit.request;
  if (earlier != nullptr && earlier->request.trails() &&
      same_number(earlier->request.trail_price, request.trail_price) &&
      same_number(earlier->request.trail_points, request.trail_points) &&
      same_number(earlier->request.trail_offset, request.trail_offset)) {
    exit.trails = earlier->trails;
    return;
  }
  // A level computed anew on every bar with an offset of 0 never stays armed; without one given it does.
  if (request.trail_offset == request.trail_offset && offset_ticks(request) == 0) return;
  const int side = position.side();
  const double close = now;
  const bool first_issue = earlier == nullptr || !earlier->request.trails();
  for (const EntryInstance& entry : instances) {
    if (!covers(exit, entry)) continue;
    Trail trail{.entry_serial = entry.serial};
    trail.armed = side * close >= side * activation_level(request, entry);
    trail.best = close;
    if (first_issue) {
      // The bar's own extreme counts, on the bar of the entry what the trade has seen of it.
      const double high = recalculating ? path_high : series.high[bar],
                   low = recalculating ? path_low : series.low[bar];
      trail.best = side > 0 ? high : low;
      if (entry.bar == bar) trail.best = position.best_price(entry.serial);
    }
    exit.trails.push_back(trail);
  }
}

}  // namespace tradeassist::backtest
