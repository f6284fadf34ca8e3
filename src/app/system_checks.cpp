#include "app/system_checks.hpp"

#include <arpa/inet.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <memory>
#include <thread>
#include <utility>

#include "access/scope.hpp"
#include "app/backup_parts.hpp"
#include "app/backup_schedule.hpp"
#include "app/command.hpp"
#include "backup/drill.hpp"
#include "base/disk_space.hpp"
#include "base/folder_lock.hpp"
#include "feed/providers/schwab/token_store.hpp"
#include "jobs/job_schedule.hpp"
#include "market/zone_clock.hpp"
#include "server/http_server.hpp"
#include "store/integrity/database_examiner.hpp"
#include "store/schema/migrations.hpp"

extern char** environ;

namespace tradeassist::app {
namespace {

namespace fs = std::filesystem;
using std::chrono::days;

constexpr std::chrono::seconds kOutageWait{2};
constexpr days kKeyWarning{14}, kLoginLife{7}, kLoginWarning{2}, kBackupAgeMax{2}, kDrillAgeMax{45};

std::string age(base::Time then) {
  const auto hours = std::chrono::floor<std::chrono::hours>(base::now() - then).count();
  return hours < 48 ? fmt::format("{} hours ago", hours) : fmt::format("{} days ago", hours / 24);
}

class Checks {
 public:
  Checks(const base::LoadedConfig& loaded, std::optional<std::string> file)
      : config_(loaded.config), entries_(loaded.entries), file_(std::move(file)) {}

  std::vector<SystemCheck> run() {
    settings();
    environment();
    permissions();
    disk();
    clock();
    time_zones();
    database("market", market_address(config_), store::market_migrations());
    database("app", app_address(config_), store::app_migrations());
    keys();
    provider();
    backups();
    port();
    return std::move(done_);
  }

 private:
  void good(std::string check, std::string found) {
    done_.push_back({std::move(check), CheckSeverity::kGood, std::move(found), "", ""});
  }
  void note(std::string check, std::string found, std::string means, std::string advice) {
    done_.push_back({std::move(check), CheckSeverity::kNote, std::move(found), std::move(means), std::move(advice)});
  }
  void broken(std::string check, std::string found, std::string means, std::string advice) {
    done_.push_back({std::move(check), CheckSeverity::kBroken, std::move(found), std::move(means), std::move(advice)});
  }

  /// Settings that do not fit together.
  void settings() {
    const std::size_t before = done_.size();
    const auto contradiction = [&](const char* found, const char* means, const char* advice) {
      broken("settings", found, means, advice);
    };
    const std::size_t colon = config_.listen.rfind(':');
    if (config_.authentication == "none" && !server::is_loopback(config_.listen.substr(0, colon))) {
      contradiction("authentication is none, and listen is not a loopback address", "the server refuses to start",
                    "set authentication to required, or listen on 127.0.0.1");
    }
    if (config_.live_source != "none" && config_.live_symbols.empty()) {
      contradiction("live_source is set and live_symbols is empty", "the server refuses to start or records nothing",
                    "say which symbols: live_symbols = \"SPY\"");
    }
    if (config_.live_source == "schwab" && config_.schwab_key.empty()) {
      contradiction("live_source is schwab and schwab_key is empty", "there is nobody to ask for live bars",
                    "set schwab_key and schwab_secret, and log in with `tradeassist schwab login`");
    }
    if (config_.schwab_key.empty() != config_.schwab_secret.empty()) {
      contradiction("one of schwab_key and schwab_secret is set, the other is not", "Schwab refuses the login",
                    "set both, as developer.schwab.com shows them");
    }
    if (config_.disk_critical_gb > config_.disk_warning_gb && config_.disk_warning_gb > 0) {
      note("settings", "disk_critical_gb is above disk_warning_gb", "no warning comes before it is critical",
           "set disk_warning_gb to more");
    }
    for (const auto& [setting, cron] : {std::pair("backup_schedule", config_.backup_schedule),
                                        std::pair("backup_drill_schedule", config_.backup_drill_schedule)}) {
      if (cron.empty()) continue;
      const auto checked = utc_schedule(cron);
      if (!checked)
        broken("settings", fmt::format("{}: {}", setting, checked.error().message), "the server refuses to start",
               "write five fields as crontab(5) says, as 30 2 * * *");
      if (config_.backup_directory.empty())
        broken("settings", fmt::format("{} is set and backup_directory is empty", setting),
               "the server refuses to start", "set backup_directory");
    }
    if (config_.research_provider == "none" && !config_.research_key.empty()) {
      note("settings", "there is a key for research and research_provider is none", "no model is asked",
           "set research_provider, or remove the key");
    }
    if (done_.size() == before) good("settings", "they fit together");
  }

