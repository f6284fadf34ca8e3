#include "feed/text/fields.hpp"

namespace tradeassist::feed {

bool FieldSplitter::split(std::string_view line) {
  fields_.clear();
  unquoted_.clear();
  unquoted_.reserve(line.size());  // views into it stay valid: it never grows beyond the line
  std::size_t at = 0;
  while (true) {
    while (at < line.size() && line[at] == ' ') ++at;
    if (separator_ == kSpaceRun && at == line.size()) return true;  // trailing spaces are no field
    if (at < line.size() && line[at] == '"') {
      const std::size_t start = unquoted_.size();
      bool closed = false;
      for (++at; at < line.size(); ++at) {
        if (line[at] != '"') {
          unquoted_.push_back(line[at]);
        } else if (at + 1 < line.size() && line[at + 1] == '"') {
          unquoted_.push_back(line[++at]);
        } else {
          closed = true;
          ++at;
          break;
        }
      }
      if (!closed) return false;
      fields_.push_back(trim(std::string_view(unquoted_).substr(start)));
      while (at < line.size() && (line[at] == ' ' || line[at] == '\r') && separator_ != kSpaceRun) ++at;
      if (at == line.size()) return true;
      if (line[at] != separator_) return false;
      ++at;
      continue;
    }
    const auto end = line.find(separator_, at);
    if (end == std::string_view::npos) {
      fields_.push_back(trim(line.substr(at)));
      return true;
    }
    fields_.push_back(trim(line.substr(at, end - at)));
    at = end + 1;
  }
}

}  // namespace tradeassist::feed
