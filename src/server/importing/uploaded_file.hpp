#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "feed/providers/files/unpack.hpp"

namespace tradeassist::server {

/// A body as a file in the system's folder for temporary files, which is gone with the object, and what is packed in
/// it.
class UploadedFile {
 public:
  /// `name`: what it is called in names and errors. kIo where it cannot be written; otherwise as
  /// feed::Unpacked::open().
  static base::Result<UploadedFile> write(std::string_view bytes, std::string name,
                                          const feed::UnpackLimits& limits = {});
  UploadedFile(UploadedFile&& other) noexcept;
  UploadedFile& operator=(UploadedFile&&) = delete;
  ~UploadedFile();

  /// The file itself, or those in it: "prices.zip/SPY.csv".
  const std::vector<feed::Unpacked::File>& files() const { return files_; }

  /// The message with the file's name where it names the place of its bytes.
  base::Error named(base::Error error) const;

 private:
  UploadedFile(std::filesystem::path path, std::string name) : path_(std::move(path)), name_(std::move(name)) {}

  std::filesystem::path path_;
  std::string name_;
  std::vector<feed::Unpacked> unpacked_;  // one
  std::vector<feed::Unpacked::File> files_;
};

}  // namespace tradeassist::server
