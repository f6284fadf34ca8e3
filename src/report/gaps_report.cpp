#include "report/gaps_report.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/csv.hpp"
#include "base/json.hpp"
#include "report/json_rows.hpp"

namespace tradeassist::report {
namespace {

std::string plural(std::int64_t count, const char* one, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

}  // namespace

std::string gaps_text(const store::BarAnswer& answer, const std::string& calendar, const market::GapReport& report) {
  std::string out = fmt::format(
      "{} {}, calendar {}{}: {}; {} missing in {}, {} without trade in {}, closed {}\n", answer.instrument.symbol,
      market::to_string(answer.timeframe), calendar, report.hours == market::Hours::kRegular ? ", regular hours" : "",
      plural(report.bars_present, "bar", "bars"), report.bars_missing, plural(report.missing_count, "gap", "gaps"),
      report.bars_without_trade, plural(report.no_trade_count, "gap", "gaps"),
      plural(report.closed_count, "time", "times"));
  if (report.bars_outside > 0) {
    out += fmt::format("{} where the calendar says closed; is it the right one? --calendar names another\n",
                       plural(report.bars_outside, "bar begins", "bars begin"));
  }
  if (report.unknown_count > 0) out += "some of the range lies outside the dates that the calendar knows\n";
  for (const market::Gap& gap : report.gaps) {
    out += fmt::format("{}  {}  {:<8}", base::format_time(gap.from), base::format_time(gap.to),
                       market::to_string(gap.kind));
    if (gap.bars > 0) out += "  " + plural(gap.bars, "bar", "bars");
    if (!gap.reason.empty()) out += "  " + gap.reason;
    out += '\n';
  }
  if (report.is_cut) out += fmt::format("… only the first {} are listed\n", report.gaps.size());
  return out;
}

std::string gaps_csv(const market::GapReport& report) {
  std::string out = "from,to,kind,bars,reason\n";
  for (const market::Gap& gap : report.gaps) {
    out += fmt::format("{},{},{},{},", base::format_time(gap.from), base::format_time(gap.to),
                       market::to_string(gap.kind), gap.bars);
    base::append_csv_text(out, gap.reason);
    out += '\n';
  }
  return out;
}

boost::json::object gap_story_json(const store::GapStory& story) {
  boost::json::object out{
      {"calendar", story.calendar.empty() ? boost::json::value() : boost::json::value(story.calendar)}};
  if (!story.unknown_reason.empty()) {
    out["unknown_reason"] = story.unknown_reason;
    return out;
  }
  const market::GapReport& report = story.report;
  boost::json::array gaps;
  gaps.reserve(report.gaps.size());
  for (const market::Gap& gap : report.gaps) {
    gaps.push_back(
        boost::json::object{{"from", base::format_time(gap.from)},
                            {"to", base::format_time(gap.to)},
                            {"kind", std::string(market::to_string(gap.kind))},
                            {"bars", gap.bars},
                            {"reason", gap.reason.empty() ? boost::json::value() : boost::json::value(gap.reason)}});
  }
  out["hours"] = report.hours == market::Hours::kRegular ? "regular" : "all";
  out["bars_present"] = report.bars_present;
  out["bars_outside"] = report.bars_outside;
  out["bars_missing"] = report.bars_missing;
  out["bars_without_trade"] = report.bars_without_trade;
  out["counts"] = boost::json::object{{"missing", report.missing_count},
                                      {"no_trade", report.no_trade_count},
                                      {"closed", report.closed_count},
                                      {"unknown", report.unknown_count}};
  out["is_cut"] = report.is_cut;
  out["gaps"] = std::move(gaps);
  return out;
}

std::string gaps_json(const store::BarAnswer& answer, const std::string& calendar, const market::GapReport& report) {
  boost::json::object out{{"symbol", answer.instrument.symbol},
                          {"timeframe", market::to_string(answer.timeframe)},
                          {"source", answer.series.key.source}};
  for (auto& [name, value] : gap_story_json({calendar, report, ""})) out[name] = std::move(value);
  return base::json_text(out);
}

}  // namespace tradeassist::report
