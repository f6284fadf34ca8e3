#pragma once

#include <string>
#include <utility>

namespace tradeassist::base {

/// What a thread is busy with: it goes into every line that the thread logs meanwhile. What is empty does not.
struct LogContext {
  std::string request_id;
  std::string key_id;       // of the API key; never its secret
  std::string route;        // the pattern, "/api/v1/jobs/{id}"
  std::string job_id;       // of a job that runs
  std::string traceparent;  // to pass on to whom is called; its trace id is what is logged
};

/// Of the calling thread.
inline LogContext& thread_log_context() {
  thread_local LogContext context;
  return context;
}

/// Sets the context of the calling thread, and puts back what was there before.
class LogScope {
 public:
  explicit LogScope(LogContext context) : before_(std::exchange(thread_log_context(), std::move(context))) {}
  LogScope(const LogScope&) = delete;
  LogScope& operator=(const LogScope&) = delete;
  ~LogScope() { thread_log_context() = std::move(before_); }

 private:
  LogContext before_;
};

}  // namespace tradeassist::base
