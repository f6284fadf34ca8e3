#include "pine/analysis/builtins/rows.hpp"

namespace tradeassist::pine {
namespace {

struct Row {
  Layout layout;
  DrawingAccess access;
  const char* signature;
  const char* fields = "";
};

/// Parameters are named after the fields of the drawing's record that they fill (program/drawing.hpp), where `fields`
/// does not name others; a point fills two, joined by `+`.
constexpr Row kRows[] = {
    {Layout::kLabel, DrawingAccess::kNew,
     "label.new(x: float, y: float, text: string ?, xloc: string = xloc.bar_index, yloc: string = yloc.price, color: "
     "color ?, style: string = label.style_label_down, textcolor: color ?, size: any ?, textalign: string ?, tooltip: "
     "string ?, text_font_family: string ?, force_overlay: bool ?, text_formatting: any ?) label"},
    {Layout::kLabel, DrawingAccess::kNew,
     "label.new(point: chart.point, text: string ?, xloc: string = xloc.bar_index, yloc: string = yloc.price, color: "
     "color ?, style: string = label.style_label_down, textcolor: color ?, size: any ?, textalign: string ?, tooltip: "
     "string ?, text_font_family: string ?, force_overlay: bool ?, text_formatting: any ?) label",
     "x+y"},
    {Layout::kLabel, DrawingAccess::kSet, "label.set_xy(id: label, x: float, y: float) void"},
    {Layout::kLabel, DrawingAccess::kSet, "label.set_xloc(id: label, x: float, xloc: string) void"},
    {Layout::kLabel, DrawingAccess::kSet, "label.set_point(id: label, point: chart.point) void", "x+y"},
    {Layout::kLine, DrawingAccess::kNew,
     "line.new(x1: float, y1: float, x2: float, y2: float, xloc: string = xloc.bar_index, extend: string = "
     "extend.none, color: color ?, style: string = line.style_solid, width: float ?, force_overlay: bool ?) line"},
    {Layout::kLine, DrawingAccess::kNew,
     "line.new(first_point: chart.point, second_point: chart.point, xloc: string = xloc.bar_index, extend: string = "
     "extend.none, color: color ?, style: string = line.style_solid, width: float ?, force_overlay: bool ?) line",
     "x1+y1 x2+y2"},
    {Layout::kLine, DrawingAccess::kSet, "line.set_xy1(id: line, x: float, y: float) void", "x1 y1"},
    {Layout::kLine, DrawingAccess::kSet, "line.set_xy2(id: line, x: float, y: float) void", "x2 y2"},
    {Layout::kLine, DrawingAccess::kSet, "line.set_xloc(id: line, x1: float, x2: float, xloc: string) void"},
    {Layout::kLine, DrawingAccess::kSet, "line.set_first_point(id: line, point: chart.point) void", "x1+y1"},
    {Layout::kLine, DrawingAccess::kSet, "line.set_second_point(id: line, point: chart.point) void", "x2+y2"},
    {Layout::kBox, DrawingAccess::kNew,
     "box.new(left: float, top: float, right: float, bottom: float, border_color: color ?, border_width: float ?, "
     "border_style: string = line.style_solid, extend: string = extend.none, xloc: string = xloc.bar_index, bgcolor: "
     "color ?, text: string ?, text_size: any ?, text_color: color ?, text_halign: string ?, text_valign: string ?, "
     "text_wrap: string ?, text_font_family: string ?, force_overlay: bool ?, text_formatting: any ?) box"},
    {Layout::kBox, DrawingAccess::kNew,
     "box.new(top_left: chart.point, bottom_right: chart.point, border_color: color ?, border_width: float ?, "
     "border_style: string = line.style_solid, extend: string = extend.none, xloc: string = xloc.bar_index, bgcolor: "
     "color ?, text: string ?, text_size: any ?, text_color: color ?, text_halign: string ?, text_valign: string ?, "
     "text_wrap: string ?, text_font_family: string ?, force_overlay: bool ?, text_formatting: any ?) box",
     "left+top right+bottom"},
    {Layout::kBox, DrawingAccess::kSet, "box.set_lefttop(id: box, left: float, top: float) void"},
    {Layout::kBox, DrawingAccess::kSet, "box.set_rightbottom(id: box, right: float, bottom: float) void"},
    {Layout::kBox, DrawingAccess::kSet, "box.set_top_left_point(id: box, point: chart.point) void", "left+top"},
    {Layout::kBox, DrawingAccess::kSet, "box.set_bottom_right_point(id: box, point: chart.point) void", "right+bottom"},
    {Layout::kBox, DrawingAccess::kSet, "box.set_xloc(id: box, left: float, right: float, xloc: string) void"},
    {Layout::kTable, DrawingAccess::kNew,
     "table.new(position: string, columns: whole, rows: whole, bgcolor: color ?, frame_color: color ?, frame_width: "
     "float "
     "?, border_color: color ?, border_width: float ?, force_overlay: bool ?) table"},
    {Layout::kLinefill, DrawingAccess::kNew, "linefill.new(line1: line, line2: line, color: color ?) linefill"},
    {Layout::kPolyline, DrawingAccess::kNew,
     "polyline.new(points: array<chart.point>, curved: bool ?, closed: bool ?, xloc: string = xloc.bar_index, "
     "line_color: color ?, fill_color: color ?, line_style: string = line.style_solid, line_width: float ?, "
     "force_overlay: bool ?) polyline"},
    {Layout::kChartPoint, DrawingAccess::kNew, "chart.point.new(time: int, index: int, price: float) chart.point"},
    {Layout::kChartPoint, DrawingAccess::kNew, "chart.point.from_index(index: int, price: float) chart.point"},
    {Layout::kChartPoint, DrawingAccess::kNew, "chart.point.from_time(time: int, price: float) chart.point"},
    {Layout::kChartPoint, DrawingAccess::kNew,
     "chart.point.now(time: implicit time, index: implicit bar_index, price: float = close) chart.point"},
};

/// Setters and getters of one field.
struct FieldAccess {
  Layout layout;
  const char* setters;
  const char* getters;
};
constexpr FieldAccess kFields[] = {
    {Layout::kLabel, "x y text yloc color style textcolor size textalign tooltip text_font_family text_formatting",
     "x y text"},
    {Layout::kLine, "x1 y1 x2 y2 extend color style width", "x1 y1 x2 y2"},
    {Layout::kBox,
     "left top right bottom border_color border_width border_style extend bgcolor text text_size text_color "
     "text_halign text_valign text_wrap text_font_family text_formatting",
     "left top right bottom"},
    {Layout::kTable, "position bgcolor frame_color frame_width border_color border_width", ""},
    {Layout::kLinefill, "color", "line1 line2"},
};

struct RuntimeRow {
  Function function;
  const char* signature;
};

constexpr RuntimeRow kRuntime[] = {
    {Function::kDrawingDelete, "label.delete(id: label) void"},
    {Function::kDrawingDelete, "line.delete(id: line) void"},
    {Function::kDrawingDelete, "box.delete(id: box) void"},
    {Function::kDrawingDelete, "table.delete(table_id: table) void"},
    {Function::kDrawingDelete, "linefill.delete(id: linefill) void"},
    {Function::kDrawingDelete, "polyline.delete(id: polyline) void"},
    {Function::kDrawingCopy, "label.copy(id: label) label"},
    {Function::kDrawingCopy, "line.copy(id: line) line"},
    {Function::kDrawingCopy, "box.copy(id: box) box"},
    {Function::kDrawingCopy, "chart.point.copy(id: chart.point) chart.point"},
    {Function::kLineGetPrice, "line.get_price(id: line, x: float) float"},
    {Function::kTableCell,
     "table.cell(table_id: table, column: whole, row: whole, text: string ?, width: float ?, height: float ?, "
     "text_color: "
     "color ?, text_halign: string ?, text_valign: string ?, text_size: any ?, bgcolor: color ?, tooltip: string ?, "
     "text_font_family: string ?, text_formatting: any ?) void"},
    {Function::kTableClear,
     "table.clear(table_id: table, start_column: whole, start_row: whole, end_column: whole ?, end_row: whole ?) void"},
    {Function::kTableMergeCells,
     "table.merge_cells(table_id: table, start_column: whole, start_row: whole, end_column: whole, end_row: whole) "
     "void"},
};

/// The parameter of a field's setter, where it is not called as the field is.
std::string setter_parameter(Layout layout, const std::string& field) {
  if (layout == Layout::kLine && (field.back() == '1' || field.back() == '2')) return field.substr(0, field.size() - 1);
  if (layout == Layout::kBox && field == "bgcolor") return "color";
  if (layout == Layout::kBox && field.starts_with("border_")) return field.substr(7);
  return field;
}

/// What a setter takes without its argument: every attribute of a table, and two of texts, have a default there.
std::string setter_default(Layout layout, std::string_view field) {
  if (field == "text_formatting") return " = text.format_none";
  if (layout == Layout::kLabel && field == "size") return " = size.normal";
  if (layout == Layout::kTableCell && field == "text_size") return " = size.normal";
  if (layout != Layout::kTable || field == "position") return "";
  return field.ends_with("width") ? " = 0" : " = na";
}

/// table.cell_set_text(table_id, column, row, text) and its kin are table.cell() with that attribute alone.
constexpr std::string_view kCellAttributes =
    "text width height text_color text_halign text_valign text_size bgcolor tooltip text_font_family text_formatting";

std::string type_of(const LayoutField& field) {
  switch (field.type) {
    case ValueType::kInt:  // coordinates may be quotients; the record keeps whole numbers
    case ValueType::kFloat: return "float";
    case ValueType::kBool: return "bool";
    case ValueType::kColor: return "color";
    case ValueType::kObject: return "line";
    default:
      return field.name == "size" || field.name == "text_size" || field.name == "text_formatting" ? "any" : "string";
  }
}

}  // namespace

std::vector<BuiltinFunction> drawing_functions() {
  std::vector<BuiltinFunction> into;
  const auto add = [&](Layout layout, DrawingAccess access, const std::string& signature, const char* fields = "") {
    BuiltinFunction made = parse_signature(Function::kNone, Effect::kHeap, signature);
    made.drawing = access;
    made.layout = layout;
    const std::size_t first = access == DrawingAccess::kNew ? 0 : 1;  // after the id
    const std::vector<std::string> named = words(fields);
    for (std::size_t i = first; i < made.parameters.size(); ++i) {
      made.parameters[i].field = i - first < named.size() ? named[i - first] : made.parameters[i].name;
    }
    into.push_back(std::move(made));
  };
  for (const Row& row : kRows) add(row.layout, row.access, row.signature, row.fields);
  for (const FieldAccess& access : kFields) {
    const std::string space(name_of(access.layout));
    const std::string id = access.layout == Layout::kTable ? "table_id" : "id";
    for (const LayoutField& field : fields_of(access.layout)) {
      const std::string name(field.name);
      for (const std::string& setter : words(access.setters)) {
        if (setter != name) continue;
        add(access.layout, DrawingAccess::kSet,
            space + ".set_" + name + "(" + id + ": " + space + ", " + setter_parameter(access.layout, name) + ": " +
                type_of(field) + setter_default(access.layout, name) + ") void",
            name.c_str());
      }
      for (const std::string& getter : words(access.getters)) {
        if (getter != name) continue;
        const std::string result = field.type == ValueType::kInt ? "int" : type_of(field);
        add(access.layout, DrawingAccess::kGet, space + ".get_" + name + "(id: " + space + ") " + result);
      }
    }
  }
  for (const RuntimeRow& row : kRuntime) into.push_back(parse_signature(row.function, Effect::kHeap, row.signature));
  for (const LayoutField& field : fields_of(Layout::kTableCell)) {
    for (const std::string& attribute : words(kCellAttributes)) {
      if (attribute != field.name) continue;
      // Parameters before this one are those of table.cell() that stay as they are.
      std::string signature = "table.cell_set_" + attribute + "(table_id: table, column: whole, row: whole";
      for (const std::string& other : words(kCellAttributes)) {
        signature += ", " + other + ": ";
        signature += other == attribute ? type_of(field) + setter_default(Layout::kTableCell, attribute) : "absent";
      }
      into.push_back(parse_signature(Function::kTableCell, Effect::kHeap, signature + ") void"));
    }
  }
  return into;
}

}  // namespace tradeassist::pine
