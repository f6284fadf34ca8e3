#include "feed/detect/price_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "feed/detect/columns.hpp"
#include "feed/text/number.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;

constexpr std::array kPrices = {ColumnRole::kOpen, ColumnRole::kHigh, ColumnRole::kLow, ColumnRole::kClose};

/// Also those of ticks.
bool is_price(ColumnRole role) {
  return std::ranges::find(kPrices, role) != kPrices.end() || role == ColumnRole::kBid || role == ColumnRole::kAsk;
}

/// What a bar has beside its prices: may be left empty, and a VWAP has decimals of its own.
bool is_amount(ColumnRole role) {
  return role == ColumnRole::kVolume || role == ColumnRole::kOpenInterest || role == ColumnRole::kTradeCount ||
         role == ColumnRole::kVwap;
}

bool has(const CsvFormat& format, ColumnRole role) { return format.column_of(role) < format.columns.size(); }

bool is_numeric_column(const Layout& layout, std::size_t column) {
  std::size_t numbers = 0;
  std::size_t texts = 0;
  for (const auto& row : layout.rows) {
    const bool number = read_number(row[column], false, true).kind == NumberKind::kNumber ||
                        read_number(row[column], true).kind == NumberKind::kNumber;
    numbers += number;
    texts += !number && !row[column].empty();
  }
  return numbers > texts;
}

std::string list_columns(const CsvFormat& format, const Layout& layout) {
  std::string out;
  for (std::size_t i = 0; i < format.columns.size() && i < 24; ++i) {
    const std::string& name = format.columns[i].name;
    out += fmt::format("{}{} {}", i == 0 ? "" : ", ", i + 1,
                       name.empty() ? "(" + layout.rows.front()[i].substr(0, 24) + ")" : "'" + name + "'");
  }
  return out;
}

bool is_enclosing(const Layout& layout, const std::array<std::size_t, 4>& columns) {
  std::size_t right = 0;
  std::size_t rows = 0;
  for (const auto& row : layout.rows) {
    std::array<double, 4> value{};
    bool complete = true;
    for (std::size_t i = 0; i < 4; ++i) {
      // Where commas are decimal signs every price has one, and the comparison comes out the same either way.
      Number number = read_number(row[columns[i]], true);
      if (row[columns[i]].find(',') == std::string::npos) number = read_number(row[columns[i]]);
      complete = complete && number.kind == NumberKind::kNumber;
      value[i] = number.value;
    }
    if (!complete) continue;
    ++rows;
    right += value[1] >= std::max({value[0], value[2], value[3]}) && value[2] <= std::min(value[0], value[3]);
  }
  return right * 10 >= rows * 9;
}

/// Without a header: time, open, high, low, close, and volume if a fifth number follows.
base::Result<void> assign_by_position(const Layout& layout, CsvFormat& format) {
  std::vector<std::size_t> numbers;
  const std::size_t time = std::min(format.column_of(ColumnRole::kTime), format.columns.size() - 1);
  for (std::size_t i = 0; i < format.columns.size(); ++i) {
    if (format.columns[i].role != ColumnRole::kIgnored) continue;
    if (is_numeric_column(layout, i)) {
      if (i > time) numbers.push_back(i);
    } else if (!has(format, ColumnRole::kSymbol) && i < time && !layout.rows.front()[i].empty()) {
      format.columns[i].role = ColumnRole::kSymbol;
    }
  }
  if (numbers.size() == 1) {
    format.columns[numbers[0]].role = ColumnRole::kClose;
    return {};
  }
  const std::string ask =
      fmt::format("name them by number: --columns time={},open=..,high=..,low=..,close=..; the columns are {}",
                  time + 1, list_columns(format, layout));
  if (numbers.size() < 4) {
    return failure(
        ErrorCode::kInvalidArgument,
        fmt::format("{}: without a header, and with {} numbers behind the time where open, high, low and close "
                    "were expected; if the rows are trades or quotes, give --ticks; else {}",
                    format.path, numbers.size(), ask));
  }
  if (!is_enclosing(layout, {numbers[0], numbers[1], numbers[2], numbers[3]})) {
    return failure(
        ErrorCode::kInvalidArgument,
        fmt::format("{}: without a header, and the four numbers behind the time are not open, high, low and close "
                    "in this order; {}",
                    format.path, ask));
  }
  for (std::size_t i = 0; i < 4; ++i) format.columns[numbers[i]].role = kPrices[i];
  if (numbers.size() > 4) format.columns[numbers[4]].role = ColumnRole::kVolume;
  format.notes.push_back(fmt::format("no header: the numbers behind the time are taken as open, high, low, close{}",
                                     numbers.size() > 4 ? ", volume" : ""));
  return {};
}

