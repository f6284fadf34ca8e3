#include "base/aes_gcm.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "base/hexadecimal.hpp"

namespace tradeassist::base {
namespace {

const std::string kKey(kAesKeyBytes, 'k');

TEST(AesGcm, opens_the_published_value) {
  // Test case 16 of "The Galois/Counter Mode of Operation", McGrew and Viega.
  const std::string key = bytes_of_hexadecimal("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  const std::string associated = bytes_of_hexadecimal("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const std::string plain = bytes_of_hexadecimal(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657"
      "ba637b39");
  const std::string encrypted = bytes_of_hexadecimal(
      "cafebabefacedbaddecaf888"
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0a"
      "bcc9f662"
      "76fc6ece0f4e1768cddf8853bb2d551b");
  EXPECT_EQ(decrypt_aes_gcm(key, associated, encrypted).value(), plain);
}

TEST(AesGcm, what_is_encrypted_comes_back_and_never_looks_the_same) {
  for (const std::string& plain : {std::string(), std::string("x"), std::string(100'000, 'y')}) {
    const std::string one = encrypt_aes_gcm(kKey, "head", plain).value();
    EXPECT_EQ(one.size(), plain.size() + kAesNonceBytes + kAesTagBytes);
    EXPECT_EQ(decrypt_aes_gcm(kKey, "head", one).value(), plain);
    EXPECT_NE(encrypt_aes_gcm(kKey, "head", plain).value(), one);
  }
}

TEST(AesGcm, another_key_another_head_and_any_changed_byte_are_found) {
  const std::string encrypted = encrypt_aes_gcm(kKey, "head", "secret").value();
  const auto code = [](const Result<std::string>& opened) {
    return opened ? std::nullopt : std::optional(opened.error().code);
  };
  EXPECT_EQ(code(decrypt_aes_gcm(std::string(kAesKeyBytes, 'l'), "head", encrypted)), ErrorCode::kDataLoss);
  EXPECT_EQ(code(decrypt_aes_gcm(kKey, "heat", encrypted)), ErrorCode::kDataLoss);
  EXPECT_EQ(code(decrypt_aes_gcm(kKey, "", encrypted)), ErrorCode::kDataLoss);
  for (std::size_t i = 0; i < encrypted.size(); ++i) {
    std::string changed = encrypted;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_EQ(code(decrypt_aes_gcm(kKey, "head", changed)), ErrorCode::kDataLoss) << i;
    EXPECT_EQ(code(decrypt_aes_gcm(kKey, "head", encrypted.substr(0, i))), ErrorCode::kDataLoss) << i;
  }
  EXPECT_EQ(code(encrypt_aes_gcm("short", "", "x")), ErrorCode::kInternal);
}

}  // namespace
}  // namespace tradeassist::base
