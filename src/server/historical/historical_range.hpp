#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"
#include "market/instrument.hpp"
#include "store/answers/bar_query.hpp"

namespace tradeassist::server {

/// So many days, weeks, months or years up to now; one of them.
struct RelativeRange {
  std::optional<std::int64_t> days{}, weeks{}, months{}, years{};
};
BOOST_DESCRIBE_STRUCT(RelativeRange, (), (days, weeks, months, years))

/// Which part of the bars; exactly one kind of:
///
/// - `start` and `end`: bars with start <= time < end. One of the two may be left out: then that end is open.
/// - `relative`: the range begins with the date that lies so many days, weeks (of 7 days), months or years before
///   today's date, both in the instrument's time zone. The day of a month that is too short for it is its last one: a
///   month before March 31 is February 28 or 29.
/// - `preset`: `1d` `5d` `1m` `3m` `6m` `1y` `2y` `5y` are the relative range of as many days, months or years; `ytd`
///   begins with January 1; `max` is all there is.
/// - `last`: the newest so many bars.
///
/// A date begins at midnight in the instrument's time zone, or with its trading session where that begins the evening
/// before (futures, forex). Bars of a day and more may be stamped with plain dates, 00:00 UTC; those of the first date
/// belong to the range, too. Relative ranges and presets end now, rounded up to a whole minute so that the same
/// question has a kept answer for a while.
struct HistoricalRange {
  std::optional<base::Time> start, end;
  std::optional<RelativeRange> relative;
  std::optional<std::string> preset;
  std::optional<std::int64_t> last;
};
BOOST_DESCRIBE_STRUCT(HistoricalRange, (), (start, end, relative, preset, last))

/// Adds what does not make sense; pointers are those of the document that has the range's fields at its top.
void check_range(const HistoricalRange& range, std::int64_t last_max, std::vector<base::FieldError>& errors);

/// True for ranges whose ends are dates of the instrument's time zone.
bool depends_on_instrument(const HistoricalRange& range);

/// Sets from, to and last of `query`, whose timeframe or tick rule is set. `range` has passed check_range().
/// kInvalidArgument where the instrument's time zone or session cannot be read.
base::Result<void> apply_range(const HistoricalRange& range, const market::Instrument& instrument, base::Time now,
                               store::BarQuery& query);

}  // namespace tradeassist::server
