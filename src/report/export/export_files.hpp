#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace tradeassist::report {

/// A file that was made for somebody to fetch.
struct ExportFile {
  std::string id;    // 128 bits of the system's randomness, in hexadecimal
  std::string name;  // to save it under: letters, digits, '.', '_' and '-'
  std::string media_type;
  std::string sha256;  // of its bytes, in hexadecimal
  std::uint64_t bytes = 0;
  base::Time created_at, expires_at;
  std::string owner;  // who alone may have it
};

struct ExportLimits {
  std::chrono::hours kept{24};
  std::size_t files_max = 200;
  std::uint64_t file_bytes_max = 128ull << 20;
  std::uint64_t bytes_max = 1ull << 30;  // of all
};

/// Files in a folder of their own, each with a small JSON beside it; they outlive the process. Names on the disk are
/// ids and nothing else, so no request can name another file. One process owns the folder. Every method may be called
/// from any thread.
class ExportFiles {
 public:
  using Clock = std::function<base::Time()>;

  /// Takes up what is in the folder; what is expired, or no whole file, is removed. kIo.
  static base::Result<std::unique_ptr<ExportFiles>> open(std::filesystem::path folder, const ExportLimits& limits,
                                                         Clock clock = base::now);

  /// Keeps a new file, there whole when it returns. `name` becomes safe to save under. kResourceExhausted names the
  /// limit that was reached.
  base::Result<ExportFile> add(std::string_view name, std::string media_type, std::string_view bytes,
                               std::string_view owner);

  /// kNotFound when there is none, or no more, or when it is another's.
  base::Result<ExportFile> find(std::string_view id, std::string_view owner);
  /// `length` bytes from `offset` on; both must lie in the file.
  base::Result<std::string> read(const ExportFile& file, std::uint64_t offset, std::uint64_t length);
  std::vector<ExportFile> list(std::string_view owner);  // newest first
  /// Of files that are added from now on.
  void set_limits(const ExportLimits& limits);
  base::Result<void> remove(std::string_view id);

  /// Removes what is expired; other calls do, too.
  void remove_expired();

 private:
  ExportFiles(std::filesystem::path folder, const ExportLimits& limits, Clock clock)
      : folder_(std::move(folder)), limits_(limits), clock_(std::move(clock)) {}
  base::Result<void> take_up();
  void drop_expired();  // with the lock held
  void erase_from_disk(const std::string& id);

  std::mutex mutex_;
  std::filesystem::path folder_;
  ExportLimits limits_;
  Clock clock_;
  std::map<std::string, ExportFile, std::less<>> files_;  // by id
};

/// "My <Strategy>.pdf" as "My__Strategy_.pdf": safe in a header and in every file system; at most 100 bytes.
std::string safe_file_name(std::string_view name);

}  // namespace tradeassist::report
