#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pine/compile.hpp"
#include "pine/syntax/header.hpp"

namespace tradeassist::pine {

/// A strategy of the catalogue: its file, what it says of itself, and its program.
struct CatalogueEntry {
  StrategyHeader header;
  std::shared_ptr<const Source> source;
  std::shared_ptr<const Program> program;
};

/// Which strategies are asked for; what is absent asks for all.
struct CatalogueFilter {
  std::optional<std::string> category;
  std::optional<RiskLevel> risk_level;
  std::optional<Complexity> complexity;
  std::optional<std::string> search;  // part of the name or the summary, upper and lower case alike

  bool matches(const StrategyHeader& header) const;
};

/// The strategies of a folder, one .pine file each in a folder per category; by name. Immutable after loading.
class Catalogue {
 public:
  /// Reads and compiles every file. One that does not compile, or has no good header, is an error naming it: a
  /// catalogue is whole or is not served.
  static base::Result<Catalogue> load(const std::filesystem::path& folder, LibraryFinder libraries = {});

  const CatalogueEntry* find(const std::string& name) const;
  const std::map<std::string, CatalogueEntry>& entries() const { return entries_; }

  /// What strategies may import, those of the catalogue and those beside it.
  const LibraryFinder& libraries() const { return libraries_; }

  /// Those that match, by name; they live as long as the catalogue.
  std::vector<const CatalogueEntry*> select(const CatalogueFilter& filter) const;

 private:
  std::map<std::string, CatalogueEntry> entries_;
  LibraryFinder libraries_;
};

/// The .pine files below a folder, by path. kNotFound or kIo with the folder.
base::Result<std::vector<std::filesystem::path>> strategy_files(const std::filesystem::path& folder);

/// A script file as text: at most 2 MiB. kNotFound, kIo or kInvalidArgument with the path.
base::Result<std::string> read_script(const std::filesystem::path& file);

}  // namespace tradeassist::pine
