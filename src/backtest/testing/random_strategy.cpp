#include "backtest/testing/random_strategy.hpp"

#include <initializer_list>
#include <vector>

namespace tradeassist::backtest::testing {
namespace {

class Writer {
 public:
  explicit Writer(pine::testing::Chance& chance) : chance_(chance) {}

  std::string strategy() {
    out_ = "//@version=6\nstrategy(\"random\"" + settings() + ")\n";
    out_ += "length = input.int(" + std::to_string(2 + below(30)) + ", minval = 1)\n" + "level = input.float(" +
            std::to_string(below(100)) + ".5)\n" + "kind = input.string(\"" + pick({"SMA", "EMA", "WMA"}) +
            "\", options = [\"SMA\", \"EMA\", \"WMA\"])\n" + "use_filter = input.bool(" + pick({"true", "false"}) +
            ")\n" +
            "average(source, len) =>\n    switch kind\n        \"SMA\" => ta.sma(source, len)\n"
            "        \"EMA\" => ta.ema(source, len)\n        => ta.wma(source, len)\n"
            "var float kept = na\nvar int count = 0\nsize = strategy.position_size\n";
    for (int i = 2 + below(4); i > 0; --i) number();
    for (int i = 3 + below(4); i > 0; --i) condition();
    for (int i = 2 + below(4); i > 0; --i) block();
    if (percent(20)) line("plot(n0, \"shown\")");
    return out_;
  }

 private:
  int below(int n) { return chance_.below(n); }
  bool percent(int n) { return below(100) < n; }
  std::string pick(std::initializer_list<const char*> of) { return *(of.begin() + below(static_cast<int>(of.size()))); }
  std::string pick(const std::vector<std::string>& of) {
    return of[static_cast<std::size_t>(below(static_cast<int>(of.size())))];
  }
  void line(const std::string& text) { out_ += text + "\n"; }

  std::string settings() {
    std::string made;
    if (percent(40)) made += ", pyramiding = " + std::to_string(below(4));
    if (percent(25)) made += ", process_orders_on_close = true";
    if (percent(10)) made += ", calc_on_order_fills = true";
    if (percent(60))
      made += ", default_qty_type = strategy.percent_of_equity, default_qty_value = " + std::to_string(20 + below(250));
    if (percent(60))
      made += ", margin_long = " + pick({"100", "30", "10", "200"}) +
              ", margin_short = " + pick({"100", "50", "20", "200"});
    if (percent(30)) made += ", commission_type = strategy.commission.percent, commission_value = 0.1";
    if (percent(30)) made += ", slippage = 2";
    if (percent(20)) made += ", initial_capital = " + std::to_string(500 + below(5000));
    if (percent(20)) made += ", backtest_fill_limits_assumption = 1";
    return made;
  }

  std::string source() {
    if (!numbers_.empty() && percent(30)) return pick(numbers_);
    return pick({"close", "open", "hl2", "high", "low", "volume"});
  }
  std::string length() { return percent(40) ? "length" : std::to_string(2 + below(40)); }
  void number() {
    const std::string name = "n" + std::to_string(numbers_.size());
    switch (below(9)) {
      case 0: line(name + " = average(" + source() + ", " + length() + ")"); break;
      case 1: line(name + " = ta.rsi(" + source() + ", " + length() + ")"); break;
      case 2: line(name + " = ta.highest(" + source() + ", " + length() + ")"); break;
      case 3: line(name + " = ta.atr(" + length() + ") * " + pick({"1.5", "2", "level"})); break;
      case 4: line(name + " = " + source() + "[" + std::to_string(1 + below(5)) + "] - " + source()); break;
      case 5: line(name + " = math.max(" + source() + ", " + source() + ") / 2"); break;
      case 6: line("[" + name + ", m" + name + "] = ta.supertrend(3, " + length() + ")"); break;
      case 7: line(name + " = use_filter ? " + source() + " : " + source()); break;
      default: line(name + " = size > 0 ? " + source() + " : nz(strategy.position_avg_price, " + source() + ")"); break;
    }
    numbers_.push_back(name);
  }

