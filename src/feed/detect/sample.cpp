#include "feed/detect/sample.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;

constexpr std::size_t kHeadBytes = std::size_t{2} * 1024 * 1024;
constexpr std::size_t kHeadLinesMax = 20'000;
constexpr std::size_t kProbeBytes = std::size_t{64} * 1024;
constexpr std::int64_t kSpots = 32;
constexpr std::size_t kSpotBytes = std::size_t{8} * 1024;
constexpr std::size_t kTailLinesMax = 50;

/// The whole lines in `text`; the part before the first line end and behind the last one are left out.
void add_whole_lines(std::string_view text, char line_end, std::vector<std::string>& lines) {
  auto at = text.find(line_end);
  while (at != std::string_view::npos) {
    const auto next = text.find(line_end, at + 1);
    if (next == std::string_view::npos) return;
    lines.emplace_back(text.substr(at + 1, next - at - 1));
    at = next;
  }
}

base::Result<std::string> read_text(const TextFile& file, std::int64_t offset, std::size_t size) {
  std::string text(size, '\0');
  TRY_ASSIGN(const std::size_t got, file.read(offset, std::span(text)));
  text.resize(got);
  return text;
}

}  // namespace

base::Result<Sample> take_sample(const TextFile& file) {
  if (file.size() == 0) return failure(ErrorCode::kInvalidArgument, file.path() + ": is empty");
  TRY_ASSIGN(const std::string text, read_text(file, 0, kHeadBytes));
  TRY(check_is_text(file.path(), std::string_view(text).substr(0, kProbeBytes)));
  const bool whole = static_cast<std::int64_t>(text.size()) >= file.size();

  Sample sample;
  const bool has_newline = std::string_view(text).substr(0, kLineBytesMax + 1).find('\n') != std::string_view::npos;
  sample.line_end = !has_newline && text.find('\r') < kLineBytesMax ? '\r' : '\n';
  std::size_t at = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
  while (at < text.size() && sample.head.size() < kHeadLinesMax) {
    auto end = text.find(sample.line_end, at);
    if (std::min(end, text.size()) - at > kLineBytesMax) {
      return failure(ErrorCode::kInvalidArgument,
                     fmt::format("{}: line {} is longer than {} KiB; this is not a file of bars", file.path(),
                                 sample.head.size() + 1, kLineBytesMax / 1024));
    }
    if (end == std::string::npos) {
      if (!whole) break;  // cut by the end of what was read
      end = text.size();
    }
    sample.head.push_back(text.substr(at, end - at));
    sample.head_offset.push_back(static_cast<std::int64_t>(at));
    at = end + 1;
  }
  if (whole && at >= text.size()) {
    const auto tail = static_cast<std::ptrdiff_t>(std::min(kTailLinesMax, sample.head.size()));
    sample.tail.assign(sample.head.end() - tail, sample.head.end());
    return sample;
  }

  const std::int64_t rest = file.size() - static_cast<std::int64_t>(at);
  for (std::int64_t spot = 0; spot < kSpots; ++spot) {
    const std::int64_t offset = static_cast<std::int64_t>(at) + rest / kSpots * spot;
    TRY_ASSIGN(const std::string piece, read_text(file, offset, kSpotBytes));
    add_whole_lines(piece, sample.line_end, sample.elsewhere);
  }
  const std::int64_t tail_bytes = std::min<std::int64_t>(file.size(), kProbeBytes);
  TRY_ASSIGN(std::string tail, read_text(file, file.size() - tail_bytes, static_cast<std::size_t>(tail_bytes)));
  if (!tail.ends_with(sample.line_end)) tail.push_back(sample.line_end);
  add_whole_lines(tail, sample.line_end, sample.tail);
  if (sample.tail.size() > kTailLinesMax) {
    sample.tail.erase(sample.tail.begin(), sample.tail.end() - static_cast<std::ptrdiff_t>(kTailLinesMax));
  }
  return sample;
}

base::Result<std::vector<std::string>> find_lines(const TextFile& file, char line_end, std::int64_t offset,
                                                  std::string_view text, std::size_t count) {
  constexpr std::size_t kStep = std::size_t{4} * 1024 * 1024;
  std::vector<std::string> lines;
  std::string piece;
  while (offset < file.size() && lines.size() < count) {
    TRY_ASSIGN(piece, read_text(file, offset, kStep));
    // Whole lines only; the rest comes with the next piece.
    const bool last = offset + static_cast<std::int64_t>(piece.size()) >= file.size();
    const auto end = last ? piece.size() : piece.rfind(line_end);
    if (end == std::string::npos || piece.empty()) break;  // a line longer than any row
    const std::string_view whole = std::string_view(piece).substr(0, end);
    for (auto at = whole.find(text); at != std::string_view::npos && lines.size() < count;) {
      const auto before = whole.rfind(line_end, at);
      const auto first = before == std::string_view::npos ? 0 : before + 1;
      const auto behind = std::min(whole.find(line_end, at), whole.size());
      lines.emplace_back(whole.substr(first, std::min(behind - first, kLineBytesMax)));
      at = behind < whole.size() ? whole.find(text, behind) : std::string_view::npos;
    }
    if (last) break;
    offset += static_cast<std::int64_t>(end) + 1;
  }
  return lines;
}

}  // namespace tradeassist::feed
