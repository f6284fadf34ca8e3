#include "feed/detect/columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "feed/text/fields.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;

struct KnownName {
  NameMeaning meaning;
  std::string_view names;  // lower case, letters and digits only, most usual first: the position is the rank
};

// Spellings of data vendors, exchanges, charting programs and data libraries, English and some European.
constexpr auto kKnownNames = std::to_array<KnownName>({
    {NameMeaning::kTime,
     "time timestamp date datetime dateandtime dateortime ts t dt unix unixtime unixtimestamp epoch epochtime opentime "
     "starttime bartime barstart start startdate begin timestart windowstart tsevent day month week tradingday "
     "tradedate "
     "pricedate observationdate businessdate sessiondate gmttime utctime timeutc timegmt dateutc dategmt datetimeutc "
     "datetimegmt timestamputc utc utcdate utctimestamp utcdatetime localtime timelocal datetimelocal timems "
     "timestampms "
     "timens timestampns timeus datum datumzeit zeit uhrzeit fecha hora fechahora data dtyyyymmdd yyyymmdd "
     "yyyymmddhhmmss "
     "hhmmss hhmm hour minute clock timeofday timestampms dateet timeet tstamp candletime bardate begintime"},
    {NameMeaning::kEndTime, "closetime endtime windowend barend timeclose timeend end enddate timeperiodend"},
    {NameMeaning::kOpen,
     "open o op opening openprice openingprice priceopen pxopen opn firstprice first eroffnung eröffnung eroeffnung "
     "erster "
     "eröffnungskurs ouverture ouv apertura abertura opencl lastopen"},
    {NameMeaning::kHigh,
     "high h hi highprice pricehigh pxhigh hgh max maxprice dayhigh highest hoch tageshoch höchst haut plushaut alto "
     "máximo "
     "maximo máxima maxima"},
    {NameMeaning::kLow,
     "low l lo lowprice pricelow pxlow min minprice daylow lowest tief tagestief tiefst bas plusbas bajo mínimo minimo "
     "mínima minima"},
    {NameMeaning::kClose,
     "close c cl closing closeprice closingprice priceclose pxclose closelast closelastprice cls settle settlement "
     "settlementprice settleprice last lastprice pxlast pricelast latest price value schluss schlusskurs schlußkurs "
     "clôture "
     "cloture clot dernier cierre fechamento último ultimo"},
    {NameMeaning::kVolume,
     "volume vol v volumetotal totalvolume volumetraded tradedvolume basevolume volumebase volumefrom "
     "volumebasecurrency "
     "shares sharestraded qty quantity totalqty pxvolume tradevolume dailyvolume volumen volumenstück volumenstueck "
     "umsatz "
     "stück stück stuck stuecke stücke volúmen nvolume realvolume noofshares contractstraded"},
    {NameMeaning::kTickVolume, "tickvol tickvolume tickvolumes ticks tickcount"},
    {NameMeaning::kAdjustedClose,
     "adjclose adjustedclose adjcloseprice closeadj closeadjusted adjclosing adjustedclosing closeadjustedprice "
     "totalreturnclose"},
    {NameMeaning::kOpenInterest, "openinterest openint oi opint openinterestcontracts"},
    {NameMeaning::kTradeCount,
     "tradecount trades numberoftrades nooftrades numtrades ntrades totaltrades tradescount barcount "
     "transactions transactioncount count"},
    {NameMeaning::kVwap,
     "vwap wap vw volumeweightedaverageprice volumeweightedaverage weightedaverageprice weightedaverage"},
    {NameMeaning::kAverage, "average averageprice avgprice"},
    {NameMeaning::kSymbol,
     "symbol ticker sym code contract instrument security asset pair ric tic name stock rootsymbol market commodity"},
    {NameMeaning::kOther,
     "per period timeframe interval resolution previousdayopeninterest prevdayopeninterest interest change "
     "changepercent chg pctchange percentchange return returns dividends dividend "
     "dividendamount stocksplits splitcoefficient splitratio capitalgains quotevolume quoteassetvolume volumequote "
     "volumeto takerbuybasevolume takerbuyquotevolume takerbuybaseassetvolume takerbuyquoteassetvolume takerbuyvolume "
     "ignore spread turnover amount adjopen adjhigh adjlow adjvolume adjustedopen adjustedhigh adjustedlow "
     "adjustedvolume divcash splitfactor exdividend id index rtype publisherid instrumentid"},
});

/// Lower case; letters, digits and what is beyond ASCII kept; numbering in front (`1. open`, `5_volume`) dropped.
std::string normalised(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') out.push_back(static_cast<char>(c + 32));
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80) out.push_back(c);
  }
  const auto first = out.find_first_not_of("0123456789");
  return first == std::string::npos ? std::string() : out.substr(first);
}

