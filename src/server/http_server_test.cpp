#include "server/http_server.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <thread>

#include "server/http/content_coding.hpp"
#include "server/http/testing/certificates.hpp"
#include "server/http/tls_certificate.hpp"
#include "server/problem.hpp"

namespace tradeassist::server {
namespace {

using namespace std::chrono_literals;

/// A plain socket, because the bytes on the wire are what is tested.
class Client {
 public:
  explicit Client(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    timeval limit{10, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  ~Client() { ::close(descriptor_); }
  Client(const Client&) = delete;

  void send(const std::string& text) { ::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL); }

  /// Everything until the server closes (send "Connection: close") or falls silent.
  std::string read_all() {
    std::string all;
    char buffer[65536];
    for (ssize_t got = 0; (got = ::recv(descriptor_, buffer, sizeof buffer, 0)) > 0;) {
      all.append(buffer, static_cast<std::size_t>(got));
    }
    return all;
  }
  /// What comes next.
  std::string read_some() {
    char buffer[65536];
    const ssize_t got = ::recv(descriptor_, buffer, sizeof buffer, 0);
    return {buffer, static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
  }
  std::string read_until(const std::string& end) {
    std::string all;
    for (char c = 0; !all.ends_with(end) && ::recv(descriptor_, &c, 1, 0) == 1;) all += c;
    return all;
  }
  std::string ask(const std::string& text) {
    send(text);
    return read_all();
  }
  bool connected() const { return connected_; }

 private:
  int descriptor_;
  bool connected_ = false;
};

std::string get(const std::string& path, const std::string& headers = "") {
  return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + headers + "\r\n";
}

std::unique_ptr<HttpServer> start(HttpServer::Handle handle, HttpOptions options) {
  options.port = 0;
  auto server = HttpServer::listen(options, std::move(handle));
  EXPECT_TRUE(server);
  (*server)->start();
  return std::move(*server);
}

std::unique_ptr<HttpServer> start(HttpServer::Handle handle, HttpLimits limits = {}) {
  HttpOptions options;
  options.limits = limits;
  return start(std::move(handle), options);
}

Response echo(Request request) { return {200, "text/plain", request.path + "|" + request.body, {}}; }

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(HttpServer, answers_with_security_headers_and_a_request_id) {
  const auto server = start(echo);
  const std::string answer = Client(server->port()).ask(get("/hello", "X-Request-Id: mine-1\r\n"));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
  EXPECT_TRUE(contains(answer, "/hello|"));
  EXPECT_TRUE(contains(answer, "X-Request-Id: mine-1"));
  EXPECT_TRUE(contains(answer, "X-Content-Type-Options: nosniff"));
}

TEST(HttpServer, a_request_id_that_could_forge_a_line_is_replaced) {
  const auto server = start(echo);
  const std::string answer = Client(server->port()).ask(get("/", "X-Request-Id: a b\"c\r\n"));
  EXPECT_FALSE(contains(answer, "a b\"c"));
}

TEST(HttpServer, answers_an_unchanged_read_with_304) {
  const auto server = start(echo);
  const std::string first = Client(server->port()).ask(get("/x"));
  const std::size_t begin = first.find("ETag: ") + 6;
  const std::string tag = first.substr(begin, first.find("\r\n", begin) - begin);
  const std::string second = Client(server->port()).ask(get("/x", "If-None-Match: " + tag + "\r\n"));
  EXPECT_TRUE(second.starts_with("HTTP/1.1 304")) << second;
}

TEST(HttpServer, bounds_bodies_headers_and_targets) {
  HttpLimits limits;
  limits.body_bytes_max = 1000;
  limits.header_bytes_max = 2000;
  limits.target_bytes_max = 500;
  const auto server = start(echo, limits);
  EXPECT_TRUE(
      contains(Client(server->port())
                   .ask("POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 1001\r\n\r\n" +
                        std::string(1001, 'x')),
               " 413 "));
  EXPECT_TRUE(contains(Client(server->port()).ask(get("/", "X-Long: " + std::string(4000, 'y') + "\r\n")), " 431 "));
  EXPECT_TRUE(contains(Client(server->port()).ask(get("/" + std::string(600, 'z'))), " 414 "));
}

/// A server with large bodies at /big.
HttpOptions with_large_bodies(std::size_t bytes_max) {
  HttpOptions options;
  options.limits.body_bytes_max = 1000;
  options.large_bodies.paths = {"/big"};
  options.large_bodies.bytes_max = bytes_max;
  options.large_bodies.advice = "Use the command.";
  return options;
}

std::string post(const std::string& path, std::size_t size, const std::string& headers = "") {
  return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers +
         "Content-Length: " + std::to_string(size) + "\r\n\r\n";
}

TEST(HttpServer, takes_larger_bodies_where_they_belong_and_nowhere_else) {
  const auto server = start(echo, with_large_bodies(5000));
  const std::string body(5000, 'x');
  EXPECT_TRUE(contains(Client(server->port()).ask(post("/big?a=1", 5000) + body), "/big|" + body));
  EXPECT_TRUE(contains(Client(server->port()).ask(post("/other", 5000) + body), " 413 "));
  const std::string refused = Client(server->port()).ask(post("/big", 5001) + body + "x");
  EXPECT_TRUE(contains(refused, " 413 ")) << refused;
  EXPECT_TRUE(contains(refused, "larger than 5000 bytes. Use the command.")) << refused;
}

TEST(HttpServer, bounds_larger_bodies_that_come_in_chunks_or_are_compressed) {
  const auto server = start(echo, with_large_bodies(50'000));
  const std::string chunked =
      "POST /big HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string part(20'000, 'x'), chunk = "4e20\r\n" + part + "\r\n";
  EXPECT_TRUE(contains(Client(server->port()).ask(chunked + chunk + chunk + "0\r\n\r\n"), "/big|" + part + part));
  EXPECT_TRUE(contains(Client(server->port()).ask(chunked + chunk + chunk + chunk + "0\r\n\r\n"), " 413 "));
  for (const auto& [size, status] : {std::pair{50'000, " 200 "}, std::pair{50'001, " 413 "}}) {
    const std::string packed = encode(ContentCoding::kGzip, std::string(static_cast<std::size_t>(size), 'x'));
    ASSERT_LT(packed.size(), 1000U);
    const std::string answer =
        Client(server->port()).ask(post("/big", packed.size(), "Content-Encoding: gzip\r\n") + packed);
    EXPECT_TRUE(contains(answer, status)) << size << answer.substr(0, 500);
  }
}

TEST(HttpServer, whoever_may_not_send_a_larger_body_is_told_before_it_comes) {
  HttpOptions options = with_large_bodies(1'000'000);
  std::atomic<int> asked = 0;
  options.large_bodies.refuse = [&](const Request& request) -> std::optional<Response> {
    ++asked;
    if (request.header("x-api-key") == "good" && request.query_value("a") == "1") return std::nullopt;
    return to_response({403, "SCOPE_MISSING", "no", {}}, request.path);
  };
  const auto server = start(echo, options);
  Client refused(server->port());
  refused.send(post("/big", 900'000));  // and nothing of it
  EXPECT_TRUE(contains(refused.read_until("\r\n"), " 403 "));
  const std::string body(2000, 'x');
  EXPECT_TRUE(contains(Client(server->port()).ask(post("/big?a=1", 2000, "X-API-Key: good\r\n") + body), " 200 "));
  EXPECT_EQ(asked, 2);
  EXPECT_TRUE(
      contains(Client(server->port()).ask(post("/big", 5) + "small"), "/big|small"));  // asked later, by its route
  EXPECT_EQ(asked, 2);
}

TEST(HttpServer, there_are_only_so_many_larger_bodies_at_a_time) {
  const auto server = start(echo, with_large_bodies(1'000'000));
  const std::string body(2000, 'x');
  Client first(server->port());
  first.send(post("/big", 2000, "Expect: 100-continue\r\n"));
  EXPECT_TRUE(contains(first.read_until("\r\n\r\n"), "100 Continue"));
  const std::string busy = Client(server->port()).ask(post("/big", 2000) + body);
  EXPECT_TRUE(contains(busy, " 503 ")) << busy;
  EXPECT_TRUE(contains(busy, "Retry-After: 1")) << busy;
  first.send(body);
  EXPECT_TRUE(contains(first.read_all(), " 200 "));
  EXPECT_TRUE(contains(Client(server->port()).ask(post("/big", 2000) + body), " 200 "));
}

TEST(HttpServer, refuses_malformed_requests_and_dot_segments) {
  const auto server = start(echo);
  EXPECT_TRUE(contains(Client(server->port()).ask("NONSENSE\r\n\r\n"), " 400 "));
  EXPECT_TRUE(contains(Client(server->port()).ask(get("/a/%2e%2e/etc/passwd")), " 400 "));
}

TEST(HttpServer, refuses_foreign_hosts_and_origins_on_loopback) {
  const auto server = start(echo);
  EXPECT_TRUE(contains(Client(server->port()).ask("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"),
                       " 403 "));
  EXPECT_TRUE(contains(Client(server->port()).ask(get("/", "Origin: http://evil.example\r\n")), " 403 "));
  EXPECT_TRUE(contains(Client(server->port()).ask(get("/", "Origin: http://127.0.0.1\r\n")), " 200 "));
}

TEST(HttpServer, a_handler_over_its_time_is_asked_to_stop) {
  HttpLimits limits;
  limits.request_time_max = 50ms;
  const auto server = start(
      [](const Request& request) -> Response {
        for (int i = 0; i < 500 && !request.deadline.stop_requested(); ++i) std::this_thread::sleep_for(10ms);
        return to_response(problem_from({base::ErrorCode::kCancelled, ""}), request.path);
      },
      limits);
  EXPECT_TRUE(contains(Client(server->port()).ask(get("/slow")), " 504 "));
}

TEST(HttpServer, more_requests_in_work_than_allowed_get_503) {
  HttpLimits limits;
  limits.requests_in_work_max = 1;
  std::atomic<bool> release = false;
  std::atomic<bool> entered = false;
  const auto server = start(
      [&](const Request& request) {
        entered = true;
        while (!release && request.path == "/hold") std::this_thread::sleep_for(1ms);
        return echo(request);
      },
      limits);
  Client holder(server->port());
  holder.send(get("/hold"));
  while (!entered) std::this_thread::sleep_for(1ms);
  EXPECT_TRUE(contains(Client(server->port()).ask(get("/other")), " 503 "));
  release = true;
  EXPECT_TRUE(contains(holder.read_all(), " 200 "));
}

TEST(HttpServer, probes_wait_for_nothing_and_are_answered_when_all_is_busy) {
  HttpOptions options;
  options.limits.requests_in_work_max = 1;
  options.lane_of = [](const Request& request) {
    return request.path == "/probe" ? Lane::kProbe : request.path == "/sampled" ? Lane::kSampled : Lane::kCompute;
  };
  std::atomic<bool> release = false;
  std::atomic<int> entered = 0;
  const auto server = start(
      [&](const Request& request) {
        ++entered;
        while (!release && request.path != "/probe") std::this_thread::sleep_for(1ms);
        return echo(request);
      },
      options);
  Client busy(server->port()), sampled(server->port());
  busy.send(get("/hold"));
  while (entered < 1) std::this_thread::sleep_for(1ms);
  sampled.send(get("/sampled"));
  while (entered < 2) std::this_thread::sleep_for(1ms);
  EXPECT_TRUE(contains(Client(server->port()).ask(get("/other")), " 503 "));
  EXPECT_TRUE(contains(Client(server->port()).ask(get("/probe")), "/probe|"));
  release = true;
  EXPECT_TRUE(contains(busy.read_all(), "/hold|"));
  EXPECT_TRUE(contains(sampled.read_all(), "/sampled|"));
}

TEST(HttpServer, keeps_a_connection_for_the_next_request) {
  const auto server = start(echo);
  Client client(server->port());
  client.send("GET /one HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const std::string both = client.ask(get("/two"));
  EXPECT_TRUE(contains(both, "/one|") && contains(both, "/two|")) << both;
}

TEST(HttpServer, stop_lets_a_request_in_work_finish) {
  std::atomic<bool> entered = false;
  const auto server = start([&](const Request& request) {
    entered = true;
    std::this_thread::sleep_for(100ms);
    return echo(request);
  });
  Client client(server->port());
  client.send(get("/slow"));
  while (!entered) std::this_thread::sleep_for(1ms);
  server->stop(5s);
  EXPECT_TRUE(contains(client.read_all(), "/slow|"));
}

TEST(HttpServer, a_connection_that_is_kept_gets_one_more_answer_when_the_server_stops) {
  const auto server = start(echo);
  const std::uint16_t port = server->port();
  Client client(port);
  client.send("GET /a HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  const std::string first = client.read_until("/a|");
  EXPECT_FALSE(contains(first, "Connection: close")) << first;
  std::jthread ending([&] { server->stop(5s); });
  while (Client(port).connected()) std::this_thread::sleep_for(1ms);  // it accepts no more
  client.send("GET /b HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  const std::string last = client.read_all();
  EXPECT_TRUE(contains(last, "/b|")) << last;
  EXPECT_TRUE(contains(last, "Connection: close")) << last;
}

TEST(HttpServer, answers_ask_to_close_the_connection_when_the_end_is_near) {
  const auto server = start(echo);
  Client client(server->port());
  server->close_after_answers();
  client.send("GET /a HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  EXPECT_TRUE(contains(client.read_all(), "Connection: close"));
  EXPECT_TRUE(contains(Client(server->port()).ask(get("/b")), "/b|"));  // others still come
}

TEST(HttpServer, another_server_goes_on_with_its_listening_socket_and_nobody_is_refused) {
  auto first = start(echo);
  const std::uint16_t port = first->port();
  const int socket = ::dup(first->listening_socket());
  first->stop_accepting(/*is_handed_over=*/true);
  Client waiting(port);  // in the queue of the socket
  ASSERT_TRUE(waiting.connected());
  waiting.send(get("/waited"));
  first->stop(5s);
  first.reset();
  HttpOptions options;
  options.listening_socket = socket;
  auto second = HttpServer::listen(options, echo);
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ((*second)->port(), port);
  (*second)->start();
  EXPECT_TRUE(contains(waiting.read_all(), "/waited|"));
  EXPECT_TRUE(contains(Client(port).ask(get("/new")), "/new|"));
}

TEST(HttpServer, who_waits_in_the_queue_when_it_stops_is_served) {
  // One connection at a time, and that one does not end: others wait.
  HttpLimits limits;
  limits.connections_max = 1;
  std::atomic<bool> release = false;
  const auto server = start(
      [&](Request request) {
        while (!release) std::this_thread::sleep_for(1ms);
        return echo(std::move(request));
      },
      limits);
  Client first(server->port());
  first.send(get("/first"));
  Client second(server->port());
  second.send(get("/second"));
  std::jthread releasing([&] {
    std::this_thread::sleep_for(50ms);
    release = true;
  });
  EXPECT_TRUE(contains(first.read_all(), "/first|"));
  server->stop(5s);
  EXPECT_TRUE(contains(second.read_all(), "/second|"));
}

TEST(HttpServer, its_pulse_stands_still_where_all_compute_threads_hang) {
  HttpLimits limits;
  std::atomic<bool> release = false;
  std::atomic<int> hanging = 0;
  const auto server = start(
      [&](Request request) {
        ++hanging;
        while (!release) std::this_thread::sleep_for(1ms);
        return echo(std::move(request));
      },
      limits);
  const auto before = server->check_pulse();
  while (server->check_pulse().compute <= before.compute) std::this_thread::sleep_for(1ms);
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 2; ++i) {
    clients.push_back(std::make_unique<Client>(server->port()));
    clients.back()->send(get("/hangs"));
  }
  while (hanging < 2) std::this_thread::sleep_for(1ms);
  const auto hung = server->check_pulse();
  while (server->check_pulse().io <= hung.io) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(server->check_pulse().compute, hung.compute);
  release = true;
  while (server->check_pulse().compute <= hung.compute) std::this_thread::sleep_for(1ms);
}

TEST(HttpServer, a_taken_port_is_an_error_that_names_it) {
  const auto server = start(echo);
  HttpOptions options;
  options.port = server->port();
  const auto second = HttpServer::listen(options, echo);
  ASSERT_FALSE(second);
  EXPECT_TRUE(contains(second.error().message, std::to_string(server->port())));
}

TEST(HttpServer, answers_are_compressed_for_those_who_like_it) {
  const std::string text(10'000, 'x');
  const auto server = start([&](const Request&) { return Response{200, "text/plain", text, {}}; });
  const std::string plain = Client(server->port()).ask(get("/"));
  EXPECT_TRUE(contains(plain, text) && contains(plain, "Vary: Accept-Encoding")) << plain.substr(0, 500);
  for (const char* coding : {"gzip", "zstd"}) {
    const std::string answer = Client(server->port()).ask(get("/", std::string("Accept-Encoding: ") + coding + "\r\n"));
    EXPECT_TRUE(contains(answer, std::string("Content-Encoding: ") + coding));
    const std::size_t body = answer.find("\r\n\r\n") + 4;
    EXPECT_EQ(decode(coding_named(coding).value(), answer.substr(body), 100'000).value(), text);
    const std::size_t tag = answer.find("ETag: ") + 6;
    const std::string etag = answer.substr(tag, answer.find("\r\n", tag) - tag);
    const std::string again =
        Client(server->port())
            .ask(get("/", std::string("Accept-Encoding: ") + coding + "\r\nIf-None-Match: " + etag + "\r\n"));
    EXPECT_TRUE(again.starts_with("HTTP/1.1 304")) << again;
    EXPECT_FALSE(contains(plain, etag));
  }
}

TEST(HttpServer, a_client_that_waits_for_leave_to_send_gets_it) {
  const auto server = start(echo);
  Client client(server->port());
  client.send("POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(client.read_some(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("abc");
  EXPECT_TRUE(contains(client.read_some(), "/|abc"));
}

TEST(HttpServer, an_idle_connection_gives_way_to_one_that_waits) {
  HttpLimits limits;
  limits.connections_max = 1;
  limits.header_time_max = 60s;
  const auto server = start(echo, limits);
  Client idle(server->port());
  idle.send("GET /one HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_TRUE(contains(idle.read_some(), "/one|"));
  EXPECT_TRUE(contains(Client(server->port()).ask(get("/two")), "/two|"));
  EXPECT_EQ(idle.read_all(), "");
}

TEST(HttpServer, pages_elsewhere_may_call_when_they_are_named) {
  HttpOptions options;
  options.allowed_origins = {"https://desk.example"};
  const auto server = start(echo, options);
  const std::string preflight =
      Client(server->port())
          .ask(
              "OPTIONS /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nOrigin: https://desk.example\r\n"
              "Access-Control-Request-Method: POST\r\n\r\n");
  EXPECT_TRUE(preflight.starts_with("HTTP/1.1 204")) << preflight;
  EXPECT_TRUE(contains(preflight, "Access-Control-Allow-Origin: https://desk.example"));
  EXPECT_TRUE(contains(preflight, "Idempotency-Key"));
  const std::string named = Client(server->port()).ask(get("/x", "Origin: https://desk.example\r\n"));
  EXPECT_TRUE(contains(named, "/x|") && contains(named, "Access-Control-Allow-Origin: https://desk.example"));
  EXPECT_TRUE(contains(named, "Vary: Origin"));
  options.own_origin_only = false;
  const auto open = start(echo, options);
  EXPECT_FALSE(contains(Client(open->port()).ask(get("/x", "Origin: https://evil.example\r\n")), "Access-Control"));
}

TEST(HttpServer, speaks_tls_with_its_certificate_and_says_so_to_those_who_do_not) {
  const testing::CertificateFolder folder;
  const auto certificate = TlsCertificate::load({folder.certificate("a"), folder.key("a"), ""}).value();
  HttpOptions options;
  options.tls = certificate.get();
  const auto server = start(echo, options);

  namespace asio = boost::asio;
  asio::io_context io;
  asio::ssl::context trusting(asio::ssl::context::tls_client);
  trusting.load_verify_file(folder.certificate("a"));
  trusting.set_verify_mode(asio::ssl::verify_peer);
  asio::ssl::stream<asio::ip::tcp::socket> stream(io, trusting);
  stream.set_verify_callback(asio::ssl::host_name_verification("localhost"));
  stream.lowest_layer().connect({asio::ip::address_v4::loopback(), server->port()});
  stream.handshake(asio::ssl::stream_base::client);
  asio::write(stream, asio::buffer(get("/secret")));
  std::string answer;
  boost::system::error_code end;
  asio::read(stream, asio::dynamic_buffer(answer), end);
  EXPECT_EQ(end, asio::error::eof);  // not cut off
  EXPECT_TRUE(contains(answer, "/secret|")) << answer;
  EXPECT_TRUE(contains(answer, "Strict-Transport-Security: max-age=31536000"));

  const std::string plain = Client(server->port()).ask(get("/secret"));
  EXPECT_TRUE(contains(plain, " 400 ") && contains(plain, "TLS_REQUIRED")) << plain;
}

}  // namespace
}  // namespace tradeassist::server
