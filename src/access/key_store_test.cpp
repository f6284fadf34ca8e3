#include "access/key_store.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "access/key_move.hpp"
#include "store/testing/test_database.hpp"

namespace tradeassist::access {
namespace {

using base::ErrorCode;
using store::Dialect;
using store::dialect_name;
using store::test_server_url;

class KeyStoreTest : public testing::TestWithParam<Dialect> {
 protected:
  std::unique_ptr<KeyStore> open() {
    auto keys = KeyStore::open(database_.address());
    EXPECT_TRUE(keys) << keys.error().message;
    return std::move(*keys);
  }
  store::TestDatabase database_{GetParam()};
};
INSTANTIATE_ON_BOTH_DATABASES(KeyStoreTest);

TEST_P(KeyStoreTest, a_key_is_kept_with_everything_but_its_secret) {
  const auto keys = open();
  const base::Time expires = base::now() + std::chrono::hours(1);
  const IssuedKey made = keys->create({"ann", "desk", {Scope::kRead, Scope::kWrite}, expires}).value();
  const Token token = parse_token(made.token).value();
  EXPECT_EQ(token.id, made.key.id);
  const ApiKey key = open()->get(token.id).value();  // durable
  EXPECT_EQ(key.owner, "ann");
  EXPECT_EQ(key.name, "desk");
  EXPECT_EQ(key.scopes.to_text(), "read write");
  EXPECT_EQ(key.expires_at, expires);
  EXPECT_FALSE(key.last_used_at || key.revoked_at);
  EXPECT_TRUE(key.is_valid(base::now()));
  EXPECT_FALSE(key.is_valid(expires));
  const KeyWithSecrets stored = keys->load(token.id).value().value();
  ASSERT_EQ(stored.secrets.size(), 1u);
  EXPECT_EQ(stored.secrets[0].hash.find(token.secret), std::string::npos);
  EXPECT_FALSE(keys->load("none").value());
  EXPECT_EQ(keys->get("none").error().code, ErrorCode::kNotFound);
}

TEST_P(KeyStoreTest, keys_are_listed_by_owner_the_newest_first) {
  const auto keys = open();
  const std::string first = keys->create({"ann", "one", {Scope::kRead}, {}}).value().key.id;
  const std::string second = keys->create({"bob", "two", {Scope::kRead}, {}}).value().key.id;
  const std::string third = keys->create({"ann", "three", {Scope::kAdmin}, {}}).value().key.id;
  const auto ids = [](const std::vector<ApiKey>& list) {
    std::vector<std::string> out;
    std::ranges::transform(list, std::back_inserter(out), &ApiKey::id);
    return out;
  };
  EXPECT_EQ(ids(keys->list().value()), (std::vector{third, second, first}));
  EXPECT_EQ(ids(keys->list("ann").value()), (std::vector{third, first}));
  EXPECT_TRUE(keys->list("eve").value().empty());
}

TEST_P(KeyStoreTest, what_cannot_be_a_key_is_refused) {
  const auto keys = open();
  const std::vector<NewKey> wrong = {{"a b", "x", {Scope::kRead}, {}},
                                     {"ann", "", {Scope::kRead}, {}},
                                     {"ann", "a\nb", {Scope::kRead}, {}},
                                     {"ann", std::string(101, 'x'), {Scope::kRead}, {}},
                                     {"ann", "x", {}, {}},
                                     {"ann", "x", {Scope::kRead}, base::now()}};
  for (const NewKey& each : wrong) {
    EXPECT_EQ(keys->create(each).error().code, ErrorCode::kInvalidArgument) << each.owner << each.name;
  }
}

TEST_P(KeyStoreTest, every_change_counts_and_a_revoked_key_has_no_secret_left) {
  const auto keys = open();
  const std::int64_t begin = keys->version().value();
  const std::string id = keys->create({"ann", "x", {Scope::kRead}, {}}).value().key.id;
  EXPECT_EQ(keys->version().value(), begin + 1);
  const ApiKey revoked = keys->revoke(id).value();
  EXPECT_TRUE(revoked.revoked_at);
  EXPECT_EQ(open()->version().value(), begin + 2);
  EXPECT_TRUE(keys->load(id).value()->secrets.empty());
  EXPECT_EQ(keys->revoke(id).value().revoked_at, revoked.revoked_at);
  EXPECT_EQ(keys->rotate(id, {}).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(keys->revoke("none").error().code, ErrorCode::kNotFound);
}

TEST_P(KeyStoreTest, a_rotated_key_has_both_secrets_for_the_time_of_grace) {
  const auto keys = open();
  const std::string id = keys->create({"ann", "x", {Scope::kRead}, {}}).value().key.id;
  const IssuedKey fresh = keys->rotate(id, std::chrono::hours(1)).value();
  EXPECT_EQ(fresh.key.id, id);
  EXPECT_TRUE(fresh.token.starts_with("ta_" + id + "_"));
  auto secrets = keys->load(id).value()->secrets;
  ASSERT_EQ(secrets.size(), 2u);
  EXPECT_FALSE(secrets[0].valid_until);
  EXPECT_TRUE(secrets[1].valid_until);
  // Without grace only the newest is left; a longer grace does not bring an old one back.
  ASSERT_TRUE(keys->rotate(id, std::chrono::seconds(0)));
  secrets = keys->load(id).value()->secrets;
  ASSERT_EQ(secrets.size(), 1u);
  EXPECT_FALSE(secrets[0].valid_until);
}

TEST_P(KeyStoreTest, keys_move_to_another_database_and_hold_there) {
  store::TestDatabase elsewhere(Dialect::kSqlite);
  const auto before = KeyStore::open(elsewhere.address()).value();
  const std::string kept = before->create({"ann", "x", {Scope::kRead}, base::now() + std::chrono::hours(1)})->key.id;
  ASSERT_TRUE(before->rotate(kept, std::chrono::hours(1)));
  const std::string revoked = before->create({"ann", "y", {Scope::kRead}, {}})->key.id;
  ASSERT_TRUE(before->revoke(revoked));
  const auto keys = open();
  const std::int64_t version = keys->version().value();
  const auto from = store::open_connection(elsewhere.address()).value();
  const auto to = store::open_connection(database_.address()).value();
  EXPECT_EQ(copy_keys(*from, *to).value(), 2);
  EXPECT_EQ(copy_keys(*from, *to).value(), 0);
  EXPECT_EQ(keys->version().value(), version + 1);
  const KeyWithSecrets old = before->load(kept).value().value(), now = keys->load(kept).value().value();
  EXPECT_EQ(now.key.scopes, old.key.scopes);
  EXPECT_EQ(now.key.expires_at, old.key.expires_at);
  ASSERT_EQ(now.secrets.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(now.secrets[i].hash, old.secrets[i].hash);
    EXPECT_EQ(now.secrets[i].valid_until, old.secrets[i].valid_until);
  }
  EXPECT_TRUE(keys->get(revoked)->revoked_at);
}

TEST_P(KeyStoreTest, the_last_use_is_noted_and_never_goes_back) {
  const auto keys = open();
  const std::string id = keys->create({"ann", "x", {Scope::kRead}, {}}).value().key.id;
  const base::Time at = base::now();
  ASSERT_TRUE(keys->note_use({{id, at}, {"gone", at}}));
  ASSERT_TRUE(keys->note_use({{id, at - std::chrono::hours(1)}}));
  EXPECT_EQ(keys->get(id).value().last_used_at, at);
}

}  // namespace
}  // namespace tradeassist::access
