#include "interchange/archive/archive.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <csignal>
#include <fstream>
#include <limits>
#include <random>

#include "base/durable_file.hpp"
#include "interchange/archive/archive_file.hpp"
#include "interchange/testing/series.hpp"
#include "store/testing/child_process.hpp"
#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::store {
namespace {

using namespace interchange;
namespace testing = ::testing;

using base::ErrorCode;
using market::Series;
using store::PartitionKind;
using store::PartitionState;
using ::testing::HasSubstr;
constexpr auto kBar = PartitionKind::kBar;

std::int64_t at(std::string_view text) { return base::to_nanoseconds(base::parse_time(text).value()); }
const store::PartitionRange kYear = store::partition_of(kBar, at("2020-06-01"));

class Archive : public store::MarketStoreOnBoth {
 protected:
  std::filesystem::path folder() const { return directory() / "archive"; }

  /// Hard values at hard times: the year's first and last instant, the leap day, and the years beside it.
  static Series hard_bars(std::size_t rows) {
    Series bars = interchange::testing::difficult_series(rows + 5, 7);
    const std::int64_t step = (kYear.last_time - kYear.first_time) / static_cast<std::int64_t>(rows);
    bars.time = {kYear.first_time - 1, kYear.first_time};
    for (std::size_t i = 1; i < rows; ++i) bars.time.push_back(kYear.first_time + static_cast<std::int64_t>(i) * step);
    for (const std::int64_t time :
         {at("2020-02-29T23:59:59.999999999Z"), kYear.last_time, kYear.last_time + 1, at("2021-02-28T12:00:00Z")})
      bars.time.push_back(time);
    std::ranges::sort(bars.time);
    bars.vwap.assign(bars.size(), market::kNotKnown);
    for (std::size_t i = 0; i < bars.size(); i += 3) bars.vwap[i] = static_cast<double>(i) / 7;
    return bars;
  }

