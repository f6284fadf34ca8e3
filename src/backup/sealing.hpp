#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tradeassist::backup {

/// How the keys of an encrypted repository come from a passphrase (RFC 7914).
struct KeyDerivation {
  int log2_n = 15, r = 8, p = 1;
  std::string salt;  // hexadecimal
};

/// Makes bytes into what lies in a repository, and back: compressed with zstd where that makes them smaller, and with
/// a passphrase encrypted with AES-256-GCM (a random nonce each). What is sealed under one name opens under no other.
/// Used by one thread at a time.
class Sealer {
 public:
  /// Without encryption.
  static base::Result<Sealer> make_plain();
  /// kInvalidArgument for costs out of bounds (at most 1 GB).
  static base::Result<Sealer> from_passphrase(std::string_view passphrase, const KeyDerivation& derivation);

  Sealer(Sealer&&) noexcept;
  Sealer& operator=(Sealer&&) noexcept;
  ~Sealer();

  bool encrypts() const;

  /// The 32 bytes that name a content: its SHA-256, or where it is encrypted its HMAC-SHA-256 with a key of its own, so
  /// that the name does not tell whether somebody's file is in there.
  base::Result<std::string> name_of(std::string_view content) const;

  base::Result<std::string> seal(std::string_view name, std::string_view content) const;

  /// kDataLoss: damaged, cut short, another's, or sealed with another passphrase.
  base::Result<std::string> open(std::string_view name, std::string_view sealed) const;

 private:
  struct State;
  explicit Sealer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// What one sealed piece may hold at most.
constexpr std::size_t kContentBytesMax = std::size_t{1} << 30;

}  // namespace tradeassist::backup
