#pragma once

#include <string>

#include "base/result.hpp"
#include "market/calendar/calendar.hpp"
#include "market/quality.hpp"
#include "store/answers/bar_query.hpp"

namespace tradeassist::store {

/// How good the bars of an answer are, with each trade date.
struct BarQuality {
  std::string calendar;  // its name; empty where none fits: then hours and missing bars are not judged
  market::QualityReport report{};
};

/// Judges the bars as they were asked for by `query`, before they are filled, by a calendar, or by that of the
/// instrument where none is given. kInvalidArgument: no bars, or bars of trades, volume, money or range.
base::Result<BarQuality> quality_of_answer(const BarAnswer& answer, const BarQuery& query,
                                           market::CalendarPtr calendar = nullptr);

}  // namespace tradeassist::store
