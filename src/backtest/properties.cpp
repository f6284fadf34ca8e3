#include "backtest/properties.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <map>
#include <optional>

namespace tradeassist::backtest {
namespace {

using pine::StrategySettings;
using Setter = std::function<std::optional<std::string>(StrategySettings&, std::string_view)>;  // why not, or nothing
using Getter = std::function<std::string(const StrategySettings&)>;

struct Access {
  Setter set;
  Getter get;               // as `set` takes it
  std::string_view before;  // its value in a script
  std::string_view after;
};

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

template <class T>
Getter text_of(T StrategySettings::* field) {
  return [=](const StrategySettings& settings) { return fmt::format("{}", settings.*field); };
}

Access real(double StrategySettings::* field, double minimum, double maximum) {
  const Setter set = [=](StrategySettings& settings, std::string_view text) -> std::optional<std::string> {
    const auto value = number_of(text);
    if (!value || *value < minimum || *value > maximum) return fmt::format("a number from {} to {}", minimum, maximum);
    settings.*field = *value;
    return std::nullopt;
  };
  return {set, text_of(field), "", ""};
}

Access whole(int StrategySettings::* field, int maximum) {
  const Setter set = [=](StrategySettings& settings, std::string_view text) -> std::optional<std::string> {
    const auto value = number_of(text);
    if (!value || *value < 0 || *value > maximum || *value != std::trunc(*value))
      return fmt::format("a whole number from 0 to {}", maximum);
    settings.*field = static_cast<int>(*value);
    return std::nullopt;
  };
  return {set, text_of(field), "", ""};
}

Access flag(bool StrategySettings::* field) {
  const Setter set = [=](StrategySettings& settings, std::string_view text) -> std::optional<std::string> {
    if (text != "true" && text != "false") return "true or false";
    settings.*field = text == "true";
    return std::nullopt;
  };
  return {set, text_of(field), "", ""};
}

/// "EUR", "currency.EUR"; NONE is the instrument's.
Access currency() {
  const Setter set = [](StrategySettings& settings, std::string_view text) -> std::optional<std::string> {
    if (const std::size_t dot = text.rfind('.'); dot != std::string_view::npos) text = text.substr(dot + 1);
    const bool is_code = text.size() >= 3 && text.size() <= 5 && std::ranges::all_of(text, [](char c) {
                           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
                         });
    if (!is_code) return "a currency's code in capitals, or NONE for the instrument's";
    settings.currency = text == "NONE" ? "" : std::string(text);
    return std::nullopt;
  };
  const Getter get = [](const StrategySettings& settings) {
    return settings.currency.empty() ? "NONE" : settings.currency;
  };
  return {set, get, "currency.", ""};
}

template <class T>
Access choice(T StrategySettings::* field, std::map<std::string, T, std::less<>> choices, std::string_view before,
              std::string_view after = "") {
  const Setter set = [=](StrategySettings& settings, std::string_view text) -> std::optional<std::string> {
    if (const std::size_t dot = text.rfind('.'); dot != std::string_view::npos) text = text.substr(dot + 1);
    const auto found = choices.find(text);
    if (found == choices.end()) {
      std::string names;
      for (const auto& [name, value] : choices) names += (names.empty() ? "one of " : ", ") + name;
      return names;
    }
    settings.*field = found->second;
    return std::nullopt;
  };
  const Getter get = [=](const StrategySettings& settings) {
    const auto found =
        std::ranges::find_if(choices, [&](const auto& choice) { return choice.second == settings.*field; });
    return found->first;
  };
  return {set, get, before, after};
}

const std::map<std::string, Access, std::less<>>& properties() {
  using pine::CommissionType;
  using pine::QuantityType;
  static const std::map<std::string, Access, std::less<>> kProperties = {
      {"initial_capital", real(&StrategySettings::initial_capital, 1e-6, 1e15)},
      {"default_qty_value", real(&StrategySettings::default_qty_value, 0, 1e15)},
      {"default_qty_type", choice<QuantityType>(&StrategySettings::default_qty_type,
                                                {{"fixed", QuantityType::kFixed},
                                                 {"cash", QuantityType::kCash},
                                                 {"percent_of_equity", QuantityType::kPercentOfEquity}},
                                                "strategy.")},
      {"pyramiding", whole(&StrategySettings::pyramiding, 1000)},
      {"slippage", whole(&StrategySettings::slippage, 1'000'000)},
      {"backtest_fill_limits_assumption", whole(&StrategySettings::backtest_fill_limits_assumption, 1'000'000)},
      {"commission_type", choice<CommissionType>(&StrategySettings::commission_type,
                                                 {{"percent", CommissionType::kPercent},
                                                  {"cash_per_contract", CommissionType::kCashPerContract},
                                                  {"cash_per_order", CommissionType::kCashPerOrder}},
                                                 "strategy.commission.")},
      {"commission_value", real(&StrategySettings::commission_value, 0, 1e9)},
      {"calc_on_order_fills", flag(&StrategySettings::calc_on_order_fills)},
      {"use_bar_magnifier", flag(&StrategySettings::use_bar_magnifier)},
      {"calc_bars_count", whole(&StrategySettings::calc_bars_count, 100'000'000)},
      {"currency", currency()},
      {"process_orders_on_close", flag(&StrategySettings::process_orders_on_close)},
      {"close_entries_rule", choice<bool>(&StrategySettings::close_any, {{"FIFO", false}, {"ANY", true}}, "\"", "\"")},
      {"margin_long", real(&StrategySettings::margin_long, 0, 10'000)},
      {"margin_short", real(&StrategySettings::margin_short, 0, 10'000)},
      {"risk_free_rate", real(&StrategySettings::risk_free_rate, -100, 1000)},
  };
  return kProperties;
}

}  // namespace

base::Result<void> set_property(StrategySettings& settings, std::string_view name, std::string_view value) {
  const auto found = properties().find(name);
  if (found == properties().end()) {
    std::string names;
    for (const auto& [known, access] : properties()) names += (names.empty() ? "" : ", ") + known;
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("there is no property '{}'; there are {}", name, names));
  }
  if (const auto wanted = found->second.set(settings, value)) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("property {} must be {}, is '{}'", name, *wanted, value));
  }
  return {};
}

std::vector<Property> changed_properties(const StrategySettings& declared, const StrategySettings& settings) {
  std::vector<Property> changed;
  for (const auto& [name, access] : properties()) {
    std::string value = access.get(settings);
    if (value != access.get(declared)) changed.push_back({name, std::move(value)});
  }
  return changed;
}

std::string property_expression(const Property& property) {
  const Access& access = properties().at(property.name);
  return fmt::format("{}{}{}", access.before, property.value, access.after);
}

}  // namespace tradeassist::backtest
