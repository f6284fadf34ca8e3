#include "store/benchmark/row_tables.hpp"

#include <array>
#include <charconv>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "store/schema/migrations.hpp"

namespace tradeassist::store {
namespace {

constexpr std::string_view kRowBars = R"(
CREATE TABLE row_bar (
  id INTEGER PRIMARY KEY,
  series_id INTEGER NOT NULL,
  time INTEGER NOT NULL,
  open /*sqlite TEXT*/ /*postgres NUMERIC(18, 6)*/ NOT NULL,
  high /*sqlite TEXT*/ /*postgres NUMERIC(18, 6)*/ NOT NULL,
  low /*sqlite TEXT*/ /*postgres NUMERIC(18, 6)*/ NOT NULL,
  close /*sqlite TEXT*/ /*postgres NUMERIC(18, 6)*/ NOT NULL,
  volume /*sqlite TEXT*/ /*postgres NUMERIC(18, 6)*/ NOT NULL,
  UNIQUE (series_id, time)
) STRICT;
)";

constexpr std::string_view kCalculationTables = R"(
CREATE TABLE floating (id INTEGER PRIMARY KEY, time INTEGER NOT NULL, price REAL NOT NULL, volume REAL NOT NULL) STRICT;
CREATE TABLE exact (
  id INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  price /*sqlite TEXT*/ /*postgres NUMERIC(18, 6)*/ NOT NULL,
  volume /*sqlite TEXT*/ /*postgres NUMERIC(18, 6)*/ NOT NULL
) STRICT;
INSERT INTO floating (id, time, price, volume)
  /*sqlite WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < ROWS)*/
  SELECT i, i * 60, 100 + (i * 7919 % 5000) / 100.0, 100 + i * 31 % 900
  FROM /*sqlite numbers*/ /*postgres generate_series(1::bigint, ROWS::bigint) AS i*/;
INSERT INTO exact (id, time, price, volume)
  SELECT id, time, /*sqlite printf('%.6f', price), printf('%.6f', volume)*/ /*postgres price::numeric, volume::numeric*/
  FROM floating;
CREATE INDEX floating_by_time ON floating (time);
ANALYZE /*postgres floating; ANALYZE exact*/;
)";

/// A number with six decimals, as a mapper writes it.
class DecimalText {
 public:
  explicit DecimalText(double value) {
    const auto written = std::to_chars(text_.data(), text_.data() + text_.size(), value, std::chars_format::fixed, 6);
    size_ = written.ec == std::errc() ? static_cast<std::size_t>(written.ptr - text_.data()) : 0;
  }
  std::string_view view() const { return {text_.data(), size_}; }

 private:
  std::array<char, 64> text_;
  std::size_t size_;
};

double decimal(const Row& row, int column, Dialect dialect) {
  if (dialect == Dialect::kPostgres) return row.real(column);
  const std::string_view text = row.text(column);
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// Binds through text where the server has decimals, since its binary form of them is its own.
const char* insert_sql(Dialect dialect) {
  return dialect == Dialect::kSqlite
             ? "INSERT INTO row_bar (series_id, time, open, high, low, close, volume) "
               "VALUES ($1, $2, $3, $4, $5, $6, $7)"
             : "INSERT INTO row_bar (series_id, time, open, high, low, close, volume) VALUES ($1, $2, "
               "$3::text::numeric, $4::text::numeric, $5::text::numeric, $6::text::numeric, $7::text::numeric)";
}

}  // namespace

base::Result<void> create_row_bars(Connection& connection) {
  return connection.run_script(in_dialect(kRowBars, connection.dialect()));
}

base::Result<void> insert_row_bar(Connection& connection, std::int64_t series_id, const market::Bar& bar) {
  const DecimalText open(bar.open), high(bar.high), low(bar.low), close(bar.close), volume(bar.volume);
  TRY(connection.run(insert_sql(connection.dialect()), {series_id, base::to_nanoseconds(bar.time), open.view(),
                                                        high.view(), low.view(), close.view(), volume.view()}));
  return {};
}

base::Result<void> fill_row_bars(Connection& connection, std::int64_t series_id, const market::Series& bars) {
  TRY_ASSIGN(Transaction transaction, Transaction::begin(connection, Transaction::Kind::kWrite));
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const market::Bar bar = bars.bar(i);
    const DecimalText open(bar.open), high(bar.high), low(bar.low), close(bar.close), volume(bar.volume);
    TRY(connection.run_later(insert_sql(connection.dialect()), {series_id, base::to_nanoseconds(bar.time), open.view(),
                                                                high.view(), low.view(), close.view(), volume.view()}));
  }
  return transaction.commit();
}

base::Result<market::Series> read_row_bars(Connection& connection, std::int64_t series_id) {
  TRY_ASSIGN(Rows rows, connection.query("SELECT time, open, high, low, close, volume FROM row_bar "
                                         "WHERE series_id = $1 ORDER BY time",
                                         {series_id}));
  market::Series bars;
  const Dialect dialect = connection.dialect();
  while (true) {
    TRY_ASSIGN(const bool more, rows.next());
    if (!more) return bars;
    bars.time.push_back(rows->integer(0));
    bars.open.push_back(decimal(*rows, 1, dialect));
    bars.high.push_back(decimal(*rows, 2, dialect));
    bars.low.push_back(decimal(*rows, 3, dialect));
    bars.close.push_back(decimal(*rows, 4, dialect));
    bars.volume.push_back(decimal(*rows, 5, dialect));
  }
}

base::Result<void> create_calculation_tables(Connection& connection, std::int64_t rows) {
  std::string script = in_dialect(kCalculationTables, connection.dialect());
  for (std::size_t at; (at = script.find("ROWS")) != std::string::npos;) script.replace(at, 4, std::to_string(rows));
  return connection.run_script(script);
}

base::Result<Calculated> calculate(Connection& connection, Arithmetic arithmetic) {
  const char* sql = "SELECT sum(price * volume), avg(price * price) - avg(price) * avg(price) FROM floating";
  if (arithmetic == Arithmetic::kDecimal) {
    sql = connection.dialect() == Dialect::kPostgres
              ? "SELECT sum(price * volume), avg(price * price) - avg(price) * avg(price) FROM exact"
              : "SELECT sum(CAST(price AS REAL) * CAST(volume AS REAL)), "
                "avg(CAST(price AS REAL) * CAST(price AS REAL)) - avg(CAST(price AS REAL)) * avg(CAST(price AS REAL)) "
                "FROM exact";
  }
  TRY_ASSIGN(const auto found,
             connection.query_first(sql, {}, [](const Row& row) { return Calculated{row.real(0), row.real(1)}; }));
  return found.value_or(Calculated{});
}

base::Result<std::int64_t> count_between(Connection& connection, Lookup lookup, std::int64_t first, std::int64_t last) {
  const bool says_so = lookup == Lookup::kScan && connection.dialect() == Dialect::kSqlite;
  // The price makes the index alone not enough, as in a real query.
  return connection.query_integer(says_so ? "SELECT count(price) FROM floating NOT INDEXED WHERE time BETWEEN $1 AND $2"
                                          : "SELECT count(price) FROM floating WHERE time BETWEEN $1 AND $2",
                                  {first, last});
}

base::Result<void> forbid_indexes(Connection& connection) {
  if (connection.dialect() == Dialect::kSqlite) return {};
  return connection.run_script(
      "SET enable_indexscan = off; SET enable_indexonlyscan = off; SET enable_bitmapscan = off");
}

}  // namespace tradeassist::store
