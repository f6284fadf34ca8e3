#include "report/export/export_format.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/export/document/report_document.hpp"
#include "report/export/result_fields.hpp"
#include "report/export/tables/result_table.hpp"
#include "report/export/writers/html_writer.hpp"
#include "report/export/writers/pdf_writer.hpp"

namespace tradeassist::report {

const std::vector<ExportFormat>& export_formats() {
  static const std::vector<ExportFormat> kFormats = {
      {"html", "text/html; charset=utf-8"},
      {"pdf", "application/pdf"},
      {"csv", "text/csv; charset=utf-8", true},
      {"json", "application/json", true},
      {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", true},
      {"parquet", "application/vnd.apache.parquet", true},
  };
  return kFormats;
}

const ExportFormat* find_export_format(std::string_view name) {
  const auto found = std::ranges::find(export_formats(), name, &ExportFormat::name);
  return found == export_formats().end() ? nullptr : &*found;
}

base::Result<std::string> export_result(const boost::json::object& result, const ExportFormat& format,
                                        const std::string& version) {
  if (!format.is_table) {
    TRY_ASSIGN(const Document document, report_document(result, version));
    if (format.name == "html") return to_html(document);
    return to_pdf(document);
  }
  TRY_ASSIGN(const ResultTable table, result_table(result));
  if (format.name == "csv") return to_csv(table);
  if (format.name == "json") return to_json_rows(table);
  if (format.name == "xlsx") return to_xlsx(table);
  return to_parquet(table);
}

std::string export_name(const boost::json::object& result, std::string_view what, std::string_view ending) {
  return fmt::format("{}-{}-{}-{}.{}", text_at(result, {"strategy"}), text_at(result, {"symbol"}),
                     text_at(result, {"timeframe"}), what, ending);
}

}  // namespace tradeassist::report