/// Position of `word` in a space-separated list, or -1.
int position_in(std::string_view list, std::string_view word) {
  int position = 0;
  while (!list.empty()) {
    const auto end = std::min(list.find(' '), list.size());
    if (list.substr(0, end) == word) return position;
    list.remove_prefix(std::min(end + 1, list.size()));
    ++position;
  }
  return -1;
}

bool is_quote_currency(std::string_view currency) {
  constexpr std::string_view kQuotes =
      "usd usdt usdc busd tusd eur gbp jpy krw try brl aud cad chf cny dai fdusd quote";
  return position_in(kQuotes, currency) >= 0;
}

std::string shown(const CsvColumn& column) { return "'" + column.name + "'"; }

ColumnRole role_of(NameMeaning meaning) {
  switch (meaning) {
    case NameMeaning::kOpen: return ColumnRole::kOpen;
    case NameMeaning::kHigh: return ColumnRole::kHigh;
    case NameMeaning::kLow: return ColumnRole::kLow;
    case NameMeaning::kClose: return ColumnRole::kClose;
    case NameMeaning::kVolume:
    case NameMeaning::kTickVolume: return ColumnRole::kVolume;
    case NameMeaning::kOpenInterest: return ColumnRole::kOpenInterest;
    case NameMeaning::kTradeCount: return ColumnRole::kTradeCount;
    case NameMeaning::kVwap: return ColumnRole::kVwap;
    case NameMeaning::kSymbol: return ColumnRole::kSymbol;
    default: return ColumnRole::kIgnored;
  }
}

/// Beside a count of trades `average` is that of the trades; alone it may be of anything.
void take_average_as_vwap(std::vector<CsvColumn>& columns, std::vector<std::string>& notes) {
  const auto has = [&](ColumnRole role) { return std::ranges::find(columns, role, &CsvColumn::role) != columns.end(); };
  const auto average = std::ranges::find_if(columns, [](const CsvColumn& column) {
    return column.role == ColumnRole::kIgnored && read_column_name(column.name).meaning == NameMeaning::kAverage;
  });
  if (average == columns.end() || has(ColumnRole::kVwap)) return;
  if (has(ColumnRole::kTradeCount)) {
    average->role = ColumnRole::kVwap;
  } else {
    notes.push_back(
        fmt::format("{} may be a mean of anything and is not used; if it is the volume-weighted price of "
                    "each bar's trades, give --columns vwap={}",
                    shown(*average), average->name));
  }
}

base::Result<ColumnRole> parse_role(std::string_view text) {
  for (const ColumnRole role :
       {ColumnRole::kTime, ColumnRole::kClock, ColumnRole::kOpen, ColumnRole::kHigh, ColumnRole::kLow,
        ColumnRole::kClose, ColumnRole::kVolume, ColumnRole::kSymbol, ColumnRole::kBid, ColumnRole::kAsk,
        ColumnRole::kOpenInterest, ColumnRole::kTradeCount, ColumnRole::kVwap}) {
    if (text == to_string(role)) return role;
  }
  if (text == "price") return ColumnRole::kClose;
  if (text == "size") return ColumnRole::kVolume;
  if (text == "date" || text == "datetime" || text == "timestamp") return ColumnRole::kTime;
  return failure(ErrorCode::kInvalidArgument,
                 fmt::format("--columns: '{}' is not one of time, clock, open, high, low, close, volume, symbol, "
                             "open_interest, trade_count, vwap, or of ticks price, size, bid, ask",
                             text));
}

}  // namespace

ColumnName read_column_name(std::string_view name) {
  const std::string key = normalised(name);
  if (key.empty()) return {};
  for (const KnownName& known : kKnownNames) {
    const int rank = position_in(known.names, key);
    if (rank < 0) continue;
    const bool utc = known.meaning == NameMeaning::kTime &&
                     (key.find("utc") != std::string::npos || key.find("gmt") != std::string::npos);
    return {known.meaning, rank, utc};
  }
  // `Volume BTC`, `Vol. (shares)`, `Volume USDT`: what is counted follows the word. Base units before quote currency.
  for (const std::string_view word : {"volume", "vol"}) {
    if (!key.starts_with(word)) continue;
    const bool quote = is_quote_currency(std::string_view(key).substr(word.size()));
    return {NameMeaning::kVolume, quote ? 1000 : 100, false};
  }
  // `Open (USD)`, `close_usd`, `high price usd`: a currency behind the word changes nothing.
  for (const auto& [word, meaning] :
       {std::pair{std::string_view("open"), NameMeaning::kOpen},
        std::pair{std::string_view("high"), NameMeaning::kHigh}, std::pair{std::string_view("low"), NameMeaning::kLow},
        std::pair{std::string_view("close"), NameMeaning::kClose},
        std::pair{std::string_view("price"), NameMeaning::kClose}}) {
    if (key.starts_with(word) && is_quote_currency(std::string_view(key).substr(word.size())))
      return {meaning, 100, false};
  }
  return {};
}

