#pragma once

#include <string>

#include "report/export/drawing/canvas.hpp"

namespace tradeassist::report {

/// Text with the characters that HTML and SVG take for markup written as entities; control characters, which neither
/// may hold, are dropped.
std::string escape_markup(std::string_view text);

/// Marks as elements of SVG. Colours are classes (ink-strategy, area-strategy …), so that the page's style decides
/// them.
class SvgCanvas final : public Canvas {
 public:
  void line(Point from, Point to, Ink ink, double width, bool is_dashed) override;
  void polyline(std::span<const Point> points, Ink ink, double width, bool is_dashed) override;
  void area(std::span<const Point> points, Ink ink) override;
  void rectangle(Point corner, double width, double height, Ink ink) override;
  void text(Point at, std::string_view text, double size, Ink ink, Anchor anchor) override;

  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

}  // namespace tradeassist::report
