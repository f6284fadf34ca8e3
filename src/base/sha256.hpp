#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tradeassist::base {

/// SHA-256 of bytes that come in parts.
class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();

  void add(std::string_view bytes);
  /// The 32 bytes; once. kInternal when OpenSSL has no SHA-256.
  Result<std::string> finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// In hexadecimal, of a text and of a file's bytes. kNotFound, kIo.
Result<std::string> sha256_of_text(std::string_view text);
Result<std::string> sha256_of_file(const std::filesystem::path& path);

}  // namespace tradeassist::base