void assign_by_name(std::vector<CsvColumn>& columns, std::vector<std::string>& notes) {
  for (const ColumnRole role :
       {ColumnRole::kOpen, ColumnRole::kHigh, ColumnRole::kLow, ColumnRole::kClose, ColumnRole::kVolume,
        ColumnRole::kOpenInterest, ColumnRole::kTradeCount, ColumnRole::kVwap, ColumnRole::kSymbol}) {
    if (std::ranges::find(columns, role, &CsvColumn::role) != columns.end()) continue;  // the user chose
    CsvColumn* best = nullptr;
    int best_rank = 0;
    std::string others;
    for (CsvColumn& column : columns) {
      const ColumnName name = read_column_name(column.name);
      if (role_of(name.meaning) != role || column.role != ColumnRole::kIgnored) continue;
      const int rank = name.rank + (name.meaning == NameMeaning::kTickVolume ? 2000 : 0);
      if (best == nullptr || rank < best_rank) {
        if (best != nullptr) others += (others.empty() ? "" : ", ") + shown(*best);
        best = &column;
        best_rank = rank;
      } else {
        others += (others.empty() ? "" : ", ") + shown(column);
      }
    }
    if (best == nullptr) continue;
    best->role = role;
    if (!others.empty()) {
      notes.push_back(fmt::format("{} is taken from {}, not from {}; --columns {}=NAME chooses another",
                                  to_string(role), shown(*best), others, to_string(role)));
    }
  }
  take_average_as_vwap(columns, notes);
  for (const CsvColumn& column : columns) {
    if (read_column_name(column.name).meaning == NameMeaning::kAdjustedClose && column.role == ColumnRole::kIgnored) {
      notes.push_back(fmt::format("{} is not used: the bars keep the prices as traded", shown(column)));
    }
  }
}

base::Result<std::vector<ColumnChoice>> parse_column_choices(std::string_view text) {
  std::vector<ColumnChoice> choices;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    const std::string_view part = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto equals = part.find('=');
    if (equals == std::string_view::npos || equals + 1 == part.size()) {
      return failure(ErrorCode::kInvalidArgument,
                     fmt::format("--columns: '{}' is not role=column; write time=Date,open=2 and so on", part));
    }
    TRY_ASSIGN(const ColumnRole role, parse_role(trim(part.substr(0, equals))));
    const bool twice = std::ranges::any_of(choices, [role](const auto& choice) { return choice.role == role; });
    if (twice) {
      return failure(ErrorCode::kInvalidArgument, fmt::format("--columns names {} twice", to_string(role)));
    }
    choices.push_back({role, std::string(trim(part.substr(equals + 1)))});
  }
  return choices;
}

base::Result<void> apply_choices(const std::vector<ColumnChoice>& choices, std::vector<CsvColumn>& columns) {
  for (const ColumnChoice& choice : choices) {
    // A name wins over a number: a header may well be called 1.
    std::size_t index = columns.size();
    std::size_t matches = 0;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].name != choice.column) continue;
      index = i;
      ++matches;
    }
    if (matches == 0) {
      const std::string wanted = normalised(choice.column);
      for (std::size_t i = 0; i < columns.size() && !wanted.empty(); ++i) {
        if (normalised(columns[i].name) != wanted) continue;
        index = i;
        ++matches;
      }
    }
    if (matches == 0) {
      std::size_t number = 0;
      const char* const end = choice.column.data() + choice.column.size();
      const auto [at, status] = std::from_chars(choice.column.data(), end, number);
      if (status == std::errc() && at == end && number >= 1 && number <= columns.size()) {
        index = number - 1;
        matches = 1;
      }
    }
    if (matches != 1) {
      std::string names;
      for (std::size_t i = 0; i < columns.size() && i < 32; ++i) {
        names += fmt::format("{}{} '{}'", i == 0 ? "" : ", ", i + 1, columns[i].name);
      }
      return failure(
          ErrorCode::kInvalidArgument,
          fmt::format("--columns {}={}: {}; the columns are {}", to_string(choice.role), choice.column,
                      matches == 0 ? "there is no such column" : "several columns have this name, give the number",
                      names));
    }
    for (CsvColumn& column : columns) {
      if (column.role == choice.role) column.role = ColumnRole::kIgnored;
    }
    columns[index].role = choice.role;
  }
  return {};
}

}  // namespace tradeassist::feed
