#include "server/error_codes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace tradeassist::server {
namespace {

constexpr ErrorCodeEntry kCodes[] = {
    {"ALERT_NOT_FOUND", 404, "There is no alert with this id.", "List them: GET /api/v1/alerts."},
    {"ALERT_RESOLVED", 409, "The alert is over, so it can be neither acknowledged nor muted.",
     "Nothing: it is raised anew if it comes back."},
    {"ALREADY_EXISTS", 409, "There is one of this name already.", "Choose another name, or change the one there is."},
    {"API_KEY_EXPIRED", 401, "The time of the API key is over.", "Make another key, or one without an end."},
    {"API_KEY_NOT_FOUND", 404, "There is no API key with this id.", "List the keys: GET /api/v1/admin/keys."},
    {"API_KEY_NOT_VALID", 401, "The token is none of this server, or its key was revoked.",
     "Send the whole token, ta_<id>_<secret>, as it was shown when the key was made."},
    {"API_KEY_REQUIRED", 401, "The request has no API key.",
     "Send `Authorization: Bearer ta_…` or `X-API-Key: ta_…`; `tradeassist key create` makes a key."},
    {"AUDIT_LOG_NOT_WRITABLE", 503, "A change that has to be noted cannot be noted now, so it was not made.",
     "Is the database of jobs and keys there, and its disk not full? GET /readyz."},
    {"BAD_TARGET", 400, "The request target is not a path with a query.",
     "Escape special characters with %XX of UTF-8, give each query name once, leave out . and .. segments."},
    {"BODY_TOO_LARGE", 413, "The body is larger than max_body_bytes; a file to be imported, than max_import_bytes.",
     "Ask for less at once, or raise the bound in the server's configuration; import large files with the command."},
    {"CANCELLATION_NOT_ALLOWED", 409, "The job has ended, so it cannot be cancelled.",
     "Nothing: read its state; retry starts it anew."},
    {"CANCELLED", 504, "The request took longer than request_timeout_seconds, and was stopped.",
     "Ask for a shorter range, or do it as a job: an optimisation, a fetch in the background."},
    {"CHANNEL_NOT_FOUND", 404, "There is no channel of this name for this key (WebSocket).",
     "Subscribe to one of the channels in docs/realtime.md; those of jobs belong to their owner."},
    {"COMPARISON_NOT_POSSIBLE", 422, "Fewer than two of the series could be read.",
     "`errors` say what is wrong with each; ask for series that are stored."},
    {"CONTENT_CODING_UNKNOWN", 415, "The body has a Content-Encoding that the server does not know.",
     "Send it as gzip, zstd or identity."},
    {"DATA_LOSS", 500, "Something stored cannot be read any more.",
     "Run `tradeassist doctor`, and restore from a backup where it finds damage."},
    {"DELIVERY_NOT_FOUND", 404, "The webhook has no delivery with this id, or it is no longer kept.",
     "List them: GET /api/v1/webhooks/{id}/deliveries."},
    {"ERROR_GROUP_NOT_FOUND", 404, "There is no group of errors with this id.", "List them: GET /api/v1/admin/errors."},
    {"EXPORT_NOT_FOUND", 404, "There is no such file, or its time is over.", "Export it again."},
    {"FAILED_PRECONDITION", 409, "What is asked for does not go with the state of things.", "Read `detail`."},
    {"FILE_NOT_UNDERSTOOD", 422, "A file cannot be imported as it is, or with what was said of it.",
     "`detail` has the line and what to say: a parameter of the request. POST /api/v1/import/preview shows what is "
     "understood."},
    {"FOREIGN_ORIGIN", 403, "Without keys the server answers only to its own page and to programs of this machine.",
     "Use the address that it listens on, or start it with keys."},
    {"HEADERS_TOO_LARGE", 431, "The headers are larger than 16 KiB.", "Send fewer or shorter headers."},
    {"IDEMPOTENCY_KEY_REUSED", 422, "The Idempotency-Key was used for another request in the last 24 hours.",
     "Take a new key for each new request, and the same one only to repeat it."},
    {"INDICATOR_NOT_FOUND", 404, "There is no indicator of this name.", "List them: GET /api/v1/indicators."},
    {"INSTRUMENT_NOT_FOUND", 404, "There is no instrument of this symbol, or nothing is stored of it.",
     "List them: GET /api/v1/instruments; import or fetch its bars."},
    {"INTERNAL", 500, "The server made a mistake.", "Its log has the reason, under the request id of the answer."},
    {"INVALID_ARGUMENT", 422, "A value does not make sense.", "Read `detail`."},
    {"INVALID_MESSAGE", 400, "A message over the WebSocket is not one the server knows.",
     "See docs/realtime.md for the messages."},
    {"INVALID_REQUEST", 422, "Fields of the body or parameters of the query do not fit.",
     "`errors` name each, by JSON pointer or by parameter, and say what it must be."},
    {"IO_ERROR", 500, "A file could not be read or written.", "The server's log has the reason; is its disk full?"},
    {"JOB_NOT_FOUND", 404, "There is no job with this id, or it is another owner's.",
     "List your jobs: GET /api/v1/jobs."},
    {"MALFORMED_BODY", 400, "The body is not in the Content-Encoding that it names, or was cut off.",
     "Compress it again, or send it as it is."},
    {"MALFORMED_HTTP", 400, "The request is not valid HTTP/1.1.", "Send it with a proper HTTP client."},
    {"MALFORMED_JSON", 400, "The body is not JSON.", "`detail` says where it goes wrong."},
    {"METHOD_NOT_ALLOWED", 405, "The path does not answer to this method.", "The header Allow has those it does."},
    {"NOT_FOUND", 404, "There is nothing at this path, or not what it names.", "Check the path and the name in it."},
    {"NO_BARS", 422, "There are no bars to judge.", "Choose a range that has bars."},
    {"OPTIMIZATION_NOT_COMPLETED", 409, "The job has no result: it has not ended, or it failed.",
     "Wait until its state is completed; `detail` says why it failed."},
    {"PARQUET_NOT_AVAILABLE", 501, "The server cannot load DuckDB, which writes Parquet.",
     "Ask for format=arrow, or put libduckdb.so beside the program."},
    {"PAUSE_NOT_ALLOWED", 409, "Only queued and running jobs can be paused.", "Read the job's state."},
    {"PINE_COMPILE_ERROR", 422, "The script does not compile.",
     "`errors` have line, column and a hint; see docs/pine.md for what is supported."},
    {"PINE_RUNTIME_ERROR", 422, "The script failed while it ran.", "`detail` and `errors` say where and why."},
    {"PROFILE_RUNNING", 409, "A profile is being made; there can be one at a time.", "Try again when it is done."},
    {"PROVIDER_NOT_CONFIGURED", 422, "The data provider has no credentials.",
     "Set what `detail` names (docs/providers.md), and start the server again."},
    {"RANGE_NOT_SATISFIABLE", 416, "The bytes that Range asks for lie behind the file's end.",
     "Content-Range has the file's size."},
    {"RATE_LIMITED", 429, "More requests of this class than the key has.",
     "Wait for Retry-After seconds; RateLimit shows what is left."},
    {"REPLAY_NOT_ALLOWED", 409, "What is not yet delivered or given up cannot be sent again.",
     "Wait until its tries have ended: GET /api/v1/webhooks/{id}/deliveries."},
    {"RESEARCH_NOT_CONFIGURED", 409, "No model is configured.",
     "Set research_provider and its key (docs/research.md), and start the server again."},
    {"RESOURCE_EXHAUSTED", 503, "A bound is reached, such as that of waiting jobs.",
     "Ask for less, wait until there is room again, or raise the setting that `detail` names.", 422},
    {"RESUME_NOT_ALLOWED", 409, "Only paused jobs can be resumed.", "Read the job's state."},
    {"RETRY_NOT_ALLOWED", 409, "Only failed and cancelled jobs can be retried.", "Read the job's state."},
    {"SAVED_QUERY_CHANGED", 409, "Somebody else changed the saved query meanwhile.",
     "Read it again, and repeat the change."},
    {"SAVED_QUERY_NAME_TAKEN", 409, "Another saved query has this name.", "Choose another name."},
    {"SAVED_QUERY_NOT_FOUND", 404, "There is no saved query with this id.",
     "List them: GET /api/v1/historical-data/queries; deleted=true shows the deleted ones."},
    {"SCHEDULE_NOT_FOUND", 404, "There is no schedule of this name, or it is another owner's.",
     "List them: GET /api/v1/jobs/schedules."},
    {"SCOPE_MISSING", 403, "The API key lacks the scope that the route needs.",
     "Use a key with the scope that `detail` names."},
    {"SERVER_BUSY", 503, "More requests are in work than max_requests_in_work.",
     "Try again after Retry-After seconds, with fewer requests at a time."},
    {"STRATEGY_NOT_FOUND", 404, "The catalogue has no strategy of this name.", "List them: GET /api/v1/strategies."},
    {"TARGET_TOO_LONG", 414, "The request target is longer than 8 KiB.",
     "Send what is long in the body: there are POST routes for it."},
    {"TLS_REQUIRED", 400, "The port speaks HTTPS.", "Write https:// in the address."},
    {"TOO_MANY_BARS", 422, "The range holds more bars than an answer may have.",
     "Ask for a shorter range, longer bars or the last ones, or for Arrow or Parquet."},
    {"TOO_MANY_SUBSCRIPTIONS", 429, "The connection has as many channels as it may (WebSocket).",
     "Unsubscribe from some, or open another connection."},
    {"UNAVAILABLE", 503, "Something that the server needs does not answer, such as its database.",
     "Try again after Retry-After seconds; GET /readyz says what is away."},
    {"UNSUPPORTED", 422, "What is asked for is not supported.", "`detail` says what is."},
    {"UPGRADE_REQUIRED", 426, "The path speaks the WebSocket protocol.",
     "Connect with a WebSocket client, see docs/realtime.md."},
    {"WEBHOOK_DISABLED", 409, "The webhook is disabled, so nothing is sent to it.",
     "Enable it: PATCH /api/v1/webhooks/{id} with {\"enabled\": true}."},
    {"WEBHOOK_LIMIT_REACHED", 409,
     "The owner has as many webhooks, or the webhook as many waiting deliveries, as may be.",
     "Remove a webhook that is not used, or wait until what waits is sent."},
    {"WEBHOOK_NOT_FOUND", 404, "There is no webhook with this id, or it is another owner's.",
     "List yours: GET /api/v1/webhooks."},
};
static_assert(std::ranges::is_sorted(kCodes, {}, &ErrorCodeEntry::code));

}  // namespace

