#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "feed/csv/csv_format.hpp"
#include "feed/detect/sample.hpp"

namespace tradeassist::feed {

/// A file's grid: separator, where the rows begin, and a number of rows as fields, in file order.
struct Layout {
  char separator = ',';
  std::size_t first_row = 0;  // index into Sample::head
  std::size_t header = 0;     // the same; only with has_header
  bool has_header = false;
  bool trailing_separator = false;
  std::size_t column_count = 0;
  std::vector<std::string> header_names;       // as many as the header has
  std::vector<std::vector<std::string>> rows;  // each of column_count fields
};

base::Result<Layout> find_layout(const std::string& path, const Sample& sample, const CsvOptions& options);

/// The header's names brought over their columns, when the header and the rows do not have the same number of them.
/// `by_number`: the user names columns by number, so that a header that does not fit is no hindrance.
base::Result<std::vector<CsvColumn>> name_columns(const std::string& path, const Layout& layout, bool by_number,
                                                  std::vector<std::string>& notes);

}  // namespace tradeassist::feed
