#include "server/http/tls_certificate.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "server/http/testing/certificates.hpp"

namespace tradeassist::server {
namespace {

TEST(TlsCertificate, tells_what_is_wrong_with_its_files) {
  const testing::CertificateFolder folder;
  const std::string good = folder.certificate("a"), key = folder.key("a");
  EXPECT_TRUE(TlsCertificate::load({good, key, ""}));
  const auto message = [](TlsFiles files) {
    const auto refused = TlsCertificate::load(std::move(files));
    return refused ? std::string("accepted") : refused.error().message;
  };
  EXPECT_TRUE(message({folder.path("none.pem"), key, ""}).starts_with(folder.path("none.pem")));
  EXPECT_TRUE(message({good, folder.path("none.pem"), ""}).starts_with(folder.path("none.pem")));
  EXPECT_TRUE(message({good, folder.key("b"), ""}).starts_with(folder.key("b")));
  std::ofstream(folder.path("text.pem")) << "not a certificate";
  EXPECT_TRUE(message({folder.path("text.pem"), key, ""}).starts_with(folder.path("text.pem")));
}

TEST(TlsCertificate, a_key_with_a_passphrase_needs_it) {
  const testing::CertificateFolder folder;
  const std::string certificate = folder.certificate("a"), locked = folder.locked_key("a", "open sesame");
  EXPECT_TRUE(TlsCertificate::load({certificate, locked, "open sesame"}));
  EXPECT_FALSE(TlsCertificate::load({certificate, locked, "something else"}));
  EXPECT_FALSE(TlsCertificate::load({certificate, locked, ""}));
}

TEST(TlsCertificate, new_files_are_taken_and_bad_ones_are_not) {
  namespace fs = std::filesystem;
  const testing::CertificateFolder folder;
  const std::string file = folder.path("server.pem"), key = folder.path("server.key");
  fs::copy_file(folder.certificate("a"), file);
  fs::copy_file(folder.key("a"), key);
  const auto certificate = TlsCertificate::load({file, key, ""}).value();
  const auto before = certificate->context();
  EXPECT_FALSE(certificate->has_changed());
  EXPECT_GT(certificate->valid_until(), base::now());

  const auto replace = [](const std::string& to, const std::string& from) {
    fs::copy_file(from, to, fs::copy_options::overwrite_existing);
    fs::last_write_time(to, fs::last_write_time(to) + std::chrono::seconds(1));
  };
  replace(file, folder.certificate("b"));
  EXPECT_TRUE(certificate->has_changed());
  EXPECT_FALSE(certificate->reload());  // the key is still the other's
  EXPECT_EQ(certificate->context(), before);
  EXPECT_FALSE(certificate->has_changed());
  replace(key, folder.key("b"));
  EXPECT_TRUE(certificate->has_changed());
  EXPECT_TRUE(certificate->reload());
  EXPECT_NE(certificate->context(), before);
}

}  // namespace
}  // namespace tradeassist::server
