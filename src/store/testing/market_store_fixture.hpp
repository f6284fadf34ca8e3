#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "store/market_store.hpp"
#include "store/testing/random_bars.hpp"
#include "store/testing/test_database.hpp"

namespace tradeassist::store {

/// A store with one empty series, SPY 1m from "csv", and an open import into it.
class MarketStoreTest : public testing::Test {
 protected:
  explicit MarketStoreTest(Dialect dialect = Dialect::kSqlite) : database_(dialect) {}

  void SetUp() override {
    open();
    ASSERT_TRUE(store_->put_instrument({.symbol = "SPY", .time_zone = "America/New_York"}));
    series_ = store_->ensure_series({"SPY", {market::Timeframe::Unit::kMinute, 1}, "csv"}).value();
    import_ = store_->begin_import(series_, "csv", "spy.csv").value();
  }

  void open(const MarketStoreOptions& options = {}) {
    store_.reset();
    auto opened = MarketStore::open(database_.address(), options);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }

  /// Goes on with another, empty series.
  void other_series() {
    series_ = store_->ensure_series({"SPY", {market::Timeframe::Unit::kMinute, 1}, "another"}).value();
    import_ = store_->begin_import(series_, "another", "").value();
  }

  AppendResult append(const market::Series& bars) {
    const auto appended = store_->append(series_, bars, import_);
    EXPECT_TRUE(appended) << appended.error().message;
    return appended.value_or(AppendResult{-1, -1, -1});
  }

  base::Result<market::Series> read_all(const BarReadOptions& options = {}) {
    return store_->read(series_, base::Time::min(), base::Time::max(), options);
  }

  /// The database beside the store's own connections.
  std::unique_ptr<Connection> raw() { return open_connection(database_.address()).value(); }

  std::int64_t number(std::string_view sql) {
    const auto value = raw()->query_first(sql, {}, [](const Row& row) { return row.integer(0); });
    EXPECT_TRUE(value) << value.error().message;
    return value ? value->value_or(-1) : -1;
  }

  /// Tells whether chunks were written again. SQLite numbers rows by itself.
  std::vector<std::string> chunk_ids() {
    const auto connection = raw();
    const char* id = connection->dialect() == Dialect::kSqlite ? "rowid" : "ctid::text";
    return connection
        ->query_all(std::string("SELECT ") + id + " FROM bar_chunk WHERE series_id = $1 ORDER BY first_time", {series_},
                    [](const Row& row) { return std::string(row.text(0)); })
        .value();
  }

  /// Bars a minute apart from minute `first` of 2020 on, all values different from their neighbours'.
  static market::Series minutes(std::size_t first, std::size_t count) {
    market::Series bars;
    for (std::size_t i = first; i < first + count; ++i) {
      const double close = 300 + static_cast<double>(i % 1'000) / 100;
      const std::int64_t time = 1'577'836'800 + static_cast<std::int64_t>(i) * 60;
      bars.push_back({base::time_from_nanoseconds(time * base::kNanosecondsPerSecond), close - 0.01, close + 0.05,
                      close - 0.07, close, static_cast<double>(i % 5'000)});
    }
    return bars;
  }

  const std::filesystem::path& directory() const { return database_.directory(); }

  TestDatabase database_;
  std::unique_ptr<MarketStore> store_;
  std::int64_t series_ = 0;
  std::int64_t import_ = 0;
};

/// The same on each of the databases.
class MarketStoreOnBoth : public MarketStoreTest, public testing::WithParamInterface<Dialect> {
 protected:
  MarketStoreOnBoth() : MarketStoreTest(GetParam()) {}
  bool on_server() const { return GetParam() == Dialect::kPostgres; }
};

}  // namespace tradeassist::store
