#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "market/calendar/calendar.hpp"
#include "market/gaps.hpp"
#include "store/bar_query.hpp"

namespace tradeassist::store {

/// The trading calendar that fits an instrument. kNotFound where none does, and then one must be named.
base::Result<market::CalendarPtr> calendar_for(const market::Instrument& instrument);

/// What is asked about the gaps of an answer.
struct AnswerGaps {
  std::optional<base::Time> from{}, to{};  // as the answer was asked for
  bool lists_closed = false;
  std::size_t listed_max = 10'000;
};

/// What an answer lacks by a calendar, and why (market/gaps.hpp).
base::Result<market::GapReport> find_answer_gaps(const BarAnswer& answer, const market::Calendar& calendar,
                                                 const AnswerGaps& query);

/// The trade date of each bar, as days since 1970: by the calendar, or, without one (null), by the instrument's
/// session. kInvalidArgument: its time zone or session cannot be read.
base::Result<std::vector<std::int64_t>> trade_days_of(const BarAnswer& answer, const market::CalendarPtr& calendar);

}  // namespace tradeassist::store
