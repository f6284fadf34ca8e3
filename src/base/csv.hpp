#pragma once

#include <string>
#include <string_view>

namespace tradeassist::base {

/// A field of a CSV, in quotes where it holds a comma, a quote or a line end (RFC 4180).
void append_csv_text(std::string& csv, std::string_view text);

/// The same of a text that somebody else chose: one that a spreadsheet would take for a formula (it begins with = + -
/// @, a tab or a carriage return) gets a ' before it, and so is a text there, too. Numbers as text stay.
void append_csv_foreign_text(std::string& csv, std::string_view text);

/// The shortest text that reads back as the number; nothing for one that is not finite.
void append_csv_number(std::string& csv, double value);

}  // namespace tradeassist::base
