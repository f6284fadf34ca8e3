#include "secrets/service_account.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <boost/json.hpp>
#include <memory>

#include "base/base64.hpp"
#include "base/json.hpp"

namespace tradeassist::secrets {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

std::string pem_of(EVP_PKEY* key) {
  BIO* const bio = BIO_new(BIO_s_mem());
  EXPECT_EQ(PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr), 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string pem(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return pem;
}

std::string from_base64url(std::string text) {
  std::ranges::replace(text, '-', '+');
  std::ranges::replace(text, '_', '/');
  text.append((4 - text.size() % 4) % 4, '=');
  return base::from_base64(text).value_or("");
}

bool verifies(EVP_PKEY* key, const std::string& jwt) {
  const std::size_t dot = jwt.rfind('.');
  const std::string signature = from_base64url(jwt.substr(dot + 1));
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  return EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(digest.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                          reinterpret_cast<const unsigned char*>(jwt.data()), dot) == 1;
}

TEST(ServiceAccount, an_assertion_is_a_jwt_that_its_key_signed) {
  const Key key(EVP_RSA_gen(2048), EVP_PKEY_free);
  ServiceAccount account;
  account.client_email = "reader@project.iam.gserviceaccount.com";
  account.private_key = pem_of(key.get());
  account.private_key_id = "k1";
  account.token_uri = "https://oauth2.googleapis.com/token";
  const base::Time now = base::parse_time("2026-01-02T03:04:05Z").value();
  const auto jwt = signed_assertion(account, "scope", now);
  ASSERT_TRUE(jwt) << jwt.error().message;
  EXPECT_TRUE(verifies(key.get(), *jwt));
  const std::string claims = from_base64url(jwt->substr(jwt->find('.') + 1, jwt->rfind('.') - jwt->find('.') - 1));
  EXPECT_EQ(base::parse_json(claims).value(),
            boost::json::parse(R"({"iss":"reader@project.iam.gserviceaccount.com","scope":"scope",
              "aud":"https://oauth2.googleapis.com/token","iat":1767323045,"exp":1767326645})"));
  EXPECT_EQ(from_base64url(jwt->substr(0, jwt->find('.'))), R"({"alg":"RS256","typ":"JWT","kid":"k1"})");
  std::string forged = *jwt;
  forged[jwt->find('.') + 5] ^= 1;
  EXPECT_FALSE(verifies(key.get(), forged));
}

TEST(ServiceAccount, what_is_no_key_is_refused_without_repeating_it) {
  for (const char* const text :
       {"", "[]", "{}", R"({"type":"authorized_user","client_email":"a","private_key":"pk-x"})",
        R"({"type":"service_account","client_email":"a"})"}) {
    const auto account = parse_service_account(text);
    ASSERT_FALSE(account) << text;
    EXPECT_EQ(account.error().message.find("pk-x"), std::string::npos);
  }
  const auto account =
      parse_service_account(R"({"type":"service_account","client_email":"a@b","private_key":"not-a-pem-key"})");
  ASSERT_TRUE(account);
  EXPECT_EQ(account->token_uri, "https://oauth2.googleapis.com/token");
  const auto jwt = signed_assertion(*account, "scope", base::now());
  ASSERT_FALSE(jwt);
  EXPECT_EQ(jwt.error().message.find("not-a-pem-key"), std::string::npos);
}

}  // namespace
}  // namespace tradeassist::secrets
