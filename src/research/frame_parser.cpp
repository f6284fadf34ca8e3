#include "research/frame_parser.hpp"

#include <utility>

namespace tradeassist::research {

base::Result<void> FrameParser::feed(std::string_view bytes, const OnFrame& on_frame) {
  while (!bytes.empty()) {
    if (std::exchange(after_carriage_return_, false) && bytes.front() == '\n') {
      bytes.remove_prefix(1);
      continue;
    }
    const std::size_t end = bytes.find_first_of("\r\n");
    line_ += bytes.substr(0, end);
    if (line_.size() + data_.size() > frame_bytes_max_) {
      return base::failure(base::ErrorCode::kResourceExhausted,
                           "a message of the stream has more than " + std::to_string(frame_bytes_max_) + " bytes");
    }
    if (end == std::string_view::npos) return {};
    after_carriage_return_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    TRY(end_line(on_frame));
  }
  return {};
}

base::Result<void> FrameParser::finish(const OnFrame& on_frame) {
  if (framing_ == Framing::kLines && !line_.empty()) return end_line(on_frame);
  return {};
}

base::Result<void> FrameParser::end_line(const OnFrame& on_frame) {
  const std::string whole = std::exchange(line_, {});
  std::string_view line = whole;
  if (std::exchange(is_first_line_, false) && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  if (framing_ == Framing::kLines) return line.empty() ? base::Result<void>{} : on_frame(line);
  if (line.empty()) {
    const std::string data = std::exchange(data_, {});
    return std::exchange(has_data_, false) ? on_frame(data) : base::Result<void>{};
  }
  constexpr std::string_view kField = "data";
  const std::size_t colon = line.find(':');
  if (line.substr(0, colon) != kField) return {};  // a comment, the event's name, its id: its data says it all
  std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (has_data_) data_ += '\n';
  has_data_ = true;
  data_ += value;
  return {};
}

}  // namespace tradeassist::research
