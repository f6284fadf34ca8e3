#include <gtest/gtest.h>

#include <algorithm>

#include "pine/analysis/builtins.hpp"
#include "pine/compile.hpp"

/// Every built-in name of the reference is known, with its parameters' names.
namespace tradeassist::pine {
namespace {

std::string errors_of(const std::string& line, const std::string& declaration = "indicator(\"x\")") {
  const Compilation made = compile(
      "t.pine", "//@version=6\n" + declaration +
                    "\nenum E\n    a\n    b\nh1 = hline(1)\nh2 = hline(2)\np1 = plot(close)\np2 = plot(open)\n" + line +
                    "\n");
  return made.program ? "" : render(made);
}

void expect_known(const std::string& space, const std::string& names) {
  for (const std::string& name : words(names)) {
    const std::string full = space.empty() ? name : space + "." + name;
    EXPECT_EQ(errors_of("x = " + full), "") << full;
  }
}

TEST(BuiltinNames, variables_of_the_bar_and_the_chart) {
  expect_known("",
               "open high low close volume hl2 hlc3 ohlc4 hlcc4 bid ask time time_close time_tradingday timenow "
               "bar_index last_bar_index last_bar_time year month weekofyear dayofmonth dayofweek hour minute second");
  expect_known("syminfo",
               "ticker prefix tickerid root description currency basecurrency type timezone session country sector "
               "industry volumetype main_tickerid current_contract isin mintick minmove pricescale pointvalue "
               "mincontract employees shareholders shares_outstanding_float shares_outstanding_total expiration_date "
               "recommendations_buy recommendations_buy_strong recommendations_hold recommendations_sell "
               "recommendations_sell_strong recommendations_total recommendations_date target_price_average "
               "target_price_high target_price_low target_price_median target_price_estimates target_price_date");
  expect_known("timeframe",
               "period main_period multiplier isseconds isminutes isintraday isdaily isweekly ismonthly isdwm isticks");
  expect_known("session",
               "ismarket ispremarket ispostmarket isfirstbar islastbar isfirstbar_regular islastbar_regular");
  expect_known("barstate", "isfirst islast ishistory isrealtime isnew isconfirmed islastconfirmedhistory");
  expect_known("chart",
               "is_standard is_heikinashi is_renko is_kagi is_linebreak is_pnf is_range bg_color fg_color "
               "left_visible_bar_time right_visible_bar_time");
  expect_known("ta", "tr accdist iii nvi obv pvi pvt vwap wad wvad");
}

TEST(BuiltinNames, constants) {
  expect_known("adjustment", "dividends none splits");
  expect_known("alert", "freq_all freq_once_per_bar freq_once_per_bar_close");
  expect_known("backadjustment", "inherit off on");
  expect_known("barmerge", "gaps_off gaps_on lookahead_off lookahead_on");
  expect_known("currency",
               "AED ARS AUD BDT BHD BRL BTC CAD CHF CLP CNY COP CZK DKK EGP ETH EUR GBP HKD HUF IDR ILS INR ISK JPY "
               "KES KRW KWD LKR MAD MXN MYR NGN NOK NONE NZD PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TND TRY "
               "TWD USD USDT VES VND ZAR");
  expect_known("dayofweek", "friday monday saturday sunday thursday tuesday wednesday");
  expect_known("display", "all data_window none pane pine_screener price_scale status_line");
  expect_known("dividends", "gross net");
  expect_known("earnings", "actual estimate standardized");
  expect_known("format", "inherit mintick percent price volume");
  expect_known("settlement_as_close", "inherit off on");
  expect_known("splits", "denominator numerator");
  expect_known("text",
               "align_bottom align_center align_left align_right align_top format_bold format_italic format_none "
               "wrap_auto wrap_none");
}

TEST(BuiltinNames, functions_take_their_parameters_by_name) {
  for (const char* call : {
           "ta.alma(series = close, length = 9, offset = 0.85, sigma = 6, floor = true)",
           "ta.kc(series = close, length = 9, mult = 2, useTrueRange = true)",
           "ta.pivot_point_levels(type = \"Classic\", anchor = true, developing = false)",
           "ta.pivothigh(leftbars = 3, rightbars = 3)",
           "ta.vwap(source = close, anchor = true, stdev_mult = 1)",
           "ta.vwap(close, stdev_mult = 1)",
           "math.random(min = 0, max = 1, seed = 1)",
           "str.format_time(time = time, format = \"HH\", timezone = \"UTC\")",
           "str.match(source = \"a\", regex = \"a\")",
           "time(timeframe = \"D\", session = \"0930-1600\", bars_back = 0, timeframe_bars_back = 0)",
           "time_close(timeframe = \"D\", session = \"\", timezone = \"UTC\", bars_back = 0, timeframe_bars_back = 0)",
           "timeframe.from_seconds(seconds = 60)",
           "syminfo.prefix(symbol = \"A:B\")",
           "syminfo.ticker(symbol = \"A:B\")",
           "ticker.new(prefix = \"A\", ticker = \"B\", session = session.regular, adjustment = adjustment.none, "
           "backadjustment = backadjustment.on, settlement_as_close = settlement_as_close.on)",
           "ticker.modify(tickerid = \"A:B\", session = session.regular, adjustment = adjustment.none)",
           "ticker.inherit(from_tickerid = \"A:B\", symbol = \"C\")",
           "input.enum(defval = E.a, title = \"t\", options = [E.a, E.b], tooltip = \"\", inline = \"\", group = \"\", "
           "confirm = false, display = display.all, active = true)",
           "input.int(defval = 1, title = \"t\", minval = 0, maxval = 5, step = 1, tooltip = \"\", inline = \"\", "
           "group = \"\", confirm = false, display = display.all - display.status_line, active = close > open)",
           "input.text_area(defval = \"a\", title = \"t\", tooltip = \"\", group = \"\", confirm = false, display = "
           "display.none, active = true)",
           "fill(hline1 = h1, hline2 = h2, color = color.red, title = \"\", editable = true, fillgaps = false, display "
           "= display.all)",
           "fill(plot1 = p1, plot2 = p2, color = color.red, title = \"\", editable = true, show_last = 5, fillgaps = "
           "true)",
           "fill(plot1 = p1, plot2 = p2, top_value = 2, bottom_value = 1, top_color = color.red, bottom_color = na)",
           "fill(p1, p2, 2, 1, color.red, color.blue)",
           "alert(message = \"m\", freq = alert.freq_all)",
           "alertcondition(condition = close > open, title = \"t\", message = \"m\")",
           "log.error(message = \"m\")",
           "log.info(\"{0}\", array.from(1))",
           "runtime.error(message = \"m\")",
           "plotcandle(open = open, high = high, low = low, close = close, title = \"\", color = color.red, wickcolor "
           "= "
           "color.red, editable = true, show_last = 3, bordercolor = color.red, display = display.pane, format = "
           "format.price, precision = 2, force_overlay = true)",
           "max_bars_back(close, num = 100)",
       }) {
    for (const char* declaration : {"indicator(\"x\")", "strategy(\"x\")"}) EXPECT_EQ(errors_of(call, declaration), "");
  }
}

TEST(BuiltinNames, commands_take_their_parameters_by_name) {
  for (const char* call : {
           "strategy.entry(id = \"a\", direction = strategy.long, qty = 1, limit = 1, stop = 1, oca_name = \"o\", "
           "oca_type = strategy.oca.none, comment = \"\", alert_message = \"\", disable_alert = false)",
           "strategy.exit(id = \"a\", from_entry = \"b\", qty = 1, qty_percent = 50, profit = 1, limit = 1, loss = 1, "
           "stop "
           "= 1, trail_price = 1, trail_points = 1, trail_offset = 1, oca_name = \"o\", comment = \"\", comment_profit "
           "= "
           "\"\", comment_loss = \"\", comment_trailing = \"\", alert_message = \"\", alert_profit = \"\", alert_loss "
           "= "
           "\"\", alert_trailing = \"\", disable_alert = false)",
           "strategy.close(id = \"a\", comment = \"\", qty = 1, qty_percent = 50, alert_message = \"\", immediately = "
           "false, disable_alert = false)",
           "strategy.close_all(comment = \"\", alert_message = \"\", immediately = false, disable_alert = false)",
           "strategy.cancel(id = \"a\")",
           "strategy.risk.allow_entry_in(value = strategy.direction.long)",
           "strategy.risk.max_cons_loss_days(count = 3, alert_message = \"\")",
           "strategy.risk.max_drawdown(value = 3, type = strategy.cash, alert_message = \"\")",
           "strategy.risk.max_intraday_filled_orders(count = 3, alert_message = \"\")",
           "strategy.risk.max_intraday_loss(value = 3, type = strategy.cash, alert_message = \"\")",
           "strategy.risk.max_position_size(contracts = 3)",
       }) {
    EXPECT_EQ(errors_of(call, "strategy(\"x\")"), "");
  }
}

/// "label.set_xy(id, x, y)"; `?` after what may be left out.
std::string shape_of(const BuiltinFunction& function) {
  std::string shape = function.name + "(";
  for (const BuiltinParameter& parameter : function.parameters) {
    if (parameter.implicit) continue;
    shape += (shape.back() == '(' ? "" : ", ") + parameter.name + (parameter.optional ? "?" : "");
  }
  return shape + ")";
}

TEST(BuiltinNames, functions_of_drawings_have_the_parameters_of_the_reference) {
  for (const std::string shape : {
           "box.copy(id)",
           "box.delete(id)",
           "box.get_bottom(id)",
           "box.get_left(id)",
           "box.get_right(id)",
           "box.get_top(id)",
           "box.new(top_left, bottom_right, border_color?, border_width?, border_style?, extend?, xloc?, bgcolor?, "
           "text?, text_size?, text_color?, text_halign?, text_valign?, text_wrap?, text_font_family?, force_overlay?, "
           "text_formatting?)",
           "box.new(left, top, right, bottom, border_color?, border_width?, border_style?, extend?, xloc?, bgcolor?, "
           "text?, text_size?, text_color?, text_halign?, text_valign?, text_wrap?, text_font_family?, force_overlay?, "
           "text_formatting?)",
           "box.set_bgcolor(id, color)",
           "box.set_border_color(id, color)",
           "box.set_border_style(id, style)",
           "box.set_border_width(id, width)",
           "box.set_bottom(id, bottom)",
           "box.set_bottom_right_point(id, point)",
           "box.set_extend(id, extend)",
           "box.set_left(id, left)",
           "box.set_lefttop(id, left, top)",
           "box.set_right(id, right)",
           "box.set_rightbottom(id, right, bottom)",
           "box.set_text(id, text)",
           "box.set_text_color(id, text_color)",
           "box.set_text_font_family(id, text_font_family)",
           "box.set_text_formatting(id, text_formatting?)",
           "box.set_text_halign(id, text_halign)",
           "box.set_text_size(id, text_size)",
           "box.set_text_valign(id, text_valign)",
           "box.set_text_wrap(id, text_wrap)",
           "box.set_top(id, top)",
           "box.set_top_left_point(id, point)",
           "box.set_xloc(id, left, right, xloc)",
           "chart.point.copy(id)",
           "chart.point.from_index(index, price)",
           "chart.point.from_time(time, price)",
           "chart.point.new(time, index, price)",
           "chart.point.now(price?)",
           "label.copy(id)",
           "label.delete(id)",
           "label.get_text(id)",
           "label.get_x(id)",
           "label.get_y(id)",
           "label.new(point, text?, xloc?, yloc?, color?, style?, textcolor?, size?, textalign?, tooltip?, "
           "text_font_family?, force_overlay?, text_formatting?)",
           "label.new(x, y, text?, xloc?, yloc?, color?, style?, textcolor?, size?, textalign?, tooltip?, "
           "text_font_family?, force_overlay?, text_formatting?)",
           "label.set_color(id, color)",
           "label.set_point(id, point)",
           "label.set_size(id, size?)",
           "label.set_style(id, style)",
           "label.set_text(id, text)",
           "label.set_text_font_family(id, text_font_family)",
           "label.set_text_formatting(id, text_formatting?)",
           "label.set_textalign(id, textalign)",
           "label.set_textcolor(id, textcolor)",
           "label.set_tooltip(id, tooltip)",
           "label.set_x(id, x)",
           "label.set_xloc(id, x, xloc)",
           "label.set_xy(id, x, y)",
           "label.set_y(id, y)",
           "label.set_yloc(id, yloc)",
           "line.copy(id)",
           "line.delete(id)",
           "line.get_price(id, x)",
           "line.get_x1(id)",
           "line.get_x2(id)",
           "line.get_y1(id)",
           "line.get_y2(id)",
           "line.new(first_point, second_point, xloc?, extend?, color?, style?, width?, force_overlay?)",
           "line.new(x1, y1, x2, y2, xloc?, extend?, color?, style?, width?, force_overlay?)",
           "line.set_color(id, color)",
           "line.set_extend(id, extend)",
           "line.set_first_point(id, point)",
           "line.set_second_point(id, point)",
           "line.set_style(id, style)",
           "line.set_width(id, width)",
           "line.set_x1(id, x)",
           "line.set_x2(id, x)",
           "line.set_xloc(id, x1, x2, xloc)",
           "line.set_xy1(id, x, y)",
           "line.set_xy2(id, x, y)",
           "line.set_y1(id, y)",
           "line.set_y2(id, y)",
           "linefill.delete(id)",
           "linefill.get_line1(id)",
           "linefill.get_line2(id)",
           "linefill.new(line1, line2, color?)",
           "linefill.set_color(id, color)",
           "polyline.delete(id)",
           "polyline.new(points, curved?, closed?, xloc?, line_color?, fill_color?, line_style?, line_width?, "
           "force_overlay?)",
           "table.cell(table_id, column, row, text?, width?, height?, text_color?, text_halign?, text_valign?, "
           "text_size?, bgcolor?, tooltip?, text_font_family?, text_formatting?)",
           "table.cell_set_bgcolor(table_id, column, row, bgcolor)",
           "table.cell_set_height(table_id, column, row, height)",
           "table.cell_set_text(table_id, column, row, text)",
           "table.cell_set_text_color(table_id, column, row, text_color)",
           "table.cell_set_text_font_family(table_id, column, row, text_font_family)",
           "table.cell_set_text_formatting(table_id, column, row, text_formatting?)",
           "table.cell_set_text_halign(table_id, column, row, text_halign)",
           "table.cell_set_text_size(table_id, column, row, text_size?)",
           "table.cell_set_text_valign(table_id, column, row, text_valign)",
           "table.cell_set_tooltip(table_id, column, row, tooltip)",
           "table.cell_set_width(table_id, column, row, width)",
           "table.clear(table_id, start_column, start_row, end_column?, end_row?)",
           "table.delete(table_id)",
           "table.merge_cells(table_id, start_column, start_row, end_column, end_row)",
           "table.new(position, columns, rows, bgcolor?, frame_color?, frame_width?, border_color?, border_width?, "
           "force_overlay?)",
           "table.set_bgcolor(table_id, bgcolor?)",
           "table.set_border_color(table_id, border_color?)",
           "table.set_border_width(table_id, border_width?)",
           "table.set_frame_color(table_id, frame_color?)",
           "table.set_frame_width(table_id, frame_width?)",
           "table.set_position(table_id, position)",
       }) {
    std::vector<std::string> known;
    for (const BuiltinFunction& function : builtin_functions(shape.substr(0, shape.find('(')))) {
      known.push_back(shape_of(function));
    }
    EXPECT_NE(std::ranges::find(known, shape), known.end()) << shape << " is " << ::testing::PrintToString(known);
  }
}

TEST(BuiltinNames, what_there_is_no_data_for_is_refused_by_name) {
  for (const char* kind : {"renko", "kagi", "linebreak", "pointfigure"}) {
    const std::string name = "ticker." + std::string(kind);
    EXPECT_NE(errors_of("x = " + name + "(\"A\", 3)").find("error: " + name + "() is not supported"),
              std::string::npos);
  }
}

TEST(BuiltinNames, wrong_arguments_are_refused_where_they_stand) {
  EXPECT_NE(
      errors_of("fill(p1, close)").find("t.pine:10:10: error: the argument `plot2` of fill() must be what plot()"),
      std::string::npos);
  EXPECT_NE(errors_of("fill(p1, p2, colour = color.red)").find("no parameter `colour`"), std::string::npos);
  EXPECT_NE(errors_of("alertcondition(close)").find("must be bool"), std::string::npos);
  EXPECT_NE(errors_of("x = input.enum(1)").find("must be a member of an enum"), std::string::npos);
  EXPECT_NE(errors_of("alert(close)").find("the message of alert() must be string"), std::string::npos);
}

TEST(BuiltinNames, misspelt_names_have_their_neighbour_as_a_hint) {
  EXPECT_NE(errors_of("x = color.redd").find("did you mean `color.red`?"), std::string::npos);
  EXPECT_NE(errors_of("x = session.ismarkett").find("did you mean `session.ismarket`?"), std::string::npos);
  EXPECT_NE(errors_of("x = str.mtch(\"a\", \"b\")").find("did you mean `str.match`?"), std::string::npos);
}

TEST(BuiltinNames, a_default_outside_its_bounds_is_a_warning) {
  const Compilation made = compile("t.pine", "//@version=6\nindicator(\"x\")\nplot(input.int(0, \"n\", minval = 1))\n");
  EXPECT_TRUE(made.program);
  EXPECT_NE(render(made).find("warning: the default lies outside minval and maxval"), std::string::npos);
}

}  // namespace
}  // namespace tradeassist::pine
