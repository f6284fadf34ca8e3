#include "pine/syntax/testing/random_script.hpp"

#include <initializer_list>
#include <string_view>

#include "pine/syntax/testing/chance.hpp"

namespace tradeassist::pine::testing {
namespace {

class Writer {
 public:
  explicit Writer(std::uint64_t seed) : chance_(seed) {}

  std::string script() {
    if (chance(90)) out_ += pick({"//@version=6\n", "// @version = 5\n", "//@version=6 \r\n"});
    const int count = 4 + below(20);
    for (int i = 0; i < count; ++i) top_level();
    return out_;
  }

 private:
  int below(int bound) { return chance_.below(bound); }
  bool chance(int percent) { return chance_.percent(percent); }
  std::string pick(std::initializer_list<std::string_view> list) { return chance_.pick(list); }

  // Layout.
  void begin_line() {
    if (chance(8)) out_ += pick({"\n", "   // odd comment (\n", "// at the margin\n", "\t\n", "\r\n"});
    for (int i = 0; i < depth_; ++i) out_ += chance(10) ? "\t" : "    ";
  }
  void end_line() {
    if (chance(5)) out_ += "  // trailing \"comment\"";
    out_ += chance(5) ? "\r\n" : "\n";
  }
  /// A blank, where a line may be wrapped: between operands and in lists.
  std::string gap() {
    if (!chance(4)) return " ";
    std::string gap = chance(30) ? " // why\n" : "\n";
    if (chance(10)) gap += "\n  // between\n";
    return gap + std::string(static_cast<std::size_t>(4 * below(4) + 1 + below(3)), ' ');
  }

  // Words.
  std::string name() {
    return pick(
        {"x", "y", "fast", "slow_length", "_private", "K2", "type_", "source", "method", "enum", "close", "e3"});
  }
  std::string type() {
    return pick({"int", "float", "bool", "string", "color", "array<float>", "map<string, float>", "float[]",
                 "Lib.Point", "array<Lib.Point>", "matrix<int>", "line", "chart.point"});
  }
  std::string literal() {
    switch (below(6)) {
      case 0: return std::to_string(below(1000));
      case 1: return pick({"1.5", ".5", "2.", "6.02e-23", "3E8", "0.1", "1e10", "123456789012345678", "0"});
      case 2: return pick({"\"text\"", "\"a \\\"b\\\" \\\\ \\n\"", "'\\t\\'q\\''", "\"// no comment\"", "\"ünï\""});
      case 3: return pick({"true", "false", "na"});
      case 4: return pick({"#FF0000", "#00ff0080", "#2962FF"});
      default: return name();
    }
  }

  // Expressions.
  std::string expression(int depth) {
    if (depth <= 0 || chance(15)) return primary(0);
    switch (below(10)) {
      case 0: return operand(depth) + gap() + "?" + " " + expression(depth - 1) + gap() + ": " + expression(depth - 1);
      case 1: return "(" + expression(depth - 1) + ")";
      case 2: return pick({"-", "+", "not ", "not not "}) + primary(depth - 1);
      case 3: return "-(-" + primary(depth - 1) + ")";
      case 4:
      case 5:
      case 6: return operand(depth) + gap() + binary_operator() + gap() + operand(depth);
      default: return primary(depth);
    }
  }
  std::string operand(int depth) { return chance(30) ? "(" + expression(depth - 1) + ")" : primary(depth - 1); }
  std::string binary_operator() {
    return pick({"+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=", "and", "or"});
  }
  std::string primary(int depth) {
    if (depth <= 0) return literal();
    switch (below(6)) {
      case 0: return pick({"ta.sma", "f", "array.get", "math.max", "obj.method"}) + "(" + arguments(depth - 1) + ")";
      case 1: return name() + "[" + expression(depth - 1) + "]";
      case 2:
        return pick({"array.new<float>", "matrix.new<int>", "map.new<string, float>", "Point.new"}) + "(" +
               arguments(depth - 1) + ")";
      case 3: return pick({"f", "ta.ema"}) + "(" + arguments(depth - 1) + ")[" + expression(depth - 1) + "]";
      case 4:
        return name() + "." + pick({"x", "high", "to", "type"}) + (chance(40) ? "(" + arguments(depth - 1) + ")" : "");
      default: return literal();
    }
  }
  std::string arguments(int depth) {
    std::string list;
    const int positional = below(3), named = below(3);
    for (int i = 0; i < positional + named; ++i) {
      if (i > 0) list += "," + (chance(6) ? "\n" + std::string(static_cast<std::size_t>(below(9)), ' ') : gap());
      if (i >= positional) list += pick({"title", "length", "color", "type", "minval"}) + pick({"=", " = "});
      list += expression(depth);
    }
    return list;
  }
  std::string tuple(int depth) {
    std::string list = "[" + expression(depth);
    for (int i = below(3); i >= 0; --i) list += "," + gap() + expression(depth);
    return list + "]";
  }

