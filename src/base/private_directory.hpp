#pragma once

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace tradeassist::base {

/// Makes the folder where it is not there, for its owner alone (mode 0700), and those above it. One that is there stays
/// as it is.
inline std::error_code make_private_directory(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder.has_filename() ? folder : folder.parent_path();  // "data/" is "data"
  std::error_code error;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
  if (error || ::mkdir(path.c_str(), S_IRWXU) == 0) return error;
  const int why = errno;
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored) ? std::error_code()
                                                      : std::error_code(why, std::generic_category());
}

}  // namespace tradeassist::base
