#include "store/cache/lru_entries.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace tradeassist::store {
namespace {

CacheEntry entry(std::int64_t bytes, std::uint64_t last_use) {
  CacheEntry made;
  made.bytes = bytes;
  made.last_use = last_use;
  return made;
}

TEST(LruEntries, erase_the_one_that_was_not_used_for_longest) {
  LruEntries entries;
  entries.put("a", entry(1, 1));
  entries.put("b", entry(2, 2));
  entries.put("c", entry(4, 3));
  entries.touch("a", 4);
  EXPECT_EQ(entries.oldest_use(), 2u);
  EXPECT_EQ(entries.erase_oldest(), 2);
  EXPECT_EQ(entries.erase_oldest(), 4);
  EXPECT_EQ(entries.erase_oldest(), 1);
  EXPECT_EQ(entries.erase_oldest(), 0);
  EXPECT_EQ(entries.oldest_use(), std::nullopt);
}

TEST(LruEntries, do_as_a_map_with_the_times_of_use_does) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  LruEntries entries;
  struct Model {
    std::int64_t bytes;
    std::uint64_t last_use;
  };
  std::map<std::string, Model> model;
  for (std::uint64_t now = 1; now < 20'000; ++now) {
    const std::string question = "question " + std::to_string(random() % 40);
    const auto known = model.find(question);
    const std::int64_t known_bytes = known == model.end() ? 0 : known->second.bytes;
    switch (random() % 4) {
      case 0: {
        const auto bytes = static_cast<std::int64_t>(1 + random() % 100);
        EXPECT_EQ(entries.put(question, entry(bytes, now)), known_bytes);
        model[question] = {bytes, now};
        break;
      }
      case 1:
        if (known == model.end()) break;
        entries.touch(question, now);
        known->second.last_use = now;
        break;
      case 2:
        EXPECT_EQ(entries.erase(question), known_bytes);
        model.erase(question);
        break;
      default: {
        const auto oldest = std::ranges::min_element(model, {}, [](const auto& each) { return each.second.last_use; });
        EXPECT_EQ(entries.erase_oldest(), oldest == model.end() ? 0 : oldest->second.bytes);
        if (oldest != model.end()) model.erase(oldest);
      }
    }
    ASSERT_EQ(entries.size(), model.size());
    const auto found = model.find(question);
    const CacheEntry* const kept = entries.find(question);
    ASSERT_EQ(kept != nullptr, found != model.end());
    if (kept != nullptr) { ASSERT_EQ(kept->bytes, found->second.bytes); }
  }
}

}  // namespace
}  // namespace tradeassist::store
