#pragma once

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// For tests only: the columns that TradingView exported, from a folder that is not part of the project.
namespace tradeassist::indicators::testing {

/// The folder of reference data: $TRADEASSIST_SHARED_DATA, or shared/data beside the source tree; none when absent.
inline std::optional<std::filesystem::path> reference_folder() {
  namespace fs = std::filesystem;
  const char* const given = std::getenv("TRADEASSIST_SHARED_DATA");
  const fs::path folder =
      (given != nullptr ? fs::path(given) : fs::path(TRADEASSIST_SOURCE_DIR) / "../shared/data") / "tradingview";
  if (!fs::is_directory(folder)) return std::nullopt;
  return folder;
}

/// The text of a file; `.gz` files are unpacked by gzip.
inline std::string read_reference(const std::filesystem::path& path) {
  if (path.extension() == ".gz") {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(("gzip -dc '" + path.string() + "'").c_str(), "r"),
                                                               pclose);
    if (!pipe) throw std::runtime_error("gzip does not start");
    std::string text;
    char buffer[1 << 16];
    for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, pipe.get())) > 0;) text.append(buffer, n);
    return text;
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A comma-separated table with quoted fields, as text.
struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;

  std::size_t column(std::string_view name) const {
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (header[i] == name) return i;
    }
    throw std::out_of_range("no column " + std::string(name));
  }
  std::vector<double> numbers(std::string_view name) const {
    const std::size_t at = column(name);
    std::vector<double> values;
    for (const auto& row : rows) {
      values.push_back(row[at].empty() ? std::numeric_limits<double>::quiet_NaN()
                                       : std::strtod(row[at].c_str(), nullptr));
    }
    return values;
  }
};

inline Table parse_table(std::string_view text) {
  Table table;
  std::vector<std::string> row(1);
  bool quoted = false;
  const auto finish_row = [&] {
    if (row.size() > 1 || !row[0].empty()) {
      if (table.header.empty())
        table.header = std::move(row);
      else if (row.size() == table.header.size())
        table.rows.push_back(std::move(row));
      else
        throw std::runtime_error("row " + std::to_string(table.rows.size() + 2) +
                                 " has another number of fields than the header");
    }
    row.assign(1, {});
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"')
      row.back() += text[++i];
    else if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      row.emplace_back();
    else if (c == '\n' && !quoted)
      finish_row();
    else if (c != '\r')
      row.back() += c;
  }
  finish_row();
  return table;
}

/// True when both are na, or when they agree to `tolerance` of the larger (at least of 1e-6, for columns about zero).
inline bool agrees(double got, double expected, double tolerance = 1e-6) {
  if (std::isnan(got) || std::isnan(expected)) return std::isnan(got) && std::isnan(expected);
  return std::fabs(got - expected) <= tolerance * std::max({std::fabs(got), std::fabs(expected), 1e-6});
}

}  // namespace tradeassist::indicators::testing
