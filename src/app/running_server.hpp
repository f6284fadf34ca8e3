#pragma once

#include <memory>
#include <optional>

#include "app/command.hpp"
#include "app/server_events.hpp"
#include "app/server_parts.hpp"
#include "base/hand_over.hpp"
#include "base/inherited_sockets.hpp"
#include "base/service_notify.hpp"

namespace tradeassist::app {

/// A server from its start to its end: follows the one that runs, answers signals, hands over to its successor, and
/// tells the service manager how it is. Used by one thread.
class RunningServer {
 public:
  /// `options` and `events` outlive it.
  RunningServer(const CommonOptions& options, ServerEvents& events);
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;
  ~RunningServer();

  /// Serves. `takes_over`: where a server has the data directory, that one hands over; else it is in the way.
  base::Result<void> start(const base::LoadedConfig& loaded, bool takes_over);
  /// Does what it is told; returns when it has stopped, or its successor serves.
  base::Result<void> run();

 private:
  base::Result<void> open(std::unique_ptr<ServerParts> parts, base::Descriptor socket);
  base::Result<void> serve();
  void reload();
  void stop(bool is_handed_over);
  /// False: the successor ended before it served, and this one serves again.
  base::Result<bool> hand_over(base::HandOver successor);
  bool successor_serves(const base::HandOver& successor);
  void keep_alive();

  const CommonOptions& options_;
  ServerEvents& events_;
  const base::ServiceNotifier manager_;
  std::optional<base::HandOver> predecessor_;  // before the parts: it hears of their end when they have ended
  std::unique_ptr<ServerParts> parts_;
  std::unique_ptr<base::HandOverPoint> point_;  // while parts_ have the folder's lock
  std::unique_ptr<base::PeriodicTask> watchdog_;
};

}  // namespace tradeassist::app
