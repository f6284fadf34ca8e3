#include "app/series_options.hpp"

#include "app/calendar_option.hpp"

namespace tradeassist::app {

void SeriesOptions::add_to(CLI::App& command) {
  command.add_option("--symbol", symbol, "Instrument")->required()->type_name("S");
  command.add_option("--timeframe", timeframe, "1m, 5m, 1h, 1d, 1w, 1M, …")
      ->required()
      ->type_name("T")
      ->check(is_timeframe());
  command.add_option("--from", from, "First time (RFC 3339 or a date)")->type_name("T")->check(is_time());
  command.add_option("--to", to, "End, exclusive")->type_name("T")->check(is_time());
  command.add_option("--calendar", calendar, "Name of a trading calendar, or a .toml file with one")
      ->type_name("NAME|FILE");
}

base::Result<store::BarQuery> SeriesOptions::query() const {
  store::BarQuery query;
  query.symbol = symbol;
  TRY_ASSIGN(query.timeframe, market::parse_timeframe(timeframe));
  if (from) { TRY_ASSIGN(query.from, base::parse_time(*from)); }
  if (to) { TRY_ASSIGN(query.to, base::parse_time(*to)); }
  return query;
}

base::Result<market::CalendarPtr> SeriesOptions::named_calendar() const {
  if (calendar.empty()) return nullptr;
  return read_calendar(calendar);
}

}  // namespace tradeassist::app
