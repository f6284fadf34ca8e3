#include "store/benchmark/hardware.hpp"

#include <sys/utsname.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string_view>
#include <thread>

namespace tradeassist::store {
namespace {

/// The text after "name   :" of the first such line of a file in /proc.
std::optional<std::string> proc_field(const char* file, std::string_view name) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const std::size_t colon = line.find(':');
    if (!line.starts_with(name) || colon == std::string::npos) continue;
    const std::size_t first = line.find_first_not_of(" \t", colon + 1);
    return first == std::string::npos ? "" : line.substr(first);
  }
  return std::nullopt;
}

std::optional<std::int64_t> memory_bytes() {
  const auto kilobytes = proc_field("/proc/meminfo", "MemTotal");
  if (!kilobytes) return std::nullopt;
  std::int64_t number = 0;
  std::istringstream(*kilobytes) >> number;
  return number > 0 ? std::optional(number * 1'024) : std::nullopt;
}

/// Whether a path is in a folder, or the folder itself.
bool lies_in(std::string_view path, std::string_view folder) {
  if (folder == "/") return true;
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

/// The mount whose folder is the longest that the directory lies in (proc(5): /proc/self/mounts).
void read_mount(const std::filesystem::path& directory, Hardware& hardware) {
  std::error_code error;
  const std::string path = std::filesystem::weakly_canonical(std::filesystem::absolute(directory), error).string();
  if (error) return;
  std::ifstream in("/proc/self/mounts");
  std::size_t longest = 0;
  for (std::string line; std::getline(in, line);) {
    std::istringstream fields(line);
    std::string device, folder, type;
    if (!(fields >> device >> folder >> type) || !lies_in(path, folder) || folder.size() < longest) continue;
    longest = folder.size();
    hardware.disk = device;
    hardware.file_system = type;
  }
}

}  // namespace

Hardware read_hardware(const std::filesystem::path& directory) {
  Hardware hardware;
  hardware.cpu_model = proc_field("/proc/cpuinfo", "model name");
  hardware.cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  hardware.memory_bytes = memory_bytes();
  if (!directory.empty()) read_mount(directory, hardware);
  if (utsname name{}; ::uname(&name) == 0) hardware.kernel = std::string(name.sysname) + " " + name.release;
  return hardware;
}

}  // namespace tradeassist::store
