#include "pine/program/drawing.hpp"

#include "pine/program/program.hpp"

namespace tradeassist::pine {
namespace {

using enum ValueType;

constexpr LayoutField kLabelFields[] = {
    {"x", kInt},
    {"y", kFloat},
    {"text", kString},
    {"xloc", kString},
    {"yloc", kString},
    {"color", kColor},
    {"style", kString},
    {"textcolor", kColor},
    {"size", kString},
    {"textalign", kString},
    {"tooltip", kString},
    {"text_font_family", kString},
    {"force_overlay", kBool},
    {"text_formatting", kString},
};
constexpr LayoutField kLineFields[] = {
    {"x1", kInt},        {"y1", kFloat},    {"x2", kInt},       {"y2", kFloat},  {"xloc", kString},
    {"extend", kString}, {"color", kColor}, {"style", kString}, {"width", kInt}, {"force_overlay", kBool},
};
constexpr LayoutField kBoxFields[] = {
    {"left", kInt},
    {"top", kFloat},
    {"right", kInt},
    {"bottom", kFloat},
    {"border_color", kColor},
    {"border_width", kInt},
    {"border_style", kString},
    {"extend", kString},
    {"xloc", kString},
    {"bgcolor", kColor},
    {"text", kString},
    {"text_size", kString},
    {"text_color", kColor},
    {"text_halign", kString},
    {"text_valign", kString},
    {"text_wrap", kString},
    {"text_font_family", kString},
    {"force_overlay", kBool},
    {"text_formatting", kString},
};
constexpr LayoutField kTableFields[] = {
    {"position", kString},    {"columns", kInt},       {"rows", kInt},
    {"bgcolor", kColor},      {"frame_color", kColor}, {"frame_width", kInt},
    {"border_color", kColor}, {"border_width", kInt},  {"force_overlay", kBool},
};
constexpr LayoutField kLinefillFields[] = {{"line1", kObject}, {"line2", kObject}, {"color", kColor}};
constexpr LayoutField kPolylineFields[] = {
    {"points", kObject},     {"curved", kBool},      {"closed", kBool},
    {"xloc", kString},       {"line_color", kColor}, {"fill_color", kColor},
    {"line_style", kString}, {"line_width", kInt},   {"force_overlay", kBool},
};
constexpr LayoutField kChartPointFields[] = {{"time", kInt}, {"index", kInt}, {"price", kFloat}};
constexpr LayoutField kTableCellFields[] = {
    {"column", kInt},
    {"row", kInt},
    {"text", kString},
    {"width", kFloat},
    {"height", kFloat},
    {"text_color", kColor},
    {"text_halign", kString},
    {"text_valign", kString},
    {"text_size", kString},
    {"bgcolor", kColor},
    {"tooltip", kString},
    {"text_font_family", kString},
    {"text_formatting", kString},
    {"end_column", kInt},
    {"end_row", kInt},
};

}  // namespace

std::string_view name_of(Layout layout) {
  switch (layout) {
    case Layout::kLabel: return "label";
    case Layout::kLine: return "line";
    case Layout::kBox: return "box";
    case Layout::kTable: return "table";
    case Layout::kLinefill: return "linefill";
    case Layout::kPolyline: return "polyline";
    case Layout::kChartPoint: return "chart.point";
    case Layout::kTableCell: return "table cell";
    case Layout::kUser: return "";
  }
  return "";
}

std::span<const LayoutField> fields_of(Layout layout) {
  switch (layout) {
    case Layout::kLabel: return kLabelFields;
    case Layout::kLine: return kLineFields;
    case Layout::kBox: return kBoxFields;
    case Layout::kTable: return kTableFields;
    case Layout::kLinefill: return kLinefillFields;
    case Layout::kPolyline: return kPolylineFields;
    case Layout::kChartPoint: return kChartPointFields;
    case Layout::kTableCell: return kTableCellFields;
    case Layout::kUser: return {};
  }
  return {};
}

int field_index(Layout layout, std::string_view name) {
  const auto fields = fields_of(layout);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace tradeassist::pine
