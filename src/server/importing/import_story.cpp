#include "server/importing/import_story.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tradeassist::server {

notify::Event import_event(const feed::ImportReport& report) {
  std::int64_t bad = 0;
  store::AppendResult stored;
  for (const feed::FileImport& file : report.files) {
    bad += file.rows.bad;
    stored += file.stored;
  }
  notify::Event event;
  event.type = "data.imported";
  event.data = {{"symbol", report.series.symbol}, {"timeframe", market::to_string(report.series.timeframe)},
                {"source", report.series.source}, {"files", report.files.size()},
                {"inserted", stored.inserted},    {"corrected", stored.corrected},
                {"unchanged", stored.unchanged},  {"bad_rows", bad}};
  return event;
}

std::optional<std::string> retention_note(
    const feed::ImportReport& report, const std::function<std::optional<base::Time>(store::PartitionKind)>& kept_from) {
  const bool ticks = report.series.timeframe == market::kTickTimeframe;
  const auto from = kept_from(ticks ? store::PartitionKind::kTick : store::PartitionKind::kBar);
  const bool is_older = std::ranges::any_of(report.files, [&](const feed::FileImport& file) {
    return from && file.format.first_bar && file.format.first_bar->time < *from;
  });
  if (!is_older) return std::nullopt;
  return fmt::format("{} before {} are archived and leave the database with the next maintenance; {} = 0 keeps them",
                     ticks ? "ticks" : "bars", base::format_time(*from),
                     ticks ? "retention_tick_months" : "retention_bar_years");
}

}  // namespace tradeassist::server
