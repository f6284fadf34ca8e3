#pragma once

#include <string>

#include "base/result.hpp"
#include "report/export/document/document.hpp"

namespace tradeassist::report {

/// The document as PDF on A4: numbered pages, tables that go on over pages under their header again, charts as vectors,
/// fonts embedded. The fonts are those that fontconfig gives for "DejaVu Sans". kInternal with Cairo's own words.
/// Thread-safe.
base::Result<std::string> to_pdf(const Document& document);

}  // namespace tradeassist::report
