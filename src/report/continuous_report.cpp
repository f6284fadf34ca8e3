#include "report/continuous_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "base/csv.hpp"
#include "base/json.hpp"
#include "report/json_rows.hpp"

namespace tradeassist::report {
namespace {

std::string date_text(const std::optional<market::CivilDate>& date) { return date ? market::to_string(*date) : ""; }

const char* overlap_name(market::Overlap overlap) {
  switch (overlap) {
    case market::Overlap::kExact: return "exact";
    case market::Overlap::kNearest: return "nearest";
    case market::Overlap::kNone: return "none";
  }
  return "";
}

/// The columns of which something is known, in the order in which they are shown.
std::vector<std::pair<std::string_view, std::span<const double>>> known_columns(
    const market::ContinuousSeries& series) {
  std::vector<std::pair<std::string_view, std::span<const double>>> columns = {
      {"open", series.bars.open},
      {"high", series.bars.high},
      {"low", series.bars.low},
      {"close", series.bars.close},
      {"volume", series.bars.volume},
      {"open_interest", series.open_interest},
      {"unadjusted_close", series.unadjusted_close},
      {"adjustment", series.adjustment}};
  std::erase_if(columns, [](const auto& column) {
    return std::ranges::none_of(column.second, [](double x) { return std::isfinite(x); });
  });
  return columns;
}

}  // namespace

std::vector<std::string> contract_names(std::span<const market::ContractName> contracts) {
  std::vector<std::string> names;
  for (const market::ContractName& contract : contracts) names.push_back(market::to_string(contract));
  return names;
}

boost::json::array rolls_json(std::span<const market::ContractName> contracts, std::span<const market::Roll> all) {
  const std::vector<std::string> names = contract_names(contracts);
  boost::json::array rolls;
  for (const market::Roll& roll : all) {
    const std::string last_date = date_text(roll.at.last_date);
    rolls.push_back(
        boost::json::object{{"time", base::format_time(roll.at.time)},
                            {"from", names[roll.at.from]},
                            {"to", names[roll.at.to]},
                            {"pre", number(roll.pre)},
                            {"post", number(roll.post)},
                            {"gap", number(roll.gap)},
                            {"factor", number(roll.factor)},
                            {"last_date", last_date.empty() ? boost::json::value() : boost::json::value(last_date)},
                            {"overlap", overlap_name(roll.overlap)}});
  }
  return rolls;
}

std::string continuous_csv(const market::ContinuousSeries& series) {
  const auto columns = known_columns(series);
  const std::vector<std::string> names = contract_names(series.contracts);
  std::string out = "time";
  for (const auto& [name, values] : columns) (out += ',') += name;
  out += ",contract\n";
  for (std::size_t i = 0; i < series.bars.size(); ++i) {
    out += base::format_time(base::time_from_nanoseconds(series.bars.time[i]));
    for (const auto& [name, values] : columns) {
      out += ',';
      base::append_csv_number(out, values[i]);
    }
    (out += ',') += names[series.contract[i]];
    out += '\n';
  }
  return out;
}

std::string rolls_csv(const market::ContinuousSeries& series) {
  const std::vector<std::string> names = contract_names(series.contracts);
  std::string out = "time,from,to,pre,post,gap,factor,last_date,overlap\n";
  for (const market::Roll& roll : series.rolls) {
    out += fmt::format("{},{},{}", base::format_time(roll.at.time), names[roll.at.from], names[roll.at.to]);
    for (const double value : {roll.pre, roll.post, roll.gap, roll.factor}) {
      out += ',';
      base::append_csv_number(out, value);
    }
    out += fmt::format(",{},{}\n", date_text(roll.at.last_date), overlap_name(roll.overlap));
  }
  return out;
}

std::string continuous_json(const market::ContinuousSeries& series) {
  const std::vector<std::string> names = contract_names(series.contracts);
  boost::json::array contracts;
  boost::json::object columns{{"time", times(series.bars.time)}};
  for (const auto& [name, values] : known_columns(series)) columns[name] = numbers(values);
  for (const std::uint32_t place : series.contract) contracts.emplace_back(names[place]);
  columns["contract"] = std::move(contracts);
  return base::json_text(boost::json::object{{"adjustment", std::string(market::to_string(series.method))},
                                             {"row_count", series.bars.size()},
                                             {"rolls", rolls_json(series.contracts, series.rolls)},
                                             {"columns", std::move(columns)}});
}

}  // namespace tradeassist::report
