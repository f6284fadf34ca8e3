#include "backtest/evaluator/columns/shared_columns.hpp"

#include <algorithm>
#include <utility>

namespace tradeassist::backtest {

bool are_sound(const market::Series& series) {
  std::size_t unsound = 0;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const double open = series.open[i], close = series.close[i], low = series.low[i], high = series.high[i];
    unsound += !(low <= open && low <= close && open <= high && close <= high);
  }
  return unsound == 0;
}

SharedColumns::SharedColumns(const market::Series& series, std::uint64_t bytes_max)
    : series_(series), bytes_max_(bytes_max), bars_are_sound_(are_sound(series)) {}

std::optional<SharedColumns::Name> SharedColumns::name(const Identity& identity) {
  const std::lock_guard lock(mutex_);
  const auto found = names_.find(identity);
  if (found != names_.end()) return found->second;
  if (names_.size() >= kNamesMax) return std::nullopt;
  return names_.emplace(identity, static_cast<Name>(names_.size())).first->second;
}

std::shared_ptr<const SharedColumn> SharedColumns::find(Name name) {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(name);
  if (found == kept_.end()) return nullptr;
  used_.splice(used_.end(), used_, found->second.place);
  ++statistics_.found;
  return found->second.column;
}

std::shared_ptr<const SharedColumn> SharedColumns::keep(Name name, SharedColumn column) {
  auto made = std::make_shared<const SharedColumn>(std::move(column));
  std::vector<std::shared_ptr<const SharedColumn>> gone;  // freed after the lock
  const std::lock_guard lock(mutex_);
  ++statistics_.computed;
  const auto [entry, is_new] = kept_.try_emplace(name);
  if (!is_new) return entry->second.column;
  entry->second = {made, used_.insert(used_.end(), name)};
  statistics_.bytes += made->bytes();
  while (statistics_.bytes > bytes_max_) {
    const auto oldest = kept_.find(used_.front());
    statistics_.bytes -= oldest->second.column->bytes();
    gone.push_back(std::move(oldest->second.column));
    kept_.erase(oldest);
    used_.pop_front();
    ++statistics_.evicted;
  }
  return made;
}

SharedColumns::Statistics SharedColumns::statistics() const {
  const std::lock_guard lock(mutex_);
  return statistics_;
}

}  // namespace tradeassist::backtest
