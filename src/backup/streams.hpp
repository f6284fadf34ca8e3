#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "backup/repository.hpp"
#include "base/sha256.hpp"

namespace tradeassist::backup {

/// Cuts bytes into blocks and puts them into a repository; in memory are one block and the names of the blocks.
class StreamWriter {
 public:
  explicit StreamWriter(Repository& repository) : repository_(repository) {}

  /// Whole rows stay in one block. Where a block ends is told by the row alone (by a checksum of it), so that rows put
  /// in between change the blocks beside them and no others.
  base::Result<void> add_row(std::string_view row);
  /// Of a file: blocks of one MiB.
  base::Result<void> add_bytes(std::string_view bytes);
  /// Once, after the last.
  base::Result<Stream> finish();

 private:
  base::Result<void> end_block();
  base::Result<void> end_index();

  Repository& repository_;
  base::Sha256 sum_;
  std::string block_, names_;
  Stream stream_;
};

/// The blocks of a stream, in order, each as a whole. kDataLoss where they are not what the manifest says.
base::Result<void> read_stream(const Repository& repository, const Stream& stream,
                               const std::function<base::Result<void>(std::string_view)>& visit);

/// The names (32 bytes each) of the blocks of a stream and of those that name them.
base::Result<void> visit_block_names(const Repository& repository, const Stream& stream,
                                     const std::function<void(std::string_view)>& visit);

/// The names of all blocks of a backup.
base::Result<void> visit_block_names(const Repository& repository, const Manifest& manifest,
                                     const std::function<void(std::string_view)>& visit);

}  // namespace tradeassist::backup
