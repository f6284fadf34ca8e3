#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace tradeassist::feed {

constexpr std::int64_t kWholeFileBytesMax = std::int64_t{1} << 30;

/// The text of a file, unpacked where it is gzip. kNotFound when it cannot be read; kInvalidArgument when it is damaged
/// or not text; kResourceExhausted when it has, unpacked, more than `bytes_max`.
base::Result<std::string> read_whole_text(const std::filesystem::path& path,
                                          std::int64_t bytes_max = kWholeFileBytesMax);

}  // namespace tradeassist::feed
