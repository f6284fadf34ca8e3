#include "store/migrations.hpp"

namespace tradeassist::store {

// What the server itself remembers, apart from market data.
std::span<const Migration> app_migrations() {
  return {};
}

}  // namespace tradeassist::store
