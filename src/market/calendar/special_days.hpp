#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "market/calendar/calendar_rules.hpp"

namespace tradeassist::market {

/// What the rules say about one date, together.
struct SpecialDay {
  std::string name;
  DayKind kind = DayKind::kClosed;
  std::optional<ClockTime> opens, closes, extended_until, reopens;
};

/// Every date from `first_day` to `last_day` (days since 1970, both included) on which a rule holds and that could be
/// a trade date. Where several rules meet, a closed day outweighs a holiday session, and that a shortened day; two
/// rules of a kind give the shorter day, with the name of the first.
std::map<std::int64_t, SpecialDay> special_days_between(const CalendarRules& rules, std::int64_t first_day,
                                                        std::int64_t last_day);

}  // namespace tradeassist::market
