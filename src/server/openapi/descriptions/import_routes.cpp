#include "server/importing/import_answers.hpp"
#include "server/openapi/descriptions.hpp"

namespace tradeassist::server {
namespace {

namespace json = boost::json;

RouteDescription import_of(std::string operation_id, std::string_view about) {
  std::vector<std::string_view> classes(market::kAssetClasses.begin(), market::kAssetClasses.end());
  return describe(std::move(operation_id), "Market data")
      .say(std::string(about) +
           "\n\nThe body is the file itself: CSV, Parquet, or a .gz, .zip or .zst of them, of up to `max_import_bytes` "
           "as it is sent and unpacked, and 10,000,000 rows. It may have a Content-Encoding beside. Its Content-Type "
           "does not matter. What is not said is found out, or asked for by an error that names the parameter.")
      .required("symbol")
      .text("timeframe")
      .flag("ticks", false)
      .text("timezone")
      .text("source")
      .text("columns")
      .choice("bar_time", {"start", "end"})
      .choice("time_format", {"mdy", "dmy", "ymd", "s", "ms", "us", "ns"})
      .choice("separator", {",", ";", "|", "tab", "space"})
      .choice("decimal", {"dot", "comma"})
      .text("only")
      .flag("strict", false)
      .text("file_name")
      .text("name")
      .choice("asset_class", classes)
      .text("exchange")
      .text("currency")
      .text("exchange_timezone")
      .text("session")
      .number("mintick")
      .number("point_value")
      .number("quantity_step")
      .takes(
          "application/octet-stream",
          [](openapi::Schemas&) {
            return json::object{{"type", "string"}, {"contentMediaType", "application/octet-stream"}};
          },
          R"("time,open,high,low,close,volume\n2024-01-02,10,12,9,11,500\n2024-01-03,11,13,10,12,600\n2024-01-04,12,14,11,13,700\n")")
      .codes({"FILE_NOT_UNDERSTOOD", "FAILED_PRECONDITION", "RESOURCE_EXHAUSTED", "UNSUPPORTED", "NOT_FOUND"});
}

}  // namespace

void describe_import_routes(Descriptions& all) {
  all.add(Method::kPost, "/api/v1/import/preview",
          import_of("preview_import", "How the file is read, and what an import of it would do.")
              .answers<ImportPreviewAnswer>());
  all.add(Method::kPost, "/api/v1/import",
          import_of("import_file",
                    "Each file is stored as a whole or not at all, and is on disk when the answer comes. The same file "
                    "again changes nothing. 201: there are new rows; 200: there are none.")
              .answers<ImportAnswer>()
              .answers<ImportAnswer>(201));
}

}  // namespace tradeassist::server
