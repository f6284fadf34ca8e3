#include "app/secrets_folder.hpp"

#include <system_error>

namespace tradeassist::app {

base::Result<std::filesystem::path> secrets_folder(const base::Config& config) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(config.data_directory) / "secrets";
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error) fs::permissions(folder, fs::perms::owner_all, error);
  if (error) return base::failure(base::ErrorCode::kIo, folder.string() + ": cannot be made: " + error.message());
  return folder;
}

}  // namespace tradeassist::app
