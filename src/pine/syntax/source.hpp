#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tradeassist::pine {

/// Bytes [begin, end) of the source text.
struct SourceRange {
  std::uint32_t begin = 0, end = 0;
};

/// 1-based line and column (in Unicode code points) as editors show them.
struct LineColumn {
  std::uint32_t line = 1, column = 1;
};

/// A Pine file: its name for messages and its text. Construction finds the line starts; look-ups are O(log lines).
///
/// Files that are compiled together share one line of offsets, so that a range alone says what it lies in: the script's
/// start at 0, those of each library behind the file before it.
class Source {
 public:
  Source(std::string name, std::string text, std::uint32_t first_offset = 0);
  const std::string& name() const { return name_; }
  const std::string& text() const { return text_; }
  std::uint32_t first_offset() const { return first_offset_; }
  std::uint32_t end_offset() const { return first_offset_ + static_cast<std::uint32_t>(text_.size()); }

  /// Takes up a library, whose offsets begin at next_offset().
  void append(std::shared_ptr<const Source> library);
  std::uint32_t next_offset() const { return (libraries_.empty() ? *this : *libraries_.back()).end_offset() + 1; }

  /// The file that an offset lies in: this one or one of the libraries.
  const Source& file_at(std::uint32_t offset) const;

  // Of the file that the range or offset lies in.
  std::string_view slice(SourceRange range) const;
  LineColumn locate(std::uint32_t offset) const;

  std::string_view line_text(std::uint32_t line) const;  // of this file, without its newline

 private:
  std::string name_, text_;
  std::uint32_t first_offset_;
  std::vector<std::uint32_t> line_starts_;
  std::vector<std::shared_ptr<const Source>> libraries_;
};

enum class Severity { kError, kWarning };

/// One finding of the compiler. `hint` says what to do and may be empty.
struct Diagnostic {
  Severity severity = Severity::kError;
  SourceRange range;
  std::string message, hint;
};

/// `name:line:column: error: message`, the source line, a caret under the range, and the hint.
std::string render(const Source& source, const Diagnostic& diagnostic);

/// Collects findings; keeps at most kDiagnosticsMax errors and as many warnings. Each pass of the compiler reports in
/// source order; sort() merges the passes.
class Diagnostics {
 public:
  static constexpr std::size_t kDiagnosticsMax = 200;
  void error(SourceRange range, std::string message, std::string hint = {});
  void warning(SourceRange range, std::string message, std::string hint = {});
  /// Takes over the findings of another, whose ranges begin at `first_offset`.
  void add(const Diagnostics& others, std::uint32_t first_offset);
  void sort();
  bool has_errors() const { return error_count_ > 0; }
  const std::vector<Diagnostic>& all() const { return all_; }

 private:
  std::vector<Diagnostic> all_;
  std::size_t error_count_ = 0;
};

}  // namespace tradeassist::pine
