#include "feed/text/csv_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <limits>

#include "feed/text/number.hpp"
#include "feed/text/whole_file.hpp"

namespace tradeassist::feed {

base::Result<CsvTable> CsvTable::open(const std::filesystem::path& path) {
  TRY_ASSIGN(std::string text, read_whole_text(path));
  CsvTable table(path.string(), std::move(text));
  if (!table.next()) return base::failure(base::ErrorCode::kInvalidArgument, path.string() + " is empty");
  for (const std::string_view field : table.splitter_.fields()) {
    std::string name(field);
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    table.header_.push_back(std::move(name));
  }
  return table;
}

std::optional<std::size_t> CsvTable::find(const Names& names) const {
  for (const std::string_view name : names) {
    const auto found = std::ranges::find(header_, name);
    if (found != header_.end()) return static_cast<std::size_t>(found - header_.begin());
  }
  return std::nullopt;
}

base::Result<std::size_t> CsvTable::require(const Names& names) const {
  if (const auto found = find(names)) return *found;
  return base::failure(base::ErrorCode::kInvalidArgument, fmt::format("{} has no column `{}`; its header is {}", path_,
                                                                      names.front(), fmt::join(header_, ",")));
}

bool CsvTable::next() {
  while (at_ < text_->size()) {
    const std::size_t end = std::min(text_->find('\n', at_), text_->size());
    std::string_view line = std::string_view(*text_).substr(at_, end - at_);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line_ == 0 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
    at_ = end + 1;
    ++line_;
    if (trim(line).empty()) continue;
    is_whole_ = splitter_.split(line);
    return true;
  }
  return false;
}

base::Result<std::string_view> CsvTable::text(std::size_t column) const {
  if (!is_whole_) return wrong("a quote is not closed");
  if (column >= splitter_.fields().size()) {
    return wrong(fmt::format("has {} fields; the header has {}", splitter_.fields().size(), header_.size()));
  }
  return splitter_.fields()[column];
}

base::Result<double> CsvTable::number(std::size_t column) const {
  TRY_ASSIGN(const std::string_view written, text(column));
  const Number read = read_number(written);
  if (read.kind == NumberKind::kNumber) return read.value;
  if (read.kind == NumberKind::kMissing) return std::numeric_limits<double>::quiet_NaN();
  return wrong(fmt::format("'{}' is not a number", written));
}

std::unexpected<base::Error> CsvTable::wrong(std::string_view what) const {
  return base::failure(base::ErrorCode::kInvalidArgument, fmt::format("{}:{}: {}", path_, line_, what));
}

}  // namespace tradeassist::feed
