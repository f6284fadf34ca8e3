#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "store/database/connection.hpp"

namespace tradeassist::store {

/// Connects to a PostgreSQL server (libpq, binary protocol, prepared statements) with `schema` as its search path.
/// Waits for a server that does not answer yet, with growing pauses, up to outage_timeout.
base::Result<std::unique_ptr<Connection>> open_postgres(const std::string& url, const std::string& schema,
                                                        const ConnectionOptions& options = {});

/// kInvalidArgument when libpq cannot read the URL.
base::Result<void> check_postgres_url(const std::string& url);

}  // namespace tradeassist::store
