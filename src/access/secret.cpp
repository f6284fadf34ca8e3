#include "access/secret.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <vector>

#include "base/hexadecimal.hpp"
#include "base/random_id.hpp"
#include "base/sha256.hpp"

namespace tradeassist::access {
namespace {

constexpr unsigned kLog2N = 14, kR = 8, kP = 1;
constexpr std::size_t kSaltBytes = 16, kHashBytes = 32;
constexpr std::uint64_t kMemoryMax = 64 << 20;

base::Result<std::string> scrypt(std::string_view secret, std::string_view salt, unsigned log2_n, unsigned r,
                                 unsigned p) {
  std::string hash(kHashBytes, '\0');
  if (EVP_PBE_scrypt(secret.data(), secret.size(), reinterpret_cast<const unsigned char*>(salt.data()), salt.size(),
                     std::uint64_t{1} << log2_n, r, p, kMemoryMax, reinterpret_cast<unsigned char*>(hash.data()),
                     hash.size()) != 1) {
    return base::failure(base::ErrorCode::kInternal, "OpenSSL could not compute scrypt");
  }
  return base::hexadecimal(hash);
}

base::Error damaged() {
  return {base::ErrorCode::kDataLoss, "the stored hash of an API key is damaged; revoke the key and make another"};
}

}  // namespace

base::Result<std::string> slow_hash(std::string_view secret) {
  TRY_ASSIGN(const std::string salt, base::random_hex(kSaltBytes));
  TRY_ASSIGN(const std::string hash, scrypt(secret, salt, kLog2N, kR, kP));
  return "scrypt$" + std::to_string(kLog2N) + "$" + std::to_string(kR) + "$" + std::to_string(kP) + "$" + salt + "$" +
         hash;
}

base::Result<bool> has_hash(std::string_view secret, std::string_view hash) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= hash.size();) {
    const std::size_t end = std::min(hash.find('$', begin), hash.size());
    parts.push_back(hash.substr(begin, end - begin));
    begin = end + 1;
  }
  std::array<unsigned, 3> costs{};
  if (parts.size() != 6 || parts[0] != "scrypt") return std::unexpected(damaged());
  for (std::size_t i = 0; i < costs.size(); ++i) {
    const std::string_view text = parts[i + 1];
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), costs[i]);
    if (error != std::errc() || end != text.data() + text.size() || costs[i] == 0 || costs[i] > 30) {
      return std::unexpected(damaged());
    }
  }
  TRY_ASSIGN(const std::string computed, scrypt(secret, parts[4], costs[0], costs[1], costs[2]));
  if (computed.size() != parts[5].size()) return std::unexpected(damaged());
  return CRYPTO_memcmp(computed.data(), parts[5].data(), computed.size()) == 0;
}

base::Result<std::string> quick_hash(std::string_view text) {
  base::Sha256 sum;
  sum.add(text);
  return sum.finish();
}

}  // namespace tradeassist::access
