#pragma once

#include <filesystem>
#include <optional>

#include "server/http_message.hpp"

namespace tradeassist::server {

/// Serves the built web page from one folder, read into memory once: a path either names a file that was there at
/// start or is nothing, so no request can reach anything else on the disk.
class StaticFiles {
 public:
  /// An absent folder serves nothing. Files over 16 MiB and folders over 64 MiB in all are left out, and logged.
  explicit StaticFiles(const std::filesystem::path& folder);

  /// "/" and the page's own places are index.html. Hashed assets are cacheable for ever; pages carry the content
  /// security policy.
  std::optional<Response> find(const Request& request) const;

  bool empty() const { return files_.empty(); }

 private:
  struct File {
    std::string content_type, body;
    bool immutable = false;
  };
  std::map<std::string, File> files_;  // by URL path
};

}  // namespace tradeassist::server
