#include "server/realtime/system_messages.hpp"

#include "base/json.hpp"
#include "report/cache_report.hpp"
#include "server/routes/alert_json.hpp"
#include "server/routes/health_answers.hpp"

namespace tradeassist::server {

base::PeriodicTask say_how_the_system_is(Publisher& publisher, const HealthSampler& health, store::SeriesCache& cache,
                                         std::chrono::milliseconds every) {
  return {every, [&publisher, &health, &cache](const std::stop_token&) {
            const auto sample = health.latest();
            const auto say = [&](const char* type, boost::json::value data) {
              publisher.publish("system", type, std::move(data.as_object()));
            };
            say("database_performance", base::to_json(performance(sample.get(), cache.store())));
            say("partition_status", base::to_json(partition_status(sample.get())));
            say("cache_performance", report::cache_json(cache.metrics()));
          }};
}

void say_alert(Publisher& publisher, const monitor::AlertEvent& event) {
  publisher.publish("system", "performance_alert", std::move(base::to_json(performance_alert(event)).as_object()));
}

}  // namespace tradeassist::server
