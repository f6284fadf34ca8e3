#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/historical/historical_request.hpp"
#include "server/problem.hpp"
#include "store/cache/series_cache.hpp"

namespace tradeassist::server {

/// How the question for one symbol was answered: with bars, or with the problem that kept them.
struct SymbolAnswer {
  std::string symbol;                         // as the request names it
  std::optional<store::CachedAnswer> kept{};  // none where there is a problem
  std::optional<Problem> problem{};

  std::int64_t bar_count() const { return kept ? static_cast<std::int64_t>(kept->answer->bars.size()) : 0; }
  /// "ok", "empty" (and the answer says why) or "error".
  std::string_view status() const;
};

/// Reads through the cache. More bars than `bars_max` are a problem, which says how to ask for fewer. `kind`: how long
/// the answer is kept; as long as the question says where none is given.
SymbolAnswer read_symbol(store::SeriesCache& cache, const SymbolQuery& query, std::int64_t bars_max,
                         std::optional<store::CacheClass> kind = {});

/// Most bars of all symbols in one answer: about 60 MB of text.
constexpr std::int64_t kAnswerBarsMax = 500'000;

/// Makes a problem of an answer that has no place any more beside the `bars` of those before it.
void refuse_beyond(SymbolAnswer& answer, std::int64_t bars);

/// `"status":…,"bar_count":…,"reason":…,"error":…,"data":…`: `reason` why it is empty, `error` with code and message,
/// `data` the answer of GET /api/v1/bars; null where there is none.
void append_symbol_answer(std::string& out, const SymbolAnswer& answer, bool as_columns);

/// True where the format is an array a column, false where it is an object a bar.
bool wants_columns(const HistoricalOptions& options);

}  // namespace tradeassist::server
