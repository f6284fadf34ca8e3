#include "interchange/archive/durable_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>

#include "base/hexadecimal.hpp"

namespace tradeassist::interchange {
namespace {

using base::ErrorCode;
using base::failure;

base::Result<void> sync(const std::filesystem::path& path) {
  const int opened = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = opened >= 0 && ::fsync(opened) == 0;
  const int why = errno;
  if (opened >= 0) ::close(opened);
  if (synced) return {};
  return failure(ErrorCode::kIo, fmt::format("{}: cannot be synced: {}", path.string(), std::strerror(why)));
}

class Sha256 {
 public:
  Sha256() : digest_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    is_ready_ = digest_ != nullptr && EVP_DigestInit_ex(digest_.get(), EVP_sha256(), nullptr) == 1;
  }
  void add(std::string_view bytes) {
    is_ready_ = is_ready_ && EVP_DigestUpdate(digest_.get(), bytes.data(), bytes.size()) == 1;
  }
  base::Result<std::string> finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    if (!is_ready_ || EVP_DigestFinal_ex(digest_.get(), bytes.data(), &size) != 1)
      return failure(ErrorCode::kInternal, "OpenSSL has no SHA-256");
    return base::hexadecimal({reinterpret_cast<const char*>(bytes.data()), size});
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest_;
  bool is_ready_ = false;
};

base::Result<std::ifstream> open_to_read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (file) return file;
  return failure(errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo,
                 fmt::format("{}: cannot be read: {}", path.string(), std::strerror(errno)));
}

}  // namespace

base::Result<void> publish(const std::filesystem::path& temporary, const std::filesystem::path& path) {
  TRY(sync(temporary));
  std::error_code error;
  std::filesystem::rename(temporary, path, error);
  if (error) return failure(ErrorCode::kIo, fmt::format("{}: cannot be written: {}", path.string(), error.message()));
  return sync(path.parent_path().empty() ? "." : path.parent_path());
}

base::Result<void> write_durably(const std::filesystem::path& path, std::string_view text) {
  const std::string temporary = path.string() + ".part";
  std::ofstream file(temporary, std::ios::binary);
  file << text;
  file.close();
  if (!file) {
    const int why = errno;
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    return failure(ErrorCode::kIo, fmt::format("{}: cannot be written: {}", path.string(), std::strerror(why)));
  }
  return publish(temporary, path);
}

base::Result<std::string> read_text(const std::filesystem::path& path, std::size_t bytes_max) {
  TRY_ASSIGN(std::ifstream file, open_to_read(path));
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) return failure(ErrorCode::kIo, fmt::format("{}: {}", path.string(), error.message()));
  if (size > bytes_max) {
    return failure(ErrorCode::kResourceExhausted,
                   fmt::format("{}: has {} bytes, more than {}", path.string(), size, bytes_max));
  }
  std::string text(size, '\0');
  file.read(text.data(), static_cast<std::streamsize>(size));
  if (!file) return failure(ErrorCode::kIo, path.string() + ": cannot be read");
  return text;
}

base::Result<std::string> sha256_of_text(std::string_view text) {
  Sha256 sum;
  sum.add(text);
  return sum.finish();
}

base::Result<std::string> sha256_of_file(const std::filesystem::path& path) {
  TRY_ASSIGN(std::ifstream file, open_to_read(path));
  Sha256 sum;
  std::string block(std::size_t{1} << 20, '\0');
  while (file) {
    file.read(block.data(), static_cast<std::streamsize>(block.size()));
    sum.add(std::string_view(block).substr(0, static_cast<std::size_t>(file.gcount())));
  }
  if (file.bad()) return failure(ErrorCode::kIo, path.string() + ": cannot be read");
  return sum.finish();
}

}  // namespace tradeassist::interchange
