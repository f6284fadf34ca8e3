#include "feed/detect/layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "feed/detect/columns.hpp"
#include "feed/text/fields.hpp"
#include "feed/text/number.hpp"
#include "feed/text/stamp.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;

constexpr std::size_t kLinesJudged = 400;  // for separator and field count
constexpr std::size_t kPreambleLinesMax = 64;
constexpr std::size_t kHeadRows = 300;  // kept as fields
constexpr std::size_t kSpreadRows = 1'000;
constexpr std::size_t kColumnsMax = 1'000;  // lines with more fields are not rows of bars

bool is_stamp(std::string_view text) {
  return read_stamp(text, DateOrder::kMonthDayYear) || read_stamp(text, DateOrder::kDayMonthYear) ||
         read_stamp(text, DateOrder::kYearMonthDay) || read_clock(text, ClockDigits::kHourMinuteSecond);
}

bool is_number(std::string_view text) {
  return read_number(text, false, true).kind == NumberKind::kNumber ||
         read_number(text, true).kind == NumberKind::kNumber;
}

/// Fields that are numbers or times: what a row has and a header has not.
std::size_t count_values(const std::vector<std::string_view>& fields) {
  return static_cast<std::size_t>(
      std::ranges::count_if(fields, [](auto text) { return is_number(text) || is_stamp(text); }));
}

bool is_text_line(std::string_view line) { return !trim(line).empty() && line.front() != '#'; }

struct Score {
  std::size_t values = 0;       // in the lines that have the most usual number of fields
  std::size_t field_count = 0;  // that number
  std::size_t values_per_row = 0;
};

Score judge_separator(char separator, const Sample& sample) {
  FieldSplitter splitter(separator);
  std::map<std::size_t, Score> by_count;
  std::map<std::size_t, std::size_t> lines_by_count;
  std::size_t judged = 0;
  for (const std::string& line : sample.head) {
    if (judged == kLinesJudged) break;
    if (!is_text_line(line)) continue;
    ++judged;
    if (!splitter.split(line) || splitter.fields().size() > kColumnsMax) continue;
    const std::size_t values = count_values(splitter.fields());
    if (values < 2) continue;
    const std::size_t count = splitter.fields().size();
    by_count[count].values += values;
    ++lines_by_count[count];
  }
  Score best;
  for (auto& [count, score] : by_count) {
    score.field_count = count;
    score.values_per_row = score.values / lines_by_count[count];
    if (score.values > best.values) best = score;
  }
  return best;
}

std::vector<std::string> to_strings(const std::vector<std::string_view>& fields) {
  return {fields.begin(), fields.end()};
}

void add_row(std::string_view line, FieldSplitter& splitter, Layout& layout) {
  if (!is_text_line(line) || !splitter.split(line)) return;
  auto fields = to_strings(splitter.fields());
  if (fields.size() + 1 == layout.column_count) fields.emplace_back();  // without its trailing separator
  if (fields.size() != layout.column_count) return;
  if (count_values(splitter.fields()) < 2) return;
  layout.rows.push_back(std::move(fields));
}

/// Every line up to a number, then lines evenly spread over what is left.
void collect_rows(const Sample& sample, Layout& layout) {
  FieldSplitter splitter(layout.separator);
  const std::size_t dense_end = std::min(sample.head.size(), layout.first_row + kHeadRows);
  for (std::size_t i = layout.first_row; i < dense_end; ++i) add_row(sample.head[i], splitter, layout);
  const std::size_t head_step = std::max<std::size_t>(1, (sample.head.size() - dense_end) / kSpreadRows);
  for (std::size_t i = dense_end; i < sample.head.size(); i += head_step) add_row(sample.head[i], splitter, layout);
  const std::size_t step = std::max<std::size_t>(1, sample.elsewhere.size() / kSpreadRows);
  for (std::size_t i = 0; i < sample.elsewhere.size(); i += step) add_row(sample.elsewhere[i], splitter, layout);
  for (const std::string& line : sample.tail) add_row(line, splitter, layout);
}

std::string_view without_comment_sign(std::string_view line) {
  while (!line.empty() && (line.front() == '#' || line.front() == ' ')) line.remove_prefix(1);
  return line;
}

/// Of the lines before the first row, the one whose fields are most like column names.
void find_header(const Sample& sample, Layout& layout) {
  FieldSplitter splitter(layout.separator);
  std::size_t most = 0;
  for (std::size_t i = 0; i < layout.first_row; ++i) {
    const std::string_view line = without_comment_sign(sample.head[i]);
    if (trim(line).empty() || !splitter.split(line)) continue;
    std::size_t known = 0;
    for (const auto field : splitter.fields()) known += read_column_name(field).meaning != NameMeaning::kUnknown;
    const bool fits = splitter.fields().size() == layout.column_count && i + 1 == layout.first_row;
    const bool better = known >= 2 ? known > most : most < 2 && (fits || known > most);
    if (!better) continue;
    // A sentence with one word that is also a column's name is no header.
    if (known < 2 && !fits && splitter.fields().size() + 1 < layout.column_count) continue;
    most = known;
    layout.has_header = true;
    layout.header = i;
    layout.header_names = to_strings(splitter.fields());
  }
}

bool is_all(const Layout& layout, std::size_t column, auto&& predicate) {
  return std::ranges::all_of(layout.rows, [&](const auto& row) { return predicate(std::string_view(row[column])); });
}

