#include "feed/providers/schwab/stream_frames.hpp"

#include <boost/json/array.hpp>
#include <cmath>
#include <optional>

#include "base/json.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;

constexpr std::size_t kFrameBytesMax = std::size_t{4} << 20;

std::string text_of(const boost::json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
}

std::optional<double> number_of(const boost::json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  if (found == nullptr || !found->is_number()) return std::nullopt;
  const double value = found->to_number<double>();
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

/// Milliseconds since 1970 that fit into nanoseconds.
std::optional<base::Time> time_of(const boost::json::object& object, std::string_view name) {
  constexpr double kMillisecondsMax = 9e12;
  const auto value = number_of(object, name);
  if (!value || std::abs(*value) > kMillisecondsMax) return std::nullopt;
  return base::time_from_nanoseconds(static_cast<std::int64_t>(*value) * 1'000'000);
}

const boost::json::array* list_of(const boost::json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found == nullptr ? nullptr : found->if_array();
}

boost::json::object envelope(const StreamerInfo& info, std::string_view service, std::string_view command,
                             int request_id, boost::json::object parameters) {
  boost::json::object request;
  request["requestid"] = std::to_string(request_id);
  request["service"] = service;
  request["command"] = command;
  request["SchwabClientCustomerId"] = info.customer_id;
  request["SchwabClientCorrelId"] = info.correl_id;
  request["parameters"] = std::move(parameters);
  return boost::json::object{{"requests", boost::json::array{std::move(request)}}};
}

/// The names of a chart's fields by service.
struct ChartFields {
  std::string_view open, high, low, close, volume, sequence, time, key = "key";
};
constexpr ChartFields kEquity{"1", "2", "3", "4", "5", "6", "7"};
constexpr ChartFields kFutures{"2", "3", "4", "5", "6", "seq", "1"};

std::optional<ChartBar> chart_bar(const boost::json::object& entry, const ChartFields& fields) {
  ChartBar out;
  out.symbol = text_of(entry, fields.key);
  if (out.symbol.empty()) out.symbol = text_of(entry, "0");
  const auto time = time_of(entry, fields.time);
  auto sequence = number_of(entry, fields.sequence);
  if (!sequence) sequence = number_of(entry, "seq");
  const auto open = number_of(entry, fields.open), high = number_of(entry, fields.high);
  const auto low = number_of(entry, fields.low), close = number_of(entry, fields.close);
  if (out.symbol.empty() || !time || !sequence || std::abs(*sequence) > 1e15 || !open || !high || !low || !close)
    return std::nullopt;
  out.sequence = static_cast<std::int64_t>(*sequence);
  out.bar = {*time, *open, *high, *low, *close, number_of(entry, fields.volume).value_or(LiveQuote::kUnknown)};
  return out;
}

void take_data(const boost::json::object& data, StreamFrame& frame) {
  const std::string service = text_of(data, "service");
  const auto* const content = list_of(data, "content");
  if (content == nullptr) return;
  for (const auto& value : *content) {
    const auto* const entry = value.if_object();
    std::optional<ChartBar> bar;
    if (entry != nullptr && service == "CHART_EQUITY") bar = chart_bar(*entry, kEquity);
    if (entry != nullptr && service == "CHART_FUTURES") bar = chart_bar(*entry, kFutures);
    if (bar) {
      frame.bars.push_back(std::move(*bar));
    } else if (entry != nullptr && service == "LEVELONE_FUTURES" && !quote_symbol(*entry).empty()) {
      frame.quotes.push_back(*entry);
    } else {
      ++frame.unreadable;
    }
  }
}

void take_response(const boost::json::object& response, StreamFrame& frame) {
  StreamResponse out{text_of(response, "service"), text_of(response, "command"), 0, ""};
  if (const auto* content = response.if_contains("content"); content != nullptr && content->is_object()) {
    out.code = static_cast<int>(number_of(content->get_object(), "code").value_or(-1));
    out.message = text_of(content->get_object(), "msg").substr(0, 200);
  } else {
    out.code = -1;
  }
  frame.responses.push_back(std::move(out));
}

}  // namespace

base::Result<StreamerInfo> parse_streamer_info(const boost::json::value& preferences) {
  const auto* const object = preferences.if_object();
  const auto* const list = object == nullptr ? nullptr : list_of(*object, "streamerInfo");
  const auto* const first = list == nullptr || list->empty() ? nullptr : list->front().if_object();
  if (first == nullptr)
    return failure(ErrorCode::kUnavailable, "schwab userPreference: the answer has no streamerInfo");
  StreamerInfo info{text_of(*first, "streamerSocketUrl"), text_of(*first, "schwabClientCustomerId"),
                    text_of(*first, "schwabClientCorrelId"), text_of(*first, "schwabClientChannel"),
                    text_of(*first, "schwabClientFunctionId")};
  if (info.socket_url.empty() || info.customer_id.empty() || info.correl_id.empty())
    return failure(ErrorCode::kUnavailable, "schwab userPreference: streamerInfo lacks its address or ids");
  return info;
}

