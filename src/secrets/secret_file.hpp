#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace tradeassist::secrets {

constexpr std::size_t kSecretBytesMax = std::size_t{64} << 10;

/// What a file has, without the line's end at its end. kFailedPrecondition when others than its owner and group may
/// read it, or others than its owner may write it, and how to change that; kNotFound; kInvalidArgument when it is
/// empty, too large or no file.
base::Result<std::string> read_secret_file(const std::filesystem::path& file);

}  // namespace tradeassist::secrets
