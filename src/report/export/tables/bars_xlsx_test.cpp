#include "report/export/tables/bars_xlsx.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/export/tables/sheet.hpp"

namespace tradeassist::report {
namespace {

using testing::HasSubstr;

market::Series days(std::size_t count) {
  market::Series bars;
  bars.resize(count);
  for (std::size_t i = 0; i < count; ++i) bars.time[i] = static_cast<std::int64_t>(i) * base::kNanosecondsPerDay;
  return bars;
}

TEST(BarsXlsx, is_a_workbook) {
  const market::Series bars = days(3);
  const auto bytes = bars_xlsx({.series = bars, .metadata = {.symbol = "A/B [C]:?", .timeframe = "1d"}});
  ASSERT_TRUE(bytes) << bytes.error().message;
  EXPECT_TRUE(bytes->starts_with("PK"));
}

TEST(BarsXlsx, more_bars_than_a_sheet_has_rows_are_refused) {
  const market::Series bars = days(kSheetRowsMax + 1);
  const auto bytes = bars_xlsx({.series = bars});
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().code, base::ErrorCode::kResourceExhausted);
  EXPECT_THAT(bytes.error().message, HasSubstr("1048575"));
}

}  // namespace
}  // namespace tradeassist::report
