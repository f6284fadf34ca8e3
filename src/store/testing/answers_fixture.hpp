#pragma once

#include <string>
#include <utility>

#include "store/answers/bar_query.hpp"
#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::store {

/// Asks the store for bars, on each of the databases.
class AnswersOnBoth : public MarketStoreOnBoth {
 protected:
  BarAnswer ask(const BarQuery& query) {
    auto made = answer(*store_, query);
    EXPECT_TRUE(made) << made.error().message;
    return made ? std::move(*made) : BarAnswer{};
  }

  /// Why a question that makes no sense is refused.
  std::string refused(const BarQuery& query) {
    const auto made = answer(*store_, query);
    EXPECT_FALSE(made);
    if (made) return "";
    EXPECT_EQ(made.error().code, base::ErrorCode::kInvalidArgument);
    return made.error().message;
  }
};

}  // namespace tradeassist::store
