#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "feed/providers/live.hpp"
#include "market/series.hpp"

namespace tradeassist::feed {

/// The texts of Schwab's streamer: what is sent, and what comes.

/// Where to connect and as whom: streamerInfo[0] of GET /trader/v1/userPreference.
struct StreamerInfo {
  std::string socket_url, customer_id, correl_id, channel, function_id;
};
base::Result<StreamerInfo> parse_streamer_info(const boost::json::value& preferences);

enum class StreamService { kChartEquity, kChartFutures, kLevelOneFutures };
std::string_view to_string(StreamService service);  // "CHART_EQUITY"

std::string login_request(const StreamerInfo& info, std::string_view access_token, int request_id);
/// SUBS: these symbols in the place of those before. Asks for all fields that we read.
std::string subscribe_request(const StreamerInfo& info, StreamService service, const std::vector<std::string>& symbols,
                              int request_id);

struct StreamResponse {
  std::string service, command;
  int code = 0;
  std::string message;
};
/// "too many connections", for a response's code.
std::string_view meaning_of(int code);
/// Codes that say that all went well.
constexpr bool is_success(int code) { return code == 0 || (code >= 26 && code <= 29); }

/// A minute's bar of CHART_EQUITY or CHART_FUTURES, as it came.
struct ChartBar {
  std::string symbol;
  std::int64_t sequence = 0;
  market::Bar bar;
};

/// One message. It can hold several kinds of content.
struct StreamFrame {
  std::vector<StreamResponse> responses;
  bool has_heartbeat = false;
  std::vector<ChartBar> bars;
  std::vector<boost::json::object> quotes;  // of LEVELONE_FUTURES: only fields that changed
  std::int64_t unreadable = 0;  // entries left out: without a symbol, a time, a sequence, or other services'
};
/// kUnavailable for what is no such message: what came with it is lost, so connect again.
base::Result<StreamFrame> parse_frame(std::string_view text);

/// The symbol of an entry of LEVELONE_FUTURES; empty when it has none.
std::string quote_symbol(const boost::json::object& entry);
/// Puts the fields that are there into the quote and leaves the others.
void merge_quote(const boost::json::object& entry, LiveQuote& quote);

}  // namespace tradeassist::feed
