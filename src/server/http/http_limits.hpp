#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace tradeassist::server {

/// Every bound of the HTTP front. A request beyond one is answered by the status named, never by a closed door alone
/// unless the client has stopped speaking HTTP.
struct HttpLimits {
  std::size_t connections_max = 256;                  // more wait in the listen queue, until an idle one has given way
  std::size_t connections_per_address_max = 128;      // more are closed; not of this machine or of trusted proxies
  std::size_t header_bytes_max = 16 * 1024;           // 431
  std::size_t target_bytes_max = 8 * 1024;            // 414
  std::size_t body_bytes_max = 4 * 1024 * 1024;       // 413; of a compressed body also after that
  std::size_t requests_in_work_max = 256;             // 503 with Retry-After
  std::chrono::milliseconds header_time_max{15'000};  // for the headers, with the wait for a request before them
  std::chrono::milliseconds read_time_max{15'000};    // for the body after them
  std::chrono::milliseconds write_time_max{60'000};
  std::chrono::milliseconds request_time_max{60'000};  // the handler's deadline
  // For which a connection that is open may send one more request when the server stops, whose answer closes it.
  std::chrono::milliseconds last_request_time_max{1'000};
  std::string body_advice = {};  // behind a 413, for people: what to do with a larger body
};

}  // namespace tradeassist::server
