#include "report/chart_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <span>

#include "pine/program/drawing.hpp"
#include "report/json_rows.hpp"

namespace tradeassist::report {
namespace {

namespace json = boost::json;

const char* kind_text(pine::OutputKind kind) {
  switch (kind) {
    case pine::OutputKind::kPlot: return "plot";
    case pine::OutputKind::kPlotShape: return "shape";
    case pine::OutputKind::kPlotChar: return "char";
    case pine::OutputKind::kPlotArrow: return "arrow";
    case pine::OutputKind::kPlotBar: return "bar";
    case pine::OutputKind::kPlotCandle: return "candle";
    case pine::OutputKind::kHline: return "hline";
    case pine::OutputKind::kFill: return "fill";
    case pine::OutputKind::kBackground: return "background";
    case pine::OutputKind::kBarColor: return "bar_color";
    case pine::OutputKind::kAlert:
    case pine::OutputKind::kLog: return "message";
  }
  return "message";
}

std::string color_text(double color) { return fmt::format("#{:08X}", static_cast<std::uint32_t>(color)); }
json::value constant_color(std::uint32_t color) {
  return color == 0 ? json::value(nullptr) : json::value(color_text(color));
}

std::span<const double> newest(const std::vector<double>& values) {
  return std::span<const double>(values).last(std::min(values.size(), kPlotBarsMax));
}

/// A column of colours as the colours there are and which of them each bar has.
json::value colors_json(const std::vector<double>& colors) {
  std::map<double, std::size_t> places;
  json::array palette, index;
  for (const double color : newest(colors)) {
    if (!std::isfinite(color)) {
      index.push_back(nullptr);
      continue;
    }
    const auto [place, added] = places.emplace(color, palette.size());
    if (added) palette.push_back(json::string(color_text(color)));
    index.push_back(place->second);
  }
  if (palette.empty()) return nullptr;
  return json::object{{"palette", std::move(palette)}, {"index", std::move(index)}};
}

json::object plot_json(const pine::Output& output, const backtest::OutputColumn& column) {
  const bool is_color = output.kind == pine::OutputKind::kBackground || output.kind == pine::OutputKind::kBarColor;
  json::object plot;
  plot["title"] = output.title;
  plot["kind"] = kind_text(output.kind);
  plot["overlay"] = output.overlay;
  plot["visible"] = output.visible;
  const std::vector<double>& colors = is_color ? column.values : column.colors;
  const bool is_one = !colors.empty() && colors.front() == colors.back() &&
                      std::ranges::all_of(colors, [&](double color) { return color == colors.front(); });
  plot["color"] = is_one ? json::value(color_text(colors.front())) : constant_color(output.color);
  plot["colors"] = is_one && !is_color ? json::value(nullptr) : colors_json(colors);
  plot["style"] = output.style;
  plot["location"] = output.location;
  plot["text"] = bounded_text(output.text);
  plot["text_color"] = constant_color(output.text_color);
  plot["down_color"] = constant_color(output.down_color);
  plot["size"] = output.size;
  plot["line_width"] = output.line_width;
  plot["time_offset"] = column.offset;
  plot["first_bar"] = column.values.size() - newest(column.values).size();
  plot["values"] = is_color || output.kind == pine::OutputKind::kFill ? json::array() : numbers(newest(column.values));
  if (!column.open.empty()) {
    plot["open"] = numbers(newest(column.open));
    plot["high"] = numbers(newest(column.high));
    plot["low"] = numbers(newest(column.low));
  }
  return plot;
}

/// Makes JSON of drawings: their fields by name, places as bars of the run.
class Drawer {
 public:
  Drawer(const backtest::RunRequest& request, const backtest::RunResult& result)
      : series_(*request.series), texts_(result.texts), step_(request.timeframe.nominal_seconds() * 1e9) {}

  json::object drawing(const backtest::RecordedDrawing& drawn) {
    json::object made = record(drawn.layout, drawn.fields);
    if (drawn.layout == pine::Layout::kTable) made["cells"] = parts(drawn, pine::Layout::kTableCell);
    if (drawn.layout == pine::Layout::kPolyline) made["points"] = parts(drawn, pine::Layout::kChartPoint);
    return made;
  }

  std::size_t parts_left_out() const { return parts_left_out_; }

 private:
  json::array parts(const backtest::RecordedDrawing& drawn, pine::Layout layout) {
    json::array made;
    for (const std::vector<double>& part : drawn.parts) {
      if (parts_ == kDrawingPartsMax) {
        ++parts_left_out_;
      } else {
        ++parts_;
        made.push_back(layout == pine::Layout::kChartPoint ? point(drawn, part) : record(layout, part));
      }
    }
    return made;
  }

