#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace tradeassist::store {

/// The machine that a benchmark ran on. What the operating system does not tell is absent.
struct Hardware {
  std::optional<std::string> cpu_model{};
  int cores = 0;  // that this process may use at once
  std::optional<std::int64_t> memory_bytes{};
  std::optional<std::string> file_system{}, disk{};  // "ext4", "/dev/nvme0n1p2": of the data directory
  std::optional<std::string> kernel{};

  bool operator==(const Hardware&) const = default;
};
BOOST_DESCRIBE_STRUCT(Hardware, (), (cpu_model, cores, memory_bytes, file_system, disk, kernel))

/// Reads /proc and uname(2). `directory`: whose file system is told; empty where the data is on a server.
Hardware read_hardware(const std::filesystem::path& directory);

}  // namespace tradeassist::store
