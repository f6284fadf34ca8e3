#include "base/random_id.hpp"

#include <sys/random.h>

#include <array>
#include <cassert>
#include <span>

namespace tradeassist::base {

Result<std::string> random_hex(std::size_t bytes) {
  std::array<unsigned char, 64> random{};
  assert(bytes <= random.size());
  if (::getrandom(random.data(), bytes, 0) != static_cast<ssize_t>(bytes)) {
    return failure(ErrorCode::kIo, "the system gives no random bytes");
  }
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : std::span(random).first(bytes)) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace tradeassist::base