  void fill() {
    append(hard_bars(20'000));
    other_series();
    append(minutes(0, 900));
    const auto all = store_->list_series().value();
    for (const auto& info : all) ids_.push_back(info.id);
  }

  base::Result<ArchiveManifest> archive() { return archive_partition(*store_, kBar, kYear, folder(), "1.2.3"); }
  base::Result<void> drop() { return drop_archived_partition(*store_, kBar, kYear, folder()); }
  base::Result<RestoreResult> restore() { return restore_partition(*store_, kBar, kYear, folder()); }
  PartitionState state() { return store_->partition(kBar, kYear)->state; }
  std::filesystem::path parquet() {
    return folder() / read_manifest(manifest_path(folder(), kBar, kYear))->parquet_file;
  }

  /// All values of all series to the bit, and what the series say of themselves.
  std::vector<std::string> everything() {
    std::vector<std::string> lines;
    for (const std::int64_t id : ids_) {
      const auto info = store_->series(id);
      ColumnChecksums sums(kBar);
      const auto bars = read_rows(*store_, kBar, id, std::numeric_limits<std::int64_t>::min(),
                                  std::numeric_limits<std::int64_t>::max());
      EXPECT_TRUE(bars) << bars.error().message;
      sums.add(*bars);
      std::string line = std::to_string(info->row_count) + " " + std::to_string(info->corrections);
      for (const auto& [name, sum] : sums.values()) line += " " + name + "=" + std::to_string(sum);
      for (const auto& time : {info->first_time, info->last_time}) line += " " + base::format_time(time.value());
      lines.push_back(line);
    }
    return lines;
  }

  std::vector<std::int64_t> ids_;
};
INSTANTIATE_ON_BOTH_DATABASES(Archive);

TEST_P(Archive, what_was_dropped_comes_back_to_the_bit) {
  fill();
  const auto before = everything();
  const auto manifest = archive();
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->row_count, 20'002 + 900);
  EXPECT_EQ(manifest->series.size(), 2u);
  EXPECT_EQ(state(), PartitionState::kArchived);
  ASSERT_TRUE(drop());
  EXPECT_EQ(state(), PartitionState::kDropped);
  EXPECT_EQ(store_->series(ids_[0])->row_count, 3);
  const auto restored = restore();
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_EQ(restored->restored, 20'002 + 900);
  EXPECT_EQ(restored->kept, 0);
  EXPECT_EQ(everything(), before);
  EXPECT_EQ(state(), PartitionState::kOpen);
  EXPECT_TRUE(store_->list_imports(ids_[0])->front().finished_at);
  EXPECT_EQ(restore()->restored, 0);
  EXPECT_EQ(everything(), before);
}

TEST_P(Archive, makes_what_another_database_lacks) {
  fill();
  ASSERT_TRUE(archive());
  const store::TestDatabase other(GetParam());
  const auto fresh = store::MarketStore::open(other.address()).value();
  const auto restored = restore_partition(*fresh, kBar, kYear, folder());
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_EQ(restored->restored, 20'002 + 900);
  EXPECT_EQ(fresh->instrument("SPY").value(), store_->instrument("SPY").value());
}

TEST_P(Archive, a_late_bar_between_archive_and_drop_is_not_lost) {
  fill();
  ASSERT_TRUE(archive());
  Series late = minutes(1'000, 1);
  append(late);
  const auto refused = drop();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("changed since"));
  const auto before = everything();
  ASSERT_TRUE(archive());
  ASSERT_TRUE(drop());
  ASSERT_TRUE(restore());
  EXPECT_EQ(everything(), before);
}

TEST_P(Archive, a_killed_restore_is_completed_by_another_and_cannot_be_archived_over) {
  fill();
  const auto before = everything();
  ASSERT_TRUE(archive());
  ASSERT_TRUE(drop());
  store_.reset();
  {
    // What a restore does until it is killed: the partition is open, and half of the first series is back.
    store::ChildProcess child([&](int end) {
      auto opened = store::MarketStore::open(database_.address());
      (void)(*opened)->open_partition(kBar, kYear);
      StoredRows some;
      (void)read_archive_file(parquet(), kBar, [&](const ArchiveRows& rows) -> base::Result<void> {
        if (some.empty()) some = rows.rows.slice(0, rows.rows.size() / 2);
        return {};
      });
      const std::int64_t import = (*opened)->begin_import(ids_[1], "archive", "").value();
      (void)append_rows(**opened, kBar, ids_[1], some, import);
      (void)!::write(end, "x", 1);
      ::kill(::getpid(), SIGKILL);
    });
    char byte = 0;
    ASSERT_EQ(::read(child.read_end(), &byte, 1), 1);
  }
  open();
  EXPECT_EQ(state(), PartitionState::kOpen);
  EXPECT_FALSE(drop());
  const auto over = archive();
  ASSERT_FALSE(over);
  EXPECT_THAT(over.error().message, HasSubstr("restore was not finished"));
  const auto restored = restore();
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_EQ(restored->kept, 450);
  EXPECT_EQ(restored->restored, 20'002 + 450);
  EXPECT_EQ(everything(), before);
}

TEST_P(Archive, a_restore_keeps_what_came_later) {
  fill();
  ASSERT_TRUE(archive());
  Series corrected = minutes(5, 1);
  corrected.close[0] += 1;
  append(corrected);
  const auto before = everything();
  EXPECT_EQ(restore()->kept, 20'002 + 900);
  EXPECT_EQ(everything(), before);
}

TEST_P(Archive, damage_is_found_and_nothing_is_dropped_or_restored) {
  fill();
  ASSERT_TRUE(archive());
  ASSERT_TRUE(verify_archive(folder(), kBar, kYear));
  {
    std::fstream file(parquet(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(5'000);
    const char byte = static_cast<char>(file.get() ^ 1);
    file.seekp(5'000);
    file.put(byte);
  }
  const auto verified = verify_archive(folder(), kBar, kYear);
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().code, ErrorCode::kDataLoss);
  EXPECT_FALSE(drop());
  EXPECT_EQ(state(), PartitionState::kArchived);
  EXPECT_FALSE(restore());
}

TEST_P(Archive, a_changed_manifest_is_found) {
  fill();
  ASSERT_TRUE(archive());
  const auto path = manifest_path(folder(), kBar, kYear);
  std::string text = base::read_text(path, 1 << 20).value();
  const auto place = text.find("America/New_York");
  ASSERT_NE(place, std::string::npos);
  text.replace(place, 16, "Europe/Bucharest");
  ASSERT_TRUE(base::write_durably(path, text));
  const auto verified = verify_archive(folder(), kBar, kYear);
  ASSERT_FALSE(verified);
  EXPECT_THAT(verified.error().message, HasSubstr("manifest is damaged"));

  // One that has its checksum right, but does not fit the file.
  std::filesystem::remove(path);
  auto manifest = archive().value();
  manifest.series[0].row_count += 1;
  ASSERT_TRUE(write_manifest(path, manifest));
  EXPECT_THAT(verify_archive(folder(), kBar, kYear).error().message, HasSubstr("another number of rows"));
  manifest.series[0].row_count -= 1;
  manifest.series[1].crc32c["low"] ^= 1;
  ASSERT_TRUE(write_manifest(path, manifest));
  EXPECT_THAT(verify_archive(folder(), kBar, kYear).error().message, HasSubstr("other values"));
}

TEST_P(Archive, refuses_deleted_series_and_what_is_empty) {
  fill();
  ASSERT_TRUE(store_->delete_series(ids_[1]));
  EXPECT_THAT(archive().error().message, HasSubstr("is deleted"));
  ASSERT_TRUE(
      store_->create_partitions(base::parse_time("2030-01-01").value(), base::parse_time("2030-01-02").value()));
  EXPECT_THAT(
      archive_partition(*store_, kBar, store::partition_of(kBar, at("2030-01-01")), folder(), "").error().message,
      HasSubstr("no rows"));
}

constexpr auto kTick = PartitionKind::kTick;
const store::PartitionRange kMonth = store::partition_of(kTick, at("2020-02-10"));

/// A month of ticks in two series, one with quotes, and ticks of the months beside it.
class TickArchive : public store::MarketStoreOnBoth {
 protected:
  /// Instants of one tick and of many, one of them where parts of the archive would otherwise end; all kinds of
  /// numbers.
  static market::TickSeries hard_ticks(std::size_t rows, bool quotes, unsigned seed) {
    std::mt19937_64 random(seed);
    const auto number = [&]() -> double {
      switch (random() % 8) {
        case 0: return market::kNotKnown;
        case 1: return -0.0;
        case 2: return std::bit_cast<double>(std::uint64_t{0x7ff8'0000'0000'1234});
        case 3: return -37.63;
        default: return std::uniform_real_distribution<double>(-1e6, 1e6)(random);
      }
    };
    market::TickSeries ticks;
    std::vector<std::int64_t> times = {kMonth.first_time - 1, kMonth.first_time, kMonth.first_time};
    const std::int64_t step = (kMonth.last_time - kMonth.first_time) / static_cast<std::int64_t>(rows);
    for (std::int64_t at = 1; times.size() < rows;) {
      times.push_back(kMonth.first_time + at * step);
      const bool is_crowded = times.size() > kArchiveRowsMax - 2'000 && times.size() < kArchiveRowsMax + 5'000;
      if (!is_crowded && random() % 4 != 0) ++at;
    }
    for (const std::int64_t time : {kMonth.last_time, kMonth.last_time, kMonth.last_time + 1}) times.push_back(time);
    for (const std::int64_t time : times) {
      market::Tick tick{base::time_from_nanoseconds(time), number(), number()};
      if (quotes) tick.bid = number(), tick.ask = number();
      ticks.push_back(tick);
    }
    return ticks;
  }

  void fill() {
    for (const bool quotes : {false, true}) {
      const auto id = store_->ensure_series({"SPY", market::kTickTimeframe, quotes ? "quotes" : "trades"}).value();
      const auto import = store_->begin_import(id, "x", "").value();
      const auto stored = store_->append_ticks(id, hard_ticks(quotes ? 3'000 : 150'000, quotes, 5), import);
      ASSERT_TRUE(stored) << stored.error().message;
      ids_.push_back(id);
    }
  }

  StoredRows rows_of(std::int64_t id) {
    auto rows = read_rows(*store_, kTick, id, std::numeric_limits<std::int64_t>::min(),
                          std::numeric_limits<std::int64_t>::max());
    EXPECT_TRUE(rows) << rows.error().message;
    return rows ? std::move(*rows) : StoredRows{};
  }
  bool same_as(const std::vector<StoredRows>& before) {
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      if (!interchange::is_same(rows_of(ids_[i]), before[i])) return false;
    }
    return true;
  }
  std::vector<StoredRows> everything() { return {rows_of(ids_[0]), rows_of(ids_[1])}; }

  std::filesystem::path folder() const { return directory() / "archive"; }
  base::Result<ArchiveManifest> archive() { return archive_partition(*store_, kTick, kMonth, folder(), "1.2.3"); }
  base::Result<void> drop() { return drop_archived_partition(*store_, kTick, kMonth, folder()); }
  base::Result<RestoreResult> restore() { return restore_partition(*store_, kTick, kMonth, folder()); }

  std::vector<std::int64_t> ids_;
};
INSTANTIATE_ON_BOTH_DATABASES(TickArchive);

TEST_P(TickArchive, what_was_dropped_comes_back_to_the_bit) {
  fill();
  const auto before = everything();
  const auto infos = [&] { return std::pair(store_->series(ids_[0])->row_count, store_->series(ids_[1])->row_count); };
  const auto counts = infos();
  const auto manifest = archive();
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->row_count, counts.first + counts.second - 4);  // those of the months beside it
  EXPECT_EQ(manifest->series.front().timeframe, "tick");
  ASSERT_TRUE(verify_archive(folder(), kTick, kMonth));
  const auto dropped = drop();
  ASSERT_TRUE(dropped) << dropped.error().message;
  EXPECT_EQ(infos(), std::pair(std::int64_t{2}, std::int64_t{2}));
  EXPECT_EQ(store_->partition(kTick, kMonth)->state, PartitionState::kDropped);
  const auto import = store_->begin_import(ids_[0], "x", "").value();
  const auto refused = store_->append_ticks(ids_[0], hard_ticks(10, false, 6), import);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("2020-02"));

  const auto restored = restore();
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_EQ(restored->restored, manifest->row_count);
  EXPECT_EQ(restored->kept, 0);
  EXPECT_TRUE(same_as(before));
  EXPECT_EQ(infos(), counts);
  EXPECT_EQ(restore()->restored, 0);
  EXPECT_TRUE(same_as(before));
  ASSERT_TRUE(archive());
  ASSERT_TRUE(drop());
}

TEST_P(TickArchive, parts_never_divide_an_instant_and_a_restore_that_was_ended_is_completed) {
  fill();
  const auto before = everything();
  const auto manifest = archive();
  ASSERT_TRUE(manifest) << manifest.error().message;
  ASSERT_TRUE(drop());
  const auto path = folder() / manifest->parquet_file;
  std::vector<ArchiveRows> parts;
  ASSERT_TRUE(read_archive_file(path, kTick, [&](const ArchiveRows& rows) -> base::Result<void> {
    parts.push_back(rows);
    return {};
  }));
  ASSERT_EQ(parts.size(), 3u);  // two of the larger series, of which the first ends before the instant of thousands
  EXPECT_LT(parts[1].rows.size(), kArchiveRowsMax - 1'000);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (parts[i].source != parts[i - 1].source) continue;
    EXPECT_LT(parts[i - 1].rows.time.back(), parts[i].rows.time.front());
  }
  // What a restore does until it is killed: the partition is open, and one part is back.
  ASSERT_TRUE(store_->open_partition(kTick, kMonth));
  const ArchiveRows& part = parts.back();
  const std::int64_t id = ids_[part.source == "quotes" ? 1 : 0];
  const auto import = store_->begin_import(id, "archive", "").value();
  ASSERT_TRUE(append_rows(*store_, kTick, id, part.rows, import));
  EXPECT_FALSE(drop());
  const auto over = archive();
  ASSERT_FALSE(over);
  EXPECT_THAT(over.error().message, HasSubstr("restore was not finished"));
  const auto restored = restore();
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_EQ(restored->kept, static_cast<std::int64_t>(part.rows.size()));
  EXPECT_EQ(restored->restored + restored->kept, manifest->row_count);
  EXPECT_TRUE(same_as(before));
}

TEST_P(TickArchive, another_database_gets_them_whole) {
  fill();
  const auto manifest = archive();
  ASSERT_TRUE(manifest) << manifest.error().message;
  const store::TestDatabase other(GetParam());
  const auto fresh = store::MarketStore::open(other.address()).value();
  const auto restored = restore_partition(*fresh, kTick, kMonth, folder());
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_EQ(restored->restored, manifest->row_count);
  const auto all = fresh->list_series().value();
  ASSERT_EQ(all.size(), 2u);
  for (const auto& info : all) {
    const std::int64_t id = info.key.source == "trades" ? ids_[0] : ids_[1];
    EXPECT_TRUE(interchange::is_same(read_rows(*fresh, kTick, info.id, kMonth.first_time, kMonth.last_time).value(),
                                     read_rows(*store_, kTick, id, kMonth.first_time, kMonth.last_time).value()));
  }
}

TEST_P(TickArchive, a_restore_keeps_the_instants_that_came_later_and_late_ticks_forbid_a_drop) {
  fill();
  ASSERT_TRUE(archive());
  // One tick where there were two.
  market::TickSeries corrected;
  corrected.push_back({base::time_from_nanoseconds(kMonth.last_time), 5, 1});
  const auto import = store_->begin_import(ids_[0], "x", "").value();
  ASSERT_TRUE(store_->append_ticks(ids_[0], corrected, import));
  const auto refused = drop();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("changed since"));
  const auto before = everything();
  const auto restored = restore();
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_EQ(restored->restored, 0);
  EXPECT_TRUE(same_as(before));
}

}  // namespace
}  // namespace tradeassist::store
