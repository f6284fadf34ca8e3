#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Everything in which the versions of Pine differ, as data: the rules, and the names and arguments of older versions
/// with what they are called today. modernize.hpp applies the names, the lowering follows the rules.
namespace tradeassist::pine {

inline constexpr int kOldestVersion = 2, kNewestVersion = 6;

struct LanguageRules {
  int version = kNewestVersion;
  bool bool_can_be_na = false;                // tri-state bool: `na == false` is not true
  bool numbers_are_conditions = false;        // 0 and na are false, all other numbers true
  bool constant_division_truncates = false;   // 5 / 2 = 2 for two const ints
  bool constants_have_history = false;        // 5[1]
  bool fields_have_history = false;           // object.field[1]; else (object[1]).field
  bool plots_are_lenient = false;             // linewidth below 1, an offset that changes from bar to bar
  bool functions_come_first = false;          // a function is declared above its calls
  bool has_reserved_words = false;            // `class`, `return` and their like are no names
  bool lazy_logic = false;                    // and/or evaluate their right side only when needed
  bool bound_each_iteration = false;          // `to` of a for loop is evaluated again before every iteration
  bool repeated_argument_is_ignored = false;  // of two arguments with one name the first counts; else an error
  bool has_when = false;                      // strategy.*(when =)
  bool bool_is_direction = false;             // strategy.entry(id, true): true is long, false is short
  bool has_transparency = false;              // plot(transp =) and its like
  bool exit_takes_nearer_level = false;       // strategy.exit(profit =, limit =): the one reached first; else the price
  bool period_has_number = false;             // timeframe.period is "1D"; else "D"
  bool sessions_skip_weekends = false;        // "0900-1000" means Monday to Friday; else every day
  double default_margin = 0;                  // percent, of margin_long and margin_short
};
/// The rules of a version from kOldestVersion to kNewestVersion; of a newer one, those of the newest.
const LanguageRules& language_rules(int version);

/// The colour 0xRRGGBB of a name such as `color.red` where the version's palette is not today's.
std::optional<std::uint32_t> old_color(std::string_view name, int version);

/// A parameter of an older form: what it was called, and what it is called today (empty: it was dropped).
struct OldParameter {
  std::string old_name, name;
};

/// A function as an older version has it.
struct OldFunction {
  std::string name;                      // today's
  std::vector<OldParameter> parameters;  // empty when all are called as today
  bool reordered = false;                // the parameters stand in another order today
};
/// How `version` understands a function's name where that differs from today.
std::optional<OldFunction> old_function(std::string_view name, int version);

/// Today's name of a variable or constant that `version` calls otherwise.
std::optional<std::string_view> old_variable(std::string_view name, int version);

/// Today's function for the type of an input in versions before 5: "input.int" for `integer` and `input.integer`.
std::optional<std::string_view> old_input_function(std::string_view type);

/// Today's name of a function or variable that any older version calls `name`; for hints.
std::optional<std::string> name_today(std::string_view name);

}  // namespace tradeassist::pine
