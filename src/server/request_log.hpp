#pragma once

#include <chrono>
#include <functional>

#include "diagnostics/request_timings.hpp"
#include "server/http_message.hpp"

namespace tradeassist::server {

struct RequestLogOptions {
  std::chrono::milliseconds slow{0};               // requests that take longer are logged as slow; 0: none
  diagnostics::RequestTimings* timings = nullptr;  // where some are timed; outlives it
};

/// Stands around all that answers requests: what is logged meanwhile has the request's id and trace, and a line says
/// how it ended. Any thread.
class RequestLog {
 public:
  explicit RequestLog(const RequestLogOptions& options) : options_(options) {}

  /// What `answer` answers.
  Response handle(Request request, const std::function<Response(Request)>& answer) const;

 private:
  const RequestLogOptions options_;
};

}  // namespace tradeassist::server
