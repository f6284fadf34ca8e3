#pragma once

#include <chrono>
#include <cstddef>
#include <stop_token>

#include "base/result.hpp"
#include "mcp/session.hpp"

namespace tradeassist::mcp {

struct StdioOptions {
  int input = 0, output = 1;  // descriptors
  std::size_t message_bytes_max = std::size_t{4} << 20;
  std::chrono::milliseconds call_time_max{60'000};
  int threads = 2;  // that call tools
};

/// Serves one session over two descriptors, a message a line. Returns when the input has ended and all that it asked
/// is answered, or soon after `stop`, which leaves the rest unanswered. kIo when one of the two fails. SIGPIPE has to
/// be ignored.
base::Result<void> serve_stdio(Session& session, const StdioOptions& options, const std::stop_token& stop);

}  // namespace tradeassist::mcp
