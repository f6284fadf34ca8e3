#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tradeassist::access {

/// What somebody may do.
enum class Scope : std::uint8_t {
  kRead,           // see market data, strategies, health, and what is one's own
  kTradeResearch,  // run strategies, searches and studies, and export what they found
  kWrite,          // change what is stored: instruments, corporate actions, saved queries, schedules
  kAdmin,          // all of it, and the server itself
};
inline constexpr std::array kScopes = {Scope::kRead, Scope::kTradeResearch, Scope::kWrite, Scope::kAdmin};

std::string_view to_string(Scope scope);  // "trade-research"

/// A set of scopes.
class Scopes {
 public:
  constexpr Scopes() = default;
  constexpr Scopes(std::initializer_list<Scope> scopes) {
    for (const Scope scope : scopes) add(scope);
  }
  static constexpr Scopes all() { return {Scope::kAdmin}; }

  constexpr void add(Scope scope) { bits_ |= bit(scope); }
  constexpr void add(Scopes scopes) { bits_ |= scopes.bits_; }
  constexpr bool includes(Scopes scopes) const { return (bits_ & scopes.bits_) == scopes.bits_; }
  /// Whether what needs `scope` is allowed: by that scope, or by kAdmin.
  constexpr bool allow(Scope scope) const { return (bits_ & (bit(scope) | bit(Scope::kAdmin))) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  friend constexpr bool operator==(Scopes, Scopes) = default;

  /// "read trade-research"; parse_scopes() takes it back.
  std::string to_text() const;

 private:
  static constexpr std::uint8_t bit(Scope scope) {
    return static_cast<std::uint8_t>(1u << static_cast<unsigned>(scope));
  }
  std::uint8_t bits_ = 0;
};

/// Names with blanks or commas between them. kInvalidArgument for none, and for a name that is none.
base::Result<Scopes> parse_scopes(std::string_view text);

}  // namespace tradeassist::access
