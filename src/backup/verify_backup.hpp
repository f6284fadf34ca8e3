#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "backup/repository.hpp"

namespace tradeassist::backup {

/// What reading a backup in full came upon.
struct Verification {
  std::string id;
  std::int64_t blocks = 0, bytes = 0;  // that were read
  std::vector<std::string> problems;   // each names the file concerned, and the table or file that it is part of
};
BOOST_DESCRIBE_STRUCT(Verification, (), (id, blocks, bytes, problems))

/// Reads every block of a backup and checks its seal, its SHA-256, and that of each table and file. A damaged manifest
/// is a problem too; kNotFound when there is no such backup. At most 1,000 problems are listed.
base::Result<Verification> verify_backup(const Repository& repository, const std::string& id);

}  // namespace tradeassist::backup
