#include "market/futures/stitch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace tradeassist::market {
namespace {

constexpr std::int64_t kAlways = std::numeric_limits<std::int64_t>::min(),
                       kNever = std::numeric_limits<std::int64_t>::max();

std::size_t row_at(const Series& bars, std::int64_t t) {
  return static_cast<std::size_t>(std::ranges::lower_bound(bars.time, t) - bars.time.begin());
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from, std::size_t first, std::size_t count) {
  const auto begin = from.begin() + static_cast<std::ptrdiff_t>(first);
  to.insert(to.end(), begin, begin + static_cast<std::ptrdiff_t>(count));
}

/// The bars of a contract in [from, until).
void append_bars(StitchedSeries& series, const FuturesContract& contract, std::uint32_t place, std::int64_t from,
                 std::int64_t until) {
  const Series& bars = *contract.bars;
  const std::size_t first = row_at(bars, from), past = row_at(bars, until);
  if (first >= past) return;
  const std::size_t count = past - first;
  append(series.bars.time, bars.time, first, count);
  append(series.bars.open, bars.open, first, count);
  append(series.bars.high, bars.high, first, count);
  append(series.bars.low, bars.low, first, count);
  append(series.bars.close, bars.close, first, count);
  append(series.bars.volume, bars.volume, first, count);
  if (bars.open_interest.empty()) {
    series.open_interest.resize(series.bars.size(), std::numeric_limits<double>::quiet_NaN());
  } else {
    append(series.open_interest, bars.open_interest, first, count);
  }
  series.contract.resize(series.bars.size(), place);
}

/// The bars at or after `from`, first of the contract in use and then of those that `rolls` lead to.
void append_segments(StitchedSeries& series, std::span<const FuturesContract> contracts, std::uint32_t in_use,
                     std::span<const Roll> rolls, std::int64_t from, std::optional<base::Time> end) {
  const std::int64_t last = end ? base::to_nanoseconds(*end) : kNever;
  for (const Roll& roll : rolls) {
    const std::int64_t until = base::to_nanoseconds(roll.at.time);
    append_bars(series, contracts[in_use], in_use, from, std::min(until, last));
    from = until;
    in_use = roll.at.to;
    series.segment_row.push_back(series.bars.size());
    series.rolls.push_back(roll);
  }
  append_bars(series, contracts[in_use], in_use, from, last);
}

base::Result<void> check_rolls(std::span<const FuturesContract> contracts, std::uint32_t in_use,
                               std::span<const Roll> rolls, std::int64_t before) {
  for (const Roll& roll : rolls) {
    const std::int64_t time = base::to_nanoseconds(roll.at.time);
    if (roll.at.from != in_use || roll.at.to <= in_use || roll.at.to >= contracts.size() || time <= before) {
      return base::failure(base::ErrorCode::kInvalidArgument,
                           fmt::format("the roll at {} does not follow from the one before, or from the first contract",
                                       base::format_time(roll.at.time)));
    }
    in_use = roll.at.to;
    before = time;
  }
  return {};
}

}  // namespace

std::uint32_t StitchedSeries::segment_contract(std::size_t segment) const {
  if (segment > 0) return rolls[segment - 1].at.to;
  return rolls.empty() ? contract.front() : rolls.front().at.from;
}

base::Result<StitchedSeries> stitch(std::span<const FuturesContract> contracts, std::uint32_t first,
                                    std::span<const Roll> rolls, std::optional<base::Time> end) {
  TRY(check_contracts(contracts));
  if (first >= contracts.size()) {
    return base::failure(base::ErrorCode::kInvalidArgument, "a continuous series needs at least one contract");
  }
  TRY(check_rolls(contracts, first, rolls, kAlways));
  StitchedSeries series;
  for (const FuturesContract& contract : contracts) series.contracts.push_back(contract.name);
  series.segment_row.push_back(0);
  append_segments(series, contracts, first, rolls, kAlways, end);
  return series;
}

base::Result<void> extend(StitchedSeries& series, std::span<const FuturesContract> contracts,
                          std::span<const Roll> new_rolls, std::optional<base::Time> end) {
  const auto stitch_anew = [](std::string why) {
    return base::failure(base::ErrorCode::kFailedPrecondition,
                         fmt::format("a continuous series cannot be extended: {}; compute it anew", why));
  };
  if (series.bars.empty()) return stitch_anew("it has no bars yet");
  const bool same =
      contracts.size() >= series.contracts.size() &&
      std::ranges::equal(series.contracts, contracts.first(series.contracts.size()), {}, {}, &FuturesContract::name);
  if (!same) return stitch_anew("its contracts are not the same");
  const std::int64_t last = series.bars.time.back();
  if (!new_rolls.empty() && base::to_nanoseconds(new_rolls.front().at.time) <= last) {
    return stitch_anew(fmt::format("the roll at {} is not after its last bar at {}",
                                   base::format_time(new_rolls.front().at.time),
                                   base::format_time(base::time_from_nanoseconds(last))));
  }
  TRY(check_contracts(contracts));
  const std::uint32_t in_use = series.segment_contract(series.rolls.size());
  // The last roll may have found no bar yet: what its contract had before it is not wanted.
  const std::int64_t rolled = series.rolls.empty() ? kAlways : base::to_nanoseconds(series.rolls.back().at.time);
  TRY(check_rolls(contracts, in_use, new_rolls, rolled));
  for (const FuturesContract& contract : contracts.subspan(series.contracts.size())) {
    series.contracts.push_back(contract.name);
  }
  append_segments(series, contracts, in_use, new_rolls, std::max(last + 1, rolled), end);
  return {};
}

}  // namespace tradeassist::market
