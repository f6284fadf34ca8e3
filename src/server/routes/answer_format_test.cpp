#include "server/routes/answer_format.hpp"

#include <gtest/gtest.h>

namespace tradeassist::server {
namespace {

std::string_view chosen(std::span<const AnswerFormat> formats, const std::string& name, const std::string& accept) {
  Request request;
  if (!accept.empty()) request.headers["accept"] = accept;
  const AnswerFormat* const format = find_format(formats, name, request);
  return format == nullptr ? "none" : format->name;
}

TEST(AnswerFormat, the_name_decides_before_accept) {
  EXPECT_EQ(chosen(kBarFormats, "parquet", "text/csv"), "parquet");
  EXPECT_EQ(chosen(kBarFormats, "json", ""), "json");
  EXPECT_EQ(chosen(kBarFormats, "xlsx", "text/csv"), "xlsx");
  EXPECT_EQ(chosen(kBarFormats, "ods", "text/csv"), "none");
  EXPECT_EQ(chosen(kTextFormats, "arrow", ""), "none");
}

TEST(AnswerFormat, accept_chooses_where_no_name_does) {
  EXPECT_EQ(chosen(kBarFormats, "", ""), "columns");
  EXPECT_EQ(chosen(kBarFormats, "", "*/*"), "columns");
  EXPECT_EQ(chosen(kBarFormats, "", "text/html, Text/CSV"), "csv");
  EXPECT_EQ(chosen(kBarFormats, "", "application/vnd.apache.arrow.stream"), "arrow");
  EXPECT_EQ(chosen(kBarFormats, "", "application/vnd.apache.parquet;v=2"), "parquet");
  EXPECT_EQ(chosen(kBarFormats, "", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), "xlsx");
  EXPECT_EQ(chosen(kTextFormats, "", "application/vnd.apache.parquet"), "columns");
}

TEST(AnswerFormat, accept_goes_by_weight_and_then_by_order) {
  EXPECT_EQ(chosen(kBarFormats, "", "text/csv;q=0.5, application/vnd.apache.parquet;q=0.9"), "parquet");
  EXPECT_EQ(chosen(kBarFormats, "", "application/json, text/csv"), "columns");
  EXPECT_EQ(chosen(kBarFormats, "", "text/csv; q=0, */*"), "columns");
  EXPECT_EQ(chosen(kBarFormats, "", "text/csv;q=much,"), "columns");
}

TEST(AnswerFormat, a_files_name_breaks_out_of_nothing) {
  EXPECT_EQ(attachment("ES.c.0_1d", "arrow"), "attachment; filename=\"ES.c.0_1d.arrow\"");
  EXPECT_EQ(attachment("A\"B\r\n/ü", "parquet"), "attachment; filename=\"A_B_____.parquet\"");
}

}  // namespace
}  // namespace tradeassist::server
