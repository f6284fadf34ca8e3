#include <algorithm>
#include <array>
#include <map>
#include <numbers>
#include <utility>

#include "pine/analysis/builtins.hpp"
#include "pine/versions/versions.hpp"

namespace tradeassist::pine {
namespace {

using Kind = BuiltinVariable::Kind;

BuiltinVariable field(BarField bar_field, Type type) {
  BuiltinVariable made;
  made.kind = Kind::kField;
  made.type = type;
  made.qualifier = Qualifier::kSeries;
  made.field = bar_field;
  return made;
}

BuiltinVariable call(Function function, Type type, Effect effect) {
  BuiltinVariable made;
  made.kind = Kind::kCall;
  made.type = type;
  made.qualifier = effect == Effect::kRunConstant ? Qualifier::kSimple : Qualifier::kSeries;
  made.function = function;
  made.effect = effect;
  return made;
}

BuiltinVariable number(double value) {
  BuiltinVariable made;
  made.number = value;
  return made;
}

BuiltinVariable integer(double value) {
  BuiltinVariable made;
  made.kind = Kind::kInt;
  made.type = Type::kInt;
  made.number = value;
  return made;
}

BuiltinVariable boolean(bool value, Qualifier qualifier = Qualifier::kConst) {
  BuiltinVariable made;
  made.kind = Kind::kBool;
  made.type = Type::kBool;
  made.qualifier = qualifier;
  made.number = value ? 1 : 0;
  return made;
}

BuiltinVariable text(std::string value) {
  BuiltinVariable made;
  made.kind = Kind::kString;
  made.type = Type::kString;
  made.text = std::move(value);
  return made;
}

BuiltinVariable color(std::uint32_t rgb) {
  BuiltinVariable made;
  made.kind = Kind::kColor;
  made.type = Type::kColor;
  made.number = static_cast<double>(rgb) * 256 + 255;
  return made;
}

BuiltinVariable direction(double value) {
  BuiltinVariable made;
  made.kind = Kind::kDirection;
  made.type = Type::kDirection;
  made.number = value;
  return made;
}

/// Known in Pine, never known in a backtest of stored bars: always na.
BuiltinVariable absent(Type type, Qualifier qualifier = Qualifier::kSeries) {
  BuiltinVariable made;
  made.kind = Kind::kNaFloat;
  made.type = type;
  made.qualifier = qualifier;
  return made;
}

using Table = std::map<std::string, BuiltinVariable, std::less<>>;

void add_bar_fields(Table& all) {
  all["open"] = field(BarField::kOpen, Type::kFloat);
  all["high"] = field(BarField::kHigh, Type::kFloat);
  all["low"] = field(BarField::kLow, Type::kFloat);
  all["close"] = field(BarField::kClose, Type::kFloat);
  all["volume"] = field(BarField::kVolume, Type::kFloat);
  all["hl2"] = field(BarField::kHl2, Type::kFloat);
  all["hlc3"] = field(BarField::kHlc3, Type::kFloat);
  all["ohlc4"] = field(BarField::kOhlc4, Type::kFloat);
  all["hlcc4"] = field(BarField::kHlcc4, Type::kFloat);
  all["bid"] = all["ask"] = absent(Type::kFloat);
  all["time"] = field(BarField::kTime, Type::kInt);
  all["time_close"] = field(BarField::kTimeClose, Type::kInt);
  all["time_tradingday"] = field(BarField::kTradingDay, Type::kInt);
  all["bar_index"] = field(BarField::kBarIndex, Type::kInt);
  all["last_bar_index"] = field(BarField::kLastBarIndex, Type::kInt);
  all["last_bar_time"] = field(BarField::kLastBarTime, Type::kInt);
  all["year"] = field(BarField::kYear, Type::kInt);
  all["month"] = field(BarField::kMonth, Type::kInt);
  all["dayofmonth"] = field(BarField::kDayOfMonth, Type::kInt);
  all["dayofweek"] = field(BarField::kDayOfWeek, Type::kInt);
  all["weekofyear"] = field(BarField::kWeekOfYear, Type::kInt);
  all["hour"] = field(BarField::kHour, Type::kInt);
  all["minute"] = field(BarField::kMinute, Type::kInt);
  all["second"] = field(BarField::kSecond, Type::kInt);
  all["timenow"] = call(Function::kTimenow, Type::kInt, Effect::kRunConstant);
  all["barstate.isfirst"] = field(BarField::kIsFirst, Type::kBool);
  all["barstate.islast"] = field(BarField::kIsLast, Type::kBool);
  all["barstate.islastconfirmedhistory"] = field(BarField::kIsLast, Type::kBool);
  // The same on every bar of a backtest, and series all the same.
  for (const char* name : {"barstate.isconfirmed", "barstate.isnew", "barstate.ishistory"}) {
    all[name] = boolean(true, Qualifier::kSeries);
  }
  all["barstate.isrealtime"] = boolean(false, Qualifier::kSeries);
  all["session.ismarket"] = field(BarField::kIsMarket, Type::kBool);
  all["session.ispremarket"] = field(BarField::kIsPremarket, Type::kBool);
  all["session.ispostmarket"] = field(BarField::kIsPostmarket, Type::kBool);
  all["session.isfirstbar"] = field(BarField::kIsFirstBar, Type::kBool);
  all["session.islastbar"] = field(BarField::kIsLastBar, Type::kBool);
  all["session.isfirstbar_regular"] = field(BarField::kIsFirstBarRegular, Type::kBool);
  all["session.islastbar_regular"] = field(BarField::kIsLastBarRegular, Type::kBool);
  static constexpr std::array kDays = {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
  for (std::size_t i = 0; i < kDays.size(); ++i) {
    all["dayofweek." + std::string(kDays[i])] = integer(static_cast<double>(i + 1));
  }
}

/// What a data vendor knows of a symbol and stored bars do not tell.
void add_unknown_facts(Table& all) {
  const auto add = [&](const char* names, Type type) {
    for (const std::string& name : words(names)) all["syminfo." + name] = absent(type, Qualifier::kSimple);
  };
  for (const char* name : {"earnings.future_time", "earnings.future_period_end_time", "dividends.future_ex_date",
                           "dividends.future_pay_date"}) {
    all[name] = absent(Type::kInt, Qualifier::kSeries);
  }
  for (const char* name : {"earnings.future_eps", "earnings.future_revenue", "dividends.future_amount"}) {
    all[name] = absent(Type::kFloat, Qualifier::kSeries);
  }
  add("country sector industry current_contract isin", Type::kString);
  add("employees shareholders expiration_date target_price_date recommendations_date recommendations_buy "
      "recommendations_buy_strong recommendations_hold recommendations_sell recommendations_sell_strong "
      "recommendations_total target_price_estimates",
      Type::kInt);
  add("shares_outstanding_float shares_outstanding_total target_price_average target_price_high target_price_low "
      "target_price_median",
      Type::kFloat);
}

void add_chart(Table& all) {
  const auto constant_text = [](Function function) { return call(function, Type::kString, Effect::kRunConstant); };
  const auto constant_bool = [](Function function) { return call(function, Type::kBool, Effect::kRunConstant); };
  const auto constant_float = [](Function function) { return call(function, Type::kFloat, Effect::kRunConstant); };
  all["syminfo.ticker"] = constant_text(Function::kSyminfoTicker);
  all["syminfo.tickerid"] = constant_text(Function::kSyminfoTickerid);
  all["syminfo.main_tickerid"] = constant_text(Function::kSyminfoMainTickerid);
  all["syminfo.prefix"] = constant_text(Function::kSyminfoPrefix);
  all["syminfo.root"] = constant_text(Function::kSyminfoRoot);
  all["syminfo.description"] = constant_text(Function::kSyminfoDescription);
  all["syminfo.currency"] = constant_text(Function::kSyminfoCurrency);
  all["syminfo.basecurrency"] = constant_text(Function::kSyminfoBasecurrency);
  all["syminfo.type"] = constant_text(Function::kSyminfoType);
  all["syminfo.timezone"] = constant_text(Function::kSyminfoTimezone);
  all["syminfo.session"] = constant_text(Function::kSyminfoSession);
  all["syminfo.mintick"] = constant_float(Function::kSyminfoMintick);
  all["syminfo.pointvalue"] = constant_float(Function::kSyminfoPointvalue);
  all["syminfo.mincontract"] = constant_float(Function::kSyminfoMincontract);
  all["syminfo.minmove"] = call(Function::kSyminfoMinmove, Type::kInt, Effect::kRunConstant);
  all["syminfo.pricescale"] = call(Function::kSyminfoPricescale, Type::kInt, Effect::kRunConstant);
  all["syminfo.volumetype"] = constant_text(Function::kSyminfoVolumetype);
  add_unknown_facts(all);
  all["timeframe.period"] = constant_text(Function::kTimeframePeriod);
  all["timeframe.main_period"] = constant_text(Function::kTimeframeMainPeriod);
  all["timeframe.multiplier"] = call(Function::kTimeframeMultiplier, Type::kInt, Effect::kRunConstant);
  all["timeframe.isseconds"] = constant_bool(Function::kTimeframeIsSeconds);
  all["timeframe.isminutes"] = constant_bool(Function::kTimeframeIsMinutes);
  all["timeframe.isintraday"] = constant_bool(Function::kTimeframeIsIntraday);
  all["timeframe.isdaily"] = constant_bool(Function::kTimeframeIsDaily);
  all["timeframe.isweekly"] = constant_bool(Function::kTimeframeIsWeekly);
  all["timeframe.ismonthly"] = constant_bool(Function::kTimeframeIsMonthly);
  all["timeframe.isdwm"] = constant_bool(Function::kTimeframeIsDwm);
  all["timeframe.isticks"] = boolean(false, Qualifier::kSimple);
  all["chart.is_standard"] = boolean(true, Qualifier::kSimple);
  for (const char* name : {"heikinashi", "renko", "kagi", "linebreak", "pnf", "range"}) {
    all[std::string("chart.is_") + name] = boolean(false, Qualifier::kSimple);
  }
  all["chart.left_visible_bar_time"] = call(Function::kChartLeftVisibleBarTime, Type::kInt, Effect::kRunConstant);
  all["chart.right_visible_bar_time"] = call(Function::kChartRightVisibleBarTime, Type::kInt, Effect::kRunConstant);
  all["chart.bg_color"] = color(0xffffff);
  all["chart.fg_color"] = color(0x000000);
}

void add_indicators(Table& all) {
  const auto stateful = [](Function function) { return call(function, Type::kFloat, Effect::kStateful); };
  all["ta.tr"] = stateful(Function::kTaTr);
  all["ta.accdist"] = stateful(Function::kTaAccdist);
  all["ta.iii"] = stateful(Function::kTaIii);
  all["ta.nvi"] = stateful(Function::kTaNvi);
  all["ta.obv"] = stateful(Function::kTaObv);
  all["ta.pvi"] = stateful(Function::kTaPvi);
  all["ta.pvt"] = stateful(Function::kTaPvt);
  all["ta.vwap"] = stateful(Function::kTaVwap);
  all["ta.wad"] = stateful(Function::kTaWad);
  all["ta.wvad"] = stateful(Function::kTaWvad);
}

void add_strategy(Table& all) {
  const auto reads_float = [](Function function) { return call(function, Type::kFloat, Effect::kReads); };
  const auto reads_int = [](Function function) { return call(function, Type::kInt, Effect::kReads); };
  const auto reads_text = [](Function function) { return call(function, Type::kString, Effect::kReads); };
  all["strategy.long"] = all["strategy.direction.long"] = direction(1);
  all["strategy.short"] = all["strategy.direction.short"] = direction(-1);
  all["strategy.direction.all"] = direction(0);
  for (const char* name : {"fixed", "cash", "percent_of_equity", "oca.cancel", "oca.reduce", "oca.none",
                           "commission.percent", "commission.cash_per_contract", "commission.cash_per_order"}) {
    all[std::string("strategy.") + name] = text(std::string("strategy.") + name);
  }
  all["strategy.position_size"] = reads_float(Function::kStrategyPositionSize);
  all["strategy.position_avg_price"] = reads_float(Function::kStrategyPositionAvgPrice);
  all["strategy.position_entry_name"] = reads_text(Function::kStrategyPositionEntryName);
  all["strategy.opentrades"] = reads_int(Function::kStrategyOpentrades);
  all["strategy.closedtrades"] = reads_int(Function::kStrategyClosedtrades);
  all["strategy.wintrades"] = reads_int(Function::kStrategyWintrades);
  all["strategy.losstrades"] = reads_int(Function::kStrategyLosstrades);
  all["strategy.eventrades"] = reads_int(Function::kStrategyEventrades);
  all["strategy.equity"] = reads_float(Function::kStrategyEquity);
  all["strategy.initial_capital"] = reads_float(Function::kStrategyInitialCapital);
  all["strategy.netprofit"] = reads_float(Function::kStrategyNetprofit);
  all["strategy.openprofit"] = reads_float(Function::kStrategyOpenprofit);
  all["strategy.grossprofit"] = reads_float(Function::kStrategyGrossprofit);
  all["strategy.grossloss"] = reads_float(Function::kStrategyGrossloss);
  all["strategy.max_drawdown"] = reads_float(Function::kStrategyMaxDrawdown);
  all["strategy.max_runup"] = reads_float(Function::kStrategyMaxRunup);
  all["strategy.netprofit_percent"] = reads_float(Function::kStrategyNetprofitPercent);
  all["strategy.openprofit_percent"] = reads_float(Function::kStrategyOpenprofitPercent);
  all["strategy.grossprofit_percent"] = reads_float(Function::kStrategyGrossprofitPercent);
  all["strategy.grossloss_percent"] = reads_float(Function::kStrategyGrosslossPercent);
  all["strategy.max_contracts_held_all"] = reads_float(Function::kStrategyMaxContractsHeldAll);
  all["strategy.max_contracts_held_long"] = reads_float(Function::kStrategyMaxContractsHeldLong);
  all["strategy.max_contracts_held_short"] = reads_float(Function::kStrategyMaxContractsHeldShort);
  all["strategy.avg_trade"] = reads_float(Function::kStrategyAvgTrade);
  all["strategy.avg_winning_trade"] = reads_float(Function::kStrategyAvgWinningTrade);
  all["strategy.avg_losing_trade"] = reads_float(Function::kStrategyAvgLosingTrade);
  all["strategy.avg_trade_percent"] = reads_float(Function::kStrategyAvgTradePercent);
  all["strategy.avg_winning_trade_percent"] = reads_float(Function::kStrategyAvgWinningTradePercent);
  all["strategy.avg_losing_trade_percent"] = reads_float(Function::kStrategyAvgLosingTradePercent);
  all["strategy.max_drawdown_percent"] = reads_float(Function::kStrategyMaxDrawdownPercent);
  all["strategy.max_runup_percent"] = reads_float(Function::kStrategyMaxRunupPercent);
  all["strategy.opentrades.capital_held"] = reads_float(Function::kOpentradesCapitalHeld);
  all["strategy.closedtrades.first_index"] = reads_int(Function::kClosedtradesFirstIndex);
  all["strategy.account_currency"] = call(Function::kStrategyAccountCurrency, Type::kString, Effect::kRunConstant);
  all["strategy.margin_liquidation_price"] = reads_float(Function::kStrategyMarginLiquidationPrice);
}

/// Constants whose value matters only as itself: each is the text of its own name.
void add_named_constants(Table& all) {
  static constexpr std::pair<const char*, const char*> kNames[] = {
      {"adjustment", "dividends none splits"},
      {"alert", "freq_all freq_once_per_bar freq_once_per_bar_close"},
      {"backadjustment", "inherit off on"},
      {"barmerge", "gaps_off gaps_on lookahead_off lookahead_on"},
      {"dividends", "gross net"},
      {"earnings", "actual estimate standardized"},
      {"extend", "both left none right"},
      {"font", "family_default family_monospace"},
      {"format", "inherit mintick percent price volume"},
      {"hline", "style_dashed style_dotted style_solid"},
      {"label",
       "style_arrowdown style_arrowup style_circle style_cross style_diamond style_flag style_label_center "
       "style_label_down style_label_left style_label_lower_left style_label_lower_right style_label_right "
       "style_label_up style_label_upper_left style_label_upper_right style_none style_square style_text_outline "
       "style_triangledown style_triangleup style_xcross"},
      {"line", "style_arrow_both style_arrow_left style_arrow_right style_dashed style_dotted style_solid"},
      {"location", "abovebar absolute belowbar bottom top"},
      {"plot",
       "linestyle_dashed linestyle_dotted linestyle_solid style_area style_areabr style_circles style_columns "
       "style_cross style_histogram style_line style_linebr style_stepline style_stepline_diamond style_steplinebr"},
      {"position",
       "bottom_center bottom_left bottom_right middle_center middle_left middle_right top_center top_left top_right"},
      {"scale", "left none right"},
      {"session", "extended regular"},
      {"settlement_as_close", "inherit off on"},
      {"shape", "arrowdown arrowup circle cross diamond flag labeldown labelup square triangledown triangleup xcross"},
      {"size", "auto huge large normal small tiny"},
      {"splits", "denominator numerator"},
      {"text",
       "align_bottom align_center align_left align_right align_top format_bold format_italic format_none wrap_auto "
       "wrap_none"},
      {"xloc", "bar_index bar_time"},
      {"yloc", "abovebar belowbar price"},
  };
  for (const auto& [space, names] : kNames) {
    for (const std::string& word : words(names)) {
      const std::string name = std::string(space) + "." + word;
      all[name] = text(name);
    }
  }
  for (const std::string& code :
       words("AED ARS AUD BDT BHD BRL BTC CAD CHF CLP CNY COP CZK DKK EGP ETH EUR GBP HKD HUF IDR ILS INR ISK JPY KES "
             "KRW KWD LKR MAD MXN MYR NGN NOK NZD PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TND TRY TWD USD USDT "
             "VES VND ZAR")) {
    all[std::string("currency.") + code] = text(code);
  }
  all["currency.NONE"] = text("");
  all["order.ascending"] = integer(1);
  all["order.descending"] = integer(0);
  // display.* are sets: they are added and subtracted.
  all["display.none"] = integer(0);
  double place = kDisplayPane;
  for (const char* name : {"pane", "data_window", "price_scale", "status_line", "pine_screener"}) {
    all[std::string("display.") + name] = integer(place);
    place *= 2;
  }
  all["display.all"] = integer(place - 1);
  all["math.e"] = number(std::numbers::e);
  all["math.pi"] = number(std::numbers::pi);
  all["math.phi"] = number(std::numbers::phi);
  all["math.rphi"] = number(1 / std::numbers::phi);
}

void add_colors(Table& all) {
  static constexpr std::pair<const char*, std::uint32_t> kColors[] = {
      {"aqua", 0x00BCD4},   {"black", 0x363A45},  {"blue", 0x2962FF},   {"fuchsia", 0xE040FB}, {"gray", 0x787B86},
      {"green", 0x4CAF50},  {"lime", 0x00E676},   {"maroon", 0x880E4F}, {"navy", 0x311B92},    {"olive", 0x808000},
      {"orange", 0xFF9800}, {"purple", 0x9C27B0}, {"red", 0xF23645},    {"silver", 0xB2B5BE},  {"teal", 0x089981},
      {"white", 0xFFFFFF},  {"yellow", 0xFDD835},
  };
  for (const auto& [name, rgb] : kColors) all[std::string("color.") + name] = color(rgb);
}

const Table& table() {
  static const Table made = [] {
    Table all;
    add_bar_fields(all);
    add_chart(all);
    add_indicators(all);
    add_strategy(all);
    add_named_constants(all);
    add_colors(all);
    return all;
  }();
  return made;
}

}  // namespace

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> found;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    found.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return found;
}

std::optional<BuiltinVariable> builtin_variable(std::string_view name, int version) {
  if (const auto rgb = old_color(name, version)) return color(*rgb);
  const auto found = table().find(name);
  if (found == table().end()) return std::nullopt;
  return found->second;
}

std::vector<std::string> builtin_variable_names() {
  std::vector<std::string> names;
  for (const auto& [name, variable] : table()) names.push_back(name);
  return names;
}

bool is_known_namespace(std::string_view name) {
  static const std::vector<std::string> kNames = words(
      "adjustment alert array backadjustment barmerge barstate box chart color currency dayofweek display dividends "
      "earnings extend font format hline input label line linefill location log map math matrix order plot polyline "
      "position request runtime scale session settlement_as_close shape size splits str strategy syminfo ta table "
      "text ticker timeframe xloc yloc");
  return std::ranges::find(kNames, name) != kNames.end();
}

}  // namespace tradeassist::pine
