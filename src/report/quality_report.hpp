#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <string>

#include "store/answers/bar_quality.hpp"

namespace tradeassist::report {

/// The part of an answer that says how good its bars are: calendar, score and findings.
boost::json::object quality_story_json(const store::QualityStory& story);

constexpr std::size_t kQualityDaysMax = 10'000;  // of one answer

/// The same of all bars with each trade date: its score, bars, and how many of them by reason. Of more days than
/// kQualityDaysMax the newest are listed, and `days_cut` is true; the score is of all.
std::string quality_json(const store::BarAnswer& answer, const store::BarQuality& quality);

/// For people: the score, a line a finding, and the worst days.
std::string quality_text(const store::BarAnswer& answer, const store::BarQuality& quality);

}  // namespace tradeassist::report
