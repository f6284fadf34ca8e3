// request.*(): values of other symbols and timeframes, and the ticker.*() that name their kinds of bars.
#include <algorithm>
#include <utility>

#include "pine/analysis/lowering.hpp"
#include "pine/program/ticker.hpp"

namespace tradeassist::pine {

using namespace ast;

namespace {

constexpr std::size_t kTupleElementsMax = 127;

/// The requests for what is not bars. This build stores none of it.
struct FormWithoutData {
  std::vector<std::string> parameters;
  std::size_t required;
  std::string data;
};

const std::map<std::string, FormWithoutData>& forms_without_data() {
  static const std::map<std::string, FormWithoutData> kForms = {
      {"request.dividends", {words("ticker field gaps lookahead ignore_invalid_symbol currency"), 1, "dividends"}},
      {"request.earnings", {words("ticker field gaps lookahead ignore_invalid_symbol currency"), 1, "earnings"}},
      {"request.splits", {words("ticker field gaps lookahead ignore_invalid_symbol"), 2, "splits"}},
      {"request.financial",
       {words("symbol financial_id period gaps ignore_invalid_symbol currency"), 3, "financial statements"}},
      {"request.economic", {words("country_code field gaps ignore_invalid_symbol"), 2, "economic data"}},
      {"request.quandl", {words("ticker gaps index ignore_invalid_symbol"), 1, "data of Quandl"}},
      {"request.seed", {words("source symbol expression ignore_invalid_symbol calc_bars_count"), 3, "Pine Seeds"}},
  };
  return kForms;
}

bool reads_strategy(const Operation& operation) {
  return operation.opcode == Opcode::kCall && is_strategy_value(operation.function);
}

}  // namespace

std::optional<Value> Lowering::request_call(const std::string& name, const Expression& expression, const Call& node) {
  if (name == "request.security" || name == "request.security_lower_tf") {
    return request_security(name, expression, node);
  }
  if (name == "request.currency_rate") return currency_rate(expression, node);
  if (forms_without_data().contains(name)) return request_without_data(name, expression, node);
  if (name.starts_with("ticker.")) return ticker_call(name, expression, node);
  return std::nullopt;
}

/// An option of a request as a bool that is known before the first bar: a bool, or a barmerge.*.
Value Lowering::request_option(const std::string& name, const std::string& parameter, const Expression& argument) {
  Value value = scalar(argument);
  if (value.is_error()) return value;
  if (value.type == Type::kString) {
    value = emit_.pure(Opcode::kEqual, Type::kBool, value, emit_.text("barmerge." + parameter + "_on"));
  }
  value = convert(value, Type::kBool, argument.range, "the argument `" + parameter + "` of " + name + "()");
  if (!value.is_error() && !value.is_invariant()) {
    return error(argument.range, "the argument `" + parameter + "` of " + name + "() may not change from bar to bar");
  }
  return value;
}

Value Lowering::request_security(const std::string& name, const Expression& expression, const Call& node) {
  const bool lower = name == pine::to_string(RequestKind::kLowerTimeframe);
  // The operands by their names; security_lower_tf has no gaps and no lookahead.
  static const std::vector<std::string> kSecurity = {
      "symbol", "timeframe", "expression", "gaps", "lookahead", "ignore_invalid_symbol", "currency", "calc_bars_count"};
  static const std::vector<std::string> kLower = {
      "symbol",         "timeframe", "expression", "ignore_invalid_symbol", "currency", "ignore_invalid_timeframe",
      "calc_bars_count"};
  const std::vector<std::string>& parameters = lower ? kLower : kSecurity;
  std::vector<bool> optional(parameters.size(), true);
  std::fill_n(optional.begin(), 3, false);
  const auto bound = bind(name, parameters, optional, expression, node);
  if (!bound) return {};
  std::vector<Slot> operands(static_cast<std::size_t>(RequestOperand::kCount), kNoSlot);
  const auto operand = [&](RequestOperand which) -> Slot& { return operands[static_cast<std::size_t>(which)]; };
  const Expression* inner = nullptr;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Expression* argument = (*bound)[i];
    if (argument == nullptr) continue;
    const std::string& parameter = parameters[i];
    const std::string what = "the argument `" + parameter + "` of " + name + "()";
    if (parameter == "expression") {
      inner = argument;
    } else if (parameter == "symbol" || parameter == "timeframe" || parameter == "currency") {
      operand(parameter == "symbol"      ? RequestOperand::kSymbol
              : parameter == "timeframe" ? RequestOperand::kTimeframe
                                         : RequestOperand::kCurrency) =
          convert(scalar(*argument), Type::kString, argument->range, what).slot;
    } else if (parameter == "calc_bars_count") {
      operand(RequestOperand::kCalcBarsCount) = convert(scalar(*argument), Type::kInt, argument->range, what).slot;
    } else {
      operand(parameter == "gaps"                       ? RequestOperand::kGaps
              : parameter == "lookahead"                ? RequestOperand::kLookahead
              : parameter == "ignore_invalid_timeframe" ? RequestOperand::kIgnoreInvalidTimeframe
                                                        : RequestOperand::kIgnoreInvalidSymbol) =
          request_option(name, parameter, *argument).slot;
    }
  }

