#include "interchange/archive/archive.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <limits>

#include "interchange/archive/archive_file.hpp"
#include "interchange/archive/durable_file.hpp"
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
      ColumnChecksums sums;
      const auto bars = store_->read(id, base::Time::min(), base::Time::max());
      EXPECT_TRUE(bars) << bars.error().message;
      sums.add(with_all_columns(*bars));
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
      Series some;
      (void)read_archive_file(parquet(), [&](const ArchiveRows& rows) -> base::Result<void> {
        if (some.empty()) some = without_unknown_columns(rows.bars.slice(0, rows.bars.size() / 2));
        return {};
      });
      const std::int64_t import = (*opened)->begin_import(ids_[1], "archive", "").value();
      (void)(*opened)->append(ids_[1], some, import);
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
  std::string text = read_text(path, 1 << 20).value();
  const auto place = text.find("America/New_York");
  ASSERT_NE(place, std::string::npos);
  text.replace(place, 16, "Europe/Bucharest");
  ASSERT_TRUE(write_durably(path, text));
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

TEST_P(Archive, refuses_ticks_deleted_series_and_what_is_empty) {
  fill();
  EXPECT_EQ(archive_partition(*store_, PartitionKind::kTick, kYear, folder(), "").error().code,
            ErrorCode::kUnsupported);
  ASSERT_TRUE(store_->delete_series(ids_[1]));
  EXPECT_THAT(archive().error().message, HasSubstr("is deleted"));
  ASSERT_TRUE(
      store_->create_partitions(base::parse_time("2030-01-01").value(), base::parse_time("2030-01-02").value()));
  EXPECT_THAT(
      archive_partition(*store_, kBar, store::partition_of(kBar, at("2030-01-01")), folder(), "").error().message,
      HasSubstr("no rows"));
}

}  // namespace
}  // namespace tradeassist::store
