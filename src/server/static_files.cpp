#include "server/static_files.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <string_view>

#include "base/log.hpp"

namespace tradeassist::server {
namespace {

constexpr std::uintmax_t kFileBytesMax = 16ull << 20;
constexpr std::uintmax_t kTotalBytesMax = 64ull << 20;

/// Styles may be set by script (the chart library positions its canvases so); nothing else is inline, nothing foreign.
constexpr const char* kContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

std::string content_type_of(const std::filesystem::path& file) {
  static const std::map<std::string, std::string> kTypes = {{".html", "text/html; charset=utf-8"},
                                                            {".js", "text/javascript; charset=utf-8"},
                                                            {".css", "text/css; charset=utf-8"},
                                                            {".svg", "image/svg+xml"},
                                                            {".png", "image/png"},
                                                            {".ico", "image/x-icon"},
                                                            {".json", "application/json"},
                                                            {".woff2", "font/woff2"},
                                                            {".txt", "text/plain; charset=utf-8"},
                                                            {".webmanifest", "application/manifest+json"}};
  const auto found = kTypes.find(file.extension().string());
  return found == kTypes.end() ? "application/octet-stream" : found->second;
}

/// Addresses within the page, which finds its way by itself: web/src/app/places.ts.
bool is_place(std::string_view path) {
  static constexpr std::array<std::string_view, 7> kPlaces = {"/",     "/data",    "/strategies", "/optimise",
                                                              "/jobs", "/monitor", "/settings"};
  return std::ranges::find(kPlaces, path) != kPlaces.end();
}

}  // namespace

StaticFiles::StaticFiles(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::uintmax_t total = 0;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (!it->is_regular_file(error) || it->is_symlink(error)) continue;
    const std::uintmax_t size = it->file_size(error);
    if (error || size > kFileBytesMax || total + size > kTotalBytesMax) {
      base::log(base::LogLevel::kWarning, "web file left out: too large", {{"file", it->path().string()}});
      error.clear();
      continue;
    }
    total += size;
    std::ifstream in(it->path(), std::ios::binary);
    std::string body(std::istreambuf_iterator<char>(in), {});
    const std::string url = "/" + fs::relative(it->path(), folder, error).generic_string();
    files_[url] = {content_type_of(it->path()), std::move(body), url.starts_with("/assets/")};
  }
}

std::optional<Response> StaticFiles::find(const Request& request) const {
  if (request.method != Method::kGet && request.method != Method::kHead) return std::nullopt;
  const auto found = files_.find(is_place(request.path) ? "/index.html" : request.path);
  if (found == files_.end()) return std::nullopt;
  const File& file = found->second;
  Response response{200, file.content_type, file.body, {}};
  response.headers.emplace_back("Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (file.content_type.starts_with("text/html")) {
    response.headers.emplace_back("Content-Security-Policy", kContentSecurityPolicy);
  }
  return response;
}

}  // namespace tradeassist::server