  std::string comparison() {
    return pick(numbers_) + pick({" > ", " < ", " >= ", " <= "}) +
           (percent(60) ? source() : pick({"level", "0", "50", "100"}));
  }
  std::string term() {
    switch (below(13)) {
      case 0:
      case 1: return "ta.crossover(" + pick(numbers_) + ", " + source() + ")";
      case 2: return "ta.crossunder(" + source() + ", " + pick(numbers_) + ")";
      case 3: return "ta.cross(" + pick(numbers_) + ", level)";
      case 4:
        return pick({"size > 0", "size < 0", "size == 0", "size <= 0", "strategy.opentrades < 2",
                     "size[1] == 0 and size > 0", "strategy.position_size[2] != size", "(size > 0)[1]"});
      case 5: return "strategy.openprofit" + pick({" > ", " < "}) + std::to_string(below(200) - 100);
      case 6: return "strategy.equity > " + std::to_string(below(3) * 50'000);
      case 7: return "count " + pick({"> 3", "< 5", "% 3 == 0"});
      case 8:
        return "(strategy.opentrades > 0 ? bar_index - strategy.opentrades.entry_bar_index(0) >= " +
               std::to_string(1 + below(20)) + " : false)";
      case 9: return "(not use_filter or " + comparison() + ")";
      case 10: return "bar_index % " + std::to_string(3 + below(40)) + " == 0";
      case 11: return "close < strategy.position_avg_price * 0." + std::to_string(90 + below(10));
      default: return comparison();
    }
  }
  void condition() {
    const std::string name = "c" + std::to_string(conditions_.size());
    std::string made = term();
    for (int i = below(3); i > 0; --i)
      made += pick({" and ", " and ", " or "}) + (percent(20) ? "not (" + term() + ")" : term());
    line(name + " = " + made);
    conditions_.push_back(name);
  }

  std::string level() {
    return percent(50) ? "close + " + std::to_string(below(13) - 6) : percent(50) ? pick(numbers_) : "kept";
  }
  void order(const std::string& indent) {
    const std::string side = pick({"\"L\", strategy.long", "\"S\", strategy.short", "\"A\", strategy.long"});
    const std::string id = pick({"\"L\"", "\"S\"", "\"A\""});
    switch (below(9)) {
      case 0:
      case 1:
      case 2: return line(indent + "strategy.entry(" + side + ")");
      case 3: return line(indent + "strategy.entry(" + side + ", limit = " + level() + ")");
      case 4: return line(indent + "strategy.entry(" + side + ", stop = " + level() + ")");
      case 5:
        return line(indent + "strategy.exit(\"X\", " + id + ", stop = " + level() + ", limit = " + level() +
                    (percent(20) ? ", trail_points = 200, trail_offset = 50" : "") + ")");
      case 6: return line(indent + "strategy.close(" + id + ")");
      case 7: return line(indent + pick({"strategy.close_all()", "strategy.cancel_all()", "strategy.cancel(\"L\")"}));
      default: return line(indent + "strategy.order(" + side + ", qty = " + std::to_string(1 + below(9)) + ")");
    }
  }
  void block() {
    line("if " + pick(conditions_));
    order("    ");
    if (percent(30)) line("    kept := " + source());
    if (percent(30)) line("    count += 1");
    if (percent(30)) {
      line("    if " + pick(conditions_));
      order("        ");
    }
    if (percent(30)) {
      line(percent(50) ? "else" : "else if " + pick(conditions_));
      order("    ");
    }
  }

  pine::testing::Chance& chance_;
  std::string out_;
  std::vector<std::string> numbers_, conditions_;
};

}  // namespace

std::string random_strategy(pine::testing::Chance& chance) { return Writer(chance).strategy(); }

}  // namespace tradeassist::backtest::testing
