#include "pine/versions/versions.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "pine/analysis/builtins.hpp"

namespace tradeassist::pine {
namespace {

struct Rule {
  bool LanguageRules::* holds;
  int first_version, last_version;
};
constexpr Rule kRules[] = {
    {&LanguageRules::bool_can_be_na, 2, 5},
    {&LanguageRules::numbers_are_conditions, 2, 5},
    {&LanguageRules::constant_division_truncates, 2, 5},
    {&LanguageRules::constants_have_history, 2, 5},
    {&LanguageRules::fields_have_history, 2, 5},
    {&LanguageRules::plots_are_lenient, 2, 5},
    {&LanguageRules::functions_come_first, 5, 6},
    {&LanguageRules::has_reserved_words, 5, 6},
    {&LanguageRules::lazy_logic, 6, 6},
    {&LanguageRules::bound_each_iteration, 6, 6},
    {&LanguageRules::repeated_argument_is_ignored, 2, 5},
    {&LanguageRules::has_when, 2, 5},
    {&LanguageRules::bool_is_direction, 2, 4},
    {&LanguageRules::has_transparency, 2, 5},
    {&LanguageRules::exit_takes_nearer_level, 6, 6},
    {&LanguageRules::period_has_number, 6, 6},
    {&LanguageRules::sessions_skip_weekends, 2, 4},
};
constexpr std::array<double, 5> kDefaultMargins = {0, 0, 0, 0, 100};  // v2 to v6

std::array<LanguageRules, kDefaultMargins.size()> all_rules() {
  std::array<LanguageRules, kDefaultMargins.size()> all;
  for (std::size_t i = 0; i < all.size(); ++i) {
    LanguageRules& rules = all[i];
    rules.version = kOldestVersion + static_cast<int>(i);
    for (const Rule& rule : kRules) {
      rules.*rule.holds = rules.version >= rule.first_version && rules.version <= rule.last_version;
    }
    rules.default_margin = kDefaultMargins[i];
  }
  return all;
}

struct OldColor {
  int last_version;
  std::string_view name;
  std::uint32_t rgb;
};
constexpr OldColor kOldColors[] = {
    {4, "color.black", 0x000000}, {4, "color.blue", 0x2196F3},   {5, "color.red", 0xFF5252},
    {5, "color.teal", 0x00897B},  {5, "color.yellow", 0xFFEB3B},
};

/// Functions and variables that moved into a namespace and kept their own names: `sma` became `ta.sma`.
struct Moved {
  int last_version;
  std::string_view space, names;
};
constexpr Moved kMovedFunctions[] = {
    {4, "ta",
     "alma atr barssince bb bbw cci change cmo cog correlation cross crossover crossunder cum dev dmi ema falling "
     "highest "
     "highestbars hma kc kcw linreg lowest lowestbars macd median mfi mode mom percentile_linear_interpolation "
     "percentile_nearest_rank percentrank pivothigh pivotlow range rising rma roc rsi sar sma stdev stoch supertrend "
     "swma tr tsi valuewhen variance vwap vwma wma wpr"},
    {4, "math",
     "abs acos asin atan avg ceil cos exp floor log log10 max min pow random round round_to_mintick sign sin sqrt sum "
     "tan todegrees toradians"},
    {4, "str", "tostring tonumber"},
    {4, "request", "security financial quandl splits dividends earnings"},
    {4, "ticker", "heikinashi renko kagi linebreak pointfigure"},
};
constexpr Moved kMovedVariables[] = {
    {4, "ta", "tr accdist iii nvi obv pvi pvt vwap wad wvad"},
    {3, "timeframe", "period isintraday isdaily isweekly ismonthly isdwm"},
    {3, "syminfo", "ticker tickerid"},
    {3, "dayofweek", "sunday monday tuesday wednesday thursday friday saturday"},
    {3, "color",
     "aqua black blue fuchsia gray green lime maroon navy olive orange purple red silver teal white yellow"},
};

/// Names that changed altogether.
struct Renamed {
  int last_version;
  std::string_view name, today;
};
constexpr Renamed kRenamedFunctions[] = {
    {4, "study", "indicator"},
    {4, "tickerid", "ticker.new"},
    {3, "heikenashi", "ticker.heikinashi"},
};
constexpr Renamed kRenamedVariables[] = {
    {3, "n", "bar_index"},
    {3, "interval", "timeframe.multiplier"},
    {3, "line", "plot.style_line"},
    {3, "linebr", "plot.style_linebr"},
    {3, "stepline", "plot.style_stepline"},
    {3, "histogram", "plot.style_histogram"},
    {3, "cross", "plot.style_cross"},
    {3, "area", "plot.style_area"},
    {3, "areabr", "plot.style_areabr"},
    {3, "columns", "plot.style_columns"},
    {3, "circles", "plot.style_circles"},
    {3, "solid", "hline.style_solid"},
    {3, "dotted", "hline.style_dotted"},
    {3, "dashed", "hline.style_dashed"},
    {4, "label.style_labeldown", "label.style_label_down"},
    {4, "label.style_labelup", "label.style_label_up"},
    {4, "label.style_labelleft", "label.style_label_left"},
    {4, "label.style_labelright", "label.style_label_right"},
    {4, "label.style_labelcenter", "label.style_label_center"},
};

/// Parameters of a function (by today's name) as an older version has them: `old`, `old=today`, or `old=` when it is
/// dropped. The list is in the older order; it is whole where that order differs from today's.
struct OldParameters {
  int last_version;
  std::string_view function;
  bool reordered;
  std::string_view list;
};
constexpr OldParameters kOldParameters[] = {
    {4, "ta.cross", false, "x=source1 y=source2"},
    {4, "ta.crossover", false, "x=source1 y=source2"},
    {4, "ta.crossunder", false, "x=source1 y=source2"},
    {4, "ta.correlation", false, "source_a=source1 source_b=source2 length"},
    {4, "ta.cum", false, "x=source"},
    {4, "ta.rsi", false, "x=source y=length"},
    {4, "ta.swma", false, "x=source"},
    {4, "ta.vwap", false, "x=source"},
    {4, "fixnan", false, "x=source"},
    {4, "nz", false, "x=source y=replacement"},
    {4, "math.abs", false, "x=number"},
    {4, "math.acos", false, "x=angle"},
    {4, "math.asin", false, "x=angle"},
    {4, "math.atan", false, "x=angle"},
    {4, "math.ceil", false, "x=number"},
    {4, "math.cos", false, "x=angle"},
    {4, "math.exp", false, "x=number"},
    {4, "math.floor", false, "x=number"},
    {4, "math.log", false, "x=number"},
    {4, "math.log10", false, "x=number"},
    {4, "math.round", false, "x=number"},
    {4, "math.round_to_mintick", false, "x=number"},
    {4, "math.sign", false, "x=number"},
    {4, "math.sin", false, "x=angle"},
    {4, "math.sqrt", false, "x=number"},
    {4, "math.tan", false, "x=angle"},
    {4, "math.todegrees", false, "x=radians"},
    {4, "math.toradians", false, "x=degrees"},
    {4, "str.tostring", false, "x=value y=format"},
    {4, "str.tonumber", false, "x=string"},
    {4, "request.security", false, "symbol resolution=timeframe expression gaps lookahead"},
    {4, "time", false, "resolution=timeframe session"},
    {4, "time_close", false, "resolution=timeframe session"},
    {4, "strategy.entry", false, "id long=direction"},
    {4, "strategy.order", false, "id long=direction"},
    {4, "strategy.exit", true,
     "id from_entry qty qty_percent profit limit loss stop trail_price trail_points trail_offset oca_name comment when "
     "alert_message"},
    {4, "strategy.close", true, "id when comment qty qty_percent alert_message"},
    {4, "indicator", true,
     "title shorttitle overlay format precision scale max_bars_back max_lines_count max_labels_count "
     "resolution=timeframe resolution_gaps=timeframe_gaps max_boxes_count"},
    {4, "plot", true,
     "series title color linewidth style trackprice transp histbase offset join editable show_last display"},
    {4, "plotshape", true,
     "series title style location color transp offset text textcolor editable size show_last display"},
    {4, "plotchar", true,
     "series title char location color transp offset text textcolor editable size show_last display"},
    {4, "plotarrow", true,
     "series title colorup colordown transp offset minheight maxheight editable show_last display"},
    {4, "bgcolor", true, "color transp offset editable show_last title"},
    {4, "fill", true, "hline1 hline2 color transp title editable show_last fillgaps"},
};

struct OldInput {
  std::string_view type, function;
};
constexpr OldInput kOldInputs[] = {
    {"bool", "input.bool"},       {"integer", "input.int"},   {"float", "input.float"},
    {"string", "input.string"},   {"symbol", "input.symbol"}, {"resolution", "input.timeframe"},
    {"session", "input.session"}, {"source", "input.source"}, {"color", "input.color"},
    {"time", "input.time"},       {"price", "input.price"},
};

struct Name {
  int last_version;
  std::string today;
};
using Names = std::map<std::string, Name, std::less<>>;

Names names_of(const auto& moved, const auto& renamed) {
  Names all;
  for (const Moved& group : moved) {
    for (const std::string& name : words(group.names)) {
      all[name] = {group.last_version, std::string(group.space) + "." + name};
    }
  }
  for (const Renamed& row : renamed) all[std::string(row.name)] = {row.last_version, std::string(row.today)};
  return all;
}

const Names& functions() {
  static const Names made = names_of(kMovedFunctions, kRenamedFunctions);
  return made;
}

const Names& variables() {
  static const Names made = names_of(kMovedVariables, kRenamedVariables);
  return made;
}

}  // namespace

const LanguageRules& language_rules(int version) {
  static const auto all = all_rules();
  return all[static_cast<std::size_t>(std::clamp(version, kOldestVersion, kNewestVersion) - kOldestVersion)];
}

std::optional<std::uint32_t> old_color(std::string_view name, int version) {
  for (const OldColor& color : kOldColors) {
    if (color.name == name && version <= color.last_version) return color.rgb;
  }
  return std::nullopt;
}

std::optional<OldFunction> old_function(std::string_view name, int version) {
  OldFunction made;
  const auto renamed = functions().find(name);
  const bool is_renamed = renamed != functions().end() && version <= renamed->second.last_version;
  made.name = is_renamed ? renamed->second.today : std::string(name);
  bool found = is_renamed;
  for (const OldParameters& row : kOldParameters) {
    if (row.function != made.name || version > row.last_version) continue;
    found = true;
    made.reordered = row.reordered;
    for (const std::string& word : words(row.list)) {
      const std::size_t equals = word.find('=');
      made.parameters.push_back({word.substr(0, equals), equals == std::string::npos ? word : word.substr(equals + 1)});
    }
  }
  return found ? std::optional(std::move(made)) : std::nullopt;
}

std::optional<std::string_view> old_variable(std::string_view name, int version) {
  const auto found = variables().find(name);
  if (found == variables().end() || version > found->second.last_version) return std::nullopt;
  return found->second.today;
}

std::optional<std::string_view> old_input_function(std::string_view type) {
  if (type.starts_with("input.")) type.remove_prefix(6);
  for (const OldInput& row : kOldInputs) {
    if (row.type == type) return row.function;
  }
  return std::nullopt;
}

std::optional<std::string> name_today(std::string_view name) {
  if (const auto function = functions().find(name); function != functions().end()) return function->second.today;
  if (const auto variable = variables().find(name); variable != variables().end()) return variable->second.today;
  return std::nullopt;
}

}  // namespace tradeassist::pine
