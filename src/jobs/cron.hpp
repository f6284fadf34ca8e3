#pragma once

#include <bitset>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "market/zone_clock.hpp"

namespace tradeassist::jobs {

/// Times as the five fields of crontab(5) say them: minute, hour, day of the month, month, day of the week. A field is
/// `*`, or a list with commas of numbers, ranges `a-b` and steps `*/n`, `a-b/n`, `a/n` (from a on). Months and days of
/// the week may be English names of three letters; 0 and 7 are Sunday. Where both kinds of day are restricted, one that
/// fits either does.
class CronExpression {
 public:
  /// kInvalidArgument names the field and what is wrong with it.
  static base::Result<CronExpression> parse(std::string_view text);

  /// The first such minute after an instant, by the clocks of the zone; nothing when there is none within nine years
  /// (30 February). When clocks change, what is to happen at certain hours happens once: a time that is skipped as much
  /// later, one that comes twice the first time. What is to happen in every hour goes on through the change.
  std::optional<base::Time> next(base::Time after, market::ZoneClock& zone) const;

 private:
  bool fits_day(std::int64_t day) const;
  std::optional<std::int64_t> next_in_any_hour(std::int64_t after, market::ZoneClock& zone) const;
  std::optional<std::int64_t> next_at_hours(std::int64_t after, market::ZoneClock& zone) const;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;    // from 1
  std::bitset<13> months_;  // from 1
  std::bitset<7> weekdays_; // from Sunday
  bool any_day_ = false, any_weekday_ = false;
};

}  // namespace tradeassist::jobs
