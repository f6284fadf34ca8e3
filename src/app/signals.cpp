#include "app/signals.hpp"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <ctime>
#include <utility>

namespace tradeassist::app {
namespace {

sigset_t signals(bool with_hangup) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  if (with_hangup) sigaddset(&set, SIGHUP);
  return set;
}

}  // namespace

SignalGuard::SignalGuard(std::function<void()> on_stop, std::function<void()> on_reload)
    : reloads_(static_cast<bool>(on_reload)) {
  const sigset_t set = signals(reloads_);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  thread_ =
      std::jthread([set, on_stop = std::move(on_stop), on_reload = std::move(on_reload)](const std::stop_token& stop) {
        bool told = false;
        while (!stop.stop_requested()) {
          const timespec limit{0, 100'000'000};
          const int signal = sigtimedwait(&set, nullptr, &limit);
          if (signal == SIGHUP) on_reload();
          if (signal != SIGINT && signal != SIGTERM) continue;
          if (told) ::_exit(128 + signal);
          told = true;
          on_stop();
        }
      });
}

SignalGuard::~SignalGuard() {
  thread_.request_stop();
  thread_.join();
  const sigset_t set = signals(reloads_);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace tradeassist::app
