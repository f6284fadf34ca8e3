#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "server/http_message.hpp"

namespace tradeassist::server {

constexpr std::int64_t kBarsMax = 50'000;           // of one answer of text
constexpr std::int64_t kBinaryBarsMax = 1'000'000;  // of one answer as Arrow or Parquet
constexpr std::int64_t kSheetBarsMax = 1'048'575;   // as a workbook: what a sheet has beside its header

/// How bars can be written.
struct AnswerFormat {
  std::string_view name;        // as `format` says it
  std::string_view media_type;  // as Accept and Content-Type say it
  std::string_view extension;   // of a file that is saved; none where answers are shown
  std::int64_t bars_max = kBarsMax;
};

constexpr std::array<AnswerFormat, 6> kAnswerFormats = {{
    {"columns", "application/json", ""},
    {"json", "application/json", ""},
    {"csv", "text/csv", ""},
    {"arrow", "application/vnd.apache.arrow.stream", "arrow", kBinaryBarsMax},
    {"parquet", "application/vnd.apache.parquet", "parquet", kBinaryBarsMax},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", kSheetBarsMax},
}};
/// Those of every answer with rows, and those of bars.
constexpr std::span<const AnswerFormat> kTextFormats = std::span(kAnswerFormats).first(3);
constexpr std::span<const AnswerFormat> kBarFormats = kAnswerFormats;

/// The one that is named; without a name the one that Accept likes best, of equals the one it names first, and the
/// first of `formats` where it names none. Null where the name is none of them.
const AnswerFormat* find_format(std::span<const AnswerFormat> formats, std::string_view name, const Request& request);

/// "columns, json, csv"
std::string names_of(std::span<const AnswerFormat> formats);

/// The value of Content-Disposition for a file of that name: what is not a letter, a digit, "-", "." or "_" is "_".
std::string attachment(std::string_view name, std::string_view extension);

}  // namespace tradeassist::server