  json::object record(pine::Layout layout, const std::vector<double>& values) const {
    const auto fields = pine::fields_of(layout);
    const bool by_time = is_by_time(layout, values);
    json::object made;
    for (std::size_t i = 0; i < fields.size() && i < values.size(); ++i) {
      const std::string_view name = fields[i].name;
      if (name == "xloc" || name == "points") continue;
      const bool is_place = name == "x" || name == "x1" || name == "x2" || name == "left" || name == "right";
      made[name] = value(fields[i].type, is_place && by_time ? bar_at(values[i]) : values[i]);
    }
    return made;
  }

  json::object point(const backtest::RecordedDrawing& polyline, const std::vector<double>& fields) const {
    const auto field = [&](std::string_view name) {
      return fields[static_cast<std::size_t>(pine::field_index(pine::Layout::kChartPoint, name))];
    };
    const bool by_time = is_by_time(polyline.layout, polyline.fields);
    return {{"x", number(by_time ? bar_at(field("time")) : field("index"))}, {"y", number(field("price"))}};
  }

  bool is_by_time(pine::Layout layout, const std::vector<double>& values) const {
    const int xloc = pine::field_index(layout, "xloc");
    return xloc >= 0 && text(values[static_cast<std::size_t>(xloc)]) == "xloc.bar_time";
  }

  json::value value(pine::ValueType type, double value) const {
    if (!std::isfinite(value)) return nullptr;
    switch (type) {
      case pine::ValueType::kString: return json::value(bounded_text(text(value)));
      case pine::ValueType::kColor: return json::value(color_text(value));
      case pine::ValueType::kBool: return json::value(value != 0);
      default: return json::value(value);
    }
  }

  const std::string& text(double id) const {
    static const std::string kNone;
    return id >= 0 && id < static_cast<double>(texts_.size()) ? texts_[static_cast<std::size_t>(id)] : kNone;
  }

  /// The bar that holds a moment (ms since 1970 UTC); outside the run, as many bars away as its timeframe says.
  double bar_at(double milliseconds) const {
    if (!std::isfinite(milliseconds)) return milliseconds;
    const double at = milliseconds * 1e6;
    const auto first = static_cast<double>(series_.time.front()), last = static_cast<double>(series_.time.back());
    if (at < first) return std::floor((at - first) / step_);
    if (at >= last) return static_cast<double>(series_.size() - 1) + std::floor((at - last) / step_);
    const auto after = std::ranges::upper_bound(series_.time, static_cast<std::int64_t>(at));
    return static_cast<double>(after - series_.time.begin()) - 1;
  }

  const market::Series& series_;
  const std::vector<std::string>& texts_;
  double step_;
  std::size_t parts_ = 0, parts_left_out_ = 0;
};

}  // namespace

std::string bounded_text(const std::string& text) {
  if (text.size() <= kScriptTextBytesMax) return text;
  std::size_t end = kScriptTextBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

json::array plots_json(const pine::Program& program, const backtest::RunResult& result) {
  json::array plots;
  std::map<std::uint32_t, std::size_t> places;  // of outputs in the list
  for (const backtest::OutputColumn& column : result.outputs) {
    if (column.values.empty()) continue;
    const pine::Output& output = program.outputs[column.output];
    json::object plot = plot_json(output, column);
    if (output.kind == pine::OutputKind::kFill) {
      plot["first"] = places.at(output.first);
      plot["second"] = places.at(output.second);
    }
    places[column.output] = plots.size();
    plots.push_back(std::move(plot));
  }
  return plots;
}

void add_drawings(json::object& report, const backtest::RunRequest& request, const backtest::RunResult& result) {
  Drawer drawer(request, result);
  std::map<pine::Layout, json::array> kinds;
  for (const backtest::RecordedDrawing& drawn : result.drawings) {
    json::object made = drawer.drawing(drawn);
    if (drawn.layout == pine::Layout::kLinefill) {  // lines follow the labels
      const auto labels = static_cast<double>(kinds[pine::Layout::kLabel].size());
      made["line1"] = number(drawn.fields[0] - labels);
      made["line2"] = number(drawn.fields[1] - labels);
    }
    kinds[drawn.layout].push_back(std::move(made));
  }
  json::object drawings;
  for (std::uint32_t kind = 0; kind < pine::kDrawingKinds; ++kind) {
    const auto layout = static_cast<pine::Layout>(kind);
    drawings[std::string(pine::name_of(layout)) + (layout == pine::Layout::kBox ? "es" : "s")] =
        std::move(kinds[layout]);
  }
  drawings["overlay"] = request.program->settings.overlay;
  report["drawings"] = std::move(drawings);
  report["drawing_parts_left_out"] = drawer.parts_left_out();
}

}  // namespace tradeassist::report
