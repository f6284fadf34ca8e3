#include "app/schwab_parts.hpp"

#include <filesystem>
#include <optional>
#include <random>
#include <string>
#include <utility>

#include "app/secrets_folder.hpp"

namespace tradeassist::app {

SchwabParts::SchwabParts(feed::SchwabOptions options, feed::TokenStore tokens, const feed::SourceLimits& limits)
    : session(std::move(options), std::move(tokens), clock), history(session), guard(clock, limits) {}

base::Result<std::unique_ptr<SchwabParts>> SchwabParts::make(const base::Config& config) {
  const std::string& url = config.schwab_base_url;
  const bool is_local = url.starts_with("http://127.0.0.1:") || url.starts_with("http://localhost:");
  if (!url.starts_with("https://") && !is_local)
    return base::failure(base::ErrorCode::kInvalidArgument, "schwab_base_url must begin with https://");
  TRY_ASSIGN(const std::filesystem::path folder, secrets_folder(config));
  const auto key = config.secret_key.empty() ? std::nullopt : std::optional(config.secret_key);
  TRY_ASSIGN(feed::TokenStore tokens, feed::TokenStore::open(folder, key));
  feed::SourceLimits limits;
  limits.requests_per_minute = static_cast<int>(config.schwab_requests_per_minute);
  limits.retry.seed = std::random_device()();  // pauses of several processes must differ; nothing depends on them
  feed::SchwabOptions options{
      .key = config.schwab_key, .secret = config.schwab_secret, .callback = config.schwab_callback, .base_url = url};
  return std::unique_ptr<SchwabParts>(new SchwabParts(std::move(options), std::move(tokens), limits));
}

server::ProviderSource provider_source(SchwabParts* schwab) {
  return [schwab](std::string_view name) -> base::Result<server::ProviderAccess> {
    if (name != "schwab") {
      return base::failure(base::ErrorCode::kInvalidArgument, "there is no provider of that name; there is: schwab");
    }
    if (schwab == nullptr) {
      return base::failure(base::ErrorCode::kFailedPrecondition,
                           "Schwab is not configured: set schwab_key and schwab_secret, start the server again, and "
                           "log in with `tradeassist schwab login`");
    }
    return server::ProviderAccess{&schwab->history, &schwab->guard, &schwab->clock};
  };
}

}  // namespace tradeassist::app
