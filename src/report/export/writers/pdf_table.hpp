#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "report/export/document/document.hpp"
#include "report/export/drawing/cairo_page.hpp"

namespace tradeassist::report {

/// What is never cut by the end of a page: a line of text, a row, a chart.
struct Piece {
  double space_above = 0;  // not at the top of a page
  double height = 0;
  std::function<void(CairoPages&, double y)> draw{};
  bool keeps_with_next = false;
  std::shared_ptr<const Piece> repeated{};  // put above it where it begins a page
  std::string outline{};                    // of a heading: its line in the reader's contents
};

struct Band {
  double left = 0, width = 0;
};

/// Caption, header and rows; the header is repeated on each page, and never stands alone at the end of one.
void add_table(std::vector<Piece>& pieces, CairoPages& pages, const Table& table, Band band);
void add_heat_map(std::vector<Piece>& pieces, CairoPages& pages, const HeatMap& map, Band band);

}  // namespace tradeassist::report
