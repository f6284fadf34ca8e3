#pragma once

namespace tradeassist::base {

/// From now on the calling thread, and those that it starts, let others of the machine go first: by as many steps as
/// nice(2) has, at most down to the last. Linux keeps this by thread (setpriority(2), under NOTES). Never fails: where
/// the system does not allow it, nothing changes.
void give_way(int steps) noexcept;

}  // namespace tradeassist::base
