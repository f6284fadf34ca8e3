#include "server/sharing/trial_worker.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/json.hpp>
#include <cmath>
#include <thread>

#include "base/json.hpp"
#include "jobs/job_queue.hpp"
#include "optimize/search.hpp"
#include "optimize/testing/requests.hpp"
#include "server/script_request.hpp"
#include "server/sharing/shared_trials.hpp"
#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::server {
namespace {

using namespace std::chrono_literals;

/// Market data with one symbol, WALK, of so many days.
class Machine {
 public:
  explicit Machine(std::size_t days, double first_close = 0) {
    EXPECT_TRUE(store_->put_instrument({.symbol = "WALK", .time_zone = "America/New_York"}));
    const auto series = store_->ensure_series({"WALK", {market::Timeframe::Unit::kDay, 1}, "csv"}).value();
    const auto import = store_->begin_import(series, "csv", "walk.csv").value();
    market::Series bars = *optimize::random_days(days);
    if (first_close > 0) bars.close[0] = first_close;
    EXPECT_TRUE(store_->append(series, bars, import));
  }

  store::SeriesCache& cache() { return *cache_; }

 private:
  store::TestDatabase database_{store::Dialect::kSqlite};
  std::unique_ptr<store::MarketStore> store_ = store::MarketStore::open(database_.address()).value();
  std::unique_ptr<store::SeriesCache> cache_ = store::SeriesCache::create(*store_).value();
};

/// A worker in threads of this process.
class RunningWorker {
 public:
  RunningWorker(const store::DatabaseAddress& address, Machine& machine, const std::string& name,
                const std::string& version = "1")
      : queue_(jobs::BatchQueue::open(address, {.version = version}).value()),
        evaluator_(machine.cache(), catalogue_, 1) {
    jobs::Worker identity;
    identity.name = name;
    identity.host = "here";
    identity.version = version;
    identity.threads = 1;
    worker_ = std::make_unique<TrialWorker>(*queue_, evaluator_, identity);
    EXPECT_TRUE(worker_->sign_on());
    thread_ = std::jthread([this](const std::stop_token& stop) { worker_->run(stop); });
  }

 private:
  std::unique_ptr<jobs::BatchQueue> queue_;
  pine::Catalogue catalogue_;
  BatchEvaluator evaluator_;
  std::unique_ptr<TrialWorker> worker_;
  std::jthread thread_;
};

class TrialWorkerTest : public testing::Test {
 protected:
  void SetUp() override {
    if (store::test_server_url().empty()) GTEST_SKIP() << "TRADEASSIST_TEST_POSTGRES names no server";
    jobs_ = jobs::JobQueue::open(database_.address(), {.taker = "server"}).value();
    batches_ = jobs::BatchQueue::open(database_.address(), {.version = "1"}).value();
  }

  /// The body of a search of WALK.
  static std::string body(const char* sampler, int trials) {
    return base::json_text(boost::json::object{{"pine", optimize::kCross},
                                               {"symbol", "WALK"},
                                               {"timeframe", "1d"},
                                               {"sampler", sampler},
                                               {"trials", trials},
                                               {"objective", "net_profit"},
                                               {"seed", 7},
                                               {"threads", 1},
                                               {"validate", false}});
  }

  optimize::SearchRequest prepare(const std::string& text) {
    const auto parsed = base::from_json<OptimizeBody>(base::parse_json(text).value()).value();
    auto prepared = prepare_search(parsed, server_.cache(), catalogue_);
    if (const auto* problem = std::get_if<Problem>(&prepared)) ADD_FAILURE() << problem->detail;
    return std::get<optimize::SearchRequest>(std::move(prepared));
  }

  /// The search as a job, its trials shared with workers.
  optimize::SearchResult search_shared(const std::string& text) {
    EXPECT_TRUE(jobs_->submit("optimize", text));
    const jobs::Job taken = jobs_->take().value().value();
    optimize::SearchRequest request = prepare(text);
    request.helpers = share_with_workers(*batches_, taken, request);
    auto result = optimize::search(request, {}, {});
    EXPECT_TRUE(result) << result.error().message;
    EXPECT_TRUE(jobs_->complete(taken, "{}"));
    return *std::move(result);
  }

  static void expect_same(const optimize::SearchResult& a, const optimize::SearchResult& b) {
    ASSERT_EQ(a.trials.size(), b.trials.size());
    for (std::size_t i = 0; i < a.trials.size(); ++i) {
      EXPECT_TRUE(is_same_trial(a.trials[i], b.trials[i])) << i;
      EXPECT_TRUE(has_same_figures(a.trials[i], b.trials[i])) << i;
    }
    EXPECT_EQ(a.best, b.best);
    EXPECT_EQ(a.equity, b.equity);
    EXPECT_EQ(a.data_fingerprint, b.data_fingerprint);
  }

