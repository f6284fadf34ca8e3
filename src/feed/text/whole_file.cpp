#include "feed/text/whole_file.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <memory>

#include "feed/text/text_file.hpp"

namespace tradeassist::feed {

base::Result<std::string> read_whole_text(const std::filesystem::path& path, std::int64_t bytes_max) {
  TRY(TextFile::open(path));  // says why it cannot be read
  // gzread() passes on what is not packed.
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (file == nullptr) return base::failure(base::ErrorCode::kNotFound, "cannot open " + path.string());
  constexpr std::size_t kBlock = std::size_t{1} << 20;
  gzbuffer(file.get(), 1u << 17);
  std::string text;
  for (;;) {
    const std::size_t before = text.size();
    text.resize(before + kBlock);
    const int got = gzread(file.get(), text.data() + before, kBlock);
    int error = Z_OK;
    const char* const message = gzerror(file.get(), &error);
    if (got < 0 || error != Z_OK) {
      return base::failure(
          base::ErrorCode::kInvalidArgument,
          fmt::format("{} is damaged: {}", path.string(), error == Z_BUF_ERROR ? "it is cut off" : message));
    }
    text.resize(before + static_cast<std::size_t>(got));
    if (static_cast<std::int64_t>(text.size()) > bytes_max) {
      return base::failure(base::ErrorCode::kResourceExhausted,
                           fmt::format("{} has more than {} bytes", path.string(), bytes_max));
    }
    if (got == 0) break;
  }
  TRY(check_is_text(path.string(), std::string_view(text).substr(0, 4096)));
  return text;
}

}  // namespace tradeassist::feed
