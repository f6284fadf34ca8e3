#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "feed/ingest.hpp"

namespace tradeassist::feed {
namespace {

constexpr std::int64_t kRows = 5'000'000;

/// A folder that is gone with the program, under $TMPDIR: what the disk there can do is part of the figures.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "tradeassist-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

const Folder& folder() {
  static const Folder instance;
  return instance;
}

/// Minute bars with prices that walk in cents; `iso` writes times as 2000-01-01T00:00:00Z rather than in seconds.
std::string bars_file(bool iso) {
  const std::filesystem::path path = folder().path() / (iso ? "iso.csv" : "epoch.csv");
  if (std::filesystem::exists(path)) return path.string();
  std::mt19937 random(1);
  std::ofstream file(path);
  file << "time,open,high,low,close,volume\n";
  std::int64_t close = 360'000;
  std::string line;
  const auto put = [&line](std::int64_t cents) {
    line += ',' + std::to_string(cents / 100) + '.' + static_cast<char>('0' + cents / 10 % 10) +
            static_cast<char>('0' + cents % 10);
  };
  for (std::int64_t i = 0; i < kRows; ++i) {
    const std::int64_t open = close;
    close = std::max<std::int64_t>(10'000, open + static_cast<std::int64_t>(random() % 201) - 100);
    const std::int64_t seconds = 946'684'800 + i * 60;
    line = iso ? base::format_time(base::time_from_nanoseconds(seconds * base::kNanosecondsPerSecond))
               : std::to_string(seconds);
    put(open);
    put(std::max(open, close) + static_cast<std::int64_t>(random() % 100));
    put(std::min(open, close) - static_cast<std::int64_t>(random() % 100));
    put(close);
    line += ',' + std::to_string(random() % 10'000) + '\n';
    file << line;
  }
  return path.string();
}

void parse(benchmark::State& state) {
  const auto format = detect(bars_file(state.range(1) != 0), {});
  for (auto _ : state) {
    const auto bars = read_csv(format.value(), {.threads = static_cast<unsigned>(state.range(0))});
    if (!bars) state.SkipWithError(bars.error().message.c_str());
  }
  state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(parse)
    ->ArgNames({"threads", "iso"})
    ->ArgsProduct({{1, 2}, {0, 1}})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

/// What `tradeassist import` does: look at the file, parse, store in SQLite, durable.
void import_into_new_store(benchmark::State& state) {
  const ImportRequest request{.paths = {bars_file(state.range(0) != 0)}, .symbol = "BENCH"};
  for (auto _ : state) {
    state.PauseTiming();
    const std::filesystem::path directory = folder().path() / "data";
    std::filesystem::remove_all(directory);
    auto store = store::MarketStore::open(directory);
    state.ResumeTiming();
    const auto report = import_csv(**store, request);
    if (!report) {
      state.SkipWithError(report.error().message.c_str());
      break;
    }
    state.counters["read_s"] = report->files.front().read_seconds;
    state.counters["store_s"] = report->files.front().store_seconds;
    state.PauseTiming();
    store->reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(import_into_new_store)
    ->ArgName("iso")
    ->Arg(0)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->Iterations(4);

}  // namespace
}  // namespace tradeassist::feed
