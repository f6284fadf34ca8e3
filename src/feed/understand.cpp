#include "feed/understand.hpp"

#include <fmt/format.h>

#include <cmath>

#include "feed/ticks/read_ticks.hpp"
#include "market/resample.hpp"
#include "market/zone_clock.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;

/// Rows of a file that are made plain to see whether they are understood then, before all are.
constexpr std::int64_t kRowsTried = 5'000;

/// A message that names where a packed file was put, which nobody knows, made to name the file.
base::Error named(base::Error error, const Unpacked::File& file) {
  const std::string unpacked = file.path.string();
  if (unpacked == file.name) return error;
  for (std::size_t at = 0; (at = error.message.find(unpacked, at)) != std::string::npos; at += file.name.size()) {
    error.message.replace(at, unpacked.size(), file.name);
  }
  return error;
}

/// One file as it is, or made plain when it is not understood so.
base::Result<CsvFormat> look_at(const Unpacked::File& file, CsvOptions options, const ImportRequest& request) {
  options.content_path = file.path.string();
  auto format = detect(file.name, options);
  const bool refused = !format && format.error().code == ErrorCode::kInvalidArgument;
  if (!refused || !request.make_plain) return format;
  PlainFile plain;
  for (const std::int64_t rows_max : {kRowsTried, request.limits.rows_max}) {
    auto made = request.make_plain(file.path.string(), format.error(), rows_max);
    if (!made) return std::unexpected(named(std::move(made).error(), file));
    plain = *std::move(made);
    CsvOptions of_plain = options;
    of_plain.content_path = plain.path;
    of_plain.separator = ',';
    auto again = detect(file.name, of_plain);
    if (!again) {
      base::Error error = std::move(again).error();
      if (plain.is_text && error.message != format.error().message)
        error.message = format.error().message + "; and made plain (" + plain.notes.front() + "): " + error.message;
      return std::unexpected(std::move(error));
    }
    if (rows_max == request.limits.rows_max) {
      again->content_owner = plain.owner;
      again->notes.insert(again->notes.begin(), plain.notes.begin(), plain.notes.end());
      return again;
    }
  }
  return format;
}

/// Whether an open interest is nothing but zeros: so others write it where it is not known. What we write, and what the
/// user chose by --columns, is taken by its word.
bool is_unknown(const std::vector<double>& open_interest, const CsvFormat& format, const CsvOptions& options) {
  const std::size_t column = format.column_of(ColumnRole::kOpenInterest);
  if (column >= format.columns.size() || format.columns[column].name == to_string(ColumnRole::kOpenInterest) ||
      options.columns.find(to_string(ColumnRole::kOpenInterest)) != std::string::npos)
    return false;
  std::size_t zeros = 0;
  for (const double value : open_interest) {
    if (std::isnan(value)) continue;
    if (value != 0) return false;
    ++zeros;
  }
  return zeros > 0;
}

/// What a file tells about an instrument that nobody has described yet.
market::Instrument guess_instrument(const std::string& symbol, const CsvFormat& format) {
  market::Instrument instrument;
  instrument.symbol = symbol;
  const bool is_region = format.time_zone.find('/') != std::string::npos;
  if (format.zone_source == ZoneSource::kGiven && is_region) instrument.time_zone = format.time_zone;
  if (format.price_decimals) instrument.tick_size = std::pow(10.0, -*format.price_decimals);
  return instrument;
}

void apply(const InstrumentDetails& details, market::Instrument& instrument) {
  const auto set = [](auto& field, const auto& given) {
    if (given) field = *given;
  };
  set(instrument.name, details.name);
  set(instrument.asset_class, details.asset_class);
  set(instrument.exchange, details.exchange);
  set(instrument.currency, details.currency);
  set(instrument.time_zone, details.time_zone);
  set(instrument.session, details.session);
  set(instrument.tick_size, details.tick_size);
  set(instrument.point_value, details.point_value);
  set(instrument.quantity_step, details.quantity_step);
}

}  // namespace

