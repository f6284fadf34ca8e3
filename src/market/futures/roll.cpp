#include "market/futures/roll.hpp"

#include <fmt/format.h>

#include <cmath>

namespace tradeassist::market {
namespace {

constexpr std::size_t kNoRow = std::numeric_limits<std::size_t>::max();

std::string text_of(std::int64_t nanoseconds) { return base::format_time(base::time_from_nanoseconds(nanoseconds)); }

base::Result<void> check_switches(std::span<const FuturesContract> contracts, std::span<const Switch> switches) {
  const auto refuse = [&](std::size_t i, std::string_view why) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("roll {} at {} {}", i + 1, base::format_time(switches[i].time), why));
  };
  for (std::size_t i = 0; i < switches.size(); ++i) {
    const Switch& at = switches[i];
    if (at.from >= contracts.size() || at.to >= contracts.size())
      return refuse(i, "names a contract that is not given");
    const std::string from = to_string(contracts[at.from].name), to = to_string(contracts[at.to].name);
    if (at.to <= at.from) {
      return refuse(i, fmt::format("goes from {} to {}: contracts out of order; a roll goes to a later delivery month",
                                   from, to));
    }
    if (i == 0) continue;
    if (switches[i - 1].time >= at.time) return refuse(i, "is not after the one before; list rolls by time");
    if (switches[i - 1].to != at.from) {
      return refuse(i, fmt::format("leaves {}, but the roll before went to {}", from,
                                   to_string(contracts[switches[i - 1].to].name)));
    }
  }
  return {};
}

/// The last row before `row` (excluded) that has a close.
std::size_t row_with_close_before(const Series& bars, std::size_t row) {
  while (row > 0) {
    if (!std::isnan(bars.close[--row])) return row;
  }
  return kNoRow;
}

struct Rows {
  std::size_t old_row = kNoRow, new_row = kNoRow;
};

/// The rows of the last time before `t` at which both have a close.
Rows last_common(const Series& old_bars, const Series& new_bars, base::Time t) {
  Rows rows{row_with_close_before(old_bars, old_bars.lower_bound(t)),
            row_with_close_before(new_bars, new_bars.lower_bound(t))};
  while (rows.old_row != kNoRow && rows.new_row != kNoRow) {
    const std::int64_t old_time = old_bars.time[rows.old_row], new_time = new_bars.time[rows.new_row];
    if (old_time == new_time) return rows;
    if (old_time > new_time) {
      rows.old_row = row_with_close_before(old_bars, rows.old_row);
    } else {
      rows.new_row = row_with_close_before(new_bars, rows.new_row);
    }
  }
  return {};
}

/// The row with a close whose time is nearest to `t`; of two as near, the earlier.
std::size_t nearest_row(const Series& bars, base::Time t) {
  const std::size_t at = bars.lower_bound(t);
  const std::size_t before = row_with_close_before(bars, at);
  std::size_t after = at;
  while (after < bars.size() && std::isnan(bars.close[after])) ++after;
  if (after == bars.size()) return before;
  if (before == kNoRow) return after;
  const std::int64_t nanoseconds = base::to_nanoseconds(t);
  return nanoseconds - bars.time[before] <= bars.time[after] - nanoseconds ? before : after;
}

Roll roll_from(const Switch& at, const Series& old_bars, const Series& new_bars, Rows rows, Overlap overlap) {
  const double pre = old_bars.close[rows.old_row], post = new_bars.close[rows.new_row];
  return {.at = at,
          .overlap = overlap,
          .pre = pre,
          .post = post,
          .pre_time = base::time_from_nanoseconds(old_bars.time[rows.old_row]),
          .post_time = base::time_from_nanoseconds(new_bars.time[rows.new_row]),
          .gap = post - pre,
          .factor = pre > 0 && post > 0 ? post / pre : std::numeric_limits<double>::quiet_NaN()};
}

std::unexpected<base::Error> no_overlap(const FuturesContract& from, const FuturesContract& to, const Switch& at) {
  const auto range = [](const FuturesContract& contract) {
    if (contract.bars->empty()) return fmt::format("{} has no bars", to_string(contract.name));
    return fmt::format("{} has bars from {} to {}", to_string(contract.name), text_of(contract.bars->time.front()),
                       text_of(contract.bars->time.back()));
  };
  return base::failure(
      base::ErrorCode::kFailedPrecondition,
      fmt::format("missing overlap: {} and {} have no close at the same time before the roll at {} ({}, {}); add bars, "
                  "move the roll, or choose for missing overlaps 'nearest' (the closes nearest in time) or 'none' (the "
                  "gap stays in)",
                  to_string(from.name), to_string(to.name), base::format_time(at.time), range(from), range(to)));
}

base::Result<Roll> measure(std::span<const FuturesContract> contracts, const Switch& at, MissingOverlap missing) {
  const FuturesContract &from = contracts[at.from], &to = contracts[at.to];
  const Rows common = last_common(*from.bars, *to.bars, at.time);
  if (common.old_row != kNoRow) return roll_from(at, *from.bars, *to.bars, common, Overlap::kExact);
  if (missing == MissingOverlap::kNone) return Roll{.at = at, .overlap = Overlap::kNone};
  if (missing == MissingOverlap::kRefuse) return no_overlap(from, to, at);
  Rows nearest{row_with_close_before(*from.bars, from.bars->lower_bound(at.time)), kNoRow};
  if (nearest.old_row == kNoRow) return no_overlap(from, to, at);
  nearest.new_row = nearest_row(*to.bars, base::time_from_nanoseconds(from.bars->time[nearest.old_row]));
  if (nearest.new_row == kNoRow) return no_overlap(from, to, at);
  return roll_from(at, *from.bars, *to.bars, nearest, Overlap::kNearest);
}

}  // namespace

base::Result<std::vector<Roll>> measure_rolls(std::span<const FuturesContract> contracts,
                                              std::span<const Switch> switches, MissingOverlap missing) {
  TRY(check_contracts(contracts));
  TRY(check_switches(contracts, switches));
  std::vector<Roll> rolls;
  rolls.reserve(switches.size());
  for (const Switch& at : switches) {
    TRY_ASSIGN(const Roll roll, measure(contracts, at, missing));
    rolls.push_back(roll);
  }
  return rolls;
}

}  // namespace tradeassist::market
