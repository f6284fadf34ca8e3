#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "pine/analysis/declaration.hpp"
#include "pine/analysis/lowering.hpp"
#include "pine/analysis/syntax_walk.hpp"

namespace tradeassist::pine {

using namespace ast;

namespace {

const std::vector<std::string> kStrategyParameters = words(
    "title shorttitle overlay format precision scale pyramiding calc_on_order_fills calc_on_every_tick max_bars_back "
    "backtest_fill_limits_assumption default_qty_type default_qty_value initial_capital currency slippage "
    "commission_type commission_value process_orders_on_close close_entries_rule margin_long margin_short "
    "explicit_plot_zorder max_lines_count max_labels_count max_boxes_count calc_bars_count risk_free_rate "
    "use_bar_magnifier fill_orders_on_standard_ohlc max_polylines_count dynamic_requests behind_chart linktoseries");

const std::vector<std::string> kIndicatorParameters = words(
    "title shorttitle overlay format precision scale max_bars_back timeframe timeframe_gaps explicit_plot_zorder "
    "max_lines_count max_labels_count max_boxes_count calc_bars_count max_polylines_count dynamic_requests "
    "behind_chart linktoseries");

/// An order command: its parameters in the order of the reference, and which of them the program takes. `v5` is the
/// order of v5, where it differs; `when` there makes the call do nothing when false. Scripts written after the manual
/// of v5 dropped `when` have a text in its place: they follow the order of v6.
struct Command {
  Function function;
  std::vector<std::string> v6, v5;
  std::vector<std::string> operands;  // as in function.hpp
  std::size_t required;
};

const std::map<std::string, Command>& commands() {
  static const std::vector<std::string> kEntryOperands =
      words("id direction qty limit stop oca_name oca_type comment alert_message disable_alert");
  static const std::vector<std::string> kEntryV6 =
      words("id direction qty limit stop oca_name oca_type comment alert_message disable_alert");
  static const std::vector<std::string> kEntryV5 =
      words("id direction qty limit stop oca_name oca_type comment when alert_message disable_alert");
  static const std::vector<std::string> kExitOperands = words(
      "id from_entry qty qty_percent profit limit loss stop trail_price trail_points trail_offset oca_name comment "
      "comment_profit comment_loss comment_trailing alert_message alert_profit alert_loss alert_trailing "
      "disable_alert");
  static const std::vector<std::string> kExitV6 = words(
      "id from_entry qty qty_percent profit limit loss stop trail_price trail_points trail_offset oca_name comment "
      "comment_profit comment_loss comment_trailing alert_message alert_profit alert_loss alert_trailing "
      "disable_alert");
  static const std::vector<std::string> kExitV5 = words(
      "id from_entry qty qty_percent profit limit loss stop trail_price trail_points trail_offset oca_name comment "
      "comment_profit comment_loss comment_trailing when alert_message alert_profit alert_loss alert_trailing "
      "disable_alert");
  static const std::vector<std::string> kCountParameters = words("count alert_message");
  static const std::vector<std::string> kLossParameters = words("value type alert_message");
  static const std::map<std::string, Command> kCommands = {
      {"strategy.entry", {Function::kStrategyEntry, kEntryV6, kEntryV5, kEntryOperands, 2}},
      {"strategy.order", {Function::kStrategyOrder, kEntryV6, kEntryV5, kEntryOperands, 2}},
      {"strategy.exit", {Function::kStrategyExit, kExitV6, kExitV5, kExitOperands, 1}},
      {"strategy.close",
       {Function::kStrategyClose, words("id comment qty qty_percent alert_message immediately disable_alert"),
        words("id when comment qty qty_percent alert_message immediately disable_alert"),
        words("id comment qty qty_percent immediately alert_message disable_alert"), 1}},
      {"strategy.close_all",
       {Function::kStrategyCloseAll, words("comment alert_message immediately disable_alert"),
        words("when comment alert_message immediately disable_alert"),
        words("comment immediately alert_message disable_alert"), 0}},
      {"strategy.cancel", {Function::kStrategyCancel, {"id"}, words("id when"), {"id"}, 1}},
      {"strategy.cancel_all", {Function::kStrategyCancelAll, {}, {"when"}, {}, 0}},
      {"strategy.risk.allow_entry_in", {Function::kStrategyRiskAllowEntryIn, {"value"}, {"value"}, {"value"}, 1}},
      {"strategy.risk.max_cons_loss_days",
       {Function::kStrategyRiskMaxConsLossDays, kCountParameters, kCountParameters, {"count"}, 1}},
      {"strategy.risk.max_drawdown",
       {Function::kStrategyRiskMaxDrawdown, kLossParameters, kLossParameters, words("value type"), 2}},
      {"strategy.risk.max_intraday_filled_orders",
       {Function::kStrategyRiskMaxIntradayFilledOrders, kCountParameters, kCountParameters, {"count"}, 1}},
      {"strategy.risk.max_intraday_loss",
       {Function::kStrategyRiskMaxIntradayLoss, kLossParameters, kLossParameters, words("value type"), 2}},
      {"strategy.risk.max_position_size",
       {Function::kStrategyRiskMaxPositionSize, {"contracts"}, {"contracts"}, {"contracts"}, 1}},
  };
  return kCommands;
}

Type operand_type(Function command, const std::string& name) {
  if (command == Function::kStrategyRiskAllowEntryIn) return Type::kDirection;
  if (name == "id" || name == "from_entry" || name.starts_with("comment") || name.starts_with("oca") ||
      name == "type" || name.starts_with("alert_message") || name == "alert_profit" || name == "alert_loss" ||
      name == "alert_trailing") {
    return Type::kString;
  }
  if (name == "direction") return Type::kDirection;
  if (name == "immediately" || name == "when" || name == "disable_alert") return Type::kBool;
  return Type::kFloat;
}

}  // namespace

const std::vector<std::string>& strategy_parameters() { return kStrategyParameters; }

void Lowering::script_declaration(const std::string& name, const Expression& expression, const Call& node) {
  if (name == "study") {
    error(expression.range, "`study` is the v4 name of indicator()");
    declared_ = true;
    return;
  }
  if (declared_) {
    error(expression.range, "a script has one declaration; this is the second");
    return;
  }
  declared_ = true;
  if (name == "library") return library_declaration(expression, node);
  const bool is_strategy = name == "strategy";
  program_.kind = is_strategy ? ScriptKind::kStrategy : ScriptKind::kIndicator;
  const auto& names = is_strategy ? kStrategyParameters : kIndicatorParameters;
  std::vector<bool> optional(names.size(), true);
  optional[0] = false;
  const auto bound = bind(name, names, optional, expression, node);
  StrategySettings& settings = program_.settings;
  settings.margin_long = settings.margin_short = rules_.default_margin;
  settings.exit_takes_nearer_level = rules_.exit_takes_nearer_level;
  if (!bound) return;

  const auto argument = [&](const char* parameter) -> const Expression* {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] == parameter) return (*bound)[i];
    }
    return nullptr;
  };
  const auto what = [&](const char* parameter) { return "`" + std::string(parameter) + "` of " + name + "()"; };
  const auto text = [&](const char* parameter, std::string& into) {
    if (const auto value = constant_text(argument(parameter), what(parameter))) into = *value;
  };
  const auto flag = [&](const char* parameter, bool& into) {
    if (const auto value = constant_bool(argument(parameter), what(parameter))) into = *value;
  };
  const auto number = [&](const char* parameter, auto& into, double minimum) {
    const auto value = constant_number(argument(parameter), what(parameter));
    if (!value) return;
    if (!(*value >= minimum)) {
      error(argument(parameter)->range,
            what(parameter) + " must be at least " + std::to_string(static_cast<long long>(minimum)));
      return;
    }
    using Setting = std::remove_reference_t<decltype(into)>;
    into = static_cast<Setting>(std::min(*value, static_cast<double>(std::numeric_limits<Setting>::max())));
  };
  text("title", settings.title);
  text("shorttitle", settings.shorttitle);
  flag("overlay", settings.overlay);
  number("max_bars_back", settings.max_bars_back, 0);
  number("max_labels_count", settings.max_labels_count, 0);
  number("max_lines_count", settings.max_lines_count, 0);
  number("max_boxes_count", settings.max_boxes_count, 0);
  number("max_polylines_count", settings.max_polylines_count, 0);
  number("calc_bars_count", settings.calc_bars_count, 0);
  if (!is_strategy) {
    if (argument("timeframe") != nullptr) {
      const auto timeframe = constant_text(argument("timeframe"), what("timeframe"));
      if (timeframe && !timeframe->empty())
        error(argument("timeframe")->range, "indicator(timeframe=) is not supported yet");
    }
    return;
  }
  number("pyramiding", settings.pyramiding, 0);
  flag("calc_on_order_fills", settings.calc_on_order_fills);
  flag("calc_on_every_tick", settings.calc_on_every_tick);
  number("backtest_fill_limits_assumption", settings.backtest_fill_limits_assumption, 0);
  number("default_qty_value", settings.default_qty_value, 0);
  number("initial_capital", settings.initial_capital, 0);
  text("currency", settings.currency);
  number("slippage", settings.slippage, 0);
  number("commission_value", settings.commission_value, 0);
  flag("process_orders_on_close", settings.process_orders_on_close);
  number("margin_long", settings.margin_long, 0);
  number("margin_short", settings.margin_short, 0);
  number("risk_free_rate", settings.risk_free_rate, -100);
  flag("use_bar_magnifier", settings.use_bar_magnifier);
  bool no_effect = false;  // every chart is a standard one, and every request may be dynamic
  flag("fill_orders_on_standard_ohlc", no_effect);
  flag("dynamic_requests", no_effect);
  flag("linktoseries", no_effect);

  std::string choice;
  text("default_qty_type", choice);
  if (choice == "strategy.cash")
    settings.default_qty_type = QuantityType::kCash;
  else if (choice == "strategy.percent_of_equity")
    settings.default_qty_type = QuantityType::kPercentOfEquity;
  else if (!choice.empty() && choice != "strategy.fixed")
    error(argument("default_qty_type")->range,
          "default_qty_type is one of strategy.fixed, strategy.cash, strategy.percent_of_equity");
  choice.clear();
  text("commission_type", choice);
  if (choice == "strategy.commission.cash_per_contract")
    settings.commission_type = CommissionType::kCashPerContract;
  else if (choice == "strategy.commission.cash_per_order")
    settings.commission_type = CommissionType::kCashPerOrder;
  else if (!choice.empty() && choice != "strategy.commission.percent")
    error(argument("commission_type")->range,
          "commission_type is one of strategy.commission.percent, .cash_per_contract, .cash_per_order");
  choice.clear();
  text("close_entries_rule", choice);
  settings.close_any = choice == "ANY";
  if (!choice.empty() && choice != "ANY" && choice != "FIFO")
    error(argument("close_entries_rule")->range, "close_entries_rule is \"FIFO\" or \"ANY\"");
}

