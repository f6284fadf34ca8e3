#include <boost/json/serialize.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/json.hpp"
#include "server/batch_request.hpp"
#include "server/historical/aggregate_request.hpp"
#include "server/historical/compare_request.hpp"
#include "server/historical/historical_job.hpp"
#include "server/routes/alert_json.hpp"
#include "server/routes/compute_request.hpp"
#include "server/routes/corporate_action_request.hpp"
#include "server/routes/key_request.hpp"
#include "server/routes/webhook_models.hpp"
#include "server/schedule_request.hpp"

// Any text: JSON is what it says when it is written and read again; as the body of a request it is that body, written
// and read again, too, or refused with the field that is wrong.
namespace {

using namespace tradeassist;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

template <class Body>
void check_body(const boost::json::value& value) {
  const auto body = base::from_json<Body>(value);
  if (!body) {
    require(!body.error().message.empty());
    return;
  }
  const boost::json::value written = base::to_json(*body);
  const auto again = base::from_json<Body>(written);
  require(again.has_value());
  require(base::to_json(*again) == written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kBytesMax = 64 * 1024;
  const auto value = base::parse_json(std::string_view(reinterpret_cast<const char*>(data), size), kBytesMax);
  if (!value) {
    require(!value.error().message.empty());
    return 0;
  }
  const std::string written = boost::json::serialize(*value);
  const auto again = base::parse_json(written, 8 * kBytesMax);
  require(again.has_value() && boost::json::serialize(*again) == written);

  using namespace server;
  check_body<OptimizeBody>(*value);
  check_body<BatchBody>(*value);
  check_body<HistoricalFetchBody>(*value);
  check_body<AggregateBody>(*value);
  check_body<CompareBody>(*value);
  check_body<ComputeBody>(*value);
  check_body<ActionsBody>(*value);
  check_body<ScheduleBody>(*value);
  check_body<NewKeyBody>(*value);
  check_body<NewWebhookBody>(*value);
  check_body<WebhookReplayBody>(*value);
  check_body<MuteBody>(*value);
  return 0;
}
