#include "research/answer_text.hpp"

namespace tradeassist::research {

std::optional<std::string> only_block(std::string_view answer) {
  std::string whole, block;
  int fences = 0;
  while (!answer.empty()) {
    const std::size_t end = answer.find('\n');
    const std::string_view line = answer.substr(0, end);
    if (line.starts_with("```")) {
      ++fences;
    } else {
      std::string& into = fences == 1 ? block : whole;
      into += line;
      into += '\n';
    }
    answer.remove_prefix(end == std::string_view::npos ? answer.size() : end + 1);
  }
  if (fences == 0) return whole;
  if (fences != 2) return std::nullopt;
  return block;
}

std::string_view beginning(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xC0) == 0x80) --bytes_max;
  return text.substr(0, bytes_max);
}

}  // namespace tradeassist::research
