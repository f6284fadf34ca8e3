#include "mcp/mcp_routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <list>
#include <memory>
#include <mutex>
#include <utility>

#include "base/json.hpp"
#include "base/random_id.hpp"
#include "mcp/session.hpp"

namespace tradeassist::mcp {
namespace {

using server::HandlerResult;
using server::Request;
using server::Response;

constexpr const char* kPath = "/mcp";
constexpr const char* kSessionHeader = "mcp-session-id";
constexpr std::size_t kSessionsMax = 256;
constexpr std::size_t kSessionIdBytes = 16;
constexpr std::chrono::hours kIdleMax{1};

/// A session and whose it is: its tools do what that caller's key allows.
struct OwnSession {
  OwnSession(const server::Router& api, access::Caller caller_, const std::string& version)
      : caller(std::move(caller_)),
        host{.dispatch =
                 [&api, this](Request request) {
                   request.caller = caller;
                   return api.dispatch(std::move(request));
                 },
             .exports_folder = {}},
        session(host, version) {}
  OwnSession(const OwnSession&) = delete;
  OwnSession& operator=(const OwnSession&) = delete;

  const access::Caller caller;
  const ToolHost host;
  Session session;
};

/// The sessions of all clients, the one that was used last in front. One that nobody uses for an hour ends, and beyond
/// kSessionsMax the one that was used least lately. Those of another key are not found. Thread-safe.
class Sessions {
 public:
  std::shared_ptr<OwnSession> find(std::string_view id, const access::Caller& caller) {
    const std::lock_guard lock(mutex_);
    drop_idle();
    const auto found = place_of(id, caller);
    if (found == sessions_.end()) return nullptr;
    sessions_.splice(sessions_.begin(), sessions_, found);
    sessions_.front().used = Clock::now();
    return sessions_.front().session;
  }

  void add(std::string id, std::shared_ptr<OwnSession> session) {
    const std::lock_guard lock(mutex_);
    drop_idle();
    if (sessions_.size() == kSessionsMax) sessions_.pop_back();
    sessions_.push_front({std::move(id), std::move(session), Clock::now()});
  }

  std::shared_ptr<OwnSession> remove(std::string_view id, const access::Caller& caller) {
    const std::lock_guard lock(mutex_);
    const auto found = place_of(id, caller);
    if (found == sessions_.end()) return nullptr;
    auto session = std::move(found->session);
    sessions_.erase(found);
    return session;
  }

 private:
  using Clock = std::chrono::steady_clock;
  struct Entry {
    std::string id;
    std::shared_ptr<OwnSession> session;
    Clock::time_point used;
  };

  std::list<Entry>::iterator place_of(std::string_view id, const access::Caller& caller) {
    return std::ranges::find_if(
        sessions_, [&](const Entry& entry) { return entry.id == id && entry.session->caller.key_id == caller.key_id; });
  }
  void drop_idle() {
    while (!sessions_.empty() && Clock::now() - sessions_.back().used > kIdleMax) sessions_.pop_back();
  }

  std::mutex mutex_;
  std::list<Entry> sessions_;
};

Response refuse(unsigned status, int code, std::string why) {
  return {status, "application/json", base::json_text(rpc_error({code, std::move(why), nullptr})), {}};
}

class Endpoint {
 public:
  Endpoint(std::vector<server::Route> api, std::string version, server::Admit admit, server::Audit audit)
      : api_(std::move(api), std::move(admit), std::move(audit)), version_(std::move(version)) {}
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  HandlerResult post(const Request& request) {
    if (auto refusal = check_headers(request)) return std::move(*refusal);
    const auto id = request.header(kSessionHeader);
    if (!id) return begin(request);
    const auto own = sessions_.find(*id, request.caller);
    if (own == nullptr) return no_session();
    return answer(own->session, request);
  }

  HandlerResult end(const Request& request) {
    const auto id = request.header(kSessionHeader);
    if (!id) return refuse(400, kInvalidRequest, "the header Mcp-Session-Id is missing");
    const auto own = sessions_.remove(*id, request.caller);
    if (own == nullptr) return no_session();
    own->session.cancel_all();
    return Response{204, "application/json", "", {}};
  }

