#pragma once

#include <filesystem>

#include "base/config.hpp"
#include "base/result.hpp"

namespace tradeassist::app {

/// The folder `secrets` of the data directory, made where it is missing; only its owner may enter it.
base::Result<std::filesystem::path> secrets_folder(const base::Config& config);

}  // namespace tradeassist::app
