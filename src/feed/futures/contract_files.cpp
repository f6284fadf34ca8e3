#include "feed/futures/contract_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <memory>
#include <numeric>
#include <optional>

#include "feed/text/csv_table.hpp"
#include "feed/text/local_time.hpp"
#include "feed/text/stamp.hpp"

namespace tradeassist::feed {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

/// A table of contracts at times.
class Table {
 public:
  static base::Result<Table> open(const std::filesystem::path& path, const ContractFileOptions& options) {
    TRY_ASSIGN(LocalTime clock, LocalTime::open(options.time_zone));
    TRY_ASSIGN(CsvTable csv, CsvTable::open(path));
    return Table(std::move(csv), std::move(clock));
  }

  base::Result<std::int64_t> time(std::size_t column) {
    TRY_ASSIGN(const std::string_view written, csv.text(column));
    const auto stamp = read_stamp(written, DateOrder::kYearMonthDay);
    if (!stamp) return csv.wrong(fmt::format("'{}' is not a time; write 2020-01-02T15:30:00Z", written));
    const std::int64_t local = stamp->day * base::kNanosecondsPerDay + stamp->clock;
    if (stamp->zone == ZoneMark::kOffset) return local - stamp->offset_seconds * base::kNanosecondsPerSecond;
    if (stamp->zone == ZoneMark::kNone) return clock_.to_utc(local).utc;
    auto named = LocalTime::open(stamp->zone_name);
    if (!named) return csv.wrong(named.error().message);
    return named->to_utc(local).utc;
  }
  /// A contract as of the time of its row.
  base::Result<market::ContractName> contract(std::size_t column, const std::string& root, std::int64_t time) const {
    TRY_ASSIGN(const std::string_view written, csv.text(column));
    const market::CivilDate date = market::civil_from_days(market::day_of(time));
    auto read = market::parse_contract(written, {.root = root, .as_of = date});
    if (!read) return csv.wrong(read.error().message);
    return read;
  }

  CsvTable csv;

 private:
  Table(CsvTable table, LocalTime clock) : csv(std::move(table)), clock_(std::move(clock)) {}

  LocalTime clock_;
};

const CsvTable::Names kTimeNames = {"time", "timestamp", "date", "datetime"};

/// Into the order of time, which most files have.
void sort_by_time(market::Series& bars) {
  if (std::ranges::is_sorted(bars.time)) return;
  std::vector<std::size_t> order(bars.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return bars.time[i]; });
  market::Series sorted;
  for (const std::size_t i : order) sorted.push_back(bars.bar(i));
  bars = std::move(sorted);
}

}  // namespace

base::Result<std::vector<market::FuturesContract>> read_contracts(const std::filesystem::path& path,
                                                                  const ContractFileOptions& options) {
  TRY_ASSIGN(Table table, Table::open(path, options));
  TRY_ASSIGN(const std::size_t contract, table.csv.require({"contract", "symbol"}));
  TRY_ASSIGN(const std::size_t time, table.csv.require(kTimeNames));
  TRY_ASSIGN(const std::size_t close, table.csv.require({"close", "settle", "settlement", "last", "price"}));
  const std::array<std::optional<std::size_t>, 5> others = {
      table.csv.find({"open"}), table.csv.find({"high"}), table.csv.find({"low"}), table.csv.find({"volume"}),
      table.csv.find({"open_interest", "openinterest", "open interest", "openint", "oi"})};
  std::map<market::ContractName, market::Series> contracts;
  std::string written;  // of the row before, whose contract most rows share
  market::Series* bars = nullptr;
  std::int64_t until = 0;  // a short year may mean another contract from here on
  while (table.csv.next()) {
    TRY_ASSIGN(const std::int64_t at, table.time(time));
    TRY_ASSIGN(const std::string_view name, table.csv.text(contract));
    if (bars == nullptr || name != written || at >= until) {
      TRY_ASSIGN(const market::ContractName read, table.contract(contract, options.root, at));
      written = name;
      bars = &contracts[read];
      until = (market::days_from_civil(market::last_day_of(read.delivery)) + 1) * base::kNanosecondsPerDay;
      if (contracts.size() > market::kFuturesContractsMax) {
        return base::failure(base::ErrorCode::kResourceExhausted,
                             fmt::format("{} has more than {} contracts", path.string(), market::kFuturesContractsMax));
      }
    }
    TRY_ASSIGN(const double price, table.csv.number(close));
    if (price != price) continue;  // a row without a price says nothing
    std::array<double, 5> values{};
    for (std::size_t i = 0; i < others.size(); ++i) {
      values[i] = kUnknown;
      if (others[i]) { TRY_ASSIGN(values[i], table.csv.number(*others[i])); }
    }
    bars->push_back({base::time_from_nanoseconds(at), values[0], values[1], values[2], price, values[3], values[4]});
  }
  std::vector<market::FuturesContract> found;
  for (auto& [name, read] : contracts) {
    if (read.empty()) continue;
    sort_by_time(read);
    found.push_back({.name = name, .bars = std::make_shared<const market::Series>(std::move(read))});
  }
  if (found.empty()) return base::failure(base::ErrorCode::kInvalidArgument, path.string() + " has no prices");
  return found;
}

base::Result<std::vector<market::GivenRoll>> read_rolls(const std::filesystem::path& path,
                                                        const ContractFileOptions& options) {
  TRY_ASSIGN(Table table, Table::open(path, options));
  TRY_ASSIGN(const std::size_t time, table.csv.require(kTimeNames));
  const auto from = table.csv.find({"from"}), to = table.csv.find({"to", "contract"});
  std::vector<market::GivenRoll> rolls;
  while (table.csv.next()) {
    TRY_ASSIGN(const std::int64_t at, table.time(time));
    market::GivenRoll roll{base::time_from_nanoseconds(at), std::nullopt, std::nullopt};
    if (from) { TRY_ASSIGN(roll.from, table.contract(*from, options.root, at)); }
    if (to) { TRY_ASSIGN(roll.to, table.contract(*to, options.root, at)); }
    rolls.push_back(std::move(roll));
  }
  return rolls;
}

}  // namespace tradeassist::feed
