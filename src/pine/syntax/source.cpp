#include "pine/syntax/source.hpp"

#include <algorithm>
#include <utility>

namespace tradeassist::pine {
namespace {

constexpr std::size_t kShownColumnsMax = 160;  // of a source line in a message
constexpr std::size_t kContextBefore = 60;     // shown before the error on a longer line

bool is_continuation_byte(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

std::uint32_t count_code_points(std::string_view text) {
  return static_cast<std::uint32_t>(std::ranges::count_if(text, [](char c) { return !is_continuation_byte(c); }));
}

/// The line for people: tabs as one space, so that the caret stands under its column.
std::string printable(std::string_view text) {
  std::string shown(text);
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return shown;
}

}  // namespace

Source::Source(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {
  line_starts_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_starts_.push_back(static_cast<std::uint32_t>(i + 1));
  }
}

std::string_view Source::slice(SourceRange range) const {
  const std::size_t begin = std::min<std::size_t>(range.begin, text_.size());
  const std::size_t end = std::clamp<std::size_t>(range.end, begin, text_.size());
  return std::string_view(text_).substr(begin, end - begin);
}

LineColumn Source::locate(std::uint32_t offset) const {
  offset = std::min(offset, static_cast<std::uint32_t>(text_.size()));
  const auto after = std::ranges::upper_bound(line_starts_, offset);
  const auto line = static_cast<std::uint32_t>(after - line_starts_.begin());
  return {line, 1 + count_code_points(slice({line_starts_[line - 1], offset}))};
}

std::string_view Source::line_text(std::uint32_t line) const {
  if (line == 0 || line > line_starts_.size()) return {};
  const std::uint32_t begin = line_starts_[line - 1];
  const std::uint32_t end =
      line < line_starts_.size() ? line_starts_[line] : static_cast<std::uint32_t>(text_.size());
  std::string_view text = slice({begin, end});
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

std::string render(const Source& source, const Diagnostic& diagnostic) {
  const LineColumn place = source.locate(diagnostic.range.begin);
  std::string out = source.name() + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) + ": " +
                    (diagnostic.severity == Severity::kError ? "error: " : "warning: ") + diagnostic.message + "\n";

  const std::string_view line = source.line_text(place.line);
  const auto line_begin = static_cast<std::uint32_t>(line.data() - source.text().data());
  const std::size_t error_begin = diagnostic.range.begin - std::min(diagnostic.range.begin, line_begin);
  std::size_t shown_begin = 0;
  if (line.size() > kShownColumnsMax && error_begin > kContextBefore) shown_begin = error_begin - kContextBefore;
  while (shown_begin > 0 && shown_begin < line.size() && is_continuation_byte(line[shown_begin])) --shown_begin;
  std::string_view shown = line.substr(std::min(shown_begin, line.size()));
  const bool cut = shown.size() > kShownColumnsMax;
  if (cut) shown = shown.substr(0, kShownColumnsMax);
  while (cut && !shown.empty() && is_continuation_byte(shown.back())) shown.remove_suffix(1);

  const std::string prefix = shown_begin > 0 ? "…" : "";
  const std::size_t caret = std::min(error_begin - std::min(error_begin, shown_begin), shown.size());
  const std::size_t last = diagnostic.range.end > line_begin ? diagnostic.range.end - line_begin : 0;
  const std::size_t end = std::clamp(last - std::min(last, shown_begin), caret, shown.size());
  const std::uint32_t width = std::max<std::uint32_t>(1, count_code_points(shown.substr(caret, end - caret)));
  out += "  " + prefix + printable(shown) + (cut ? "…" : "") + "\n";
  out += "  " + std::string(prefix.empty() ? 0 : 1, ' ') + std::string(count_code_points(shown.substr(0, caret)), ' ') +
         "^" + std::string(width - 1, '~') + "\n";
  if (!diagnostic.hint.empty()) out += "  hint: " + diagnostic.hint + "\n";
  return out;
}

void Diagnostics::error(SourceRange range, std::string message, std::string hint) {
  if (++error_count_ > kDiagnosticsMax) return;
  all_.push_back({Severity::kError, range, std::move(message), std::move(hint)});
}

void Diagnostics::warning(SourceRange range, std::string message, std::string hint) {
  if (all_.size() < 2 * kDiagnosticsMax) {
    all_.push_back({Severity::kWarning, range, std::move(message), std::move(hint)});
  }
}

}  // namespace tradeassist::pine