  /// Variables that look like settings and are none.
  void environment() {
    constexpr std::string_view kPrefix = "TRADEASSIST_";
    std::string unknown;
    for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
      const std::string_view text(*variable);
      if (!text.starts_with(kPrefix)) continue;
      std::string name(text.substr(kPrefix.size(), text.find('=') - kPrefix.size()));
      const std::string shown = std::string(kPrefix) + name;
      std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      if (std::ranges::find(entries_, name, &base::ConfigEntry::name) == entries_.end())
        unknown += (unknown.empty() ? "" : ", ") + shown;
    }
    if (unknown.empty()) return good("environment", "every TRADEASSIST_ variable is a setting");
    note("environment", "unknown: " + unknown, "they have no effect", "`tradeassist config` shows the names there are");
  }

  void check_private(const fs::path& path, const char* what, bool& all_good) {
    struct stat about{};
    if (::stat(path.c_str(), &about) != 0 || (about.st_mode & (S_IRWXG | S_IRWXO)) == 0) return;
    all_good = false;
    broken("permissions", fmt::format("{}: others may read or write {}", path.string(), what),
           "whoever has an account on this machine may have it", "chmod go= " + path.string());
  }

  void permissions() {
    const fs::path data = config_.data_directory;
    std::error_code error;
    if (!fs::exists(data, error))
      return note("permissions", data.string() + ": there is no data directory yet", "nothing is stored",
                  "is --data the right directory? The first import or server makes it");
    bool all_good = true;
    if (::access(data.c_str(), R_OK | W_OK | X_OK) != 0) {
      all_good = false;
      broken("permissions", fmt::format("{}: {}", data.string(), std::strerror(errno)), "nothing can be stored",
             "run as its owner, or give it to this user: chown -R");
    }
    struct stat about{};
    if (::stat(data.c_str(), &about) == 0 && (about.st_mode & S_IWOTH) != 0) {
      all_good = false;
      broken("permissions", data.string() + ": everybody may write to it", "others can change what is stored",
             "chmod o-w " + data.string());
    }
    for (fs::recursive_directory_iterator entry(data / "secrets", error), end; !error && entry != end;
         entry.increment(error)) {
      if (entry->is_regular_file()) check_private(entry->path(), "tokens or their key", all_good);
    }
    if (!config_.backup_key_file.empty()) check_private(config_.backup_key_file, "a key", all_good);
    const bool holds_secrets = file_ && std::ranges::any_of(entries_, [&](const base::ConfigEntry& entry) {
                                 return entry.value == "(set)" && entry.origin.starts_with(*file_ + ":");
                               });
    if (holds_secrets) check_private(*file_, "the secrets among the settings", all_good);
    if (all_good) good("permissions", data.string() + " and secret files are for this user");
  }

  void disk() {
    const auto space = base::disk_space(config_.data_directory);
    if (!space) {
      broken("disk space", space.error().message, "it is not known whether there is room", "check the file system");
    } else {
      const std::string found = base::describe(*space, config_.data_directory);
      switch (base::disk_state(*space, config_.disk_warning_gb, config_.disk_critical_gb)) {
        case base::DiskState::kEnough: good("disk space", found); break;
        case base::DiskState::kLow:
          note("disk space", found, "below disk_warning_gb", "free disk space, or move the data directory");
          break;
        case base::DiskState::kCritical:
          broken("disk space", found, "critical: below disk_critical_gb; writes fail soon",
                 "free disk space, or move the data directory");
      }
    }
    struct statvfs about{};
    if (::statvfs(fs::exists(config_.data_directory) ? config_.data_directory.c_str() : ".", &about) != 0 ||
        about.f_files == 0)
      return;  // some file systems have no fixed number
    const double free = static_cast<double>(about.f_favail) / static_cast<double>(about.f_files);
    const std::string found = fmt::format("{} of {} inodes free", about.f_favail, about.f_files);
    if (free < 0.01) {
      broken("inodes", found, "no more files can be made soon, whatever space there is", "remove files nobody needs");
    } else if (free < 0.05) {
      note("inodes", found, "few more files can be made", "remove files nobody needs");
    } else {
      good("inodes", found);
    }
  }

