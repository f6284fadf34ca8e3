#pragma once

#include <memory>
#include <vector>

#include "base/config.hpp"
#include "base/periodic_task.hpp"
#include "store/maintenance.hpp"

namespace tradeassist::app {

/// What maintenance does here. New steps are added to this list.
std::vector<store::MaintenanceStep> maintenance_steps(const base::Config& config);

/// Maintenance in its window, and a warning in the log whenever the free disk changes its state, while it lives.
std::unique_ptr<base::PeriodicTask> start_housekeeping(const base::Config& config);

}  // namespace tradeassist::app
