#include "feed/ingest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "feed/ticks/read_ticks.hpp"
#include "market/resample.hpp"
#include "market/zone_clock.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

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

base::Result<std::vector<CsvFormat>> look_at_all(store::MarketStore& store, const ImportRequest& request,
                                                 std::span<const Unpacked::File> files,
                                                 std::vector<LeftOutFile>& left_out) {
  if (files.empty()) return failure(ErrorCode::kInvalidArgument, "import: no file was given");
  if (request.symbol.empty()) return failure(ErrorCode::kInvalidArgument, "import: say what the bars are of: --symbol");
  CsvOptions options = request.csv;
  options.symbol = request.symbol;
  // A date is a day of the exchange.
  if (const auto instrument = store.instrument(request.symbol)) options.date_time_zone = instrument->time_zone;
  std::vector<CsvFormat> formats;
  std::optional<base::Error> first_error;
  for (const Unpacked::File& file : files) {
    auto looked_at = look_at(file, options, request);
    const bool may_be_no_bars = file.is_member && !request.limits.strict;
    if (!looked_at && may_be_no_bars && looked_at.error().code == ErrorCode::kInvalidArgument) {
      left_out.push_back({file.name, looked_at.error().message});
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
  return formats;
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

base::Result<void> ensure_instrument(store::MarketStore& store, const ImportRequest& request, const CsvFormat& format,
                                     ImportReport& report) {
  auto found = store.instrument(report.series.symbol);
  if (!found && found.error().code != ErrorCode::kNotFound) return std::unexpected(std::move(found).error());
  report.is_new_instrument = !found;
  report.instrument = found ? *found : guess_instrument(report.series.symbol, format);
  apply(request.instrument, report.instrument);
  TRY(market::ZoneClock::find(report.instrument.time_zone));
  TRY(market::session_anchor(report.instrument.time_zone, report.instrument.session));
  report.instrument_changed = found && *found != report.instrument;
  return found && !report.instrument_changed ? base::Result<void>{} : store.put_instrument(report.instrument);
}

/// Series that the bars go to; made only now that bars were read, so that a file of bad rows leaves no trace.
base::Result<std::int64_t> open_series(store::MarketStore& store, const ImportRequest& request, const CsvFormat& format,
                                       ImportReport& report) {
  TRY(ensure_instrument(store, request, format, report));
  return store.ensure_series(report.series);
}

base::Result<void> import_file(store::MarketStore& store, const ImportRequest& request, CsvFormat format,
                               std::int64_t& series_id, ImportReport& report) {
  FileImport file;
  const auto start = Clock::now();
  ParsedTicks ticks;
  ParsedBars bars;
  if (format.ticks) {
    TRY_ASSIGN(ticks, read_ticks(format, request.limits));
  } else {
    TRY_ASSIGN(bars, read_csv(format, request.limits));
  }
  if (is_unknown(bars.series.open_interest, format, request.csv)) {
    bars.series.open_interest.clear();
    file.notes.emplace_back("the open interest is 0 in every row, so it is not known, and was left out");
  }
  file.read_seconds = seconds_since(start);

  const auto stored_from = Clock::now();
  if (series_id == 0) { TRY_ASSIGN(series_id, open_series(store, request, format, report)); }
  TRY_ASSIGN(const std::int64_t import_id, store.begin_import(series_id, request.source, format.path));
  auto stored = format.ticks ? store.append_ticks(series_id, ticks.ticks, import_id)
                             : store.append(series_id, bars.series, import_id);
  if (!stored) return base::in_context(format.path + ": nothing of it was stored", std::move(stored).error());
  TRY(store.finish_import(import_id));
  file.store_seconds = seconds_since(stored_from);

  file.stored = *stored;
  file.rows = std::move(format.ticks ? ticks.report : bars.report);
  file.format = std::move(format);
  report.files.push_back(std::move(file));
  return {};
}

std::string stored_text(const FileImport& file) {
  std::string text = fmt::format("  stored: {} new {}", file.stored.inserted, file.format.ticks ? "ticks" : "bars");
  if (file.stored.corrected > 0) text += fmt::format(", {} replaced by other values", file.stored.corrected);
  if (file.stored.unchanged > 0) text += fmt::format(", {} there already", file.stored.unchanged);
  const double seconds = file.read_seconds + file.store_seconds;
  return text + fmt::format("; read in {:.2f} s, stored in {:.2f} s ({:.1f} M rows/s)\n", file.read_seconds,
                            file.store_seconds, static_cast<double>(file.rows.rows) / 1e6 / std::max(seconds, 1e-9));
}

}  // namespace

base::Result<ImportReport> import_csv(store::MarketStore& store, const ImportRequest& request,
                                      const UnderstoodHook& understood) {
  std::vector<Unpacked> archives;  // what they were unpacked to is there until the end
  std::vector<Unpacked::File> files;
  for (const std::string& path : request.paths) {
    TRY_ASSIGN(Unpacked unpacked, Unpacked::open(path, request.unpack));
    if (unpacked.files().empty()) return failure(ErrorCode::kInvalidArgument, path + ": there is no file in it");
    files.insert(files.end(), unpacked.files().begin(), unpacked.files().end());
    archives.push_back(std::move(unpacked));
  }
  return import_unpacked(store, request, files, understood);
}

base::Result<ImportReport> import_unpacked(store::MarketStore& store, const ImportRequest& request,
                                           std::span<const Unpacked::File> files, const UnderstoodHook& understood) {
  ImportReport report;
  TRY_ASSIGN(std::vector<CsvFormat> formats, look_at_all(store, request, files, report.left_out));
  if (understood) {
    for (const CsvFormat& format : formats) TRY(understood(format));
  }
  report.series = {request.symbol, formats.front().ticks ? market::kTickTimeframe : formats.front().timeframe,
                   request.source};
  std::int64_t series_id = 0;
  for (CsvFormat& format : formats) {
    auto imported = import_file(store, request, std::move(format), series_id, report);
    if (imported) continue;
    if (report.files.empty()) return std::unexpected(std::move(imported).error());
    std::string done;
    for (const FileImport& earlier : report.files) done += (done.empty() ? "" : ", ") + earlier.format.path;
    base::Error error = std::move(imported).error();
    error.message +=
        fmt::format(" ({} of {} files were stored before it: {})", report.files.size(), files.size(), done);
    return std::unexpected(std::move(error));
  }
  return report;
}

std::string describe(const ImportReport& report) {
  std::string out;
  if (report.is_new_instrument || report.instrument_changed) {
    out += fmt::format("instrument {} was {}: {}, time zone {}, tick size {}, currency {}\n", report.instrument.symbol,
                       report.is_new_instrument ? "created" : "changed", report.instrument.asset_class,
                       report.instrument.time_zone, report.instrument.tick_size, report.instrument.currency);
  }
  for (const FileImport& file : report.files) {
    out += fmt::format("{} -> {} {} ({})\n", file.format.path, report.series.symbol,
                       market::to_string(report.series.timeframe), report.series.source);
    out += file.format.ticks ? describe_ticks(file.rows, file.format.path) : describe(file.rows, file.format.path);
    for (const std::string& note : file.notes) out += "  note: " + note + "\n";
    out += stored_text(file);
  }
  for (const LeftOutFile& file : report.left_out) out += fmt::format("{} was left out: {}\n", file.name, file.reason);
  return out;
}

}  // namespace tradeassist::feed
