#include "research/digest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <string_view>

#include "base/json.hpp"
#include "research/answer_text.hpp"

namespace tradeassist::research {

namespace json = boost::json;

namespace {

constexpr std::size_t kListMax = 8, kTextMax = 400;

constexpr std::string_view kLeftOut[] = {"equity",           "trades",    "trials",      "plots",        "drawings",
                                         "messages",         "finalists", "long",        "short",        "sampler",
                                         "data_fingerprint", "seed",      "split_index", "pareto_front", "bar_number"};

/// Writes lines until there are enough.
class Lines {
 public:
  void add(const json::value& value, const std::string& name) {
    if (is_full_) return;
    switch (value.kind()) {
      case json::kind::null: return;
      case json::kind::object: return add_object(value.get_object(), name);
      case json::kind::array: return add_list(value.get_array(), name);
      case json::kind::double_: return line(name, fmt::format("{:.6g}", value.get_double()));
      case json::kind::string: return line(name, std::string(beginning(value.get_string(), kTextMax)));
      default: return line(name, base::json_text(value));
    }
  }

  std::string text() && {
    if (is_full_) text_ += "(and more figures, which are left out)\n";
    return std::move(text_);
  }

 private:
  void add_object(const json::object& object, const std::string& name) {
    for (const auto& entry : object) {
      const std::string_view key = entry.key();
      if (std::ranges::find(kLeftOut, key) != std::end(kLeftOut)) continue;
      add(entry.value(), name.empty() ? std::string(key) : name + "." + std::string(key));
    }
  }

  void add_list(const json::array& list, const std::string& name) {
    if (list.size() > kListMax) return;
    for (std::size_t i = 0; i < list.size(); ++i) add(list[i], fmt::format("{}[{}]", name, i));
  }

  void line(const std::string& name, std::string value) {
    std::ranges::replace(value, '\n', ' ');
    std::string made = name + ": " + value + "\n";
    is_full_ = text_.size() + made.size() > kDigestBytesMax;
    if (!is_full_) text_ += made;
  }

  std::string text_;
  bool is_full_ = false;
};

}  // namespace

std::string digest(const json::object& result) {
  Lines lines;
  lines.add(result, "");
  return std::move(lines).text();
}

}  // namespace tradeassist::research
