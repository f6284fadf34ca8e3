#include <boost/json.hpp>

#include "base/csv.hpp"
#include "base/json.hpp"
#include "report/export/tables/result_table.hpp"
#include "report/json_rows.hpp"

namespace tradeassist::report {
namespace {

namespace json = boost::json;

struct CsvCell {
  std::string& csv;
  void operator()(std::monostate) const {}
  void operator()(const std::string& text) const { base::append_csv_foreign_text(csv, text); }
  void operator()(double number) const { base::append_csv_number(csv, number); }
  void operator()(std::int64_t number) const { csv += std::to_string(number); }
  void operator()(bool flag) const { csv += flag ? "true" : "false"; }
  void operator()(base::Time time) const { csv += base::format_time(time); }
};

struct JsonCell {
  json::value operator()(std::monostate) const { return nullptr; }
  json::value operator()(const std::string& text) const { return json::value(text); }
  json::value operator()(double value) const { return number(value); }
  json::value operator()(std::int64_t value) const { return value; }
  json::value operator()(bool flag) const { return flag; }
  json::value operator()(base::Time time) const { return json::value(base::format_time(time)); }
};

}  // namespace

std::string to_csv(const ResultTable& table) {
  std::string csv;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (i > 0) csv += ',';
    base::append_csv_foreign_text(csv, table.columns[i].name);
  }
  csv += '\n';
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) csv += ',';
      std::visit(CsvCell{csv}, row[i]);
    }
    csv += '\n';
  }
  return csv;
}

std::string to_json_rows(const ResultTable& table) {
  std::string out = "[";
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    json::object row;
    for (std::size_t k = 0; k < table.columns.size(); ++k) {
      row[table.columns[k].name] = std::visit(JsonCell{}, table.rows[i][k]);
    }
    out += (i == 0 ? "\n" : ",\n") + base::json_text(row);
  }
  return out + "\n]\n";
}

}  // namespace tradeassist::report
