#include "interchange/bar_table.hpp"

#include <array>

#include "market/fill.hpp"

namespace tradeassist::interchange {
namespace {

/// By market::Filled, less one: a stored bar has no word.
constexpr std::array kFillMethods = {market::FillMethod::kForward, market::FillMethod::kInterpolate,
                                     market::FillMethod::kZeroVolume};

SeriesMetadata metadata_of(const store::BarAnswer& answer) {
  SeriesMetadata metadata{
      .symbol = answer.instrument.symbol,
      .source = answer.series.key.source,
      .time_zone = answer.instrument.time_zone,
      .timeframe = answer.tick_rule ? market::to_string(*answer.tick_rule) : market::to_string(answer.timeframe),
      .exported_at = base::now()};
  const auto add = [&](const char* name, std::string value) { metadata.more.emplace_back(name, std::move(value)); };
  add("base_timeframe", market::to_string(answer.series.key.timeframe));
  if (answer.series.appended_at) add("last_append_time", base::format_time(*answer.series.appended_at));
  if (answer.continuous) {
    add("adjustment", std::string(market::to_string(answer.continuous->adjustment)));
    add("roll", market::to_string(answer.continuous->rule));
  }
  if (answer.adjusted) add("price_adjustment", std::string(market::to_string(answer.adjusted->adjustment)));
  if (answer.vwap) add("vwap", market::to_string(*answer.vwap));
  if (!answer.empty_reason.empty()) add("empty_reason", answer.empty_reason);
  return metadata;
}

}  // namespace

BarTable table_of(const store::BarAnswer& answer) {
  BarTable table{answer.bars, metadata_of(answer)};
  if (answer.continuous && !answer.continuous->unadjusted_close.empty())
    table.numbers.push_back({"unadjusted_close", answer.continuous->unadjusted_close});
  if (answer.adjusted && !answer.adjusted->split_factor.empty()) {
    table.numbers.push_back({"split_factor", answer.adjusted->split_factor});
    table.numbers.push_back({"dividend_factor", answer.adjusted->dividend_factor});
  }
  if (!answer.filled.empty()) {
    WordColumn filled{"filled", {}, {}};
    for (const market::FillMethod method : kFillMethods) filled.words.emplace_back(market::to_string(method));
    filled.word.reserve(answer.filled.size());
    for (const std::uint8_t how : answer.filled) filled.word.push_back(how == 0 ? kNoWord : how - 1U);
    table.words.push_back(std::move(filled));
  }
  if (answer.continuous && !answer.continuous->contract.empty()) {
    WordColumn contract{"contract", {}, answer.continuous->contract};
    for (const market::ContractName& name : answer.continuous->contracts)
      contract.words.push_back(market::to_string(name));
    table.words.push_back(std::move(contract));
  }
  return table;
}

}  // namespace tradeassist::interchange
