#include "app/http_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace tradeassist::app {
namespace {

constexpr std::chrono::seconds kCertificateEvery{5};
constexpr std::chrono::days kCertificateEndsSoon{14};

base::Result<std::pair<std::string, std::uint16_t>> host_and_port(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  std::uint16_t port = 0;
  if (colon != std::string::npos) {
    const char* end = listen.data() + listen.size();
    const auto parsed = std::from_chars(listen.data() + colon + 1, end, port);
    if (parsed.ec == std::errc() && parsed.ptr == end && colon > 0) {
      std::string host = listen.substr(0, colon);
      if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
      return std::pair(host, port);
    }
  }
  return base::failure(base::ErrorCode::kInvalidArgument,
                       "'" + listen + "' is not an address; write HOST:PORT, e.g. 127.0.0.1:8080");
}

/// Without keys the server only speaks to this machine, and only when that was said in so many words. Keys that go in
/// the clear can be read on the way, unless a proxy before the server speaks TLS.
base::Result<void> check_exposure(const base::Config& config, const std::string& host) {
  if (server::is_loopback(host)) return {};
  if (config.authentication == "none") {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "--no-authentication on " + host +
                             " would open the server to everybody; leave it out, or listen on 127.0.0.1 or ::1");
  }
  if (config.tls_certificate.empty() && config.trusted_proxies.empty()) {
    base::log(base::LogLevel::kWarning,
              "API keys go in the clear: set tls_certificate and tls_key, or trusted_proxies behind a proxy with TLS",
              {{"listen", config.listen}});
  }
  return {};
}

/// An origin as browsers send it: "https://desk.example:8443", without a path.
base::Result<std::vector<std::string>> parse_origins(std::string_view text) {
  std::vector<std::string> origins;
  while (!base::trim(text).empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view origin = base::trim(text.substr(0, comma));
    const std::size_t scheme = origin.find("://");
    const bool is_web = origin.starts_with("https://") || origin.starts_with("http://");
    if (!is_web || origin.find_first_of("/ *", scheme + 3) != std::string_view::npos || origin.size() == scheme + 3) {
      return base::failure(base::ErrorCode::kInvalidArgument,
                           fmt::format("cors_origins: '{}' is no origin; write e.g. https://desk.example", origin));
    }
    origins.emplace_back(origin);
    text.remove_prefix(std::min(comma + 1, text.size()));
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
  TRY_ASSIGN(auto address, host_and_port(config.listen));
  TRY(check_exposure(config, address.first));
  http.host = std::move(address.first);
  http.port = address.second;
  http.own_origin_only = config.authentication == "none";
  http.compute_threads = std::max(2, threads);
  http.limits.body_bytes_max = static_cast<std::size_t>(config.max_body_bytes);
  http.limits.connections_max = static_cast<std::size_t>(config.max_connections);
  http.limits.connections_per_address_max = static_cast<std::size_t>(config.max_connections_per_address);
  http.limits.requests_in_work_max = static_cast<std::size_t>(config.max_requests_in_work);
  http.limits.request_time_max = std::chrono::seconds(config.request_timeout_seconds);
  http.limits.write_time_max = http.limits.request_time_max;
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

std::string HttpParts::url(std::uint16_t port) const {
  const bool is_ipv6 = options.host.find(':') != std::string::npos;
  return fmt::format("{}://{}{}{}:{}", options.tls != nullptr ? "https" : "http", is_ipv6 ? "[" : "", options.host,
                     is_ipv6 ? "]" : "", port);
}

}  // namespace tradeassist::app
