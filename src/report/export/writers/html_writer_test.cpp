#include "report/export/writers/html_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/export/document/report_document.hpp"
#include "report/export/testing/results.hpp"

namespace tradeassist::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string html_of(const boost::json::object& result) { return to_html(*report_document(result, "1.2")); }

TEST(HtmlWriter, what_a_name_holds_is_never_markup) {
  auto result = testing::search_result();
  result["strategy"] = "<script>alert('x')</script>";
  result["symbol"] = "\"><img src=x onerror=alert(1)>";
  result["statement"] = "a\u0001b & c";
  result["trials"].as_object()["parameters"].as_object()["<b>"] = boost::json::array{1, 2, 3, 4};
  const std::string html = html_of(result);
  for (const char* markup : {"<script", "<img", "<b>", "\x01"}) EXPECT_THAT(html, Not(HasSubstr(markup)));
  EXPECT_THAT(html, HasSubstr("<h1>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;</h1>"));
  EXPECT_THAT(html, HasSubstr("ab &amp; c"));
}

TEST(HtmlWriter, the_file_stands_alone) {
  const std::string html = html_of(testing::backtest_result(20));
  for (const char* outside : {"http://", "https://", " src=", "url(", "@import", "<link"}) {
    EXPECT_THAT(html, Not(HasSubstr(outside)));
  }
  EXPECT_THAT(html, HasSubstr("content=\"default-src 'none'; style-src 'unsafe-inline'\""));
  EXPECT_THAT(html, HasSubstr("prefers-color-scheme: dark"));
  EXPECT_THAT(html, HasSubstr("@media print"));
}

TEST(HtmlWriter, tables_have_captions_and_headings_that_say_what_they_head) {
  const std::string html = html_of(testing::search_result());
  EXPECT_THAT(html, HasSubstr("<th scope=\"col\" class=\"number\">In sample</th>"));
  EXPECT_THAT(html, HasSubstr("<th scope=\"row\">Net profit</th><td class=\"number good\">12.50\u202F%</td>"));
  const auto count = [&](std::string_view text) {
    std::size_t found = 0;
    for (std::size_t at = html.find(text); at != std::string::npos; at = html.find(text, at + 1)) ++found;
    return found;
  };
  EXPECT_EQ(count("<table"), count("<caption>"));
  EXPECT_EQ(count("<svg"), count("role=\"img\" aria-label=\""));
  EXPECT_EQ(count("<tr>"), count("</tr>"));
}

}  // namespace
}  // namespace tradeassist::report
