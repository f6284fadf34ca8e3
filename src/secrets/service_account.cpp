#include "secrets/service_account.hpp"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <boost/json.hpp>
#include <memory>

#include "base/base64.hpp"
#include "base/json.hpp"

namespace tradeassist::secrets {
namespace {

constexpr std::int64_t kLifeSeconds = 3'600;  // the longest that Google takes

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;

int no_passphrase(char*, int, int, void*) { return -1; }

base::Result<std::string> rs256(const std::string& pem, std::string_view text) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const Key key(bio == nullptr ? nullptr : PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  if (key == nullptr || EVP_PKEY_base_id(key.get()) != EVP_PKEY_RSA) {
    ERR_clear_error();
    return base::failure(base::ErrorCode::kInvalidArgument, "private_key is no RSA key (PEM, without a passphrase)");
  }
  const Digest digest(EVP_MD_CTX_new());
  std::size_t bytes = 0;
  const auto* data = reinterpret_cast<const unsigned char*>(text.data());
  std::string signature;
  if (digest == nullptr || EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
      EVP_DigestSign(digest.get(), nullptr, &bytes, data, text.size()) != 1) {
    return base::failure(base::ErrorCode::kInternal, "OpenSSL could not sign");
  }
  signature.resize(bytes);
  if (EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(signature.data()), &bytes, data, text.size()) != 1)
    return base::failure(base::ErrorCode::kInternal, "OpenSSL could not sign");
  signature.resize(bytes);
  return signature;
}

}  // namespace

ServiceAccount::~ServiceAccount() { OPENSSL_cleanse(private_key.data(), private_key.size()); }

base::Result<ServiceAccount> parse_service_account(std::string_view text) {
  const auto parsed = base::parse_json(text);
  if (!parsed || !parsed->is_object()) {
    return base::failure(base::ErrorCode::kInvalidArgument, "is not the JSON key file of a service account");
  }
  const auto field = [&](const char* name) -> std::string {
    const auto* value = parsed->as_object().if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
  };
  ServiceAccount account;
  account.client_email = field("client_email");
  account.private_key = field("private_key");
  account.private_key_id = field("private_key_id");
  account.token_uri = field("token_uri");
  if (account.token_uri.empty()) account.token_uri = "https://oauth2.googleapis.com/token";
  if (field("type") != "service_account" || account.client_email.empty() || account.private_key.empty()) {
    return base::failure(
        base::ErrorCode::kInvalidArgument,
        "is not the key file of a service account: it needs \"type\": \"service_account\", client_email "
        "and private_key");
  }
  return account;
}

base::Result<std::string> signed_assertion(const ServiceAccount& account, std::string_view scope, base::Time now) {
  const std::int64_t seconds = base::to_milliseconds(now) / 1'000;
  boost::json::object header{{"alg", "RS256"}, {"typ", "JWT"}};
  if (!account.private_key_id.empty()) header["kid"] = account.private_key_id;
  const boost::json::object claims{{"iss", account.client_email},
                                   {"scope", scope},
                                   {"aud", account.token_uri},
                                   {"iat", seconds},
                                   {"exp", seconds + kLifeSeconds}};
  const std::string text =
      base::to_base64url(base::json_text(header)) + "." + base::to_base64url(base::json_text(claims));
  TRY_ASSIGN(const std::string signature, rs256(account.private_key, text));
  return text + "." + base::to_base64url(signature);
}

}  // namespace tradeassist::secrets