  /// Whether the wall clock runs as the steady one does, and whether the system says that it is set by others.
  void clock() {
    using namespace std::chrono;
    constexpr milliseconds kWatched{100}, kStepMax{20};
    const auto steady = steady_clock::now();
    const auto wall = system_clock::now();
    std::this_thread::sleep_for(kWatched);
    const auto drift = duration_cast<milliseconds>((system_clock::now() - wall) - (steady_clock::now() - steady));
    if (drift > kStepMax || drift < -kStepMax) {
      note("clock", fmt::format("it was set by {} ms within {} ms", drift.count(), kWatched.count()),
           "times of jobs and bars jump", "let it be slewed, not stepped: chrony or systemd-timesyncd");
    } else {
      good("clock",
           fmt::format("{:%Y-%m-%d %H:%M:%S} UTC, running evenly", fmt::gmtime(system_clock::to_time_t(wall))));
    }
    struct timex status{};
    const int state = ::adjtimex(&status);
    if (state < 0) return;
    if (state == TIME_ERROR || (status.status & STA_UNSYNC) != 0) {
      note("clock synchronisation", "the system says that nobody sets its clock",
           "it drifts; live bars and expiry of keys go by it",
           "run chrony or systemd-timesyncd (in a container: the host)");
    } else {
      good("clock synchronisation", fmt::format("within {} ms of true time at most", status.maxerror / 1'000));
    }
  }

  void time_zones() {
    for (const char* zone : {"America/New_York", "Europe/Berlin"}) {
      const auto found = market::ZoneClock::find(zone);
      if (found) continue;
      return broken("time zones", found.error().message, "sessions and schedules cannot be computed",
                    "install the system's time zones (Debian: tzdata)");
    }
    good("time zones", "the system's time zone database is there");
  }

  void database(const std::string& name, const store::DatabaseAddress& address,
                std::span<const store::Migration> migrations) {
    const std::string check = "database " + name;
    std::error_code error;
    if (!address.is_server() && !fs::exists(address.file, error)) {
      if (name == "market") {
        return broken(check, address.file.string() + ": there is no market data", "there is nothing to answer with",
                      "is --data the right directory? `tradeassist import` stores bars");
      }
      return note(check, address.file.string() + ": is not there yet", "there were no jobs and there are no API keys",
                  "the first start of the server makes it");
    }
    const auto connection = store::open_connection(address, {.read_only = true, .outage_timeout = kOutageWait});
    if (!connection) {
      return broken(check, connection.error().message, "nothing can be read or stored",
                    "start the database, or correct the setting database");
    }
    const auto version = store::schema_version(**connection);
    if (!version) return broken(check, version.error().message, "it cannot be read", "restore it from a backup");
    const auto newest = static_cast<int>(migrations.size());
    if (*version > newest) {
      const std::string versions = fmt::format("schema version {}, and this program knows {}", *version, newest);
      if (!store::check_usable(**connection, migrations))
        return broken(check, versions, "a newer TradeAssist wrote it; this one refuses it",
                      "start the newer program (docs/upgrade.md)");
      return note(check, versions, "this program goes on with it, and makes no backups of it",
                  "bring the newer program into service (docs/upgrade.md)");
    }
    if (name == "app" && *version > 0) {  // the market's own checks come with its chunks
      store::Examination examination;
      constexpr std::size_t kFindingsMax = 20;
      const auto examined = store::examine_database(**connection, kFindingsMax, examination);
      if (!examined) return broken(check, examined.error().message, "it cannot be read", "restore it from a backup");
      for (const store::Finding& finding : examination.findings)
        broken(check, finding.reason, "the database is damaged", "restore it from a backup");
      if (!examination.findings.empty()) return;
    }
    if (*version < newest) {
      return note(check, fmt::format("{}: schema version {} of {}", (*connection)->name(), *version, newest),
                  "the next start brings it to the newest, which older programs then refuse",
                  "make a backup before (docs/upgrade.md)");
    }
    good(check, fmt::format("{}: schema version {}", (*connection)->name(), *version));
  }

  void keys() {
    if (config_.authentication == "none") {
      return note("API keys", "authentication is none", "whoever has an account on this machine may do everything",
                  "leave --no-authentication out where others have one");
    }
    const store::DatabaseAddress address = app_address(config_);
    std::error_code error;
    if (!address.is_server() && !fs::exists(address.file, error)) return;
    const auto connection = store::open_connection(address, {.read_only = true, .outage_timeout = kOutageWait});
    if (!connection) return;  // said above
    constexpr int kWithKeys = 6;
    if (store::schema_version(**connection).value_or(0) < kWithKeys) return;
    struct Key {
      std::string id, name;
      bool is_admin;
      std::optional<base::Time> expires;
    };
    const auto found =
        (*connection)
            ->query_all("SELECT id, name, scopes, expires_at FROM api_key WHERE revoked_at IS NULL ORDER BY created_at",
                        {}, [](const store::Row& row) {
                          const auto scopes = access::parse_scopes(row.text(2));
                          return Key{std::string(row.text(0)), std::string(row.text(1)),
                                     scopes && scopes->allow(access::Scope::kAdmin),
                                     row.is_null(3) ? std::nullopt
                                                    : std::optional(base::time_from_nanoseconds(row.integer(3)))};
                        });
    if (!found)
      return broken("API keys", found.error().message, "nobody can be let in", "restore app.db from a backup");
    if (found->empty()) {
      return note("API keys", "there is none", "nobody can use the server yet",
                  "the next start makes one, or `tradeassist key create` does");
    }
    const base::Time now = base::now();
    bool has_admin = false;
    for (const Key& key : *found) {
      const bool is_valid = !key.expires || *key.expires > now;
      has_admin |= is_valid && key.is_admin;
      if (is_valid && key.expires && *key.expires < now + kKeyWarning) {
        note("API keys", fmt::format("{} ({}) expires {}", key.id, key.name, base::format_time(*key.expires)),
             "its user is refused from then on", "make another in time: `tradeassist key create`");
      }
    }
    if (!has_admin) {
      return broken("API keys", "no valid key has the scope admin", "nobody can manage the server over HTTP",
                    "tradeassist key create --name admin --scope admin");
    }
    good("API keys", fmt::format("{} that are not revoked, an admin's among them", found->size()));
  }

  void provider() {
    if (config_.schwab_key.empty()) return good("provider", "none is configured");
    const fs::path folder = fs::path(config_.data_directory) / "secrets";
    std::error_code error;
    const std::string login = "`tradeassist schwab login`";
    if (!fs::exists(folder / "schwab.tokens", error)) {
      return broken("provider", "Schwab is configured and nobody is logged in", "no bars can be fetched", login);
    }
    const auto key = config_.secret_key.empty() ? std::nullopt : std::optional(config_.secret_key);
    if (!key && !fs::exists(folder / "schwab.key", error)) {
      return broken("provider", "the key of Schwab's tokens is missing", "they cannot be read",
                    "log in again: " + login);
    }
    const auto store = feed::TokenStore::open(folder, key);
    const auto tokens = store ? store->load() : std::unexpected(store.error());
    if (!tokens) return broken("provider", tokens.error().message, "Schwab cannot be asked", "log in again: " + login);
    if (!*tokens || (*tokens)->refresh_is_refused || (*tokens)->logged_in_at + kLoginLife < base::now()) {
      return broken("provider", "the login at Schwab is over", "no bars can be fetched", login);
    }
    const base::Time ends = (*tokens)->logged_in_at + kLoginLife;
    if (ends < base::now() + kLoginWarning) {
      return note("provider", "the login at Schwab ends " + base::format_time(ends),
                  "no bars can be fetched from then on", login);
    }
    good("provider", "logged in at Schwab until " + base::format_time(ends));
  }

  void backups() {
    if (config_.backup_directory.empty()) {
      return note("backups", "backup_directory is not set", "a lost disk loses everything",
                  "set backup_directory and backup_schedule (docs/backup.md)");
    }
    const auto repository = open_backups(config_);
    if (!repository && repository.error().code == base::ErrorCode::kNotFound) {
      return note("backups", repository.error().message, "a lost disk loses everything", "`tradeassist backup`");
    }
    if (!repository)
      return broken("backups", repository.error().message, "no backup can be made or restored", "correct the setting");
    struct stat data{}, folder{};
    if (::stat(config_.data_directory.c_str(), &data) == 0 && ::stat(config_.backup_directory.c_str(), &folder) == 0 &&
        data.st_dev == folder.st_dev) {
      note("backups", "they lie on the same disk as the data", "a lost disk loses both",
           "copy them elsewhere, or move backup_directory");
    }
    const auto status = backup::read_status(repository->folder());
    if (status.failed_at) {
      broken("backups", fmt::format("the last scheduled one failed {}: {}", age(*status.failed_at), status.failure),
             "newer data is in no backup", "correct that, then `tradeassist backup`");
    }
    newest_backup(*repository);
    newest_drill(status);
  }

  void newest_backup(const backup::Repository& repository) {
    const auto ids = repository.list();
    if (!ids) return broken("backups", ids.error().message, "they cannot be read", "check the folder");
    if (ids->empty())
      return note("backups", "there are none yet", "a lost disk loses everything", "`tradeassist backup`");
    const auto manifest = repository.read(ids->back());
    if (!manifest) {
      return broken("backups", manifest.error().message, "the newest backup cannot be restored",
                    "make another: `tradeassist backup`; look at the others: `tradeassist backup verify --all`");
    }
    const std::string found =
        fmt::format("{}; the newest is {}, {}", ids->size(), manifest->id, age(manifest->created_at));
    if (base::now() - manifest->created_at < kBackupAgeMax) return good("backups", found);
    if (config_.backup_schedule.empty())
      return note("backups", found, "newer data is in no backup", "set backup_schedule, or run `tradeassist backup`");
    const auto schedule = utc_schedule(config_.backup_schedule);
    if (!schedule) return;  // said above
    const auto next = jobs::next_due(*schedule, manifest->created_at);
    if (!next || *next > base::now()) return good("backups", found);
    broken("backups", found, "the scheduled ones are not made", "is the server running? Its log says what failed");
  }

  void newest_drill(const backup::RepositoryStatus& status) {
    if (!status.drill) {
      return note("restore drill", "there was none yet", "nobody knows whether a backup can be restored",
                  "`tradeassist restore-drill`, or set backup_drill_schedule");
    }
    const std::string found = fmt::format("{} {}", status.drill->backup, age(status.drill->at));
    if (!status.drill->succeeded) {
      return broken("restore drill",
                    found + " failed: " + (status.drill->problems.empty() ? "" : status.drill->problems.front()),
                    "that backup cannot be restored as it is", "`tradeassist backup verify --all`, and make another");
    }
    if (base::now() - status.drill->at > kDrillAgeMax)
      return note("restore drill", found, "that is long ago", "`tradeassist restore-drill`");
    good("restore drill", fmt::format("{} restored in {:.1f} s", found, status.drill->restore_seconds));
  }

  /// Whether the address can be listened on, or a server of this data directory does.
  void port() {
    const std::size_t colon = config_.listen.rfind(':');
    if (colon == std::string::npos)
      return broken("port", "listen is '" + config_.listen + "'", "the server refuses to start", "write HOST:PORT");
    std::string host = config_.listen.substr(0, colon);
    if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* results = nullptr;
    const int failed = ::getaddrinfo(host.c_str(), config_.listen.substr(colon + 1).c_str(), &hints, &results);
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(results, ::freeaddrinfo);
    if (failed != 0)
      return broken("port", fmt::format("{}: {}", config_.listen, ::gai_strerror(failed)), "the server cannot start",
                    "correct listen");
    const int socket = ::socket(results->ai_family, results->ai_socktype | SOCK_CLOEXEC, results->ai_protocol);
    if (socket < 0) return note("port", std::strerror(errno), "it is not known whether it is free", "");
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    const bool is_free = ::bind(socket, results->ai_addr, results->ai_addrlen) == 0;
    const int why = errno;
    ::close(socket);
    if (is_free) return good("port", config_.listen + " is free: no server runs there");
    if (why != EADDRINUSE)
      return broken("port", fmt::format("{}: {}", config_.listen, std::strerror(why)), "the server cannot start",
                    "choose another address, or a port from 1024 on");
    if (is_server_running()) return good("port", config_.listen + ": the server of this data directory runs");
    note("port", config_.listen + " is in use by another program", "a server of this data directory cannot start there",
         "stop that program, or set listen");
  }

  bool is_server_running() const {
    std::error_code error;
    if (!fs::exists(fs::path(config_.data_directory) / "server.lock", error)) return false;
    const auto lock = base::FolderLock::take(config_.data_directory);
    return !lock && lock.error().code == base::ErrorCode::kFailedPrecondition;
  }

  const base::Config& config_;
  const std::vector<base::ConfigEntry>& entries_;
  const std::optional<std::string> file_;
  std::vector<SystemCheck> done_;
};

}  // namespace

std::vector<SystemCheck> check_system(const base::LoadedConfig& loaded, const std::optional<std::string>& config_file) {
  return Checks(loaded, config_file).run();
}

}  // namespace tradeassist::app
