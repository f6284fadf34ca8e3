#include "base/sha256.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/hexadecimal.hpp"

namespace tradeassist::base {

struct Sha256::Context {
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest{EVP_MD_CTX_new(), EVP_MD_CTX_free};
  bool is_good = false;
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  context_->is_good =
      context_->digest != nullptr && EVP_DigestInit_ex(context_->digest.get(), EVP_sha256(), nullptr) == 1;
}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
  context_->is_good = context_->is_good && EVP_DigestUpdate(context_->digest.get(), bytes.data(), bytes.size()) == 1;
}

Result<std::string> Sha256::finish() {
  std::string bytes(32, '\0');
  if (!context_->is_good ||
      EVP_DigestFinal_ex(context_->digest.get(), reinterpret_cast<unsigned char*>(bytes.data()), nullptr) != 1)
    return failure(ErrorCode::kInternal, "OpenSSL has no SHA-256");
  return bytes;
}

Result<std::string> sha256_of_text(std::string_view text) {
  Sha256 sum;
  sum.add(text);
  TRY_ASSIGN(const std::string bytes, sum.finish());
  return hexadecimal(bytes);
}

Result<std::string> sha256_of_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return failure(errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo,
                   fmt::format("{}: cannot be read: {}", path.string(), std::strerror(errno)));
  }
  Sha256 sum;
  std::string block(std::size_t{1} << 20, '\0');
  while (file) {
    file.read(block.data(), static_cast<std::streamsize>(block.size()));
    sum.add(std::string_view(block).substr(0, static_cast<std::size_t>(file.gcount())));
  }
  if (file.bad()) return failure(ErrorCode::kIo, path.string() + ": cannot be read");
  TRY_ASSIGN(const std::string bytes, sum.finish());
  return hexadecimal(bytes);
}

}  // namespace tradeassist::base
