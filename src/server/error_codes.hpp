#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tradeassist::server {

/// A `code` of a problem: what it means and what to do. Codes are stable: clients decide by them.
struct ErrorCodeEntry {
  std::string_view code;
  unsigned status;  // that it usually comes with
  std::string_view meaning, remedy;
  unsigned other_status = 0;  // that it comes with, too; 0: none
};

/// All of them, by name.
std::span<const ErrorCodeEntry> error_codes();

/// Null where there is none of that name.
const ErrorCodeEntry* find_error_code(std::string_view code);

/// The table as docs/errors.md has it.
std::string error_codes_markdown();

}  // namespace tradeassist::server
