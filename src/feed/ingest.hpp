#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "feed/csv/csv_format.hpp"
#include "feed/csv/read_csv.hpp"
#include "feed/providers/files/unpack.hpp"
#include "feed/understand.hpp"
#include "market/instrument.hpp"
#include "store/market_store.hpp"

namespace tradeassist::feed {

/// One file that was stored.
struct FileImport {
  CsvFormat format;
  CsvReport rows;
  store::AppendResult stored;
  std::vector<std::string> notes{};  // what of it was left out, and why
  double read_seconds = 0;
  double store_seconds = 0;
};

struct ImportReport {
  store::SeriesKey series;
  market::Instrument instrument;
  bool is_new_instrument = false;
  bool instrument_changed = false;  // one that was there, by what the request says of it
  std::vector<FileImport> files;
  std::vector<LeftOutFile> left_out;
};

/// Is told what was understood about each file, after all were looked at and before anything is stored. An error stops
/// the import there and is returned.
using UnderstoodHook = std::function<base::Result<void>(const CsvFormat&)>;

/// Imports bars, or ticks, from CSV files, also packed with gzip or zip (each member is a file
/// of its own: "prices.zip/SPY.csv"), and from what `make_plain` makes into such, into one series, creating the
/// instrument when it is new (its time zone from --timezone, its tick size from the prices' decimals) and changing what
/// the request says of it. All files are looked at first, and refused together when one of them cannot be understood or
/// has another timeframe; but members of a zip archive that are not understood are left out, unless none is, or the
/// request is strict. An open interest that is 0 in every row of a file is not known. Then each is parsed completely
/// and stored in one transaction, all of its rows or none, durable before the next begins; an error names the files
/// that were stored before it. Importing the same file again changes nothing.
base::Result<ImportReport> import_csv(store::MarketStore& store, const ImportRequest& request,
                                      const UnderstoodHook& understood = {});

/// The same for files that are unpacked already, in place of request.paths.
base::Result<ImportReport> import_unpacked(store::MarketStore& store, const ImportRequest& request,
                                           std::span<const Unpacked::File> files,
                                           const UnderstoodHook& understood = {});

/// Refuses bars whose timeframe nobody has said: what they stand for is not left to how far apart they are.
base::Result<void> check_said(const CsvFormat& format);

/// What was stored, for people: per file the rows' report and what became of the bars. Ends with a newline.
std::string describe(const ImportReport& report);

}  // namespace tradeassist::feed
