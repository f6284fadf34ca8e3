#include "base/hand_over.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <future>

namespace tradeassist::base {
namespace {

class HandOverTest : public ::testing::Test {
 protected:
  HandOverTest() {
    // Longer than what an address of a Unix socket has room for.
    folder_ = std::filesystem::path(::testing::TempDir()) / ("hand_over_" + std::to_string(::getpid())) /
              std::string(120, 'f');
    std::filesystem::create_directories(folder_);
  }
  ~HandOverTest() override { std::filesystem::remove_all(folder_.parent_path()); }

  std::filesystem::path folder_;
};

Descriptor listening_socket() {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(::listen(socket.get(), 8), 0);
  return socket;
}

TEST_F(HandOverTest, passes_the_listening_socket_and_the_words_in_order) {
  const Descriptor socket = listening_socket();
  std::promise<bool> served;
  const auto point = HandOverPoint::open(folder_, [&](HandOver successor) {
    EXPECT_TRUE(successor.send_socket(socket));
    EXPECT_TRUE(successor.say(kYours));
    served.set_value(successor.hears(kServing));
  });
  ASSERT_TRUE(point) << point.error().message;
  struct stat status{};
  ASSERT_EQ(::stat((folder_ / "server.sock").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);

  const auto predecessor = HandOverPoint::ask(folder_);
  ASSERT_TRUE(predecessor);
  const auto handed = predecessor->receive_socket();
  ASSERT_TRUE(handed) << handed.error().message;
  EXPECT_EQ(listening_address(*handed)->port, listening_address(socket)->port);
  EXPECT_EQ(listening_address(*handed)->host, "127.0.0.1");
  EXPECT_TRUE(predecessor->hears(kYours));
  EXPECT_TRUE(predecessor->say(kServing));
  EXPECT_TRUE(served.get_future().get());
}

TEST_F(HandOverTest, the_end_of_a_successor_is_heard) {
  std::promise<bool> served;
  const auto point =
      HandOverPoint::open(folder_, [&](HandOver successor) { served.set_value(successor.hears(kServing)); });
  ASSERT_TRUE(point);
  { const auto gone = HandOverPoint::ask(folder_); }
  EXPECT_FALSE(served.get_future().get());
}

TEST_F(HandOverTest, nobody_can_be_asked_where_no_server_is_and_a_socket_that_was_left_is_replaced) {
  EXPECT_FALSE(HandOverPoint::ask(folder_));
  {
    const auto point = HandOverPoint::open(folder_, [](const HandOver&) {});
    ASSERT_TRUE(point);
    ASSERT_EQ(::link((folder_ / "server.sock").c_str(), (folder_ / "left").c_str()), 0);
  }
  std::filesystem::rename(folder_ / "left", folder_ / "server.sock");
  EXPECT_FALSE(HandOverPoint::ask(folder_));
  EXPECT_TRUE(HandOverPoint::open(folder_, [](const HandOver&) {}));
}

TEST_F(HandOverTest, a_predecessor_that_sends_nothing_is_an_error) {
  const auto point = HandOverPoint::open(folder_, [](const HandOver&) {});
  ASSERT_TRUE(point);
  const auto predecessor = HandOverPoint::ask(folder_);
  ASSERT_TRUE(predecessor);
  const auto handed = predecessor->receive_socket();
  ASSERT_FALSE(handed);
  EXPECT_EQ(handed.error().code, ErrorCode::kUnavailable);
}

TEST(InheritedSockets, are_those_that_are_meant_for_this_process) {
  const auto of = [](const std::string& process) {
    return inherited_sockets([&](const std::string& name) -> std::optional<std::string> {
      if (name == "LISTEN_PID") return process;
      return name == "LISTEN_FDS" ? std::optional<std::string>("0") : std::nullopt;
    });
  };
  EXPECT_TRUE(of("1").empty());
  EXPECT_TRUE(of(std::to_string(::getpid())).empty());
}

TEST(InheritedSockets, what_does_not_listen_is_refused) {
  const auto address = listening_address(Descriptor(::socket(AF_INET, SOCK_STREAM, 0)));
  ASSERT_FALSE(address);
  EXPECT_EQ(address.error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace tradeassist::base
