#include "server/routes/answer_format.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace tradeassist::server {
namespace {

/// What stands before the next `mark`; both go.
std::string_view take(std::string_view& text, char mark) {
  const std::size_t end = text.find(mark);
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return base::trim(part);
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool is_same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

/// The weight of a media range (RFC 9110, 12.4.2): 1 where none is said, 0 where it makes no sense.
double weight_of(std::string_view parameters) {
  while (!parameters.empty()) {
    std::string_view parameter = take(parameters, ';');
    if (!is_same_name(take(parameter, '='), "q")) continue;
    double weight = 0;
    const std::string_view digits = base::trim(parameter);
    std::from_chars(digits.data(), digits.data() + digits.size(), weight);
    return weight;
  }
  return 1;
}

}  // namespace

const AnswerFormat* find_format(std::span<const AnswerFormat> formats, std::string_view name, const Request& request) {
  if (!name.empty()) {
    const auto found = std::ranges::find(formats, name, &AnswerFormat::name);
    return found == formats.end() ? nullptr : &*found;
  }
  const AnswerFormat* best = &formats.front();
  double best_weight = 0;
  for (std::string_view left = request.header("accept").value_or(""); !left.empty();) {
    std::string_view range = take(left, ',');
    const std::string_view type = take(range, ';');
    const auto found = std::ranges::find_if(
        formats, [&](const AnswerFormat& format) { return is_same_name(format.media_type, type); });
    if (found == formats.end()) continue;
    if (const double weight = weight_of(range); weight > best_weight) {
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
