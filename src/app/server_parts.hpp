#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "app/access_parts.hpp"
#include "app/backup_schedule.hpp"
#include "app/diagnostic_parts.hpp"
#include "app/http_parts.hpp"
#include "app/listen_address.hpp"
#include "app/monitor_parts.hpp"
#include "app/notify_parts.hpp"
#include "app/research_parts.hpp"
#include "app/schwab_parts.hpp"
#include "base/config.hpp"
#include "base/folder_lock.hpp"
#include "base/inherited_sockets.hpp"
#include "base/periodic_task.hpp"
#include "base/result.hpp"
#include "jobs/batch_queue.hpp"
#include "jobs/job_queue.hpp"
#include "jobs/job_runner.hpp"
#include "pine/catalogue.hpp"
#include "report/export/export_files.hpp"
#include "server/health_observations.hpp"
#include "server/health_sampler.hpp"
#include "server/http_server.hpp"
#include "server/job_metrics.hpp"
#include "server/realtime/hub.hpp"
#include "server/realtime/job_messages.hpp"
#include "server/realtime/live_feed.hpp"
#include "server/realtime/web_socket.hpp"
#include "server/router.hpp"
#include "server/routes/configuration_routes.hpp"
#include "server/routes/services.hpp"
#include "server/static_files.hpp"
#include "store/cache/series_cache.hpp"
#include "store/market_store.hpp"

namespace tradeassist::app {

/// The server as it is configured: its parts, each made after those that it uses, and ended before them. A new part is
/// a member here and a line in one of the steps of open(). Used by one thread.
class ServerParts {
 public:
  /// What needs no data directory: the configuration checked, the catalogue and the web page loaded.
  static base::Result<std::unique_ptr<ServerParts>> prepare(const base::LoadedConfig& loaded);
  /// Opens everything else and listens, on a socket that listens already where one is given; nothing is served before
  /// start(). kFailedPrecondition when another server has the data directory.
  base::Result<void> open(base::Descriptor socket = {});

  ServerParts(const ServerParts&) = delete;
  ServerParts& operator=(const ServerParts&) = delete;
  ~ServerParts();  // what was not stopped ends at once

  /// Serves, and begins with what is done in the background.
  void start();
  /// Takes up what `config` changes and a running server can; warns of the rest. Where `config` is not good nothing
  /// changes.
  base::Result<void> reload(const base::LoadedConfig& loaded);
  /// Is not ready any more, waits as long as is configured for balancers to notice, then: no more connections, jobs
  /// back to the queue, listeners told, requests in work finished. `is_handed_over`: new connections are another's at
  /// once.
  void stop(bool is_handed_over);

  /// kUnavailable where /readyz would say so.
  base::Result<void> check_ready();
  /// Whether I/O threads did something within `interval`, and compute threads within it and the time that a request
  /// may take. To be called about twice in that interval. Thread-safe.
  bool is_alive(std::chrono::microseconds interval);

  /// What is in force.
  const base::Config& config() const { return config_; }
  const base::LoadedConfig& loaded() const { return loaded_; }
  std::string url() const { return address_.url(listener_->port(), http_.certificate != nullptr); }
  /// The listening socket, for another process as well.
  base::Descriptor listening_socket() const;

 private:
  struct Tasks;

  /// What is in force, for whoever asks on another thread.
  struct InForce {
    base::Config config;
    server::ConfigurationModel told;
  };

  ServerParts(const base::LoadedConfig& loaded, ListenAddress address);
  void load_page();
  // The steps of open(), in order.
  base::Result<void> open_data(std::chrono::milliseconds lock_wait);
  base::Result<void> listen(base::Descriptor socket);
  base::Result<void> open_sources();
  void make_runner();
  void make_services();
  void make_realtime_rules();
  void make_router();

  base::LoadedConfig loaded_;  // as it was read last
  base::Config config_;
  std::atomic<std::shared_ptr<const InForce>> in_force_;
  ListenAddress address_;
  const int threads_;  // of one computation
  const std::chrono::milliseconds request_time_max_;

  std::unique_ptr<const pine::Catalogue> catalogue_;
  std::atomic<std::shared_ptr<const server::StaticFiles>> page_;

  std::optional<base::FolderLock> folder_;
  std::unique_ptr<store::MarketStore> market_;
  std::unique_ptr<jobs::JobQueue> queue_;
  std::unique_ptr<jobs::BatchQueue> batches_;
  std::unique_ptr<NotifyParts> notify_;
  std::unique_ptr<MonitorParts> monitor_;
  std::unique_ptr<DiagnosticParts> diagnostics_;
  std::unique_ptr<AccessParts> access_;
  std::unique_ptr<report::ExportFiles> exports_;

  server::Hub hub_;
  server::WebSocketEndpoint realtime_;
  std::unique_ptr<server::Router> router_;
  HttpParts http_;
  std::unique_ptr<server::HttpServer> listener_;

  std::unique_ptr<store::SeriesCache> cache_;
  std::unique_ptr<server::HealthSampler> health_;
  feed::SystemClock clock_;
  std::unique_ptr<SchwabParts> schwab_;
  server::ProviderSource providers_;
  std::unique_ptr<server::LiveFeed> live_;
  std::unique_ptr<ResearchParts> research_;
  std::unique_ptr<BackupSchedule> backups_;

  server::JobMessages job_messages_;
  std::unique_ptr<server::JobMetrics> job_metrics_;
  std::unique_ptr<jobs::JobRunner> runner_;
  std::unique_ptr<server::Services> services_;
  std::unique_ptr<const server::HealthParts> health_parts_;
  std::unique_ptr<Tasks> tasks_;
};

}  // namespace tradeassist::app