  // Statements.
  void top_level() {
    switch (below(12)) {
      case 0: return function();
      case 1: return type_declaration();
      case 2: return enum_declaration();
      case 3:
        begin_line();
        out_ += "import " + pick({"TradingView/ta/7", "some_user/Lib2/12"}) + (chance(60) ? " as lib" : "");
        return end_line();
      default: return statement(3);
    }
  }
  void statement(int nesting) {
    begin_line();
    switch (below(11)) {
      case 0:
        if (nesting > 0) return structure(nesting - 1, chance(50));
        [[fallthrough]];
      case 1:
        if (nesting > 0) {
          out_ += (chance(30) ? "var " : "") + name() + " = ";
          return structure(nesting - 1, false);
        }
        [[fallthrough]];
      case 2:
        if (nesting > 0) {
          out_ += name() + pick({" := ", " += "});
          return structure(nesting - 1, false);
        }
        [[fallthrough]];
      case 3:
        if (chance(50))
          out_ += "[" + name() + ", _, " + name() + "] = " + expression(2);
        else
          out_ += tuple(1);
        return end_line();
      default:
        simple();
        while (chance(15)) {
          out_ += chance(50) ? ", " : "," + gap();
          simple();
        }
        return end_line();
    }
  }
  void simple() {
    switch (below(7)) {
      case 0: out_ += name() + " = " + expression(3); break;
      case 1: out_ += pick({"var ", "varip ", ""}) + type() + " " + name() + " = " + expression(2); break;
      case 2:
        out_ += pick({"const ", "simple ", "series ", "input "}) + pick({"int ", "float ", ""}) + name() + " = " +
                expression(2);
        break;
      case 3: out_ += name() + pick({" := ", " += ", " -= ", " *= ", " /= ", " %= "}) + expression(3); break;
      case 4: out_ += name() + "." + pick({"x", "y.z"}) + " := " + expression(2); break;
      case 5: out_ += pick({"break", "continue"}); break;
      default: out_ += pick({"plot", "strategy.entry", "log.info"}) + "(" + arguments(2) + ")"; break;
    }
  }
  void block(int nesting) {
    ++depth_;
    for (int i = below(3); i >= 0; --i) statement(nesting);
    --depth_;
  }
  void structure(int nesting, bool chained) {
    switch (below(6)) {
      case 0:
        out_ += "for " + name() + " = " + expression(1) + " to " + expression(1) +
                (chance(40) ? " by " + expression(1) : "");
        break;
      case 1: out_ += pick({"for value in ", "for [index, value] in "}) + expression(1); break;
      case 2: out_ += "while " + expression(2); break;
      case 3: return switch_structure(nesting);
      default:
        out_ += "if " + expression(3);
        end_line();
        block(nesting);
        while (chained && chance(40)) {
          begin_line();
          out_ += "else if " + expression(2);
          end_line();
          block(nesting);
        }
        if (chance(40)) {
          begin_line();
          out_ += "else";
          end_line();
          block(nesting);
        }
        return;
    }
    end_line();
    block(nesting);
  }
  void switch_structure(int nesting) {
    out_ += chance(50) ? "switch " + primary(1) : "switch";
    end_line();
    ++depth_;
    for (int i = below(3); i >= 0; --i) {
      begin_line();
      if (i > 0 || chance(50)) out_ += expression(1) + " ";
      out_ += "=>";
      body(nesting);
    }
    --depth_;
  }
  void body(int nesting) {
    if (chance(60)) {
      out_ += " ";
      if (chance(30)) {
        simple();
        out_ += ", ";
      }
      out_ += expression(2);
      return end_line();
    }
    end_line();
    block(nesting);
  }
  void function() {
    begin_line();
    if (chance(20)) out_ += "export ";
    const bool method = chance(25);
    out_ += (method ? "method " : "") + name() + "(" + (method ? type() + " this" : "");
    for (int i = below(4); i > 0; --i) {
      if (out_.back() != '(') out_ += "," + gap();
      if (chance(40)) out_ += pick({"simple ", "series ", ""}) + type() + " ";
      out_ += name() + (chance(30) ? " = " + expression(1) : "");
    }
    out_ += ") =>";
    body(2);
  }
  void type_declaration() {
    begin_line();
    out_ += std::string(chance(20) ? "export " : "") + "type Point";
    end_line();
    ++depth_;
    for (int i = below(4); i >= 0; --i) {
      begin_line();
      out_ += (chance(15) ? "varip " : "") + type() + " " + name() + (chance(50) ? " = " + literal() : "");
      end_line();
    }
    --depth_;
  }
  void enum_declaration() {
    begin_line();
    out_ += std::string(chance(20) ? "export " : "") + "enum Side";
    end_line();
    ++depth_;
    for (int i = below(4); i >= 0; --i) {
      begin_line();
      out_ += name() + (chance(50) ? " = \"Title, \\\"quoted\\\"\"" : "");
      end_line();
    }
    --depth_;
  }

  Chance chance_;
  std::string out_;
  int depth_ = 0;
};

}  // namespace

std::string random_script(std::uint64_t seed) { return Writer(seed).script(); }

}  // namespace tradeassist::pine::testing