/// MetaTrader writes a volume of zeros beside the tick volume where the market has none: then the ticks are the volume,
/// unless the user chose.
void prefer_volume_that_counts(const Layout& layout, CsvFormat& format) {
  if (has(format, ColumnRole::kVolume)) return;
  const auto is_all_zero = [&](std::size_t column) {
    return std::ranges::all_of(layout.rows, [column](const auto& row) {
      const Number number = read_number(row[column], false, true);
      return number.kind != NumberKind::kNumber || number.value == 0;
    });
  };
  const CsvColumn* zeros = nullptr;
  CsvColumn* ticks = nullptr;
  for (std::size_t i = 0; i < format.columns.size(); ++i) {
    const NameMeaning meaning = read_column_name(format.columns[i].name).meaning;
    if (meaning == NameMeaning::kVolume) {
      if (!is_all_zero(i)) return;
      zeros = &format.columns[i];
    } else if (meaning == NameMeaning::kTickVolume && ticks == nullptr && !is_all_zero(i)) {
      ticks = &format.columns[i];
    }
  }
  if (zeros == nullptr || ticks == nullptr) return;
  ticks->role = ColumnRole::kVolume;
  format.notes.push_back(fmt::format("'{}' is zero throughout; volume is taken from '{}'", zeros->name, ticks->name));
}

constexpr int kDecimalsMax = 8;

/// How many prices need how many decimals.
class DecimalCount {
 public:
  void add(int decimals) {
    ++count_[static_cast<std::size_t>(std::min(decimals, kDecimalsMax + 1))];
    ++total_;
  }
  /// The fewest decimals that nineteen in twenty prices keep to.
  std::optional<int> most() const {
    std::size_t kept = 0;
    for (int decimals = 0; decimals <= kDecimalsMax; ++decimals) {
      kept += count_[static_cast<std::size_t>(decimals)];
      if (total_ > 0 && kept * 20 >= total_ * 19) return decimals;
    }
    return std::nullopt;
  }

 private:
  std::array<std::size_t, kDecimalsMax + 2> count_{};
  std::size_t total_ = 0;
};

/// Digits behind the decimal sign, trailing zeros not counted.
int decimals_written(std::string_view text, char sign) {
  const auto at = text.rfind(sign);
  if (at == std::string_view::npos) return 0;
  text.remove_prefix(at + 1);
  const auto last = text.find_last_of("123456789");
  return last == std::string_view::npos ? 0 : static_cast<int>(last) + 1;
}

/// The fewest decimals whose nearest number is this one within the precision of a float: 1438.359985 is 1438.36.
int decimals_of_nearest(double value) {
  const double tolerance = std::abs(value) * 0x1p-24;
  for (int decimals = 0; decimals <= kDecimalsMax; ++decimals) {
    const double scaled = value * kPowersOfTen[static_cast<std::size_t>(decimals)];
    if (std::abs(scaled - std::round(scaled)) / kPowersOfTen[static_cast<std::size_t>(decimals)] <= tolerance) {
      return decimals;
    }
  }
  return kDecimalsMax + 1;
}

}  // namespace

