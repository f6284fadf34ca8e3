#include "report/bars_report.hpp"

#include <boost/json/value.hpp>
#include <cmath>

#include "base/csv.hpp"
#include "base/json.hpp"

namespace tradeassist::report {
namespace {

std::string quoted(const std::string& text) { return base::json_text(boost::json::value(text)); }

}  // namespace

void append_json_number(std::string& out, double value) {
  if (std::isfinite(value)) {
    base::append_csv_number(out, value);
  } else {
    out += "null";
  }
}

void append_time(std::string& out, std::int64_t nanoseconds) {
  out += base::format_time(base::time_from_nanoseconds(nanoseconds));
}

std::string series_head(const SeriesStory& story) {
  std::string out = "{\"symbol\":" + quoted(story.instrument.symbol);
  out += ",\"timeframe\":" +
         quoted(story.tick_rule ? market::to_string(*story.tick_rule) : market::to_string(story.timeframe));
  out += ",\"base_timeframe\":" + quoted(market::to_string(story.series.key.timeframe));
  out += ",\"source\":" + quoted(story.series.key.source);
  out += ",\"time_zone\":" + quoted(story.instrument.time_zone);
  out += ",\"row_count\":" + std::to_string(story.row_count);
  out += ",\"last_append_time\":";
  out += story.series.appended_at ? quoted(base::format_time(*story.series.appended_at)) : "null";
  out += ",\"empty_reason\":";
  out += story.empty_reason.empty() ? "null" : quoted(story.empty_reason);
  return out;
}

std::string bars_csv(const market::Series& bars) {
  std::string out = "time,open,high,low,close,volume\n";
  out.reserve(bars.size() * 64);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    append_time(out, bars.time[i]);
    for (const auto* column : {&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume}) {
      out += ',';
      base::append_csv_number(out, (*column)[i]);
    }
    out += '\n';
  }
  return out;
}

std::string bars_json(const store::BarAnswer& answer, bool as_columns) {
  const market::Series& bars = answer.bars;
  static constexpr const char* kNames[] = {"open", "high", "low", "close", "volume"};
  const std::vector<double>* columns[] = {&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume};
  std::string out = series_head(
      {answer.instrument, answer.series, answer.timeframe, bars.size(), answer.empty_reason, answer.tick_rule});
  out.reserve(out.size() + bars.size() * (as_columns ? 72 : 120));
  if (!as_columns) {
    out += ",\"bars\":[";
    for (std::size_t i = 0; i < bars.size(); ++i) {
      out += i == 0 ? "{\"time\":\"" : ",{\"time\":\"";
      append_time(out, bars.time[i]);
      out += '"';
      for (std::size_t k = 0; k < 5; ++k) {
        out += std::string(",\"") + kNames[k] + "\":";
        append_json_number(out, (*columns[k])[i]);
      }
      out += '}';
    }
    return out + "]}";
  }
  out += ",\"columns\":{\"time\":[";
  for (std::size_t i = 0; i < bars.size(); ++i) {
    out += i == 0 ? "\"" : ",\"";
    append_time(out, bars.time[i]);
    out += '"';
  }
  out += ']';
  for (std::size_t k = 0; k < 5; ++k) {
    out += std::string(",\"") + kNames[k] + "\":[";
    for (std::size_t i = 0; i < bars.size(); ++i) {
      if (i > 0) out += ',';
      append_json_number(out, (*columns[k])[i]);
    }
    out += ']';
  }
  return out + "}}";
}

}  // namespace tradeassist::report
