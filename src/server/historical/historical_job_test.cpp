#include "server/historical/historical_job.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <thread>

#include "feed/providers/testing/fake_clock.hpp"
#include "feed/providers/testing/fake_provider.hpp"
#include "report/bars_report.hpp"
#include "server/realtime/testing/recording_publisher.hpp"
#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::server {
namespace {

namespace json = boost::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> names_of(const json::object& object) {
  std::vector<std::string> names;
  for (const auto& entry : object) names.emplace_back(entry.key());
  return names;
}

class HistoricalJob : public store::MarketStoreTest {
 protected:
  void SetUp() override {
    MarketStoreTest::SetUp();
    cache_ = store::SeriesCache::create(*store_).value();
    queue_ = jobs::JobQueue::open(store::database_address(directory(), "", "app"), {.taker = "server"}).value();
  }
  void TearDown() override { runner_.reset(); }

  void start_runner() {
    HistoricalJobParts parts{*cache_, providers(), publisher_, subscriber_wait_};
    runner_ = std::make_unique<jobs::JobRunner>(
        *queue_, std::map<std::string, jobs::JobHandler>{{kHistoricalJob, historical_handler(parts)}}, 1, nullptr,
        historical_may_start(publisher_, subscriber_wait_));
  }

  ProviderSource providers() {
    return [this](std::string_view) -> base::Result<ProviderAccess> {
      return ProviderAccess{&provider_, &guard_, &clock_};
    };
  }

  jobs::Job job(const std::string& id) { return queue_->get(id).value(); }

