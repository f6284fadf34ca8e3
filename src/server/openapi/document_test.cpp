#include "server/openapi/document.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

#include "report/export/export_files.hpp"
#include "server/error_codes.hpp"
#include "server/openapi/documentation_routes.hpp"
#include "server/openapi/field_facts.hpp"
#include "server/realtime/testing/recording_publisher.hpp"
#include "server/routes/backup_routes.hpp"
#include "server/routes/configuration_routes.hpp"
#include "server/routes/notification_routes.hpp"
#include "server/routes/schwab_routes.hpp"
#include "server/routes/services.hpp"
#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::server::openapi {
namespace {

namespace json = boost::json;
using testing::IsEmpty;

/// The routes of a server that has all of its parts.
class Document : public store::MarketStoreTest {
 protected:
  void SetUp() override {
    MarketStoreTest::SetUp();
    const auto app = store::database_address(directory(), "", "app");
    cache_ = store::SeriesCache::create(*store_).value();
    queue_ = jobs::JobQueue::open(app, {.taker = "server"}).value();
    runner_ = std::make_unique<jobs::JobRunner>(*queue_, std::map<std::string, jobs::JobHandler>{}, 1);
    health_ = std::make_unique<HealthSampler>(*store_);
    exports_ = report::ExportFiles::open(directory() / "exports", {}).value();
    keys_ = access::KeyStore::open(app).value();
    audit_ = access::AuditLog::open(app).value();
    services_ = std::make_unique<Services>(Services{*store_,
                                                    catalogue_,
                                                    *queue_,
                                                    *runner_,
                                                    "1",
                                                    *health_,
                                                    *cache_,
                                                    {},
                                                    publisher_,
                                                    *exports_,
                                                    "none",
                                                    {},
                                                    nullptr,
                                                    keys_.get(),
                                                    audit_.get()});
    errors_ = diagnostics::ErrorStore::open(app).value();
    webhooks_ = notify::WebhookStore::open(app, {}).value();
    outbox_ = notify::Outbox::open(app, {}).value();
    alert_store_ = monitor::AlertStore::open(app).value();
    alerts_ = monitor::AlertEngine::create(*alert_store_, {}).value();
    trends_ = monitor::TrendStore::open(app, "server").value();
    services_->errors = errors_.get();
    services_->webhooks = webhooks_.get();
    services_->outbox = outbox_.get();
    services_->metrics = &metrics_;
    services_->alerts = alerts_.get();
    services_->trends = trends_.get();
    std::vector<Route> routes = make_routes(*services_);
    add_backup_routes(routes, [] { return BackupHealth(); });
    add_configuration_routes(routes, [] { return ConfigurationModel(); });
    add_notification_routes(routes, [](const std::string&) { return ChannelTest(); });
    add_schwab_routes(routes, nullptr);
    routes_ = with_documentation(std::move(routes), "1");
  }

