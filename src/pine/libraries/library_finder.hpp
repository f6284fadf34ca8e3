#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace tradeassist::pine {

/// What an import names: `import User/Name/Version`.
struct LibraryName {
  std::string user, name;
  int version = 0;

  auto operator<=>(const LibraryName&) const = default;
};
std::string to_string(const LibraryName& library);  // "User/Name/1"

/// A library's file: its name for messages and its text.
struct LibraryText {
  std::string file, text;
};

/// Gives the text of a library, or the error that the import is answered with. Empty: there are no libraries.
using LibraryFinder = std::function<base::Result<LibraryText>(const LibraryName&)>;

/// Looks through the folders in their order, in each for `User/Name/Version.pine` and then for `Name.pine`, which
/// serves every publisher and version. Names are plain words, so nothing outside the folders is read. kNotFound lists
/// the places searched.
LibraryFinder find_in_folders(std::vector<std::filesystem::path> folders);

}  // namespace tradeassist::pine
