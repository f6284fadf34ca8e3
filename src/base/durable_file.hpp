#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tradeassist::base {

/// Gives a finished temporary its name, in the same folder, so that it is there, whole, after a power cut. kIo.
Result<void> publish(const std::filesystem::path& temporary, const std::filesystem::path& path);

/// Makes what was done to a folder's entries, or to a file's content, survive a power cut. kIo.
Result<void> sync(const std::filesystem::path& path);

/// Writes a file whole or not at all, and so that it survives a power cut. kIo.
Result<void> write_durably(const std::filesystem::path& path, std::string_view text);

/// The whole of a small file. kNotFound, kIo; kResourceExhausted above `bytes_max`.
Result<std::string> read_text(const std::filesystem::path& path, std::size_t bytes_max);

}  // namespace tradeassist::base
