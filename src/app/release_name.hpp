#pragma once

#include <string>

namespace tradeassist::app {

/// What the installation that this program lies in is called: the first line of the file `release` in its
/// share/tradeassist, as scripts/install.sh writes it. Empty where there is none.
std::string release_name();

}  // namespace tradeassist::app
