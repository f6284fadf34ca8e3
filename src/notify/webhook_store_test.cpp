#include "notify/webhook_store.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "store/testing/test_database.hpp"

namespace tradeassist::notify {
namespace {

using base::ErrorCode;
using store::Dialect;
using store::dialect_name;
using store::test_server_url;

class WebhookStoreTest : public testing::TestWithParam<Dialect> {
 protected:
  std::unique_ptr<WebhookStore> open(std::uint8_t key_byte = 1) {
    WebhookStoreOptions options;
    options.key.fill(key_byte);
    auto opened = WebhookStore::open(database_.address(), options);
    EXPECT_TRUE(opened) << opened.error().message;
    return *std::move(opened);
  }
  static NewWebhook wanted(std::string owner = "ann") {
    return {std::move(owner), "https://hooks.example.com/in", "desk", {"job.*"}};
  }

  store::TestDatabase database_{GetParam()};
};

INSTANTIATE_ON_BOTH_DATABASES(WebhookStoreTest);

TEST_P(WebhookStoreTest, a_webhook_is_made_changed_and_removed_by_its_owner_alone) {
  const auto store = open();
  const auto made = store->create(wanted());
  ASSERT_TRUE(made) << made.error().message;
  const std::string id = made->webhook.id;
  EXPECT_TRUE(made->secret.starts_with("whsec_"));
  EXPECT_TRUE(made->webhook.is_enabled);
  EXPECT_EQ(store->get(id, "ann")->url, "https://hooks.example.com/in");
  EXPECT_EQ(store->list("ann")->size(), 1u);
  EXPECT_TRUE(store->list("bob")->empty());
  EXPECT_EQ(store->get(id, "bob").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store->update(id, "bob", {.is_enabled = false}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store->remove(id, "bob").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store->rotate(id, "bob", std::chrono::seconds(0)).error().code, ErrorCode::kNotFound);

  const auto changed =
      store->update(id, "ann", {.url = "https://example.org/", .events = std::vector<std::string>{"*"}});
  ASSERT_TRUE(changed) << changed.error().message;
  EXPECT_EQ(changed->url, "https://example.org/");
  EXPECT_EQ(changed->description, "desk");
  EXPECT_EQ(changed->events, std::vector<std::string>{"*"});
  EXPECT_FALSE(store->update(id, "ann", {.is_enabled = false})->is_enabled);
  EXPECT_TRUE(store->update(id, "ann", {.is_enabled = true})->is_enabled);
  EXPECT_TRUE(store->remove(id, "ann"));
  EXPECT_TRUE(store->list("")->empty());
}

TEST_P(WebhookStoreTest, what_does_not_fit_is_refused) {
  const auto store = open();
  NewWebhook bad = wanted();
  bad.url = "http://127.0.0.1:8080/";
  EXPECT_EQ(store->create(bad).error().code, ErrorCode::kInvalidArgument);
  bad = wanted();
  bad.events = {"nothing.*"};
  EXPECT_EQ(store->create(bad).error().code, ErrorCode::kInvalidArgument);
  bad = wanted();
  bad.description = "two\nlines";
  EXPECT_EQ(store->create(bad).error().code, ErrorCode::kInvalidArgument);
  bad.description = "\xff";
  EXPECT_EQ(store->create(bad).error().code, ErrorCode::kInvalidArgument);
  const std::string id = store->create(wanted())->webhook.id;
  EXPECT_EQ(store->update(id, "ann", {.url = "ftp://example.com/"}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(store->rotate(id, "ann", std::chrono::days(31)).error().code, ErrorCode::kInvalidArgument);
  for (std::int64_t i = 1; i < WebhookStore::kWebhooksOfOwnerMax; ++i) ASSERT_TRUE(store->create(wanted()));
  EXPECT_EQ(store->create(wanted()).error().code, ErrorCode::kResourceExhausted);
  EXPECT_TRUE(store->create(wanted("bob")));
}

TEST_P(WebhookStoreTest, secrets_before_a_rotation_sign_for_the_grace_period) {
  const auto store = open();
  const auto made = store->create(wanted());
  const std::string id = made->webhook.id;
  EXPECT_EQ(store->secrets(id).value(), std::vector<std::string>{made->secret});
  const auto second = store->rotate(id, "ann", std::chrono::hours(1));
  EXPECT_EQ(store->secrets(id).value(), (std::vector<std::string>{second->secret, made->secret}));
  const auto third = store->rotate(id, "ann", std::chrono::seconds(0));
  EXPECT_EQ(store->secrets(id).value(), std::vector<std::string>{third->secret});
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(store->rotate(id, "ann", std::chrono::hours(1)));
  EXPECT_EQ(store->secrets(id)->size(), 5u);
}

TEST_P(WebhookStoreTest, secrets_are_kept_encrypted) {
  const auto store = open();
  const auto made = store->create(wanted());
  const std::string secret = made->secret.substr(6);
  const auto connection = store::open_connection(database_.address()).value();
  const auto kept = connection->query_all("SELECT sealed FROM webhook_secret", {},
                                          [](const store::Row& row) { return std::string(row.text(0)); });
  ASSERT_EQ(kept->size(), 1u);
  EXPECT_EQ(kept->front().find(secret), std::string::npos);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(database_.directory())) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(bytes.find(secret), std::string::npos) << entry.path();
  }
  const auto other = open(2)->secrets(made->webhook.id);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::kDataLoss);
  EXPECT_EQ(other.error().message.find(secret), std::string::npos);
}

}  // namespace
}  // namespace tradeassist::notify
