#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/metrics.hpp"
#include "base/time.hpp"

namespace tradeassist::base {

/// What the system tells of this process; what it does not tell is absent.
struct ProcessStatus {
  std::optional<double> cpu_seconds;  // user and system, since its start
  std::optional<std::int64_t> resident_bytes, virtual_bytes;
  std::optional<std::int64_t> threads;
  std::optional<std::int64_t> open_files, open_files_max;
  std::optional<Time> started_at;
};

/// Reads /proc; some tens of microseconds.
ProcessStatus read_process_status();

/// Files with the bounds of memory of a process whose /proc/PID/cgroup is this (cgroups(7)): of its group and of those
/// that this is in.
std::vector<std::string> memory_limit_files(const std::string& groups);

/// Memory that this process may use: of its control groups where they have a bound, else of the machine.
std::optional<std::int64_t> memory_limit_bytes();

/// Whether the kernel's clock is kept by somebody (NTP), and how far off it may be, in seconds. Nothing where the
/// system does not tell.
struct ClockStatus {
  bool is_synchronised = false;
  double error_max_seconds = 0;
};
std::optional<ClockStatus> read_clock_status();

void collect_process(MetricSink& sink);

}  // namespace tradeassist::base
