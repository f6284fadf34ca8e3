#include "feed/detect/tick_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "feed/detect/columns.hpp"
#include "feed/text/number.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;

struct TickNames {
  ColumnRole role;
  std::string_view names;  // lower case, letters and digits only, between spaces, most usual first
};

// Spellings of exchanges, data vendors, brokers and charting programs.
constexpr auto kTickNames = std::to_array<TickNames>({
    {ColumnRole::kClose, " price last tradeprice lastprice px trade lasttradeprice lastpx close value prc "},
    {ColumnRole::kVolume,
     " size volume qty quantity tradesize lastsize amount vol shares contracts tradevolume lastvolume tradeqty lots sz "
     "lastqty baseqty tickvolume "},
    {ColumnRole::kBid, " bid bidprice bidpx bestbid bestbidprice bidpx00 bidprice1 bid1 b bp closebid pricebid "},
    {ColumnRole::kAsk,
     " ask askprice askpx bestask bestaskprice askpx00 askprice1 ask1 offer offerprice a ap closeask priceask "},
    {ColumnRole::kSymbol, " symbol ticker sym instrument ric contract pair rootsymbol "},
});

// Recognised, and not kept.
constexpr std::string_view kSideNames =
    " side aggressor aggressorside direction isbuyermaker buyermaker takerside buysell tickrule tickdirection ";

std::string normalised(std::string_view name) {
  std::string out = " ";
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') out.push_back(static_cast<char>(c + 32));
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out.push_back(c);
  }
  return out + " ";
}

/// Place of the name in the list, or npos.
std::size_t rank_of(std::string_view names, const std::string& name) {
  return name.size() <= 2 ? std::string_view::npos : names.find(name);
}

bool has(const CsvFormat& format, ColumnRole role) { return format.column_of(role) < format.columns.size(); }

bool is_numeric(const Layout& layout, std::size_t column) {
  std::size_t numbers = 0;
  for (const auto& row : layout.rows) numbers += read_number(row[column]).kind == NumberKind::kNumber;
  return numbers * 2 > layout.rows.size();
}

void assign_by_name(CsvFormat& format) {
  for (const TickNames& known : kTickNames) {
    if (has(format, known.role)) continue;
    CsvColumn* best = nullptr;
    std::size_t best_rank = std::string_view::npos;
    for (CsvColumn& column : format.columns) {
      const std::size_t rank = rank_of(known.names, normalised(column.name));
      if (column.role != ColumnRole::kIgnored || rank >= best_rank) continue;
      best = &column;
      best_rank = rank;
    }
    if (best != nullptr) best->role = known.role;
  }
  for (const CsvColumn& column : format.columns) {
    if (column.role != ColumnRole::kIgnored || rank_of(kSideNames, normalised(column.name)) == std::string_view::npos) {
      continue;
    }
    format.notes.push_back(fmt::format("column '{}' says who traded; it is not kept", column.name));
  }
}

/// Without a header: the first number behind the time is the price, a second its size. More may mean anything.
base::Result<void> assign_by_position(const Layout& layout, CsvFormat& format) {
  std::vector<std::size_t> numbers;
  for (std::size_t i = 0; i < format.columns.size(); ++i) {
    if (format.columns[i].role == ColumnRole::kIgnored && is_numeric(layout, i)) numbers.push_back(i);
  }
  if (numbers.empty() || numbers.size() > 2) {
    return failure(ErrorCode::kInvalidArgument,
                   fmt::format("{}: there is no header, and {} columns of numbers do not tell price, size, bid and ask "
                               "apart; say which is which: --columns time=1,price=2,size=3 or time=1,bid=2,ask=3",
                               format.path, numbers.size()));
  }
  format.columns[numbers[0]].role = ColumnRole::kClose;
  if (numbers.size() == 2) format.columns[numbers[1]].role = ColumnRole::kVolume;
  return {};
}

}  // namespace

bool is_trade_price_name(std::string_view name) {
  return rank_of(" price last tradeprice lastprice px trade lasttradeprice lastpx prc ", normalised(name)) !=
         std::string_view::npos;
}

bool is_quote_name(std::string_view name) {
  const std::string key = normalised(name);
  return std::ranges::any_of(kTickNames, [&](const TickNames& known) {
    return (known.role == ColumnRole::kBid || known.role == ColumnRole::kAsk) && !key.starts_with(" close") &&
           rank_of(known.names, key) != std::string_view::npos;
  });
}

base::Result<void> find_tick_columns(const Layout& layout, CsvFormat& format) {
  const bool any_given = has(format, ColumnRole::kClose) || has(format, ColumnRole::kBid);
  const bool named = std::ranges::any_of(format.columns, [](const CsvColumn& column) { return !column.name.empty(); });
  if (named) {
    assign_by_name(format);
  } else if (!any_given) {
    TRY(assign_by_position(layout, format));
  }
  format.close_only = true;  // one price a row
  format.quotes_only = !has(format, ColumnRole::kClose);
  if (!format.quotes_only || (has(format, ColumnRole::kBid) && has(format, ColumnRole::kAsk))) {
    if (!has(format, ColumnRole::kVolume)) {
      format.notes.push_back("there is no size: bars made of these ticks have no volume");
    }
    return {};
  }
  std::string columns;
  for (std::size_t i = 0; i < format.columns.size() && i < 16; ++i) {
    columns += fmt::format("{}{} '{}' ({})", i == 0 ? "" : ", ", i + 1, format.columns[i].name,
                           std::string_view(layout.rows.front()[i]).substr(0, 32));
  }
  return failure(
      ErrorCode::kInvalidArgument,
      fmt::format("{}: no column was recognised as a price, nor two as bid and ask; say which it is, by name "
                  "or number, e.g. --columns price=2,size=3; the columns are {}",
                  format.path, columns));
}

}  // namespace tradeassist::feed
