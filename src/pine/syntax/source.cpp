#include "pine/syntax/source.hpp"

#include <algorithm>
#include <utility>

#include "base/utf8.hpp"
#include "pine/syntax/lex/utf8.hpp"

namespace tradeassist::pine {
namespace {

constexpr std::size_t kShownBytesMax = 160;  // of a source line in a message
constexpr std::size_t kBytesBefore = 60;     // shown before the error on a longer line

/// The start of the character that holds the byte at `offset`.
std::size_t character_start(std::string_view text, std::size_t offset) {
  for (std::size_t back = 0; back < 4 && back <= offset && offset < text.size(); ++back) {
    if (base::utf8_character_size(text.substr(offset - back, 4)) > back) return offset - back;
  }
  return offset;
}

}  // namespace

Source::Source(std::string name, std::string text, std::uint32_t first_offset)
    : name_(std::move(name)), text_(std::move(text)), first_offset_(first_offset) {
  line_starts_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_starts_.push_back(static_cast<std::uint32_t>(i + 1));
  }
}

void Source::append(std::shared_ptr<const Source> library) { libraries_.push_back(std::move(library)); }

const Source& Source::file_at(std::uint32_t offset) const {
  const auto behind = std::ranges::upper_bound(libraries_, offset, {}, &Source::first_offset);
  return behind == libraries_.begin() ? *this : **std::prev(behind);
}

std::string_view Source::slice(SourceRange range) const {
  const Source& file = file_at(range.begin);
  const std::size_t begin = std::clamp(range.begin, file.first_offset(), file.end_offset()) - file.first_offset();
  const std::size_t end = std::clamp(range.end, file.first_offset(), file.end_offset()) - file.first_offset();
  return std::string_view(file.text_).substr(begin, std::max(begin, end) - begin);
}

LineColumn Source::locate(std::uint32_t offset) const {
  const Source& file = file_at(offset);
  const std::uint32_t inside = std::clamp(offset, file.first_offset(), file.end_offset()) - file.first_offset();
  const auto after = std::ranges::upper_bound(file.line_starts_, inside);
  const auto line = static_cast<std::uint32_t>(after - file.line_starts_.begin());
  const std::uint32_t line_start = file.line_starts_[line - 1];
  const std::string_view before = std::string_view(file.text_).substr(line_start, inside - line_start);
  return {line, 1 + static_cast<std::uint32_t>(count_characters(before))};
}

std::string_view Source::line_text(std::uint32_t line) const {
  if (line == 0 || line > line_starts_.size()) return {};
  const std::uint32_t begin = line_starts_[line - 1];
  const std::uint32_t end = line < line_starts_.size() ? line_starts_[line] : static_cast<std::uint32_t>(text_.size());
  std::string_view text = std::string_view(text_).substr(begin, end - begin);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

std::string render(const Source& source, const Diagnostic& diagnostic) {
  const Source& file = source.file_at(diagnostic.range.begin);
  const LineColumn place = file.locate(diagnostic.range.begin);
  std::string out = file.name() + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) + ": " +
                    (diagnostic.severity == Severity::kError ? "error: " : "warning: ") + diagnostic.message + "\n";

  // Of a line that is too long for a terminal, the part around the error; cut between characters.
  const std::string_view line = file.line_text(place.line);
  const auto line_begin = file.first_offset() + static_cast<std::uint32_t>(line.data() - file.text().data());
  const std::size_t error_begin = std::min<std::size_t>(diagnostic.range.begin - line_begin, line.size());
  const std::size_t error_end = std::clamp<std::size_t>(
      diagnostic.range.end - std::min(diagnostic.range.end, line_begin), error_begin, line.size());
  std::size_t shown_begin = 0, shown_end = line.size();
  if (line.size() > kShownBytesMax) {
    shown_begin = character_start(line, error_begin - std::min(error_begin, kBytesBefore));
    shown_end = character_start(line, std::min(line.size(), shown_begin + kShownBytesMax));
  }
  const std::string before =
      (shown_begin > 0 ? "…" : "") + printable(line.substr(shown_begin, error_begin - shown_begin));
  const std::string after = printable(line.substr(error_begin, std::max(shown_end, error_begin) - error_begin));
  const std::size_t marked_end = std::min(error_end, std::max(shown_end, error_begin));
  const std::size_t width =
      std::max<std::size_t>(1, count_characters(line.substr(error_begin, marked_end - error_begin)));
  out += "  " + before + after + (shown_end < line.size() ? "…" : "") + "\n";
  out += "  " + std::string(count_characters(before), ' ') + "^" + std::string(width - 1, '~') + "\n";
  if (!diagnostic.hint.empty()) out += "  hint: " + diagnostic.hint + "\n";
  return out;
}

void Diagnostics::error(SourceRange range, std::string message, std::string hint) {
  if (++error_count_ > kDiagnosticsMax) return;
  all_.push_back({Severity::kError, range, std::move(message), std::move(hint)});
}

void Diagnostics::add(const Diagnostics& others, std::uint32_t first_offset) {
  for (const Diagnostic& finding : others.all_) {
    const SourceRange range{finding.range.begin + first_offset, finding.range.end + first_offset};
    if (finding.severity == Severity::kError) {
      error(range, finding.message, finding.hint);
    } else {
      warning(range, finding.message, finding.hint);
    }
  }
}

void Diagnostics::sort() {
  std::ranges::stable_sort(all_, {}, [](const Diagnostic& finding) { return finding.range.begin; });
}

void Diagnostics::warning(SourceRange range, std::string message, std::string hint) {
  if (all_.size() < 2 * kDiagnosticsMax) {
    all_.push_back({Severity::kWarning, range, std::move(message), std::move(hint)});
  }
}

}  // namespace tradeassist::pine
