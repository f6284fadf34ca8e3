#include "app/signals.hpp"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <ctime>
#include <utility>

namespace tradeassist::app {
namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

SignalGuard::SignalGuard(std::function<void()> on_signal) {
  const sigset_t set = stop_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  thread_ = std::jthread([on_signal = std::move(on_signal)](const std::stop_token& stop) {
    const sigset_t waited = stop_signals();
    bool told = false;
    while (!stop.stop_requested()) {
      const timespec limit{0, 100'000'000};
      const int signal = sigtimedwait(&waited, nullptr, &limit);
      if (signal <= 0) continue;
      if (told) ::_exit(128 + signal);
      told = true;
      on_signal();
    }
  });
}

SignalGuard::~SignalGuard() {
  thread_.request_stop();
  thread_.join();
  const sigset_t set = stop_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace tradeassist::app
