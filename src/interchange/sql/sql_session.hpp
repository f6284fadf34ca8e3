#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "interchange/duckdb/database.hpp"
#include "interchange/sql/result_text.hpp"
#include "store/market_store.hpp"

namespace tradeassist::interchange {

/// Bars that one bars() may read: 48 bytes each.
constexpr std::int64_t kSqlBarsMax = 50'000'000;

struct SqlOptions {
  DatabaseOptions database = {};
  bool reads_files = false;   // read_csv('…'), read_parquet('…'), FROM 'file.parquet'
  std::string output_file{};  // the one file that may be written, by write_parquet
  std::int64_t bars_max = kSqlBarsMax;
};

enum class SqlFormat : std::uint8_t { kTable, kCsv, kJson, kArrow };

/// Questions in SQL to the store (store_functions.hpp lists its tables). Nothing can be changed by them: only one query
/// at a time is accepted and the store's functions only read; files are closed to it but for `reads_files`, the network
/// always. One thread at a time, but for interrupt(). The store must outlive it.
class SqlSession {
 public:
  static base::Result<SqlSession> open(store::MarketStore& store, const SqlOptions& options = {});

  /// Runs a query and encodes its result: at most `rows_max` rows (see result_text.hpp for what happens to more).
  /// kInvalidArgument for what is no single query, kCancelled after interrupt().
  base::Result<EncodedResult> run(const std::string& sql, SqlFormat format, std::int64_t rows_max);

  /// Runs a query and writes its result to the session's output_file, over what is there; gives the number of
  /// rows. kResourceExhausted when there are more than `rows_max`.
  base::Result<std::int64_t> write_parquet(const std::string& sql, std::int64_t rows_max);

  void interrupt() { connection_.interrupt(); }

 private:
  SqlSession(Connection connection, std::string output_file)
      : connection_(std::move(connection)), output_file_(std::move(output_file)) {}

  Connection connection_;
  std::string output_file_;
};

}  // namespace tradeassist::interchange
