#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tradeassist::interchange {

/// Gives a finished temporary its name, in the same folder, so that it is there, whole, after a power cut. kIo.
base::Result<void> publish(const std::filesystem::path& temporary, const std::filesystem::path& path);

/// Writes a file whole or not at all, and so that it survives a power cut. kIo.
base::Result<void> write_durably(const std::filesystem::path& path, std::string_view text);

/// The whole of a small file. kNotFound, kIo; kResourceExhausted above `bytes_max`.
base::Result<std::string> read_text(const std::filesystem::path& path, std::size_t bytes_max);

/// SHA-256 in hexadecimal, of a text and of a file's bytes.
base::Result<std::string> sha256_of_text(std::string_view text);
base::Result<std::string> sha256_of_file(const std::filesystem::path& path);

}  // namespace tradeassist::interchange
