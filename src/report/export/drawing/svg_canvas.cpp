#include "report/export/drawing/svg_canvas.hpp"

#include <fmt/format.h>

#include <iterator>

namespace tradeassist::report {
namespace {

const char* name_of(Ink ink) {
  switch (ink) {
    case Ink::kText: return "text";
    case Ink::kMuted: return "muted";
    case Ink::kGrid: return "grid";
    case Ink::kStrategy: return "strategy";
    case Ink::kBenchmark: return "benchmark";
    case Ink::kGood: return "good";
    case Ink::kBad: return "bad";
  }
  return "text";
}

const char* dashes(bool is_dashed) { return is_dashed ? " stroke-dasharray=\"4 3\"" : ""; }

void append_points(std::string& out, std::span<const Point> points) {
  out += " points=\"";
  for (const Point& point : points) fmt::format_to(std::back_inserter(out), "{:.1f},{:.1f} ", point.x, point.y);
  if (!points.empty()) out.pop_back();
  out += '"';
}

}  // namespace

std::string escape_markup(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') out += c;
    }
  }
  return out;
}

void SvgCanvas::line(Point from, Point to, Ink ink, double width, bool is_dashed) {
  fmt::format_to(
      std::back_inserter(out_),
      "<line class=\"ink-{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke-width=\"{}\"{}/>",
      name_of(ink), from.x, from.y, to.x, to.y, width, dashes(is_dashed));
}

void SvgCanvas::polyline(std::span<const Point> points, Ink ink, double width, bool is_dashed) {
  fmt::format_to(std::back_inserter(out_), "<polyline class=\"ink-{}\" stroke-width=\"{}\"{}", name_of(ink), width,
                 dashes(is_dashed));
  append_points(out_, points);
  out_ += "/>";
}

void SvgCanvas::area(std::span<const Point> points, Ink ink) {
  fmt::format_to(std::back_inserter(out_), "<polygon class=\"area-{}\"", name_of(ink));
  append_points(out_, points);
  out_ += "/>";
}

void SvgCanvas::rectangle(Point corner, double width, double height, Ink ink) {
  fmt::format_to(std::back_inserter(out_),
                 "<rect class=\"fill-{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>", name_of(ink),
                 corner.x, corner.y, width, height);
}

void SvgCanvas::text(Point at, std::string_view text, double size, Ink ink, Anchor anchor) {
  constexpr const char* kAnchors[] = {"start", "middle", "end"};
  fmt::format_to(std::back_inserter(out_),
                 "<text class=\"fill-{}\" x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{}\" text-anchor=\"{}\">{}</text>",
                 name_of(ink), at.x, at.y, size, kAnchors[static_cast<int>(anchor)], escape_markup(text));
}

}  // namespace tradeassist::report
