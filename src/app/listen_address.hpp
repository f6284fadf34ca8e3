#pragma once

#include <cstdint>
#include <string>

#include "base/config.hpp"
#include "base/result.hpp"

namespace tradeassist::app {

/// Where the server listens.
struct ListenAddress {
  std::string host;  // a name or an address, IPv6 without brackets
  std::uint16_t port = 0;

  /// "http://127.0.0.1:8080", with the port that was bound where `port` is 0.
  std::string url(std::uint16_t bound, bool is_secure) const;
};

/// The setting `listen`, e.g. "127.0.0.1:8080" or "[::1]:8080". kInvalidArgument where it is no address, or where the
/// server would be open to everybody: without keys it only speaks to this machine.
base::Result<ListenAddress> listen_address(const base::Config& config);

}  // namespace tradeassist::app
