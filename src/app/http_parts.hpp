#pragma once

#include <memory>

#include "base/config.hpp"
#include "base/periodic_task.hpp"
#include "base/result.hpp"
#include "server/http/tls_certificate.hpp"
#include "server/http_server.hpp"

namespace tradeassist::app {

/// How the server is reached, as configured: its address, its bounds, its certificate.
struct HttpParts {
  server::HttpOptions options;                             // refers to the certificate
  std::unique_ptr<server::TlsCertificate> certificate;     // none where the server speaks in the clear
  std::unique_ptr<base::PeriodicTask> certificate_keeper;  // takes new files as they come

  /// kInvalidArgument where settings do not go together, as a certificate without its key. Logs what is allowed but
  /// unsafe.
  static base::Result<HttpParts> make(const base::Config& config, int threads);

  /// Takes a new certificate now.
  void reload() const;
};

}  // namespace tradeassist::app
