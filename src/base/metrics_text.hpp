#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/metrics.hpp"

namespace tradeassist::base {

/// How metrics are written for those who scrape: Prometheus' text format 0.0.4, or OpenMetrics 1.0.0.
enum class MetricsFormat { kPrometheus, kOpenMetrics };

/// The one that an Accept header wants: OpenMetrics where it has that, else Prometheus' own.
MetricsFormat metrics_format_of(std::string_view accept);
std::string_view content_type(MetricsFormat format);

std::string metrics_text(std::span<const MetricFamily> families, MetricsFormat format);

}  // namespace tradeassist::base
