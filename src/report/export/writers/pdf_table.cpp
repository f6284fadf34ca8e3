#include "report/export/writers/pdf_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace tradeassist::report {
namespace {

constexpr double kGap = 8;        // between columns
constexpr double kWideMin = 130;  // of a column of sentences
constexpr double kLineHeight = 1.3;
constexpr double kPadding = 2;  // above and below the text of a row

Ink ink_of(Tone tone) {
  if (tone == Tone::kGood) return Ink::kGood;
  return tone == Tone::kBad ? Ink::kBad : Ink::kText;
}

/// Where columns stand and how their text is set.
struct Columns {
  double size = 8;
  bool wraps = false;  // rows may have several lines
  std::vector<double> left, width;
  std::vector<bool> is_number;
};

/// Letters of UTF-8.
std::size_t length_of(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

/// The width of a column's widest text, told by its longest few.
double natural_width(CairoPages& pages, const Table& table, std::size_t column, double size) {
  constexpr std::size_t kMeasured = 6;
  std::vector<const std::string*> texts;
  for (const auto& row : table.rows) texts.push_back(&row[column].text);
  const std::size_t count = std::min(kMeasured, texts.size());
  std::ranges::partial_sort(texts, texts.begin() + static_cast<std::ptrdiff_t>(count), std::greater{},
                            [](const std::string* text) { return length_of(*text); });
  double width = pages.measure(table.columns[column].title, {size, true}).x;
  for (std::size_t i = 0; i < count; ++i) width = std::max(width, pages.measure(*texts[i], {size}).x);
  return std::ceil(width) + 1;
}

/// Widths for the band: columns of sentences share what the others leave; where all fit, the rest is spread.
Columns fit_columns(CairoPages& pages, const Table& table, Band band) {
  Columns columns;
  const std::size_t count = table.columns.size();
  const double gaps = kGap * static_cast<double>(count - 1);
  double wide_count = 0;
  for (const Table::Column& column : table.columns) {
    columns.is_number.push_back(column.is_number);
    if (column.is_wide) wide_count += 1;
  }
  double used = 0;
  for (const double size : {8.0, 7.2, 6.4}) {
    columns.size = size;
    columns.width.assign(count, 0);
    for (std::size_t i = 0; i < count; ++i) {
      if (!table.columns[i].is_wide) columns.width[i] = natural_width(pages, table, i, size);
    }
    used = std::accumulate(columns.width.begin(), columns.width.end(), 0.0) + gaps;
    if (used + wide_count * kWideMin <= band.width) break;
  }
  columns.wraps = wide_count > 0;
  if (used + wide_count * kWideMin > band.width) {
    columns.wraps = true;
    const double share = (band.width - gaps - wide_count * kWideMin) / (used - gaps);
    for (double& width : columns.width) width *= std::max(share, 0.1);
    used = std::accumulate(columns.width.begin(), columns.width.end(), 0.0) + gaps;
  }
  const double spare = std::max(0.0, band.width - used);
  for (std::size_t i = 0; i < count; ++i) {
    if (table.columns[i].is_wide) columns.width[i] = spare / wide_count;
    if (wide_count == 0 && i > 0) columns.width[i] += spare / static_cast<double>(count - 1);
  }
  double x = band.left;
  for (const double width : columns.width) {
    columns.left.push_back(x);
    x += width + kGap;
  }
  return columns;
}

TextStyle style_of(const Columns& columns, std::size_t i, bool is_bold, Ink ink) {
  return {columns.size, is_bold, ink, columns.width[i], columns.is_number[i] ? Anchor::kEnd : Anchor::kStart};
}

double row_height(CairoPages& pages, const Columns& columns, const std::vector<Cell>& row) {
  double height = columns.size * kLineHeight;
  if (columns.wraps) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      height = std::max(height, pages.measure(row[i].text, style_of(columns, i, false, Ink::kText)).y);
    }
  }
  return height + 2 * kPadding;
}

void add_caption(std::vector<Piece>& pieces, CairoPages& pages, const std::string& caption, Band band) {
  const TextStyle style{8.5, false, Ink::kMuted, band.width};
  Piece piece;
  piece.space_above = 10;
  piece.height = pages.measure(caption, style).y + 3;
  piece.keeps_with_next = true;
  piece.draw = [caption, style, band](CairoPages& on, double y) { on.text({band.left, y}, caption, style); };
  pieces.push_back(std::move(piece));
}

