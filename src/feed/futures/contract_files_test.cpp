#include "feed/futures/contract_files.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <cmath>
#include <fstream>

#include "store/testing/temporary_directory.hpp"

namespace tradeassist::feed {
namespace {

class ContractFiles : public ::testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) const {
    const std::string path = (folder_.path() / name).string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  base::Time at(const char* text) const { return *base::parse_time(text); }
  std::string error_of(const std::string& text) const {
    const auto read = read_contracts(file("bad.csv", text), {.root = "ES"});
    return read ? "" : read.error().message;
  }

  store::TemporaryDirectory folder_;
};

TEST_F(ContractFiles, contracts_come_in_the_order_of_delivery_with_their_bars_in_the_order_of_time) {
  const auto read = read_contracts(file("es.csv",
                                        "Contract,Time,Close,Volume,Open_Interest\r\n"
                                        "202003,2020-01-03,11,100,7\r\n"
                                        "202003,2020-01-02,10,,\r\n"
                                        "ESZ2019,2019-12-19T15:30:00Z,9.5,5,1\r\n"),
                                   {.root = "ES"});
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ(market::to_string((*read)[0].name), "ESZ2019");
  EXPECT_EQ(market::to_string((*read)[1].name), "ESH2020");
  const market::FuturesContract& march = (*read)[1];
  ASSERT_EQ(march.bars->size(), 2u);
  EXPECT_EQ(march.bars->bar(0).time, at("2020-01-02"));
  EXPECT_EQ(march.bars->close, (std::vector<double>{10, 11}));
  EXPECT_TRUE(std::isnan(march.bars->volume[0]) && std::isnan(march.bars->open_interest[0]));
  EXPECT_EQ(march.bars->volume[1], 100);
  EXPECT_EQ(march.bars->open_interest[1], 7);
  EXPECT_TRUE(std::isnan(march.bars->open[0]));
}

TEST_F(ContractFiles, one_short_name_is_another_contract_ten_years_later) {
  const auto read = read_contracts(file("es.csv",
                                        "contract,time,close\n"
                                        "ESZ5,2005-10-03,1200\n"
                                        "ESZ5,2015-10-05,1900\n"),
                                   {.root = "ES"});
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ(market::to_string((*read)[0].name), "ESZ2005");
  EXPECT_EQ(market::to_string((*read)[1].name), "ESZ2015");
}

TEST_F(ContractFiles, a_packed_file_is_unpacked_and_a_torn_one_refused) {
  std::string text = "contract,time,close\n";
  for (int day = 1; day <= 28; ++day) text += "202003,2020-01-" + std::to_string(100 + day).substr(1) + ",1\n";
  const std::string path = (folder_.path() / "es.csv.gz").string();
  gzFile packed = gzopen(path.c_str(), "wb");
  gzwrite(packed, text.data(), static_cast<unsigned>(text.size()));
  gzclose(packed);
  const auto read = read_contracts(path, {.root = "ES"});
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->front().bars->size(), 28u);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  const auto torn = read_contracts(path, {.root = "ES"});
  ASSERT_FALSE(torn);
  EXPECT_NE(torn.error().message.find("cut off"), std::string::npos) << torn.error().message;
}

TEST_F(ContractFiles, what_is_wrong_is_named_with_its_line) {
  EXPECT_NE(error_of("contract,close\n202003,1\n").find("no column `time`"), std::string::npos);
  EXPECT_NE(error_of("contract,time,close\n202003,2020-01-02,1\n202003,soon,1\n").find(":3: 'soon' is not a time"),
            std::string::npos);
  EXPECT_NE(error_of("contract,time,close\n202003,2020-01-02,x\n").find(":2: 'x' is not a number"), std::string::npos);
  EXPECT_NE(error_of("contract,time,close\n202013,2020-01-02,1\n").find(":2: "), std::string::npos);
  EXPECT_NE(error_of("contract,time,close\n202003\n").find(":2: has 1 fields"), std::string::npos);
  EXPECT_NE(error_of("contract,time,close\n").find("no prices"), std::string::npos);
  EXPECT_NE(error_of("").find("empty"), std::string::npos);
  EXPECT_FALSE(read_contracts(folder_.path() / "absent.csv", {.root = "ES"}));
}

TEST_F(ContractFiles, rolls_name_their_contracts_or_leave_them_open) {
  const auto named =
      read_rolls(file("rolls.csv", "time,from,to\n2020-03-12T22:00:00Z,202003,202006\n"), {.root = "ES"});
  ASSERT_TRUE(named) << named.error().message;
  ASSERT_EQ(named->size(), 1u);
  EXPECT_EQ((*named)[0].time, at("2020-03-12T22:00:00Z"));
  EXPECT_EQ(market::to_string((*named)[0].to.value()), "ESM2020");
  const auto open = read_rolls(file("rolls.csv", "date\n2020-03-12\n"), {.root = "ES"});
  ASSERT_TRUE(open) << open.error().message;
  EXPECT_FALSE((*open)[0].from || (*open)[0].to);
}

}  // namespace
}  // namespace tradeassist::feed
