#pragma once

#include <optional>
#include <vector>

#include "base/config.hpp"
#include "base/time.hpp"
#include "store/maintenance.hpp"
#include "store/partitions/partition.hpp"

namespace tradeassist::app {

/// The first instant whose rows the settings keep in the database; nothing where they keep all. The first of a month.
std::optional<base::Time> kept_from(const base::Config& config, store::PartitionKind kind, base::Time now);

/// Makes the partitions of the next two months; archives and then drops the partitions that are wholly older than the
/// settings keep; warns in the log of partitions that are large.
std::vector<store::MaintenanceStep> partition_steps(const base::Config& config);

/// Removes the jobs that ended longer ago than the settings keep.
std::vector<store::MaintenanceStep> job_steps(const base::Config& config);

}  // namespace tradeassist::app
