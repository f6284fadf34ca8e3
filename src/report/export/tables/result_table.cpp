#include "report/export/tables/result_table.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "report/export/result_fields.hpp"

namespace tradeassist::report {
namespace {

namespace json = boost::json;
using Kind = ResultTable::Kind;
using Value = ResultTable::Value;

constexpr double kWholeMax = 9'007'199'254'740'992;  // doubles tell whole numbers apart up to here

Value value_of(const json::value& given, Kind kind) {
  if (given.is_null()) return {};
  if (kind == Kind::kBool && given.is_bool()) return given.get_bool();
  if ((kind == Kind::kNumber || kind == Kind::kInteger) && given.is_number()) {
    const double number = given.to_number<double>();
    if (kind == Kind::kNumber) return number;
    return std::abs(number) < kWholeMax ? Value(static_cast<std::int64_t>(number)) : Value();
  }
  if (!given.is_string()) return kind == Kind::kText ? Value(json::serialize(given)) : Value();
  std::string text(given.get_string());
  if (kind == Kind::kText) return text;
  if (kind == Kind::kTime) {
    if (const auto time = base::parse_time(text)) return *time;
  }
  return {};
}

/// The kind that all values of a column have.
Kind kind_of(const json::array& values) {
  bool numbers = true, whole = true, flags = true;
  for (const json::value& value : values) {
    if (value.is_null()) continue;
    flags = flags && value.is_bool();
    numbers = numbers && value.is_number();
    if (!numbers) continue;
    const double number = value.to_number<double>();
    whole = whole && number == std::trunc(number) && std::abs(number) < kWholeMax;
  }
  if (numbers) return whole ? Kind::kInteger : Kind::kNumber;
  return flags ? Kind::kBool : Kind::kText;
}

base::Result<ResultTable> trades_table(const json::object& result) {
  ResultTable table;
  table.title = "Trades";
  table.columns = {{"number", Kind::kInteger},          {"side", Kind::kText},
                   {"entry_time", Kind::kTime},         {"entry_price", Kind::kNumber},
                   {"entry_id", Kind::kText},           {"exit_time", Kind::kTime},
                   {"exit_price", Kind::kNumber},       {"exit_id", Kind::kText},
                   {"quantity", Kind::kNumber},         {"profit", Kind::kNumber},
                   {"profit_percent", Kind::kNumber},   {"run_up", Kind::kNumber},
                   {"drawdown", Kind::kNumber},         {"commission", Kind::kNumber},
                   {"cumulative_profit", Kind::kNumber}};
  for (const json::value& trade : *array_at(result, {"trades"})) {
    if (!trade.is_object()) {
      return base::failure(base::ErrorCode::kInvalidArgument, "trades: an entry is no object");
    }
    std::vector<Value> row;
    for (const ResultTable::Column& column : table.columns) {
      const json::value* value = trade.get_object().if_contains(column.name);
      row.push_back(value == nullptr ? Value() : value_of(*value, column.kind));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// Columns of JSON, added to a table one behind the other.
class TrialColumns {
 public:
  explicit TrialColumns(ResultTable& table) : table_(table) {}

  base::Result<void> add(std::string name, const json::value* given, std::optional<Kind> kind = std::nullopt) {
    const json::array* values = given == nullptr ? nullptr : given->if_array();
    if (values == nullptr) return {};
    if (table_.columns.empty()) table_.rows.resize(values->size());
    if (values->size() != table_.rows.size()) {
      return base::failure(base::ErrorCode::kInvalidArgument, "trials: the column " + name + " is of another length");
    }
    table_.columns.push_back({std::move(name), kind.value_or(kind_of(*values))});
    for (std::size_t i = 0; i < values->size(); ++i) {
      table_.rows[i].push_back(value_of((*values)[i], table_.columns.back().kind));
    }
    return {};
  }

  base::Result<void> add_group(const json::object* group, const std::string& prefix,
                               std::optional<Kind> kind = std::nullopt) {
    if (group == nullptr) return {};
    for (const auto& entry : *group) TRY(add(prefix + std::string(entry.key()), &entry.value(), kind));
    return {};
  }

 private:
  ResultTable& table_;
};

base::Result<ResultTable> trials_table(const json::object& result) {
  ResultTable table;
  table.title = "Trials";
  TrialColumns columns(table);
  TRY(columns.add("trial", find_field(result, {"trials", "index"}), Kind::kInteger));
  TRY(columns.add_group(object_at(result, {"trials", "parameters"}), ""));
  TRY(columns.add("objective", find_field(result, {"trials", "objective"}), Kind::kNumber));
  TRY(columns.add_group(object_at(result, {"trials", "objectives"}), "objective_", Kind::kNumber));
  if (const json::object* metrics = object_at(result, {"trials", "metrics"})) {
    for (const auto& entry : *metrics) {
      const bool is_count = entry.key() == "total_closed_trades";
      TRY(columns.add(entry.key(), &entry.value(), is_count ? Kind::kInteger : Kind::kNumber));
    }
  }
  TRY(columns.add("bar_share", find_field(result, {"trials", "bar_share"}), Kind::kNumber));
  TRY(columns.add("violation", find_field(result, {"trials", "violation"}), Kind::kNumber));
  if (table.columns.empty()) {
    return base::failure(base::ErrorCode::kInvalidArgument, "the result of the search has no trials");
  }
  return table;
}

}  // namespace

base::Result<ResultTable> result_table(const json::object& result) {
  TRY_ASSIGN(const ResultKind kind, result_kind(result));
  return kind == ResultKind::kBacktest ? trades_table(result) : trials_table(result);
}

}  // namespace tradeassist::report
