#include "interchange/plain/plain_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>

#include "feed/detect/columns.hpp"
#include "feed/text/text_file.hpp"
#include "interchange/duckdb/database.hpp"
#include "interchange/parquet/parquet_columns.hpp"

namespace tradeassist::interchange {
namespace {

using base::ErrorCode;
using base::failure;
using feed::NameMeaning;

/// A file of its own, gone with the object.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string path) : path_(std::move(path)) {}
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { ::unlink(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

base::Result<std::shared_ptr<const TemporaryFile>> make_temporary() {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::temp_directory_path(error);
  std::string path = ((error ? std::filesystem::path("/tmp") : folder) / "tradeassist-plain-XXXXXX").string();
  const int descriptor = ::mkstemp(path.data());
  if (descriptor < 0)
    return failure(ErrorCode::kIo, fmt::format("{}: cannot be created: {}; set TMPDIR", path, std::strerror(errno)));
  ::close(descriptor);
  return std::make_shared<const TemporaryFile>(path);
}

/// Writes what `from` gives as CSV.
base::Result<feed::PlainFile> write_plain(Connection& connection, const std::string& select, std::int64_t rows_max) {
  TRY_ASSIGN(const auto file, make_temporary());
  // One row more than is allowed, so that the reader sees that there are more.
  TRY(connection.run(fmt::format("COPY ({} LIMIT {}) TO {} (FORMAT csv, HEADER, DELIMITER ',')", select, rows_max + 1,
                                 sql_text(file->path()))));
  feed::PlainFile plain;
  plain.path = file->path();
  plain.owner = file;
  return plain;
}

std::string read_head(const std::string& path, std::size_t bytes_max) {
  std::string head(bytes_max, '\0');
  std::ifstream stream(path, std::ios::binary);
  stream.read(head.data(), static_cast<std::streamsize>(bytes_max));
  head.resize(static_cast<std::size_t>(stream.gcount()));
  return head;
}

// Parquet.

std::string plain_column(const ParquetColumn& column, bool times_are_utc) {
  const std::string name = sql_name(column.name);
  if (column.type == "TIMESTAMP WITH TIME ZONE")
    return fmt::format("({0} AT TIME ZONE 'UTC')::VARCHAR || 'Z' AS {0}", name);
  if (column.type.starts_with("TIMESTAMP") && (column.is_utc || times_are_utc))
    return fmt::format("{0}::VARCHAR || 'Z' AS {0}", name);
  if (column.type == "DOUBLE" || column.type == "FLOAT")
    return fmt::format("CASE WHEN isnan({0}) THEN NULL ELSE {0} END AS {0}", name);
  return name;
}

base::Result<feed::PlainFile> plain_parquet(Connection& connection, const std::string& path, std::int64_t rows_max) {
  TRY_ASSIGN(const std::vector<ParquetColumn> columns, list_parquet_columns(connection, path));
  TRY_ASSIGN(const bool times_are_utc, parquet_times_are_utc(connection, path));
  std::string wanted, nested;
  for (const ParquetColumn& column : columns) {
    if (column.is_nested) {
      nested += (nested.empty() ? "" : ", ") + column.name;
    } else {
      wanted += (wanted.empty() ? "" : ", ") + plain_column(column, times_are_utc);
    }
  }
  if (wanted.empty()) return failure(ErrorCode::kInvalidArgument, "has no plain column; nested ones are not read");
  TRY_ASSIGN(feed::PlainFile plain,
             write_plain(connection, fmt::format("SELECT {} FROM read_parquet({})", wanted, sql_path(path)), rows_max));
  plain.is_text = false;
  plain.notes.push_back("Parquet, read by DuckDB; line n below is row n - 1 of the file");
  if (!nested.empty()) plain.notes.push_back("nested columns are left out: " + nested);
  return plain;
}

// Odd text.

/// How a file may be packed and written, told by its first bytes.
struct Wrapping {
  std::string compression;  // as read_csv spells it; empty: none
  std::vector<std::string> encodings;
};

Wrapping wrapping_of(const std::string& head) {
  if (head.starts_with("\x1f\x8b")) return {"gzip", {"utf-8", "latin-1"}};
  if (head.starts_with("\x28\xb5\x2f\xfd")) return {"zstd", {"utf-8", "latin-1"}};
  if (head.starts_with("\xff\xfe") || head.starts_with("\xfe\xff")) return {"", {"utf-16"}};
  return {"", {"utf-8", "latin-1"}};
}

/// Tried in this order; empty: the sniffer's own choice. It knows none of two characters, and would take one of them
/// for the delimiter.
constexpr auto kDelimiters =
    std::to_array<const char*>({"||", "::", ";;", "~~", "\t\t", "",  ",", ";", "\t", "|", "~",  "^",    "#",
                                ":",  "!",  "@",  "&",  "$",    "%", "*", "=", "_",  "/", "\\", "\x1f", "\x01"});

/// A reading of the file: the options of read_csv that give it, and the names that its header has then.
struct Reading {
  std::string options, delimiter;
  std::vector<std::string> names;
};

std::string shown_delimiter(const std::string& delimiter) {
  return delimiter == "\t"                             ? "tabs"
         : delimiter.size() == 1 && delimiter[0] < ' ' ? "a control character"
                                                       : "'" + delimiter + "'";
}

base::Result<Reading> sniff(Connection& connection, const std::string& path, const std::string& wrapping,
                            const std::string& delimiter) {
  const std::string asked = delimiter.empty() ? "" : ", delim = " + sql_text(delimiter);
  Reading reading;
  {
    TRY_ASSIGN(QueryResult sniffed,
               connection.query(fmt::format("SELECT Delimiter, Quote, Escape, SkipRows::VARCHAR, HasHeader FROM "
                                            "sniff_csv({}{}{}, strict_mode = false)",
                                            sql_path(path), wrapping, asked)));
    TRY_ASSIGN(const auto chunk, sniffed.next());
    if (!chunk || chunk->rows() == 0) return failure(ErrorCode::kInvalidArgument, "the file is empty");
    if (!static_cast<const bool*>(chunk->data(4))[0]) return failure(ErrorCode::kInvalidArgument, "it sees no header");
    reading.delimiter = text_at(chunk->data(0), 0);
    const auto character = [&](std::size_t column) {
      const std::string_view text = text_at(chunk->data(column), 0);
      return sql_text(text == "(empty)" ? "" : text);
    };
    reading.options = fmt::format(
        "{}, delim = {}, quote = {}, escape = {}, skip = {}, header = true, all_varchar = true, "
        "strict_mode = false",
        wrapping, sql_text(reading.delimiter), character(1), character(2), text_at(chunk->data(3), 0));
  }
  TRY_ASSIGN(QueryResult described,
             connection.query(fmt::format("SELECT column_name FROM (DESCRIBE FROM read_csv({}{}))", sql_path(path),
                                          reading.options)));
  for (;;) {
    TRY_ASSIGN(const auto chunk, described.next());
    if (!chunk) return reading;
    for (std::size_t row = 0; row < chunk->rows(); ++row) reading.names.emplace_back(text_at(chunk->data(0), row));
  }
}

bool names_bars(const std::vector<std::string>& names) {
  bool time = false, close = false;
  for (const std::string& name : names) {
    const NameMeaning meaning = feed::read_column_name(name).meaning;
    time = time || meaning == NameMeaning::kTime || meaning == NameMeaning::kEndTime;
    close = close || meaning == NameMeaning::kClose;
  }
  return time && close;
}

/// Bytes at a file's beginning that are looked at before the engine is asked, which takes its time over endless lines.
constexpr std::size_t kHeadBytes = std::size_t{1} << 20;

std::size_t longest_line(std::string_view text) {
  std::size_t longest = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    longest = std::max(longest, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return longest;
}

base::Result<feed::PlainFile> plain_text(Connection& connection, const std::string& path, std::int64_t rows_max) {
  const std::string head = read_head(path, kHeadBytes);
  const Wrapping wrapping = wrapping_of(head);
  if (wrapping.compression.empty() && longest_line(head) >= feed::kLineBytesMax)
    return failure(ErrorCode::kInvalidArgument, fmt::format("it has a line of {} bytes or more", feed::kLineBytesMax));
  std::optional<base::Error> first;
  for (const std::string& encoding : wrapping.encodings) {
    if (first && first->message.find("unicode") == std::string::npos) break;  // another encoding would not help
    std::string wrapped = fmt::format(", encoding = {}, max_line_size = {}", sql_text(encoding), feed::kLineBytesMax);
    if (!wrapping.compression.empty()) wrapped += ", compression = " + sql_text(wrapping.compression);
    for (const char* const delimiter : kDelimiters) {
      auto reading = sniff(connection, path, wrapped, delimiter);
      if (reading && !names_bars(reading->names)) {
        std::string names;
        for (const std::string& name : reading->names) names += (names.empty() ? "" : ", ") + name;
        reading = failure(ErrorCode::kInvalidArgument, "no columns are named like a time and a close: " + names);
      }
      if (!reading) {
        if (!first) first = std::move(reading).error();
        continue;
      }
      TRY_ASSIGN(feed::PlainFile plain,
                 write_plain(connection,
                             fmt::format("SELECT translate(COLUMNS(*), E'\\n\\r', '  ') FROM read_csv({}{})",
                                         sql_path(path), reading->options),
                             rows_max));
      plain.notes.push_back(
          fmt::format("not plain CSV; read by DuckDB as {}{} separated by {}; line n below is its row "
                      "n - 1",
                      wrapping.compression.empty() ? "" : wrapping.compression + ", ", encoding,
                      shown_delimiter(reading->delimiter)));
      return plain;
    }
  }
  return std::unexpected(std::move(*first));
}

/// The first line of what the engine says: the rest are its hints on read_csv's options, which nobody can set here.
std::string first_line(const std::string& message) { return message.substr(0, message.find('\n')); }

}  // namespace

base::Result<feed::PlainFile> make_plain(const std::string& path, const base::Error& why, std::int64_t rows_max) {
  const bool is_parquet = read_head(path, 4) == "PAR1";
  auto connection = Connection::open();
  auto plain = !connection  ? std::unexpected(std::move(connection).error())
               : is_parquet ? plain_parquet(*connection, path, rows_max)
                            : plain_text(*connection, path, rows_max);
  if (plain) return plain;
  base::Error error = std::move(plain).error();
  if (is_parquet) return base::in_context(path, std::move(error));
  error.message = why.message + "; nor could DuckDB read it: " + first_line(error.message);
  return std::unexpected(std::move(error));
}

}  // namespace tradeassist::interchange
