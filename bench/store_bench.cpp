#include <benchmark/benchmark.h>

#include <cmath>
#include <random>

#include "store/codec/chunk_codec.hpp"

namespace tradeassist::store {
namespace {

using market::Series;

/// Minute bars like a stock's: 390 a day, five days a week, prices that walk in cents, whole volumes.
Series minute_bars(std::size_t rows) {
  std::mt19937_64 random(1);
  Series bars;
  bars.resize(rows);
  const std::int64_t first_monday = 946'909'800'000'000'000;  // 2000-01-03T14:30:00Z
  double close = 10'000;                                      // in cents
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t day = i / 390;
    bars.time[i] = first_monday + static_cast<std::int64_t>(day / 5 * 7 + day % 5) * base::kNanosecondsPerDay +
                   static_cast<std::int64_t>(i % 390) * 60 * base::kNanosecondsPerSecond;
    const auto up_to = [&](std::uint64_t bound) { return static_cast<double>(random() % bound); };
    const double open = std::max(100.0, close + up_to(3) - 1);
    close = std::max(100.0, open + up_to(21) - 10);
    bars.open[i] = open / 100;
    bars.high[i] = (std::max(open, close) + up_to(8)) / 100;
    bars.low[i] = (std::min(open, close) - up_to(8)) / 100;
    bars.close[i] = close / 100;
    bars.volume[i] = std::floor(std::exp(6 + up_to(4'000) / 1'000)) + up_to(100);
  }
  return bars;
}

void encode(benchmark::State& state) {
  const Series bars = minute_bars(64 * kChunkRowsMax);
  ChunkEncoder encoder;
  std::size_t bytes = 0, rows = 0, chunk = 0;
  for (auto _ : state) {
    bytes += encoder.encode(bars, chunk++ % 64 * kChunkRowsMax, kChunkRowsMax).payload.size();
    rows += kChunkRowsMax;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(rows));
  state.counters["bytes_per_bar"] = static_cast<double>(bytes) / static_cast<double>(rows);
}
BENCHMARK(encode);

void decode(benchmark::State& state) {
  const Series bars = minute_bars(kChunkRowsMax);
  ChunkEncoder encoder;
  ChunkDecoder decoder;
  const EncodedChunk chunk = encoder.encode(bars, 0, kChunkRowsMax);
  Series read;
  read.reserve(kChunkRowsMax);
  for (auto _ : state) {
    read.resize(0);
    if (!decoder.append_to(read, chunk)) state.SkipWithError("damaged");
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kChunkRowsMax));
}
BENCHMARK(decode);

}  // namespace
}  // namespace tradeassist::store
