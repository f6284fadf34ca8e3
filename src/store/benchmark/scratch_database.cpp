#include "store/benchmark/scratch_database.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>

#include "base/log.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;
namespace fs = std::filesystem;

constexpr const char* kBusy = "another benchmark of this database is running; wait until it has ended";

/// Locked by flock(2) on the folder itself, so that no other file has to stay.
class ScratchFile final : public ScratchDatabase {
 public:
  static base::Result<std::unique_ptr<ScratchDatabase>> make(const DatabaseAddress& beside) {
    const fs::path folder = fs::absolute(beside.file).parent_path() / "benchmark-scratch";
    const auto refuse = [&](const std::string& why) {
      return base::failure(ErrorCode::kIo,
                           folder.string() + ": " + why + "; check that the data directory may be written");
    };
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return refuse(error.message());
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return refuse(std::strerror(errno));
    // Another may have removed the folder between these two calls, and then we would hold a lock that nobody sees.
    struct stat locked{}, there{};
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0 || ::fstat(descriptor, &locked) != 0 ||
        ::stat(folder.c_str(), &there) != 0 || locked.st_ino != there.st_ino) {
      ::close(descriptor);
      return base::failure(ErrorCode::kUnavailable, kBusy);
    }
    std::unique_ptr<ScratchDatabase> scratch(new ScratchFile(folder, descriptor));
    for (const auto& left : fs::directory_iterator(folder, error)) fs::remove_all(left.path(), error);
    if (error) return refuse(error.message());
    return scratch;
  }

  ~ScratchFile() override {
    std::error_code error;
    fs::remove_all(folder_, error);
    if (error) {
      base::log(base::LogLevel::kWarning, "the benchmark's files could not be removed; delete them",
                {{"folder", folder_.string()}, {"reason", error.message()}});
    }
    ::close(descriptor_);
  }

 private:
  ScratchFile(const fs::path& folder, int descriptor)
      : ScratchDatabase({.file = folder / "market.db"}), folder_(folder), descriptor_(descriptor) {}

  fs::path folder_;
  int descriptor_;
};

/// Locked by an advisory lock of a session that lives as long.
class ScratchSchema final : public ScratchDatabase {
 public:
  static base::Result<std::unique_ptr<ScratchDatabase>> make(const DatabaseAddress& beside) {
    DatabaseAddress address = beside;
    address.schema += "_benchmark";
    TRY_ASSIGN(auto connection, open_connection(address));
    TRY_ASSIGN(const std::int64_t locked,
               connection->query_integer("SELECT pg_try_advisory_lock(hashtext($1::text))::int", {address.schema}));
    if (locked == 0) return base::failure(ErrorCode::kUnavailable, kBusy);
    TRY(connection->run_script("DROP SCHEMA IF EXISTS " + address.schema + " CASCADE; CREATE SCHEMA " +
                               address.schema));
    return std::unique_ptr<ScratchDatabase>(new ScratchSchema(std::move(address), std::move(connection)));
  }

  ~ScratchSchema() override {
    if (const auto dropped = connection_->run_script("DROP SCHEMA IF EXISTS " + address_.schema + " CASCADE");
        !dropped) {
      base::log(base::LogLevel::kWarning, "the benchmark's schema could not be removed; drop it",
                {{"schema", address_.schema}, {"reason", dropped.error().message}});
    }
  }

 private:
  ScratchSchema(DatabaseAddress address, std::unique_ptr<Connection> connection)
      : ScratchDatabase(std::move(address)), connection_(std::move(connection)) {}

  std::unique_ptr<Connection> connection_;
};

}  // namespace

base::Result<std::unique_ptr<ScratchDatabase>> ScratchDatabase::make(const DatabaseAddress& beside) {
  return beside.is_server() ? ScratchSchema::make(beside) : ScratchFile::make(beside);
}

}  // namespace tradeassist::store
