#include "secrets/google_secret_manager.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cstdint>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "base/base64.hpp"
#include "base/json.hpp"
#include "secrets/secret_file.hpp"

namespace tradeassist::secrets {
namespace {

using base::ErrorCode;
using base::failure;

constexpr const char* kScope = "https://www.googleapis.com/auth/cloud-platform";
constexpr std::size_t kAnswerBytesMax = std::size_t{256} << 10;
constexpr std::chrono::milliseconds kFirstPause{200}, kPauseMax{10'000};

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= 255 && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
           c == '.' || c == ':';
  }) && text.find("..") == std::string_view::npos;
}

/// projects/P/secrets/S/versions/V
bool is_version_name(std::string_view name) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    parts.push_back(name.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts.size() == 6 && parts[0] == "projects" && parts[2] == "secrets" && parts[4] == "versions" &&
         is_word(parts[1]) && is_word(parts[3]) && is_word(parts[5]);
}

bool is_allowed_url(std::string_view url) {
  return url.starts_with("https://") || url.starts_with("http://127.0.0.1:") || url.starts_with("http://localhost:");
}

/// Castagnoli's polynomial, reflected (RFC 3720, appendix B.4).
std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78u : 0u);
  }
  return ~crc;
}

std::string text_of(const boost::json::value& value, std::initializer_list<const char*> path) {
  const boost::json::value* at = &value;
  for (const char* const name : path) {
    const auto* object = at->if_object();
    at = object == nullptr ? nullptr : object->if_contains(name);
    if (at == nullptr) return "";
  }
  return at->is_string() ? std::string(at->as_string()) : "";
}

/// The server's own word for what is wrong: "PERMISSION_DENIED", "invalid_grant". Nothing longer is repeated.
std::string word_of(const feed::HttpResponse& response) {
  const auto body = base::parse_json(response.body);
  if (!body) return "";
  std::string word = text_of(*body, {"error", "status"});
  if (word.empty()) word = text_of(*body, {"error"});
  return is_word(word) && word.size() <= 64 ? " " + word : "";
}

bool is_worth_another_try(int status) { return status == 429 || status == 408 || (status >= 500 && status != 501); }

}  // namespace

GoogleSecretManager::GoogleSecretManager(GoogleOptions options, ServiceAccount account)
    : options_(std::move(options)),
      account_(std::move(account)),
      http_(std::make_unique<feed::HttpClient>(feed::HttpOptions{
          .connect_timeout = options_.timeout, .timeout = options_.timeout, .body_bytes_max = kAnswerBytesMax})) {}

base::Result<GoogleSecretManager> GoogleSecretManager::open(const GoogleOptions& options) {
  if (options.credentials_file.empty()) {
    return failure(ErrorCode::kFailedPrecondition,
                   "no service account: set google_credentials_file, or GOOGLE_APPLICATION_CREDENTIALS");
  }
  if (!is_allowed_url(options.url))
    return failure(ErrorCode::kInvalidArgument, "google_secret_manager_url must begin with https://");
  TRY_ASSIGN(std::string text, read_secret_file(options.credentials_file));
  auto account = parse_service_account(text);
  OPENSSL_cleanse(text.data(), text.size());
  if (!account) return base::in_context(options.credentials_file.string(), std::move(account).error());
  if (!is_allowed_url(account->token_uri)) {
    return failure(ErrorCode::kInvalidArgument,
                   options.credentials_file.string() + ": token_uri must begin with https://");
  }
  return GoogleSecretManager(options, std::move(*account));
}

