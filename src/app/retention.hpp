#pragma once

#include <vector>

#include "base/config.hpp"
#include "store/maintenance.hpp"

namespace tradeassist::app {

/// Makes the partitions of the next two months; archives and then drops the partitions of bars that are wholly older
/// than the settings keep; warns in the log of partitions that are large.
std::vector<store::MaintenanceStep> partition_steps(const base::Config& config);

}  // namespace tradeassist::app
