#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/result.hpp"

namespace tradeassist::base {

struct LogFileOptions {
  std::filesystem::path path;
  std::int64_t bytes_max = 100 << 20;                   // then it is set aside and another begun; 0: never
  std::chrono::seconds age_max = std::chrono::days(1);  // the same
  std::size_t kept_max = 14;                            // files set aside; the oldest go first
  std::int64_t kept_bytes_max = std::int64_t{1} << 30;  // of them together
  std::size_t queue_bytes_max = 4 << 20;                // that wait to be written; more is dropped
};

struct LogFileMetrics {
  std::int64_t lines_written = 0, lines_dropped = 0;
};

/// Lines that are added to a file, each of them whole or not at all. A thread of its own writes, so that whoever logs
/// never waits for a disk; what cannot be written is dropped and counted, and said when it goes again. A file that was
/// set aside has the time in its name: `server.log.20260102T030405.678901Z`. A file that another moves away or removes
/// is begun anew; several processes may add to the same one. Every method may be called from any thread.
class LogFile {
 public:
  /// `lost_lines`: the line that tells how many are missing. kIo when the file cannot be opened.
  static Result<std::unique_ptr<LogFile>> open(LogFileOptions options,
                                               std::function<std::string(std::int64_t)> lost_lines);
  ~LogFile();  // writes what waits
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  /// The line without its end. Does not wait.
  void write(std::string_view line);
  /// Opens the file again by its name before the next line.
  void reopen();
  /// Waits until all that was written before is in the file, or dropped; at most `limit`.
  void flush(std::chrono::milliseconds limit = std::chrono::seconds(5));
  LogFileMetrics metrics() const;

 private:
  LogFile(LogFileOptions options, std::function<std::string(std::int64_t)> lost_lines);

  Result<void> open_file();
  void run();
  void write_batch(std::string_view batch, std::int64_t lines);
  bool append(std::string_view text);
  void rotate_if_due(std::size_t bytes_to_come);
  void remove_old() const;

  const LogFileOptions options_;
  const std::function<std::string(std::int64_t)> lost_lines_;

  mutable std::mutex mutex_;  // guards what follows up to file_
  std::condition_variable changed_, written_;
  std::string waiting_;
  std::int64_t waiting_lines_ = 0;
  std::uint64_t taken_in_ = 0, done_ = 0;  // lines
  bool reopen_ = false, stop_ = false;
  std::int64_t unsaid_losses_ = 0;
  LogFileMetrics metrics_;

  int file_ = -1;  // of the thread alone, as what follows
  std::int64_t bytes_ = 0;
  std::chrono::system_clock::time_point begun_at_;
  std::thread thread_;
};

}  // namespace tradeassist::base
