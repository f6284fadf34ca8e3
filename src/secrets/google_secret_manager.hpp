#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "feed/providers/http_client.hpp"
#include "secrets/service_account.hpp"

namespace tradeassist::secrets {

struct GoogleOptions {
  std::filesystem::path credentials_file;  // of a service account
  std::string url = "https://secretmanager.googleapis.com";
  std::chrono::milliseconds timeout{10'000};  // of one request
  int attempts_max = 4;                       // of one question, where trying again may help
};

/// Secrets of Google Secret Manager, over its REST interface (secretmanager.googleapis.com/v1), as a service account.
/// For one thread. Errors name the secret and what went wrong, never a secret or token.
class GoogleSecretManager {
 public:
  /// Reads the key file.
  static base::Result<GoogleSecretManager> open(const GoogleOptions& options);

  /// Of "projects/P/secrets/S/versions/V", V a number or "latest". kNotFound; kFailedPrecondition: the account may not
  /// read it, or is not accepted; kUnavailable: no answer after all attempts; kDataLoss: the answer is damaged.
  base::Result<std::string> access(std::string_view name);

 private:
  GoogleSecretManager(GoogleOptions options, ServiceAccount account);

  base::Result<std::string> token();
  base::Result<feed::HttpResponse> send(const feed::HttpRequest& request);

  GoogleOptions options_;
  ServiceAccount account_;
  std::unique_ptr<feed::HttpClient> http_;
  std::string token_;
};

}  // namespace tradeassist::secrets
