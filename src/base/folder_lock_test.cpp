#include "base/folder_lock.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>

namespace tradeassist::base {
namespace {

using testing::HasSubstr;

class FolderLockTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "folder-lock-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
};

TEST_F(FolderLockTest, is_had_by_one_at_a_time) {
  auto first = FolderLock::take(folder_);
  ASSERT_TRUE(first) << first.error().message;
  const auto second = FolderLock::take(folder_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_THAT(second.error().message, HasSubstr("process " + std::to_string(::getpid()) + ";"));
  EXPECT_THAT(second.error().message, HasSubstr(folder_.string()));
  { const FolderLock moved = std::move(*first); }
  EXPECT_TRUE(FolderLock::take(folder_));
}

TEST_F(FolderLockTest, is_given_up_when_its_process_is_killed) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto lock = FolderLock::take(folder_);
    const char done = lock ? 'y' : 'n';
    if (::write(ready[1], &done, 1) == 1) ::pause();
    ::_exit(1);
  }
  char done = 0;
  ASSERT_EQ(::read(ready[0], &done, 1), 1);
  EXPECT_EQ(done, 'y');
  EXPECT_FALSE(FolderLock::take(folder_));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(FolderLock::take(folder_));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(FolderLockTest, of_a_folder_that_cannot_be_made_says_so) {
  std::ofstream(folder_ / "file") << "x";
  const auto refused = FolderLock::take(folder_ / "file");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kIo);
  EXPECT_THAT(refused.error().message, HasSubstr("server.lock"));
}

}  // namespace
}  // namespace tradeassist::base