void Lowering::library_declaration(const Expression& expression, const Call& node) {
  program_.kind = ScriptKind::kLibrary;
  const auto bound = bind("library", {"title", "overlay", "dynamic_requests"}, {false, true, true}, expression, node);
  if (!bound) return;
  program_.settings.title = constant_text((*bound)[0], "the title of library()").value_or("");
  program_.settings.overlay = constant_bool((*bound)[1], "`overlay` of library()").value_or(false);
}

std::optional<Value> Lowering::strategy_call(const std::string& name, const Expression& expression, const Call& node) {
  if (commands().contains(name)) return order_command(name, expression, node);
  return std::nullopt;
}

Value Lowering::order_command(const std::string& name, const Expression& expression, const Call& node) {
  Value none;
  none.type = Type::kVoid;
  const Command& command = commands().at(name);
  std::map<const Expression*, Value> leading;  // positional arguments up to the place of `when`
  bool is_order_of_v5 = rules_.has_when;
  if (rules_.has_when) {
    const auto place = static_cast<std::size_t>(std::ranges::find(command.v5, "when") - command.v5.begin());
    for (std::size_t i = 0; i <= place && i < node.arguments.size() && node.arguments[i].name.empty(); ++i) {
      const Value value = leading[node.arguments[i].value.get()] = scalar(*node.arguments[i].value);
      if (i == place) is_order_of_v5 = value.type != Type::kString;
    }
  }
  const auto& names = is_order_of_v5 ? command.v5 : command.v6;
  std::vector<bool> optional(names.size(), true);
  for (std::size_t i = 0; i < command.required && i < optional.size(); ++i) optional[i] = false;
  const auto bound = bind(name, names, optional, expression, node);
  if (!bound) return none;
  if (declared_ && program_.kind != ScriptKind::kStrategy) {
    error(expression.range, "only a strategy() can call " + name + "()");
    return none;
  }
  std::map<std::string, std::pair<Value, SourceRange>> values;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Expression* argument = (*bound)[i];
    if (argument == nullptr) continue;
    const std::string what = "the argument `" + names[i] + "` of " + name + "()";
    const Type wanted = operand_type(command.function, names[i]);
    const auto known = leading.find(argument);
    Value value = known != leading.end() ? known->second : scalar(*argument);
    if (names[i] == "when") {
      value = to_condition(value, argument->range);
    } else if (wanted == Type::kDirection && value.type == Type::kBool && rules_.bool_is_direction) {
      const auto side = [&](double sign) { return emit_.number(sign, Type::kDirection); };
      value = value.is_constant ? side(value.number != 0 ? 1 : -1)
                                : emit_.pure(Opcode::kSelect, Type::kDirection, value, side(1), side(-1));
    } else if (value.type == Type::kNa && wanted == Type::kString) {
      value = emit_.na(Type::kString);
    } else {
      value = convert(value, wanted, argument->range, what);
    }
    const bool is_na = value.is_constant && value.number != value.number;
    if (names[i] == "qty" && is_na) continue;  // as if it were not there: the default size
    values[names[i]] = {value, argument->range};
  }
  const auto given = [&](const char* operand) { return values.contains(operand); };
  if (name == "strategy.exit") {
    const bool levels = given("profit") || given("limit") || given("loss") || given("stop");
    const bool trails = given("trail_price") || given("trail_points");
    if (trails && !levels && !given("trail_offset") && rules_.version >= 5) {
      error(expression.range, "strategy.exit() with trail_price or trail_points alone needs trail_offset too",
            "give the distance of the stop from the best price, in ticks");
    }
    if (!levels && !trails && rules_.version >= 5) {  // before, such a call does nothing
      error(expression.range,
            "strategy.exit() needs at least one of profit, limit, loss, stop, trail_price, trail_points",
            "to leave at once, call strategy.close()");
    }
  }
  std::vector<Slot> slots;
  for (const std::string& operand : command.operands) {
    slots.push_back(values.contains(operand) ? values[operand].first.slot : kNoSlot);
  }
  emit_.at(expression.range);
  if (values.contains("when")) {
    const std::uint32_t skip = emit_.jump(Opcode::kJumpIfFalse, values["when"].first.slot);
    emit_.command(command.function, slots);
    emit_.land(skip);
  } else {
    emit_.command(command.function, slots);
  }
  return none;
}

}  // namespace tradeassist::pine
