#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "store/integrity/doctor.hpp"
#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::store {

/// A database to be damaged behind the store's back, examined and repaired.
class DoctorOnBoth : public MarketStoreOnBoth {
 protected:
  Examination examination(const ExaminationOptions& options = {}) {
    const auto connection = open_connection(database_.address(), {.read_only = true}).value();
    const auto examined = examine(*connection, options);
    EXPECT_TRUE(examined) << examined.error().message;
    return examined.value_or(Examination{});
  }

  std::vector<std::string> findings(const ExaminationOptions& options = {}) {
    std::vector<std::string> lines;
    const Examination examined = examination(options);
    for (const Finding& finding : examined.findings) lines.push_back(to_string(finding));
    return lines;
  }

  std::vector<std::string> repaired(const RepairOptions& options = {}) {
    const auto connection = raw();
    const auto done = repair(*connection, examination(), options);
    EXPECT_TRUE(done) << done.error().message;
    return done.value_or(std::vector<std::string>{});
  }

  /// Behind the store's back.
  void sql(const std::string& script) {
    const auto done = raw()->run_script(script);
    ASSERT_TRUE(done) << done.error().message;
  }
};

}  // namespace tradeassist::store
