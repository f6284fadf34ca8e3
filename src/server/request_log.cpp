#include "server/request_log.hpp"

#include <string>
#include <utility>

#include "base/log.hpp"
#include "base/trace_context.hpp"

namespace tradeassist::server {
namespace {

using diagnostics::Phase;
using diagnostics::PhaseTimes;
using std::chrono::steady_clock;

std::string milliseconds(std::chrono::nanoseconds time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
}

base::LogContext context_of(const Request& request) {
  base::LogContext context;
  context.request_id = request.request_id;
  if (const auto header = request.header("traceparent")) {
    if (const auto trace = base::parse_traceparent(*header)) context.traceparent = base::child_traceparent(*trace);
  }
  return context;
}

}  // namespace

Response RequestLog::handle(Request request, const std::function<Response(Request)>& answer) const {
  const base::LogScope scope(context_of(request));
  const auto begun_at = steady_clock::now(), read_at = request.read_at;
  if (options_.timings != nullptr && options_.timings->is_next_timed()) {
    request.phases = std::make_shared<PhaseTimes>();
    (*request.phases)[static_cast<std::size_t>(Phase::kQueue)] = begun_at - read_at;
  }
  const auto phases = request.phases;
  const std::string method(to_string(request.method)), path = request.path, address = request.remote_address;
  Response response = answer(std::move(request));
  const auto taken = steady_clock::now() - read_at;
  const bool is_slow = options_.slow.count() > 0 && taken > options_.slow;
  if (const auto level = is_slow ? base::LogLevel::kWarning : base::LogLevel::kInfo; base::is_logged(level)) {
    base::log(level, is_slow ? "slow request" : "request",
              {{"method", method},
               {"path", path},
               {"route", response.route},
               {"status", std::to_string(response.status)},
               {"bytes", std::to_string(response.body.size())},
               {"milliseconds", milliseconds(taken)},
               {"queue_milliseconds", milliseconds(begun_at - read_at)},
               {"key", response.key_id},
               {"remote_address", address}});
  }
  if (phases != nullptr) {
    response.on_written = [phases, timings = options_.timings,
                           route = method + " " + (response.route.empty() ? "(none)" : response.route)](
                              std::chrono::nanoseconds encode, std::chrono::nanoseconds write) {
      (*phases)[static_cast<std::size_t>(Phase::kEncode)] = encode;
      (*phases)[static_cast<std::size_t>(Phase::kWrite)] = write;
      timings->add(route, *phases);
    };
  }
  return response;
}

}  // namespace tradeassist::server
