#include "server/http/tls_certificate.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <ctime>
#include <filesystem>

namespace tradeassist::server {
namespace {

namespace ssl = boost::asio::ssl;

/// The suites of TLS 1.2 that keep what was said secret when the key is lost later (RFC 9325, section 4.2); all of
/// TLS 1.3 do.
constexpr const char* kCipherSuites =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

/// Agrees on HTTP/1.1, the one protocol there is, with clients that ask (RFC 7301).
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
  static constexpr unsigned char kHttp11[] = "\x08http/1.1";
  unsigned char* found = nullptr;
  const int result = SSL_select_next_proto(&found, chosen_size, kHttp11, sizeof kHttp11 - 1, offered, offered_size);
  *chosen = found;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

std::string stamp_of(const TlsFiles& files) {
  std::string stamp;
  for (const std::string& file : {files.certificate, files.key}) {
    std::error_code error;
    const auto written = std::filesystem::last_write_time(file, error);
    stamp += error ? "-" : fmt::format("{} ", written.time_since_epoch().count());
  }
  return stamp;
}

base::Time end_of(const X509* certificate) {
  std::tm end{};
  if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1) return {};
  return base::Time(std::chrono::seconds(timegm(&end)));
}

std::unexpected<base::Error> unusable(const std::string& file, const std::string& why) {
  return base::failure(base::ErrorCode::kInvalidArgument, file + ": " + why);
}

}  // namespace

base::Result<TlsCertificate::Loaded> TlsCertificate::read(const TlsFiles& files) {
  Loaded loaded{std::make_shared<ssl::context>(ssl::context::tls_server), {}, stamp_of(files)};
  ssl::context& context = *loaded.context;
  SSL_CTX* const native = context.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(native, kCipherSuites);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                  SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
  boost::system::error_code error;
  context.set_password_callback([&files](std::size_t, ssl::context::password_purpose) { return files.passphrase; },
                                error);
  context.use_certificate_chain_file(files.certificate, error);
  if (error) return unusable(files.certificate, "cannot be used as a certificate: " + error.message());
  context.use_private_key_file(files.key, ssl::context::pem, error);
  if (error) return unusable(files.key, "cannot be used as the key of " + files.certificate + ": " + error.message());
  if (SSL_CTX_check_private_key(native) != 1) return unusable(files.key, "is not the key of " + files.certificate);
  context.set_password_callback([](std::size_t, ssl::context::password_purpose) { return std::string(); }, error);
  loaded.valid_until = end_of(SSL_CTX_get0_certificate(native));
  return loaded;
}

base::Result<std::unique_ptr<TlsCertificate>> TlsCertificate::load(TlsFiles files) {
  std::unique_ptr<TlsCertificate> certificate(new TlsCertificate(std::move(files)));
  TRY(certificate->reload());
  return certificate;
}

base::Result<void> TlsCertificate::reload() {
  auto read_now = read(files_);
  const std::lock_guard lock(mutex_);
  if (!read_now) {
    if (loaded_.context) loaded_.stamp = stamp_of(files_);  // not again before they change
    return std::unexpected(read_now.error());
  }
  loaded_ = std::move(*read_now);
  return {};
}

bool TlsCertificate::has_changed() const {
  const std::lock_guard lock(mutex_);
  return stamp_of(files_) != loaded_.stamp;
}

std::shared_ptr<ssl::context> TlsCertificate::context() const {
  const std::lock_guard lock(mutex_);
  return loaded_.context;
}

base::Time TlsCertificate::valid_until() const {
  const std::lock_guard lock(mutex_);
  return loaded_.valid_until;
}

}  // namespace tradeassist::server
