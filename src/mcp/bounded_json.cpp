#include "mcp/bounded_json.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "base/json.hpp"

namespace tradeassist::mcp {

namespace json = boost::json;

namespace {

constexpr std::size_t kShortestArray = 8, kCutsToldMax = 40;

std::string child(const std::string& pointer, std::string_view name) {
  std::string out = pointer + "/";
  for (const char c : name) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return out;
}

std::size_t longest_array(const json::value& value) {
  std::size_t longest = 0;
  if (const auto* array = value.if_array()) {
    longest = array->size();
    for (const json::value& each : *array) longest = std::max(longest, longest_array(each));
  } else if (const auto* object = value.if_object()) {
    for (const auto& entry : *object) longest = std::max(longest, longest_array(entry.value()));
  }
  return longest;
}

/// Cuts one value after another, and keeps account.
class Cutter {
 public:
  Cutter(std::size_t length_max, std::size_t text_bytes_max) : length_max_(length_max), text_max_(text_bytes_max) {}

  void cut(json::value& value, const std::string& pointer) {
    if (auto* array = value.if_array()) {
      if (array->size() > length_max_) {
        tell(pointer, length_max_, array->size());
        array->resize(length_max_);
      }
      for (std::size_t i = 0; i < array->size(); ++i) cut((*array)[i], child(pointer, std::to_string(i)));
    } else if (auto* object = value.if_object()) {
      for (auto& entry : *object) cut(entry.value(), child(pointer, entry.key()));
    } else if (auto* text = value.if_string(); text != nullptr && text->size() > text_max_) {
      std::size_t end = text_max_;
      while (end > 0 && (static_cast<unsigned char>((*text)[end]) & 0xC0) == 0x80) --end;  // at a character's start
      tell(pointer, end, text->size());
      text->resize(end);
    }
  }

  json::array told() && { return std::move(told_); }

 private:
  void tell(const std::string& pointer, std::size_t kept, std::size_t of) {
    if (told_.size() < kCutsToldMax) told_.push_back(json::object{{"pointer", pointer}, {"kept", kept}, {"of", of}});
  }

  const std::size_t length_max_, text_max_;
  json::array told_;
};

}  // namespace

base::Result<std::string> fit_json(json::object& value, std::size_t bytes_max) {
  std::string text = base::json_text(value);
  if (text.size() <= bytes_max) return text;
  std::size_t length = std::max(longest_array(value), kShortestArray);
  for (std::size_t text_max = json::string::max_size(); text.size() > bytes_max;) {
    if (length > kShortestArray) {
      length = std::max(length / 2, kShortestArray);
    } else if (text_max > kTextBytesMax) {
      text_max = kTextBytesMax;
    } else {
      return base::failure(base::ErrorCode::kResourceExhausted,
                           "the answer has more than " + std::to_string(bytes_max) + " bytes; ask for less of it");
    }
    json::value shorter = value;
    Cutter cutter(length, text_max);
    cutter.cut(shorter, "");
    shorter.get_object()["cut"] = std::move(cutter).told();
    text = base::json_text(shorter);
    if (text.size() <= bytes_max) value = std::move(shorter.get_object());
  }
  return text;
}

}  // namespace tradeassist::mcp
