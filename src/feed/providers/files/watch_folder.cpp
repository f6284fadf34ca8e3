#include "feed/providers/files/watch_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>

#include "base/hexadecimal.hpp"
#include "base/json.hpp"
#include "base/sha256.hpp"
#include "feed/text/text_file.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;
namespace fs = std::filesystem;

constexpr std::size_t kErrorBytesMax = 1'000;

bool is_candidate(const std::string& name) {
  return !name.starts_with('.') && !name.ends_with(".part") && !name.ends_with(".tmp") && !name.ends_with("~");
}

/// The fault is not the file's: another process writes to the store, or the disk does not answer.
bool may_pass(const base::Error& error) {
  return error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kIo;
}

base::Result<std::string> sha256_of(const fs::path& path) {
  TRY_ASSIGN(const TextFile file, TextFile::open(path));
  base::Sha256 sum;
  std::string block(std::size_t{1} << 20, '\0');
  for (std::int64_t at = 0;;) {
    TRY_ASSIGN(const std::size_t got, file.read(at, block));
    if (got == 0) break;
    sum.add(std::string_view(block).substr(0, got));
    at += static_cast<std::int64_t>(got);
  }
  TRY(file.check_unchanged());
  TRY_ASSIGN(const std::string bytes, sum.finish());
  return base::hexadecimal(bytes);
}

/// Tells of changes in a folder where the system can; waits for at most a time.
class Notifier {
 public:
  explicit Notifier(const fs::path& folder) : descriptor_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
    if (descriptor_ >= 0)
      ::inotify_add_watch(descriptor_, folder.c_str(), IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_MODIFY);
  }
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;
  ~Notifier() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  void wait(base::Nanoseconds most, const std::stop_token& stop) const {
    constexpr base::Nanoseconds kStep = std::chrono::milliseconds(100);  // until a stop is seen
    for (; most.count() > 0 && !stop.stop_requested(); most -= kStep) {
      pollfd waited{descriptor_, POLLIN, 0};
      const auto step = std::chrono::duration_cast<std::chrono::milliseconds>(std::min(most, kStep));
      if (::poll(&waited, 1, static_cast<int>(step.count())) <= 0) continue;
      std::array<char, 4096> events{};
      while (::read(descriptor_, events.data(), events.size()) > 0) continue;
      return;
    }
  }

 private:
  int descriptor_;
};

}  // namespace

base::Result<FolderWatch> FolderWatch::open(store::MarketStore& store, Clock& clock, const fs::path& folder,
                                            const fs::path& journal, FolderRules rules) {
  if (rules.symbol.empty() && !rules.pattern) {
    return failure(ErrorCode::kInvalidArgument,
                   "watch: say what the files are of: --symbol, or --symbol-from-name with a pattern");
  }
  std::error_code error;
  const fs::path whole = fs::canonical(folder, error);
  if (error || !fs::is_directory(whole)) return failure(ErrorCode::kNotFound, folder.string() + ": no such folder");
  FolderWatch watch(store, clock, whole, journal, std::move(rules));
  TRY(watch.load_journal());
  return watch;
}

base::Result<void> FolderWatch::load_journal() {
  std::ifstream stream(journal_);
  for (std::string line; std::getline(stream, line);) {
    // A line that was cut off by a crash says nothing; its file is looked at again, which changes nothing.
    const auto json = base::parse_json(line);
    const auto* const entry = json ? json->if_object() : nullptr;
    if (entry == nullptr) continue;
    const auto text = [&](const char* name) {
      const auto* found = entry->if_contains(name);
      return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
    };
    const auto number = [&](const char* name) {
      const auto* found = entry->if_contains(name);
      return found != nullptr && found->is_int64() ? found->get_int64() : -1;
    };
    done_[text("file")] = {number("size"), number("modified_ns"), text("sha256")};
  }
  return {};
}