std::span<const ErrorCodeEntry> error_codes() { return kCodes; }

const ErrorCodeEntry* find_error_code(std::string_view code) {
  const auto* const found = std::ranges::lower_bound(kCodes, code, {}, &ErrorCodeEntry::code);
  return found != std::end(kCodes) && found->code == code ? found : nullptr;
}

std::string error_codes_markdown() {
  std::string page =
      "# Error codes\n\n"
      "<!-- Written from src/server/error_codes.cpp, see the test of ErrorCodes; change that. -->\n\n"
      "A request that is refused is answered with problem details (RFC 9457, `application/problem+json`). Their `code` "
      "is stable; `type` points at its line on the server's own page, `/api/errors#CODE`; `detail` is for people; "
      "`errors` name fields of the body by JSON pointer and parameters by name.\n\n"
      "| code | status | what it means | what to do |\n|---|---|---|---|\n";
  for (const ErrorCodeEntry& entry : kCodes) {
    page += fmt::format("| <a id=\"{0}\"></a>`{0}` | {1}{2} | {3} | {4} |\n", entry.code, entry.status,
                        entry.other_status != 0 ? fmt::format(", {}", entry.other_status) : "", entry.meaning,
                        entry.remedy);
  }
  return page;
}

}  // namespace tradeassist::server
