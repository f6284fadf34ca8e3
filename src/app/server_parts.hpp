#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/access_parts.hpp"
#include "app/listen_address.hpp"
#include "app/research_parts.hpp"
#include "app/schwab_parts.hpp"
#include "base/config.hpp"
#include "base/folder_lock.hpp"
#include "base/periodic_task.hpp"
#include "base/result.hpp"
#include "jobs/batch_queue.hpp"
#include "jobs/job_queue.hpp"
#include "jobs/job_runner.hpp"
#include "pine/catalogue.hpp"
#include "report/export/export_files.hpp"
#include "server/health_sampler.hpp"
#include "server/http_server.hpp"
#include "server/realtime/hub.hpp"
#include "server/realtime/job_messages.hpp"
#include "server/realtime/live_feed.hpp"
#include "server/realtime/web_socket.hpp"
#include "server/router.hpp"
#include "server/routes/services.hpp"
#include "server/static_files.hpp"
#include "store/cache/series_cache.hpp"
#include "store/market_store.hpp"

namespace tradeassist::app {

/// The server as it is configured: its parts, each made after those that it uses, and ended before them. A new part is
/// a member here and a line in one of the steps of make(). Used by one thread.
class ServerParts {
 public:
  /// Opens everything and listens; nothing is served before start(). kFailedPrecondition when another server has the
  /// data directory.
  static base::Result<std::unique_ptr<ServerParts>> make(const base::Config& config);

  ServerParts(const ServerParts&) = delete;
  ServerParts& operator=(const ServerParts&) = delete;
  ~ServerParts();  // what was not stopped ends at once

  /// Serves, and begins with what is done in the background.
  void start();
  /// Jobs go back to the queue, listeners are told, requests in work are finished.
  void stop();

  std::string url() const { return address_.url(listener_->port()); }

 private:
  struct Tasks;

  ServerParts(const base::Config& config, ListenAddress address);
  // The steps of make(), in order.
  base::Result<void> load_content();
  base::Result<void> open_data();
  base::Result<void> listen();
  base::Result<void> open_sources();
  void make_runner();
  void make_services();
  void make_realtime_rules();
  void make_router();

  const base::Config config_;
  const ListenAddress address_;
  const int threads_;  // of one computation

  std::unique_ptr<const pine::Catalogue> catalogue_;
  std::unique_ptr<const server::StaticFiles> page_;

  std::optional<base::FolderLock> folder_;
  std::unique_ptr<store::MarketStore> market_;
  std::unique_ptr<jobs::JobQueue> queue_;
  std::unique_ptr<jobs::BatchQueue> batches_;
  std::unique_ptr<AccessParts> access_;
  std::unique_ptr<report::ExportFiles> exports_;

  server::Hub hub_;
  server::WebSocketEndpoint realtime_;
  std::unique_ptr<server::Router> router_;
  std::unique_ptr<server::HttpServer> listener_;

  std::unique_ptr<store::SeriesCache> cache_;
  std::unique_ptr<server::HealthSampler> health_;
  feed::SystemClock clock_;
  std::unique_ptr<SchwabParts> schwab_;
  server::ProviderSource providers_;
  std::unique_ptr<server::LiveFeed> live_;
  std::unique_ptr<ResearchParts> research_;

  server::JobMessages job_messages_;
  std::unique_ptr<jobs::JobRunner> runner_;
  std::unique_ptr<server::Services> services_;
  std::unique_ptr<Tasks> tasks_;
};

}  // namespace tradeassist::app