  std::vector<Type> types;
  Request request;
  request.kind = lower ? RequestKind::kLowerTimeframe : RequestKind::kSecurity;
  request.range = expression.range;
  std::uint32_t number = 0;
  {
    Emitter::Skipped skipped(emit_);
    const Value value = structure(*inner, true);
    if (value.is_error()) return {};
    std::vector<Slot> results;
    for (Value element : value.is_tuple() ? value.tuple : std::vector<Value>{value}) {
      if (element.is_error()) return {};
      if (element.type == Type::kNa) element = emit_.na(Type::kFloat);
      if (element.type == Type::kVoid || element.type == Type::kPlot || is_drawing(element.type)) {
        return error(inner->range, name + "() cannot give a " + to_string(element.type),
                     "ask for numbers, bools, strings, colours, collections or user types, several as [a, b]");
      }
      if (lower && collection_of(element.type) != Collection::kNone) {
        return error(inner->range, name + "() of a " + to_string(element.type) + " would give an array of collections",
                     "put the collection into a field of a user type");
      }
      types.push_back(element.type);
      request.types.push_back(value_type(element.type));
      results.push_back(emit_.fresh());
      emit_.move(results.back(), element);
    }
    if (types.size() > kTupleElementsMax) {
      return error(inner->range, name + "() takes at most " + std::to_string(kTupleElementsMax) + " values, not " +
                                     std::to_string(types.size()));
    }
    if (program_.requests.size() >= limits_.requests_max) {
      return error(expression.range, "the script has more than " + std::to_string(limits_.requests_max) +
                                         " calls of request.*() once its functions are expanded");
    }
    number = static_cast<std::uint32_t>(program_.requests.size());
    program_.requests.push_back(std::move(request));
    skipped.is_request(number, std::move(results));
  }
  if (lower) {
    for (Type& type : types) type = array_of(type);
  }
  emit_.at(expression.range);
  return emit_.request(number, operands, types);
}

void Lowering::refuse_strategy_in_requests() {
  for (const Request& request : program_.requests) {
    if (request.program == nullptr) continue;
    const auto& program = *request.program;
    if (std::ranges::any_of(program.body, reads_strategy) || std::ranges::any_of(program.prologue, reads_strategy)) {
      error(request.range, "strategy.* cannot be used inside request.security()");
    }
  }
}

/// What TradingView gives where it has no data either: na, of the expression's type for a seed. A script that did not
/// say that it reckons with this is warned.
Value Lowering::request_without_data(const std::string& name, const Expression& expression, const Call& node) {
  const FormWithoutData& form = forms_without_data().at(name);
  std::vector<bool> optional(form.parameters.size(), true);
  std::fill_n(optional.begin(), form.required, false);
  const auto bound = bind(name, form.parameters, optional, expression, node);
  if (!bound) return {};
  bool expected = false;
  Value result = series_na(Type::kFloat);
  for (std::size_t i = 0; i < form.parameters.size(); ++i) {
    const Expression* argument = (*bound)[i];
    if (argument == nullptr) continue;
    if (form.parameters[i] == "expression") {
      const Emitter::Skipped skipped(emit_);
      result = na_like(structure(*argument, true));
      if (result.is_error()) return {};
      continue;
    }
    const Value value = scalar(*argument);
    expected = expected || (form.parameters[i] == "ignore_invalid_symbol" && value.is_constant && value.number == 1);
  }
  if (!expected) {
    warn_once(name, expression.range, name + "() is na on every bar: this build has no " + form.data,
              "ignore_invalid_symbol = true says that the script reckons with that");
  }
  return result;
}

Value Lowering::series_na(Type type) {
  Value value = type == Type::kBool && !rules_.bool_can_be_na ? emit_.number(0, type) : emit_.na(type);
  value.is_constant = false;
  value.qualifier = Qualifier::kSeries;
  return value;
}

Value Lowering::na_like(const Value& value) {
  if (!value.is_tuple())
    return value.is_error() ? Value{} : series_na(value.type == Type::kNa ? Type::kFloat : value.type);
  Value tuple;
  for (const Value& element : value.tuple) {
    tuple.tuple.push_back(na_like(element));
    if (tuple.tuple.back().is_error()) return {};
  }
  return tuple;
}

