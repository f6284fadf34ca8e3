#include "pine/libraries/library_finder.hpp"

#include <algorithm>
#include <utility>

#include "pine/catalogue.hpp"

namespace tradeassist::pine {

namespace fs = std::filesystem;

namespace {

/// Letters, digits and `_`: no name leads out of its folder.
bool is_plain_word(const std::string& name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

base::Result<LibraryText> find_library(const std::vector<fs::path>& folders, const LibraryName& library) {
  if (!is_plain_word(library.user) || !is_plain_word(library.name)) {
    return base::failure(
        base::ErrorCode::kInvalidArgument,
        "the library " + to_string(library) + " cannot be a file: its names are letters, digits and _");
  }
  std::string searched;
  for (const fs::path& folder : folders) {
    for (const fs::path& file : {folder / library.user / library.name / (std::to_string(library.version) + ".pine"),
                                 folder / (library.name + ".pine")}) {
      auto text = read_script(file);
      if (text) return LibraryText{file.string(), std::move(*text)};
      if (text.error().code != base::ErrorCode::kNotFound) return std::unexpected(text.error());
      searched += (searched.empty() ? "" : ", ") + file.string();
    }
  }
  return base::failure(base::ErrorCode::kNotFound,
                       "there is no library " + to_string(library) +
                           (searched.empty() ? ": no folder of libraries is known" : "; searched were " + searched));
}

}  // namespace

std::string to_string(const LibraryName& library) {
  return library.user + "/" + library.name + "/" + std::to_string(library.version);
}

LibraryFinder find_in_folders(std::vector<fs::path> folders) {
  return [folders = std::move(folders)](const LibraryName& library) { return find_library(folders, library); };
}

}  // namespace tradeassist::pine
