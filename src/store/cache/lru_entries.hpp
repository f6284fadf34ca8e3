#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "store/answers/bar_query.hpp"

namespace tradeassist::store {

/// An answer that is kept.
struct CacheEntry {
  std::shared_ptr<const BarAnswer> answer;
  std::int64_t version = 0;  // content_version() that it was read at
  base::Time read_at;
  std::chrono::steady_clock::time_point expires_at;
  std::int64_t bytes = 0;      // of memory
  std::uint64_t last_use = 0;  // greater is later
};

/// Entries by question, in the order in which they were used. Not thread-safe.
class LruEntries {
 public:
  /// Null when there is none. Valid until it is put anew or erased.
  CacheEntry* find(std::string_view question);
  /// Makes it the latest used. `last_use` must be at least that of all others here.
  void touch(std::string_view question, std::uint64_t last_use);
  /// Adds or replaces; the latest used. Gives the bytes that it freed.
  std::int64_t put(const std::string& question, CacheEntry entry);
  /// Gives the bytes that it freed; 0 when there is none.
  std::int64_t erase(std::string_view question);
  /// The one that was not used for longest; gives its bytes, or 0 when there is none.
  std::int64_t erase_oldest();
  /// The last use of that one.
  std::optional<std::uint64_t> oldest_use() const;
  std::size_t size() const { return entries_.size(); }

 private:
  struct Kept {
    std::string question;
    CacheEntry entry;
  };
  std::list<Kept> entries_;  // the latest used first
  std::unordered_map<std::string_view, std::list<Kept>::iterator> by_question_;
};

}  // namespace tradeassist::store
