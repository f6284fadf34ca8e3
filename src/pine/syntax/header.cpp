#include "pine/syntax/header.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tradeassist::pine {
namespace {

struct Field {
  std::string_view tag;
  SourceRange range;  // of the tag; empty when absent
  std::string text;
};

enum FieldIndex { kName, kCategory, kRiskLevel, kComplexity, kSummary, kIdea, kWorksWhen, kFailsWhen, kSourceOfIdea };

using Fields = std::array<Field, 9>;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

Fields empty_fields() {
  Fields fields;
  constexpr std::array<std::string_view, 9> kTags = {"name", "category",   "risk_level", "complexity", "summary",
                                                     "idea", "works_when", "fails_when", "source"};
  for (std::size_t i = 0; i < kTags.size(); ++i) fields[i].tag = kTags[i];
  return fields;
}

/// Reads the comments before the first statement.
Fields read_fields(const Source& source, Diagnostics& diagnostics) {
  Fields fields = empty_fields();
  Field* current = nullptr;
  const std::string_view text = source.text();
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = trimmed(text.substr(begin, end - begin));
    if (line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
    begin = end + 1;
    if (line.empty()) {
      current = nullptr;
      continue;
    }
    if (!line.starts_with("//")) break;
    const std::string_view content = trimmed(line.substr(2));
    if (!content.starts_with('@')) {
      if (current != nullptr && !content.empty()) {
        current->text += current->text.empty() ? "" : " ";
        current->text += content;
      }
      continue;
    }
    const std::size_t tag_end = std::min(content.find_first_of(" \t"), content.size());
    const std::string_view tag = content.substr(1, tag_end - 1);
    const auto tag_begin = static_cast<std::uint32_t>(content.data() - text.data());
    const SourceRange range{tag_begin, tag_begin + static_cast<std::uint32_t>(tag_end)};
    current = nullptr;
    for (Field& field : fields) {
      if (field.tag != tag) continue;
      if (field.range.end != 0) {
        diagnostics.error(range, "the header says `@" + std::string(tag) + "` twice",
                          "it first stands on line " + std::to_string(source.locate(field.range.begin).line));
      }
      field.range = range;
      field.text = trimmed(content.substr(tag_end));
      current = &field;
    }
  }
  return fields;
}

/// The enumerator whose position in `names` is that of `text`.
template <class Enum, std::size_t count>
std::optional<Enum> named(std::string_view text, const std::array<std::string_view, count>& names) {
  const auto found = std::ranges::find(names, text);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

/// The enumerator that the field's text names; anything else is an error that lists the names.
template <class Enum, std::size_t count>
Enum choice(const Field& field, const std::array<std::string_view, count>& names, Diagnostics& diagnostics) {
  if (const auto chosen = named<Enum>(field.text, names)) return *chosen;
  std::string list;
  for (const std::string_view name : names) list += (list.empty() ? "" : ", ") + std::string(name);
  diagnostics.error(field.range, "`@" + std::string(field.tag) + "` is `" + field.text + "`; it is one of " + list);
  return Enum{};
}

bool is_name(std::string_view text, std::string_view also_allowed) {
  if (text.empty()) return false;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter && also_allowed.find(c) == std::string_view::npos) return false;
  }
  return true;
}

constexpr std::array<std::string_view, 3> kRiskLevels = {"low", "medium", "high"};
constexpr std::array<std::string_view, 3> kComplexities = {"simple", "moderate", "advanced"};

}  // namespace

std::string_view to_string(RiskLevel level) { return kRiskLevels[static_cast<std::size_t>(level)]; }
std::string_view to_string(Complexity complexity) { return kComplexities[static_cast<std::size_t>(complexity)]; }

std::optional<RiskLevel> parse_risk_level(std::string_view name) { return named<RiskLevel>(name, kRiskLevels); }
std::optional<Complexity> parse_complexity(std::string_view name) { return named<Complexity>(name, kComplexities); }

std::optional<StrategyHeader> parse_header(const Source& source, Diagnostics& diagnostics) {
  Diagnostics found;
  Fields fields = read_fields(source, found);
  // `@source` and `@name` alone are words that any comment may begin with.
  const SourceRange anchor = fields[kName].range.end != 0 ? fields[kName].range : fields[kCategory].range;
  if (anchor.end == 0) return std::nullopt;

  for (const Field& field : fields) {
    if (field.range.end == 0) {
      found.error(anchor, "the header lacks `@" + std::string(field.tag) + "`",
                  "add a line `// @" + std::string(field.tag) + " …` above //@version");
    } else if (field.text.empty()) {
      found.error(field.range, "`@" + std::string(field.tag) + "` is empty");
    }
  }
  StrategyHeader header;
  if (!found.has_errors()) {
    header.risk_level = choice<RiskLevel>(fields[kRiskLevel], kRiskLevels, found);
    header.complexity = choice<Complexity>(fields[kComplexity], kComplexities, found);
    if (!is_name(fields[kName].text, "_")) {
      found.error(fields[kName].range, "`@name` is one word of letters, digits and `_`, as the file is called");
    }
    if (!is_name(fields[kCategory].text, "_")) {
      found.error(fields[kCategory].range,
                  "`@category` is one word of letters, digits and `_`, as the folder is called");
    }
    if (fields[kSummary].text.size() > StrategyHeader::kSummaryBytesMax) {
      found.error(fields[kSummary].range,
                  "`@summary` has " + std::to_string(fields[kSummary].text.size()) + " bytes; at most " +
                      std::to_string(StrategyHeader::kSummaryBytesMax) + " fit a list",
                  "say the rest under `@idea`");
    }
  }
  if (found.has_errors()) {
    for (const Diagnostic& finding : found.all()) diagnostics.error(finding.range, finding.message, finding.hint);
    return std::nullopt;
  }
  header.name = std::move(fields[kName].text);
  header.category = std::move(fields[kCategory].text);
  header.summary = std::move(fields[kSummary].text);
  header.idea = std::move(fields[kIdea].text);
  header.works_when = std::move(fields[kWorksWhen].text);
  header.fails_when = std::move(fields[kFailsWhen].text);
  header.source = std::move(fields[kSourceOfIdea].text);
  return header;
}

}  // namespace tradeassist::pine
