#pragma once

namespace tradeassist::base {

/// Sets the process's allocator up for what this program allocates: columns of megabytes that come and go. Freed memory
/// is kept (up to 256 MB) instead of being returned and faulted in anew for the next query, and the heap is backed by
/// huge pages where the system allows them on request. Filling a fresh column costs more in page faults than decoding
/// it does. Call first thing in main(); changes speed only, and nothing where the C library is not glibc.
void prepare_heap_for_columns();

}  // namespace tradeassist::base
