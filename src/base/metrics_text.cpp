#include "base/metrics_text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace tradeassist::base {
namespace {

constexpr std::string_view kTotal = "_total";

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

std::string escaped(std::string_view text, bool with_quotes) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else {
      if (c == '\\' || (c == '"' && with_quotes)) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string labels_text(const MetricLabels& labels, std::string_view bound = {}) {
  std::string out;
  const auto add = [&](std::string_view name, std::string_view value) {
    out += fmt::format("{}{}=\"{}\"", out.empty() ? "" : ",", name, escaped(value, true));
  };
  for (const auto& [name, value] : labels) add(name, value);
  if (!bound.empty()) add("le", bound);
  return out.empty() ? out : "{" + out + "}";
}

void add_histogram(std::string& out, const std::string& name, const MetricSample& sample, MetricsFormat format) {
  const HistogramValues& values = *sample.histogram;
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < values.counts.size(); ++i) {
    below += values.counts[i];
    std::string bound = i < values.bounds.size() ? number(values.bounds[i]) : "+Inf";
    // OpenMetrics wants bounds to look like floating point numbers.
    const bool is_whole = bound.find_first_not_of("0123456789") == std::string::npos;
    if (format == MetricsFormat::kOpenMetrics && is_whole) bound += ".0";
    out += fmt::format("{}_bucket{} {}\n", name, labels_text(sample.labels, bound), below);
  }
  out += fmt::format("{}_sum{} {}\n", name, labels_text(sample.labels), number(values.sum));
  out += fmt::format("{}_count{} {}\n", name, labels_text(sample.labels), below);
}

}  // namespace

MetricsFormat metrics_format_of(std::string_view accept) {
  return accept.find("application/openmetrics-text") != std::string_view::npos ? MetricsFormat::kOpenMetrics
                                                                               : MetricsFormat::kPrometheus;
}

std::string_view content_type(MetricsFormat format) {
  return format == MetricsFormat::kOpenMetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                                               : "text/plain; version=0.0.4; charset=utf-8";
}

std::string metrics_text(std::span<const MetricFamily> families, MetricsFormat format) {
  std::string out;
  for (const MetricFamily& family : families) {
    // In OpenMetrics the family of a counter has no _total, its samples do.
    std::string_view name = family.name;
    const bool is_counter = family.kind == MetricKind::kCounter;
    if (format == MetricsFormat::kOpenMetrics && is_counter && name.ends_with(kTotal))
      name.remove_suffix(kTotal.size());
    const std::string_view kind = is_counter ? "counter" : family.kind == MetricKind::kGauge ? "gauge" : "histogram";
    out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name,
                       escaped(family.help, format == MetricsFormat::kOpenMetrics), name, kind);
    for (const MetricSample& sample : family.samples) {
      if (sample.histogram) {
        add_histogram(out, family.name, sample, format);
      } else {
        out += fmt::format("{}{} {}\n", family.name, labels_text(sample.labels), number(sample.value));
      }
    }
  }
  if (format == MetricsFormat::kOpenMetrics) out += "# EOF\n";
  return out;
}

}  // namespace tradeassist::base