base::Result<UnpackedFiles> unpack_all(const ImportRequest& request) {
  UnpackedFiles all;
  for (const std::string& path : request.paths) {
    TRY_ASSIGN(Unpacked unpacked, Unpacked::open(path, request.unpack));
    if (unpacked.files().empty()) return failure(ErrorCode::kInvalidArgument, path + ": there is no file in it");
    all.files.insert(all.files.end(), unpacked.files().begin(), unpacked.files().end());
    all.archives.push_back(std::move(unpacked));
  }
  return all;
}

base::Result<Understood> understand(store::MarketStore& store, const ImportRequest& request,
                                    std::span<const Unpacked::File> files) {
  if (files.empty()) return failure(ErrorCode::kInvalidArgument, "import: no file was given");
  if (request.symbol.empty()) return failure(ErrorCode::kInvalidArgument, "import: say what the bars are of: --symbol");
  CsvOptions options = request.csv;
  options.symbol = request.symbol;
  // A date is a day of the exchange.
  if (const auto instrument = store.instrument(request.symbol)) options.date_time_zone = instrument->time_zone;
  Understood understood;
  std::vector<CsvFormat>& formats = understood.formats;
  std::optional<base::Error> first_error;
  for (const Unpacked::File& file : files) {
    auto looked_at = look_at(file, options, request);
    const bool may_be_no_bars = file.is_member && !request.limits.strict;
    if (!looked_at && may_be_no_bars && looked_at.error().code == ErrorCode::kInvalidArgument) {
      understood.left_out.push_back({file.name, looked_at.error().message});
      if (!first_error) first_error = std::move(looked_at).error();
      continue;
    }
    TRY_ASSIGN(CsvFormat format, std::move(looked_at));
    if (!formats.empty() && format.ticks != formats.front().ticks) {
      return failure(
          ErrorCode::kInvalidArgument,
          fmt::format("{} has {}, {} {}; import them one by one, or say --ticks or --timeframe", formats.front().path,
                      format.ticks ? "bars" : "ticks", file.name, format.ticks ? "ticks" : "bars"));
    }
    if (!formats.empty() && format.timeframe != formats.front().timeframe) {
      return failure(
          ErrorCode::kInvalidArgument,
          fmt::format("{} has bars of {}, {} of {}; import them one by one", formats.front().path,
                      market::to_string(formats.front().timeframe), file.name, market::to_string(format.timeframe)));
    }
    formats.push_back(std::move(format));
  }
  if (formats.empty()) return std::unexpected(*std::move(first_error));
  return understood;
}

store::SeriesKey series_of(const ImportRequest& request, const CsvFormat& format) {
  return {request.symbol, format.ticks ? market::kTickTimeframe : format.timeframe, request.source};
}

base::Result<ImportedInstrument> imported_instrument(store::MarketStore& store, const ImportRequest& request,
                                                     const CsvFormat& format) {
  auto found = store.instrument(request.symbol);
  if (!found && found.error().code != ErrorCode::kNotFound) return std::unexpected(std::move(found).error());
  ImportedInstrument imported;
  imported.is_new = !found;
  imported.instrument = found ? *found : guess_instrument(request.symbol, format);
  apply(request.instrument, imported.instrument);
  TRY(market::ZoneClock::find(imported.instrument.time_zone));
  TRY(market::session_anchor(imported.instrument.time_zone, imported.instrument.session));
  imported.has_changed = found && *found != imported.instrument;
  return imported;
}

base::Result<FileRows> read_rows(const CsvFormat& format, const ImportRequest& request) {
  FileRows rows;
  if (format.ticks) {
    TRY_ASSIGN(ParsedTicks parsed, read_ticks(format, request.limits));
    rows.ticks = std::move(parsed.ticks);
    rows.report = std::move(parsed.report);
  } else {
    TRY_ASSIGN(ParsedBars parsed, read_csv(format, request.limits));
    rows.bars = std::move(parsed.series);
    rows.report = std::move(parsed.report);
  }
  if (is_unknown(rows.bars.open_interest, format, request.csv)) {
    rows.bars.open_interest.clear();
    rows.notes.emplace_back("the open interest is 0 in every row, so it is not known, and was left out");
  }
  return rows;
}

}  // namespace tradeassist::feed
