#pragma once

#include <chrono>
#include <type_traits>

#include "store/database/connection.hpp"

namespace tradeassist::store {

/// Runs `work`, which gives a Result, again for as long as `outage_timeout` while the database says that this may
/// succeed. For whoever keeps one connection; ConnectionPool does it for those who share several.
template <class Work>
std::invoke_result_t<Work> repeated(Connection& connection, std::chrono::milliseconds outage_timeout, Work work) {
  const auto deadline = std::chrono::steady_clock::now() + outage_timeout;
  auto result = work();
  while (!result && connection.may_retry() && std::chrono::steady_clock::now() < deadline) result = work();
  return result;
}

/// The same in a writing transaction of its own, which is rolled back where `work` fails.
template <class Work>
std::invoke_result_t<Work> in_transaction(Connection& connection, std::chrono::milliseconds outage_timeout, Work work) {
  return repeated(connection, outage_timeout, [&]() -> std::invoke_result_t<Work> {
    TRY_ASSIGN(auto transaction, Transaction::begin(connection, TransactionKind::kWrite));
    auto result = work();
    if (!result) return result;
    TRY(transaction.commit());
    return result;
  });
}

}  // namespace tradeassist::store
