#include "diagnostics/error_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/testing/test_database.hpp"

namespace tradeassist::diagnostics {
namespace {

using store::Dialect;
using store::dialect_name;
using store::test_server_url;
using testing::SizeIs;

class ErrorStoreTest : public testing::TestWithParam<Dialect> {
 protected:
  std::unique_ptr<ErrorStore> open() {
    auto opened = ErrorStore::open(database_.address());
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }
  static CountedErrors counted(const std::string& message, std::int64_t count, std::int64_t first, std::int64_t last) {
    const std::vector<base::LogField> fields{{"reason", "at " + std::to_string(last)}};
    CountedErrors made;
    made.last = make_error_event(message, fields, {}, base::time_from_nanoseconds(last));
    made.group_id = made.last.group_id();
    made.count = count;
    made.first_at = base::time_from_nanoseconds(first);
    return made;
  }
  static void expect_added(ErrorStore& store, const std::vector<CountedErrors>& errors) {
    const auto added = store.add(errors, "1.0");
    ASSERT_TRUE(added) << added.error().message;
  }
  store::TestDatabase database_{GetParam()};
};
INSTANTIATE_ON_BOTH_DATABASES(ErrorStoreTest);

TEST_P(ErrorStoreTest, counts_on_across_restarts_with_first_and_last_seen) {
  expect_added(*open(), {counted("a", 2, 5, 7)});
  const auto store = open();
  expect_added(*store, {counted("a", 3, 8, 9), counted("b", 1, 6, 6)});
  const auto page = store->list().value();
  ASSERT_THAT(page.groups, SizeIs(2));
  const ErrorGroup& a = page.groups[0];
  EXPECT_EQ(a.message, "a");
  EXPECT_EQ(a.count, 5);
  EXPECT_EQ(a.first_seen, base::time_from_nanoseconds(5));
  EXPECT_EQ(a.last_seen, base::time_from_nanoseconds(9));
  EXPECT_EQ(a.sample, R"({"reason":"at 9"})");
  EXPECT_EQ(a.version, "1.0");
  EXPECT_EQ(page.next_cursor, "");
}

TEST_P(ErrorStoreTest, a_resolved_group_that_comes_again_is_open_and_an_ignored_one_is_not) {
  const auto store = open();
  expect_added(*store, {counted("a", 1, 1, 1), counted("b", 1, 2, 2)});
  const std::string a = counted("a", 1, 1, 1).group_id, b = counted("b", 1, 1, 1).group_id;
  EXPECT_EQ(store->set_state(a, ErrorState::kResolved)->state, ErrorState::kResolved);
  EXPECT_EQ(store->set_state(b, ErrorState::kIgnored)->state, ErrorState::kIgnored);
  EXPECT_THAT(store->list(ErrorState::kOpen)->groups, SizeIs(0));
  expect_added(*store, {counted("a", 1, 3, 3), counted("b", 1, 4, 4)});
  EXPECT_EQ(store->get(a)->state, ErrorState::kOpen);
  EXPECT_EQ(store->get(b)->state, ErrorState::kIgnored);
  EXPECT_EQ(store->get("none").error().code, base::ErrorCode::kNotFound);
  EXPECT_EQ(store->set_state("none", ErrorState::kOpen).error().code, base::ErrorCode::kNotFound);
}

TEST_P(ErrorStoreTest, pages_follow_on_each_other_and_what_is_kept_is_bounded) {
  const auto store = open();
  std::vector<CountedErrors> many;
  for (std::int64_t i = 0; i < ErrorStore::kGroupsMax + 5; ++i)
    many.push_back(counted("e" + std::to_string(i), 1, i, i));
  expect_added(*store, many);
  std::string cursor;
  std::int64_t seen = 0;
  do {
    const auto page = store->list(std::nullopt, 300, cursor).value();
    for (const ErrorGroup& group : page.groups) EXPECT_EQ(group.message, "e" + std::to_string(many.size() - ++seen));
    cursor = page.next_cursor;
  } while (!cursor.empty());
  EXPECT_EQ(seen, ErrorStore::kGroupsMax);
  EXPECT_EQ(store->list(std::nullopt, 10, "x").error().code, base::ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace tradeassist::diagnostics