Value Lowering::currency_rate(const Expression& expression, const Call& node) {
  const std::string name(pine::to_string(RequestKind::kCurrencyRate));
  const std::vector<std::string> parameters = {"from", "to", "ignore_invalid_currency"};
  const auto bound = bind(name, parameters, {false, false, true}, expression, node);
  if (!bound) return {};
  std::vector<Slot> operands(static_cast<std::size_t>(RequestOperand::kCount), kNoSlot);
  constexpr RequestOperand kOperands[] = {RequestOperand::kSymbol, RequestOperand::kCurrency,
                                          RequestOperand::kIgnoreInvalidSymbol};
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Expression* argument = (*bound)[i];
    if (argument == nullptr) continue;
    const Value value = i < 2 ? convert(scalar(*argument), Type::kString, argument->range,
                                        "the argument `" + parameters[i] + "` of " + name + "()")
                              : request_option(name, parameters[i], *argument);
    if (value.is_error()) return {};
    operands[static_cast<std::size_t>(kOperands[i])] = value.slot;
  }
  Request request;
  request.kind = RequestKind::kCurrencyRate;
  request.types = {ValueType::kFloat};
  request.range = expression.range;
  program_.requests.push_back(std::move(request));
  emit_.at(expression.range);
  return emit_.request(static_cast<std::uint32_t>(program_.requests.size() - 1), operands, {Type::kFloat});
}

Value Lowering::ticker_call(const std::string& name, const Expression& expression, const Call& node) {
  const auto text = [&](const Expression& argument, const std::string& parameter) {
    return convert(scalar(argument), Type::kString, argument.range,
                   "the argument `" + parameter + "` of " + name + "()");
  };
  const auto join = [&](const Value& a, const Value& b) {
    return emit_.call(Function::kStrConcat, {a, b}, {Type::kString}, false, true);
  };
  if (name == "ticker.heikinashi" || name == "ticker.standard") {
    const bool standard = name == "ticker.standard";
    const auto bound = bind(name, {"symbol"}, {standard}, expression, node);
    if (!bound) return {};
    const Value symbol = (*bound)[0] != nullptr
                             ? text(*(*bound)[0], "symbol")
                             : emit_.call(Function::kSyminfoTickerid, {}, {Type::kString}, false, true);
    if (symbol.is_error()) return {};
    const Value prefix = emit_.text(std::string(kHeikinAshiPrefix));
    const Value plain =
        emit_.call(Function::kStrReplaceAll, {symbol, prefix, emit_.text("")}, {Type::kString}, false, true);
    return standard ? plain : join(prefix, plain);
  }
  if (name == "ticker.new") {
    const auto bound = bind(name, words("prefix ticker session adjustment backadjustment settlement_as_close"),
                            {false, false, true, true, true, true}, expression, node);
    if (!bound) return {};
    for (std::size_t i = 2; i < bound->size(); ++i) {  // stored bars are what they are
      if ((*bound)[i] != nullptr) text(*(*bound)[i], "session");
    }
    const Value prefix = text(*(*bound)[0], "prefix"), symbol = text(*(*bound)[1], "ticker");
    if (prefix.is_error() || symbol.is_error()) return {};
    return join(join(prefix, emit_.text(":")), symbol);
  }
  if (name == "ticker.modify") {
    const auto bound = bind(name, words("tickerid session adjustment backadjustment settlement_as_close"),
                            {false, true, true, true, true}, expression, node);
    if (!bound) return {};
    for (std::size_t i = 1; i < bound->size(); ++i) {
      if ((*bound)[i] != nullptr) text(*(*bound)[i], "session");
    }
    return text(*(*bound)[0], "tickerid");
  }
  if (name == "ticker.inherit") {  // of the other symbol, bars of the first one's kind
    const auto bound = bind(name, words("from_tickerid symbol"), {false, false}, expression, node);
    if (!bound) return {};
    const Value from = text(*(*bound)[0], "from_tickerid"), symbol = text(*(*bound)[1], "symbol");
    if (from.is_error() || symbol.is_error()) return {};
    const Value prefix = emit_.text(std::string(kHeikinAshiPrefix));
    const Value is_heikin_ashi = emit_.call(Function::kStrStartswith, {from, prefix}, {Type::kBool}, false, true);
    return emit_.pure(Opcode::kSelect, Type::kString, is_heikin_ashi, join(prefix, symbol), symbol);
  }
  for (const Argument& argument : node.arguments) structure(*argument.value, true);
  return error(expression.range, name + "() is not supported: there are no such bars",
               "ticker.new(), .modify(), .inherit(), .standard() and .heikinashi() are");
}

}  // namespace tradeassist::pine
