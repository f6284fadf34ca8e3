#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "server/http_server.hpp"
#include "server/problem.hpp"
#include "server/realtime/hub.hpp"
#include "server/realtime/web_socket.hpp"

// Any bytes over a connection: the server answers HTTP or a WebSocket, or nothing, ends the connection when the client
// has, hands on only requests that keep its bounds, and serves the next one.
namespace {

using namespace tradeassist;

constexpr std::chrono::seconds kAnswerTimeMax{10};

void require(bool holds) {
  if (!holds) __builtin_trap();
}

server::HttpLimits limits() {
  server::HttpLimits limits;
  limits.header_bytes_max = 4 * 1024;
  limits.target_bytes_max = 512;
  limits.body_bytes_max = 64 * 1024;
  return limits;
}

server::Response handle(const server::Request& request) {
  const server::HttpLimits most = limits();
  require(request.path.starts_with('/') && request.path.size() <= most.target_bytes_max);
  require(request.path.find("/../") == std::string::npos && !request.path.ends_with("/.."));
  require(request.body.size() <= most.body_bytes_max);
  require(!request.request_id.empty());
  for (const char c : request.path) require(c != '\0' && c != '\r' && c != '\n');
  server::Response response;
  if (request.path == "/ws/realtime") {
    response.status = 101;
    response.upgraded = request.caller;
    return response;
  }
  response.content_type = "text/plain";
  response.body = request.path + request.body;
  return response;
}

class Server {
 public:
  Server() {
    endpoint_.hub = &hub_;
    endpoint_.cancel = [](const access::Caller&, const std::string& id) -> base::Result<void> {
      return base::failure(base::ErrorCode::kNotFound, "there is no job " + id);
    };
    server::HttpOptions options;
    options.port = 0;
    options.compute_threads = 1;
    options.limits = limits();
    options.web_socket = &endpoint_;
    options.own_origin_only = false;
    server_ = server::HttpServer::listen(std::move(options), handle).value();
    server_->start();
  }

  std::uint16_t port() const { return server_->port(); }

 private:
  server::Hub hub_;
  server::WebSocketEndpoint endpoint_{};
  std::unique_ptr<server::HttpServer> server_;
};

/// Says it all, then that it has nothing more to say; what the server answers until it closes.
std::string talk(std::uint16_t port, const std::uint8_t* data, std::size_t size) {
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  require(connection >= 0);
  const timeval patience{kAnswerTimeMax.count(), 0};
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  const linger at_once{1, 0};  // so that ports do not run out
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  require(connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  for (std::size_t sent = 0; sent < size;) {
    const ssize_t now = send(connection, data + sent, size - sent, MSG_NOSIGNAL);
    if (now <= 0) break;  // it has had enough
    sent += static_cast<std::size_t>(now);
  }
  shutdown(connection, SHUT_WR);
  std::string answer;
  std::array<char, 16 * 1024> piece{};
  ssize_t got = 0;
  do {
    got = recv(connection, piece.data(), piece.size(), 0);
    if (got > 0) answer.append(piece.data(), static_cast<std::size_t>(got));
  } while (got > 0 || (got < 0 && errno == EINTR));  // libFuzzer looks at the time now and then
  require(got == 0 || errno == ECONNRESET);  // not EAGAIN: the server would wait for more
  setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(connection);
  return answer;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Server server;
  const std::string answer = talk(server.port(), data, size);
  require(answer.empty() || answer.starts_with("HTTP/1."));
  return 0;
}
