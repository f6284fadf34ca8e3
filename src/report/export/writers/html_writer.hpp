#pragma once

#include <string>

#include "report/export/document/document.hpp"

namespace tradeassist::report {

/// The document as one HTML file: no script, nothing loaded, charts as SVG, light and dark by the reader's setting, and
/// laid out for paper too. Every text is escaped. Pure.
std::string to_html(const Document& document);

}  // namespace tradeassist::report
