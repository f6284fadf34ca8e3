#pragma once

#include <memory>

#include "base/result.hpp"
#include "store/database/database_address.hpp"

namespace tradeassist::store {

/// A place beside a database for what is only measured with, on the same disk or server: the folder benchmark-scratch
/// beside the file, or the schema NAME_benchmark. Removed with all in it when this goes; what a killed process left is
/// removed by the next. One at a time, since two would measure each other.
class ScratchDatabase {
 public:
  /// kUnavailable while another process has it.
  static base::Result<std::unique_ptr<ScratchDatabase>> make(const DatabaseAddress& beside);
  virtual ~ScratchDatabase() = default;

  const DatabaseAddress& address() const { return address_; }

 protected:
  explicit ScratchDatabase(DatabaseAddress address) : address_(std::move(address)) {}
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;

  DatabaseAddress address_;
};

}  // namespace tradeassist::store