base::Result<void> find_prices(const Layout& layout, CsvFormat& format) {
  const bool all_given = std::ranges::all_of(kPrices, [&](ColumnRole role) { return has(format, role); });
  const bool any_given = std::ranges::any_of(kPrices, [&](ColumnRole role) { return has(format, role); });
  const bool named = std::ranges::any_of(format.columns, [](const CsvColumn& column) { return !column.name.empty(); });
  if (named) {
    prefer_volume_that_counts(layout, format);
    assign_by_name(format.columns, format.notes);
  } else if (!any_given) {
    TRY(assign_by_position(layout, format));
  }
  if (all_given) return {};

  std::string missing;
  std::size_t missing_count = 0;
  for (const ColumnRole role : kPrices) {
    if (has(format, role)) continue;
    missing += fmt::format("{}{}", missing.empty() ? "" : ", ", to_string(role));
    ++missing_count;
  }
  std::size_t unknown_numbers = 0;
  for (std::size_t i = 0; i < format.columns.size(); ++i) {
    const bool unknown = format.columns[i].role == ColumnRole::kIgnored &&
                         read_column_name(format.columns[i].name).meaning == NameMeaning::kUnknown;
    unknown_numbers += unknown && is_numeric_column(layout, i);
  }
  if (missing_count == 3 && has(format, ColumnRole::kClose) && unknown_numbers < 3) {
    format.close_only = true;
    format.notes.push_back("there is no open, high and low: each bar is made of its close alone");
    return {};
  }
  if (missing_count > 0) {
    return failure(
        ErrorCode::kInvalidArgument,
        fmt::format("{}: no column was recognised as {}; say which it is, by name or number, e.g. --columns "
                    "open=2,high=3,low=4,close=5, or give --ticks if the rows are trades or quotes; the columns are {}",
                    format.path, missing, list_columns(format, layout)));
  }
  return {};
}

base::Result<bool> find_decimal_comma(const Layout& layout, const CsvOptions& options, const CsvFormat& format) {
  if (options.decimal_comma) return *options.decimal_comma;
  bool comma = false;
  bool dot = false;
  std::string unsettled;
  for (std::size_t i = 0; i < format.columns.size(); ++i) {
    const bool amount = is_amount(format.columns[i].role);
    if (!amount && !is_price(format.columns[i].role)) continue;
    for (const auto& row : layout.rows) {
      const std::string& text = row[i];
      const auto last_comma = text.rfind(',');
      const auto last_dot = text.rfind('.');
      if (last_comma == std::string::npos) {
        dot = dot || (last_dot != std::string::npos && text.find('.') == last_dot && text.size() - last_dot != 4);
        continue;
      }
      if (last_dot != std::string::npos) {
        (last_comma > last_dot ? comma : dot) = true;
      } else if (text.find(',') != last_comma) {
        dot = true;  // several commas group thousands
      } else if (text.size() - last_comma != 4 || text.starts_with("0,")) {
        comma = true;
      } else if (!amount && unsettled.empty()) {
        unsettled = text;
      }
    }
  }
  if (comma && dot) {
    return failure(
        ErrorCode::kInvalidArgument,
        format.path + ": some numbers have a decimal dot and some a decimal comma; settle it with --decimal dot|comma");
  }
  if (comma || dot || unsettled.empty()) return comma;
  return failure(
      ErrorCode::kInvalidArgument,
      fmt::format("{}: '{}' may be a number with three decimals or one with grouped thousands; settle it with "
                  "--decimal comma or --decimal dot",
                  format.path, unsettled));
}

std::optional<int> find_price_decimals(const Layout& layout, const CsvFormat& format) {
  DecimalCount written;
  DecimalCount rounded;
  for (std::size_t i = 0; i < format.columns.size(); ++i) {
    if (!is_price(format.columns[i].role)) continue;
    for (const auto& row : layout.rows) {
      const Number number = read_number(row[i], format.decimal_comma);
      if (number.kind != NumberKind::kNumber) continue;
      written.add(decimals_written(row[i], format.decimal_comma ? ',' : '.'));
      rounded.add(decimals_of_nearest(number.value));
    }
  }
  const auto exact = written.most();
  if (exact && *exact <= 5) return exact;
  // Six decimals and more are usually a price of a few, printed from a binary number.
  const auto nearest = rounded.most();
  return nearest && *nearest <= 5 ? nearest : exact;
}

}  // namespace tradeassist::feed
