#include "report/export/writers/pdf_writer.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>

#include "report/export/drawing/cairo_page.hpp"
#include "report/export/drawing/chart_drawing.hpp"
#include "report/export/writers/pdf_table.hpp"

namespace tradeassist::report {
namespace {

constexpr double kPageWidth = 595.28, kPageHeight = 841.89;  // A4
constexpr double kSide = 54, kTop = 58, kBottom = 62;
constexpr double kWidth = kPageWidth - 2 * kSide;

/// Turns blocks into pieces.
class PieceMaker {
 public:
  explicit PieceMaker(CairoPages& pages) : pages_(pages) {}

  std::vector<Piece> make(const Document& document) {
    cover(document);
    for (std::size_t i = 0; i < document.blocks.size(); ++i) {
      std::visit([&](const auto& part) { this->block(part); }, document.blocks[i]);
      // A paragraph stays with what it introduces.
      if (std::holds_alternative<Paragraph>(document.blocks[i]) && i + 1 < document.blocks.size()) {
        pieces_.back().keeps_with_next = !std::holds_alternative<Heading>(document.blocks[i + 1]);
      }
    }
    return std::move(pieces_);
  }

 private:
  /// Text over the whole width with space above it.
  Piece& text(const std::string& text, TextStyle style, double space_above) {
    style.width = kWidth;
    Piece piece;
    piece.space_above = space_above;
    piece.height = pages_.measure(text, style).y;
    piece.draw = [text, style](CairoPages& pages, double y) { pages.text({kSide, y}, text, style); };
    pieces_.push_back(std::move(piece));
    return pieces_.back();
  }

  void cover(const Document& document) {
    text(document.title, {26, true, Ink::kText}, 0);
    text(document.subtitle, {12, false, Ink::kMuted}, 6);
    Piece rule;
    rule.space_above = 12;
    rule.height = 2;
    rule.draw = [](CairoPages& pages, double y) { pages.rule({kSide, y}, {kSide + kWidth, y}, 2, Ink::kText); };
    pieces_.push_back(std::move(rule));
    if (!document.verdict.empty()) verdict(document.verdict);
    constexpr std::size_t kFactsARow = 3;
    for (std::size_t i = 0; i < document.facts.size(); i += kFactsARow) {
      const std::size_t end = std::min(i + kFactsARow, document.facts.size());
      facts({document.facts.begin() + static_cast<std::ptrdiff_t>(i),
             document.facts.begin() + static_cast<std::ptrdiff_t>(end)});
    }
    cover_pieces_ = pieces_.size();
  }

  void verdict(const std::string& words) {
    constexpr double kPadding = 10;
    const TextStyle style{11, false, Ink::kText, kWidth - 2 * kPadding - 4};
    Piece piece;
    piece.space_above = 16;
    piece.height = pages_.measure(words, style).y + 2 * kPadding;
    piece.draw = [words, style, height = piece.height](CairoPages& pages, double y) {
      pages.box({kSide, y}, kWidth, height, 0.95, 0.955, 0.945);
      pages.box({kSide, y}, 3, height, 0.09, 0.34, 0.72);
      pages.text({kSide + kPadding + 4, y + kPadding}, words, style);
    };
    pieces_.push_back(std::move(piece));
  }

  void facts(std::vector<Document::Fact> row) {
    constexpr double kColumn = kWidth / 3, kLabelHeight = 11;
    const TextStyle label{7.5, false, Ink::kMuted, kColumn - 8};
    const TextStyle value{9, false, Ink::kText, kColumn - 8};
    Piece piece;
    piece.space_above = 9;
    for (const Document::Fact& fact : row) {
      piece.height = std::max(piece.height, kLabelHeight + pages_.measure(fact.value, value).y);
    }
    piece.draw = [row = std::move(row), label, value](CairoPages& pages, double y) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        const double x = kSide + static_cast<double>(i) * kColumn;
        pages.text({x, y}, row[i].label, label);
        pages.text({x, y + kLabelHeight}, row[i].value, value);
      }
    };
    pieces_.push_back(std::move(piece));
  }

