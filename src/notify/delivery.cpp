#include "notify/delivery.hpp"

namespace tradeassist::notify {

std::string_view to_string(DeliveryState state) {
  switch (state) {
    case DeliveryState::kPending: return "pending";
    case DeliveryState::kDelivering: return "delivering";
    case DeliveryState::kDelivered: return "delivered";
    case DeliveryState::kFailed: return "failed";
    case DeliveryState::kCancelled: return "cancelled";
  }
  return "pending";
}

base::Result<DeliveryState> parse_delivery_state(std::string_view text) {
  for (const DeliveryState each : {DeliveryState::kPending, DeliveryState::kDelivering, DeliveryState::kDelivered,
                                   DeliveryState::kFailed, DeliveryState::kCancelled}) {
    if (text == to_string(each)) return each;
  }
  return base::failure(base::ErrorCode::kInvalidArgument,
                       "'" + std::string(text.substr(0, 40)) +
                           "' is no state of a delivery; there are pending, delivering, delivered, failed, cancelled");
}

}  // namespace tradeassist::notify