  void wait_until_alive(std::size_t count) {
    for (int i = 0; i < 1'000 && batches_->helping_threads()->size() < count; ++i) std::this_thread::sleep_for(5ms);
    EXPECT_EQ(batches_->helping_threads()->size(), count);
  }

  std::int64_t trials_of_workers() {
    std::int64_t trials = 0;
    const auto workers = batches_->workers().value();
    for (const jobs::Worker& worker : workers) trials += worker.trials;
    return trials;
  }

  store::TestDatabase database_{store::Dialect::kPostgres};
  Machine server_{kDays};
  pine::Catalogue catalogue_;
  std::unique_ptr<jobs::JobQueue> jobs_;
  std::unique_ptr<jobs::BatchQueue> batches_;
  static constexpr std::size_t kDays = 20'000;
};

TEST_F(TrialWorkerTest, a_shared_search_finds_what_one_process_finds) {
  Machine first(kDays), second(kDays + 100);  // to the second more bars have come since
  const RunningWorker one(database_.address(), first, "one"), two(database_.address(), second, "two");
  wait_until_alive(2);
  for (const char* sampler : {"random", "genetic", "successive_halving"}) {
    const bool is_random = std::string_view(sampler) == "random";
    const std::string text = body(sampler, is_random ? 4'000 : 600);
    const std::int64_t before = trials_of_workers();
    expect_same(search_shared(text), optimize::search(prepare(text), {}, {}).value());
    if (is_random) { EXPECT_GT(trials_of_workers(), before); }
  }
}

TEST_F(TrialWorkerTest, who_has_other_bars_or_another_version_does_not_help) {
  Machine other(kDays, 99.5), same(kDays), shorter(kDays - 10);
  const RunningWorker one(database_.address(), other, "one"), two(database_.address(), same, "two", "2"),
      three(database_.address(), shorter, "three");
  wait_until_alive(2);
  const std::string text = body("random", 4'000);
  expect_same(search_shared(text), optimize::search(prepare(text), {}, {}).value());
  EXPECT_EQ(trials_of_workers(), 0);
}

TEST_F(TrialWorkerTest, a_worker_whose_figures_differ_does_not_help) {
  Machine machine(kDays);
  BatchEvaluator evaluator(machine.cache(), catalogue_, 1);
  const std::string text = body("random", 10);
  const optimize::SearchRequest request = prepare(text);
  const auto plain = optimize::search(request, {}, {}).value();
  TrialBatch batch{identify(*request.program, *request.series, 0), {0, plain.split.in_sample}, plain.trials[0], {}};
  batch.trials = {plain.trials[1], plain.trials[2]};
  const jobs::BatchJob job{"optimize", text};

  // The smallest difference there is.
  TrialBatch wrong = batch;
  wrong.known.net_profit = std::nextafter(wrong.known.net_profit, 1e9);
  const auto refused = evaluator.evaluate(job, wrong, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::kFailedPrecondition);
  EXPECT_NE(refused.error().message.find("trial 0 comes out differently here"), std::string::npos);

  TrialBatch script = batch;
  script.search.script[0] ^= 1;
  EXPECT_EQ(evaluator.evaluate(job, script, {}).error().code, base::ErrorCode::kFailedPrecondition);

  const auto made = evaluator.evaluate(job, read_batch(batch_text(batch)).value(), {});
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_EQ(made->size(), 2u);
  EXPECT_TRUE(has_same_figures(read_trials(trials_text(*made))->at(1), plain.trials[2]));

  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(evaluator.evaluate(job, batch, stop.get_token()).error().code, base::ErrorCode::kCancelled);
}

TEST_F(TrialWorkerTest, what_a_worker_dies_over_is_done_by_the_server) {
  // It is known, takes what it can get, and is not heard of any more.
  jobs::Worker dead;
  dead.name = "dead";
  dead.version = "1";
  dead.threads = 4;
  batches_ = jobs::BatchQueue::open(database_.address(), {.version = "1", .lease = 4s}).value();
  ASSERT_TRUE(batches_->sign_on(dead));
  std::atomic<int> taken = 0;
  const std::jthread takes([&](const std::stop_token& stop) {
    while (!stop.stop_requested() && taken < 2) {
      if (taken == 0) { EXPECT_TRUE(batches_->sign_on(dead)); }  // alive, however late the search begins
      if (batches_->take(dead, {}).value()) ++taken;
      std::this_thread::sleep_for(20ms);
    }
  });
  const std::string text = body("random", 4'000);
  expect_same(search_shared(text), optimize::search(prepare(text), {}, {}).value());
  EXPECT_GT(taken, 0);
}

TEST_F(TrialWorkerTest, batches_that_cannot_be_read_are_refused) {
  for (const char* text :
       {"", "{}", "[]", "[[1]]", R"({"entrant":0,"bars":10,"data":"a","script":"b","first":5,"end":11,
      "known":[3,[1,2],0.5,1,2,3,4,5,6,7,0,1,[]],"trials":[]})"}) {
    const auto batch = read_batch(text);
    ASSERT_FALSE(batch) << text;
    EXPECT_EQ(batch.error().code, base::ErrorCode::kDataLoss);
  }
  EXPECT_FALSE(read_trials("[[1]]"));
  EXPECT_TRUE(read_trials("[]"));
}

}  // namespace
}  // namespace tradeassist::server
