#include "feed/ingest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "feed/ticks/read_ticks.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

base::Result<void> ensure_instrument(store::MarketStore& store, const ImportRequest& request, const CsvFormat& format,
                                     ImportReport& report) {
  TRY_ASSIGN(ImportedInstrument imported, imported_instrument(store, request, format));
  report.is_new_instrument = imported.is_new;
  report.instrument_changed = imported.has_changed;
  report.instrument = std::move(imported.instrument);
  if (!report.is_new_instrument && !report.instrument_changed) return {};
  return store.put_instrument(report.instrument, request.by);
}

/// Series that the bars go to; made only now that bars were read, so that a file of bad rows leaves no trace.
base::Result<std::int64_t> open_series(store::MarketStore& store, const ImportRequest& request, const CsvFormat& format,
                                       ImportReport& report) {
  TRY(ensure_instrument(store, request, format, report));
  return store.ensure_series(report.series, request.by);
}

base::Result<void> import_file(store::MarketStore& store, const ImportRequest& request, CsvFormat format,
                               std::int64_t& series_id, ImportReport& report) {
  FileImport file;
  const auto start = Clock::now();
  TRY_ASSIGN(FileRows rows, read_rows(format, request));
  file.notes = std::move(rows.notes);
  file.read_seconds = seconds_since(start);

  const auto stored_from = Clock::now();
  if (series_id == 0) { TRY_ASSIGN(series_id, open_series(store, request, format, report)); }
  TRY_ASSIGN(const std::int64_t import_id, store.begin_import(series_id, request.source, format.path));
  auto stored = format.ticks ? store.append_ticks(series_id, rows.ticks, import_id)
                             : store.append(series_id, rows.bars, import_id);
  if (!stored) return base::in_context(format.path + ": nothing of it was stored", std::move(stored).error());
  TRY(store.finish_import(import_id));
  file.store_seconds = seconds_since(stored_from);

  file.stored = *stored;
  file.rows = std::move(rows.report);
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
  TRY_ASSIGN(const UnpackedFiles unpacked, unpack_all(request));
  return import_unpacked(store, request, unpacked.files, understood);
}

base::Result<ImportReport> import_unpacked(store::MarketStore& store, const ImportRequest& request,
                                           std::span<const Unpacked::File> files, const UnderstoodHook& understood) {
  ImportReport report;
  TRY_ASSIGN(Understood looked_at, understand(store, request, files));
  std::vector<CsvFormat>& formats = looked_at.formats;
  report.left_out = std::move(looked_at.left_out);
  if (understood) {
    for (const CsvFormat& format : formats) TRY(understood(format));
  }
  report.series = series_of(request, formats.front());
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

base::Result<void> check_said(const CsvFormat& format) {
  if (format.ticks || format.timeframe_given) return {};
  return failure(
      ErrorCode::kInvalidArgument,
      fmt::format("{}: its rows stand {} apart; give --timeframe {} if they are bars, or --ticks if each is a "
                  "trade or a quote",
                  format.path, market::to_string(format.timeframe), market::to_string(format.timeframe)));
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
