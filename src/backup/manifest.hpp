#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace tradeassist::backup {

/// Bytes in a repository: the blocks that hold them, in order. Blocks that hold the names of these blocks are named
/// here, so that a manifest stays small.
struct Stream {
  std::int64_t bytes = 0, blocks = 0;
  std::string sha256;              // of all of them, in hexadecimal
  std::vector<std::string> index;  // hexadecimal names of the blocks of names
};
BOOST_DESCRIBE_STRUCT(Stream, (), (bytes, blocks, sha256, index))

enum class ColumnType { kInteger, kReal, kText, kBytes };
BOOST_DESCRIBE_ENUM(ColumnType, kInteger, kReal, kText, kBytes)

struct Column {
  std::string name;
  ColumnType type = ColumnType::kInteger;
  bool operator==(const Column&) const = default;
};
BOOST_DESCRIBE_STRUCT(Column, (), (name, type))

/// A table's rows, in the order of its key.
struct BackedUpTable {
  std::string name;
  std::vector<Column> columns;
  std::int64_t rows = 0;
  Stream stream;
};
BOOST_DESCRIBE_STRUCT(BackedUpTable, (), (name, columns, rows, stream))

/// A database, "market" or "app", with its tables in an order in which they can be filled.
struct BackedUpSchema {
  std::string name;
  int version = 0;
  std::vector<BackedUpTable> tables;
};
BOOST_DESCRIBE_STRUCT(BackedUpSchema, (), (name, version, tables))

/// A file, by its place in the data directory that a restore makes.
struct BackedUpFile {
  std::string path;
  bool is_private = false;  // nobody but its owner may read it
  Stream stream;
};
BOOST_DESCRIBE_STRUCT(BackedUpFile, (), (path, is_private, stream))

/// One backup: all of the data at one moment.
struct Manifest {
  std::string id;  // "20261128T014507Z-3f9c"
  base::Time created_at{};
  std::string program_version;
  std::string database;  // what it was made from: sqlite or postgresql
  std::string base;      // the backup before it, whose blocks it shares; empty: none
  std::vector<BackedUpSchema> schemas;
  std::vector<BackedUpFile> files;
  std::vector<std::string> left_out;  // what is not in it, and why
  std::optional<Stream> series;       // counts and fingerprints of the series (series_fingerprints.hpp)
  std::int64_t bytes = 0;             // of all streams
  std::int64_t new_bytes = 0;         // of those blocks that no earlier backup had
  std::int64_t stored_bytes = 0;      // what these took in the repository
  double seconds = 0;
};
BOOST_DESCRIBE_STRUCT(Manifest, (),
                      (id, created_at, program_version, database, base, schemas, files, left_out, series, bytes,
                       new_bytes, stored_bytes, seconds))

}  // namespace tradeassist::backup
