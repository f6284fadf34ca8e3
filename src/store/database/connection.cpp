#include "store/database/connection.hpp"

#include <cassert>

namespace tradeassist::store {

base::Result<std::int64_t> Connection::query_integer(std::string_view sql, Parameters parameters) {
  TRY_ASSIGN(const auto found, query_first(sql, parameters, [](const Row& row) { return row.integer(0); }));
  assert(found);
  return *found;
}

base::Result<Transaction> Transaction::begin(Connection& connection, Kind kind) {
  assert(!connection.in_transaction());
  TRY(connection.begin(kind));
  return Transaction(&connection);
}

Transaction::~Transaction() {
  if (connection_ != nullptr) connection_->roll_back();
}

base::Result<void> Transaction::commit() {
  TRY(connection_->commit());
  connection_ = nullptr;
  return {};
}

}  // namespace tradeassist::store
