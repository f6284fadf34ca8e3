#pragma once

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace tradeassist::base {

/// Makes the folder where it is not there, for its owner alone (mode 0700), and those above it. One that is there stays
/// as it is.
inline std::error_code make_private_directory(const std::filesystem::path& folder) {
  std::error_code error;
  if (folder.has_parent_path()) std::filesystem::create_directories(folder.parent_path(), error);
  if (!error && ::mkdir(folder.c_str(), S_IRWXU) != 0 && !std::filesystem::is_directory(folder, error) && !error)
    error = std::error_code(EEXIST, std::generic_category());
  return error;
}

}  // namespace tradeassist::base
