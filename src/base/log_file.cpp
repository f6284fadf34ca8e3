#include "base/log_file.hpp"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

namespace tradeassist::base {
namespace {

using std::chrono::system_clock;

constexpr std::size_t kWriteBytesMax = std::size_t{256} << 10;  // at once

std::string stamp(system_clock::time_point time) {
  const auto micros = std::chrono::floor<std::chrono::microseconds>(time);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(micros);
  return fmt::format("{:%Y%m%dT%H%M%S}.{:06}Z", fmt::gmtime(system_clock::to_time_t(seconds)),
                     (micros - seconds).count());
}

/// Whether it is a name that stamp() made, so that nothing else is ever removed.
bool is_stamp(std::string_view text) {
  constexpr std::string_view kShape = "00000000T000000.000000Z";
  return text.size() == kShape.size() && std::ranges::equal(text, kShape, [](char c, char shape) {
           return shape == '0' ? c >= '0' && c <= '9' : c == shape;
         });
}

/// When the file was made, else when it was changed.
system_clock::time_point birth_time(int file) {
  struct statx about{};
  if (::statx(file, "", AT_EMPTY_PATH, STATX_BTIME | STATX_MTIME, &about) != 0) return system_clock::now();
  const auto& time = (about.stx_mask & STATX_BTIME) != 0 ? about.stx_btime : about.stx_mtime;
  return system_clock::from_time_t(time.tv_sec);
}

}  // namespace

LogFile::LogFile(LogFileOptions options, std::function<std::string(std::int64_t)> lost_lines)
    : options_(std::move(options)), lost_lines_(std::move(lost_lines)) {}

Result<std::unique_ptr<LogFile>> LogFile::open(LogFileOptions options,
                                               std::function<std::string(std::int64_t)> lost_lines) {
  std::unique_ptr<LogFile> made(new LogFile(std::move(options), std::move(lost_lines)));
  TRY(made->open_file());
  made->thread_ = std::thread([file = made.get()] { file->run(); });
  return made;
}

LogFile::~LogFile() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (file_ >= 0) ::close(file_);
}

void LogFile::write(std::string_view line) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() + line.size() >= options_.queue_bytes_max) {
      ++metrics_.lines_dropped;
      ++unsaid_losses_;
      return;
    }
    waiting_.append(line);
    waiting_ += '\n';
    ++waiting_lines_;
    ++taken_in_;
  }
  changed_.notify_one();
}

void LogFile::reopen() {
  const std::lock_guard lock(mutex_);
  reopen_ = true;
}

void LogFile::flush(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  const std::uint64_t until = taken_in_;
  written_.wait_for(lock, limit, [&] { return done_ >= until; });
}

LogFileMetrics LogFile::metrics() const {
  const std::lock_guard lock(mutex_);
  return metrics_;
}

Result<void> LogFile::open_file() {
  if (file_ >= 0) ::close(file_);
  file_ = ::open(options_.path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0640);
  struct stat about{};
  if (file_ < 0 || ::fstat(file_, &about) != 0) {
    return failure(ErrorCode::kIo, options_.path.string() + ": the log cannot be opened: " + std::strerror(errno));
  }
  bytes_ = about.st_size;
  begun_at_ = bytes_ == 0 ? system_clock::now() : birth_time(file_);
  return {};
}

void LogFile::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return stop_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const std::string batch = std::exchange(waiting_, {});
    const std::int64_t lines = std::exchange(waiting_lines_, 0);
    const bool reopen = std::exchange(reopen_, false);
    lock.unlock();
    struct stat named{}, open{};
    const bool is_ours = file_ >= 0 && ::stat(options_.path.c_str(), &named) == 0 && ::fstat(file_, &open) == 0 &&
                         named.st_ino == open.st_ino && named.st_dev == open.st_dev;
    if (reopen || !is_ours) static_cast<void>(open_file());  // what then cannot be written is counted
    write_batch(batch, lines);
    lock.lock();
    done_ += static_cast<std::uint64_t>(lines);
    written_.notify_all();
  }
}

/// Whole lines, some at a time.
void LogFile::write_batch(std::string_view batch, std::int64_t lines) {
  std::int64_t losses = 0;
  {
    const std::lock_guard lock(mutex_);
    losses = unsaid_losses_;
  }
  if (losses > 0 && append(lost_lines_(losses) + "\n")) {
    const std::lock_guard lock(mutex_);
    unsaid_losses_ -= losses;
  }
  std::int64_t written = 0;
  while (!batch.empty()) {
    std::size_t end = batch.size();
    if (end > kWriteBytesMax) {
      end = batch.rfind('\n', kWriteBytesMax - 1);
      end = (end == std::string_view::npos ? batch.find('\n') : end) + 1;
    }
    const std::string_view part = batch.substr(0, end);
    rotate_if_due(part.size());
    if (append(part)) written += std::ranges::count(part, '\n');
    batch.remove_prefix(end);
  }
  const std::lock_guard lock(mutex_);
  metrics_.lines_written += written;
  metrics_.lines_dropped += lines - written;
  unsaid_losses_ += lines - written;
}

bool LogFile::append(std::string_view text) {
  if (file_ < 0) return false;
  ssize_t written = 0;
  do { written = ::write(file_, text.data(), text.size()); } while (written < 0 && errno == EINTR);
  if (written == static_cast<ssize_t>(text.size())) {
    bytes_ += written;
    return true;
  }
  if (written > 0) {
    // The disk is full. Half a line is worse than none.
    struct stat about{};
    if (::fstat(file_, &about) == 0) static_cast<void>(!::ftruncate(file_, about.st_size - written));
  }
  return false;
}

void LogFile::rotate_if_due(std::size_t bytes_to_come) {
  if (file_ < 0 || bytes_ == 0) return;
  const auto now = system_clock::now();
  const bool is_full = options_.bytes_max > 0 && bytes_ + static_cast<std::int64_t>(bytes_to_come) > options_.bytes_max;
  const bool is_old = options_.age_max.count() > 0 && now - begun_at_ >= options_.age_max;
  if (!is_full && !is_old) return;
  std::error_code error;
  std::filesystem::rename(options_.path, options_.path.string() + "." + stamp(now), error);
  if (error) {
    begun_at_ = now;  // not tried again with every line
    return;
  }
  static_cast<void>(open_file());
  remove_old();
}

void LogFile::remove_old() const {
  namespace fs = std::filesystem;
  std::error_code error;
  const std::string prefix = options_.path.filename().string() + ".";
  std::vector<std::pair<std::string, std::int64_t>> kept;  // the name ends with the time
  const fs::path folder = options_.path.parent_path().empty() ? "." : options_.path.parent_path();
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    std::error_code unreadable;
    if (!name.starts_with(prefix) || !is_stamp(std::string_view(name).substr(prefix.size()))) continue;
    const auto bytes = it->file_size(unreadable);
    if (!unreadable) kept.emplace_back(name, static_cast<std::int64_t>(bytes));
  }
  std::ranges::sort(kept, std::ranges::greater());
  std::int64_t bytes = 0;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    bytes += kept[i].second;
    if (i >= options_.kept_max || bytes > options_.kept_bytes_max) fs::remove(folder / kept[i].first, error);
  }
}

}  // namespace tradeassist::base
