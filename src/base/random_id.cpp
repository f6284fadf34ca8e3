#include "base/random_id.hpp"

#include <sys/random.h>

#include <array>
#include <cassert>

#include "base/hexadecimal.hpp"

namespace tradeassist::base {

Result<std::string> random_hex(std::size_t bytes) {
  std::array<char, 64> random{};
  assert(bytes <= random.size());
  if (::getrandom(random.data(), bytes, 0) != static_cast<ssize_t>(bytes)) {
    return failure(ErrorCode::kIo, "the system gives no random bytes");
  }
  return hexadecimal({random.data(), bytes});
}

}  // namespace tradeassist::base
