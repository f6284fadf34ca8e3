#pragma once

#include <functional>
#include <thread>

namespace tradeassist::app {

/// While it lives, SIGINT and SIGTERM run `on_signal` on a thread of its own (once; a second signal ends the process).
/// Make it before other threads, so that they inherit the blocked signals.
class SignalGuard {
 public:
  explicit SignalGuard(std::function<void()> on_signal);
  ~SignalGuard();
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;

 private:
  std::jthread thread_;
};

}  // namespace tradeassist::app
