#include "server/routes/notification_routes.hpp"

#include <utility>

#include "base/json.hpp"
#include "notify/delivery.hpp"
#include "server/routes/parameters.hpp"

namespace tradeassist::server {

void add_notification_routes(std::vector<Route>& routes,
                             std::function<base::Result<ChannelTest>(const std::string& channel)> test) {
  routes.push_back({Method::kPost, "/api/v1/admin/notifications/test", "Send a test to Slack or by e-mail",
                    [test = std::move(test)](const Request& request) -> HandlerResult {
                      auto body = read_body<ChannelTestBody>(request);
                      if (auto* problem = std::get_if<Problem>(&body)) return std::move(*problem);
                      std::string channel = std::get<ChannelTestBody>(body).channel;
                      if (channel == "mail") channel = notify::kEmailTarget;
                      if (channel != notify::kSlackTarget && channel != notify::kEmailTarget)
                        return invalid_request({{"/channel", "must be slack or email", "", 0, 0}});
                      const auto tested = test(channel);
                      if (!tested) return problem_from(tested.error());
                      return json_response(base::to_json(*tested));
                    },
                    describe("test_notifications", "Administration")
                        .say("It is sent at once and once; `sent` and `error` say what came of it.")
                        .takes<ChannelTestBody>(R"({"channel": "slack"})")
                        .answers<ChannelTest>()
                        .codes({"FAILED_PRECONDITION", "INVALID_ARGUMENT"})});
}

}  // namespace tradeassist::server
