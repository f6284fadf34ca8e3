#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "feed/csv/read_csv.hpp"

// Any file: what it holds is found out or refused with a reason, each line is accounted for, bars are in order, and any
// number of threads gives the same.
namespace {

using namespace tradeassist;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

/// A file in memory that has a path.
class MemoryFile {
 public:
  MemoryFile(const std::uint8_t* data, std::size_t size) : descriptor_(memfd_create("fuzz.csv", MFD_CLOEXEC)) {
    require(descriptor_ >= 0);
    require(write(descriptor_, data, size) == static_cast<ssize_t>(size));
  }
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

void check_bars(const feed::CsvFormat& format) {
  const auto one = feed::read_csv(format, {.threads = 1});
  const auto three = feed::read_csv(format, {.threads = 3});
  require(one.has_value() == three.has_value());
  if (!one) {
    require(one.error().message == three.error().message);
    return;
  }
  const feed::CsvReport& report = one->report;
  require(report.rows == report.bars + report.bad + report.duplicates + report.unwanted);
  require(report.lines >= report.rows);
  require(report.bars == static_cast<std::int64_t>(one->series.size()));
  require(report.problems.size() <= feed::kProblemsShown);
  for (std::size_t i = 1; i < one->series.size(); ++i) require(one->series.time[i - 1] <= one->series.time[i]);
  require(one->series.time == three->series.time && one->series.close == three->series.close);
  require(feed::describe(report, format.path) == feed::describe(three->report, format.path));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const MemoryFile file(data, size);
  for (const char* zone : {"", "America/New_York"}) {
    const auto format = feed::detect(file.path(), {.time_zone = zone});
    if (format) {
      check_bars(*format);
    } else {
      require(!format.error().message.empty());
    }
  }
  return 0;
}
