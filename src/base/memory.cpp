#include "base/memory.hpp"

#include <cstdint>
#include <cstdlib>  // and with it __GLIBC__

#ifdef __GLIBC__
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace tradeassist::base {

void prepare_heap_for_columns() {
#ifdef __GLIBC__
  constexpr int kMegabyte = 1 << 20;
  mallopt(M_MMAP_THRESHOLD, 32 * kMegabyte);  // the most there is: smaller blocks come from the heap
  mallopt(M_TRIM_THRESHOLD, 256 * kMegabyte);
  // Makes the heap's address range large once, so that one advice covers what will be used of it. Only what is touched
  // takes memory.
  mallopt(M_TOP_PAD, 256 * kMegabyte);
  void* block = std::malloc(16 * kMegabyte);
  mallopt(M_TOP_PAD, 16 * kMegabyte);
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto first = (reinterpret_cast<std::uintptr_t>(block) + page - 1) & ~(page - 1);
  const auto end = reinterpret_cast<std::uintptr_t>(::sbrk(0)) & ~(page - 1);
  // Where the block is not on the heap (a limit on its size, a sanitizer's allocator) there is nothing to advise.
  if (block != nullptr && first < end && end - first <= 512u * kMegabyte) {
    (void)::madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
  }
  std::free(block);
#endif
}

}  // namespace tradeassist::base
