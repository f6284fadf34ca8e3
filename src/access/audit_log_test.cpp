#include "access/audit_log.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "store/testing/test_database.hpp"

namespace tradeassist::access {
namespace {

using store::Dialect;
using store::dialect_name;
using store::test_server_url;

class AuditLogTest : public testing::TestWithParam<Dialect> {
 protected:
  std::unique_ptr<AuditLog> open() {
    auto log = AuditLog::open(database_.address());
    EXPECT_TRUE(log) << log.error().message;
    return std::move(*log);
  }
  /// Changes the table as somebody could who has the database.
  void tamper(const std::string& sql) {
    const auto connection = store::open_connection(database_.address()).value();
    const bool on_server = GetParam() == Dialect::kPostgres;
    ASSERT_FALSE(connection->run_script(sql)) << "the database lets it happen";
    ASSERT_TRUE(connection->run_script(on_server ? "ALTER TABLE audit_entry DISABLE TRIGGER ALL"
                                                 : "DROP TRIGGER audit_entry_stays; DROP TRIGGER audit_entry_is_kept"));
    const auto done = connection->run_script(sql);
    ASSERT_TRUE(done) << done.error().message;
  }
  store::TestDatabase database_{GetParam()};
};
INSTANTIATE_ON_BOTH_DATABASES(AuditLogTest);

AuditEntry entry(const std::string& target) { return {"key k (ann)", "PUT /x", target, "200", "r1"}; }

TEST_P(AuditLogTest, keeps_what_was_done_in_order) {
  const auto log = open();
  for (int i = 1; i <= 5; ++i) ASSERT_TRUE(log->append(entry("t" + std::to_string(i))));
  const auto newest = log->list(INT64_MAX, 2).value();
  ASSERT_EQ(newest.size(), 2u);
  EXPECT_EQ(newest[0].number, 5);
  EXPECT_EQ(newest[0].target, "t5");
  EXPECT_EQ(newest[0].actor, "key k (ann)");
  EXPECT_EQ(newest[0].request_id, "r1");
  const auto rest = log->list(newest[1].number).value();
  EXPECT_EQ(rest.size(), 3u);
  const AuditVerdict verdict = log->verify().value();
  EXPECT_EQ(verdict.entries, 5);
  EXPECT_EQ(verdict.last_hash, newest[0].hash);
  EXPECT_FALSE(verdict.broken_at);
}

TEST_P(AuditLogTest, texts_are_cut_and_have_no_line_breaks) {
  const auto log = open();
  ASSERT_TRUE(log->append({"a\nb", std::string(499, 'x') + "é", "", "", ""}));
  const KeptAuditEntry kept = log->list().value().front();
  EXPECT_EQ(kept.actor, "a b");
  EXPECT_EQ(kept.action, std::string(499, 'x'));
  EXPECT_FALSE(log->verify()->broken_at);
}

TEST_P(AuditLogTest, tells_what_was_changed) {
  const auto log = open();
  for (int i = 1; i <= 5; ++i) ASSERT_TRUE(log->append(entry("t" + std::to_string(i))));
  tamper("UPDATE audit_entry SET outcome = '403' WHERE number = 3");
  EXPECT_EQ(log->verify()->broken_at, 3);
}

TEST_P(AuditLogTest, tells_what_was_taken_out) {
  const auto log = open();
  for (int i = 1; i <= 5; ++i) ASSERT_TRUE(log->append(entry("t" + std::to_string(i))));
  tamper("DELETE FROM audit_entry WHERE number = 2");
  EXPECT_EQ(log->verify()->broken_at, 2);
}

TEST_P(AuditLogTest, many_processes_write_one_chain) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const auto log = open();
      for (int k = 0; k < 25; ++k) EXPECT_TRUE(log->append(entry("t")));
    });
  }
  for (std::thread& thread : threads) thread.join();
  const AuditVerdict verdict = open()->verify().value();
  EXPECT_EQ(verdict.entries, 100);
  EXPECT_FALSE(verdict.broken_at);
}

TEST_P(AuditLogTest, an_address_is_part_of_an_entry_and_of_its_hash) {
  const auto log = open();
  ASSERT_TRUE(log->append(entry("t1")));
  AuditEntry from_afar = entry("t2");
  from_afar.address = "192.0.2.7";
  ASSERT_TRUE(log->append(from_afar));
  EXPECT_EQ(log->list().value()[0].address, "192.0.2.7");
  EXPECT_EQ(log->list().value()[1].address, "");
  EXPECT_FALSE(log->verify()->broken_at);
  tamper("UPDATE audit_entry SET address = '192.0.2.8' WHERE number = 2");
  EXPECT_EQ(log->verify()->broken_at, 2);
}

TEST_P(AuditLogTest, entries_that_could_not_be_written_wait_and_nothing_else_may_be_done_meanwhile) {
  const auto log = open();
  ASSERT_TRUE(log->append(entry("t1")));
  ASSERT_TRUE(log->prepare());
  const auto connection = store::open_connection(database_.address()).value();
  ASSERT_TRUE(connection->run_script("ALTER TABLE audit_entry RENAME TO elsewhere"));
  EXPECT_FALSE(log->append(entry("t2")));
  EXPECT_EQ(log->waiting(), 1u);
  EXPECT_FALSE(log->prepare());
  ASSERT_TRUE(connection->run_script("ALTER TABLE elsewhere RENAME TO audit_entry"));
  ASSERT_TRUE(log->prepare());
  EXPECT_EQ(log->waiting(), 0u);
  ASSERT_TRUE(log->append(entry("t3")));
  EXPECT_EQ(log->list().value()[1].target, "t2");
  EXPECT_EQ(log->verify()->entries, 3);
  EXPECT_FALSE(log->verify()->broken_at);
}

}  // namespace
}  // namespace tradeassist::access
