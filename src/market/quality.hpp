#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "market/buckets.hpp"
#include "market/calendar/calendar.hpp"
#include "market/futures/trade_days.hpp"
#include "market/gaps.hpp"
#include "market/series.hpp"

namespace tradeassist::market {

/// What can be wrong with bars (docs/data-quality.md).
enum class QualityReason : std::uint8_t {
  kMissingBars,    // bars were to be expected and are not there
  kInconsistent,   // high below low, open or close outside them, an infinite price, a volume below 0
  kUnknownPrice,   // one of the four prices is NaN
  kZeroPrice,      // one of them is 0
  kNegativePrice,  // one of them is below 0; of futures and series a note
  kOutlier,        // the close moved far more than it does
  kStale,          // the same bar again and again, or no move in a market that trades
  kUnknownVolume,  // NaN; a note where no volume of the series is known
  kZeroVolume,     // a bar without volume
  kOutsideHours,   // a bar while the market was closed
  kDuplicate,      // came more than once
  kOutOfOrder,     // came after a later one
};
constexpr std::size_t kQualityReasonCount = 12;

/// "missing_bars", "inconsistent" …
std::string_view to_string(QualityReason reason);

/// What a series' rows were like when they came in: it cannot be seen any more in the bars that were kept.
struct IngestNotes {
  std::int64_t duplicates = 0, out_of_order = 0;
  std::optional<base::Time> first_duplicate{}, first_out_of_order{};
};

/// What was found for one reason.
struct QualityFinding {
  QualityReason reason = QualityReason::kMissingBars;
  std::int64_t count = 0;             // bars
  double penalty = 0;                 // points taken off the score; 0 for a note
  std::optional<base::Time> first{};  // an example
  std::string text{};                 // for people
};

/// One trade date. Duplicates and rows out of order are of the whole series only.
struct DayQuality {
  std::int64_t day = 0;  // since 1970-01-01
  std::int64_t bars = 0;
  double score = 100;
  std::array<std::int64_t, kQualityReasonCount> counts{};  // bars by reason
};

struct QualityReport {
  double score = 100;                    // 0 to 100
  std::vector<QualityFinding> findings;  // in the order of QualityReason, those with a count
  std::vector<DayQuality> days;          // ascending; those with bars or with missing ones
};

struct QualityQuery {
  Timeframe timeframe;
  std::string_view asset_class = "stock";  // of kAssetClasses: futures and series may have negative prices
  CalendarPtr calendar{};                  // null: hours are not judged, and days are the anchor's
  SessionAnchor anchor{};
  BarTimes times = BarTimes::kInstants;
  const GapReport* gaps = nullptr;  // of find_gaps over the same bars; null: missing bars are not judged
  IngestNotes ingest{};
  std::int64_t stale_bars_min = 10;  // as many equal bars, volume included, are stale
  std::int64_t flat_bars_min = 60;   // so are as many at one price whose volumes differ
  double outlier_deviations = 20;    // robust standard deviations beyond which a move is an outlier
};

/// Scores a series and each of its trade dates. 100 less, for each reason, its share of bars in percent times its
/// points, up to its cap; never below 0. Deterministic. Linear in bars and missing bars' gaps, but for a search by day.
/// kInvalidArgument: an unknown time zone.
base::Result<QualityReport> quality_of(const Series& bars, const QualityQuery& query);

/// Points per percent of bars, and at most how many, that a reason costs.
struct QualityWeight {
  double points_per_percent, points_max;
};
QualityWeight quality_weight(QualityReason reason);

}  // namespace tradeassist::market
