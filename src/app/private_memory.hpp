#pragma once

namespace tradeassist::app {

/// Keeps what the process has in its memory, keys and tokens among it, from core dumps, debuggers and /proc/PID/environ
/// and /mem of other users' and its own user's processes. For what runs long; as early as can be.
void keep_memory_private();

}  // namespace tradeassist::app
