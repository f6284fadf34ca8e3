#include "app/result_file.hpp"

#include <fmt/format.h>

#include <array>
#include <fstream>

#include "report/export/result_fields.hpp"

namespace tradeassist::app {

base::Result<boost::json::object> read_result(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return base::failure(base::ErrorCode::kNotFound, path + ": there is no such file, or it cannot be read");
  std::string text;
  std::array<char, 64 * 1024> part{};
  while (in.read(part.data(), part.size()), in.gcount() > 0) {
    text.append(part.data(), static_cast<std::size_t>(in.gcount()));
    if (text.size() > report::kResultBytesMax) {
      return base::failure(base::ErrorCode::kResourceExhausted,
                           fmt::format("{}: has more than {} bytes", path, report::kResultBytesMax));
    }
  }
  auto result = report::parse_result(text);
  if (!result) return base::in_context(path, result.error());
  return result;
}

}  // namespace tradeassist::app
