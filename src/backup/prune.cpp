#include "backup/prune.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <unordered_set>

#include "backup/streams.hpp"

namespace tradeassist::backup {
std::vector<std::string> kept_backups(const std::vector<std::string>& ids, const Retention& retention) {
  std::set<std::string> kept;
  std::set<std::int64_t> days, weeks, months;
  const auto is_wanted = [](std::set<std::int64_t>& seen, std::int64_t period, std::int64_t most) {
    return static_cast<std::int64_t>(seen.size()) < most && seen.insert(period).second;
  };
  for (auto id = ids.rbegin(); id != ids.rend(); ++id) {
    const auto day = std::chrono::floor<std::chrono::days>(backup_time(*id));
    const std::int64_t number = day.time_since_epoch().count();
    const std::chrono::year_month_day date(day);
    const std::int64_t month = std::int64_t{int(date.year())} * 12 + unsigned(date.month());
    // 1 January 1970 was a Thursday; weeks begin on Mondays.
    const bool of_day = is_wanted(days, number, retention.daily),
               of_week = is_wanted(weeks, (number + 3) / 7, retention.weekly),
               of_month = is_wanted(months, month, retention.monthly);
    if (id == ids.rbegin() || of_day || of_week || of_month) kept.insert(*id);
  }
  return {kept.begin(), kept.end()};
}

base::Result<Pruned> prune(Repository& repository, const Retention& retention) {
  TRY_ASSIGN(const RepositoryLock lock, repository.lock_to_write());
  TRY_ASSIGN(const auto ids, repository.list());
  Pruned outcome{.kept = kept_backups(ids, retention), .removed = {}};
  std::unordered_set<std::string> wanted;
  for (const std::string& id : outcome.kept) {
    auto named = [&]() -> base::Result<void> {
      TRY_ASSIGN(const Manifest manifest, repository.read(id));
      return visit_block_names(repository, manifest, [&](std::string_view name) { wanted.emplace(name); });
    }();
    if (!named) {
      named.error().message += "; nothing was pruned. Remove that backup's file from `backups` if you do not need it";
      return std::unexpected(std::move(named).error());
    }
  }
  for (const std::string& id : ids) {
    if (std::ranges::binary_search(outcome.kept, id)) continue;
    TRY(repository.remove(id));
    outcome.removed.push_back(id);
  }
  TRY_ASSIGN(const auto swept, repository.sweep(wanted));
  outcome.blocks = swept.first;
  outcome.bytes = swept.second;
  return outcome;
}

}  // namespace tradeassist::backup
