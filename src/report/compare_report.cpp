#include "report/compare_report.hpp"

#include <boost/json/value.hpp>
#include <string_view>

#include "base/json.hpp"

namespace tradeassist::report {
namespace {

std::string json_string(const std::string& text) { return base::json_text(boost::json::value(text)); }
std::string string_or_null(const std::string& text) { return text.empty() ? "null" : json_string(text); }
std::string time_text(const std::optional<base::Time>& time) {
  return time ? json_string(base::format_time(*time)) : "null";
}

void append_number(std::string& out, std::string_view name, double value) {
  ((out += ",\"") += name) += "\":";
  append_json_number(out, value);
}

void append_numbers(std::string& out, std::string_view name, const std::vector<double>& values) {
  ((out += ",\"") += name) += "\":[";
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ',';
    append_json_number(out, values[i]);
  }
  out += ']';
}

void append_times(std::string& out, const std::vector<std::int64_t>& times) {
  out += '[';
  for (std::size_t i = 0; i < times.size(); ++i) {
    out += i == 0 ? "\"" : ",\"";
    append_time(out, times[i]);
    out += '"';
  }
  out += ']';
}

void append_series(std::string& out, const CompareSource& source, const market::ComparedSeries& series,
                   bool own_times) {
  constexpr double kPercent = 100;
  const store::BarAnswer& answer = *source.answer;
  // The head has the source, the time zone, the freshness and why there are no bars.
  out += series_head(
      {answer.instrument, answer.series, answer.timeframe, answer.bars.size(), answer.empty_reason, answer.tick_rule});
  (out += ",\"requested_symbol\":") += json_string(source.symbol);
  (out += ",\"start\":") += time_text(source.start);
  (out += ",\"end\":") += time_text(source.end);
  out += source.kept.is_cached ? ",\"cached\":true" : ",\"cached\":false";
  (out += ",\"read_at\":") += json_string(base::format_time(source.kept.read_at));
  (out += ",\"dropped\":") += std::to_string(series.dropped);
  append_number(out, "return_percent", series.change * kPercent);
  append_number(out, "volatility_percent", series.volatility * kPercent);
  append_number(out, "max_drawdown_percent", series.max_drawdown * kPercent);
  (out += ",\"unknown_reason\":") += string_or_null(series.unknown_reason);
  out += ",\"time\":";
  if (own_times) {
    append_times(out, series.time);
  } else {
    out += "null";
  }
  append_numbers(out, "close", series.close);
  append_numbers(out, "rebased", series.rebased);
  out += '}';
}

}  // namespace

std::string compare_fields(const std::vector<CompareSource>& sources, const market::Comparison& comparison,
                           market::CompareBy by) {
  const bool by_time = by == market::CompareBy::kTime;
  std::string out = by_time ? R"("aligned_by":"time")" : R"("aligned_by":"bar_number")";
  (out += ",\"common_bars\":") += std::to_string(comparison.common_bars);
  out += ",\"time\":";
  if (by_time) {
    append_times(out, comparison.series.front().time);
  } else {
    out += "null";
  }
  out += ",\"series\":[";
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (i > 0) out += ',';
    append_series(out, sources[i], comparison.series[i], !by_time);
  }
  out += "],\"pairs\":[";
  for (const market::ComparedPair& pair : comparison.pairs) {
    if (pair.series > 1) out += ',';
    out += "{\"series\":" + std::to_string(pair.series) + ",\"against\":0";
    append_number(out, "correlation", pair.correlation);
    append_number(out, "beta", pair.beta);
    (out += ",\"unknown_reason\":") += string_or_null(pair.unknown_reason);
    append_numbers(out, "spread", pair.spread);
    append_numbers(out, "ratio", pair.ratio);
    out += '}';
  }
  return out + ']';
}

}  // namespace tradeassist::report
