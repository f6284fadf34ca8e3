#include "backup/prune.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradeassist::backup {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Retention, keeps_the_newest_of_each_day_week_and_month) {
  // 2026-11-28 is a Saturday; the week before ends on Sunday the 22nd.
  const std::vector<std::string> ids{"20250101T020000Z-aaaa", "20260915T020000Z-aaaa", "20261015T020000Z-aaaa",
                                     "20261031T020000Z-aaaa", "20261115T020000Z-aaaa", "20261121T020000Z-aaaa",
                                     "20261122T020000Z-aaaa", "20261126T020000Z-aaaa", "20261127T020000Z-aaaa",
                                     "20261128T020000Z-aaaa", "20261128T140000Z-aaaa"};
  EXPECT_THAT(kept_backups(ids, {.daily = 2, .weekly = 0, .monthly = 0}),
              ElementsAre("20261127T020000Z-aaaa", "20261128T140000Z-aaaa"));
  EXPECT_THAT(kept_backups(ids, {.daily = 0, .weekly = 3, .monthly = 0}),
              ElementsAre("20261115T020000Z-aaaa", "20261122T020000Z-aaaa", "20261128T140000Z-aaaa"));
  EXPECT_THAT(kept_backups(ids, {.daily = 0, .weekly = 0, .monthly = 3}),
              ElementsAre("20260915T020000Z-aaaa", "20261031T020000Z-aaaa", "20261128T140000Z-aaaa"));
  EXPECT_THAT(
      kept_backups(ids, {.daily = 2, .weekly = 2, .monthly = 2}),
      ElementsAre("20261031T020000Z-aaaa", "20261122T020000Z-aaaa", "20261127T020000Z-aaaa", "20261128T140000Z-aaaa"));
}

TEST(Retention, always_keeps_the_newest) {
  EXPECT_THAT(kept_backups({"20261127T020000Z-aaaa", "20261128T020000Z-aaaa"}, {.daily = 0, .weekly = 0, .monthly = 0}),
              ElementsAre("20261128T020000Z-aaaa"));
  EXPECT_THAT(kept_backups({}, {}), IsEmpty());
}

}  // namespace
}  // namespace tradeassist::backup
