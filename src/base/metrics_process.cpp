#include "base/metrics_process.hpp"

#include <sys/resource.h>
#include <sys/timex.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace tradeassist::base {
namespace {

std::optional<std::string> first_line(const char* file) {
  std::ifstream stream(file);
  std::string line;
  if (!std::getline(stream, line)) return std::nullopt;
  return line;
}

std::optional<std::int64_t> whole(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end == text.data()) return std::nullopt;
  return value;
}

/// Seconds since 1970 when the machine was started.
std::optional<std::int64_t> boot_time() {
  std::ifstream stream("/proc/stat");
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("btime ")) return whole(line.substr(6));
  }
  return std::nullopt;
}

}  // namespace

ProcessStatus read_process_status() {
  ProcessStatus status;
  // proc(5): after the name in brackets come the fields from 3 on.
  if (const auto line = first_line("/proc/self/stat")) {
    std::istringstream rest(line->substr(std::min(line->rfind(')') + 2, line->size())));
    const std::vector<std::string> fields{std::istream_iterator<std::string>(rest), {}};
    const auto field = [&](std::size_t number) {
      return number - 3 < fields.size() ? whole(fields[number - 3]) : std::nullopt;
    };
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    const auto user = field(14), system = field(15), started = field(22), pages = field(24);
    if (user && system) status.cpu_seconds = static_cast<double>(*user + *system) / ticks;
    status.threads = field(20);
    status.virtual_bytes = field(23);
    if (pages) status.resident_bytes = *pages * ::sysconf(_SC_PAGESIZE);
    if (const auto boot = boot_time(); boot && started) {
      const auto after = std::chrono::duration<double>(static_cast<double>(*started) / ticks);
      status.started_at = time_from_nanoseconds(*boot * 1'000'000'000) + std::chrono::duration_cast<Nanoseconds>(after);
    }
  }
  std::error_code error;
  std::filesystem::directory_iterator files("/proc/self/fd", error);
  if (!error) status.open_files = std::distance(std::filesystem::begin(files), std::filesystem::end(files)) - 1;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
    status.open_files_max = static_cast<std::int64_t>(limit.rlim_cur);
  return status;
}

std::optional<std::int64_t> memory_limit_bytes() {
  std::optional<std::int64_t> limit;
  const long pages = ::sysconf(_SC_PHYS_PAGES), size = ::sysconf(_SC_PAGESIZE);
  if (pages > 0 && size > 0) limit = static_cast<std::int64_t>(pages) * size;
  for (const char* file : {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    const auto line = first_line(file);
    const auto bound = line ? whole(*line) : std::nullopt;  // "max" is no number
    if (bound && *bound > 0 && (!limit || *bound < *limit)) limit = bound;
  }
  return limit;
}

std::optional<ClockStatus> read_clock_status() {
  timex status{};  // no modes: it is only read
  const int state = ::adjtimex(&status);
  if (state < 0) return std::nullopt;
  return ClockStatus{state != TIME_ERROR && (status.status & STA_UNSYNC) == 0,
                     static_cast<double>(status.maxerror) / 1e6};
}

void collect_process(MetricSink& sink) {
  const ProcessStatus status = read_process_status();
  if (status.cpu_seconds) {
    sink.counter("tradeassist_process_cpu_seconds_total", "Processor time that the process used, in seconds.",
                 *status.cpu_seconds);
  }
  const auto gauge = [&](const char* name, const char* help, const std::optional<std::int64_t>& value) {
    if (value) sink.gauge(name, help, static_cast<double>(*value));
  };
  gauge("tradeassist_process_resident_memory_bytes", "Memory of the process that is in use.", status.resident_bytes);
  gauge("tradeassist_process_virtual_memory_bytes", "Address space of the process.", status.virtual_bytes);
  gauge("tradeassist_process_memory_limit_bytes", "Memory that the process may use: of its control group or machine.",
        memory_limit_bytes());
  gauge("tradeassist_process_threads", "Threads of the process.", status.threads);
  gauge("tradeassist_process_open_files", "File descriptors that are open.", status.open_files);
  gauge("tradeassist_process_open_files_max", "File descriptors that may be open.", status.open_files_max);
  if (status.started_at) {
    sink.gauge("tradeassist_process_start_time_seconds", "When the process started, in seconds since 1970.",
               std::chrono::duration<double>(status.started_at->time_since_epoch()).count());
    sink.gauge("tradeassist_uptime_seconds", "How long the process has been running.",
               std::chrono::duration<double>(now() - *status.started_at).count());
  }
}

}  // namespace tradeassist::base
