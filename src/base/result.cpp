#include "base/result.hpp"

namespace tradeassist::base {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return "INVALID_ARGUMENT";
    case ErrorCode::kNotFound: return "NOT_FOUND";
    case ErrorCode::kAlreadyExists: return "ALREADY_EXISTS";
    case ErrorCode::kFailedPrecondition: return "FAILED_PRECONDITION";
    case ErrorCode::kResourceExhausted: return "RESOURCE_EXHAUSTED";
    case ErrorCode::kUnavailable: return "UNAVAILABLE";
    case ErrorCode::kCancelled: return "CANCELLED";
    case ErrorCode::kUnsupported: return "UNSUPPORTED";
    case ErrorCode::kDataLoss: return "DATA_LOSS";
    case ErrorCode::kIo: return "IO_ERROR";
    case ErrorCode::kInternal: return "INTERNAL";
  }
  return "INTERNAL";
}

}  // namespace tradeassist::base
