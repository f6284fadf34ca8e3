#include "store/catalogue/saved_queries.hpp"

#include <gmock/gmock.h>

#include <thread>

#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

base::Time at(std::int64_t seconds) { return base::time_from_nanoseconds(seconds * base::kNanosecondsPerSecond); }

class SavedQueries : public MarketStoreOnBoth {
 protected:
  SavedQuery create(SavedQueryFields fields) {
    if (fields.request.empty()) fields.request = "{}";
    const auto created = store_->create_saved_query(fields);
    EXPECT_TRUE(created) << created.error().message;
    return created.value_or(SavedQuery{});
  }
  std::vector<std::string> names(const base::Result<std::vector<SavedQuery>>& found) {
    EXPECT_TRUE(found) << found.error().message;
    std::vector<std::string> all;
    if (!found) return all;
    for (const SavedQuery& query : *found) all.push_back(query.name);
    return all;
  }
};

INSTANTIATE_ON_BOTH_DATABASES(SavedQueries);

TEST_P(SavedQueries, come_back_as_they_were_said) {
  const SavedQueryFields fields{.name = "Énergie 100%",
                                .description = "Crude, and its crack",
                                .request = R"({"symbols":["CL.c.0"],"frequency":"1d","last":5})",
                                .is_favourite = true,
                                .tags = {"energy", "daily closes"},
                                .schedule = R"({"every_minutes":15})",
                                .next_run_at = at(1'700'000'100)};
  const SavedQuery created = create(fields);
  EXPECT_EQ(static_cast<const SavedQueryFields&>(created), fields);
  EXPECT_EQ(created.execute_count, 0);
  EXPECT_EQ(created.average_time_ms(), std::nullopt);
  EXPECT_EQ(created.created_at, created.updated_at);
  open();
  const auto read = store_->saved_query(created.id);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(static_cast<const SavedQueryFields&>(*read), fields);
  EXPECT_EQ(read->created_at, created.created_at);
}

TEST_P(SavedQueries, of_one_owner_are_not_found_by_another) {
  const SavedQuery mine = create({.name = "Closes"});
  const SavedQueryFields fields{.name = "Closes", .request = "{}"};
  const auto anns = store_->create_saved_query(fields, "ann");
  ASSERT_TRUE(anns) << anns.error().message;
  EXPECT_EQ(anns->owner, "ann");
  EXPECT_EQ(store_->create_saved_query(fields, "ann").error().code, ErrorCode::kAlreadyExists);
  EXPECT_THAT(names(store_->list_saved_queries({.owner = "ann"})), ElementsAre("Closes"));
  EXPECT_EQ(store_->list_saved_queries({.owner = "ann"})->front().id, anns->id);
  EXPECT_EQ(store_->list_saved_queries({})->size(), 2u);
  EXPECT_TRUE(store_->saved_query(mine.id, mine.owner));
  EXPECT_EQ(store_->saved_query(mine.id, "ann").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store_->delete_saved_query(mine.id, "ann").error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(store_->delete_saved_query(mine.id, mine.owner));
  EXPECT_EQ(store_->restore_saved_query(mine.id, "ann").error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(store_->restore_saved_query(mine.id, mine.owner));
}

TEST_P(SavedQueries, have_a_name_of_their_own_among_those_that_are_not_deleted) {
  const SavedQuery first = create({.name = "Closes"});
  const auto refused = store_->create_saved_query({.name = "Closes", .request = "{}"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kAlreadyExists);
  EXPECT_THAT(refused.error().message, HasSubstr("'Closes'"));
  create({.name = "closes"});  // another name

  ASSERT_TRUE(store_->delete_saved_query(first.id));
  const SavedQuery second = create({.name = "Closes"});
  const auto back = store_->restore_saved_query(first.id);
  ASSERT_FALSE(back);
  EXPECT_EQ(back.error().code, ErrorCode::kAlreadyExists);
  ASSERT_TRUE(store_->replace_saved_query(second, {.name = "Other closes", .request = "{}"}));
  EXPECT_TRUE(store_->restore_saved_query(first.id));
}

TEST_P(SavedQueries, are_listed_by_favourite_tag_and_words_in_pages) {
  create({.name = "Corn", .tags = {"grains", "daily"}});
  create({.name = "Crude", .is_favourite = true, .tags = {"energy", "daily"}});
  create({.name = "Soy_beans", .description = "What CORN is planted beside", .tags = {"grains"}});
  create({.name = "Gone"});
  ASSERT_TRUE(store_->delete_saved_query(store_->list_saved_queries().value().back().id));

  EXPECT_THAT(names(store_->list_saved_queries()), ElementsAre("Corn", "Crude", "Soy_beans"));
  EXPECT_THAT(names(store_->list_saved_queries({.is_favourite = true})), ElementsAre("Crude"));
  EXPECT_THAT(names(store_->list_saved_queries({.is_favourite = false})), ElementsAre("Corn", "Soy_beans"));
  EXPECT_THAT(names(store_->list_saved_queries({.tag = "daily"})), ElementsAre("Corn", "Crude"));
  EXPECT_THAT(names(store_->list_saved_queries({.tag = "dail"})), IsEmpty());
  EXPECT_THAT(names(store_->list_saved_queries({.search = "corn"})), ElementsAre("Corn", "Soy_beans"));
  EXPECT_THAT(names(store_->list_saved_queries({.search = "%"})), IsEmpty());
  EXPECT_THAT(names(store_->list_saved_queries({.search = "y_b"})), ElementsAre("Soy_beans"));
  EXPECT_THAT(names(store_->list_saved_queries({.deleted = true})), ElementsAre("Gone"));
  const auto page = store_->list_saved_queries({.limit = 2}).value();
  EXPECT_THAT(names(store_->list_saved_queries({.after_id = page.back().id, .limit = 2})), ElementsAre("Soy_beans"));
}

TEST_P(SavedQueries, are_not_replaced_over_a_change_that_was_not_seen) {
  const SavedQuery seen = create({.name = "Closes"});
  const auto changed = store_->replace_saved_query(seen, {.name = "Opens", .request = "[]"});
  ASSERT_TRUE(changed) << changed.error().message;
  EXPECT_EQ(changed->name, "Opens");
  EXPECT_EQ(changed->created_at, seen.created_at);
  EXPECT_GT(changed->updated_at, seen.updated_at);
  const auto refused = store_->replace_saved_query(seen, {.name = "Highs", .request = "{}"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(store_->saved_query(seen.id).value().name, "Opens");
  // That it was answered meanwhile is no such change.
  ASSERT_TRUE(store_->count_saved_query_execution(seen.id, milliseconds(3)));
  EXPECT_TRUE(store_->replace_saved_query(*changed, {.name = "Lows", .request = "{}"}));
}

TEST_P(SavedQueries, are_hidden_by_deletion_and_come_back_as_they_were) {
  const SavedQuery query = create({.name = "Closes", .tags = {"daily"}, .schedule = "{}", .next_run_at = at(100)});
  const auto gone = store_->delete_saved_query(query.id);
  ASSERT_TRUE(gone) << gone.error().message;
  EXPECT_TRUE(gone->deleted_at.has_value());
  EXPECT_EQ(store_->delete_saved_query(query.id).value().deleted_at, gone->deleted_at);
  EXPECT_EQ(store_->saved_query(query.id).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store_->replace_saved_query(query, {.name = "x", .request = "{}"}).error().code, ErrorCode::kNotFound);
  EXPECT_THAT(names(store_->due_saved_queries(at(200), 10)), IsEmpty());
  EXPECT_THAT(names(store_->favoured_saved_queries(10)), IsEmpty());
  const auto back = store_->restore_saved_query(query.id);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(static_cast<const SavedQueryFields&>(*back), static_cast<const SavedQueryFields&>(query));
  EXPECT_EQ(store_->restore_saved_query(99).error().code, ErrorCode::kNotFound);
}

TEST_P(SavedQueries, count_how_often_and_how_fast_they_were_answered) {
  const SavedQuery query = create({.name = "Closes"});
  ASSERT_TRUE(store_->count_saved_query_execution(query.id, milliseconds(10)));
  ASSERT_TRUE(store_->count_saved_query_execution(query.id, milliseconds(30)));
  ASSERT_TRUE(store_->set_saved_query_job(query.id, "job-7"));
  const SavedQuery now = store_->saved_query(query.id).value();
  EXPECT_EQ(now.execute_count, 2);
  EXPECT_EQ(now.average_time_ms(), 20);
  EXPECT_EQ(now.last_job_id, "job-7");
  EXPECT_GE(now.last_executed_at, query.created_at);
  EXPECT_EQ(now.updated_at, query.updated_at);
}

TEST_P(SavedQueries, that_are_due_are_claimed_by_one) {
  create({.name = "Never"});
  create({.name = "Later", .schedule = "{}", .next_run_at = at(300)});
  create({.name = "Second", .schedule = "{}", .next_run_at = at(200)});
  create({.name = "First", .schedule = "{}", .next_run_at = at(100)});
  const auto due = store_->due_saved_queries(at(200), 10);
  EXPECT_THAT(names(due), ElementsAre("First", "Second"));
  EXPECT_THAT(names(store_->due_saved_queries(at(200), 1)), ElementsAre("First"));

  // Ten of them look at the same time.
  std::atomic<int> claimed = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 10; ++i) {
    threads.emplace_back([&] {
      const auto is_ours = store_->claim_saved_query_run(due->front(), at(400));
      EXPECT_TRUE(is_ours) << is_ours.error().message;
      if (is_ours.value_or(false)) ++claimed;
    });
  }
  threads.clear();
  EXPECT_EQ(claimed, 1);
  EXPECT_THAT(names(store_->due_saved_queries(at(200), 10)), ElementsAre("Second"));
  EXPECT_EQ(store_->saved_query(due->front().id).value().next_run_at, at(400));
}

TEST_P(SavedQueries, favourites_come_first_and_then_what_is_asked_most) {
  create({.name = "Rare"});
  const SavedQuery often = create({.name = "Often"});
  create({.name = "Favourite", .is_favourite = true});
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(store_->count_saved_query_execution(often.id, milliseconds(1)));
  EXPECT_THAT(names(store_->favoured_saved_queries(10)), ElementsAre("Favourite", "Often", "Rare"));
  EXPECT_THAT(names(store_->favoured_saved_queries(2)), ElementsAre("Favourite", "Often"));
}

}  // namespace
}  // namespace tradeassist::store