  void block(const Heading& heading) {
    const bool is_section = heading.level == 2;
    Piece& piece = text(heading.text, {is_section ? 14.0 : 11.0, true, Ink::kText}, is_section ? 24 : 14);
    piece.keeps_with_next = true;
    if (is_section) piece.outline = heading.text;
  }

  void block(const Paragraph& paragraph) {
    TextStyle style;
    if (paragraph.style == Paragraph::Style::kLead) style.size = 11;
    if (paragraph.style == Paragraph::Style::kNote) style = {8.5, false, Ink::kMuted};
    text(paragraph.text, style, pieces_.size() == cover_pieces_ ? 18 : 6);
  }

  void block(const Table& table) { add_table(pieces_, pages_, table, {kSide, kWidth}); }
  void block(const HeatMap& map) { add_heat_map(pieces_, pages_, map, {kSide, kWidth}); }

  template <class Chart>
  void chart(const Chart& chart) {
    text(chart.title + ". " + chart.description, {8.5, false, Ink::kMuted}, 8).keeps_with_next = true;
    Piece piece;
    piece.space_above = 4;
    piece.height = chart_height(chart, kWidth);
    piece.draw = [chart](CairoPages& pages, double y) {
      const std::unique_ptr<Canvas> canvas = pages.canvas({kSide, y});
      draw_chart(chart, *canvas, kWidth);
    };
    pieces_.push_back(std::move(piece));
  }
  void block(const LineChart& lines) { chart(lines); }
  void block(const BarChart& bars) { chart(bars); }

  CairoPages& pages_;
  std::vector<Piece> pieces_;
  std::size_t cover_pieces_ = 0;
};

struct Placed {
  const Piece* piece = nullptr;
  double y = 0;
};

/// What a piece needs on its page: its own height and that of those it keeps with; its own where they fill a page.
double needed_height(const std::vector<Piece>& pieces, std::size_t first) {
  const double own = pieces[first].space_above + pieces[first].height;
  double height = own;
  for (std::size_t i = first; pieces[i].keeps_with_next && i + 1 < pieces.size(); ++i) {
    height += pieces[i + 1].space_above + pieces[i + 1].height;
    if (height > kPageHeight - kTop - kBottom) return own;
  }
  return height;
}

std::vector<std::vector<Placed>> paginate(const std::vector<Piece>& pieces) {
  std::vector<std::vector<Placed>> pages(1);
  double y = kTop;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Piece& piece = pieces[i];
    if (y > kTop && y + needed_height(pieces, i) > kPageHeight - kBottom) {
      pages.emplace_back();
      y = kTop;
      if (piece.repeated) {
        pages.back().push_back({piece.repeated.get(), y});
        y += piece.repeated->height;
      }
    }
    if (!pages.back().empty()) y += piece.space_above;
    pages.back().push_back({&piece, y});
    y += piece.height;
  }
  return pages;
}

void draw_margins(CairoPages& pages, const Document& document, std::size_t page, std::size_t count) {
  const TextStyle style{7.5, false, Ink::kMuted, kWidth};
  const double below = kPageHeight - kBottom + 24;
  pages.text({kSide, below}, document.footer, style);
  TextStyle right = style;
  right.anchor = Anchor::kEnd;
  pages.text({kSide, below}, std::to_string(page) + " / " + std::to_string(count), right);
  if (page > 1) pages.text({kSide, kTop - 26}, document.title + " \u00B7 " + document.subtitle, style);
}

}  // namespace

base::Result<std::string> to_pdf(const Document& document) {
  CairoPages pages(kPageWidth, kPageHeight, document.title, "TradeAssist");
  const std::vector<Piece> pieces = PieceMaker(pages).make(document);
  const std::vector<std::vector<Placed>> placed = paginate(pieces);
  for (std::size_t i = 0; i < placed.size(); ++i) {
    draw_margins(pages, document, i + 1, placed.size());
    for (const Placed& part : placed[i]) {
      if (!part.piece->outline.empty()) pages.outline(part.piece->outline, static_cast<int>(i + 1));
      part.piece->draw(pages, part.y);
    }
    pages.end_page();
  }
  return pages.finish();
}

}  // namespace tradeassist::report
