#pragma once

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace tradeassist::server::testing {

/// Certificates for tests, each signed with its own key, in a folder that goes with it.
class CertificateFolder {
 public:
  CertificateFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "certificates-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    for (const char* name : {"a", "b"}) make(name);
  }
  ~CertificateFolder() { std::filesystem::remove_all(folder_); }
  CertificateFolder(const CertificateFolder&) = delete;
  CertificateFolder& operator=(const CertificateFolder&) = delete;

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string certificate(const std::string& name) const { return path(name + ".pem"); }
  std::string key(const std::string& name) const { return path(name + ".key"); }

  /// The same key behind a passphrase.
  std::string locked_key(const std::string& name, const std::string& passphrase) const {
    const File in = open(key(name), "r");
    const Key key(PEM_read_PrivateKey(in.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
    const File out = open(path(name + ".locked"), "w");
    EXPECT_EQ(PEM_write_PrivateKey(out.get(), key.get(), EVP_aes_256_cbc(),
                                   reinterpret_cast<const unsigned char*>(passphrase.data()),
                                   static_cast<int>(passphrase.size()), nullptr, nullptr),
              1);
    return path(name + ".locked");
  }

 private:
  using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
  using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
  static File open(const std::string& path, const char* mode) { return {std::fopen(path.c_str(), mode), std::fclose}; }

  void make(const std::string& name) const {
    const Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> made(X509_new(), X509_free);
    X509_set_version(made.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 3'600);
    X509_set_pubkey(made.get(), key.get());
    X509_NAME* const subject = X509_get_subject_name(made.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1,
                               0);
    X509_set_issuer_name(made.get(), subject);
    EXPECT_GT(X509_sign(made.get(), key.get(), EVP_sha256()), 0);
    const File certificate_file = open(certificate(name), "w");
    EXPECT_EQ(PEM_write_X509(certificate_file.get(), made.get()), 1);
    const File key_file = open(this->key(name), "w");
    EXPECT_EQ(PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr), 1);
  }

  std::filesystem::path folder_;
};

}  // namespace tradeassist::server::testing