 private:
  static Response no_session() {
    return refuse(404, kInvalidRequest, "there is no such session, or it has ended; send initialize without one");
  }

  static std::optional<Response> check_headers(const Request& request) {
    const std::string_view type = request.header("content-type").value_or("");
    if (type.substr(0, type.find(';')) != "application/json")
      return refuse(415, kInvalidRequest, "the Content-Type of a message is application/json");
    const std::string_view accept = request.header("accept").value_or("*/*");
    const auto takes = [&](std::string_view range) { return accept.find(range) != std::string_view::npos; };
    if (!takes("application/json") && !takes("*/*") && !takes("application/*"))
      return refuse(406, kInvalidRequest, "answers are application/json; Accept has to list it");
    const auto version = request.header("mcp-protocol-version");
    if (version && !is_known_version(*version)) {
      return refuse(400, kInvalidRequest,
                    fmt::format("the header MCP-Protocol-Version must be one of {}", fmt::join(kVersions, ", ")));
    }
    return std::nullopt;
  }

  /// Only `initialize` begins a session.
  Response begin(const Request& request) {
    const auto own = std::make_shared<OwnSession>(api_, request.caller, version_);
    Response response = answer(own->session, request);
    if (!own->session.agreed_version()) {
      if (response.status >= 400) return response;
      return refuse(400, kInvalidRequest, "the header Mcp-Session-Id is missing; a session begins with initialize");
    }
    auto id = base::random_hex(kSessionIdBytes);
    if (!id) return refuse(503, kInternalError, id.error().message);
    response.headers.emplace_back("Mcp-Session-Id", *id);
    sessions_.add(*std::move(id), own);
    return response;
  }

  static Response answer(Session& session, const Request& request) {
    const auto incoming = session.take(request.body, request.body.size());
    const bool is_unreadable = !incoming.text.is_batch && std::holds_alternative<RpcError>(incoming.text.items.front());
    auto text = session.answer(incoming, request.deadline);
    if (!text) return {202, "application/json", "", {}};
    return {is_unreadable ? 400u : 200u, "application/json", std::move(*text), {}};
  }

  const server::Router api_;
  const std::string version_;
  Sessions sessions_;
};

/// JSON-RPC in both directions: what is in a message is the Model Context Protocol's matter.
boost::json::object message_schema(server::openapi::Schemas&) {
  return {{"type", boost::json::array{"object", "array"}}, {"description", "One message of JSON-RPC 2.0, or a batch"}};
}

server::RouteDescription describe_post() {
  return server::describe("post_mcp_message", "Model Context Protocol")
      .say("See docs/mcp.md. A notification is not answered: 202.")
      .header("Mcp-Session-Id")
      .header("MCP-Protocol-Version")
      .takes("application/json", message_schema,
             R"({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": "2025-06-18",
                 "capabilities": {}, "clientInfo": {"name": "example", "version": "1"}}})")
      .answers(200, "application/json", message_schema, {"Mcp-Session-Id"})
      .answers_nothing(202, "There is nothing to answer")
      .answers(400, "application/json", message_schema)
      .answers(404, "application/json", message_schema)
      .answers(406, "application/json", message_schema)
      .answers(415, "application/json", message_schema)
      .answers(503, "application/json", message_schema);
}

server::RouteDescription describe_end() {
  return server::describe("end_mcp_session", "Model Context Protocol")
      .header("Mcp-Session-Id")
      .answers_nothing(204, "The session has ended")
      .answers(400, "application/json", message_schema)
      .answers(404, "application/json", message_schema);
}

}  // namespace

std::vector<server::Route> with_mcp(std::vector<server::Route> api, std::string version, server::Admit admit,
                                    server::Audit audit) {
  const auto endpoint = std::make_shared<Endpoint>(api, std::move(version), std::move(admit), std::move(audit));
  api.push_back({server::Method::kPost, kPath, "A message of the Model Context Protocol",
                 [endpoint](const Request& request) { return endpoint->post(request); }, describe_post()});
  api.push_back({server::Method::kDelete, kPath, "End a session of the Model Context Protocol",
                 [endpoint](const Request& request) { return endpoint->end(request); }, describe_end()});
  return api;
}

}  // namespace tradeassist::mcp
