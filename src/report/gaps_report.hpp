#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "market/gaps.hpp"
#include "store/answers/bar_query.hpp"

namespace tradeassist::report {

/// For people: the counts, then a line a gap. `calendar` is the name of what the gaps were judged by.
std::string gaps_text(const store::BarAnswer& answer, const std::string& calendar, const market::GapReport& report);

/// "from,to,kind,bars,reason" and a row a gap.
std::string gaps_csv(const market::GapReport& report);

/// The part of an answer that says what it lacks: with the lists of gaps, or why nothing is known.
boost::json::object gap_story_json(const store::GapStory& story);

std::string gaps_json(const store::BarAnswer& answer, const std::string& calendar, const market::GapReport& report);

}  // namespace tradeassist::report
