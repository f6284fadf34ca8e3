#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/caller.hpp"
#include "diagnostics/request_timings.hpp"

namespace tradeassist::server {

enum class Method { kGet, kHead, kPost, kPut, kPatch, kDelete };

std::string_view to_string(Method method);

/// Threads that answer. The last two have some of their own, and what is for them is answered whatever there is in
/// work.
enum class Lane {
  kCompute,
  kSampled,  // what is known already: it waits for no other request, but may for the key that it brings
  kProbe,    // what needs no key either: it waits for nothing
};

/// A request as handlers see it: decoded, bounded, free of sockets.
struct Request {
  Method method = Method::kGet;
  std::string path;                               // percent-decoded, without the query
  std::map<std::string, std::string> query;       // decoded; a repeated name is refused before a handler runs
  std::map<std::string, std::string> headers;     // names in lower case
  std::map<std::string, std::string> parameters;  // of the route's pattern: {id} → value
  std::string body;                               // decompressed
  std::string request_id;
  std::string remote_address;  // of the client, behind proxies that are trusted
  std::stop_token deadline;    // asked to stop when the request's time is over
  access::Caller caller;       // as the gate found; without scopes before that
  std::chrono::steady_clock::time_point read_at = std::chrono::steady_clock::now();  // when it was there as a whole
  std::shared_ptr<diagnostics::PhaseTimes> phases = nullptr;                         // where its time is taken

  std::optional<std::string_view> header(const std::string& lower_case_name) const;
  std::optional<std::string_view> query_value(const std::string& name) const;
};

struct Response {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  bool tells_of_trouble = false;  // by its status: the server does what it was asked, and is no better
  /// Where it is set, the body comes piece by piece after `body`: called on a compute thread about twice a second, it
  /// gives the next piece, empty while there is none, and nothing at the end. It must not take long.
  std::function<std::optional<std::string>()> next_piece = {};
  /// Of 101: who the connection that becomes a WebSocket belongs to.
  std::optional<access::Caller> upgraded = {};
  // Of the request, for the log: the pattern of its route, and the key that it brought.
  std::string route = {}, key_id = {};
  /// Where it is set: called when the answer has been written, with how long that took after it was made.
  std::function<void(std::chrono::nanoseconds encode, std::chrono::nanoseconds write)> on_written = {};
};

}  // namespace tradeassist::server
