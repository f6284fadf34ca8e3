#include "feed/preview.hpp"

#include <algorithm>

#include "store/bars/chunk_rows.hpp"

namespace tradeassist::feed {
namespace {

/// The stored series of that key; none where there is none yet.
base::Result<std::optional<store::SeriesInfo>> find_series(store::MarketStore& store, const store::SeriesKey& key) {
  TRY_ASSIGN(const std::vector<store::SeriesInfo> all, store.list_series({.symbol = key.symbol}));
  const auto found = std::ranges::find_if(all, [&](const store::SeriesInfo& info) {
    return info.key.timeframe == key.timeframe && info.key.source == key.source;
  });
  return found == all.end() ? std::nullopt : std::optional(*found);
}

store::AppendResult compare(const market::Series& stored, const market::Series& bars) {
  store::AppendResult changes;
  std::size_t at = 0;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    while (at < stored.size() && stored.time[at] < bars.time[i]) ++at;
    if (at == stored.size() || stored.time[at] != bars.time[i]) {
      ++changes.inserted;
    } else {
      ++(store::same_values(stored, at, bars, i) ? changes.unchanged : changes.corrected);
    }
  }
  return changes;
}

std::optional<store::AppendResult> changes_of(store::MarketStore& store, const std::optional<store::SeriesInfo>& series,
                                              const FileRows& rows, const PreviewOptions& options) {
  store::AppendResult all_new;
  all_new.inserted = rows.report.bars;
  if (!series || series->row_count == 0) return all_new;
  const market::Series& bars = rows.bars;
  if (bars.empty() || rows.report.bars > options.rows_compared_max) return std::nullopt;
  const auto stored =
      store.read(series->id, base::time_from_nanoseconds(bars.time.front()),
                 base::time_from_nanoseconds(bars.time.back() + 1), {.rows_max = options.rows_compared_max});
  if (!stored) return std::nullopt;  // there are too many of them, or some are damaged
  return compare(*stored, bars);
}

template <class Rows>
void show_ends(const Rows& rows, std::size_t count, std::size_t shown, Rows& first, Rows& last) {
  const std::size_t head = std::min(count, shown), tail = std::min(count - head, shown);
  first = rows.slice(0, head);
  last = rows.slice(count - tail, tail);
}

}  // namespace

base::Result<ImportPreview> preview_import(store::MarketStore& store, const ImportRequest& request,
                                           std::span<const Unpacked::File> files, const PreviewOptions& options) {
  TRY_ASSIGN(Understood understood, understand(store, request, files));
  ImportPreview preview;
  preview.series = series_of(request, understood.formats.front());
  preview.left_out = std::move(understood.left_out);
  TRY_ASSIGN(preview.instrument, imported_instrument(store, request, understood.formats.front()));
  TRY_ASSIGN(const std::optional<store::SeriesInfo> series, find_series(store, preview.series));
  for (CsvFormat& format : understood.formats) {
    FilePreview file{.format = std::move(format)};
    auto read = read_rows(file.format, request);
    if (!read) {
      file.refused = std::move(read).error();
      preview.files.push_back(std::move(file));
      continue;
    }
    FileRows& rows = *read;
    if (file.format.ticks)
      show_ends(rows.ticks, rows.ticks.rows(), options.rows_shown, file.first_ticks, file.last_ticks);
    else
      show_ends(rows.bars, rows.bars.size(), options.rows_shown, file.first_bars, file.last_bars);
    file.changes = changes_of(store, series, rows, options);
    file.rows = std::move(rows.report);
    file.notes = std::move(rows.notes);
    preview.files.push_back(std::move(file));
  }
  return preview;
}

}  // namespace tradeassist::feed
