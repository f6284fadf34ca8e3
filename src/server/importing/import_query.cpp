#include "server/importing/import_query.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "interchange/plain/plain_file.hpp"
#include "market/zone_clock.hpp"
#include "server/routes/parameters.hpp"

namespace tradeassist::server {
namespace {

constexpr std::string_view kBy = "api";        // in the history
constexpr std::int64_t kRowsMax = 10'000'000;  // of a file
constexpr std::int64_t kMembersMax = 1'000;    // of an archive
constexpr std::size_t kNameBytesMax = 255;     // of the file
constexpr std::size_t kSourceBytesMax = 64;
constexpr std::string_view kOtherName = "the file";  // of one without a name

const std::vector<std::string_view> kParameters = {
    "symbol",    "timeframe",   "ticks",       "timezone",     "source",   "columns",
    "bar_time",  "time_format", "separator",   "decimal",      "only",     "strict",
    "file_name", "name",        "asset_class", "exchange",     "currency", "exchange_timezone",
    "session",   "mintick",     "point_value", "quantity_step"};

bool flag(QueryReader& query, const char* name) {
  const std::string text = query.text(name).value_or("false");
  if (text != "true" && text != "false") query.fail(name, "must be true or false");
  return text == "true";
}

/// Puts what the parameter says into `to`, where it is given and can be read.
template <class To, class Parse>
void read(QueryReader& query, const char* name, To& to, Parse parse) {
  const auto text = query.text(name);
  if (!text) return;
  if (auto parsed = parse(*text))
    to = *std::move(parsed);
  else
    query.fail(name, with_parameters(parsed.error().message));
}

void check_zone(QueryReader& query, const char* name, std::string_view zone) {
  if (zone.empty()) return;
  if (const auto found = market::ZoneClock::find(std::string(zone)); !found) query.fail(name, found.error().message);
}

void read_format(QueryReader& query, feed::CsvOptions& csv) {
  read(query, "timeframe", csv.timeframe, [](const std::string& text) { return market::parse_timeframe(text); });
  read(query, "bar_time", csv.bar_time, [](const std::string& text) { return feed::parse_bar_time(text); });
  read(query, "separator", csv.separator, [](const std::string& text) { return feed::parse_separator(text); });
  read(query, "decimal", csv.decimal_comma, [](const std::string& text) { return feed::parse_decimal_comma(text); });
  csv.ticks = flag(query, "ticks");
  csv.ticks_if_clear = true;
  if (csv.ticks && csv.timeframe) query.fail("ticks", "have no timeframe; leave one of the two out");
  csv.time_zone = query.text("timezone").value_or("");
  check_zone(query, "timezone", csv.time_zone);
  csv.columns = query.text("columns").value_or("");
  csv.time_format = query.text("time_format").value_or("");
  csv.only = query.text("only").value_or("");
}

void read_instrument(QueryReader& query, feed::InstrumentDetails& details) {
  details.name = query.text("name");
  details.asset_class = query.text("asset_class");
  const auto& classes = market::kAssetClasses;
  if (details.asset_class && std::ranges::find(classes, *details.asset_class) == classes.end())
    query.fail("asset_class", fmt::format("must be one of {}", fmt::join(classes, ", ")));
  details.exchange = query.text("exchange");
  details.currency = query.text("currency");
  details.time_zone = query.text("exchange_timezone");
  if (details.time_zone) check_zone(query, "exchange_timezone", *details.time_zone);
  details.session = query.text("session");
  details.tick_size = query.number("mintick");
  details.point_value = query.number("point_value");
  details.quantity_step = query.number("quantity_step");
}

std::string read_file_name(QueryReader& query) {
  std::string name = query.text("file_name").value_or(std::string(kOtherName));
  const bool is_plain = std::ranges::none_of(name, [](unsigned char c) { return c < 0x20 || c == 0x7F || c == '/'; });
  if (name.size() > kNameBytesMax || !is_plain)
    query.fail("file_name", fmt::format("must be a name of up to {} bytes, without a folder", kNameBytesMax));
  return name;
}

}  // namespace

std::variant<ImportQuery, Problem> read_import_query(const Request& request) {
  QueryReader query(request, kParameters);
  ImportQuery asked;
  feed::ImportRequest& to = asked.request;
  to.symbol = query.required("symbol");
  to.source = query.text("source").value_or(to.source);
  if (to.source.size() > kSourceBytesMax) query.fail("source", fmt::format("has more than {} bytes", kSourceBytesMax));
  asked.file_name = read_file_name(query);
  read_format(query, to.csv);
  read_instrument(query, to.instrument);
  to.limits.strict = flag(query, "strict");
  to.limits.rows_max = kRowsMax;
  to.unpack.files_max = kMembersMax;
  to.make_plain = interchange::make_plain;
  to.by = kBy;
  if (query.failed()) return query.problem();
  return asked;
}

std::string with_parameters(std::string_view message) {
  constexpr std::pair<std::string_view, std::string_view> kOptions[] = {
      {"--exchange-timezone", "exchange_timezone"},
      {"--time-format", "time_format"},
      {"--bar-time", "bar_time"},
      {"--timeframe", "timeframe"},
      {"--timezone", "timezone"},
      {"--columns", "columns"},
      {"--separator", "separator"},
      {"--decimal", "decimal"},
      {"--strict", "strict"},
      {"--symbol", "symbol"},
      {"--source", "source"},
      {"--session", "session"},
      {"--mintick", "mintick"},
      {"--ticks", "ticks"},
      {"--only", "only"},
  };
  std::string text(message);
  for (const auto& [option, parameter] : kOptions) {
    for (std::size_t at = 0; (at = text.find(option, at)) != std::string::npos; at += parameter.size())
      text.replace(at, option.size(), parameter);
  }
  return text;
}

}  // namespace tradeassist::server
