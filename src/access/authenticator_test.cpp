#include "access/authenticator.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "store/testing/test_database.hpp"

namespace tradeassist::access {
namespace {

class AuthenticatorTest : public testing::Test {
 protected:
  AuthenticatorTest() : keys_(KeyStore::open(database_.address()).value()) {}

  std::string make(Scopes scopes = {Scope::kRead}, std::optional<base::Time> expires_at = {}) {
    const IssuedKey made = keys_->create({"ann", "x", scopes, expires_at}).value();
    id_ = made.key.id;
    return made.token;
  }
  static Refusal refusal(std::variant<Caller, Refusal> result) {
    EXPECT_TRUE(std::holds_alternative<Refusal>(result));
    return std::holds_alternative<Refusal>(result) ? std::get<Refusal>(result) : Refusal::kBusy;
  }

  store::TestDatabase database_{store::Dialect::kSqlite};
  std::unique_ptr<KeyStore> keys_;
  std::string id_;
  base::Time now_ = base::now();
};

TEST_F(AuthenticatorTest, tells_whose_token_it_is_the_first_time_and_again) {
  const std::string token = make({Scope::kRead, Scope::kWrite});
  Authenticator authenticator(*keys_);
  for (int i = 0; i < 3; ++i) {
    const auto result = authenticator.verify(token);
    const Caller* const caller = std::get_if<Caller>(&result);
    ASSERT_NE(caller, nullptr);
    EXPECT_EQ(caller->key_id, id_);
    EXPECT_EQ(caller->owner, "ann");
    EXPECT_EQ(caller->scopes.to_text(), "read write");
  }
}

TEST_F(AuthenticatorTest, refuses_what_is_no_key_or_another_secret) {
  std::string token = make();
  Authenticator authenticator(*keys_);
  token.back() = token.back() == '0' ? '1' : '0';
  for (int i = 0; i < 2; ++i) EXPECT_EQ(refusal(authenticator.verify(token)), Refusal::kWrong);
  EXPECT_EQ(refusal(authenticator.verify("ta_000000000000_" + std::string(48, '0'))), Refusal::kWrong);
  EXPECT_EQ(refusal(authenticator.verify("secret")), Refusal::kMalformed);
}

TEST_F(AuthenticatorTest, a_key_ends_with_its_time_and_with_its_revocation_by_another_process) {
  const std::string token = make({Scope::kRead}, now_ + std::chrono::minutes(10));
  Authenticator authenticator(*keys_, {.look_every = std::chrono::milliseconds(0)}, [this] { return now_; });
  EXPECT_TRUE(std::holds_alternative<Caller>(authenticator.verify(token)));
  now_ += std::chrono::minutes(10);
  EXPECT_EQ(refusal(authenticator.verify(token)), Refusal::kExpired);
  const std::string other = make();
  EXPECT_TRUE(std::holds_alternative<Caller>(authenticator.verify(other)));
  ASSERT_TRUE(KeyStore::open(database_.address()).value()->revoke(id_));
  EXPECT_EQ(refusal(authenticator.verify(other)), Refusal::kWrong);
}

TEST_F(AuthenticatorTest, a_caller_holds_as_long_as_the_key) {
  make({Scope::kRead}, now_ + std::chrono::minutes(10));
  Authenticator authenticator(*keys_, {}, [this] { return now_; });
  const Caller expires{.key_id = id_, .owner = "ann", .scopes = {Scope::kRead}};
  EXPECT_TRUE(authenticator.still_holds(expires));
  now_ += std::chrono::minutes(10);
  EXPECT_FALSE(authenticator.still_holds(expires));
  make();
  const Caller revoked{.key_id = id_, .owner = "ann", .scopes = {Scope::kRead}};
  EXPECT_TRUE(authenticator.still_holds(revoked));
  ASSERT_TRUE(keys_->revoke(id_));
  EXPECT_FALSE(authenticator.still_holds(revoked));
}

TEST_F(AuthenticatorTest, an_old_secret_holds_until_the_grace_is_over) {
  const std::string old = make();
  Authenticator authenticator(*keys_, {.look_every = std::chrono::milliseconds(0)}, [this] { return now_; });
  const std::string fresh = keys_->rotate(id_, std::chrono::hours(1)).value().token;
  EXPECT_TRUE(std::holds_alternative<Caller>(authenticator.verify(old)));
  EXPECT_TRUE(std::holds_alternative<Caller>(authenticator.verify(fresh)));
  now_ += std::chrono::hours(2);
  // Forgotten at once, though nothing has changed in the store; there it is over by the store's own clock.
  ASSERT_TRUE(keys_->rotate(id_, std::chrono::seconds(0)));
  EXPECT_EQ(refusal(authenticator.verify(old)), Refusal::kWrong);
  EXPECT_EQ(refusal(authenticator.verify(fresh)), Refusal::kWrong);
}

TEST_F(AuthenticatorTest, known_tokens_hold_for_a_while_when_the_database_is_gone) {
  const std::string token = make(), unseen = make();
  Authenticator trusting(*keys_, {.look_every = std::chrono::milliseconds(0)});
  Authenticator strict(*keys_,
                       {.look_every = std::chrono::milliseconds(0), .trusted_max = std::chrono::milliseconds(0)});
  for (Authenticator* each : {&trusting, &strict}) EXPECT_TRUE(std::holds_alternative<Caller>(each->verify(token)));
  const auto connection = store::open_connection(database_.address()).value();
  ASSERT_TRUE(connection->run_script("ALTER TABLE app_state RENAME TO away; ALTER TABLE api_key RENAME TO away_too"));
  EXPECT_TRUE(std::holds_alternative<Caller>(trusting.verify(token)));
  EXPECT_EQ(refusal(strict.verify(token)), Refusal::kUnavailable);
  EXPECT_EQ(refusal(trusting.verify(unseen)), Refusal::kUnavailable);
}

TEST_F(AuthenticatorTest, many_at_once_are_answered_and_uses_are_stored) {
  const std::string token = make();
  Authenticator authenticator(*keys_, {.hashing_max = 1});
  std::atomic<int> known = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 20; ++k) known += std::holds_alternative<Caller>(authenticator.verify(token));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(known, 160);
  EXPECT_FALSE(keys_->get(id_).value().last_used_at);
  ASSERT_TRUE(authenticator.store_uses());
  EXPECT_TRUE(keys_->get(id_).value().last_used_at);
}

}  // namespace
}  // namespace tradeassist::access
