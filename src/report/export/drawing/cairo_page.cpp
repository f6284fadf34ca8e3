#include "report/export/drawing/cairo_page.hpp"

#include <cairo-pdf.h>

#include <array>

namespace tradeassist::report {
namespace {

struct Color {
  double red, green, blue;
};

/// On paper; the page on screen has the same in html_style.hpp.
Color color_of(Ink ink) {
  switch (ink) {
    case Ink::kText: return {0.11, 0.12, 0.14};
    case Ink::kMuted: return {0.40, 0.44, 0.50};
    case Ink::kGrid: return {0.86, 0.87, 0.89};
    case Ink::kStrategy: return {0.09, 0.34, 0.72};
    case Ink::kBenchmark: return {0.54, 0.43, 0.12};
    case Ink::kGood: return {0.08, 0.44, 0.24};
    case Ink::kBad: return {0.70, 0.15, 0.12};
  }
  return {0, 0, 0};
}

void set_color(cairo_t* cairo, Ink ink, double opacity = 1) {
  const Color color = color_of(ink);
  cairo_set_source_rgba(cairo, color.red, color.green, color.blue, opacity);
}

class CairoCanvas final : public Canvas {
 public:
  CairoCanvas(cairo_t* cairo, CairoPages& pages, Point origin) : cairo_(cairo), pages_(pages), origin_(origin) {}

  void line(Point from, Point to, Ink ink, double width, bool is_dashed) override {
    const std::array<Point, 2> both = {from, to};
    polyline(both, ink, width, is_dashed);
  }

  void polyline(std::span<const Point> points, Ink ink, double width, bool is_dashed) override {
    constexpr std::array<double, 2> kDashes = {4, 3};
    trace(points);
    set_color(cairo_, ink);
    cairo_set_line_width(cairo_, width * 0.8);
    cairo_set_line_join(cairo_, CAIRO_LINE_JOIN_ROUND);
    cairo_set_dash(cairo_, kDashes.data(), is_dashed ? 2 : 0, 0);
    cairo_stroke(cairo_);
    cairo_set_dash(cairo_, nullptr, 0, 0);
  }

  void area(std::span<const Point> points, Ink ink) override {
    trace(points);
    cairo_close_path(cairo_);
    set_color(cairo_, ink, 0.18);
    cairo_fill(cairo_);
  }

  void rectangle(Point corner, double width, double height, Ink ink) override {
    cairo_rectangle(cairo_, origin_.x + corner.x, origin_.y + corner.y, width, height);
    set_color(cairo_, ink);
    cairo_fill(cairo_);
  }

  void text(Point at, std::string_view text, double size, Ink ink, Anchor anchor) override {
    // Letters of paper are smaller than a screen's; the base line stands about nine tenths below the upper edge.
    constexpr double kSmaller = 0.82, kAscent = 0.93;
    const TextStyle style{size * kSmaller, false, ink, 0, Anchor::kStart};
    const double width = anchor == Anchor::kStart ? 0 : pages_.measure(text, style).x;
    const double left = anchor == Anchor::kEnd ? width : width / 2;
    pages_.text({origin_.x + at.x - left, origin_.y + at.y - size * kSmaller * kAscent}, text, style);
  }

 private:
  void trace(std::span<const Point> points) {
    cairo_new_path(cairo_);
    for (const Point& point : points) cairo_line_to(cairo_, origin_.x + point.x, origin_.y + point.y);
  }

  cairo_t* cairo_;
  CairoPages& pages_;
  Point origin_;
};

cairo_status_t append(void* bytes, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(bytes)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

}  // namespace

CairoPages::CairoPages(double width, double height, const std::string& title, const std::string& creator) {
  surface_.reset(cairo_pdf_surface_create_for_stream(append, &bytes_, width, height));
  cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_TITLE, title.c_str());
  cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_CREATOR, creator.c_str());
  cairo_.reset(cairo_create(surface_.get()));
  layout_.reset(pango_cairo_create_layout(cairo_.get()));
  font_.reset(pango_font_description_from_string("DejaVu Sans, Sans"));
}

void CairoPages::prepare(std::string_view text, const TextStyle& style) {
  pango_font_description_set_absolute_size(font_.get(), style.size * PANGO_SCALE);
  pango_font_description_set_weight(font_.get(), style.is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description(layout_.get(), font_.get());
  pango_layout_set_width(layout_.get(), style.width > 0 ? static_cast<int>(style.width * PANGO_SCALE) : -1);
  pango_layout_set_wrap(layout_.get(), PANGO_WRAP_WORD_CHAR);
  constexpr std::array<PangoAlignment, 3> kAlignments = {PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT};
  pango_layout_set_alignment(layout_.get(), kAlignments[static_cast<std::size_t>(style.anchor)]);
  pango_layout_set_line_spacing(layout_.get(), style.width > 0 ? 1.25f : 0.0f);
  pango_layout_set_text(layout_.get(), text.data(), static_cast<int>(text.size()));
}

Point CairoPages::measure(std::string_view text, const TextStyle& style) {
  prepare(text, style);
  PangoRectangle extent;
  pango_layout_get_extents(layout_.get(), nullptr, &extent);
  return {static_cast<double>(extent.width) / PANGO_SCALE, static_cast<double>(extent.height) / PANGO_SCALE};
}

void CairoPages::text(Point at, std::string_view text, const TextStyle& style) {
  prepare(text, style);
  set_color(cairo_.get(), style.ink);
  cairo_move_to(cairo_.get(), at.x, at.y);
  pango_cairo_show_layout(cairo_.get(), layout_.get());
  cairo_new_path(cairo_.get());
}

void CairoPages::rule(Point from, Point to, double width, Ink ink) {
  cairo_move_to(cairo_.get(), from.x, from.y);
  cairo_line_to(cairo_.get(), to.x, to.y);
  set_color(cairo_.get(), ink);
  cairo_set_line_width(cairo_.get(), width);
  cairo_stroke(cairo_.get());
}

void CairoPages::box(Point corner, double width, double height, double red, double green, double blue) {
  cairo_rectangle(cairo_.get(), corner.x, corner.y, width, height);
  cairo_set_source_rgb(cairo_.get(), red, green, blue);
  cairo_fill(cairo_.get());
}

std::unique_ptr<Canvas> CairoPages::canvas(Point origin) {
  return std::make_unique<CairoCanvas>(cairo_.get(), *this, origin);
}

void CairoPages::outline(const std::string& heading, int page) {
  const std::string where = "page=" + std::to_string(page);
  cairo_pdf_surface_add_outline(surface_.get(), CAIRO_PDF_OUTLINE_ROOT, heading.c_str(), where.c_str(),
                                static_cast<cairo_pdf_outline_flags_t>(0));
}

base::Result<std::string> CairoPages::finish() {
  layout_.reset();
  cairo_status_t status = cairo_status(cairo_.get());
  cairo_.reset();
  cairo_surface_finish(surface_.get());
  if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_status(surface_.get());
  if (status != CAIRO_STATUS_SUCCESS) {
    return base::failure(base::ErrorCode::kInternal, std::string("PDF: ") + cairo_status_to_string(status));
  }
  return std::move(bytes_);
}

}  // namespace tradeassist::report
