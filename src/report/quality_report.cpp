#include "report/quality_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <span>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "market/zone_clock.hpp"
#include "report/json_rows.hpp"

namespace tradeassist::report {
namespace {

namespace json = boost::json;

constexpr std::size_t kWorstDays = 10;

std::string date_of(std::int64_t day) { return market::to_string(market::civil_from_days(day)); }

json::object head_json(const std::string& calendar, double score, std::span<const market::QualityFinding> findings) {
  json::array rows;
  for (const market::QualityFinding& each : findings) {
    rows.push_back(json::object{{"reason", market::to_string(each.reason)},
                                {"count", each.count},
                                {"penalty", each.penalty},
                                {"first", time_or_null(each.first)},
                                {"text", each.text}});
  }
  return {{"calendar", text_or_null(calendar)}, {"score", score}, {"findings", std::move(rows)}};
}

/// By reason, those with a count.
json::object counts_json(const market::DayQuality& day) {
  json::object counts;
  for (std::size_t i = 0; i < day.counts.size(); ++i) {
    if (day.counts[i] > 0) counts[market::to_string(static_cast<market::QualityReason>(i))] = day.counts[i];
  }
  return counts;
}

}  // namespace

json::object quality_story_json(const store::QualityStory& story) {
  return head_json(story.calendar, story.score, story.findings);
}

std::string quality_json(const store::BarAnswer& answer, const store::BarQuality& quality) {
  const auto& all = quality.report.days;
  const std::size_t listed = std::min(all.size(), kQualityDaysMax);
  json::array days;
  for (std::size_t i = all.size() - listed; i < all.size(); ++i) {
    const market::DayQuality& day = all[i];
    days.push_back(json::object{
        {"date", date_of(day.day)}, {"bars", day.bars}, {"score", day.score}, {"counts", counts_json(day)}});
  }
  json::object out{{"symbol", answer.instrument.symbol},
                   {"timeframe", market::to_string(answer.timeframe)},
                   {"base_timeframe", market::to_string(answer.series.key.timeframe)},
                   {"source", answer.series.key.source},
                   {"from", time_text(answer.bars.time.front())},
                   {"last_bar", time_text(answer.bars.time.back())},
                   {"row_count", answer.bars.size()}};
  for (auto& [name, value] : head_json(quality.calendar, quality.report.score, quality.report.findings)) {
    out[name] = std::move(value);
  }
  out["day_count"] = all.size();
  out["days_cut"] = listed < all.size();
  out["days"] = std::move(days);
  return base::json_text(out);
}

std::string quality_text(const store::BarAnswer& answer, const store::BarQuality& quality) {
  const market::QualityReport& report = quality.report;
  std::string out = fmt::format("{} {}, {} bars from {} to {}, {}\nScore {:.2f} of 100\n", answer.instrument.symbol,
                                market::to_string(answer.timeframe), answer.bars.size(),
                                base::format_time(base::time_from_nanoseconds(answer.bars.time.front())),
                                base::format_time(base::time_from_nanoseconds(answer.bars.time.back())),
                                quality.calendar.empty() ? "without a calendar: hours and missing bars are not judged"
                                                         : "calendar " + quality.calendar,
                                report.score);
  for (const market::QualityFinding& each : report.findings) {
    out += fmt::format("  {:<15}{:>10}  -{:<6.2f} {}\n", market::to_string(each.reason), each.count, each.penalty,
                       each.text);
  }
  std::vector<const market::DayQuality*> worst;
  for (const market::DayQuality& day : report.days) {
    if (day.score < 100) worst.push_back(&day);
  }
  const std::size_t shown = std::min(worst.size(), kWorstDays);
  std::ranges::sort(worst, {}, [](const market::DayQuality* day) { return std::pair(day->score, day->day); });
  if (shown > 0) out += fmt::format("Worst of {} days\n", report.days.size());
  for (std::size_t i = 0; i < shown; ++i) {
    out += fmt::format("  {}  {:>6.2f}  {}", date_of(worst[i]->day), worst[i]->score,
                       worst[i]->bars == 1 ? "1 bar" : fmt::format("{} bars", worst[i]->bars));
    for (const auto& [reason, count] : counts_json(*worst[i])) {
      out += fmt::format(", {} {}", std::string_view(reason), count.as_int64());
    }
    out += '\n';
  }
  return out;
}

}  // namespace tradeassist::report
