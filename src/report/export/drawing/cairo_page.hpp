#pragma once

#include <cairo.h>
#include <pango/pangocairo.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "report/export/drawing/canvas.hpp"

namespace tradeassist::report {

/// How text is set: points, black or muted, in a box of a width (0: one line, as long as it is).
struct TextStyle {
  double size = 9.5;
  bool is_bold = false;
  Ink ink = Ink::kText;
  double width = 0;
  Anchor anchor = Anchor::kStart;
};

/// Pages of a PDF in memory, in points from the upper left corner. One thread at a time.
class CairoPages {
 public:
  CairoPages(double width, double height, const std::string& title, const std::string& creator);

  /// Height and width that the text takes.
  Point measure(std::string_view text, const TextStyle& style);
  /// Sets it with its upper edge at `at.y`; `at.x` is the box's left edge.
  void text(Point at, std::string_view text, const TextStyle& style);
  void rule(Point from, Point to, double width, Ink ink);
  /// A filled box: colours from 0 to 1.
  void box(Point corner, double width, double height, double red, double green, double blue);

  /// A canvas whose upper left corner is at `origin`; used before the next call to this.
  std::unique_ptr<Canvas> canvas(Point origin);

  void outline(const std::string& heading, int page);
  void end_page() { cairo_show_page(cairo_.get()); }
  /// The whole file, at the end. kInternal with Cairo's words.
  base::Result<std::string> finish();

 private:
  void prepare(std::string_view text, const TextStyle& style);

  struct Release {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
    void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
    void operator()(PangoLayout* layout) const { g_object_unref(layout); }
    void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
  };
  std::string bytes_;
  std::unique_ptr<cairo_surface_t, Release> surface_;
  std::unique_ptr<cairo_t, Release> cairo_;
  std::unique_ptr<PangoLayout, Release> layout_;
  std::unique_ptr<PangoFontDescription, Release> font_;
};

}  // namespace tradeassist::report
