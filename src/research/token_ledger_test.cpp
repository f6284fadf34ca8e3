#include "research/token_ledger.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

namespace tradeassist::research {
namespace {

const base::Time kMonday = *base::parse_time("2025-06-02T23:59:00Z"),
                 kTuesday = *base::parse_time("2025-06-03T00:01:00Z");

struct TokenLedgerTest : testing::Test {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("ledger_" + std::to_string(::getpid()));
  ~TokenLedgerTest() override { std::filesystem::remove_all(folder); }
  TokenLedger open(std::int64_t per_day = 1'000) { return *TokenLedger::open(folder / "research", per_day); }
};

TEST_F(TokenLedgerTest, what_is_reserved_is_used_until_it_is_settled) {
  const TokenLedger ledger = open();
  EXPECT_TRUE(ledger.reserve(700, kMonday));
  EXPECT_EQ(ledger.reserve(400, kMonday).error().code, base::ErrorCode::kResourceExhausted);
  EXPECT_TRUE(ledger.settle(700, kMonday, 150, kMonday));
  EXPECT_EQ(ledger.used_today(kMonday), 150);
  EXPECT_TRUE(ledger.reserve(850, kMonday));
}

TEST_F(TokenLedgerTest, another_process_goes_on_from_what_was_used) {
  EXPECT_TRUE(open().reserve(999, kMonday));
  EXPECT_EQ(open().used_today(kMonday), 999);
  EXPECT_FALSE(open().reserve(2, kMonday));
}

TEST_F(TokenLedgerTest, a_day_begins_at_midnight_utc) {
  const TokenLedger ledger = open();
  EXPECT_TRUE(ledger.reserve(1'000, kMonday));
  EXPECT_TRUE(ledger.reserve(1'000, kTuesday));
}

TEST_F(TokenLedgerTest, a_request_over_midnight_gives_nothing_back_to_the_next_day) {
  const TokenLedger ledger = open();
  EXPECT_TRUE(ledger.reserve(900, kMonday));
  EXPECT_TRUE(ledger.reserve(950, kTuesday));
  EXPECT_TRUE(ledger.settle(900, kMonday, 100, kTuesday));
  EXPECT_EQ(ledger.used_today(kTuesday), 950);
}

TEST_F(TokenLedgerTest, a_file_that_cannot_be_read_begins_anew) {
  const TokenLedger ledger = open();
  std::ofstream(folder / "research" / "tokens.json") << "{broken";
  EXPECT_EQ(ledger.used_today(kMonday), 0);
  EXPECT_TRUE(ledger.reserve(10, kMonday));
  EXPECT_EQ(ledger.used_today(kMonday), 10);
}

TEST_F(TokenLedgerTest, many_at_once_together_reserve_no_more_than_a_day_has) {
  const TokenLedger ledger = open(1'000);
  std::atomic<int> reserved = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int k = 0; k < 100; ++k) reserved += ledger.reserve(7, kMonday) ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(reserved, 142);
  EXPECT_EQ(ledger.used_today(kMonday), 994);
}

}  // namespace
}  // namespace tradeassist::research
