#include "app/running_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

#include "base/log.hpp"

namespace tradeassist::app {
namespace {

using Kind = ServerEvent::Kind;

/// Two signs of life in the time in which the service manager wants one.
constexpr int kSignsPerWatchdog = 2;

/// Beyond the time that its requests have; less than the service manager waits before it kills.
constexpr std::chrono::seconds kStopGrace{15};

/// Ends the process where its stop takes longer: a database that hangs would hold it for ever. What was acknowledged is
/// on disk, as it is after a kill.
class StopDeadline {
 public:
  explicit StopDeadline(std::chrono::milliseconds limit)
      : thread_([this, limit](const std::stop_token& stopped) {
          std::unique_lock lock(mutex_);
          done_.wait_for(lock, stopped, limit, [] { return false; });
          if (stopped.stop_requested()) return;
          base::log(base::LogLevel::kError, "a part of the server does not end; the process ends without it",
                    {{"seconds", std::to_string(std::chrono::duration_cast<std::chrono::seconds>(limit).count())}});
          std::_Exit(EXIT_FAILURE);
        }) {}

 private:
  std::mutex mutex_;
  std::condition_variable_any done_;
  std::jthread thread_;  // last: it ends before what it waits with
};

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

/// The one that the service manager opened; none where it opened none.
base::Result<base::Descriptor> activated_socket() {
  std::vector<base::InheritedSocket> sockets = base::inherited_sockets(environment);
  if (sockets.empty()) return base::Descriptor();
  const auto named = std::ranges::find(sockets, "http", &base::InheritedSocket::name);
  if (named != sockets.end()) return std::move(named->descriptor);
  if (sockets.size() == 1) return std::move(sockets.front().descriptor);
  return base::failure(base::ErrorCode::kInvalidArgument,
                       fmt::format("{} sockets were passed to the server; name the one to serve on 'http' "
                                   "(FileDescriptorName=http in the socket unit)",
                                   sockets.size()));
}

}  // namespace

RunningServer::RunningServer(const CommonOptions& options, ServerEvents& events)
    : options_(options), events_(events), manager_(environment) {}

RunningServer::~RunningServer() = default;

base::Result<void> RunningServer::start(const base::LoadedConfig& loaded, bool takes_over) {
  TRY_ASSIGN(base::Descriptor socket, activated_socket());
  // Before anybody lets go of anything: what is wrong with the configuration or the catalogue is found here.
  TRY_ASSIGN(std::unique_ptr<ServerParts> parts, ServerParts::prepare(loaded));
  if (takes_over) predecessor_ = base::HandOverPoint::ask(loaded.config.data_directory);
  if (predecessor_) {
    TRY_ASSIGN(socket, predecessor_->receive_socket());
    // One that ends instead lets go of everything, too.
    if (!predecessor_->hears(base::kYours))
      base::log(base::LogLevel::kWarning, "the server before this one ended while it handed over");
  }
  TRY(open(std::move(parts), std::move(socket)));
  if (predecessor_) TRY(parts_->check_ready());  // else the predecessor goes on
  TRY(serve());
  if (predecessor_) (void)predecessor_->say(base::kServing);
  predecessor_.reset();
  return {};
}

base::Result<void> RunningServer::open(std::unique_ptr<ServerParts> parts, base::Descriptor socket) {
  TRY(parts->open(std::move(socket)));
  parts_ = std::move(parts);
  TRY_ASSIGN(point_, base::HandOverPoint::open(parts_->config().data_directory, [this](base::HandOver successor) {
               events_.push({Kind::kTakeOver, std::move(successor)});
             }));
  return {};
}

base::Result<void> RunningServer::serve() {
  parts_->start();
  fmt::print("TradeAssist {} serves {}\n", TRADEASSIST_VERSION, parts_->url());
  std::fflush(stdout);
  manager_.ready("serving " + parts_->url());
  if (manager_.watchdog()) {
    const auto every = std::chrono::duration_cast<std::chrono::milliseconds>(*manager_.watchdog()) / kSignsPerWatchdog;
    watchdog_ = std::make_unique<base::PeriodicTask>(every, [this](const std::stop_token&) { keep_alive(); });
  }
  return {};
}

void RunningServer::keep_alive() {
  if (parts_->is_alive(*manager_.watchdog())) return manager_.alive();
  base::log(base::LogLevel::kError, "threads of the server hang; the service manager is not told that it lives");
}

base::Result<void> RunningServer::run() {
  for (;;) {
    ServerEvent event = events_.wait();
    switch (event.kind) {
      case Kind::kStop: stop(/*is_handed_over=*/false); return {};
      case Kind::kReload: reload(); break;
      case Kind::kTakeOver: {
        TRY_ASSIGN(const bool is_over, hand_over(std::move(*event.successor)));
        if (is_over) return {};
        break;
      }
      case Kind::kSuccessorServes:
      case Kind::kSuccessorEnded: break;  // of one that is given up
    }
  }
}

void RunningServer::stop(bool is_handed_over) {
  base::log(base::LogLevel::kInfo, "stopping");
  manager_.stopping("stopping: jobs go back to the queue, requests in work are finished");
  watchdog_ = nullptr;
  point_ = nullptr;
  const base::Config& config = parts_->config();
  const StopDeadline deadline(std::chrono::milliseconds(config.shutdown_delay_ms) +
                              std::chrono::seconds(config.shutdown_seconds) + kStopGrace);
  parts_->stop(is_handed_over);
  parts_ = nullptr;
}

void RunningServer::reload() {
  manager_.reloading("reading the configuration");
  const auto read = options_.read();
  const auto reloaded = read ? parts_->reload(*read) : std::unexpected(read.error());
  if (!reloaded) {
    base::log(base::LogLevel::kError, "the configuration was not reloaded; the old one holds",
              {{"reason", reloaded.error().message}});
  }
  manager_.ready("serving " + parts_->url() + (reloaded ? "" : "; the configuration could not be reloaded"));
}

base::Result<bool> RunningServer::hand_over(base::HandOver successor) {
  const base::Descriptor socket = parts_->listening_socket();
  if (const auto sent = successor.send_socket(socket); !socket || !sent) {
    base::log(base::LogLevel::kWarning, "a server that wanted to take over ended", {});
    return false;
  }
  base::log(base::LogLevel::kInfo, "handing over");
  const base::LoadedConfig loaded{parts_->config(), parts_->loaded().entries};
  stop(/*is_handed_over=*/true);
  (void)successor.say(base::kYours);
  if (successor_serves(successor)) return true;
  base::log(base::LogLevel::kError, "the server that took over ended before it served; this one goes on");
  TRY_ASSIGN(std::unique_ptr<ServerParts> again, ServerParts::prepare(loaded));
  TRY(open(std::move(again), socket.duplicate()));
  TRY(serve());
  return false;
}

bool RunningServer::successor_serves(const base::HandOver& successor) {
  const std::jthread listening([&](const std::stop_token& stop) {
    const bool serves = successor.hears(base::kServing, stop);
    events_.push({serves ? Kind::kSuccessorServes : Kind::kSuccessorEnded});
  });
  for (;;) {
    switch (events_.wait().kind) {
      case Kind::kStop:  // it is the successor's now, come what may
      case Kind::kSuccessorServes: return true;
      case Kind::kSuccessorEnded: return false;
      case Kind::kReload:
      case Kind::kTakeOver: break;  // too late
    }
  }
}

}  // namespace tradeassist::app
