#include "server/sharing/trial_row.hpp"

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace tradeassist::server {
namespace {

namespace json = boost::json;

constexpr std::size_t kCells = 13;

json::value cell(double value) {
  if (std::isnan(value)) return nullptr;
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  if (value == 0 && std::signbit(value)) return "-0";
  return value;
}

json::array cells(const std::vector<double>& values) {
  json::array row;
  for (const double value : values) row.push_back(cell(value));
  return row;
}

/// Reads cells one after the other; `good` turns false at the first that is none.
struct CellReader {
  bool good = true;

  double real(const json::value& value) {
    if (value.is_number()) return value.to_number<double>();
    if (value.is_null()) return std::numeric_limits<double>::quiet_NaN();
    const std::string_view text = value.is_string() ? std::string_view(value.get_string()) : std::string_view();
    if (text == "inf") return std::numeric_limits<double>::infinity();
    if (text == "-inf") return -std::numeric_limits<double>::infinity();
    good &= text == "-0";
    return -0.0;
  }

  std::vector<double> reals(const json::value& value) {
    std::vector<double> row;
    if (!value.is_array()) {
      good = false;
      return row;
    }
    for (const json::value& each : value.get_array()) row.push_back(real(each));
    return row;
  }

  template <class Integer>
  Integer integer(const json::value& value) {
    boost::system::error_code error;
    const Integer number = value.to_number<Integer>(error);
    good &= !error;
    return error ? Integer{} : number;
  }
};

}  // namespace

json::array trial_row(const optimize::Trial& trial) {
  return {trial.trial,
          cells(trial.point),
          cell(trial.objective),
          cell(trial.net_profit),
          cell(trial.net_profit_percent),
          cell(trial.max_drawdown_percent),
          cell(trial.sharpe_ratio),
          cell(trial.profit_factor),
          cell(trial.percent_profitable),
          trial.total_closed_trades,
          cell(trial.violation),
          cell(trial.bar_share),
          cells(trial.objectives)};
}

std::optional<optimize::Trial> read_trial_row(const json::value& value) {
  if (!value.is_array() || value.get_array().size() != kCells) return std::nullopt;
  const json::array& row = value.get_array();
  CellReader read;
  optimize::Trial trial;
  trial.trial = read.integer<std::uint64_t>(row[0]);
  trial.point = read.reals(row[1]);
  trial.objective = read.real(row[2]);
  trial.net_profit = read.real(row[3]);
  trial.net_profit_percent = read.real(row[4]);
  trial.max_drawdown_percent = read.real(row[5]);
  trial.sharpe_ratio = read.real(row[6]);
  trial.profit_factor = read.real(row[7]);
  trial.percent_profitable = read.real(row[8]);
  trial.total_closed_trades = read.integer<std::int64_t>(row[9]);
  trial.violation = read.real(row[10]);
  trial.bar_share = read.real(row[11]);
  trial.objectives = read.reals(row[12]);
  if (!read.good) return std::nullopt;
  return trial;
}

}  // namespace tradeassist::server