  pine::Catalogue catalogue_;
  std::unique_ptr<store::SeriesCache> cache_;
  std::unique_ptr<jobs::JobQueue> queue_;
  std::unique_ptr<jobs::JobRunner> runner_;
  std::unique_ptr<HealthSampler> health_;
  RecordingPublisher publisher_;
  std::unique_ptr<report::ExportFiles> exports_;
  std::unique_ptr<access::KeyStore> keys_;
  std::unique_ptr<access::AuditLog> audit_;
  std::unique_ptr<diagnostics::ErrorStore> errors_;
  std::unique_ptr<notify::WebhookStore> webhooks_;
  std::unique_ptr<notify::Outbox> outbox_;
  base::MetricRegistry metrics_;
  std::unique_ptr<monitor::AlertStore> alert_store_;
  std::unique_ptr<monitor::AlertEngine> alerts_;
  std::unique_ptr<monitor::TrendStore> trends_;
  std::unique_ptr<Services> services_;
  std::vector<Route> routes_;
};

TEST_F(Document, describes_every_route_and_everything_that_a_route_takes) {
  EXPECT_THAT(undescribed(routes_), IsEmpty());
}

TEST_F(Document, says_what_a_route_asks_for) {
  const json::object made = document(routes_, "1.2");
  EXPECT_EQ(made.at("info").at("version"), "1.2");
  const json::object& bars = made.at("paths").at("/api/v1/bars").at("get").as_object();
  EXPECT_EQ(bars.at("operationId"), "get_bars");
  EXPECT_EQ(bars.at("x-scope"), "read");
  EXPECT_EQ(bars.at("x-limit-class"), "data");
  EXPECT_EQ(bars.at("security"), json::parse(R"([{"bearer": ["read"]}, {"api_key": ["read"]}])"));
  const json::object& answers = bars.at("responses").as_object();
  for (const char* status : {"200", "304", "400", "401", "403", "404", "422", "429", "500", "501", "503"})
    EXPECT_TRUE(answers.contains(status)) << status;
  EXPECT_EQ(answers.at("200").at("content").as_object().size(), 5u);
  EXPECT_TRUE(answers.at("429").at("headers").as_object().contains("Retry-After"));
  EXPECT_EQ(made.at("paths").at("/livez").at("get").at("security"), json::array());
  const json::object& start = made.at("paths").at("/api/v1/optimize/single").at("post").as_object();
  EXPECT_TRUE(start.at("responses").at("202").at("headers").as_object().contains("Location"));
  const auto& parameters = start.at("parameters").as_array();
  EXPECT_TRUE(std::ranges::any_of(parameters, [](const json::value& each) {
    return each.at("name") == "Idempotency-Key" && each.at("in") == "header";
  }));
}

TEST_F(Document, a_route_without_a_description_is_found) {
  routes_.push_back({Method::kGet, "/api/v1/new", "Something new", {}});
  EXPECT_THAT(undescribed(routes_), testing::ElementsAre("GET /api/v1/new"));
}

TEST(FieldFacts, stand_once_and_are_well_formed) {
  std::set<std::string_view> places;
  for (const FieldFacts& facts : field_facts()) {
    EXPECT_TRUE(places.insert(facts.place).second) << facts.place;
    EXPECT_NO_THROW(more_of(facts)) << facts.place;
  }
}

TEST(ErrorCodes, the_table_has_every_code_that_the_source_names) {
  // Where a Problem gets its code: as its second member, by assignment, in a list of a description.
  const std::regex code(
      "(?:Problem\\s*\\{\\s*[0-9]+,\\s*|(?:return|to_response\\()\\s*\\{\\s*[0-9]+,\\s*|code = |[0-9]{3}, "
      ")\"([A-Z][A-Z_]+)\"");
  std::size_t found = 0;
  for (const char* folder : {"server", "research", "mcp", "access"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(
             std::filesystem::path(TRADEASSIST_SOURCE_DIR) / "src" / folder)) {
      const std::string name = entry.path().filename().string();
      if (!name.ends_with(".cpp") || name.ends_with("_test.cpp")) continue;
      std::ifstream in(entry.path());
      const std::string text(std::istreambuf_iterator<char>(in), {});
      for (std::sregex_iterator it(text.begin(), text.end(), code), end; it != end; ++it) {
        ++found;
        EXPECT_NE(find_error_code((*it)[1].str()), nullptr) << (*it)[1].str() << " in " << entry.path();
      }
    }
  }
  EXPECT_GT(found, 40u);
}

TEST(ErrorCodes, the_page_in_docs_is_the_table) {
  const std::string file = std::string(TRADEASSIST_SOURCE_DIR) + "/docs/errors.md";
  if (std::getenv("TRADEASSIST_WRITE_DOCS") != nullptr) std::ofstream(file) << error_codes_markdown();
  std::ifstream in(file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), error_codes_markdown())
      << "run this test again with TRADEASSIST_WRITE_DOCS=1";
}

TEST(ErrorCodes, the_table_has_every_code_of_failures_below) {
  for (int code = 0; code <= static_cast<int>(base::ErrorCode::kInternal); ++code)
    EXPECT_NE(find_error_code(base::to_string(static_cast<base::ErrorCode>(code))), nullptr) << code;
}

}  // namespace
}  // namespace tradeassist::server::openapi
