#include "base/metrics_process.hpp"

#include <sys/resource.h>
#include <sys/timex.h>
#include <time.h>
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

/// When something was, that was so long after the machine's start. Not from /proc/stat, which a service that sees
/// processes alone (ProcSubset=pid) does not have.
Time time_after_boot(std::chrono::duration<double> after) {
  timespec up{};
  ::clock_gettime(CLOCK_BOOTTIME, &up);
  const auto ago = std::chrono::seconds(up.tv_sec) + std::chrono::nanoseconds(up.tv_nsec) - after;
  return now() - std::chrono::duration_cast<Nanoseconds>(ago);
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
    if (started) {
      // Once: it must not seem to start again when the clock is set.
      static const Time kStartedAt =
          time_after_boot(std::chrono::duration<double>(static_cast<double>(*started) / ticks));
      status.started_at = kStartedAt;
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

std::vector<std::string> memory_limit_files(const std::string& groups) {
  std::vector<std::string> files;
  std::istringstream lines(groups);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const bool is_unified = controllers == ",,";
    if (!is_unified && controllers.find(",memory,") == std::string::npos) continue;
    const std::string folder = is_unified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
    const char* name = is_unified ? "/memory.max" : "/memory.limit_in_bytes";
    for (std::string path = line.substr(second + 1); path.starts_with('/'); path.erase(path.rfind('/'))) {
      if (path != "/") files.push_back(folder + path + name);
    }
    files.push_back(folder + name);
  }
  return files;
}

std::optional<std::int64_t> memory_limit_bytes() {
  std::optional<std::int64_t> limit;
  const long pages = ::sysconf(_SC_PHYS_PAGES), size = ::sysconf(_SC_PAGESIZE);
  if (pages > 0 && size > 0) limit = static_cast<std::int64_t>(pages) * size;
  std::ifstream groups("/proc/self/cgroup");
  for (const std::string& file : memory_limit_files({std::istreambuf_iterator<char>(groups), {}})) {
    const auto line = first_line(file.c_str());
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
