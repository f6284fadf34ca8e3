#include "store/cache/lru_entries.hpp"

#include <cassert>
#include <utility>

namespace tradeassist::store {

CacheEntry* LruEntries::find(std::string_view question) {
  const auto found = by_question_.find(question);
  return found == by_question_.end() ? nullptr : &found->second->entry;
}

void LruEntries::touch(std::string_view question, std::uint64_t last_use) {
  const auto found = by_question_.find(question);
  assert(found != by_question_.end());
  found->second->entry.last_use = last_use;
  entries_.splice(entries_.begin(), entries_, found->second);
}

std::int64_t LruEntries::put(const std::string& question, CacheEntry entry) {
  const std::int64_t freed = erase(question);
  entries_.push_front({question, std::move(entry)});
  by_question_.emplace(entries_.front().question, entries_.begin());
  return freed;
}

std::int64_t LruEntries::erase(std::string_view question) {
  const auto found = by_question_.find(question);
  if (found == by_question_.end()) return 0;
  const auto kept = found->second;
  const std::int64_t freed = kept->entry.bytes;
  by_question_.erase(found);  // its key is a view of what goes next
  entries_.erase(kept);
  return freed;
}

std::int64_t LruEntries::erase_oldest() { return entries_.empty() ? 0 : erase(entries_.back().question); }

std::optional<std::uint64_t> LruEntries::oldest_use() const {
  if (entries_.empty()) return std::nullopt;
  return entries_.back().entry.last_use;
}

}  // namespace tradeassist::store
