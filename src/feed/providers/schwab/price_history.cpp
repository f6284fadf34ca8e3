#include "feed/providers/schwab/price_history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cctype>
#include <limits>

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;
using Unit = market::Timeframe::Unit;
using std::chrono::days;

/// What may be asked for, and how. A period is not named: start and end are, and no call is longer than the longest
/// period of its type. Depths are those that were seen; Schwab promises none.
struct Frequency {
  market::Timeframe timeframe;
  std::string_view period_type, frequency_type;
  int frequency;
  int depth_days;  // 0: all there is
  int span_days;
};
constexpr int kTenDays = 10, kTwentyYears = 20 * 365;
constexpr Frequency kFrequencies[] = {
    {{Unit::kMinute, 1}, "day", "minute", 1, 48, kTenDays},
    {{Unit::kMinute, 5}, "day", "minute", 5, 270, kTenDays},
    {{Unit::kMinute, 10}, "day", "minute", 10, 270, kTenDays},
    {{Unit::kMinute, 15}, "day", "minute", 15, 270, kTenDays},
    {{Unit::kMinute, 30}, "day", "minute", 30, 270, kTenDays},
    {{Unit::kDay, 1}, "year", "daily", 1, 0, kTwentyYears},
    {{Unit::kWeek, 1}, "year", "weekly", 1, 0, kTwentyYears},
    {{Unit::kMonth, 1}, "year", "monthly", 1, 0, kTwentyYears},
};

/// "SPY   251219C00600000": root padded to six, date, C or P, strike in thousandths (the OCC's symbology).
bool is_option(std::string_view symbol) {
  if (symbol.size() != 21 || (symbol[12] != 'C' && symbol[12] != 'P')) return false;
  const auto digits = [](std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  };
  return digits(symbol.substr(6, 6)) && digits(symbol.substr(13));
}

double number(const boost::json::object& candle, std::string_view name) {
  const auto* found = candle.if_contains(name);
  return found != nullptr && found->is_number() ? found->to_number<double>() : std::numeric_limits<double>::quiet_NaN();
}

bool is_same_symbol(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) { return std::toupper(x) == std::toupper(y); });
}

}  // namespace

base::Result<std::vector<std::pair<std::string, std::string>>> price_history_query(const BarRequest& request) {
  const auto* const found = std::ranges::find(kFrequencies, request.timeframe, &Frequency::timeframe);
  if (found == std::end(kFrequencies)) {
    std::string names;
    for (const Frequency& entry : kFrequencies)
      names += (names.empty() ? "" : ", ") + market::to_string(entry.timeframe);
    return failure(ErrorCode::kUnsupported,
                   fmt::format("schwab has no bars of {}; it has {}", market::to_string(request.timeframe), names));
  }
  return std::vector<std::pair<std::string, std::string>>{
      {"symbol", request.symbol},
      {"periodType", std::string(found->period_type)},
      {"frequencyType", std::string(found->frequency_type)},
      {"frequency", std::to_string(found->frequency)},
      {"startDate", std::to_string(base::to_milliseconds(request.from))},
      {"endDate", std::to_string(base::to_milliseconds(request.to) - 1)},  // is included
      {"needExtendedHoursData", request.extended_hours ? "true" : "false"},
      {"needPreviousClose", "false"}};
}

base::Result<market::Series> parse_candles(const boost::json::value& answer, std::string_view symbol) {
  const auto wrong = [](std::string what) {
    return failure(ErrorCode::kUnavailable, "schwab pricehistory: the answer " + std::move(what));
  };
  const auto* const object = answer.if_object();
  if (object == nullptr) return wrong("is no object");
  if (const auto* named = object->if_contains("symbol"); named != nullptr && named->is_string()) {
    const std::string_view got = named->get_string();
    if (!is_same_symbol(got, symbol)) return wrong(fmt::format("is for {}, not {}", got.substr(0, 40), symbol));
  }
  const auto* const candles = object->if_contains("candles");
  const auto* const empty = object->if_contains("empty");
  if (candles == nullptr || !candles->is_array()) {
    if (empty != nullptr && empty->is_bool() && empty->get_bool()) return market::Series{};
    return wrong("has no list of candles");
  }
  market::Series bars;
  bars.reserve(candles->get_array().size());
  for (const auto& entry : candles->get_array()) {
    const auto* const candle = entry.if_object();
    const auto* const stamp = candle == nullptr ? nullptr : candle->if_contains("datetime");
    // Bound so that nanoseconds fit; the years 1685 to 2254.
    constexpr std::int64_t kMillisecondsMax = 9'000'000'000'000;
    if (stamp == nullptr || !stamp->is_int64() || std::abs(stamp->get_int64()) > kMillisecondsMax)
      return wrong("has a candle without a time");
    bars.push_back({base::time_from_nanoseconds(stamp->get_int64() * 1'000'000), number(*candle, "open"),
                    number(*candle, "high"), number(*candle, "low"), number(*candle, "close"),
                    number(*candle, "volume")});
  }
  return bars;
}

SchwabPriceHistory::SchwabPriceHistory(SchwabSession& session) : session_(session) {
  for (const Frequency& entry : kFrequencies) {
    const auto depth = entry.depth_days == 0 ? std::optional<base::Nanoseconds>() : days(entry.depth_days);
    capabilities_.timeframes.push_back({entry.timeframe, depth, days(entry.span_days)});
  }
  capabilities_.asset_classes = {"stock", "index"};
}

base::Result<market::Instrument> SchwabPriceHistory::describe(std::string_view symbol) const {
  if (symbol.empty()) return failure(ErrorCode::kInvalidArgument, "schwab: the symbol is empty");
  if (symbol.starts_with('/')) {
    return failure(
        ErrorCode::kUnsupported,
        fmt::format("schwab has no history of futures ({}); record them as they come, or import files", symbol));
  }
  if (is_option(symbol))
    return failure(ErrorCode::kUnsupported, fmt::format("schwab has no history of options ({})", symbol));
  return market::Instrument{.symbol = std::string(symbol),
                            .asset_class = symbol.starts_with('$') ? "index" : "stock",
                            .time_zone = "America/New_York",
                            .session = "0930-1600"};
}

base::Result<void> SchwabPriceHistory::fetch(const BarRequest& request, const BarSink& sink, Attempt& attempt) {
  TRY(describe(request.symbol));
  TRY_ASSIGN(const auto query, price_history_query(request));
  TRY_ASSIGN(const boost::json::value answer, session_.get("/marketdata/v1/pricehistory", query, attempt));
  TRY_ASSIGN(const market::Series bars, parse_candles(answer, request.symbol));
  return bars.empty() ? base::Result<void>{} : sink(bars);
}

}  // namespace tradeassist::feed
