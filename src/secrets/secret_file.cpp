#include "secrets/secret_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace tradeassist::secrets {
namespace {

struct Descriptor {
  explicit Descriptor(int number_) : number(number_) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
  int number;
};

}  // namespace

base::Result<std::string> read_secret_file(const std::filesystem::path& file) {
  const auto refuse = [&](base::ErrorCode code, const std::string& why) {
    return base::failure(code, file.string() + ": " + why);
  };
  const Descriptor open(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (open.number < 0 && errno == ENOENT) return refuse(base::ErrorCode::kNotFound, "there is no such file");
  struct stat about{};
  if (open.number < 0 || ::fstat(open.number, &about) != 0) {
    return refuse(base::ErrorCode::kIo, std::string("cannot be read: ") + std::strerror(errno));
  }
  if (!S_ISREG(about.st_mode)) return refuse(base::ErrorCode::kInvalidArgument, "is no file");
  if ((about.st_mode & (S_IWGRP | S_IRWXO)) != 0) {
    return refuse(base::ErrorCode::kFailedPrecondition, "others may read or change the secret; chmod 600 it");
  }
  if (about.st_size > static_cast<off_t>(kSecretBytesMax)) {
    return refuse(base::ErrorCode::kInvalidArgument, "has more than 65536 bytes");
  }
  std::string text(static_cast<std::size_t>(about.st_size), '\0');
  std::size_t filled = 0;
  while (filled < text.size()) {
    const ssize_t got = ::read(open.number, text.data() + filled, text.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return refuse(base::ErrorCode::kIo, std::string("cannot be read: ") + std::strerror(errno));
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  text.resize(filled);
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  if (text.empty()) return refuse(base::ErrorCode::kInvalidArgument, "is empty");
  return text;
}

}  // namespace tradeassist::secrets
