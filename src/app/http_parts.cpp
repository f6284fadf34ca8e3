#include "app/http_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/listen_address.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace tradeassist::app {
namespace {

constexpr std::chrono::seconds kCertificateEvery{5};
constexpr int kUploadsMax = 4;
constexpr std::chrono::days kCertificateEndsSoon{14};

/// Keys that go in the clear can be read on the way, unless a proxy before the server speaks TLS.
void warn_of_exposure(const base::Config& config, const std::string& host) {
  if (server::is_loopback(host) || !config.tls_certificate.empty() || !config.trusted_proxies.empty()) return;
  base::log(base::LogLevel::kWarning,
            "API keys go in the clear: set tls_certificate and tls_key, or trusted_proxies behind a proxy with TLS",
            {{"listen", config.listen}});
}

/// An origin as browsers send it: "https://desk.example:8443", without a path.
base::Result<std::vector<std::string>> parse_origins(std::string_view text) {
  std::vector<std::string> origins;
  while (!base::trim(text).empty()) {
    const std::string_view origin = base::take_until(text, ',');
    const std::size_t scheme = origin.find("://");
    const bool is_web = origin.starts_with("https://") || origin.starts_with("http://");
    if (!is_web || origin.find_first_of("/ *", scheme + 3) != std::string_view::npos || origin.size() == scheme + 3) {
      return base::failure(base::ErrorCode::kInvalidArgument,
                           fmt::format("cors_origins: '{}' is no origin; write e.g. https://desk.example", origin));
    }
    origins.emplace_back(origin);
  }
  return origins;
}

void warn_of_its_end(const server::TlsCertificate& certificate) {
  if (certificate.valid_until() > base::now() + kCertificateEndsSoon) return;
  base::log(base::LogLevel::kWarning, "the TLS certificate ends soon, or has ended",
            {{"valid_until", base::format_time(certificate.valid_until())}});
}

void take_new_files(server::TlsCertificate& certificate) {
  if (!certificate.has_changed()) return;
  if (const auto taken = certificate.reload(); !taken) {
    base::log(base::LogLevel::kError, "a new TLS certificate cannot be used; the one before it stays",
              {{"reason", taken.error().message}});
    return;
  }
  base::log(base::LogLevel::kInfo, "took a new TLS certificate",
            {{"valid_until", base::format_time(certificate.valid_until())}});
  warn_of_its_end(certificate);
}

}  // namespace

base::Result<HttpParts> HttpParts::make(const base::Config& config, int threads) {
  HttpParts parts;
  server::HttpOptions& http = parts.options;
  TRY_ASSIGN(const ListenAddress address, listen_address(config));
  warn_of_exposure(config, address.host);
  http.host = address.host;
  http.port = address.port;
  http.own_origin_only = config.authentication == "none";
  http.compute_threads = std::max(2, threads);
  http.limits.body_bytes_max = static_cast<std::size_t>(config.max_body_bytes);
  http.limits.connections_max = static_cast<std::size_t>(config.max_connections);
  http.limits.connections_per_address_max = static_cast<std::size_t>(config.max_connections_per_address);
  http.limits.requests_in_work_max = static_cast<std::size_t>(config.max_requests_in_work);
  http.limits.request_time_max = std::chrono::seconds(config.request_timeout_seconds);
  http.limits.write_time_max = http.limits.request_time_max;
  // While a large file is imported it has a thread and memory of its size: others have the other half.
  http.large_bodies.paths = {"/api/v1/import", "/api/v1/import/preview"};
  http.large_bodies.bytes_max = static_cast<std::size_t>(config.max_import_bytes);
  http.large_bodies.at_once_max = static_cast<std::size_t>(std::clamp(http.compute_threads / 2, 1, kUploadsMax));
  http.large_bodies.advice =
      "Import the file on the server's machine with `tradeassist import`, in parts, or raise max_import_bytes.";
  TRY_ASSIGN(http.trusted_proxies, server::parse_address_blocks(config.trusted_proxies));
  TRY_ASSIGN(http.allowed_origins, parse_origins(config.cors_origins));
  if (config.tls_certificate.empty() != config.tls_key.empty()) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "tls_certificate and tls_key belong together: set both, or neither");
  }
  if (!config.tls_certificate.empty()) {
    TRY_ASSIGN(parts.certificate,
               server::TlsCertificate::load({config.tls_certificate, config.tls_key, config.tls_key_passphrase}));
    http.tls = parts.certificate.get();
    warn_of_its_end(*parts.certificate);
    parts.certificate_keeper = std::make_unique<base::PeriodicTask>(
        kCertificateEvery,
        [certificate = parts.certificate.get()](const std::stop_token&) { take_new_files(*certificate); });
  }
  return parts;
}

void HttpParts::reload() const {
  if (certificate != nullptr) take_new_files(*certificate);
}

}  // namespace tradeassist::app
