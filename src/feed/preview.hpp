#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "feed/understand.hpp"
#include "store/catalogue/series_counts.hpp"

namespace tradeassist::feed {

struct PreviewOptions {
  std::size_t rows_shown = 10;                 // of each end of a file
  std::int64_t rows_compared_max = 2'000'000;  // with what is stored; of a longer file that is not known
};

/// One file as an import would find it. Where `refused` says why its rows cannot be imported, the rest behind it is
/// empty.
struct FilePreview {
  CsvFormat format;
  std::optional<base::Error> refused{};
  CsvReport rows{};
  market::Series first_bars{}, last_bars{};        // of bars; what is in the first is not in the last
  market::TickSeries first_ticks{}, last_ticks{};  // of ticks, the same
  std::vector<std::string> notes{};                // what of it would be left out, and why
  /// What storing it would do, if none of the request's other files were stored; none: not known.
  std::optional<store::AppendResult> changes{};
};

struct ImportPreview {
  store::SeriesKey series;
  ImportedInstrument instrument;
  std::vector<FilePreview> files;
  std::vector<LeftOutFile> left_out;
};

/// What import_unpacked() would do, with nothing stored. Its errors are those of the whole request: a file that is not
/// understood, an instrument that cannot be as the request says. Rows of ticks are compared with what is stored only
/// where nothing is.
base::Result<ImportPreview> preview_import(store::MarketStore& store, const ImportRequest& request,
                                           std::span<const Unpacked::File> files, const PreviewOptions& options = {});

}  // namespace tradeassist::feed
