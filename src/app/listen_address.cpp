#include "app/listen_address.hpp"

#include <fmt/format.h>

#include <charconv>
#include <system_error>

#include "server/http_server.hpp"

namespace tradeassist::app {
namespace {

base::Result<ListenAddress> parse(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  std::uint16_t port = 0;
  if (colon != std::string::npos) {
    const char* end = listen.data() + listen.size();
    const auto parsed = std::from_chars(listen.data() + colon + 1, end, port);
    if (parsed.ec == std::errc() && parsed.ptr == end && colon > 0) {
      std::string host = listen.substr(0, colon);
      if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
      return ListenAddress{std::move(host), port};
    }
  }
  return base::failure(base::ErrorCode::kInvalidArgument,
                       "'" + listen + "' is not an address; write HOST:PORT, e.g. 127.0.0.1:8080");
}

}  // namespace

std::string ListenAddress::url(std::uint16_t bound, bool is_secure) const {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return fmt::format("{}://{}{}{}:{}", is_secure ? "https" : "http", is_ipv6 ? "[" : "", host, is_ipv6 ? "]" : "",
                     bound);
}

base::Result<ListenAddress> listen_address(const base::Config& config) {
  TRY_ASSIGN(ListenAddress address, parse(config.listen));
  if (config.authentication == "none" && !server::is_loopback(address.host)) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "--no-authentication on " + address.host +
                             " would open the server to everybody; leave it out, or listen on 127.0.0.1 or ::1");
  }
  return address;
}

}  // namespace tradeassist::app
