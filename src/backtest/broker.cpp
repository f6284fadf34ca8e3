#include "backtest/broker.hpp"

#include <cmath>
#include <utility>

#include "backtest/broker/state.hpp"

namespace tradeassist::backtest {

Broker::State::State(const pine::StrategySettings& settings_, const market::Instrument& instrument,
                     const market::Series& series_)
    : settings(settings_),
      prices(instrument.tick_size),
      quantities(instrument.quantity_step),
      own_point_value(instrument.point_value),
      point_value(instrument.point_value),
      series(series_),
      position(instrument.point_value, settings_.initial_capital) {}

Broker::Broker(const pine::StrategySettings& settings, const market::Instrument& instrument,
               const market::Series& series)
    : state_(std::make_unique<State>(settings, instrument, series)) {}
Broker::Broker(std::unique_ptr<State> state) : state_(std::move(state)) {}
Broker::~Broker() = default;
Broker::Broker(Broker&&) noexcept = default;

void Broker::begin_bar(std::size_t bar) { state_->begin_bar(bar); }
void Broker::end_bar() { state_->end_bar(); }
bool Broker::idle() const {
  return state_->entries.empty() && state_->closes.empty() && state_->exits.empty() && state_->position.size() == 0;
}
bool Broker::may_pass() const { return state_->may_pass(); }
std::size_t Broker::pass(std::size_t first, std::size_t end) { return first < end ? state_->pass(first, end) : first; }
void Broker::place(const EntryRequest& request) { state_->place(request); }
void Broker::reject_without_quantity() { ++state_->rejections.no_quantity; }
void Broker::place(const ExitRequest& request) { state_->place(request); }
void Broker::place(const CloseRequest& request) { state_->place(request); }
void Broker::cancel(TextId id) { state_->cancel(id); }
void Broker::cancel_all() { state_->cancel_all(); }
RiskRules& Broker::risk_rules() { return state_->risk; }
void Broker::set_trading_days(TradingDays days) { state_->trading_days = std::move(days); }
void Broker::set_currency_rates(std::vector<double> rates) { state_->rates = std::move(rates); }
double Broker::currency_rate() const { return state_->point_value / state_->own_point_value; }
void Broker::set_magnifier(BarMagnifier magnifier) { state_->magnifier = std::move(magnifier); }
void Broker::set_recalculation(std::function<bool()> run_script) { state_->recalculate = std::move(run_script); }
Broker Broker::copy() const {
  Broker made(std::make_unique<State>(*state_));
  made.set_trading_days({});
  made.set_recalculation({});
  return made;
}
void Broker::allow_entry_in(int direction) { state_->allowed = direction; }

double Broker::position_size() const { return state_->position.size(); }
double Broker::position_average_price() const { return state_->position.average_price(); }
TextId Broker::position_entry_name() const {
  const auto& rows = state_->position.open_rows();
  return rows.empty() ? kNoText : rows.front().entry_id;
}
double Broker::initial_capital() const { return state_->settings.initial_capital; }
double Broker::equity() const { return state_->position.equity(state_->now); }
double Broker::net_profit() const { return state_->position.net_profit(); }
double Broker::open_profit() const { return state_->position.open_profit(state_->now); }
double Broker::equity_at(double price) const { return state_->position.equity(price); }
double Broker::open_profit_at(double price) const { return state_->position.open_profit(price); }
double Broker::gross_profit() const { return state_->position.gross_profit(); }
double Broker::gross_loss() const { return state_->position.gross_loss(); }
double Broker::max_drawdown() const { return state_->position.max_drawdown(); }
double Broker::max_drawdown_percent() const { return state_->position.max_drawdown_percent(); }
double Broker::max_run_up() const { return state_->position.max_run_up(); }
double Broker::max_run_up_percent() const { return state_->position.max_run_up_percent(); }
double Broker::average_trade_percent(int kind) const { return state_->position.average_percent(kind); }
double Broker::capital_held() const {
  const pine::StrategySettings& settings = state_->settings;
  return settings.margin_long == 0 && settings.margin_short == 0 ? kNa : state_->position.cost();
}
double Broker::max_contracts_held(int side) const { return state_->position.max_held(side); }
double Broker::default_entry_quantity(double price) const { return state_->default_quantity(price); }

std::size_t Broker::pending_count() const {
  return state_->entries.size() + state_->exits.size() + state_->closes.size();
}

double Broker::margin_liquidation_price() const {
  const State& state = *state_;
  const double size = state.position.size();
  if (size == 0) return kNa;
  const double ratio = state.margin_ratio(size);
  const double quantity = std::fabs(size) * state.point_value;
  const double cost = quantity * state.position.average_price();
  const double realised = state.position.realised_equity();
  if (ratio == 0 || (size > 0 && ratio == 1)) return kNa;
  return size > 0 ? state.prices.floor((cost - realised) / (quantity * (1 - ratio)))
                  : state.prices.ceil((realised + cost) / (quantity * (1 + ratio)));
}

std::size_t Broker::win_count() const { return state_->position.wins(); }
std::size_t Broker::loss_count() const { return state_->position.losses(); }
std::size_t Broker::even_count() const { return state_->position.evens(); }
std::size_t Broker::open_trade_count() const { return state_->position.open_rows().size(); }
std::vector<Trade> Broker::open_trades() const { return state_->position.valued(state_->now); }
Trade Broker::open_trade(std::size_t i) const {
  return state_->position.valued(state_->position.open_rows()[i], state_->now);
}
std::span<const Trade> Broker::closed_trades() const { return state_->position.closed_rows(); }
const RejectionCounts& Broker::rejections() const { return state_->rejections; }
std::uint64_t Broker::orders_placed() const { return state_->orders_placed; }

}  // namespace tradeassist::backtest
