#pragma once

#include <functional>
#include <thread>

namespace tradeassist::app {

/// While it lives, SIGINT and SIGTERM run `on_stop` on a thread of its own (once; a second such signal ends the process
/// at once, with exit code 128 and the signal's number), and SIGHUP runs `on_reload` where there is one. Make it before
/// other threads, so that they inherit the blocked signals.
class SignalGuard {
 public:
  explicit SignalGuard(std::function<void()> on_stop, std::function<void()> on_reload = {});
  ~SignalGuard();
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;

 private:
  const bool reloads_;
  std::jthread thread_;
};

}  // namespace tradeassist::app