bool is_date_only(std::string_view text) {
  for (const DateOrder order : {DateOrder::kYearMonthDay, DateOrder::kMonthDayYear, DateOrder::kDayMonthYear}) {
    if (const auto stamp = read_stamp(text, order)) return !stamp->has_clock;
  }
  return false;
}

std::vector<CsvColumn> to_columns(const std::vector<std::string>& names) {
  std::vector<CsvColumn> columns;
  columns.reserve(names.size());
  for (const std::string& name : names) columns.push_back({name, ColumnRole::kIgnored});
  return columns;
}

}  // namespace

base::Result<Layout> find_layout(const std::string& path, const Sample& sample, const CsvOptions& options) {
  Layout layout;
  Score best;
  for (const char separator : {',', ';', '\t', '|', kSpaceRun}) {
    if (options.separator != 0 && separator != options.separator) continue;
    const Score score = judge_separator(separator, sample);
    if (score.values <= best.values) continue;
    best = score;
    layout.separator = separator;
  }
  if (best.values == 0) {
    const auto first = std::ranges::find_if(sample.head, is_text_line);
    if (first == sample.head.end())
      return failure(ErrorCode::kInvalidArgument, path + ": has no rows, only blank lines");
    if (options.separator != 0) {
      return failure(ErrorCode::kInvalidArgument,
                     fmt::format("{}: with the separator given no line holds a time and prices; the first is '{}'. "
                                 "Without --separator it is found out",
                                 path, first->substr(0, 80)));
    }
    FieldSplitter words(',');
    std::size_t known = 0;
    if (words.split(*first)) {
      for (const auto field : words.fields()) known += read_column_name(field).meaning != NameMeaning::kUnknown;
    }
    if (known >= 2) return failure(ErrorCode::kInvalidArgument, path + ": has a header but no rows");
    return failure(
        ErrorCode::kInvalidArgument,
        fmt::format("{}: no line holds a time and prices; the first is '{}'. Expected a CSV with a row a bar, "
                    "separated by comma, semicolon, tab, | or spaces (--separator)",
                    path, first->substr(0, 80)));
  }
  layout.column_count = best.field_count;

  // The first line as rich in values as the rest: a title may hold a number, too.
  FieldSplitter splitter(layout.separator);
  const std::size_t enough = std::max<std::size_t>(2, (best.values_per_row + 1) / 2);
  const std::size_t limit = std::min(sample.head.size(), kPreambleLinesMax);
  while (layout.first_row < limit) {
    const std::string& line = sample.head[layout.first_row];
    if (is_text_line(line) && splitter.split(line) && splitter.fields().size() + 1 >= layout.column_count &&
        count_values(splitter.fields()) >= enough) {
      break;
    }
    ++layout.first_row;
  }
  if (layout.first_row == limit) {
    return failure(ErrorCode::kInvalidArgument,
                   fmt::format("{}: no row of bars within the first {} lines", path, limit));
  }
  find_header(sample, layout);
  collect_rows(sample, layout);
  if (layout.rows.empty()) return failure(ErrorCode::kInvalidArgument, path + ": has no rows of equal form");
  const std::size_t last = layout.column_count - 1;
  layout.trailing_separator =
      layout.separator != kSpaceRun && is_all(layout, last, [](auto text) { return text.empty(); }) &&
      (!layout.has_header || layout.header_names.size() <= last || layout.header_names[last].empty());
  return layout;
}

base::Result<std::vector<CsvColumn>> name_columns(const std::string& path, const Layout& layout, bool by_number,
                                                  std::vector<std::string>& notes) {
  const std::size_t count = layout.column_count;
  if (!layout.has_header) return std::vector<CsvColumn>(count);
  auto names = layout.header_names;
  if (names.size() == count) return to_columns(names);
  if (names.size() == count + 1 && names.back().empty()) {
    names.pop_back();
    return to_columns(names);
  }
  if (names.size() + 1 == count) {
    const bool names_time = std::ranges::any_of(
        names, [](const auto& name) { return read_column_name(name).meaning == NameMeaning::kTime; });
    const bool date_then_clock = is_all(layout, 0, is_date_only) && is_all(layout, 1, [](auto text) {
                                   return read_clock(text, ClockDigits::kHourMinuteSecond) && !is_date_only(text);
                                 });
    if (date_then_clock && read_column_name(names.front()).meaning == NameMeaning::kTime &&
        !(names.size() > 1 && read_column_name(names[1]).meaning == NameMeaning::kTime)) {
      notes.push_back(
          fmt::format("the header has one name, '{}', for the date and the clock; the names behind it belong "
                      "one column further right",
                      names.front()));
      names.insert(names.begin() + 1, std::string());
      return to_columns(names);
    }
    if (layout.trailing_separator) {
      names.emplace_back();
      return to_columns(names);
    }
    if (!names_time) {
      notes.push_back("the header has no name for the first column");
      names.insert(names.begin(), std::string());
      return to_columns(names);
    }
  }
  if (by_number) {
    notes.push_back("the header does not fit the rows and was not used");
    return std::vector<CsvColumn>(count);
  }
  return failure(ErrorCode::kInvalidArgument,
                 fmt::format("{}: the header in line {} has {} names, but the rows have {} fields; name the columns by "
                             "number: --columns time=1,open=2,high=3,low=4,close=5,volume=6",
                             path, layout.header + 1, names.size(), count));
}

}  // namespace tradeassist::feed
