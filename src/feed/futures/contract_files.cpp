#include "feed/futures/contract_files.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>
#include <map>
#include <memory>
#include <numeric>
#include <optional>

#include "feed/text/fields.hpp"
#include "feed/text/local_time.hpp"
#include "feed/text/number.hpp"
#include "feed/text/stamp.hpp"
#include "feed/text/whole_file.hpp"

namespace tradeassist::feed {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

using Names = std::vector<std::string_view>;  // by which a column may be called

/// The lines of a small CSV, one at a time, with columns found by the names of its header.
class Table {
 public:
  static base::Result<Table> open(const std::filesystem::path& path, const ContractFileOptions& options) {
    TRY_ASSIGN(LocalTime clock, LocalTime::open(options.time_zone));
    TRY_ASSIGN(std::string text, read_whole_text(path));
    Table table(path.string(), std::move(text), std::move(clock));
    if (!table.next()) return base::failure(base::ErrorCode::kInvalidArgument, path.string() + " is empty");
    for (const std::string_view field : table.splitter_.fields()) {
      std::string name(field);
      std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      table.header_.push_back(std::move(name));
    }
    return table;
  }

  /// The place of a column; none where the header has none of the names.
  std::optional<std::size_t> find(const Names& names) const {
    for (const std::string_view name : names) {
      const auto found = std::ranges::find(header_, name);
      if (found != header_.end()) return static_cast<std::size_t>(found - header_.begin());
    }
    return std::nullopt;
  }
  base::Result<std::size_t> require(const Names& names) const {
    if (const auto found = find(names)) return *found;
    return base::failure(base::ErrorCode::kInvalidArgument, fmt::format("{} has no column `{}`; its header is {}",
                                                                        path_, names.front(), fmt::join(header_, ",")));
  }

  /// Goes to the next line that is not empty.
  bool next() {
    while (at_ < text_->size()) {
      const std::size_t end = std::min(text_->find('\n', at_), text_->size());
      std::string_view line = std::string_view(*text_).substr(at_, end - at_);
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line_ == 0 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
      at_ = end + 1;
      ++line_;
      if (trim(line).empty()) continue;
      is_whole_ = splitter_.split(line);
      return true;
    }
    return false;
  }

  base::Result<std::string_view> text(std::size_t column) const {
    if (!is_whole_) return wrong("a quote is not closed");
    if (column >= splitter_.fields().size()) {
      return wrong(fmt::format("has {} fields; the header has {}", splitter_.fields().size(), header_.size()));
    }
    return splitter_.fields()[column];
  }
  /// A missing number is NaN.
  base::Result<double> number(std::size_t column) const {
    TRY_ASSIGN(const std::string_view written, text(column));
    const Number read = read_number(written);
    if (read.kind == NumberKind::kNumber) return read.value;
    if (read.kind == NumberKind::kMissing) return kUnknown;
    return wrong(fmt::format("'{}' is not a number", written));
  }
  base::Result<std::int64_t> time(std::size_t column) {
    TRY_ASSIGN(const std::string_view written, text(column));
    const auto stamp = read_stamp(written, DateOrder::kYearMonthDay);
    if (!stamp) return wrong(fmt::format("'{}' is not a time; write 2020-01-02T15:30:00Z", written));
    const std::int64_t local = stamp->day * base::kNanosecondsPerDay + stamp->clock;
    if (stamp->zone == ZoneMark::kOffset) return local - stamp->offset_seconds * base::kNanosecondsPerSecond;
    if (stamp->zone == ZoneMark::kNone) return clock_.to_utc(local).utc;
    auto named = LocalTime::open(stamp->zone_name);
    if (!named) return wrong(named.error().message);
    return named->to_utc(local).utc;
  }
  /// A contract as of the time of its row.
  base::Result<market::ContractName> contract(std::size_t column, const std::string& root, std::int64_t time) const {
    TRY_ASSIGN(const std::string_view written, text(column));
    const market::CivilDate date = market::civil_from_days(market::day_of(time));
    auto read = market::parse_contract(written, {.root = root, .as_of = date});
    if (!read) return wrong(read.error().message);
    return read;
  }

 private:
  Table(std::string path, std::string text, LocalTime clock)
      : path_(std::move(path)), text_(std::make_unique<std::string>(std::move(text))), clock_(std::move(clock)) {}

  std::unexpected<base::Error> wrong(const std::string& what) const {
    return base::failure(base::ErrorCode::kInvalidArgument, fmt::format("{}:{}: {}", path_, line_, what));
  }

  std::string path_;
  std::unique_ptr<std::string> text_;  // does not move with the table: fields point into it
  LocalTime clock_;
  FieldSplitter splitter_{','};
  std::vector<std::string> header_;
  std::size_t at_ = 0;
  std::int64_t line_ = 0;
  bool is_whole_ = true;
};

const Names kTimeNames = {"time", "timestamp", "date", "datetime"};

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
  TRY_ASSIGN(const std::size_t contract, table.require({"contract", "symbol"}));
  TRY_ASSIGN(const std::size_t time, table.require(kTimeNames));
  TRY_ASSIGN(const std::size_t close, table.require({"close", "settle", "settlement", "last", "price"}));
  const std::array<std::optional<std::size_t>, 5> others = {
      table.find({"open"}), table.find({"high"}), table.find({"low"}), table.find({"volume"}),
      table.find({"open_interest", "openinterest", "open interest", "openint", "oi"})};
  std::map<market::ContractName, market::Series> contracts;
  std::string written;  // of the row before, whose contract most rows share
  market::Series* bars = nullptr;
  std::int64_t until = 0;  // a short year may mean another contract from here on
  while (table.next()) {
    TRY_ASSIGN(const std::int64_t at, table.time(time));
    TRY_ASSIGN(const std::string_view name, table.text(contract));
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
    TRY_ASSIGN(const double price, table.number(close));
    if (price != price) continue;  // a row without a price says nothing
    std::array<double, 5> values{};
    for (std::size_t i = 0; i < others.size(); ++i) {
      values[i] = kUnknown;
      if (others[i]) { TRY_ASSIGN(values[i], table.number(*others[i])); }
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
  TRY_ASSIGN(const std::size_t time, table.require(kTimeNames));
  const auto from = table.find({"from"}), to = table.find({"to", "contract"});
  std::vector<market::GivenRoll> rolls;
  while (table.next()) {
    TRY_ASSIGN(const std::int64_t at, table.time(time));
    market::GivenRoll roll{base::time_from_nanoseconds(at), std::nullopt, std::nullopt};
    if (from) { TRY_ASSIGN(roll.from, table.contract(*from, options.root, at)); }
    if (to) { TRY_ASSIGN(roll.to, table.contract(*to, options.root, at)); }
    rolls.push_back(std::move(roll));
  }
  return rolls;
}

}  // namespace tradeassist::feed
