#include "base/csv.hpp"

#include <charconv>
#include <cmath>

#include "base/text.hpp"

namespace tradeassist::base {

void append_csv_text(std::string& csv, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    csv += text;
    return;
  }
  csv += '"';
  for (const char c : text) {
    if (c == '"') csv += '"';
    csv += c;
  }
  csv += '"';
}

void append_csv_foreign_text(std::string& csv, std::string_view text) {
  constexpr std::string_view kBeginsFormula = "=+-@\t\r";
  const bool is_risky = !text.empty() && kBeginsFormula.find(text.front()) != std::string_view::npos;
  if (!is_risky || parse_number(text)) return append_csv_text(csv, text);
  append_csv_text(csv, "'" + std::string(text));
}

void append_csv_number(std::string& csv, double value) {
  if (!std::isfinite(value)) return;
  char buffer[32];
  csv.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

}  // namespace tradeassist::base
