#pragma once

#include <cstddef>
#include <optional>

#include "market/calendar/calendar.hpp"
#include "market/gaps.hpp"
#include "store/answers/bar_query.hpp"

namespace tradeassist::store {

/// What is asked about the gaps of an answer.
struct AnswerGaps {
  std::optional<base::Time> from{}, to{};  // as the answer was asked for
  bool lists_closed = false;
  std::size_t listed_max = 10'000;
};

/// What an answer lacks by a calendar, and why (market/gaps.hpp).
base::Result<market::GapReport> find_answer_gaps(const BarAnswer& answer, const market::Calendar& calendar,
                                                 const AnswerGaps& query);

}  // namespace tradeassist::store
