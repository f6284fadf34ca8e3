#include "interchange/sql/sql_session.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "interchange/sql/cell_text.hpp"
#include "interchange/sql/store_functions.hpp"

namespace tradeassist::interchange {
namespace {

/// The query with every column that has no text of its own cast to one.
std::string with_texts(const std::string& subquery, const std::vector<QueryResult::Column>& columns) {
  std::string names, values;  // by position: names of results may be the same twice
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string comma = i == 0 ? "" : ", ";
    const std::string name = sql_name(columns[i].name);
    names += fmt::format("{}c{}", comma, i);
    values += is_printable(columns[i].type) ? fmt::format("{}c{} AS {}", comma, i, name)
                                            : fmt::format("{}c{}::VARCHAR AS {}", comma, i, name);
  }
  return fmt::format("SELECT {} FROM {} AS result({})", values, subquery, names);
}

base::Result<std::string> subquery_of(Connection& connection, const std::string& sql) {
  auto subquery = connection.as_subquery(sql);
  if (subquery) return std::move(*subquery);
  return base::failure(base::ErrorCode::kInvalidArgument,
                       "the query cannot stand in parentheses, as this format needs");
}

base::Result<EncodedResult> encode(QueryResult& result, SqlFormat format, std::int64_t rows_max) {
  switch (format) {
    case SqlFormat::kTable: return result_table(result, rows_max);
    case SqlFormat::kCsv: return result_csv(result, rows_max);
    case SqlFormat::kJson: return result_json(result, rows_max);
    case SqlFormat::kArrow: return result_arrow(result, rows_max);
  }
  return base::failure(base::ErrorCode::kInternal, "no such format");
}

}  // namespace

base::Result<SqlSession> SqlSession::open(store::MarketStore& store, const SqlOptions& options) {
  TRY_ASSIGN(Connection connection, Connection::open(options.database));
  TRY(register_store_functions(connection, store, options.bars_max));
  // In this order: what is closed cannot be opened again.
  if (!options.output_file.empty())
    TRY(connection.run(fmt::format("SET allowed_paths = [{}]", sql_text(options.output_file))));
  if (!options.reads_files) TRY(connection.run("SET enable_external_access = false"));
  TRY(connection.run("SET lock_configuration = true"));
  return SqlSession(std::move(connection), options.output_file);
}

base::Result<EncodedResult> SqlSession::run(const std::string& sql, SqlFormat format, std::int64_t rows_max) {
  TRY(connection_.check_only_reads(sql));
  std::vector<QueryResult::Column> columns;
  {
    TRY_ASSIGN(QueryResult result, connection_.query(sql));
    columns = result.columns();
    const bool as_it_is =
        format == SqlFormat::kArrow || std::ranges::all_of(columns, is_printable, &QueryResult::Column::type);
    if (as_it_is) return encode(result, format, rows_max);
  }
  TRY_ASSIGN(const std::string subquery, subquery_of(connection_, sql));
  TRY_ASSIGN(QueryResult result, connection_.query(with_texts(subquery, columns)));
  return encode(result, format, rows_max);
}

base::Result<std::int64_t> SqlSession::write_parquet(const std::string& sql, std::int64_t rows_max) {
  TRY(connection_.check_only_reads(sql));
  TRY_ASSIGN(const std::string subquery, subquery_of(connection_, sql));
  TRY_ASSIGN(QueryResult result, connection_.query(fmt::format(
                                     "COPY (FROM {}) TO {} (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, "
                                     "DICTIONARY_SIZE_LIMIT 1, USE_TMP_FILE false)",
                                     subquery, sql_text(output_file_))));
  TRY_ASSIGN(const auto chunk, result.next());
  const std::int64_t rows = chunk ? static_cast<const std::int64_t*>(chunk->data(0))[0] : 0;
  if (rows <= rows_max) return rows;
  return base::failure(
      base::ErrorCode::kResourceExhausted,
      fmt::format("the result has more than {} rows; aggregate, add LIMIT, or raise --rows-max", rows_max));
}

}  // namespace tradeassist::interchange
