#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include "base/result.hpp"
#include "diagnostics/error_groups.hpp"
#include "feed/providers/http_client.hpp"

namespace tradeassist::diagnostics {

/// Where a Sentry project takes events: of a DSN, https://KEY@HOST[/PATH]/PROJECT.
struct SentryAddress {
  std::string url;  // …/api/PROJECT/envelope/
  std::string public_key;
};
/// kInvalidArgument, without repeating it. http:// is taken on this machine only.
base::Result<SentryAddress> parse_sentry_dsn(std::string_view dsn);

struct SentryOptions {
  std::string version, server_name;
  std::size_t queued_max = 100;
  int events_per_minute = 30;
  std::chrono::seconds same_group_every{60};
  std::chrono::milliseconds timeout{10'000};
};

struct SentryMetrics {
  std::int64_t sent = 0;
  std::int64_t dropped = 0;  // beyond a bound, or asked not to come
  std::int64_t failed = 0;   // not taken
};

/// Sends errors to Sentry from a thread of its own. Whoever reports one never waits; what is too much is dropped and
/// counted. Events are not tried again. Every method may be called from any thread.
class SentryClient {
 public:
  SentryClient(SentryAddress address, SentryOptions options);
  ~SentryClient();  // what waits gets a second
  SentryClient(const SentryClient&) = delete;
  SentryClient& operator=(const SentryClient&) = delete;

  void report(const ErrorEvent& event);
  SentryMetrics metrics() const;

 private:
  bool may_send(const std::string& group, std::chrono::steady_clock::time_point now);  // while mutex_ is held
  void run(const std::stop_token& stop);
  void send(const ErrorEvent& event, const std::stop_token& stop);

  const SentryAddress address_;
  const SentryOptions options_;
  feed::HttpClient http_;

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable_any changed_;
  std::deque<ErrorEvent> queue_;
  std::map<std::string, std::chrono::steady_clock::time_point> last_of_group_;
  std::deque<std::chrono::steady_clock::time_point> of_last_minute_;
  std::chrono::steady_clock::time_point not_before_{};
  SentryMetrics metrics_;
  std::stop_source cut_off_;  // of the request that runs
  std::jthread thread_;
};

/// The envelope of one event, as Sentry's protocol has it: three lines of JSON.
base::Result<std::string> sentry_envelope(const ErrorEvent& event, const SentryOptions& options);

}  // namespace tradeassist::diagnostics
