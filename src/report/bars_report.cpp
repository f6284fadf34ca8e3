#include "report/bars_report.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/csv.hpp"
#include "base/json.hpp"
#include "report/continuous_report.hpp"
#include "report/corporate_actions_report.hpp"
#include "report/gaps_report.hpp"
#include "report/quality_report.hpp"

namespace tradeassist::report {
namespace {

std::string json_string(const std::string& text) { return base::json_text(boost::json::value(text)); }

/// By market::Filled: none of a stored bar.
constexpr std::array kFillMethods = {market::FillMethod::kNone, market::FillMethod::kForward,
                                     market::FillMethod::kInterpolate, market::FillMethod::kZeroVolume};
/// The same as JSON.
constexpr std::array kFilledNames = {"null", "\"forward\"", "\"interpolate\"", "\"zero_volume\""};

struct Column {
  std::string_view name;
  std::span<const double> values;
};

std::vector<Column> columns_of(const store::BarAnswer& answer) {
  const market::Series& bars = answer.bars;
  std::vector<Column> columns = {
      {"open", bars.open}, {"high", bars.high}, {"low", bars.low}, {"close", bars.close}, {"volume", bars.volume}};
  for (std::size_t i = 0; i < market::kOptionalColumns.size(); ++i) {
    if (market::is_present(bars, market::kOptionalColumns[i])) {
      columns.push_back({market::kOptionalColumnNames[i], bars.*market::kOptionalColumns[i]});
    }
  }
  if (answer.continuous && !answer.continuous->unadjusted_close.empty()) {
    columns.push_back({"unadjusted_close", answer.continuous->unadjusted_close});
  }
  if (answer.adjusted && !answer.adjusted->split_factor.empty()) {
    columns.push_back({"split_factor", answer.adjusted->split_factor});
    columns.push_back({"dividend_factor", answer.adjusted->dividend_factor});
  }
  return columns;
}

/// The names that the column of contracts refers to; none where there is no such column.
std::vector<std::string> contracts_of(const store::BarAnswer& answer) {
  if (!answer.continuous || answer.continuous->contract.empty()) return {};
  return contract_names(answer.continuous->contracts);
}

/// An array of rows [first, end).
void append_rows(std::string& out, const store::BarAnswer& answer, std::size_t first, std::size_t end) {
  const auto columns = columns_of(answer);
  std::vector<std::string> contracts = contracts_of(answer);
  for (std::string& each : contracts) each = json_string(each);
  out += '[';
  for (std::size_t i = first; i < end; ++i) {
    out += i == first ? "{\"time\":\"" : ",{\"time\":\"";
    append_time(out, answer.bars.time[i]);
    out += '"';
    for (const Column& column : columns) {
      ((out += ",\"") += column.name) += "\":";
      append_json_number(out, column.values[i]);
    }
    if (!contracts.empty()) (out += ",\"contract\":") += contracts[answer.continuous->contract[i]];
    if (!answer.filled.empty()) (out += ",\"filled\":") += kFilledNames[answer.filled[i]];
    out += '}';
  }
  out += ']';
}

/// Whether and how prices were adjusted, and what the VWAPs are.
void append_adjustment(std::string& out, const store::BarAnswer& answer) {
  namespace json = boost::json;
  json::object story{{"price_adjustment", market::to_string(market::PriceAdjustment::kRaw)}, {"adjusted", false}};
  if (answer.adjusted) {
    story["price_adjustment"] = market::to_string(answer.adjusted->adjustment);
    story["adjusted"] = true;
    story["corporate_actions"] = actions_json(answer.adjusted->actions);
    story["adjustment_notes"] = json::array(answer.adjusted->notes.begin(), answer.adjusted->notes.end());
  }
  story["vwap"] = answer.vwap ? json::value(market::to_string(*answer.vwap)) : json::value(nullptr);
  const std::string text = base::json_text(story);
  (out += ',') += std::string_view(text).substr(1, text.size() - 2);  // its fields, without the braces
}

void append_story(std::string& out, const store::BarAnswer& answer) {
  namespace json = boost::json;
  json::array archived;
  for (const store::PartitionRange& range : answer.archived) {
    archived.emplace_back(store::partition_name(store::PartitionKind::kBar, range));
  }
  (out += ",\"archived\":") += base::json_text(archived);
  if (answer.continuous) {
    const store::ContinuousStory& story = *answer.continuous;
    (out += ",\"continuous\":") +=
        base::json_text(json::object{{"adjustment", std::string(market::to_string(story.adjustment))},
                                     {"roll", market::to_string(story.rule)},
                                     {"rank", story.rank},
                                     {"rolls", rolls_json(story.contracts, story.rolls)}});
  }
  append_adjustment(out, answer);
  out += ",\"last_is_partial\":";
  out += !answer.last_is_partial ? "null" : *answer.last_is_partial ? "true" : "false";
  if (answer.gaps) (out += ",\"gaps\":") += base::json_text(gap_story_json(*answer.gaps));
  if (answer.quality) (out += ",\"quality\":") += base::json_text(quality_story_json(*answer.quality));
}

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
  std::string out = "{\"symbol\":" + json_string(story.instrument.symbol);
  out += ",\"timeframe\":" +
         json_string(story.tick_rule ? market::to_string(*story.tick_rule) : market::to_string(story.timeframe));
  out += ",\"base_timeframe\":" + json_string(market::to_string(story.series.key.timeframe));
  out += ",\"source\":" + json_string(story.series.key.source);
  out += ",\"time_zone\":" + json_string(story.instrument.time_zone);
  out += ",\"row_count\":" + std::to_string(story.row_count);
  out += ",\"last_append_time\":";
  out += story.series.appended_at ? json_string(base::format_time(*story.series.appended_at)) : "null";
  out += ",\"empty_reason\":";
  out += story.empty_reason.empty() ? "null" : json_string(story.empty_reason);
  return out;
}

std::string bars_csv(const store::BarAnswer& answer) {
  const auto columns = columns_of(answer);
  std::string out = "time";
  for (const Column& column : columns) (out += ',') += column.name;
  const std::vector<std::string> contracts = contracts_of(answer);
  if (!contracts.empty()) out += ",contract";
  out += answer.filled.empty() ? "\n" : ",filled\n";
  const market::Series& bars = answer.bars;
  out.reserve(bars.size() * 64);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    append_time(out, bars.time[i]);
    for (const Column& column : columns) {
      out += ',';
      base::append_csv_number(out, column.values[i]);
    }
    if (!contracts.empty()) (out += ',') += contracts[answer.continuous->contract[i]];
    if (!answer.filled.empty()) {
      out += ',';
      if (answer.filled[i] != 0) out += market::to_string(kFillMethods[answer.filled[i]]);
    }
    out += '\n';
  }
  return out;
}

