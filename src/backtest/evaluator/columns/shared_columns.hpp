#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "backtest/evaluator/columns/bits.hpp"
#include "market/series.hpp"

namespace tradeassist::backtest {

/// The values of an operation on every bar of a chart.
struct SharedColumn {
  std::vector<double> values;       // one a bar; empty where there are bits
  std::vector<std::uint64_t> bits;  // of what is 0 or 1 on every bar: bit i % 64 of word i / 64
  std::size_t longest = 0;          // length that its call has had, as Invocation counts it

  std::uint64_t bytes() const { return (values.size() + bits.size()) * sizeof(double); }
  double at(std::size_t bar) const { return bits.empty() ? values[bar] : truth_at(bits.data(), bar); }
};

/// What runs over the same bars share: an operation on the same operands has the same values in each of them, so they
/// are computed once. Columns that have not been asked for longest go when there are too many. No value depends on what
/// is kept. Thread-safe.
class SharedColumns {
 public:
  /// Of runs over this series, of one instrument and timeframe. `bytes_max`: of all columns that are kept.
  explicit SharedColumns(const market::Series& series, std::uint64_t bytes_max = kBytesMax);

  static constexpr std::uint64_t kBytesMax = 512ull << 20;
  static constexpr std::size_t kNamesMax = 1 << 18;  // some 50 MB

  /// What an operation computes, by what it is: opcode, function and operands, each as a few words.
  using Identity = std::vector<std::uint64_t>;
  using Name = std::uint32_t;
  /// The same name for the same identity, whatever has gone since; nothing when there are too many.
  std::optional<Name> name(const Identity& identity);

  std::shared_ptr<const SharedColumn> find(Name name);
  /// Keeps a column, unless another run was quicker; gives the one that is kept.
  std::shared_ptr<const SharedColumn> keep(Name name, SharedColumn column);

  /// Whether every bar has prices, and none outside its low and high.
  bool bars_are_sound() const { return bars_are_sound_; }
  const market::Series& series() const { return series_; }

  struct Statistics {
    std::uint64_t found = 0, computed = 0, evicted = 0, bytes = 0;
  };
  Statistics statistics() const;

 private:
  struct Entry {
    std::shared_ptr<const SharedColumn> column;
    std::list<Name>::iterator place;  // in used_
  };

  const market::Series& series_;
  const std::uint64_t bytes_max_;
  const bool bars_are_sound_;
  mutable std::mutex mutex_;
  std::map<Identity, Name> names_;
  std::unordered_map<Name, Entry> kept_;
  std::list<Name> used_;  // the longest unused first
  Statistics statistics_;
};

/// True when every bar has prices, and none outside its low and high.
bool are_sound(const market::Series& series);

}  // namespace tradeassist::backtest