  template <class Until>
  jobs::Job wait(const std::string& id, Until&& until) {
    for (int i = 0; i < 2'000; ++i) {
      const jobs::Job found = job(id);
      if (until(found)) return found;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ADD_FAILURE() << "the job does not get there: " << jobs::to_string(job(id).state) << " " << job(id).error;
    return job(id);
  }

  /// What became of a job with this request.
  jobs::Job run(std::string_view request) {
    const std::string id = queue_->submit(kHistoricalJob, request).value();
    if (!runner_) start_runner();
    runner_->wake();
    return wait(id, [](const jobs::Job& each) {
      return each.state != jobs::JobState::kQueued && each.state != jobs::JobState::kRunning;
    });
  }

  /// A job that, once it runs, holds where its first bars are to be sent.
  std::string submit_held() {
    append(minutes(0, 10));
    publisher_.ready_max = 0;
    publisher_.holds = true;
    const char* request = R"({"symbols":["SPY"],"frequency":"1m","last":5,"background":true,"stream":true})";
    return queue_->submit(kHistoricalJob, request).value();
  }
  void start_and_wait(const std::string& id) {
    start_runner();
    wait(id, [](const jobs::Job& each) { return each.phase == "reading"; });
  }

  static std::vector<SymbolReport> reports(const jobs::Job& job) {
    const auto report = base::from_json<HistoricalJobReport>(base::parse_json(job.detail).value());
    EXPECT_TRUE(report) << report.error().message;
    return report.value_or(HistoricalJobReport{}).symbols;
  }

  feed::FakeClock clock_;
  feed::SourceGuard guard_{clock_};
  feed::FakeProvider provider_;
  RecordingPublisher publisher_;
  std::unique_ptr<store::SeriesCache> cache_;
  std::unique_ptr<jobs::JobQueue> queue_;
  std::chrono::milliseconds subscriber_wait_{50};
  std::unique_ptr<jobs::JobRunner> runner_;
};

TEST_F(HistoricalJob, reads_every_symbol_and_says_how_it_went) {
  append(minutes(0, 100));
  const jobs::Job done = run(R"({"symbols":["GONE","SPY"],"frequency":"5m","preset":"max","background":true})");
  EXPECT_EQ(done.state, jobs::JobState::kCompleted) << done.error;
  EXPECT_EQ(done.result, done.detail);
  const auto symbols = reports(done);
  ASSERT_EQ(symbols.size(), 2u);
  EXPECT_EQ(symbols[0].status, "error");
  EXPECT_EQ(symbols[0].error->code, "INSTRUMENT_NOT_FOUND");
  EXPECT_EQ(symbols[1].status, "ok");
  EXPECT_EQ(symbols[1].bars, 20);
  EXPECT_EQ(base::format_time(*symbols[1].first_time), "2020-01-01T00:00:00Z");
  EXPECT_EQ(base::format_time(*symbols[1].last_time), "2020-01-01T01:35:00Z");
  EXPECT_EQ(symbols[1].cached, false);
  EXPECT_EQ(symbols[1].source, "csv");
  EXPECT_EQ(symbols[1].base_timeframe, "1m");
  EXPECT_EQ(symbols[1].time_zone, "America/New_York");
  EXPECT_TRUE(symbols[1].last_append_time);
  EXPECT_FALSE(symbols[1].inserted);
}

TEST_F(HistoricalJob, publishes_the_messages_of_the_contract) {
  append(minutes(0, 100));
  const jobs::Job done = run(R"({"symbols":["GONE","SPY"],"frequency":"5m","preset":"max","background":true})");
  for (const auto& message : publisher_.messages()) EXPECT_EQ(message.channel, "historical_data:" + done.id);
  const auto progress = publisher_.messages("historical_data_progress");
  ASSERT_FALSE(progress.empty());
  EXPECT_THAT(names_of(progress[0].data),
              ElementsAre("query_id", "symbol", "progress_percent", "current_step", "estimated_completion", "status"));
  const auto errors = publisher_.messages("historical_data_error");
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_THAT(names_of(errors[0].data), ElementsAre("query_id", "symbol", "error_message", "error_type", "status"));
  EXPECT_EQ(errors[0].data.at("symbol"), "GONE");
  EXPECT_EQ(errors[0].data.at("error_type"), "INSTRUMENT_NOT_FOUND");
  const auto complete = publisher_.messages("historical_data_complete");
  ASSERT_EQ(complete.size(), 2u);  // of the symbol, and of the query
  EXPECT_THAT(names_of(complete[0].data),
              ElementsAre("query_id", "symbol", "bars_retrieved", "execution_time_ms", "cache_hit", "status"));
  EXPECT_EQ(complete[0].data.at("symbol"), "SPY");
  EXPECT_EQ(complete[0].data.at("bars_retrieved"), 20);
  EXPECT_TRUE(complete[1].data.at("symbol").is_null());
  EXPECT_EQ(publisher_.messages().back().type, "historical_data_complete");
  EXPECT_THAT(publisher_.messages("historical_data_chunk"), IsEmpty());
}

TEST_F(HistoricalJob, streams_the_bars_in_chunks_that_make_up_the_answer) {
  append(minutes(0, 12'000));
  const jobs::Job done = run(R"({"symbols":["SPY"],"frequency":"1m","preset":"max","background":true,"stream":true})");
  EXPECT_EQ(done.state, jobs::JobState::kCompleted) << done.error;
  EXPECT_EQ(reports(done)[0].chunks, 3);
  const auto chunks = publisher_.messages("historical_data_chunk");
  ASSERT_EQ(chunks.size(), 3u);
  json::array streamed;
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    const json::object& data = chunks[i].data;
    EXPECT_THAT(names_of(data),
                ElementsAre("query_id", "symbol", "chunk_number", "total_chunks", "bars", "is_final_chunk"));
    EXPECT_EQ(data.at("chunk_number"), i + 1);
    EXPECT_EQ(data.at("total_chunks"), 3);
    EXPECT_EQ(data.at("is_final_chunk"), i == 2);
    for (const json::value& bar : data.at("bars").as_array()) streamed.push_back(bar);
  }
  store::BarQuery query;
  query.symbol = "SPY";
  query.timeframe = {market::Timeframe::Unit::kMinute, 1};
  const auto whole = base::parse_json(report::bars_json(store::answer(*store_, query).value(), false));
  EXPECT_TRUE(json::value(streamed) == whole->at("bars"));
}

TEST_F(HistoricalJob, a_stream_that_waits_for_a_listener_holds_no_worker) {
  append(minutes(0, 10));
  subscriber_wait_ = std::chrono::minutes(1);
  publisher_.is_heard = false;
  start_runner();  // with one worker
  const auto submit = [&](const char* more) {
    return queue_
        ->submit(kHistoricalJob,
                 std::string(R"({"symbols":["SPY"],"frequency":"1m","last":5,"background":true)") + more + "}")
        .value();
  };
  const std::string streamed = submit(R"(,"stream":true)");
  const std::string other = submit("");
  runner_->wake();
  wait(other, [](const jobs::Job& each) { return each.state == jobs::JobState::kCompleted; });
  EXPECT_EQ(job(streamed).state, jobs::JobState::kQueued);
  EXPECT_EQ(job(streamed).attempts, 0);
  publisher_.is_heard = true;
  const jobs::Job done = wait(streamed, [](const jobs::Job& each) { return each.finished_at.has_value(); });
  EXPECT_EQ(done.state, jobs::JobState::kCompleted) << done.error;
  EXPECT_EQ(publisher_.messages("historical_data_chunk").size(), 1u);
}

TEST_F(HistoricalJob, a_stream_that_nobody_listens_to_fails_and_says_so) {
  append(minutes(0, 10));
  publisher_.is_heard = false;
  const jobs::Job unheard = run(R"({"symbols":["SPY"],"frequency":"1m","last":5,"background":true,"stream":true})");
  EXPECT_EQ(unheard.state, jobs::JobState::kFailed);
  EXPECT_THAT(unheard.error, HasSubstr("nobody subscribed to historical_data:" + unheard.id));
  publisher_.is_heard = true;
  publisher_.ready_max = 0;
  const jobs::Job left = run(R"({"symbols":["SPY"],"frequency":"1m","last":5,"background":true,"stream":true})");
  EXPECT_EQ(left.state, jobs::JobState::kFailed);
  EXPECT_THAT(left.error, HasSubstr("left before all bars of SPY were sent"));
  EXPECT_EQ(publisher_.messages("historical_data_error").back().data.at("status"), "failed");
}

TEST_F(HistoricalJob, fails_when_no_symbol_could_be_answered) {
  const jobs::Job done = run(R"({"symbols":["A","B"],"frequency":"1m","last":5,"background":true})");
  EXPECT_EQ(done.state, jobs::JobState::kFailed);
  EXPECT_THAT(done.error, HasSubstr("none of the 2 symbols could be answered; A: "));
  EXPECT_EQ(reports(done)[1].error->code, "INSTRUMENT_NOT_FOUND");
}

TEST_F(HistoricalJob, brings_what_is_missing_from_the_provider_once) {
  provider_.bars_of = [](const feed::BarRequest& request) {
    market::Series bars;
    const std::int64_t step = request.timeframe.nominal_seconds() * base::kNanosecondsPerSecond;
    for (std::int64_t t = base::to_nanoseconds(request.from); t < base::to_nanoseconds(request.to); t += step)
      bars.push_back({base::time_from_nanoseconds(t), 10, 12, 9, 11, 100});
    return bars;
  };
  provider_.fault = [](const feed::BarRequest& request, feed::Attempt&) -> base::Result<void> {
    if (request.symbol == "BAD") return base::failure(base::ErrorCode::kInvalidArgument, "no such symbol");
    return {};
  };
  const char* request = R"({"symbols":["QQQ","BAD","/ES"],"frequency":"2h","start":"2025-05-05T13:30:00Z",
                           "end":"2025-05-05T20:00:00Z","provider":"fake"})";
  const jobs::Job first = run(request);
  EXPECT_EQ(first.state, jobs::JobState::kCompleted) << first.error;
  auto symbols = reports(first);
  EXPECT_EQ(symbols[0].status, "ok");
  EXPECT_EQ(symbols[0].inserted, 390);  // minutes, of which the bars are made
  EXPECT_EQ(symbols[0].bars, 4);
  EXPECT_EQ(symbols[1].status, "error");
  EXPECT_THAT(symbols[1].error->message, HasSubstr("no such symbol"));
  EXPECT_THAT(symbols[2].error->message, HasSubstr("futures are not to be had"));
  const auto series = store_->list_series({.symbol = "QQQ"}).value();
  ASSERT_EQ(series.size(), 1u);
  EXPECT_EQ(series[0].key.source, "fake");
  symbols = reports(run(request));
  EXPECT_EQ(symbols[0].inserted, 0);
  EXPECT_EQ(symbols[0].calls, 0);
  EXPECT_EQ(symbols[0].bars, 4);
  EXPECT_EQ(symbols[0].cached, true);
}

TEST_F(HistoricalJob, a_running_one_can_be_cancelled_and_says_so) {
  const std::string id = submit_held();
  start_and_wait(id);
  ASSERT_TRUE(cancel_historical_query(*queue_, *runner_, publisher_, id));
  const jobs::Job ended = wait(id, [](const jobs::Job& each) { return each.state != jobs::JobState::kRunning; });
  EXPECT_EQ(ended.state, jobs::JobState::kCancelled);
  const auto errors = publisher_.messages("historical_data_error");
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].data.at("status"), "cancelled");
  EXPECT_EQ(errors[0].data.at("error_type"), "CANCELLED");
}