base::Result<feed::HttpResponse> GoogleSecretManager::send(const feed::HttpRequest& request) {
  std::chrono::milliseconds pause = kFirstPause;
  for (int attempt = 1;; ++attempt) {
    auto response = http_->send(request, std::stop_token());
    const bool is_last = attempt >= options_.attempts_max;
    if (response && !is_worth_another_try(response->status)) return response;
    if (!response && (response.error().code != ErrorCode::kUnavailable || is_last)) {
      return base::in_context(fmt::format("attempt {}", attempt), std::move(response).error());
    }
    if (is_last) {
      return failure(ErrorCode::kUnavailable, fmt::format("{}: {}{} after {} attempts", request.url, response->status,
                                                          word_of(*response), attempt));
    }
    std::chrono::milliseconds wait = pause;
    if (response) {
      if (const auto asked = response->retry_after(base::now())) {
        wait = std::chrono::ceil<std::chrono::milliseconds>(*asked);
        if (wait > kPauseMax) {
          return failure(ErrorCode::kUnavailable,
                         fmt::format("{}: {}{}; it asks to wait {} s", request.url, response->status,
                                     word_of(*response), wait.count() / 1'000));
        }
      }
    }
    std::this_thread::sleep_for(std::min(wait, kPauseMax));
    pause *= 2;
  }
}

base::Result<std::string> GoogleSecretManager::token() {
  if (!token_.empty()) return token_;
  TRY_ASSIGN(std::string assertion, signed_assertion(account_, kScope, base::now()));
  feed::HttpRequest request{.url = account_.token_uri};
  request.form =
      feed::form_encoded({{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}, {"assertion", assertion}});
  auto response = send(request);
  OPENSSL_cleanse(assertion.data(), assertion.size());
  OPENSSL_cleanse(request.form->data(), request.form->size());
  if (!response) return std::unexpected(std::move(response).error());
  const auto body = base::parse_json(response->body);
  std::string granted = body ? text_of(*body, {"access_token"}) : "";
  if (response->status != 200 || granted.empty()) {
    return failure(
        ErrorCode::kFailedPrecondition,
        fmt::format("{}: the service account {} is not accepted: {}{}; is the key in {} still valid, and the "
                    "clock right?",
                    account_.token_uri, account_.client_email, response->status, word_of(*response),
                    options_.credentials_file.string()));
  }
  token_ = std::move(granted);
  return token_;
}

base::Result<std::string> GoogleSecretManager::access(std::string_view name) {
  if (!is_version_name(name))
    return failure(ErrorCode::kInvalidArgument, "must be gsm:projects/P/secrets/S/versions/V");
  TRY_ASSIGN(const std::string bearer, token());
  feed::HttpRequest request{.url = fmt::format("{}/v1/{}:access", options_.url, name)};
  request.headers = {{"Authorization", "Bearer " + bearer}};
  TRY_ASSIGN(feed::HttpResponse response, send(request));
  const auto refuse = [&](ErrorCode code, std::string_view why) {
    return failure(code, fmt::format("{}: {}{} as {}", why, response.status, word_of(response), account_.client_email));
  };
  if (response.status == 404) return refuse(ErrorCode::kNotFound, "there is no such secret or version");
  if (response.status == 401 || response.status == 403) {
    return refuse(ErrorCode::kFailedPrecondition,
                  "the service account may not read it; it needs roles/secretmanager.secretAccessor");
  }
  if (response.status != 200) return refuse(ErrorCode::kFailedPrecondition, "Google Secret Manager refuses");
  const auto body = base::parse_json(response.body);
  std::string data = body ? text_of(*body, {"payload", "data"}) : "";
  auto secret = base::from_base64(data);
  OPENSSL_cleanse(data.data(), data.size());
  OPENSSL_cleanse(response.body.data(), response.body.size());
  if (!secret || secret->empty()) return failure(ErrorCode::kDataLoss, "the answer has no secret");
  const std::string sum = text_of(*body, {"payload", "dataCrc32c"});
  if (!sum.empty() && sum != std::to_string(crc32c(*secret)))
    return failure(ErrorCode::kDataLoss, "the secret was damaged on its way (CRC-32C)");
  return std::move(*secret);
}

}  // namespace tradeassist::secrets
