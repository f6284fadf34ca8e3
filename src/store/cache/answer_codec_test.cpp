#include "store/cache/answer_codec.hpp"

#include <gtest/gtest.h>

#include <set>

#include "store/cache/plain_value.hpp"
#include "store/testing/random_bars.hpp"

namespace tradeassist::store {
namespace {

base::Time at(std::int64_t seconds) { return base::time_from_nanoseconds(seconds * base::kNanosecondsPerSecond); }

/// With something in every field.
BarAnswer rich_answer(RandomBars& random, std::size_t rows) {
  BarAnswer answer;
  answer.instrument = {.symbol = "ES.c.0", .name = "ES continuous", .asset_class = "future", .session = "1700-1600"};
  answer.series.key = {"ES.c.0", {market::Timeframe::Unit::kMinute, 5}, "csv+schwab"};
  answer.series.row_count = 12;
  answer.series.first_time = at(1'700'000'000);
  answer.series.is_deleted = true;
  answer.timeframe = {market::Timeframe::Unit::kHour, 1};
  answer.bars = random.series(rows);
  answer.empty_reason = std::string("a reason\0with a zero", 20);
  answer.continuous.emplace();
  answer.continuous->contracts = {market::parse_contract("ESZ2025").value(), market::parse_contract("ESH2026").value()};
  market::Roll roll;
  roll.pre = -0.0;
  answer.continuous->rolls = {roll};
  answer.continuous->unadjusted_close = answer.bars.close;
  answer.continuous->contract.assign(rows, 1);
  answer.adjusted.emplace();
  answer.adjusted->adjustment = market::PriceAdjustment::kSplitsAndDividends;
  answer.adjusted->actions = {{18'505, market::CorporateAction::Kind::kCashDividend, 0.82}};
  answer.adjusted->notes = {"a note"};
  answer.adjusted->split_factor.assign(rows, 0.25);
  answer.vwap = market::VwapRule{market::VwapRule::Kind::kAnchored, 3, at(4)};
  answer.quality = QualityStory{"CME", 98.5, {{market::QualityReason::kOutlier, 2, 0.5, at(9), "two moves"}}};
  answer.gaps.emplace();
  answer.gaps->calendar = "CME";
  answer.gaps->report.gaps = {{at(1), at(2), market::GapKind::kClosed, 3, "weekend"}};
  answer.gaps->report.is_cut = true;
  answer.archived = {{1, 2}, {5, 9}};
  return answer;
}

std::string bytes_of(const BarAnswer& answer) {
  std::string bytes;
  append_plain(bytes, answer);
  return bytes;
}

TEST(AnswerCodec, any_answer_comes_back_bit_for_bit) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  RandomBars random(seed);
  for (const std::size_t rows : {0u, 1u, 4'095u, 4'096u, 4'097u, 10'000u}) {
    const BarAnswer answer = rich_answer(random, rows);
    const auto decoded = decode_answer(encode_answer("question", 7, answer, at(5)), "question", 7);
    ASSERT_TRUE(decoded) << rows;
    EXPECT_TRUE(same_bits(decoded->answer.bars, answer.bars));
    EXPECT_EQ(bytes_of(decoded->answer), bytes_of(answer));
    EXPECT_EQ(decoded->read_at, at(5));
    EXPECT_EQ(decoded->answer.empty_reason, answer.empty_reason);
    EXPECT_EQ(decoded->answer.continuous->contracts.at(1), answer.continuous->contracts.at(1));
    EXPECT_EQ(decoded->answer.adjusted->actions, answer.adjusted->actions);
    EXPECT_EQ(decoded->answer.vwap, answer.vwap);
    EXPECT_EQ(decoded->answer.quality->findings.at(0).text, "two moves");
    EXPECT_EQ(decoded->answer.gaps->report.gaps, answer.gaps->report.gaps);
    EXPECT_EQ(decoded->answer.archived, answer.archived);
  }
}

TEST(AnswerCodec, what_is_damaged_cut_or_of_something_else_is_no_answer) {
  RandomBars random(1);
  const std::string good = encode_answer("question", 7, rich_answer(random, 50), at(5));
  ASSERT_TRUE(decode_answer(good, "question", 7));
  EXPECT_FALSE(decode_answer(good, "another", 7));
  EXPECT_FALSE(decode_answer(good, "question", 8));
  EXPECT_FALSE(decode_answer(good + "x", "question", 7));
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string damaged = good;
    damaged[i] = static_cast<char>(damaged[i] ^ (1 << random.below(8)));
    EXPECT_FALSE(decode_answer(damaged, "question", 7)) << "byte " << i;
    EXPECT_FALSE(decode_answer(std::string_view(good).substr(0, i), "question", 7)) << "cut at " << i;
  }
}

// A checksum keeps damage away from what reads the fields; this goes behind it.
TEST(AnswerCodec, fields_are_read_safely_from_any_bytes) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  RandomBars random(seed);
  const std::string good = bytes_of(rich_answer(random, 50));
  int refused = 0;
  for (int round = 0; round < 3'000; ++round) {
    std::string damaged = good.substr(0, random.one_in(3) ? random.below(good.size()) : good.size());
    for (std::uint64_t i = 0; i < 1 + random.below(8) && !damaged.empty(); ++i) {
      damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
    }
    std::string_view in = damaged;
    BarAnswer read;
    refused += !read_plain(in, read);
  }
  EXPECT_GT(refused, 500);
}

TEST(AnswerCodec, questions_that_differ_in_one_field_differ) {
  BarQuery plain;
  plain.symbol = "ES.c.0";
  plain.timeframe = {market::Timeframe::Unit::kMinute, 5};
  std::vector<BarQuery> queries;
  const auto add = [&](auto change) { change(queries.emplace_back(plain)); };
  add([](BarQuery&) {});
  add([](BarQuery& query) { query.symbol = "ES.c.1"; });
  add([](BarQuery& query) { query.timeframe.count = 15; });
  add([](BarQuery& query) { query.timeframe.unit = market::Timeframe::Unit::kHour; });
  add([](BarQuery& query) { query.from = at(0); });
  add([](BarQuery& query) { query.to = at(0); });
  add([](BarQuery& query) { query.last = 0; });
  add([](BarQuery& query) { query.source = "csv"; });
  add([](BarQuery& query) { query.rows_max = 5; });
  add([](BarQuery& query) { query.adjustment = market::Adjustment::kNone; });
  add([](BarQuery& query) { query.roll.emplace(); });
  add([](BarQuery& query) { query.roll.emplace().days_before = 3; });
  add([](BarQuery& query) { query.roll.emplace().kind = market::RollRule::Kind::kVolume; });
  add([](BarQuery& query) { query.roll.emplace().given = {{at(0), {}, {}}}; });
  add([](BarQuery& query) { query.roll.emplace().given = {{at(1), {}, {}}}; });
  add([](BarQuery& query) { query.with_gaps = true; });
  add([](BarQuery& query) { query.price_adjustment = market::PriceAdjustment::kSplits; });
  add([](BarQuery& query) { query.price_adjustment = market::PriceAdjustment::kSplitsAndDividends; });
  add([](BarQuery& query) { query.with_factors = true; });
  add([](BarQuery& query) { query.with_quality = true; });
  add([](BarQuery& query) { query.vwap.emplace(); });
  add([](BarQuery& query) { query.vwap.emplace().kind = market::VwapRule::Kind::kSession; });
  add([](BarQuery& query) { query.vwap.emplace().length = 20; });
  add([](BarQuery& query) { query.vwap.emplace().anchor = at(2); });
  add([](BarQuery& query) { query.vwap.emplace().anchor = at(1); });
  std::set<std::string> different;
  for (const BarQuery& query : queries) {
    different.insert(question_bytes(query));
    EXPECT_EQ(question_bytes(query), question_bytes(BarQuery(query)));
  }
  EXPECT_EQ(different.size(), queries.size());
}

TEST(AnswerCodec, memory_counts_every_column) {
  RandomBars random(1);
  BarAnswer answer;
  answer.bars = random.series(10'000);
  const std::int64_t bars = memory_bytes(answer);
  EXPECT_GE(bars, 48 * 10'000);
  EXPECT_LE(bars, 2 * 48 * 10'000 + 4'096);
  answer.continuous.emplace().unadjusted_close.resize(10'000);
  EXPECT_GE(memory_bytes(answer), bars + 80'000);
  answer.archived.resize(1'000);
  EXPECT_GE(memory_bytes(answer), bars + 96'000);
}

TEST(AnswerCodec, spare_memory_is_given_back_and_bars_stay) {
  RandomBars random(1);
  BarAnswer answer;
  const market::Series bars = random.series(100);
  answer.bars = bars;
  answer.bars.reserve(10'000);
  ASSERT_GE(memory_bytes(answer), 48 * 10'000);
  release_spare_memory(answer);
  EXPECT_LE(memory_bytes(answer), 48 * 113 + 4'096);
  EXPECT_TRUE(same_bits(answer.bars, bars));
}

}  // namespace
}  // namespace tradeassist::store