TEST_F(HistoricalJob, a_waiting_one_is_cancelled_at_once_and_others_cannot_be) {
  const std::string running = submit_held();
  const std::string waiting = submit_held();
  const std::string other = queue_->submit("optimize", "{}").value();
  start_and_wait(running);
  EXPECT_EQ(cancel_historical_query(*queue_, *runner_, publisher_, waiting)->state, jobs::JobState::kCancelled);
  const auto errors = publisher_.messages("historical_data_error");
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].channel, historical_channel(waiting));
  const auto cancelled = [&](const std::string& id) {
    return cancel_historical_query(*queue_, *runner_, publisher_, id).error().code;
  };
  EXPECT_EQ(cancelled(waiting), base::ErrorCode::kFailedPrecondition);
  EXPECT_EQ(cancelled(other), base::ErrorCode::kNotFound);
  EXPECT_EQ(cancelled("none"), base::ErrorCode::kNotFound);
}

TEST_F(HistoricalJob, goes_on_after_the_server_was_stopped) {
  const std::string id = submit_held();
  start_and_wait(id);
  runner_->stop();
  EXPECT_EQ(job(id).state, jobs::JobState::kQueued);
  EXPECT_THAT(publisher_.messages("historical_data_error"), IsEmpty());
  publisher_.ready_max = SIZE_MAX;
  start_runner();
  wait(id, [](const jobs::Job& each) { return each.state == jobs::JobState::kCompleted; });
  EXPECT_EQ(publisher_.messages("historical_data_chunk").size(), 1u);
}