std::string_view to_string(StreamService service) {
  switch (service) {
    case StreamService::kChartEquity: return "CHART_EQUITY";
    case StreamService::kChartFutures: return "CHART_FUTURES";
    case StreamService::kLevelOneFutures: return "LEVELONE_FUTURES";
  }
  return "";
}

std::string login_request(const StreamerInfo& info, std::string_view access_token, int request_id) {
  return base::json_text(envelope(info, "ADMIN", "LOGIN", request_id,
                                  {{"Authorization", access_token},
                                   {"SchwabClientChannel", info.channel},
                                   {"SchwabClientFunctionId", info.function_id}}));
}

std::string subscribe_request(const StreamerInfo& info, StreamService service, const std::vector<std::string>& symbols,
                              int request_id) {
  std::string keys;
  for (const std::string& symbol : symbols) keys += (keys.empty() ? "" : ",") + symbol;
  std::string_view fields = "0,1,2,3,4,5,6";
  if (service == StreamService::kChartEquity) fields = "0,1,2,3,4,5,6,7,8";
  if (service == StreamService::kLevelOneFutures) fields = "0,1,2,3,4,5,8,9,10,11,12,13,14,18,23,24,25,31,33,34,35";
  return base::json_text(envelope(info, to_string(service), "SUBS", request_id, {{"keys", keys}, {"fields", fields}}));
}

std::string_view meaning_of(int code) {
  switch (code) {
    case 0: return "success";
    case 3: return "login denied";
    case 12: return "too many connections";
    case 19: return "symbol limit reached";
    case 20: return "not connected";
    case 21: return "bad command";
    case 22: return "subscribing failed";
    case 23: return "unsubscribing failed";
    case 24: return "adding failed";
    case 25: return "viewing failed";
    case 26: return "subscribed";
    case 27: return "unsubscribed";
    case 28: return "added";
    case 29: return "viewed";
    case 30: return "stopped by Schwab";
    default: return "unknown code";
  }
}

base::Result<StreamFrame> parse_frame(std::string_view text) {
  const auto json = base::parse_json(text, kFrameBytesMax);
  if (!json) return failure(ErrorCode::kUnavailable, "schwab streamer: a message is damaged: " + json.error().message);
  const auto* const object = json->if_object();
  if (object == nullptr) return failure(ErrorCode::kUnavailable, "schwab streamer: a message is no object");
  StreamFrame frame;
  const auto for_each = [&](std::string_view name, auto take) {
    const auto* const list = list_of(*object, name);
    if (list == nullptr) return;
    for (const auto& entry : *list) {
      if (entry.is_object()) take(entry.get_object(), frame);
    }
  };
  for_each("response", take_response);
  for_each("data", take_data);
  for_each("notify", [](const boost::json::object& notice, StreamFrame& into) {
    into.has_heartbeat |= notice.contains("heartbeat");
    // Code 30 and the like come as notices too.
    if (notice.contains("content")) take_response(notice, into);
  });
  return frame;
}

std::string quote_symbol(const boost::json::object& entry) {
  std::string symbol = text_of(entry, "key");
  return symbol.empty() ? text_of(entry, "0") : symbol;
}

void merge_quote(const boost::json::object& entry, LiveQuote& quote) {
  const auto set = [&](std::string_view name, double& field) {
    if (const auto value = number_of(entry, name)) field = *value;
  };
  const auto set_time = [&](std::string_view name, base::Time& field) {
    if (const auto value = time_of(entry, name)) field = *value;
  };
  set("1", quote.bid);
  set("2", quote.ask);
  set("3", quote.last);
  set("4", quote.bid_size);
  set("5", quote.ask_size);
  set("8", quote.volume);
  set("9", quote.last_size);
  set_time("10", quote.quote_time);
  set_time("11", quote.trade_time);
  set("12", quote.high);
  set("13", quote.low);
  set("14", quote.previous_close);
  set("18", quote.open);
  set("23", quote.open_interest);
  set("24", quote.mark);
  set("25", quote.tick);
  set("31", quote.multiplier);
  set("33", quote.settlement);
  if (const std::string active = text_of(entry, "34"); !active.empty()) quote.active_symbol = active;
  set_time("35", quote.expiry);
}

}  // namespace tradeassist::feed
