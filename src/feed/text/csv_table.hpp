#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "feed/text/fields.hpp"

namespace tradeassist::feed {

/// The lines of a small CSV file, one at a time, with columns found by the names of its header, in any case.
class CsvTable {
 public:
  using Names = std::vector<std::string_view>;  // by which a column may be called, in lower case

  /// Reads the file, which may be gzip, and its header. Errors of read_whole_text(); kInvalidArgument: it is empty.
  static base::Result<CsvTable> open(const std::filesystem::path& path);

  /// The place of a column; none where the header has none of the names.
  std::optional<std::size_t> find(const Names& names) const;
  /// kInvalidArgument names the first of the names, and the header.
  base::Result<std::size_t> require(const Names& names) const;

  /// Goes to the next line that is not empty. False at the end.
  bool next();

  /// The field of a line; views live until next(). Errors name the file and the line.
  base::Result<std::string_view> text(std::size_t column) const;
  /// A missing number is NaN.
  base::Result<double> number(std::size_t column) const;

  /// An error of the line: "FILE:LINE: what".
  std::unexpected<base::Error> wrong(std::string_view what) const;
  std::int64_t line() const { return line_; }  // from 1; the header's before the first next()

 private:
  CsvTable(std::string path, std::string text)
      : path_(std::move(path)), text_(std::make_unique<std::string>(std::move(text))) {}

  std::string path_;
  std::unique_ptr<std::string> text_;  // does not move with the table: fields point into it
  FieldSplitter splitter_{','};
  std::vector<std::string> header_;
  std::size_t at_ = 0;
  std::int64_t line_ = 0;
  bool is_whole_ = true;
};

}  // namespace tradeassist::feed
