#pragma once

#include <cstdint>

#include "base/config.hpp"
#include "base/result.hpp"

namespace tradeassist::secrets {

/// Puts the secrets in the place of what says where they are:
///   file:PATH         the file, which others may not read
///   credential:NAME   the file of that name in $CREDENTIALS_DIRECTORY (systemd: LoadCredential=)
///   gsm:projects/P/secrets/S/versions/V    Google Secret Manager
/// Whatever has no such mark is the secret itself. All of them are hidden in logs from then on. Errors name the setting
/// and the source, never what was read. Asks the network where there is a `gsm:`.
base::Result<void> resolve(base::Config& config, const base::EnvironmentLookup& environment);

}  // namespace tradeassist::secrets
