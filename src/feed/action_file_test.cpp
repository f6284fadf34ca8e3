#include "feed/action_file.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "store/testing/temporary_directory.hpp"

namespace tradeassist::feed {
namespace {

using market::CorporateAction;
using testing::ElementsAre;
using testing::HasSubstr;
using Kind = CorporateAction::Kind;

class ActionFiles : public ::testing::Test {
 protected:
  base::Result<ActionFile> read(const std::string& text, const std::string& symbol = "") const {
    const std::string path = (folder_.path() / "actions.csv").string();
    std::ofstream(path, std::ios::binary) << text;
    return read_actions(path, symbol);
  }

  store::TemporaryDirectory folder_;
};

TEST_F(ActionFiles, columns_come_in_any_order_and_a_line_may_name_its_symbol) {
  const auto file =
      read("Kind,Value,EX_DATE,symbol\r\nsplit,4,2020-08-31,\r\n\r\ndividend,0.82,2020-08-07,MSFT\n", "AAPL");
  ASSERT_TRUE(file) << file.error().message;
  ASSERT_EQ(file->actions.size(), 2u);
  EXPECT_EQ(file->actions[0].symbol, "AAPL");
  EXPECT_EQ(file->actions[0].action, (CorporateAction{18'505, Kind::kSplit, 4}));
  EXPECT_EQ(file->actions[1].symbol, "MSFT");
  EXPECT_EQ(file->actions[1].action, (CorporateAction{18'481, Kind::kCashDividend, 0.82}));
  EXPECT_EQ(file->bad_count, 0u);
}

TEST_F(ActionFiles, every_bad_line_is_named_with_its_number) {
  const auto file = read(
      "symbol,ex_date,kind,value\n"
      "A,2020-08-31,split,4\n"
      "A,31.8.2020,split,4\n"
      "A,2020-09-01,merger,4\n"
      "A,2020-09-01,split,x\n"
      "A,2020-09-01,split,0\n"
      ",2020-09-01,split,2\n"
      "A,2020-09-01\n"
      "A,2020-08-31,split,5\n"
      "A,2020-09-01,split,\n");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->actions.size(), 1u);
  EXPECT_EQ(file->bad_count, 8u);
  EXPECT_THAT(
      file->bad_lines,
      ElementsAre(HasSubstr("actions.csv:3: ex_date: '31.8.2020' is no date"),
                  HasSubstr("actions.csv:4: kind: 'merger' is no kind; write split or dividend"),
                  HasSubstr("actions.csv:5: 'x' is not a number"),
                  HasSubstr("actions.csv:6: the split of 0 on 2020-09-01 needs new shares"),
                  HasSubstr("actions.csv:7: has no symbol"), HasSubstr("actions.csv:8: has 2 fields; the header has 4"),
                  HasSubstr("actions.csv:9: the split of 5 on 2020-08-31 is of one kind and date with line 2"),
                  HasSubstr("actions.csv:10: the split of nan on 2020-09-01 needs new shares")));
}

TEST_F(ActionFiles, a_column_that_is_missing_is_named) {
  EXPECT_THAT(read("ex_date,value\n", "A").error().message, HasSubstr("has no column `kind`"));
  EXPECT_THAT(read("ex_date,kind,value\n2020-08-31,split,4\n").error().message, HasSubstr("has no column `symbol`"));
  EXPECT_EQ(read_actions(folder_.path() / "none.csv", "A").error().code, base::ErrorCode::kNotFound);
}

}  // namespace
}  // namespace tradeassist::feed
