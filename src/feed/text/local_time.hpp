#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace date {
class time_zone;
}

namespace tradeassist::feed {

/// Turns the clock time of one zone into UTC. Remembers the stretch between two changes of the clocks that it was last
/// asked about, so that a file's rows cost an addition each. Copy one per thread.
class LocalTime {
 public:
  /// `name`: an IANA name (`America/New_York`), `UTC`, or a fixed offset (`+02:00`, `UTC-5`).
  static base::Result<LocalTime> open(std::string_view name);

  enum class Kind {
    kUnique,
    kSkipped,   // the clocks jumped over it: there is no such time
    kRepeated,  // the clocks went back: it was twice
  };
  struct Answer {
    Kind kind = Kind::kUnique;
    std::int64_t utc = 0;    // nanoseconds; kRepeated: the earlier of the two; kSkipped: the instant of the jump
    std::int64_t again = 0;  // kRepeated: nanoseconds from the earlier to the later
  };
  /// `local`: nanoseconds since 1970-01-01T00:00 on the zone's own clock.
  Answer to_utc(std::int64_t local) {
    if (local >= stretch_first_ && local < stretch_last_) return {Kind::kUnique, local - offset_, 0};
    return look_up(local);
  }
  const std::string& name() const { return name_; }

 private:
  LocalTime() = default;
  Answer look_up(std::int64_t local);

  std::string name_;
  const date::time_zone* zone_ = nullptr;  // null for a fixed offset
  std::int64_t offset_ = 0;                // nanoseconds east of Greenwich in [stretch_first_, stretch_last_)
  std::int64_t stretch_first_ = 0;
  std::int64_t stretch_last_ = 0;
};

}  // namespace tradeassist::feed
