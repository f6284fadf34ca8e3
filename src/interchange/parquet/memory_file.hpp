#pragma once

#include <string>

#include "base/result.hpp"

namespace tradeassist::interchange {

/// A file in memory, for what only writes to files. It is gone with the object, and with the process however that ends.
class MemoryFile {
 public:
  /// kIo when the system gives none.
  static base::Result<MemoryFile> create();
  MemoryFile(MemoryFile&& other) noexcept;
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  MemoryFile& operator=(MemoryFile&&) = delete;
  ~MemoryFile();

  /// Where this process can open it, while the object lives.
  std::string path() const;

  /// What was written to it. kIo.
  base::Result<std::string> read() const;

 private:
  explicit MemoryFile(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace tradeassist::interchange
