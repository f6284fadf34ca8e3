#include "store/integrity/doctor.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>

#include "store/bars/chunk_rows.hpp"
#include "store/partitions/partition_registry.hpp"
#include "store/schema/migrations.hpp"
#include "store/testing/doctor_fixture.hpp"

namespace tradeassist::store {
namespace {

using market::Series;
using market::Timeframe;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::size_t kChunk = kChunkRowsMax;

/// SPY has three chunks and ten rows in its tail, QQQ one chunk.
class Doctor : public DoctorOnBoth {
 protected:
  void SetUp() override {
    DoctorOnBoth::SetUp();
    bars_ = minutes(0, 3 * kChunk + 10);
    append(bars_.slice(0, 3 * kChunk));
    append(bars_.slice(3 * kChunk, 10));
    ASSERT_TRUE(store_->finish_import(import_));
    ASSERT_TRUE(store_->put_instrument({.symbol = "QQQ"}));
    other_ = store_->ensure_series({"QQQ", {Timeframe::Unit::kMinute, 1}, "csv"}).value();
    const auto import = store_->begin_import(other_, "csv", "qqq.csv").value();
    ASSERT_TRUE(store_->append(other_, minutes(0, kChunk), import));
    ASSERT_TRUE(store_->finish_import(import));
  }

  static std::int64_t nanoseconds(std::size_t minute) { return minutes(minute, 1).time.front(); }

  void damage_second_chunk() {
    sql(fmt::format("UPDATE bar_chunk SET checksum = checksum + 1 WHERE series_id = {} AND first_time = {}", series_,
                    nanoseconds(kChunk)));
  }

  void add_chunk(const Series& bars) {
    ChunkEncoder encoder;
    const EncodedChunk chunk = encoder.encode(bars, 0, bars.size());
    const auto connection = raw();
    const auto range = partition_of(PartitionKind::kBar, chunk.first_time);
    const auto partition = ensure_partition(*connection, PartitionKind::kBar, range).value();
    ASSERT_TRUE(
        connection->run("INSERT INTO bar_chunk (series_id, partition_id, first_time, last_time, row_count, "
                        "codec, checksum, payload) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                        {series_, partition, chunk.first_time, chunk.last_time, chunk.row_count, chunk.codec,
                         chunk.checksum, chunk.payload}));
  }

  void append_correction(const Series& bars) {
    const auto import = store_->begin_import(series_, "csv", "correction.csv").value();
    ASSERT_TRUE(store_->append(series_, bars, import));
    ASSERT_TRUE(store_->finish_import(import));
  }

  bool other_reads_on() {
    return bool(same_bits(store_->read(other_, base::Time::min(), base::Time::max()).value(), minutes(0, kChunk)));
  }

