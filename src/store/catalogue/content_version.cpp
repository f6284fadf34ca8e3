#include "store/catalogue/content_version.hpp"

#include "market/futures/continuous_symbol.hpp"

namespace tradeassist::store {
namespace {

constexpr const char* kSelectVersion =
    "SELECT (SELECT partition_version FROM store_state) + coalesce(sum(version + 1 + (SELECT coalesce(sum(version + "
    "1), "
    "0) FROM series WHERE instrument_id = instrument.id)), 0) FROM instrument WHERE symbol = $1";

// Every name of a contract has its year in digits; some have no root ("202512"), so the root tells nothing.
constexpr const char* kOrHasDigit =
    " OR symbol LIKE '%0%' OR symbol LIKE '%1%' OR symbol LIKE '%2%' OR symbol LIKE '%3%' OR symbol LIKE '%4%'"
    " OR symbol LIKE '%5%' OR symbol LIKE '%6%' OR symbol LIKE '%7%' OR symbol LIKE '%8%' OR symbol LIKE '%9%'";

}  // namespace

base::Result<std::int64_t> content_version(Connection& connection, std::string_view symbol) {
  if (!market::looks_continuous(symbol)) return connection.query_integer(kSelectVersion, {symbol});
  return connection.query_integer(std::string(kSelectVersion) + kOrHasDigit, {symbol});
}

base::Result<std::string> database_identity(Connection& connection) {
  TRY_ASSIGN(auto identity, connection.query_first("SELECT identity FROM store_state", {},
                                                   [](const Row& row) { return std::string(row.text(0)); }));
  if (!identity)
    return base::failure(base::ErrorCode::kDataLoss, connection.name() + ": its table store_state is empty");
  return *std::move(identity);
}

}  // namespace tradeassist::store
