#include "interchange/duckdb/library.hpp"

#include <dlfcn.h>

#include <string>

namespace tradeassist::interchange {
namespace {

base::Result<DuckdbLibrary> load() {
  const auto refuse = [](std::string what) {
    return base::failure(base::ErrorCode::kFailedPrecondition,
                         "DuckDB cannot be loaded: " + what +
                             "; put libduckdb.so beside the program, or run ./run, which installs it for this build");
  };
  // Found through the program's run path (beside it, then where the build found it) and the system's.
  void* const library = ::dlopen("libduckdb.so", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return refuse(::dlerror());
  DuckdbLibrary functions;
#define TRADEASSIST_DUCKDB_LOOK_UP(name)                                                          \
  functions.name = reinterpret_cast<decltype(functions.name)>(::dlsym(library, "duckdb_" #name)); \
  if (functions.name == nullptr) return refuse("it has no function duckdb_" #name);
  TRADEASSIST_DUCKDB_FUNCTIONS(TRADEASSIST_DUCKDB_LOOK_UP)
#undef TRADEASSIST_DUCKDB_LOOK_UP
  return functions;
}

}  // namespace

base::Result<const DuckdbLibrary*> duckdb_library() {
  static const base::Result<DuckdbLibrary> loaded = load();
  if (!loaded) return std::unexpected(loaded.error());
  return &*loaded;
}

}  // namespace tradeassist::interchange
