#include "store/integrity/doctor.hpp"

#include <fmt/format.h>

#include <utility>

#include "market/timeframe.hpp"
#include "store/bars/bar_writer.hpp"
#include "store/bars/chunk_rows.hpp"
#include "store/catalogue/catalogue.hpp"
#include "store/integrity/database_examiner.hpp"
#include "store/integrity/repair.hpp"
#include "store/integrity/series_examiner.hpp"
#include "store/schema/migrations.hpp"
#include "store/ticks/tick_writer.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;

constexpr std::int64_t kPageSeries = 1'000;
constexpr std::int64_t kImportsMax = 1'000;

constexpr const char* kWhereSymbol = "WHERE ($1 = '' OR symbol = $1) ";

/// False when nothing more can be read with this program.
base::Result<bool> examine_schema(Connection& connection, std::size_t findings_max, Examination& examination) {
  TRY_ASSIGN(examination.schema_version, schema_version(connection));
  const auto known = static_cast<int>(market_migrations().size());
  if (examination.schema_version == known) return true;
  examination.add(
      {.reason = fmt::format("{}: the schema has version {}, and this program reads version {}", connection.name(),
                             examination.schema_version, known),
       .advice = examination.schema_version < known ? "run `tradeassist migrate`" : "use the newer program"},
      findings_max);
  return false;
}

base::Result<void> note_imports(Connection& connection, const ExaminationOptions& options, Examination& examination) {
  const auto finding = [](const Row& row) {
    const std::string file = row.text(5).empty() ? "" : fmt::format(" of {}", row.text(5));
    return Finding{.severity = Severity::kNote,
                   .series_id = row.integer(0),
                   .symbol = std::string(row.text(1)),
                   .timeframe = std::string(row.text(2)),
                   .source = std::string(row.text(3)),
                   .reason = fmt::format("import {}{}, begun at {}, is not finished", row.integer(4), file,
                                         base::format_time(base::time_from_nanoseconds(row.integer(6)))),
                   .advice = "it runs still, or was stopped half way; importing again adds what is missing"};
  };
  TRY_ASSIGN(auto findings,
             connection.query_all(std::string("SELECT series.id, symbol, timeframe, series.source, import.id, file, "
                                              "started_at FROM import JOIN series ON series.id = series_id JOIN "
                                              "instrument ON instrument.id = instrument_id ") +
                                      kWhereSymbol + "AND finished_at IS NULL ORDER BY import.id LIMIT $2",
                                  {options.symbol, kImportsMax}, finding));
  for (Finding& each : findings) examination.add(std::move(each), options.findings_max);
  return {};
}

base::Result<void> examine_all_series(Connection& connection, const ExaminationOptions& options,
                                      Examination& examination) {
  ExaminationProgress progress;
  TRY_ASSIGN(progress.series_count,
             connection.query_integer(std::string("SELECT count(*) FROM series JOIN instrument ON instrument.id = "
                                                  "instrument_id ") +
                                          kWhereSymbol,
                                      {options.symbol}));
  SeriesExaminer examiner(connection, options, examination);
  std::int64_t after = 0;
  while (true) {
    TRY_ASSIGN(const auto page,
               connection.query_all(std::string("SELECT series.id, symbol, timeframe, source FROM series JOIN "
                                                "instrument ON instrument.id = instrument_id ") +
                                        kWhereSymbol + "AND series.id > $2 ORDER BY series.id LIMIT $3",
                                    {options.symbol, after, kPageSeries}, [](const Row& row) {
                                      return ExaminedSeries{row.integer(0), std::string(row.text(1)),
                                                            std::string(row.text(2)), std::string(row.text(3))};
                                    }));
    if (page.empty()) return {};
    for (const ExaminedSeries& series : page) {
      const auto examined = examiner.examine(series, progress);
      if (!examined && examined.error().code != ErrorCode::kDataLoss) return examined;
      if (!examined) {
        examination.add({.series_id = series.id,
                         .symbol = series.symbol,
                         .timeframe = series.timeframe,
                         .source = series.source,
                         .reason = "cannot be read further: " + examined.error().message,
                         .advice = "restore a backup"},
                        options.findings_max);
      }
      ++progress.series_done;
      after = series.id;
    }
  }
}

}  // namespace

