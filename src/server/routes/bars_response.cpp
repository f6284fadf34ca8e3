#include "server/routes/bars_response.hpp"

#include "base/log.hpp"
#include "interchange/arrow/arrow_stream.hpp"
#include "interchange/parquet/parquet_file.hpp"
#include "report/bars_report.hpp"
#include "report/export/tables/bars_xlsx.hpp"

namespace tradeassist::server {

std::optional<Problem> cannot_write(const AnswerFormat& format) {
  if (format.name != "parquet") return std::nullopt;
  const auto checked = interchange::check_parquet_engine();
  if (checked) return std::nullopt;
  base::log(base::LogLevel::kWarning, "Parquet was asked for", {{"reason", checked.error().message}});
  return Problem{501,
                 "PARQUET_NOT_AVAILABLE",
                 "Parquet is written by DuckDB, which this server cannot load. Ask for format=arrow, or put "
                 "libduckdb.so beside the program.",
                 {}};
}

HandlerResult bars_response(const store::CachedAnswer& kept, const AnswerFormat& format) {
  const store::BarAnswer& answer = *kept.answer;
  Response response{200, std::string(format.media_type), "", {{"Vary", "Accept"}}};
  if (format.name == "csv") {
    response.content_type += "; charset=utf-8";
    response.body = report::bars_csv(answer);
    return response;
  }
  if (format.extension.empty()) {
    response.body = report::bars_json(answer, format.name == "columns", report::Kept{kept.is_cached, kept.read_at});
    return response;
  }
  const interchange::BarTable table = interchange::table_of(answer);
  response.headers.emplace_back(
      "Content-Disposition", attachment(answer.instrument.symbol + "_" + table.metadata.timeframe, format.extension));
  if (format.name == "arrow") {
    response.body = interchange::arrow_stream(table);
    return response;
  }
  auto bytes = format.name == "xlsx" ? report::bars_xlsx(table) : interchange::parquet_bytes(table);
  if (!bytes) {
    base::log(base::LogLevel::kError, "bars were not written",
              {{"format", std::string(format.name)}, {"reason", bytes.error().message}});
    return problem_from(bytes.error());
  }
  response.body = std::move(*bytes);
  return response;
}

}  // namespace tradeassist::server
