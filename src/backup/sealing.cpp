#include "backup/sealing.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <zstd.h>

#include <array>
#include <span>
#include <utility>

#include "base/aes_gcm.hpp"
#include "base/sha256.hpp"
#include "store/codec/crc32c.hpp"

namespace tradeassist::backup {
namespace {

using base::ErrorCode;
using base::failure;

constexpr std::string_view kMagic = "TAB1";
constexpr std::size_t kSizeBytes = 8, kHeaderBytes = kMagic.size() + 1 + kSizeBytes;
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kKeyBytes = base::kAesKeyBytes;
constexpr char kCompressed = 1, kEncrypted = 2;
constexpr int kLevel = 3;
constexpr std::uint64_t kScryptBytesMax = std::uint64_t{1} << 30;

unsigned char* raw(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

base::Error openssl_failed(const char* what) {
  return {ErrorCode::kInternal, std::string("OpenSSL could not ") + what};
}
base::Error damaged(const char* how) { return {ErrorCode::kDataLoss, how}; }

std::string header_of(char flags, std::size_t size) {
  std::string header(kMagic);
  header += flags;
  for (std::size_t i = 0; i < kSizeBytes; ++i) header += static_cast<char>(size >> (8 * i) & 0xff);
  return header;
}

/// The name tells of a content whether it is right; this tells of its sealed form, which may have bits without meaning.
std::string with_checksum(std::string sealed) {
  const std::uint32_t sum = store::crc32c(std::as_bytes(std::span(sealed)));
  for (std::size_t i = 0; i < kChecksumBytes; ++i) sealed += static_cast<char>(sum >> (8 * i) & 0xff);
  return sealed;
}

}  // namespace

struct Sealer::State {
  std::string cipher_key, name_key;  // empty: no encryption
  std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> compressor{ZSTD_createCCtx(), ZSTD_freeCCtx};
  std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> decompressor{ZSTD_createDCtx(), ZSTD_freeDCtx};
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    OPENSSL_cleanse(cipher_key.data(), cipher_key.size());
    OPENSSL_cleanse(name_key.data(), name_key.size());
  }
};

Sealer::Sealer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Sealer::Sealer(Sealer&&) noexcept = default;
Sealer& Sealer::operator=(Sealer&&) noexcept = default;
Sealer::~Sealer() = default;

base::Result<Sealer> Sealer::make_plain() {
  auto state = std::make_unique<State>();
  if (state->compressor == nullptr || state->decompressor == nullptr)
    return failure(ErrorCode::kResourceExhausted, "no memory for zstd");
  return Sealer(std::move(state));
}

base::Result<Sealer> Sealer::from_passphrase(std::string_view passphrase, const KeyDerivation& derivation) {
  const auto in_bounds = [](int value, int most) { return value >= 1 && value <= most; };
  if (!in_bounds(derivation.log2_n, 22) || !in_bounds(derivation.r, 32) || !in_bounds(derivation.p, 16) ||
      derivation.salt.size() < 16) {
    return failure(ErrorCode::kInvalidArgument, "the costs of scrypt are out of bounds");
  }
  TRY_ASSIGN(Sealer sealer, make_plain());
  std::string keys(2 * kKeyBytes, '\0');
  const bool derived =
      EVP_PBE_scrypt(passphrase.data(), passphrase.size(), raw(std::string_view(derivation.salt)),
                     derivation.salt.size(), std::uint64_t{1} << derivation.log2_n,
                     static_cast<std::uint64_t>(derivation.r), static_cast<std::uint64_t>(derivation.p),
                     kScryptBytesMax, raw(keys), keys.size()) == 1;
  if (!derived) return std::unexpected(openssl_failed("compute scrypt"));
  sealer.state_->cipher_key = keys.substr(0, kKeyBytes);
  sealer.state_->name_key = keys.substr(kKeyBytes);
  OPENSSL_cleanse(keys.data(), keys.size());
  return sealer;
}

bool Sealer::encrypts() const { return !state_->cipher_key.empty(); }

base::Result<std::string> Sealer::name_of(std::string_view content) const {
  if (!encrypts()) {
    base::Sha256 sum;
    sum.add(content);
    return sum.finish();
  }
  std::string name(32, '\0');
  unsigned size = 0;
  if (HMAC(EVP_sha256(), state_->name_key.data(), kKeyBytes, raw(content), content.size(), raw(name), &size) == nullptr)
    return std::unexpected(openssl_failed("compute HMAC-SHA-256"));
  return name;
}

base::Result<std::string> Sealer::seal(std::string_view name, std::string_view content) const {
  if (content.size() > kContentBytesMax)
    return failure(ErrorCode::kResourceExhausted, "more than 1 GiB in one piece cannot be backed up");
  std::string compressed(ZSTD_compressBound(content.size()), '\0');
  const std::size_t size = ZSTD_compressCCtx(state_->compressor.get(), compressed.data(), compressed.size(),
                                             content.data(), content.size(), kLevel);
  if (ZSTD_isError(size) != 0) return failure(ErrorCode::kInternal, ZSTD_getErrorName(size));
  const bool smaller = size < content.size();
  const std::string_view body = smaller ? std::string_view(compressed).substr(0, size) : content;
  const int flags = (smaller ? kCompressed : 0) | (encrypts() ? kEncrypted : 0);
  std::string sealed = header_of(static_cast<char>(flags), content.size());
  if (!encrypts()) return with_checksum(sealed.append(body));
  TRY_ASSIGN(const std::string encrypted, base::encrypt_aes_gcm(state_->cipher_key, std::string(name) + sealed, body));
  return sealed.append(encrypted);
}

base::Result<std::string> Sealer::open(std::string_view name, std::string_view sealed) const {
  if (sealed.size() < kHeaderBytes) return std::unexpected(damaged("is cut short"));
  const std::string_view header = sealed.substr(0, kHeaderBytes);
  if (!header.starts_with(kMagic)) return std::unexpected(damaged("does not begin as a piece of a backup does"));
  const char flags = header[kMagic.size()];
  if ((flags & ~(kCompressed | kEncrypted)) != 0 || ((flags & kEncrypted) != 0) != encrypts())
    return std::unexpected(damaged("is damaged: its head says what cannot be"));
  std::uint64_t size = 0;
  for (std::size_t i = 0; i < kSizeBytes; ++i)
    size |= std::uint64_t{static_cast<unsigned char>(header[kMagic.size() + 1 + i])} << (8 * i);
  if (size > kContentBytesMax) return std::unexpected(damaged("is damaged: its head says what cannot be"));
  std::string decrypted;
  std::string_view body = sealed.substr(kHeaderBytes);
  if (encrypts()) {
    if (body.size() < base::kAesNonceBytes + base::kAesTagBytes) return std::unexpected(damaged("is cut short"));
    auto opened = base::decrypt_aes_gcm(state_->cipher_key, std::string(name).append(header), body);
    if (!opened && opened.error().code == ErrorCode::kDataLoss)
      return std::unexpected(damaged("is damaged or was tampered with: its seal does not match"));
    TRY_ASSIGN(decrypted, std::move(opened));
    body = decrypted;
  } else {
    if (body.size() < kChecksumBytes) return std::unexpected(damaged("is cut short"));
    if (with_checksum(std::string(sealed.substr(0, sealed.size() - kChecksumBytes))) != sealed)
      return std::unexpected(damaged("is damaged: its checksum does not match"));
    body.remove_suffix(kChecksumBytes);
  }
  if ((flags & kCompressed) == 0) {
    if (body.size() != size) return std::unexpected(damaged("is cut short"));
    return std::string(body);
  }
  // Never more memory than the compressed bytes themselves say that they need.
  if (ZSTD_getFrameContentSize(body.data(), body.size()) != size) return std::unexpected(damaged("is damaged"));
  std::string content(size, '\0');
  const std::size_t got =
      ZSTD_decompressDCtx(state_->decompressor.get(), content.data(), content.size(), body.data(), body.size());
  if (ZSTD_isError(got) != 0 || got != size) return std::unexpected(damaged("is damaged: it cannot be decompressed"));
  return content;
}

}  // namespace tradeassist::backup