std::string to_string(const Finding& finding) {
  std::string where;
  if (!finding.symbol.empty()) where = fmt::format("{} {} {}", finding.symbol, finding.timeframe, finding.source);
  if (finding.first_time && finding.last_time) {
    where += ", " + range_text(base::to_nanoseconds(*finding.first_time), base::to_nanoseconds(*finding.last_time));
  }
  return fmt::format("{}{}{}; {}", where, where.empty() ? "" : ": ", finding.reason, finding.advice);
}

void Examination::add(Finding finding, std::size_t findings_max) {
  ++(finding.severity == Severity::kBroken ? broken : notes);
  if (finding.remedy == Remedy::kRecount) to_recount.insert(finding.series_id);
  if (finding.remedy == Remedy::kMove) to_move.insert(finding.series_id);
  if (finding.remedy == Remedy::kDiscard) to_discard.insert(finding.series_id);
  if (findings.size() < findings_max) findings.push_back(std::move(finding));
}

base::Result<Examination> examine(Connection& connection, const ExaminationOptions& options) {
  Examination examination;
  TRY_ASSIGN(const bool readable, examine_schema(connection, options.findings_max, examination));
  if (!readable) return examination;
  if (options.symbol.empty()) {
    TRY(examine_database(connection, options.findings_max, examination));
  } else {
    TRY_ASSIGN(const std::int64_t known,
               connection.query_integer("SELECT count(*) FROM instrument WHERE symbol = $1", {options.symbol}));
    if (known == 0) return base::failure(ErrorCode::kNotFound, "instrument '" + options.symbol + "' does not exist");
  }
  TRY(examine_all_series(connection, options, examination));
  const auto noted = note_imports(connection, options, examination);
  if (!noted && (noted.error().code != ErrorCode::kDataLoss || examination.broken == 0)) {
    return std::unexpected(noted.error());
  }
  return examination;
}

base::Result<std::vector<std::string>> repair(Connection& connection, const Examination& examination,
                                              const RepairOptions& options) {
  std::set<std::int64_t> all = examination.to_recount;
  all.insert(examination.to_move.begin(), examination.to_move.end());
  all.insert(examination.to_discard.begin(), examination.to_discard.end());
  BarWriter bars(connection);
  TickWriter ticks(connection);
  const SeriesWriters writers{bars, ticks};
  std::vector<std::string> done;
  for (const std::int64_t id : all) {
    TRY_ASSIGN(Transaction transaction, Transaction::begin(connection, Transaction::Kind::kWrite));
    TRY_ASSIGN(const SeriesInfo series, get_series(connection, id));
    const std::string name =
        fmt::format("{} {} {}", series.key.symbol, market::to_string(series.key.timeframe), series.key.source);
    const bool of_ticks = series.key.timeframe == market::kTickTimeframe;
    if (examination.to_move.contains(id)) {
      TRY_ASSIGN(const std::int64_t moved,
                 move_to_partitions(connection, of_ticks ? PartitionKind::kTick : PartitionKind::kBar, id));
      done.push_back(fmt::format("{}: {} chunks listed in the partitions of their times", name, moved));
    }
    if (examination.to_discard.contains(id) && !options.discard_damaged) {
      done.push_back(name + ": damaged chunks were left, and nothing was counted; --discard-damaged removes them");
    } else if (examination.to_discard.contains(id)) {
      TRY_ASSIGN(const auto discarded, discard_damaged(connection, writers, id, options.by));
      for (const DamagedChunk& chunk : discarded) {
        done.push_back(fmt::format(
            "{}: {} {} from {} discarded ({}); import this range again", name, chunk.row_count,
            of_ticks ? "ticks" : "bars",
            range_text(base::to_nanoseconds(chunk.first_time), base::to_nanoseconds(chunk.last_time)), chunk.reason));
      }
    } else if (examination.to_recount.contains(id)) {
      TRY(recount(connection, writers, id, options.by));
      done.push_back(name + ": counted again");
    }
    TRY(transaction.commit());
  }
  return done;
}

}  // namespace tradeassist::store
