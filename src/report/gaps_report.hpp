#pragma once

#include <string>

#include "market/gaps.hpp"
#include "store/bar_query.hpp"

namespace tradeassist::report {

/// For people: the counts, then a line a gap. `calendar` is the name of what the gaps were judged by.
std::string gaps_text(const store::BarAnswer& answer, const std::string& calendar, const market::GapReport& report);

/// "from,to,kind,bars,reason" and a row a gap.
std::string gaps_csv(const market::GapReport& report);

std::string gaps_json(const store::BarAnswer& answer, const std::string& calendar, const market::GapReport& report);

}  // namespace tradeassist::report
