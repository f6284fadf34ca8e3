#include "report/export/drawing/chart_drawing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "report/export/document/typography.hpp"
#include "report/export/drawing/chart_axis.hpp"

namespace tradeassist::report {
namespace {

constexpr double kTextSize = 9;
constexpr double kLeft = 58, kRight = 8, kTop = 22, kBottom = 20;
constexpr double kLegendMark = 16;

/// The rectangle between the axes, and what its ends stand for.
struct Frame {
  double left, top, right, bottom;
  double x_first, x_last, y_low, y_high;

  double x(double value) const { return left + (value - x_first) / (x_last - x_first) * (right - left); }
  double y(double value) const { return bottom - (value - y_low) / (y_high - y_low) * (bottom - top); }
};

Ink ink_of(LineChart::Role role) { return role == LineChart::Role::kStrategy ? Ink::kStrategy : Ink::kBenchmark; }

Ink ink_of(Tone tone) {
  if (tone == Tone::kGood) return Ink::kGood;
  return tone == Tone::kBad ? Ink::kBad : Ink::kStrategy;
}

void draw_value_axis(Canvas& canvas, const Frame& frame, const std::vector<Tick>& ticks, const std::string& unit) {
  for (const Tick& tick : ticks) {
    const double y = frame.y(tick.at);
    canvas.line({frame.left, y}, {frame.right, y}, tick.at == 0 ? Ink::kMuted : Ink::kGrid, 0.6);
    canvas.text({frame.left - 6, y + kTextSize * 0.35}, tick.label + unit, kTextSize, Ink::kMuted, Anchor::kEnd);
  }
}

void draw_time_axis(Canvas& canvas, const Frame& frame, const LineChart& chart) {
  constexpr double kPixelsALabel = 62;
  const int ticks_max = static_cast<int>((frame.right - frame.left) / kPixelsALabel);
  for (const Tick& tick : time_ticks(chart.time.front(), chart.time.back(), ticks_max)) {
    const double x = frame.x(tick.at);
    canvas.line({x, frame.bottom}, {x, frame.bottom + 4}, Ink::kMuted, 0.6);
    const Anchor anchor = x > frame.right - 16 ? Anchor::kEnd : x < frame.left + 16 ? Anchor::kStart : Anchor::kMiddle;
    canvas.text({x, frame.bottom + 15}, tick.label, kTextSize, Ink::kMuted, anchor);
  }
}

/// The lines' unbroken runs: between values that are not finite, and before and behind the split.
std::vector<std::vector<Point>> runs_of(const LineChart& chart, const LineChart::Line& line, const Frame& frame) {
  std::vector<std::vector<Point>> runs(1);
  for (std::size_t i = 0; i < std::min(line.values.size(), chart.time.size()); ++i) {
    const bool is_finite = std::isfinite(line.values[i]);
    if ((!is_finite || (chart.split != 0 && i == chart.split)) && !runs.back().empty()) runs.emplace_back();
    if (is_finite) runs.back().push_back({frame.x(static_cast<double>(chart.time[i])), frame.y(line.values[i])});
  }
  return runs;
}

void draw_line(Canvas& canvas, const LineChart& chart, const LineChart::Line& line, const Frame& frame, bool filled) {
  const bool is_benchmark = line.role == LineChart::Role::kBenchmark;
  for (const std::vector<Point>& run : runs_of(chart, line, frame)) {
    if (run.empty()) continue;
    if (filled) {
      std::vector<Point> outline = run;
      const double zero = frame.y(std::clamp(0.0, frame.y_low, frame.y_high));
      outline.push_back({run.back().x, zero});
      outline.push_back({run.front().x, zero});
      canvas.area(outline, ink_of(line.role));
    }
    canvas.polyline(run, ink_of(line.role), is_benchmark ? 1.0 : 1.4, is_benchmark);
  }
}

void draw_split(Canvas& canvas, const LineChart& chart, const Frame& frame) {
  if (chart.split == 0 || chart.split >= chart.time.size()) return;
  const double x = frame.x(static_cast<double>(chart.time[chart.split]));
  canvas.line({x, frame.top}, {x, frame.bottom}, Ink::kText, 0.8, true);
  const double y = chart.is_filled ? frame.bottom - 5 : frame.top + kTextSize;  // what is filled hangs from the top
  if (x - frame.left > 70) canvas.text({x - 5, y}, "in sample", kTextSize, Ink::kText, Anchor::kEnd);
  if (frame.right - x > 80) canvas.text({x + 5, y}, "out of sample", kTextSize, Ink::kText, Anchor::kStart);
}

void draw_legend(Canvas& canvas, const LineChart& chart, double left) {
  constexpr double kAdvance = 5.6;  // of a letter, about
  double x = left;
  for (const LineChart::Line& line : chart.lines) {
    canvas.line({x, 8}, {x + kLegendMark, 8}, ink_of(line.role), 2, line.role == LineChart::Role::kBenchmark);
    canvas.text({x + kLegendMark + 5, 8 + kTextSize * 0.35}, line.name, kTextSize, Ink::kText, Anchor::kStart);
    x += kLegendMark + 22 + kAdvance * static_cast<double>(line.name.size());
  }
}

}  // namespace

double chart_height(const LineChart& chart, double width) { return kTop + kBottom + width * chart.height; }
double chart_height(const BarChart&, double width) { return kTop + kBottom + width * 0.3; }

void draw_chart(const LineChart& chart, Canvas& canvas, double width) {
  double lowest = std::numeric_limits<double>::infinity(), highest = -lowest;
  for (const LineChart::Line& line : chart.lines) {
    for (const double value : line.values) {
      if (!std::isfinite(value)) continue;
      lowest = std::min(lowest, value);
      highest = std::max(highest, value);
    }
  }
  if (lowest > highest || chart.time.size() < 2 || chart.time.front() >= chart.time.back()) {
    canvas.text({width / 2, kTop + 20}, "nothing to draw", kTextSize, Ink::kMuted, Anchor::kMiddle);
    return;
  }
  const std::vector<Tick> ticks = value_ticks(lowest, highest, 7);
  const Frame frame{kLeft,
                    kTop,
                    width - kRight,
                    chart_height(chart, width) - kBottom,
                    static_cast<double>(chart.time.front()),
                    static_cast<double>(chart.time.back()),
                    ticks.front().at,
                    ticks.back().at};
  draw_value_axis(canvas, frame, ticks, chart.unit);
  draw_time_axis(canvas, frame, chart);
  for (std::size_t i = chart.lines.size(); i-- > 0;) {
    draw_line(canvas, chart, chart.lines[i], frame, chart.is_filled && i == 0);
  }
  draw_split(canvas, chart, frame);
  draw_legend(canvas, chart, frame.left);
}

void draw_chart(const BarChart& chart, Canvas& canvas, double width) {
  if (chart.bars.empty()) {
    canvas.text({width / 2, kTop + 20}, "nothing to draw", kTextSize, Ink::kMuted, Anchor::kMiddle);
    return;
  }
  double lowest = 0, highest = 0;
  for (const BarChart::Bar& bar : chart.bars) {
    lowest = std::min(lowest, bar.value);
    highest = std::max(highest, bar.value);
  }
  const std::vector<Tick> ticks = value_ticks(lowest, highest, 6);
  const auto count = static_cast<double>(chart.bars.size());
  const Frame frame{kLeft, kTop,  width - kRight,   chart_height(chart, width) - kBottom,
                    0,     count, ticks.front().at, ticks.back().at};
  draw_value_axis(canvas, frame, ticks, "");
  canvas.text({frame.left, kTextSize}, chart.axis, kTextSize, Ink::kMuted, Anchor::kStart);
  constexpr double kPixelsALabel = 46;
  const auto every = static_cast<std::size_t>(std::ceil(kPixelsALabel * count / (frame.right - frame.left)));
  const double slot = (frame.right - frame.left) / count;
  for (std::size_t i = 0; i < chart.bars.size(); ++i) {
    const BarChart::Bar& bar = chart.bars[i];
    const double x = frame.x(static_cast<double>(i));
    const double top = frame.y(std::max(0.0, bar.value)), bottom = frame.y(std::min(0.0, bar.value));
    canvas.rectangle({x + slot * 0.1, top}, slot * 0.8, bottom - top, ink_of(bar.tone));
    if (i % every == 0) {
      canvas.text({x + slot / 2, frame.bottom + 14}, bar.label, kTextSize, Ink::kMuted, Anchor::kMiddle);
    }
  }
}

}  // namespace tradeassist::report
