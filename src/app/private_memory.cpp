#include "app/private_memory.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstring>

#include "base/log.hpp"

namespace tradeassist::app {

void keep_memory_private() {
  const rlimit none{0, 0};
  // The limit is for core files, which are piped to a handler whatever it says: those stop with the other one.
  if (::setrlimit(RLIMIT_CORE, &none) != 0 || ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
    base::log(base::LogLevel::kWarning, "core dumps cannot be turned off", {{"reason", std::strerror(errno)}});
  }
}

}  // namespace tradeassist::app
