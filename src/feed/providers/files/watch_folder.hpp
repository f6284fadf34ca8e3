#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "feed/ingest.hpp"
#include "feed/providers/clock.hpp"
#include "feed/providers/files/name_pattern.hpp"
#include "feed/providers/files/unpack.hpp"

namespace tradeassist::feed {

/// How the files of a folder are to be imported.
struct FolderRules {
  std::string symbol{};                          // of every file; or else the pattern tells
  std::optional<NamePattern> pattern{};          // files whose name does not fit are left alone
  std::optional<market::Timeframe> timeframe{};  // where the name tells none
  ImportRequest import{};                        // options for all; its paths and symbol are filled in
  UnpackLimits limits{};
  base::Nanoseconds settle = std::chrono::seconds(2);  // a file that did not change for so long is complete
  base::Nanoseconds poll = std::chrono::seconds(5);    // also where the system tells of changes: network folders do not
};

/// What became of a file, or of one in an archive.
struct WatchedFile {
  std::string name;
  std::string symbol;
  std::optional<base::Error> error{};
  std::vector<ImportReport> reports{};  // one when it was stored
};
using WatchHook = std::function<void(const WatchedFile&)>;

/// Imports the files of a folder (CSV, also packed with gzip or zip) as they come and change, each through import_csv.
/// A journal file remembers by name, size, time of change and SHA-256 what was done, so that a file is imported once
/// however often the program starts; one that failed is tried again when it changes. Files are neither moved nor
/// changed; hidden ones and those ending in .part or .tmp are left alone. Not thread-safe.
class FolderWatch {
 public:
  /// kNotFound: no such folder; kInvalidArgument: neither symbol nor pattern; kIo: the journal.
  static base::Result<FolderWatch> open(store::MarketStore& store, Clock& clock, const std::filesystem::path& folder,
                                        const std::filesystem::path& journal, FolderRules rules);

  /// Imports what is complete and new. The number of files looked into; files that still change count as none.
  base::Result<int> scan(const WatchHook& hook, const std::stop_token& stop = {});
  /// True when a file waits to be complete.
  bool is_waiting() const { return !growing_.empty(); }

  /// Scans whenever the folder changes (inotify) and every `poll`, until stopped.
  base::Result<void> run(const WatchHook& hook, const std::stop_token& stop);

 private:
  struct Seen {
    std::int64_t size = 0, modified_ns = 0;
    std::string sha256{};
    bool same_stat(const Seen& other) const { return size == other.size && modified_ns == other.modified_ns; }
  };
  struct Growing {
    Seen seen;
    base::Nanoseconds since{0};
  };

  FolderWatch(store::MarketStore& store, Clock& clock, std::filesystem::path folder, std::filesystem::path journal,
              FolderRules rules)
      : store_(&store),
        clock_(&clock),
        folder_(std::move(folder)),
        journal_(std::move(journal)),
        rules_(std::move(rules)) {}

  base::Result<void> load_journal();
  base::Result<void> remember(const std::string& name, const Seen& seen, const std::string& error);
  /// False when it should be tried again.
  bool import_all(const std::filesystem::path& path, const WatchHook& hook, std::string& errors);
  WatchedFile import_one(const Unpacked::File& file, const std::string& archive_name);

  store::MarketStore* store_;
  Clock* clock_;
  std::filesystem::path folder_, journal_;
  FolderRules rules_;
  std::map<std::string, Seen> done_;
  std::map<std::string, Growing> growing_;
};

}  // namespace tradeassist::feed