base::Result<void> FolderWatch::remember(const std::string& name, const Seen& seen, const std::string& error) {
  const std::string key = (folder_ / name).string();
  boost::json::object entry{{"file", key},
                            {"size", seen.size},
                            {"modified_ns", seen.modified_ns},
                            {"sha256", seen.sha256},
                            {"time", base::format_time(clock_->now())}};
  if (!error.empty()) entry["error"] = error.substr(0, kErrorBytesMax);
  const std::string line = base::json_text(entry) + "\n";
  const int opened = ::open(journal_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  const bool written = opened >= 0 && ::write(opened, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
                       ::fsync(opened) == 0;
  const int reason = errno;
  if (opened >= 0) ::close(opened);
  if (!written) {
    return failure(reason == ENOSPC ? ErrorCode::kResourceExhausted : ErrorCode::kIo,
                   fmt::format("{}: cannot be written: {}", journal_.string(), std::strerror(reason)));
  }
  done_[key] = seen;
  return {};
}

base::Result<int> FolderWatch::scan(const WatchHook& hook, const std::stop_token& stop) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(folder_, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    const std::string name = at->path().filename().string();
    const bool fits =
        !rules_.pattern || !rules_.symbol.empty() || rules_.pattern->match(name) || name.ends_with(".zip");
    if (at->is_regular_file(ignored) && is_candidate(name) && fits) names.push_back(name);
  }
  if (error) return failure(ErrorCode::kIo, fmt::format("{}: cannot be listed: {}", folder_.string(), error.message()));
  std::ranges::sort(names);
  std::erase_if(growing_, [&](const auto& entry) { return !std::ranges::binary_search(names, entry.first); });

  int looked_into = 0;
  for (const std::string& name : names) {
    if (stop.stop_requested()) break;
    const fs::path path = folder_ / name;
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) continue;  // gone meanwhile
    Seen seen{status.st_size, status.st_mtim.tv_sec * base::kNanosecondsPerSecond + status.st_mtim.tv_nsec};
    const auto done = done_.find(path.string());
    if (done != done_.end() && done->second.same_stat(seen)) {
      growing_.erase(name);
      continue;
    }
    const auto [growing, is_new] = growing_.try_emplace(name, seen, clock_->elapsed());
    if (!is_new && !growing->second.seen.same_stat(seen)) growing->second = {seen, clock_->elapsed()};
    if (clock_->elapsed() - growing->second.since < rules_.settle) continue;
    growing_.erase(growing);
    ++looked_into;
    auto checksum = sha256_of(path);
    if (!checksum) {
      hook({path.string(), "", checksum.error(), {}});
      continue;
    }
    seen.sha256 = *checksum;
    std::string errors;
    const bool same_content = done != done_.end() && done->second.sha256 == seen.sha256;
    const bool is_settled = same_content || import_all(path, hook, errors);
    if (is_settled) { TRY(remember(name, seen, errors)); }
  }
  return looked_into;
}

bool FolderWatch::import_all(const fs::path& path, const WatchHook& hook, std::string& errors) {
  const auto unpacked = Unpacked::open(path, rules_.limits);
  if (!unpacked) {
    errors = unpacked.error().message;
    hook({path.string(), "", unpacked.error(), {}});
    return !may_pass(unpacked.error());
  }
  bool is_settled = true;
  for (const Unpacked::File& file : unpacked->files()) {
    const WatchedFile result = import_one(file, path.filename().string());
    if (result.error) {
      errors += (errors.empty() ? "" : "; ") + result.error->message;
      is_settled = is_settled && !may_pass(*result.error);
    }
    hook(result);
  }
  return is_settled;
}

WatchedFile FolderWatch::import_one(const Unpacked::File& file, const std::string& archive_name) {
  WatchedFile out{file.name, rules_.symbol, {}, {}};
  ImportRequest request = rules_.import;
  request.csv.timeframe = rules_.timeframe;
  if (rules_.pattern) {
    auto match = rules_.pattern->match(file.base_name);
    if (!match) match = rules_.pattern->match(archive_name);
    if (match && out.symbol.empty()) out.symbol = match->symbol;
    if (match && match->timeframe) request.csv.timeframe = match->timeframe;
  }
  if (out.symbol.empty()) {
    out.error = base::Error{ErrorCode::kInvalidArgument, file.name + ": its name does not tell the symbol"};
    return out;
  }
  request.symbol = out.symbol;
  auto imported = import_unpacked(*store_, request, std::span(&file, 1));
  if (!imported) {
    out.error = imported.error();
    return out;
  }
  out.reports.push_back(std::move(*imported));
  return out;
}

base::Result<void> FolderWatch::run(const WatchHook& hook, const std::stop_token& stop) {
  const Notifier notifier(folder_);
  while (!stop.stop_requested()) {
    TRY(scan(hook, stop));
    notifier.wait(is_waiting() ? std::min(rules_.settle, rules_.poll) : rules_.poll, stop);
  }
  return {};
}

}  // namespace tradeassist::feed