boost::json::array bars_rows(const store::BarAnswer& answer, std::size_t first, std::size_t count) {
  std::string text;
  append_rows(text, answer, first, std::min(answer.bars.size(), first + count));
  return std::move(base::parse_json(text, text.size()).value().as_array());
}

std::string bars_json(const store::BarAnswer& answer, bool as_columns, const std::optional<Kept>& kept) {
  const market::Series& bars = answer.bars;
  const auto columns = columns_of(answer);
  std::vector<std::string> contracts = contracts_of(answer);
  for (std::string& each : contracts) each = json_string(each);
  std::string out = series_head(
      {answer.instrument, answer.series, answer.timeframe, bars.size(), answer.empty_reason, answer.tick_rule});
  append_story(out, answer);
  if (kept) {
    out += kept->is_cached ? ",\"cached\":true" : ",\"cached\":false";
    (out += ",\"read_at\":") += json_string(base::format_time(kept->read_at));
  }
  out.reserve(out.size() + bars.size() * (as_columns ? 72 : 120));
  if (!as_columns) {
    out += ",\"bars\":";
    append_rows(out, answer, 0, bars.size());
    return out + '}';
  }
  out += ",\"columns\":{\"time\":[";
  for (std::size_t i = 0; i < bars.size(); ++i) {
    out += i == 0 ? "\"" : ",\"";
    append_time(out, bars.time[i]);
    out += '"';
  }
  out += ']';
  for (const Column& column : columns) {
    ((out += ",\"") += column.name) += "\":[";
    for (std::size_t i = 0; i < bars.size(); ++i) {
      if (i > 0) out += ',';
      append_json_number(out, column.values[i]);
    }
    out += ']';
  }
  if (!answer.filled.empty()) {
    out += ",\"filled\":[";
    for (std::size_t i = 0; i < bars.size(); ++i) {
      if (i > 0) out += ',';
      out += kFilledNames[answer.filled[i]];
    }
    out += ']';
  }
  if (!contracts.empty()) {
    out += ",\"contract\":[";
    for (std::size_t i = 0; i < bars.size(); ++i) {
      if (i > 0) out += ',';
      out += contracts[answer.continuous->contract[i]];
    }
    out += ']';
  }
  return out + "}}";
}

}  // namespace tradeassist::report
