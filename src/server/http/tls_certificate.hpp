#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"

namespace tradeassist::server {

/// Where a server's certificate lies, as PEM.
struct TlsFiles {
  std::string certificate;  // its own first, then those that it was signed with
  std::string key;
  std::string passphrase;  // of the key; empty: it has none
};

/// What a server proves with whose it is (TLS 1.2 and 1.3, forward secrecy only). It may be exchanged while
/// connections use it: they keep what they began with. Every method may be called from any thread.
class TlsCertificate {
 public:
  /// kInvalidArgument with the file when one cannot be read, is no PEM, or the key is not that of the certificate.
  static base::Result<std::unique_ptr<TlsCertificate>> load(TlsFiles files);

  std::shared_ptr<boost::asio::ssl::context> context() const;
  base::Time valid_until() const;

  /// Takes what the files hold now. When they cannot be used, what was loaded before stays.
  base::Result<void> reload();
  /// Whether a file was written since it was loaded.
  bool has_changed() const;

 private:
  struct Loaded {
    std::shared_ptr<boost::asio::ssl::context> context;
    base::Time valid_until;
    std::string stamp;  // of the files
  };
  explicit TlsCertificate(TlsFiles files) : files_(std::move(files)) {}
  static base::Result<Loaded> read(const TlsFiles& files);

  const TlsFiles files_;
  mutable std::mutex mutex_;
  Loaded loaded_;
};

}  // namespace tradeassist::server
