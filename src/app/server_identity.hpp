#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tradeassist::app {

/// The name of the server of a data directory, the same at every start: "desk-3f9c01d2a7b45e60", the machine's name
/// when it first started and 64 random bits. Kept in the file server_id there. Call while the folder's lock is held.
base::Result<std::string> server_identity(const std::filesystem::path& data_directory);

/// A name that no other process has, for one that works beside a server: "desk-mcp-3f9c01d2a7b45e60".
base::Result<std::string> process_identity(std::string_view role);

/// What a machine is called: letters, digits, - and . only, or "server".
std::string machine_name();

/// Whether text may be the name of a server or worker: 1 to 80 letters, digits, - and .
bool is_process_name(const std::string& text);

}  // namespace tradeassist::app