  Series bars_;
  std::int64_t other_ = 0;
};

INSTANTIATE_ON_BOTH_DATABASES(Doctor);

TEST_P(Doctor, finds_nothing_where_nothing_is_wrong_and_says_how_much_it_read) {
  Series correction = bars_.slice(7, 2);
  correction.close = {1, 2};
  append_correction(correction);
  const Examination examined = examination();
  EXPECT_THAT(examined.findings, ElementsAre());
  EXPECT_EQ(examined.broken, 0);
  EXPECT_EQ(examined.series, 2);
  EXPECT_EQ(examined.chunks, 4);
  EXPECT_EQ(examined.bars, static_cast<std::int64_t>(4 * kChunk + 10));
  EXPECT_EQ(examined.schema_version, static_cast<int>(market_migrations().size()));
}

TEST_P(Doctor, examines_many_pages_of_chunks_and_tells_how_far_it_is) {
  for (std::size_t i = 0; i < 70; ++i) {
    // Half a minute off, so that no chunk is joined to another.
    Series bars = minutes(10'000'000 + i * 600'000, 3);
    add_chunk(bars);
  }
  std::int64_t calls = 0, last = 0;
  const auto examined = examination({.progress = [&](const ExaminationProgress& progress) {
    ++calls;
    EXPECT_GE(progress.bars, last);
    last = progress.bars;
    EXPECT_EQ(progress.series_count, 2);
  }});
  EXPECT_EQ(examined.chunks, 74);
  EXPECT_GE(calls, 4);
  EXPECT_EQ(last, static_cast<std::int64_t>(4 * kChunk + 210));
}

TEST_P(Doctor, names_a_damaged_chunk_and_everything_else_reads_on) {
  damage_second_chunk();
  EXPECT_THAT(
      findings(),
      ElementsAre(AllOf(HasSubstr("SPY 1m csv, 2020-01-03T20:16:00Z to 2020-01-06T16:31:00Z: 4096 bars cannot be "
                                  "read: checksum does not match; discard it with --repair --discard-damaged"))));
  std::vector<DamagedChunk> damaged;
  const auto read = read_all({.damaged = &damaged});
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->size(), 2 * kChunk + 10);
  EXPECT_TRUE(other_reads_on());
}

TEST_P(Doctor, finds_every_column_of_a_chunk_that_says_something_else) {
  for (const char* change :
       {"last_time = last_time + 1", "row_count = row_count - 1", "codec = 1 - codec", "first_time = first_time + 1"}) {
    sql(fmt::format("UPDATE bar_chunk SET {} WHERE series_id = {} AND first_time = {}", change, series_,
                    nanoseconds(kChunk)));
    EXPECT_THAT(findings(), ElementsAre(HasSubstr("checksum does not match"))) << change;
    EXPECT_EQ(repaired({.discard_damaged = true}).size(), 1u);
    EXPECT_THAT(findings(), ElementsAre()) << change;
    const auto import = store_->begin_import(series_, "csv", "again").value();
    EXPECT_EQ(store_->append(series_, bars_, import)->inserted, static_cast<std::int64_t>(kChunk)) << change;
    ASSERT_TRUE(store_->finish_import(import));
  }
}

TEST_P(Doctor, removes_a_damaged_chunk_only_when_asked_and_notes_what_went) {
  damage_second_chunk();
  EXPECT_THAT(repaired(), ElementsAre(HasSubstr("SPY 1m csv: damaged chunks were left")));
  EXPECT_EQ(findings().size(), 1u);
  EXPECT_EQ(number("SELECT count(*) FROM history WHERE action = 'data_discarded'"), 0);

  EXPECT_THAT(repaired({.discard_damaged = true, .by = "Ann"}),
              ElementsAre(HasSubstr("4096 bars from 2020-01-03T20:16:00Z to 2020-01-06T16:31:00Z discarded")));
  EXPECT_THAT(findings(), ElementsAre());
  const auto noted = store_->history({.symbol = "SPY", .limit = 1}).value().at(0);
  EXPECT_EQ(noted.action, "data_discarded");
  EXPECT_EQ(noted.by, "Ann");
  EXPECT_EQ(noted.before,
            R"([{"first_time":"2020-01-03T20:16:00Z","last_time":"2020-01-06T16:31:00Z","row_count":4096,)"
            R"("reason":"checksum does not match"}])");
  EXPECT_EQ(store_->series(series_)->row_count, static_cast<std::int64_t>(2 * kChunk + 10));
  EXPECT_TRUE(other_reads_on());
}

TEST_P(Doctor, also_examines_and_repairs_what_is_deleted) {
  damage_second_chunk();
  ASSERT_TRUE(store_->delete_instrument("SPY"));
  EXPECT_EQ(findings().size(), 1u);
  EXPECT_EQ(repaired({.discard_damaged = true}).size(), 1u);
  EXPECT_THAT(findings(), ElementsAre());
}

TEST_P(Doctor, finds_counts_that_are_not_those_of_the_rows_and_counts_again) {
  sql("UPDATE series SET row_count = 7, tail_rows = 0, first_time = 5, last_time = NULL WHERE id = " +
      std::to_string(series_));
  EXPECT_THAT(
      findings(),
      ElementsAre(
          HasSubstr("SPY 1m csv: the series row says 0 rows in 1 entries of the tail, and there are 10 in 1; count"),
          HasSubstr("the series row says 7 bars, and there are 12298"),
          HasSubstr("the first bar is 1970-01-01T00:00:00.000000005Z, and it is 2020-01-01T00:00:00Z"),
          HasSubstr("the last bar is none, and it is 2020-01-09T12:57:00Z")));
  EXPECT_THAT(repaired(), ElementsAre("SPY 1m csv: counted again"));
  EXPECT_THAT(findings(), ElementsAre());
  EXPECT_EQ(store_->series(series_)->row_count, 12'298);
  EXPECT_TRUE(same_bits(read_all().value(), bars_));
  EXPECT_EQ(store_->history({.symbol = "SPY", .limit = 1})->at(0).action, "updated");
}

TEST_P(Doctor, a_damaged_entry_of_the_tail_is_found_and_costs_its_own_bars_only) {
  append_correction(bars_.slice(3 * kChunk, 10));  // changes nothing
  Series more = minutes(3 * kChunk + 10, 5);
  append_correction(more);
  sql(fmt::format("UPDATE bar_tail SET payload = {} WHERE series_id = {} AND entry = 0",
                  on_server() ? "'\\x00'" : "x'00'", series_));
  EXPECT_THAT(findings(), ElementsAre(AllOf(HasSubstr("SPY 1m csv, 2020-01-09T12:48:00Z to 2020-01-09T12:57:00Z"),
                                            HasSubstr("10 bars cannot be read: checksum does not match"))));
  std::vector<DamagedChunk> damaged;
  EXPECT_EQ(read_all({.damaged = &damaged})->size(), 3 * kChunk + 5);
  EXPECT_THAT(repaired({.discard_damaged = true}), ElementsAre(HasSubstr("10 bars from 2020-01-09T12:48:00Z")));
  EXPECT_THAT(findings(), ElementsAre());
  EXPECT_EQ(store_->series(series_)->row_count, static_cast<std::int64_t>(3 * kChunk + 5));
}

TEST_P(Doctor, a_tail_that_is_damaged_as_a_whole_can_be_discarded) {
  sql("UPDATE bar_tail SET checksum = checksum + 1");
  EXPECT_EQ(repaired({.discard_damaged = true}).size(), 1u);
  EXPECT_THAT(findings(), ElementsAre());
  append_correction(bars_.slice(3 * kChunk, 10));
  EXPECT_TRUE(same_bits(read_all().value(), bars_));
}

TEST_P(Doctor, the_tails_rows_count_into_what_the_series_should_say) {
  Series correction = bars_.slice(kChunk - 1, 2);
  correction.close = {1, 2};
  append_correction(correction);              // of rows in two chunks
  append_correction(minutes(5 * kChunk, 3));  // behind them all
  EXPECT_THAT(findings(), ElementsAre());
  sql(fmt::format("UPDATE series SET last_time = {}, tail_entries = 1 WHERE id = {}", nanoseconds(3 * kChunk + 9),
                  series_));
  EXPECT_THAT(findings(),
              ElementsAre(HasSubstr("says 15 rows in 1 entries of the tail, and there are 15 in 3"),
                          HasSubstr("the last bar is 2020-01-09T12:57:00Z, and it is 2020-01-15T05:22:00Z")));
  EXPECT_THAT(repaired(), ElementsAre("SPY 1m csv: counted again"));
  EXPECT_THAT(findings(), ElementsAre());
  EXPECT_EQ(store_->series(series_)->row_count, static_cast<std::int64_t>(3 * kChunk + 13));
}

TEST_P(Doctor, chunks_that_overlap_are_found_and_the_first_one_is_kept) {
  Series middle = minutes(kChunk + 10, 20);
  middle.close.assign(20, 1);
  add_chunk(middle);
  EXPECT_THAT(findings(), ElementsAre(HasSubstr("20 bars cannot be read: overlaps the chunk before it")));
  // One that begins with another, and so has the same place in the order of times.
  Series shorter = bars_.slice(0, 5);
  add_chunk(shorter);
  EXPECT_EQ(findings().size(), 2u);
  EXPECT_EQ(repaired({.discard_damaged = true}).size(), 2u);
  EXPECT_THAT(findings(), ElementsAre());
}

TEST_P(Doctor, a_chunk_listed_in_the_wrong_partition_is_moved) {
  sql("INSERT INTO partition (id, kind, first_time, last_time, created_at) VALUES (900, 'bar', -9, -1, 0); "
      "UPDATE bar_chunk SET partition_id = 900 WHERE series_id = " +
      std::to_string(other_));
  EXPECT_THAT(findings(), ElementsAre(AllOf(HasSubstr("QQQ 1m csv, 2020-01-01T00:00:00Z to"),
                                            HasSubstr("the chunk is listed in partition 1969, and belongs to partition "
                                                      "2020; list it where it belongs with --repair"))));
  EXPECT_THAT(repaired(), ElementsAre("QQQ 1m csv: 1 chunks listed in the partitions of their times"));
  EXPECT_THAT(findings(), ElementsAre());
  EXPECT_TRUE(other_reads_on());
}

TEST_P(Doctor, an_import_that_stopped_half_way_is_a_note_and_no_damage) {
  store_->begin_import(series_, "csv", "half.csv").value();
  const Examination examined = examination();
  EXPECT_EQ(examined.broken, 0);
  EXPECT_EQ(examined.notes, 1);
  EXPECT_THAT(to_string(examined.findings.at(0)),
              AllOf(HasSubstr("of half.csv, begun at 2"), HasSubstr("is not finished")));
}

TEST_P(Doctor, looks_at_one_symbol_when_asked) {
  damage_second_chunk();
  EXPECT_THAT(findings({.symbol = "QQQ"}), ElementsAre());
  EXPECT_EQ(findings({.symbol = "SPY"}).size(), 1u);
  const auto connection = raw();
  EXPECT_EQ(examine(*connection, {.symbol = "XYZ"}).error().code, base::ErrorCode::kNotFound);
}

TEST_P(Doctor, describes_a_bounded_number_of_findings_and_repairs_those_it_left_out) {
  sql("UPDATE bar_chunk SET checksum = checksum + 1");
  const Examination examined = examination({.findings_max = 1});
  EXPECT_EQ(examined.findings.size(), 1u);
  EXPECT_EQ(examined.broken, 4);
  const auto connection = raw();
  EXPECT_EQ(repair(*connection, examined, {.discard_damaged = true})->size(), 4u);
  EXPECT_THAT(findings(), ElementsAre());
}

TEST_P(Doctor, references_to_what_is_not_there_are_found) {
  if (on_server()) {
    sql("ALTER TABLE import DROP CONSTRAINT import_series_id_fkey; ALTER TABLE import ADD CONSTRAINT "
        "import_series_id_fkey FOREIGN KEY (series_id) REFERENCES series (id) ON DELETE RESTRICT NOT VALID");
    EXPECT_THAT(findings(), ElementsAre(AllOf(HasSubstr("constraint import_series_id_fkey of table"),
                                              HasSubstr("never checked against its rows; run ALTER TABLE"))));
  } else {
    sql("PRAGMA foreign_keys = OFF; UPDATE import SET series_id = 77 WHERE id = 1");
    EXPECT_THAT(
        findings(),
        ElementsAre(HasSubstr("market.db: 1 rows of table import refer to rows of table series that are not there")));
  }
}

TEST_P(Doctor, another_version_of_the_schema_is_named_and_nothing_else_is_read) {
  sql("INSERT INTO schema_migration VALUES (99, 'from the future', 0)");
  EXPECT_THAT(findings(), ElementsAre(HasSubstr("the schema has version 99, and this program reads version")));
  sql("DELETE FROM schema_migration WHERE version >= 3");
  EXPECT_THAT(findings(), ElementsAre(HasSubstr("run `tradeassist migrate`")));
}

TEST_F(MarketStoreTest, the_doctor_finds_pages_of_a_file_that_were_overwritten) {
  append(minutes(0, 50'000));
  store_.reset();
  raw()->run_script("PRAGMA wal_checkpoint(TRUNCATE)").value();
  const auto file = directory() / "market.db";
  const auto size = static_cast<std::streamoff>(std::filesystem::file_size(file));
  std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
  for (std::streamoff page = size / 2 / 4096 * 4096; page < size / 2 + 8 * 4096; page += 4096) {
    bytes.seekp(page);
    bytes << std::string(4096, 'x');
  }
  bytes.close();
  const auto connection = open_connection(database_.address(), {.read_only = true}).value();
  const auto examined = examine(*connection);
  ASSERT_TRUE(examined) << examined.error().message;
  EXPECT_GT(examined->broken, 0);
  EXPECT_THAT(to_string(examined->findings.at(0)), HasSubstr("market.db: "));
}

}  // namespace
}  // namespace tradeassist::store
