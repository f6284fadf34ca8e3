#pragma once

#include <limits>
#include <map>
#include <string>
#include <vector>

#include "pine/libraries/library_finder.hpp"
#include "pine/syntax/ast.hpp"
#include "pine/syntax/source.hpp"

namespace tradeassist::pine {

/// One file of a compilation: the script, or a library that it imports, directly or through others.
struct ScriptFile {
  static constexpr std::size_t kNotFound = std::numeric_limits<std::size_t>::max();

  std::string name;  // "User/Name/1"; empty: the script
  ast::Script script;
  bool is_library = false;                     // declared with library()
  std::map<std::string, std::size_t> imports;  // alias to the file's number; kNotFound was reported
};

constexpr std::size_t kLibrariesMax = 64;  // of one compilation

/// Reads the script `source` and every library it leads to, whose texts `source` takes up. The script comes first, then
/// the libraries, each behind those that it imports. Trees are in today's names and without the statements that errors
/// spoil. Empty when the script's version is not supported.
std::vector<ScriptFile> read_script_files(Source& source, const LibraryFinder& libraries, Diagnostics& diagnostics);

}  // namespace tradeassist::pine
