#pragma once

#include <filesystem>
#include <memory>

#include "store/database/connection.hpp"

namespace tradeassist::store {

/// Opens a SQLite file, made when it is missing: WAL, synchronous=FULL (one fsync a commit).
base::Result<std::unique_ptr<Connection>> open_sqlite(const std::filesystem::path& file,
                                                      const ConnectionOptions& options = {});

}  // namespace tradeassist::store