/// Rows behind a header that is repeated; the first and the last two rows stay together.
void add_rows(std::vector<Piece>& pieces, const std::shared_ptr<const Piece>& header, std::vector<Piece> rows) {
  pieces.push_back(*header);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].repeated = header;
    rows[i].keeps_with_next = rows.size() > 1 && (i == 0 || i + 2 == rows.size());
    pieces.push_back(std::move(rows[i]));
  }
}

}  // namespace

void add_table(std::vector<Piece>& pieces, CairoPages& pages, const Table& table, Band band) {
  if (table.columns.empty()) return;
  const auto columns = std::make_shared<const Columns>(fit_columns(pages, table, band));
  std::vector<Cell> titles;
  for (const Table::Column& column : table.columns) titles.push_back({column.title});
  auto header = std::make_shared<Piece>();
  header->height = row_height(pages, *columns, titles);
  header->keeps_with_next = true;
  header->draw = [columns, titles, band, height = header->height](CairoPages& on, double y) {
    for (std::size_t i = 0; i < titles.size(); ++i) {
      on.text({columns->left[i], y + kPadding}, titles[i].text, style_of(*columns, i, true, Ink::kText));
    }
    on.rule({band.left, y + height}, {band.left + band.width, y + height}, 0.9, Ink::kText);
  };
  std::vector<Piece> rows;
  for (const std::vector<Cell>& cells : table.rows) {
    Piece row;
    row.height = row_height(pages, *columns, cells);
    row.draw = [columns, cells, band, height = row.height](CairoPages& on, double y) {
      for (std::size_t i = 0; i < cells.size(); ++i) {
        if (cells[i].text.empty()) continue;
        on.text({columns->left[i], y + kPadding}, cells[i].text, style_of(*columns, i, false, ink_of(cells[i].tone)));
      }
      on.rule({band.left, y + height}, {band.left + band.width, y + height}, 0.35, Ink::kGrid);
    };
    rows.push_back(std::move(row));
  }
  add_caption(pieces, pages, table.caption, band);
  add_rows(pieces, header, std::move(rows));
}

void add_heat_map(std::vector<Piece>& pieces, CairoPages& pages, const HeatMap& map, Band band) {
  if (map.rows.empty() || map.columns.empty()) return;
  constexpr double kRowHeight = 14, kInset = 2;
  const double size = map.columns.size() > 13 ? 5.8 : 6.8;
  double first = pages.measure(map.row_title, {size, true}).x;
  for (const std::string& row : map.rows) first = std::max(first, pages.measure(row, {size}).x);
  first += kGap;
  const double width = (band.width - first) / static_cast<double>(map.columns.size());
  const auto x_of = [=](std::size_t column) { return band.left + first + static_cast<double>(column) * width; };
  const TextStyle in_cell{size, false, Ink::kText, width - 2 * kInset, Anchor::kEnd};

  double header_height = kRowHeight;
  TextStyle in_header = in_cell;
  in_header.is_bold = true;
  for (const std::string& column : map.columns) {
    header_height = std::max(header_height, pages.measure(column, in_header).y + 2 * kPadding);
  }
  auto header = std::make_shared<Piece>();
  header->height = header_height;
  header->keeps_with_next = true;
  header->draw = [=, titles = map.columns, title = map.row_title](CairoPages& on, double y) {
    on.text({band.left, y + kPadding}, title, {size, true, Ink::kText});
    for (std::size_t i = 0; i < titles.size(); ++i) on.text({x_of(i) + kInset, y + kPadding}, titles[i], in_header);
  };
  const HeatScale scale(map);
  std::vector<Piece> rows;
  for (std::size_t i = 0; i < map.rows.size(); ++i) {
    Piece row;
    row.height = kRowHeight;
    row.draw = [=, title = map.rows[i], entries = map.entries[i]](CairoPages& on, double y) {
      on.text({band.left, y + kPadding}, title, {size, false, Ink::kMuted});
      for (std::size_t k = 0; k < entries.size(); ++k) {
        const int level = scale.level(entries[k].value);
        // White mixed with green or red, as strongly as the level says.
        const double share = 0.11 * std::abs(level);
        const std::array<double, 3> full =
            level > 0 ? std::array<double, 3>{0.08, 0.49, 0.25} : std::array<double, 3>{0.75, 0.18, 0.14};
        const auto mixed = [&](std::size_t part) { return 1 - share * (1 - full[part]); };
        if (level != 0) on.box({x_of(k), y}, width, kRowHeight, mixed(0), mixed(1), mixed(2));
        on.text({x_of(k) + kInset, y + kPadding}, entries[k].text, in_cell);
      }
    };
    rows.push_back(std::move(row));
  }
  add_caption(pieces, pages, map.caption, band);
  add_rows(pieces, header, std::move(rows));
}

}  // namespace tradeassist::report
