#include <gtest/gtest.h>

#include <random>

#include "store/testing/bars_model.hpp"
#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::store {
namespace {

using market::Series;

class StoreProperties : public MarketStoreOnBoth {
 protected:
  void expect_equal_to(const BarsModel& model) {
    const auto all = read_all();
    ASSERT_TRUE(all) << all.error().message;
    ASSERT_TRUE(same_bits(*all, model.all()));
    const SeriesInfo info = store_->series(series_).value();
    EXPECT_EQ(info.row_count, model.row_count());
    EXPECT_EQ(info.corrections, model.corrections());
    if (model.row_count() > 0) {
      EXPECT_EQ(base::to_nanoseconds(*info.first_time), all->time.front());
      EXPECT_EQ(base::to_nanoseconds(*info.last_time), all->time.back());
    }
  }

  void expect_sound_file() {
    EXPECT_EQ(number("SELECT count(*) FROM bar_chunk AS a JOIN bar_chunk AS b ON a.series_id = b.series_id AND "
                     "a.first_time <> b.first_time AND a.first_time <= b.last_time AND b.first_time <= a.last_time"),
              0)
        << "chunks overlap";
    EXPECT_EQ(number("SELECT count(*) FROM bar_chunk JOIN partition ON partition.id = partition_id WHERE "
                     "bar_chunk.first_time < partition.first_time OR bar_chunk.last_time > partition.last_time"),
              0)
        << "a chunk crosses its partition";
    EXPECT_EQ(
        number("SELECT count(*) FROM series WHERE tail_rows <> (SELECT coalesce(sum(row_count), 0) FROM bar_tail WHERE "
               "series_id = series.id)"),
        0)
        << "tail_rows is wrong";
    EXPECT_LE(number("SELECT max(tail_rows) FROM series"), static_cast<std::int64_t>(kTailRowsMax));
    if (on_server()) return;
    EXPECT_EQ(number("SELECT count(*) FROM pragma_foreign_key_check"), 0);
    EXPECT_EQ(number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), 1);
  }
};

INSTANTIATE_ON_BOTH_DATABASES(StoreProperties);

TEST_P(StoreProperties, any_appends_read_back_like_a_map_bit_for_bit) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  RandomBars random(seed);
  for (int round = 0; round < 10; ++round) {
    series_ =
        store_->ensure_series({"SPY", {market::Timeframe::Unit::kHour, 1}, "round " + std::to_string(round)}).value();
    import_ = store_->begin_import(series_, "random", "").value();
    // From crowded, where everything overlaps, to sparse over six years.
    const std::uint64_t grid_hours = 500u << (round % 8);
    BarsModel model;
    Series before;
    for (int step = 0; step < 40; ++step) {
      const bool again = random.one_in(8) && !before.empty();
      const Series batch = again ? before : random_batch(random, grid_hours);
      ASSERT_EQ(append(batch), model.append(batch)) << "round " << round << " step " << step;
      before = batch;

      const Series all = model.all();
      const auto any_time = [&] {
        return all.time[random.below(all.size())] + static_cast<std::int64_t>(random.below(3)) - 1;
      };
      const auto [from, to] = std::minmax({any_time(), any_time()});
      const auto part = store_->read(series_, base::time_from_nanoseconds(from), base::time_from_nanoseconds(to));
      ASSERT_TRUE(part) << part.error().message;
      ASSERT_TRUE(same_bits(*part, model.range(from, to))) << "round " << round << " step " << step;
      const std::uint64_t last = random.below(random.one_in(2) ? 50 : 10'000);
      const auto newest = store_->read_last(series_, static_cast<std::int64_t>(last));
      ASSERT_TRUE(newest) << newest.error().message;
      ASSERT_TRUE(same_bits(*newest, model.last(last))) << "round " << round << " step " << step;
      if (random.one_in(20)) open();
    }
    expect_equal_to(model);
  }
  expect_sound_file();
}

}  // namespace
}  // namespace tradeassist::store
