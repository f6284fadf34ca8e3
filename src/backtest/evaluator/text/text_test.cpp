#include <gtest/gtest.h>

#include <random>

#include "backtest/evaluator/text/message_format.hpp"
#include "backtest/evaluator/text/number_format.hpp"
#include "backtest/evaluator/text/regular_expression.hpp"
#include "backtest/evaluator/time/date_format.hpp"
#include "backtest/evaluator/time/session_text.hpp"
#include "backtest/testing/script_run.hpp"
#include "pine/program/date_text.hpp"

/// str.*: what texts come out of scripts.
namespace tradeassist::backtest {
namespace {

using namespace testing;

/// Sunday 2024-03-10, 06:30 to 10:30 UTC: New York changes its clocks at 07:00 UTC.
ScriptRun run_text(const std::string& expression, const std::string& lines) {
  const market::Series bars = bars_of_closes({1, 2, 3, 4, 1234.5678}, nanoseconds("2024-03-10T06:30:00Z"), kHour);
  return run_script(lines + "\nif barstate.islast\n    alert(" + expression + ")\n", bars, [](RunRequest& request) {
    request.instrument.time_zone = "America/New_York";
    request.instrument.tick_size = 0.025;
  });
}

std::string text_of(const std::string& expression, const std::string& lines = "") {
  const ScriptRun script = run_text(expression, lines);
  if (!script.result) return script.result.error().message;
  return script.result->messages.empty() ? "nothing" : script.result->messages.front().text;
}

std::string formatted(const std::string& pattern, const std::string& arguments) {
  return text_of("str.format(\"" + pattern + "\", " + arguments + ")");
}

std::string value_of(const std::string& expression) { return text_of("str.tostring(" + expression + ")"); }

TEST(NumberFormat, named_formats_follow_the_symbol_and_the_size) {
  EXPECT_EQ(value_of("close, format.mintick"), "1234.575");
  EXPECT_EQ(value_of("-0.01, format.mintick"), "0.000");
  EXPECT_EQ(value_of("12.345, format.percent"), "12.35%");
  EXPECT_EQ(value_of("float(na), format.percent"), "NaN%");
  EXPECT_EQ(value_of("1234567, format.volume"), "1.235M");
  EXPECT_EQ(value_of("999, format.volume"), "999");
  EXPECT_EQ(value_of("5183, format.volume"), "5.183K");
  EXPECT_EQ(value_of("3.5e12, format.volume"), "3.5T");
}

TEST(NumberFormat, masks_have_affixes_quotes_and_a_negative_form) {
  EXPECT_EQ(value_of("close, \"$#,##0.00\""), "$1,234.57");
  EXPECT_EQ(value_of("-5.5, \"0.0;(0.0)\""), "(5.5)");
  EXPECT_EQ(value_of("5.5, \"0.0;(0.0)\""), "5.5");
  EXPECT_EQ(value_of("7, \"'#'0\""), "#7");
  EXPECT_EQ(value_of("7, \"0 '%'\""), "7 %");
  EXPECT_EQ(value_of("0.07, \"0%\""), "7%");
  EXPECT_EQ(value_of("0.1, \"#.####################\""), "0.1");
  EXPECT_EQ(value_of("-0.001, \"#.##\""), "0");
}

TEST(NumberFormat, messages_round_half_to_even_on_the_exact_value) {
  EXPECT_EQ(formatted("{0,number,#.##}", "2.675"), "2.67");
  EXPECT_EQ(formatted("{0,number,#.#}", "0.25"), "0.2");
  EXPECT_EQ(formatted("{0,number,#.#}", "0.35"), "0.3");
  EXPECT_EQ(formatted("{0,number,#.####################}", "0.1"), "0.1");
  EXPECT_EQ(formatted("{0,number,integer} {0,number, Currency} {1,number,percent}", "close, 0.256"),
            "1,235 $1,234.57 26%");
  EXPECT_EQ(formatted("{0}", "1234567.0"), "1,234,567");
  EXPECT_EQ(formatted("{0,number, #.#}", "1.25"), " 1.2");
}

TEST(NumberFormat, masks_with_an_exponent_write_what_java_writes) {
  constexpr double kValues[] = {0, 1, 12345.678, 0.00012345, 9.9996, -1234.5678, 1e20, 0.5, 2.5, 1e-300};
  // From java.text.DecimalFormat.
  constexpr const char* kWritten[][2] = {
      {"0.###E0", "0E0 1E0 1.235E4 1.234E-4 1E1 -1.235E3 1E20 5E-1 2.5E0 1E-300 "},
      {"##0.###E0", "0E0 1E0 12.3457E3 123.45E-6 9.9996E0 -1.23457E3 100E18 500E-3 2.5E0 1E-300 "},
      {"00.0E00", "00.0E00 10.0E-01 12.3E03 12.3E-05 10.0E00 -12.3E02 10.0E19 50.0E-02 25.0E-01 10.0E-301 "},
      {"#.##E0", "0E0 1E0 1.23E4 1.23E-4 1E1 -1.23E3 1E20 5E-1 2.5E0 1E-300 "},
      {"0E0", "0E0 1E0 1E4 1E-4 1E1 -1E3 1E20 5E-1 2E0 1E-300 "},
      {"###E0", "0E0 1E0 12.3E3 123E-6 10E0 -1.23E3 100E18 500E-3 2.5E0 1E-300 "},
      {"##0.0E0", "0.0E0 1.0E0 12.35E3 123.4E-6 10E0 -1.235E3 100E18 500E-3 2.5E0 1.0E-300 "},
      {"#E0", "E0 .1E1 .1E5 .1E-3 .1E2 -.1E4 .1E21 .5E0 .2E1 .1E-299 "},
      {"0.##E0%", "0E0% 1E2% 1.23E6% 1.23E-2% 1E3% -1.23E5% 1E22% 5E1% 2.5E2% 1E-298% "},
  };
  for (const auto& [mask, expected] : kWritten) {
    std::string written;
    for (const double value : kValues) written += format_decimal(value, mask, Rounding::kHalfEvenExact) + " ";
    EXPECT_EQ(written, expected) << mask;
  }
  EXPECT_EQ(value_of("close, \"0.##E0\""), "1.23E3");
  EXPECT_EQ(value_of("0.0125, \"0.#E00\""), "1.3E-02");
  EXPECT_EQ(value_of("99.96, \"0.0E0 'E0'\""), "1.0E2 E0");
  EXPECT_EQ(formatted("{0,number,0.0E0}", "12345"), "1.2E4");
}

TEST(MessageFormat, takes_every_kind_of_value) {
  EXPECT_EQ(formatted("{0} {1} {2} {3}", "close > 1, \"s\", float(na), bar_index"), "true s NaN 4");
  EXPECT_EQ(formatted("{0}", "array.from(1.5, 2)"), "[1.5, 2]");
  EXPECT_EQ(text_of("str.format(\"{0}\", E.b)", "enum E\n    a\n    b = \"Second\""), "Second");
  EXPECT_EQ(formatted("{11}{10}", "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, \"k\", 12"), "12k");
}

TEST(MessageFormat, quotes_hide_braces) {
  EXPECT_EQ(formatted("'{0}' {0} ''{0}''", "1"), "{0} 1 '1'");
  EXPECT_EQ(formatted("a } b {0}", "1"), "a } b 1");
  EXPECT_EQ(formatted("'{' unended {0}", "1"), "{ unended 1");
}

TEST(MessageFormat, dates_and_times_are_of_utc) {
  EXPECT_EQ(formatted("{0,date,yyyy-MM-dd HH:mm}", "time"), "2024-03-10 10:30");
  EXPECT_EQ(formatted("{0,date}; {0,date,short}; {0,time}; {0,date,full}", "time"),
            "Mar 10, 2024; 3/10/24; 10:30:00 AM; Sunday, March 10, 2024");
  EXPECT_EQ(formatted("{0,time,HH:mm 'o''clock'}", "time"), "10:30 o'clock");
}

TEST(MessageFormat, choices_take_the_last_limit_that_is_reached) {
  const auto choice = [](const std::string& number) { return formatted("{0,choice,0#none|1#one|1<{0} bars}", number); };
  EXPECT_EQ(choice("-3"), "none");
  EXPECT_EQ(choice("0"), "none");
  EXPECT_EQ(choice("1"), "one");
  EXPECT_EQ(choice("1.5"), "1.5 bars");
  EXPECT_EQ(choice("1200"), "1,200 bars");
}

TEST(MessageFormat, mistakes_are_errors_at_their_place) {
  EXPECT_EQ(formatted("{0", "1"), "test.pine:5:11: str.format(): a `{` of the pattern is never closed (bar 0)");
  EXPECT_NE(formatted("{x}", "1").find("`{x}` names no argument"), std::string::npos);
  EXPECT_NE(formatted("{0,word}", "1").find("`word` is no type"), std::string::npos);
}

TEST(FormatTime, letters_are_those_of_java) {
  const auto at = [](const std::string& format, const std::string& zone = "\"UTC\"") {
    return text_of("str.format_time(timestamp(\"UTC\", 2021, 7, 4, 15, 5, 9) + 42, \"" + format + "\", " + zone + ")");
  };
  EXPECT_EQ(at("yyyy-MM-dd HH:mm:ss.SSS Z"), "2021-07-04 15:05:09.042 +0000");
  EXPECT_EQ(at("yy M MMM MMMM d D"), "21 7 Jul July 4 185");
  EXPECT_EQ(at("E EEEE a h hh K k H"), "Sun Sunday PM 3 03 3 15 15");
  EXPECT_EQ(at("w W m s F"), "28 2 5 9 1");
  EXPECT_EQ(at("'at' HH 'o''clock'"), "at 15 o'clock");
  EXPECT_EQ(at("HH:mm z Z XXX", "\"America/New_York\""), "11:05 EDT -0400 -04:00");
  EXPECT_EQ(at("HH:mm z", "\"GMT+5:30\""), "20:35 GMT+05:30");
}

TEST(FormatTime, defaults_to_the_exchange_and_iso) {
  EXPECT_EQ(text_of("str.format_time(time)"), "2024-03-10T06:30:00-0400");
  EXPECT_EQ(text_of("str.format_time(time[4])"), "2024-03-10T01:30:00-0500");
  EXPECT_EQ(text_of("str.tostring(str.format_time(na))"), "NaN");
  EXPECT_NE(text_of("str.format_time(time, \"HH\", \"Mars/Base\")").find("is not a time zone"), std::string::npos);
}

TEST(Match, finds_the_first_part_that_fits) {
  EXPECT_EQ(text_of("str.match(\"It's time to sell some NASDAQ:AAPL!\", \"[\\\\w]+:[\\\\w]+\")"), "NASDAQ:AAPL");
  EXPECT_EQ(text_of("str.match(\"abc\", \"x+\") + \"|\""), "|");
  EXPECT_EQ(text_of("str.match(\"ABC 12.5 d\", \"(?<=C )\\\\d+(?:\\\\.\\\\d+)?\")"), "12.5");
  EXPECT_EQ(text_of("str.match(\"Grüße, Welt\", \"\\\\p{L}+\")"), "Grüße");
  EXPECT_EQ(text_of("str.match(\"ab\", \"(?i)B\")"), "b");
}

TEST(Match, bad_and_endless_expressions_are_errors) {
  EXPECT_EQ(text_of("str.match(\"abc\", \"(a\")").substr(0, 20), "test.pine:5:11: str.");
  EXPECT_NE(text_of("str.match(\"abc\", \"[a-z&&[^b]]\")").find("intersection"), std::string::npos);
  const std::string many = text_of("str.match(str.repeat(\"a\", 5000) + \"b\", \"(a+a+)+c\")");
  EXPECT_NE(many.find("fails"), std::string::npos) << many;
  EXPECT_EQ(text_of("str.tostring(str.length(str.match(str.repeat(\"a\", 40000), \"(?:a|b)*\")))"), "40000");
}

TEST(Text, characters_are_counted_as_java_does) {
  EXPECT_EQ(value_of("str.length(\"aé€\")"), "3");
  EXPECT_EQ(value_of("str.length(\"🚀\")"), "2");
  EXPECT_EQ(value_of("str.pos(\"é€x\", \"x\")"), "2");
  EXPECT_EQ(text_of("str.substring(\"é€x\", 1, 2)"), "€");
  EXPECT_EQ(text_of("str.split(\"é€x\", \"\").join(\"-\")"), "é-€-x");
}

TEST(Text, substrings_lie_inside) {
  EXPECT_EQ(text_of("str.substring(\"hello\", 3)"), "lo");
  EXPECT_EQ(text_of("str.substring(\"hello\", na)"), "hello");
  EXPECT_EQ(text_of("str.substring(\"hello\", 3, na)"), "lo");
  EXPECT_EQ(text_of("str.substring(\"hello\", 5) + \"|\""), "|");
  EXPECT_NE(text_of("str.substring(\"hello\", 2, 9)").find("positions 2 to 9 lie outside"), std::string::npos);
  EXPECT_NE(text_of("str.substring(\"hello\", 3, 2)").find("lie outside"), std::string::npos);
}

TEST(Text, replace_counts_overlapping_occurrences_from_zero) {
  EXPECT_EQ(text_of("str.replace(\"aaa\", \"aa\", \"-\", 1)"), "a-");
  EXPECT_EQ(text_of("str.replace(\"aaa\", \"a\", \"-\", na)"), "-aa");
  EXPECT_EQ(text_of("str.replace(\"abc\", \"\", \"-\", 2)"), "ab-c");
  EXPECT_EQ(text_of("str.replace(\"abc\", \"\", \"-\", 9)"), "abc-");
  EXPECT_EQ(text_of("str.replace(\"abc\", \"x\", \"-\")"), "abc");
  EXPECT_EQ(text_of("str.replace(\"abcb\", \"b\", \"-\", 5)"), "abcb");
}

TEST(Text, numbers_are_read_whole_or_not_at_all) {
  for (const auto& [text, number] : std::vector<std::pair<std::string, std::string>>{{"1.5", "1.5"},
                                                                                     {" -2 ", "-2"},
                                                                                     {"+3", "3"},
                                                                                     {".5", "0.5"},
                                                                                     {"1e3", "1000"},
                                                                                     {"", "NaN"},
                                                                                     {"1,5", "NaN"},
                                                                                     {"12x", "NaN"},
                                                                                     {"--1", "NaN"},
                                                                                     {"+-1", "NaN"},
                                                                                     {"nan", "NaN"},
                                                                                     {"inf", "NaN"}}) {
    EXPECT_EQ(value_of("str.tonumber(\"" + text + "\")"), number) << text;
  }
}

TEST(Text, repeats_splits_and_tests) {
  EXPECT_EQ(text_of("str.tostring(str.repeat(\"x\", 0))"), "NaN");
  EXPECT_EQ(text_of("str.repeat(\"ab\", 3)"), "ababab");
  EXPECT_EQ(value_of("str.split(\"a,b,,c\", \",\").size()"), "4");
  EXPECT_EQ(value_of("str.split(\"\", \"\").size()"), "1");
  EXPECT_EQ(value_of("str.contains(\"abc\", \"bc\")"), "true");
  EXPECT_EQ(value_of("str.contains(string(na), \"bc\")"), "false");
  EXPECT_EQ(value_of("str.startswith(\"abc\", \"ab\") and str.endswith(\"abc\", \"bc\")"), "true");
}

TEST(Text, random_patterns_end_in_a_text_or_an_error) {
  std::mt19937_64 random(7);
  const auto any = [&](std::string_view alphabet, std::size_t most) {
    std::string made;
    for (std::size_t i = random() % (most + 1); i > 0; --i) made += alphabet[random() % alphabet.size()];
    return made;
  };
  RegularExpressions expressions;
  for (int round = 0; round < 20'000; ++round) {
    const double value = (static_cast<double>(random() % 2'000'001) - 1e6) / static_cast<double>(1 + random() % 5000);
    const std::string mask = any("#0.,%;'-$ E", 12);
    for (const Rounding rounding : {Rounding::kHalfUpShortest, Rounding::kHalfEvenExact}) {
      EXPECT_LT(format_decimal(value, mask, rounding).size(), 100u) << mask;
    }
    std::string fault;
    format_message(any("{}0123,numberdatechoice#<|'. ", 24), {{true, value, ""}, {false, 0, "text"}}, fault);
    pine::parse_date_text(any("0123456789-/:.+ TZJanFebUTC,", 20));
    parse_session(any("0123456789-,: 24x7", 20), round % 2 == 0);
    format_date(static_cast<std::int64_t>(random() % 4'000'000'000'000), any("yMdEaHhmsSzZXwWDF' -", 12),
                *market::ZoneClock::find("America/New_York"));
    fault.clear();
    expressions.match(any("abcü ", 10), any("abc()[]{}|*+?.^$\\\\pL-1,&", 12), fault);
  }
}

TEST(DateText, is_read_in_the_forms_of_the_manual) {
  const auto seconds = [](std::string_view text) { return nanoseconds(text) / base::kNanosecondsPerSecond; };
  for (const auto& [text, instant] :
       std::vector<std::pair<std::string, std::string>>{{"20 Jul 2021 00:00 +0300", "2021-07-19T21:00:00Z"},
                                                        {"20 July 2021", "2021-07-20T00:00:00Z"},
                                                        {"Jul 20 2021 10:30", "2021-07-20T10:30:00Z"},
                                                        {"July 20, 2021 10:30 PM", "2021-07-20T22:30:00Z"},
                                                        {"Jan 2025", "2025-01-01T00:00:00Z"},
                                                        {"Tue, 20 Jul 2021 10:00:30 GMT", "2021-07-20T10:00:30Z"},
                                                        {"20-Jul-2021", "2021-07-20T00:00:00Z"},
                                                        {"2020-02-20T10:00:00+02:00", "2020-02-20T08:00:00Z"},
                                                        {"2020-02-20T10:00:00.123Z", "2020-02-20T10:00:00Z"},
                                                        {"2021-01-01 00:00", "2021-01-01T00:00:00Z"},
                                                        {"2021-01-01T00:00-0530", "2021-01-01T05:30:00Z"},
                                                        {"2021-01-01 12:00 GMT+3", "2021-01-01T09:00:00Z"},
                                                        {"2021-01-01 12:00 UTC-05:30", "2021-01-01T17:30:00Z"},
                                                        {"2021/3/4 5:06", "2021-03-04T05:06:00Z"},
                                                        {"2021-01-13:5:00", "2021-01-13T05:00:00Z"},
                                                        {"2025", "2025-01-01T00:00:00Z"},
                                                        {"2025-06", "2025-06-01T00:00:00Z"},
                                                        {"01-31-2023", "2023-01-31T00:00:00Z"},
                                                        {"1.31.2023 08:00", "2023-01-31T08:00:00Z"},
                                                        {"01 31 2023", "2023-01-31T00:00:00Z"}}) {
    const auto read = pine::parse_date_text(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(*read, seconds(instant)) << text;
  }
  for (const char* text : {"", "soon", "2021-13-01", "31-01-2023", "20 Jul", "2021-01-01 10", "2021-01-01 10:00 XYZ",
                           "2021-01-01 10:00 extra", "20 Jul 21", "2021-01-01 10:61"}) {
    EXPECT_FALSE(pine::parse_date_text(text)) << text;
  }
}

}  // namespace
}  // namespace tradeassist::backtest
