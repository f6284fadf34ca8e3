#include "base/memory.hpp"

#include <gtest/gtest.h>

#include <vector>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tradeassist::base {
namespace {

/// Page faults of filling 24 MB in columns of 4 MB.
long faults_of_filling_columns() {
  rusage before{}, after{};
  ::getrusage(RUSAGE_SELF, &before);
  std::vector<std::vector<double>> columns;
  for (int i = 0; i < 6; ++i) columns.emplace_back(500'000, 1.0);
  ::getrusage(RUSAGE_SELF, &after);
  return after.ru_minflt - before.ru_minflt;
}

TEST(Memory, columns_that_come_again_cost_no_page_faults) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the sanitizer has its own allocator";
#endif
  // In a process of its own: the setting is the whole process's.
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    prepare_heap_for_columns();
    const long first = faults_of_filling_columns();
    const long second = faults_of_filling_columns();
    ::_exit(first >= 1 && second < 100 ? 0 : 1);  // 24 MB are 5,859 pages
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace tradeassist::base
