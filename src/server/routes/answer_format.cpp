#include "server/routes/answer_format.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "server/http/accept_weight.hpp"

namespace tradeassist::server {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace

const AnswerFormat* find_format(std::span<const AnswerFormat> formats, std::string_view name, const Request& request) {
  if (!name.empty()) {
    const auto found = std::ranges::find(formats, name, &AnswerFormat::name);
    return found == formats.end() ? nullptr : &*found;
  }
  const AnswerFormat* best = &formats.front();
  double best_weight = 0;
  for (std::string_view left = request.header("accept").value_or(""); !left.empty();) {
    std::string_view range = base::take_until(left, ',');
    const std::string_view type = base::take_until(range, ';');
    const auto found = std::ranges::find_if(
        formats, [&](const AnswerFormat& format) { return base::is_same_name(format.media_type, type); });
    if (found == formats.end()) continue;
    if (const double weight = accept_weight(range); weight > best_weight) {
      best = &*found;
      best_weight = weight;
    }
  }
  return best;
}

std::string names_of(std::span<const AnswerFormat> formats) {
  std::string names;
  for (const AnswerFormat& format : formats) (names += names.empty() ? "" : ", ") += format.name;
  return names;
}

std::string attachment(std::string_view name, std::string_view extension) {
  std::string file;
  for (const char c : name) {
    const bool is_plain = (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    file.push_back(is_plain ? c : '_');
  }
  return "attachment; filename=\"" + file + "." + std::string(extension) + "\"";
}

}  // namespace tradeassist::server
