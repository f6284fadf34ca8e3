#pragma once

#include <span>
#include <string_view>

#include "report/export/document/document.hpp"

namespace tradeassist::report {

/// What a mark is for; each canvas has its own colour for it (a page in the dark another than paper).
enum class Ink { kText, kMuted, kGrid, kStrategy, kBenchmark, kGood, kBad };

struct Point {
  double x = 0, y = 0;
};

enum class Anchor { kStart, kMiddle, kEnd };

/// A surface to draw a chart on, y downwards, in points (1/72 inch). Two implementations: SVG and Cairo.
class Canvas {
 public:
  virtual ~Canvas() = default;
  virtual void line(Point from, Point to, Ink ink, double width, bool is_dashed = false) = 0;
  virtual void polyline(std::span<const Point> points, Ink ink, double width, bool is_dashed = false) = 0;
  /// The inside of a polygon, lightly.
  virtual void area(std::span<const Point> points, Ink ink) = 0;
  virtual void rectangle(Point corner, double width, double height, Ink ink) = 0;
  /// Text whose base line is at `at.y`.
  virtual void text(Point at, std::string_view text, double size, Ink ink, Anchor anchor) = 0;
};

}  // namespace tradeassist::report
