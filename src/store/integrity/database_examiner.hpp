#pragma once

#include <cstddef>

#include "store/database/connection.hpp"
#include "store/integrity/doctor.hpp"

namespace tradeassist::store {

/// The database's own checks. SQLite: that its file is sound, and its foreign keys. PostgreSQL, which checks its pages
/// as it reads them: constraints that were never checked, and indexes that were never completed.
base::Result<void> examine_database(Connection& connection, std::size_t findings_max, Examination& examination);

}  // namespace tradeassist::store
