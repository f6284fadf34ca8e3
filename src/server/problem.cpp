#include "server/problem.hpp"

#include <boost/json.hpp>
#include <utility>

#include "base/hidden_text.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "jobs/stored_text.hpp"

namespace tradeassist::server {
namespace {

std::string_view title_of(unsigned status) {
  switch (status) {
    case 400: return "Bad request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not found";
    case 405: return "Method not allowed";
    case 406: return "Not acceptable";
    case 408: return "Request timeout";
    case 409: return "Conflict";
    case 413: return "Content too large";
    case 414: return "URI too long";
    case 415: return "Unsupported media type";
    case 416: return "Range not satisfiable";
    case 422: return "Unprocessable content";
    case 429: return "Too many requests";
    case 431: return "Request header fields too large";
    case 501: return "Not implemented";
    case 503: return "Service unavailable";
    case 504: return "Time is over";
    default: return "Internal server error";
  }
}

/// Messages quote what a request said, and may have cut it within a character.
std::string readable(std::string_view text) {
  constexpr std::size_t kTextBytesMax = 16 << 10;
  return jobs::stored_text(text, kTextBytesMax);
}

unsigned status_of(base::ErrorCode code) {
  using base::ErrorCode;
  switch (code) {
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kResourceExhausted:
    case ErrorCode::kUnsupported: return 422;
    case ErrorCode::kNotFound: return 404;
    case ErrorCode::kAlreadyExists:
    case ErrorCode::kFailedPrecondition: return 409;
    case ErrorCode::kUnavailable: return 503;
    case ErrorCode::kCancelled: return 504;
    case ErrorCode::kDataLoss:
    case ErrorCode::kIo:
    case ErrorCode::kInternal: return 500;
  }
  return 500;
}

}  // namespace

Problem problem_from(const base::Error& error) {
  Problem problem{
      status_of(error.code), std::string(base::to_string(error.code)), base::without_secrets(error.message), {}};
  if (problem.status == 500) {
    base::log(base::LogLevel::kError, "request failed",
              {{"code", std::string(base::to_string(error.code))}, {"reason", error.message}});
  }
  if (problem.status == 500 && error.code != base::ErrorCode::kDataLoss) {
    problem.detail = "The server could not complete the request; the reason is in its log under this request id.";
  }
  if (error.code == base::ErrorCode::kCancelled) problem.detail = "The request took longer than the server allows.";
  return problem;
}

Problem invalid_request(std::vector<ProblemField> errors) {
  std::string detail = errors.size() == 1 ? errors.front().pointer + ": " + errors.front().message
                                          : std::to_string(errors.size()) + " fields of the request are not valid.";
  return {422, "INVALID_REQUEST", std::move(detail), std::move(errors)};
}

Response to_response(const Problem& problem, std::string_view instance) {
  boost::json::object body;
  body["type"] = "/api/errors#" + problem.code;
  body["title"] = title_of(problem.status);
  body["status"] = problem.status;
  body["detail"] = readable(problem.detail);
  body["instance"] = readable(instance);
  body["code"] = problem.code;
  if (!problem.errors.empty()) {
    boost::json::array errors;
    for (const ProblemField& field : problem.errors) {
      boost::json::object entry{{"pointer", readable(field.pointer)}, {"message", readable(field.message)}};
      if (!field.hint.empty()) entry["hint"] = readable(field.hint);
      if (field.line > 0) {
        entry["line"] = field.line;
        entry["column"] = field.column;
      }
      errors.push_back(std::move(entry));
    }
    body["errors"] = std::move(errors);
  }
  Response response{problem.status, "application/problem+json", base::json_text(body), {}};
  if (problem.status == 503 || problem.status == 429) response.headers.emplace_back("Retry-After", "1");
  return response;
}

}  // namespace tradeassist::server
