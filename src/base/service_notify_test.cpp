#include "base/service_notify.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <filesystem>
#include <map>

namespace tradeassist::base {
namespace {

/// A service manager's end: a datagram socket at a path, or with an abstract name.
class Manager {
 public:
  explicit Manager(std::string address) : descriptor_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
    const bool is_abstract = address.front() == '@';
    if (is_abstract) address.front() = '\0';
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, address.data(), address.size());
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size() + (is_abstract ? 0 : 1));
    EXPECT_EQ(::bind(descriptor_, reinterpret_cast<sockaddr*>(&name), size), 0);
    timeval limit{5, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  ~Manager() { ::close(descriptor_); }
  Manager(const Manager&) = delete;

  std::string receive() {
    char buffer[4'096];
    const ssize_t size = ::recv(descriptor_, buffer, sizeof buffer, 0);
    return size < 0 ? "nothing" : std::string(buffer, static_cast<std::size_t>(size));
  }

 private:
  int descriptor_;
};

ServiceNotifier::Lookup environment(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

TEST(ServiceNotifier, tells_a_manager_at_a_path_what_systemd_wants_to_hear) {
  const std::string path = (std::filesystem::path(::testing::TempDir()) / "tradeassist_notify_test").string();
  std::filesystem::remove(path);
  Manager manager(path);
  const ServiceNotifier notifier(environment({{"NOTIFY_SOCKET", path}}));
  EXPECT_TRUE(notifier.is_heard());
  notifier.ready("serving\nhttp");
  EXPECT_EQ(manager.receive(), "READY=1\nSTATUS=serving http");
  notifier.status("busy");
  EXPECT_EQ(manager.receive(), "STATUS=busy");
  notifier.alive();
  EXPECT_EQ(manager.receive(), "WATCHDOG=1");
  notifier.reloading("reading the configuration");
  EXPECT_TRUE(manager.receive().starts_with("RELOADING=1\nMONOTONIC_USEC="));
  notifier.stopping("draining");
  EXPECT_EQ(manager.receive(), "STOPPING=1\nSTATUS=draining");
  std::filesystem::remove(path);
}

TEST(ServiceNotifier, reaches_an_abstract_name) {
  const std::string name = "@tradeassist_notify_test_" + std::to_string(::getpid());
  Manager manager(name);
  ServiceNotifier(environment({{"NOTIFY_SOCKET", name}})).alive();
  EXPECT_EQ(manager.receive(), "WATCHDOG=1");
}

TEST(ServiceNotifier, says_nothing_to_nobody) {
  const ServiceNotifier silent(environment({}));
  EXPECT_FALSE(silent.is_heard());
  EXPECT_FALSE(silent.watchdog());
  silent.ready("");
  const ServiceNotifier lost(environment({{"NOTIFY_SOCKET", "/nowhere/at/all"}}));
  lost.ready("");
  EXPECT_FALSE(ServiceNotifier(environment({{"NOTIFY_SOCKET", std::string(200, '/')}})).is_heard());
}

TEST(ServiceNotifier, heeds_a_watchdog_that_is_meant_for_this_process) {
  const std::string self = std::to_string(::getpid());
  const auto watchdog = [](const std::string& microseconds, const std::string& process) {
    return ServiceNotifier(
               environment({{"NOTIFY_SOCKET", "@nobody"}, {"WATCHDOG_USEC", microseconds}, {"WATCHDOG_PID", process}}))
        .watchdog();
  };
  EXPECT_EQ(watchdog("30000000", self), std::chrono::seconds(30));
  EXPECT_FALSE(watchdog("30000000", "1"));
  EXPECT_FALSE(watchdog("soon", self));
}

}  // namespace
}  // namespace tradeassist::base
