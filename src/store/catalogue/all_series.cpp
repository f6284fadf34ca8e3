#include "store/catalogue/all_series.hpp"

#include <iterator>

namespace tradeassist::store {

base::Result<std::vector<SeriesInfo>> all_series(MarketStore& store, std::string_view symbol) {
  std::vector<SeriesInfo> all;
  SeriesFilter filter{.symbol = std::string(symbol)};
  for (;;) {
    TRY_ASSIGN(std::vector<SeriesInfo> page, store.list_series(filter));
    all.insert(all.end(), std::make_move_iterator(page.begin()), std::make_move_iterator(page.end()));
    if (static_cast<std::int64_t>(page.size()) < filter.limit) return all;
    filter.after_id = all.back().id;
  }
}

}  // namespace tradeassist::store
