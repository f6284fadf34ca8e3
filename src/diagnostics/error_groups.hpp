#pragma once

#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "base/time.hpp"

namespace tradeassist::diagnostics {

/// One error as it was logged, bounded and without secrets.
struct ErrorEvent {
  static constexpr std::size_t kFieldsMax = 16;
  static constexpr std::size_t kTextBytesMax = 500;  // of a field or the message; what is longer is cut

  std::string message;  // the fixed one
  std::string place;    // the field "where", else the route; empty: neither
  base::Time at;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string trace_id, parent_id;  // of the request; empty: none

  /// 16 hexadecimal digits of SHA-256 over message and place: equal errors are one group.
  std::string group_id() const;
};

ErrorEvent make_error_event(std::string_view message, std::span<const base::LogField> fields,
                            const base::LogContext& context, base::Time at);

/// How often an error came since it was last asked, and the last one.
struct CountedErrors {
  std::string group_id;
  std::int64_t count = 0;
  base::Time first_at;
  ErrorEvent last;
};

/// Counts errors by group in memory, until they are taken to be kept. Every method may be called from any thread.
class ErrorGroups {
 public:
  static constexpr std::size_t kGroupsMax = 200;  // that wait; errors of others are only counted

  void add(ErrorEvent event);
  /// All that came since the last time.
  std::vector<CountedErrors> take();
  /// Puts back what could not be kept.
  void put_back(std::vector<CountedErrors> counted);
  /// Errors that found no place.
  std::int64_t lost() const;

 private:
  void merge(CountedErrors counted);  // while mutex_ is held

  mutable std::mutex mutex_;
  std::vector<CountedErrors> waiting_;
  std::int64_t lost_ = 0;
};

}  // namespace tradeassist::diagnostics