TEST(HistoricalFetchBody, says_which_fields_do_not_go_together) {
  const auto pointers_of = [](std::string_view text) {
    std::vector<base::FieldError> errors;
    const auto body = base::from_json<HistoricalFetchBody>(base::parse_json(text).value(), errors);
    EXPECT_TRUE(body);
    check_historical_fetch(*body, errors);
    std::vector<std::string> pointers;
    for (const base::FieldError& error : errors) pointers.push_back(error.pointer);
    return pointers;
  };
  EXPECT_THAT(pointers_of(R"({"symbols":["A"],"frequency":"1d","last":1,"stream":true,"again":true,
                             "extended_hours":false})"),
              ElementsAre("/stream", "/extended_hours", "/again"));
  EXPECT_THAT(
      pointers_of(R"({"symbols":["A"],"frequency":"1d","last":1,"provider":"x","background":false,"format":"json",
                             "continuous_series":true})"),
      ElementsAre("/format", "/background", "/last", "/continuous_series"));
  EXPECT_THAT(pointers_of(R"({"symbols":["A"],"frequency":"1d","preset":"1y","provider":"x","stream":true})"),
              IsEmpty());
}

TEST(ProviderTimeframe, is_the_longest_that_bars_can_be_made_of) {
  const feed::FakeProvider provider;  // 1m and 1d
  EXPECT_EQ(market::to_string(provider_timeframe(provider, "1m").value()), "1m");
  EXPECT_EQ(market::to_string(provider_timeframe(provider, "90m").value()), "1m");
  EXPECT_EQ(market::to_string(provider_timeframe(provider, "1w").value()), "1d");
  EXPECT_THAT(provider_timeframe(provider, "30s").error().message, HasSubstr("fake has bars of 1m, 1d"));
  EXPECT_FALSE(provider_timeframe(provider, "500t"));
}

}  // namespace
}  // namespace tradeassist::server
