#pragma once

#include <functional>
#include <optional>
#include <string>

#include "feed/ingest.hpp"
#include "notify/event.hpp"
#include "store/partitions/partition.hpp"

namespace tradeassist::server {

/// data.imported.
notify::Event import_event(const feed::ImportReport& report);

/// What is said of an import whose oldest rows are older than what the settings keep; `kept_from` gives the first
/// instant that they keep.
std::optional<std::string> retention_note(
    const feed::ImportReport& report, const std::function<std::optional<base::Time>(store::PartitionKind)>& kept_from);

}  // namespace tradeassist::server
