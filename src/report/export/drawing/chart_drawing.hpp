#pragma once

#include "report/export/drawing/canvas.hpp"

namespace tradeassist::report {

/// How high a chart is at a width.
double chart_height(const LineChart& chart, double width);
double chart_height(const BarChart& chart, double width);

/// Draws axes, marks and legend in [0, width] x [0, chart_height]; titles are the writer's.
void draw_chart(const LineChart& chart, Canvas& canvas, double width);
void draw_chart(const BarChart& chart, Canvas& canvas, double width);

}  // namespace tradeassist::report
