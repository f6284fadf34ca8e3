#pragma once

#include <array>
#include <functional>
#include <string_view>

#include "base/result.hpp"
#include "feed/providers/clock.hpp"
#include "feed/providers/provider.hpp"
#include "feed/providers/retry.hpp"

namespace tradeassist::server {

/// A provider of bars, and what stands between it and those who ask. What they point to outlives who was given them.
struct ProviderAccess {
  feed::Provider* provider = nullptr;
  feed::SourceGuard* guard = nullptr;
  feed::Clock* clock = nullptr;
};

/// The providers that this program knows, whether configured or not.
constexpr std::array<std::string_view, 1> kProviderNames = {"schwab"};

/// A provider by its name. kInvalidArgument: there is none of that name (says which there are); kFailedPrecondition: it
/// is not configured (says what to set). May be called from any thread.
using ProviderSource = std::function<base::Result<ProviderAccess>(std::string_view name)>;

}  // namespace tradeassist::server
