#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "feed/csv/csv_format.hpp"
#include "feed/csv/read_csv.hpp"
#include "feed/providers/files/unpack.hpp"
#include "market/instrument.hpp"
#include "market/ticks.hpp"
#include "store/market_store.hpp"

namespace tradeassist::feed {

/// What the user says of the instrument; the rest stays as it is stored, or is guessed from the file.
struct InstrumentDetails {
  std::optional<std::string> name, asset_class, exchange, currency, time_zone, session;
  std::optional<double> tick_size, point_value, quantity_step;
};

/// What a file holds, as CSV text that this module understands, in another file.
struct PlainFile {
  std::string path;
  std::vector<std::string> notes;     // how it was made, for people
  std::shared_ptr<const void> owner;  // the file is gone with it
  bool is_text = true;                // made of a text file: then what was first wrong with it still matters
};

/// Makes a file plain that was refused for `why`; at most `rows_max` of its rows. Its error says why that was not
/// possible either.
using MakePlain =
    std::function<base::Result<PlainFile>(const std::string& path, const base::Error& why, std::int64_t rows_max)>;

/// What to import and as what.
struct ImportRequest {
  std::vector<std::string> paths;
  std::string symbol;
  InstrumentDetails instrument = {};
  std::string source = "csv";
  CsvOptions csv = {};  // its symbol is taken from above
  ReadLimits limits = {};
  MakePlain make_plain = {};                        // none: a file that is not understood is refused
  UnpackLimits unpack = {};                         // of each archive
  std::string by = std::string(store::kByProgram);  // in the history of the instrument
};

/// A member of an archive that holds no bars and no ticks, such as a README.
struct LeftOutFile {
  std::string name, reason;
};

/// The files of a request, unpacked.
struct UnpackedFiles {
  std::vector<Unpacked> archives;  // what they were unpacked to is there as long as they are
  std::vector<Unpacked::File> files;
};
base::Result<UnpackedFiles> unpack_all(const ImportRequest& request);

/// What was understood of files before their rows are read.
struct Understood {
  std::vector<CsvFormat> formats;  // at least one
  std::vector<LeftOutFile> left_out;
};

/// Looks at all files, which are of one series: kInvalidArgument when one of them cannot be understood, or is of
/// another timeframe. Members of a zip archive that are not understood are left out, unless none is, or the request is
/// strict.
base::Result<Understood> understand(store::MarketStore& store, const ImportRequest& request,
                                    std::span<const Unpacked::File> files);

/// The series that their rows are of.
store::SeriesKey series_of(const ImportRequest& request, const CsvFormat& format);

/// The instrument as an import leaves it: as it is stored, or guessed from the file, with what the request says of it.
struct ImportedInstrument {
  market::Instrument instrument;
  bool is_new = false, has_changed = false;
};
/// kInvalidArgument where what the request says is not good.
base::Result<ImportedInstrument> imported_instrument(store::MarketStore& store, const ImportRequest& request,
                                                     const CsvFormat& format);

/// All rows of a file.
struct FileRows {
  market::Series bars;       // of bars
  market::TickSeries ticks;  // of ticks
  CsvReport report;
  std::vector<std::string> notes;  // what of it was left out, and why
};
/// As read_csv() and read_ticks() give them. An open interest that is 0 in every row is not known, and left out.
base::Result<FileRows> read_rows(const CsvFormat& format, const ImportRequest& request);

}  // namespace tradeassist::feed
