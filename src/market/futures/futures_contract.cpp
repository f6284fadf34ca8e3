#include "market/futures/futures_contract.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace tradeassist::market {
namespace {

std::unexpected<base::Error> refuse(std::string what) {
  return base::failure(base::ErrorCode::kInvalidArgument, std::move(what));
}

base::Result<void> check_bars(const FuturesContract& contract) {
  const std::string name = to_string(contract.name);
  if (contract.bars == nullptr) return refuse(fmt::format("{} has no series of bars", name));
  const Series& bars = *contract.bars;
  for (const auto* column : {&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume}) {
    if (column->size() != bars.size()) return refuse(fmt::format("the columns of {} differ in length", name));
  }
  if (!bars.open_interest.empty() && bars.open_interest.size() != bars.size()) {
    return refuse(
        fmt::format("{} has {} bars but {} values of open interest", name, bars.size(), bars.open_interest.size()));
  }
  const auto wrong = std::ranges::adjacent_find(bars.time, std::greater_equal<>());
  if (wrong == bars.time.end()) return {};
  const std::string time = base::format_time(base::time_from_nanoseconds(*wrong));
  if (*wrong == *(wrong + 1)) return refuse(fmt::format("{} has two bars at {}; keep one of them", name, time));
  return refuse(fmt::format("the bars of {} are not in order: {} is followed by {}; sort them by time", name, time,
                            base::format_time(base::time_from_nanoseconds(*(wrong + 1)))));
}

}  // namespace

base::Result<void> check_contracts(std::span<const FuturesContract> contracts) {
  if (contracts.size() > kFuturesContractsMax) {
    return base::failure(base::ErrorCode::kResourceExhausted,
                         fmt::format("a continuous series has at most {} contracts", kFuturesContractsMax));
  }
  for (const FuturesContract& contract : contracts) TRY(check_bars(contract));
  for (std::size_t i = 1; i < contracts.size(); ++i) {
    const ContractName &before = contracts[i - 1].name, &name = contracts[i].name;
    if (before.delivery == name.delivery) {
      return refuse(fmt::format("{} comes twice in the list of contracts", to_string(name)));
    }
    if (before.delivery > name.delivery) {
      return refuse(fmt::format("contracts out of order: {} comes after {}; list them by delivery month",
                                to_string(name), to_string(before)));
    }
  }
  return {};
}

}  // namespace tradeassist::market
