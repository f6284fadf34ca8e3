#include "secrets/secret_source.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "base/hidden_text.hpp"
#include "secrets/google_secret_manager.hpp"
#include "secrets/secret_file.hpp"

namespace tradeassist::secrets {
namespace {

using base::ErrorCode;
using base::failure;

class Sources {
 public:
  Sources(const base::Config& config, const base::EnvironmentLookup& environment)
      : config_(config), environment_(environment) {}

  base::Result<std::string> read(std::string_view reference) {
    const std::size_t colon = reference.find(':');
    const std::string_view kind = reference.substr(0, colon), name = reference.substr(colon + 1);
    if (name.empty()) return failure(ErrorCode::kInvalidArgument, "there is nothing behind the colon");
    if (kind == "file") return read_secret_file(name);
    if (kind == "credential") return read_credential(name);
    return read_google(name);
  }

 private:
  base::Result<std::string> read_credential(std::string_view name) const {
    if (name.find('/') != std::string_view::npos || name == "." || name == "..")
      return failure(ErrorCode::kInvalidArgument, "a credential has a name, not a path");
    const auto folder = environment_("CREDENTIALS_DIRECTORY");
    if (!folder || folder->empty()) {
      return failure(
          ErrorCode::kFailedPrecondition,
          fmt::format("CREDENTIALS_DIRECTORY is not set: systemd sets it for units with LoadCredential={}:…", name));
    }
    return read_secret_file(std::filesystem::path(*folder) / name);
  }

  base::Result<std::string> read_google(std::string_view name) {
    if (!google_) {
      GoogleOptions options;
      options.credentials_file = config_.google_credentials_file;
      if (options.credentials_file.empty())
        options.credentials_file = environment_("GOOGLE_APPLICATION_CREDENTIALS").value_or("");
      options.url = config_.google_secret_manager_url;
      options.timeout = std::chrono::seconds(config_.google_timeout_seconds);
      TRY_ASSIGN(GoogleSecretManager opened, GoogleSecretManager::open(options));
      google_.emplace(std::move(opened));
    }
    return google_->access(name);
  }

  const base::Config& config_;
  const base::EnvironmentLookup& environment_;
  std::optional<GoogleSecretManager> google_;
};

/// Into a header, a URL or a line of a protocol: one line of text.
bool is_one_line(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) { return c >= ' ' && c != 0x7f; });
}

/// Of an address only its password: where something is may be said. A DSN has its key where others have a name.
void hide(const base::SecretSetting& setting, std::string_view value) {
  for (const std::string_view password : base::url_passwords(value)) base::hide_text(password);
  if (setting.is_address) return;
  base::hide_text(value);
  const std::size_t scheme = value.find("://"), at = value.find('@');
  if (scheme != std::string_view::npos && at != std::string_view::npos && scheme + 3 < at)
    base::hide_text(value.substr(scheme + 3, at - scheme - 3));
}

}  // namespace

base::Result<void> resolve(base::Config& config, const base::EnvironmentLookup& environment) {
  Sources sources(config, environment);
  for (const base::SecretSetting& setting : base::secret_settings()) {
    std::string& value = config.*(setting.member);
    if (base::is_secret_reference(value)) {
      const std::string where = fmt::format("{}: {}", setting.name, value);
      auto secret = sources.read(value);
      if (!secret) return base::in_context(where, std::move(secret).error());
      if (!is_one_line(*secret)) {
        OPENSSL_cleanse(secret->data(), secret->size());
        return failure(ErrorCode::kInvalidArgument, where + ": the secret has more than one line, or is no text");
      }
      value = *secret;
      OPENSSL_cleanse(secret->data(), secret->size());
    }
    hide(setting, value);
  }
  return {};
}

}  // namespace tradeassist::secrets
