#include "backup/repository.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <utility>

#include "base/durable_file.hpp"
#include "base/hexadecimal.hpp"
#include "base/json.hpp"
#include "base/random_id.hpp"
#include "base/sha256.hpp"

namespace tradeassist::backup {
namespace {

using base::ErrorCode;
using base::failure;
namespace fs = std::filesystem;

constexpr std::string_view kHead = "repository.json", kBlocks = "blocks", kBackups = "backups", kLock = "lock",
                           kUnfinished = "unfinished";
constexpr std::size_t kHeadBytesMax = 64 << 10, kManifestBytesMax = 256 << 20, kSha256Bytes = 32;
constexpr std::string_view kKnown = "tradeassist backups";  // what the check of a passphrase holds

/// repository.json. `sha256` is that of the rest.
struct Head {
  int format = 1;
  std::string encryption = "none";  // or aes-256-gcm
  int log2_n = 0, r = 0, p = 0;     // of scrypt
  std::string salt;                 // hexadecimal
  std::string check;                // something known, sealed: tells a wrong passphrase
  std::string sha256;
};
BOOST_DESCRIBE_STRUCT(Head, (), (format, encryption, log2_n, r, p, salt, check, sha256))

base::Error io_error(const fs::path& path, const char* what, int why) {
  return {why == ENOSPC || why == EDQUOT || why == EFBIG ? ErrorCode::kResourceExhausted : ErrorCode::kIo,
          fmt::format("{}: {}: {}", path.string(), what, std::strerror(why))};
}

base::Result<std::string> sum_of(Head head) {
  head.sha256.clear();
  return base::sha256_of_text(base::json_text(base::to_json(head)));
}

base::Result<Sealer> sealer_of(const Head& head, const std::string& passphrase, const fs::path& folder) {
  if (head.encryption == "none") {
    if (passphrase.empty()) return Sealer::make_plain();
    return failure(ErrorCode::kFailedPrecondition,
                   folder.string() +
                       ": the backups there are not encrypted; leave the passphrase out, or use another "
                       "folder for encrypted ones");
  }
  if (passphrase.empty()) {
    return failure(ErrorCode::kFailedPrecondition,
                   folder.string() +
                       ": the backups there are encrypted; give the passphrase (--key-file FILE, or the "
                       "setting backup_key_file)");
  }
  TRY_ASSIGN(Sealer sealer,
             Sealer::from_passphrase(passphrase, {.log2_n = head.log2_n, .r = head.r, .p = head.p, .salt = head.salt}));
  const auto known = sealer.open(kHead, base::bytes_of_hexadecimal(head.check));
  if (known && *known == kKnown) return sealer;
  return failure(ErrorCode::kInvalidArgument, folder.string() + ": the passphrase is wrong");
}

base::Result<Head> read_head(const fs::path& folder) {
  const fs::path path = folder / kHead;
  auto text = base::read_text(path, kHeadBytesMax);
  if (!text && text.error().code == ErrorCode::kNotFound)
    return failure(ErrorCode::kNotFound, folder.string() + ": there are no backups (no repository.json)");
  if (!text) return std::unexpected(std::move(text).error());
  const auto is_damaged = [&](const std::string& why) {
    return failure(ErrorCode::kDataLoss,
                   fmt::format("{}: is damaged ({}); copy the one of another copy of the folder", path.string(), why));
  };
  const auto value = base::parse_json(*text);
  if (!value) return is_damaged(value.error().message);
  const auto head = base::from_json<Head>(*value);
  if (!head) return is_damaged(head.error().message);
  if (head->format != 1) {
    return failure(ErrorCode::kUnsupported,
                   fmt::format("{}: has format {}, which a newer TradeAssist made", path.string(), head->format));
  }
  TRY_ASSIGN(const std::string sum, sum_of(*head));
  if (sum != head->sha256) return is_damaged("its checksum does not match");
  return *head;
}

base::Result<void> make_head(const fs::path& folder, const std::string& passphrase) {
  Head head;
  if (!passphrase.empty()) {
    KeyDerivation derivation;
    TRY_ASSIGN(derivation.salt, base::random_hex(16));
    TRY_ASSIGN(const Sealer sealer, Sealer::from_passphrase(passphrase, derivation));
    TRY_ASSIGN(const std::string check, sealer.seal(kHead, kKnown));
    head = {1, "aes-256-gcm", derivation.log2_n, derivation.r, derivation.p, derivation.salt, base::hexadecimal(check),
            ""};
  }
  TRY_ASSIGN(head.sha256, sum_of(head));
  return base::write_durably(folder / kHead, base::json_text(base::to_json(head)) + "\n");
}

base::Result<void> make_folder(const fs::path& folder) {
  std::error_code error;
  const bool is_new = fs::create_directories(folder, error);
  // All of the data is in there.
  if (!error && is_new) fs::permissions(folder, fs::perms::owner_all, error);
  if (error) return failure(ErrorCode::kIo, folder.string() + ": cannot be made: " + error.message());
  return {};
}

/// Not synced: publish() does that for all.
base::Result<void> write_file(const fs::path& path, std::string_view bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return std::unexpected(io_error(path, "cannot be made", errno));
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t got = ::write(file, bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      const int why = errno;
      ::close(file);
      ::unlink(path.c_str());
      return std::unexpected(io_error(path, "cannot be written", why));
    }
    done += static_cast<std::size_t>(got);
  }
  if (::close(file) != 0) return std::unexpected(io_error(path, "cannot be written", errno));
  return {};
}

}  // namespace

bool is_backup_id(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == 'T' || c == 'Z' || c == '-';
  };
  return text.size() >= 16 && text.size() <= 40 && std::ranges::all_of(text, fits);
}

base::Time backup_time(std::string_view id) {
  const auto number = [&](std::size_t at, std::size_t digits) {
    int value = 0;
    for (std::size_t i = at; i < at + digits && i < id.size(); ++i) value = value * 10 + (id[i] - '0');
    return value;
  };
  const auto day = std::chrono::sys_days(std::chrono::year(number(0, 4)) / number(4, 2) / number(6, 2));
  return day + std::chrono::hours(number(9, 2)) + std::chrono::minutes(number(11, 2)) +
         std::chrono::seconds(number(13, 2));
}

RepositoryLock::RepositoryLock(RepositoryLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
RepositoryLock::~RepositoryLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Repository::Repository(fs::path folder, Sealer sealer) : folder_(std::move(folder)), sealer_(std::move(sealer)) {}

base::Result<Repository> Repository::open(const fs::path& folder, const std::string& passphrase) {
  TRY_ASSIGN(const Head head, read_head(folder));
  TRY_ASSIGN(Sealer sealer, sealer_of(head, passphrase, folder));
  return Repository(folder, std::move(sealer));
}

base::Result<Repository> Repository::open_or_create(const fs::path& folder, const std::string& passphrase) {
  std::error_code error;
  if (!fs::exists(folder / kHead, error)) {
    TRY(make_folder(folder));
    for (const auto& entry : fs::directory_iterator(folder, error)) {
      const std::string name = entry.path().filename();
      // What a first backup that was killed may have left.
      if (name == kLock || name == std::string(kHead) + ".part") continue;
      return failure(
          ErrorCode::kFailedPrecondition,
          fmt::format("{}: is not a folder of backups (it has {}); choose an empty one", folder.string(), name));
    }
    TRY(make_head(folder, passphrase));
  }
  return open(folder, passphrase);
}

base::Result<RepositoryLock> Repository::lock(bool exclusive) const {
  const fs::path path = folder_ / kLock;
  int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  // Backups may be read from where nothing can be written.
  if (file < 0 && !exclusive && (errno == EROFS || errno == EACCES))
    file = ::open(folder_.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::unexpected(io_error(path, "cannot be opened", errno));
  RepositoryLock lock(file);
  if (::flock(file, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) return std::unexpected(io_error(path, "cannot be locked", errno));
  return failure(ErrorCode::kUnavailable,
                 folder_.string() + ": another process is making, reading or pruning backups there; wait for it");
}

base::Result<std::vector<std::string>> Repository::list() const {
  std::vector<std::string> ids;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_ / kBackups, error)) {
    const std::string name = entry.path().filename();
    if (is_backup_id(name)) ids.push_back(name);
  }
  if (error && error != std::errc::no_such_file_or_directory)
    return failure(ErrorCode::kIo, (folder_ / kBackups).string() + ": cannot be read: " + error.message());
  std::ranges::sort(ids);
  return ids;
}

base::Result<Manifest> Repository::read(const std::string& id) const {
  const fs::path path = folder_ / kBackups / id;
  if (!is_backup_id(id))
    return failure(ErrorCode::kInvalidArgument,
                   fmt::format("'{}' is not the id of a backup; `tradeassist backup list` shows them", id));
  auto sealed = base::read_text(path, kManifestBytesMax);
  if (!sealed && sealed.error().code == ErrorCode::kNotFound) {
    return failure(ErrorCode::kNotFound, fmt::format("{}: there is no backup {}; `tradeassist backup list` shows them",
                                                     folder_.string(), id));
  }
  if (!sealed) return std::unexpected(std::move(sealed).error());
  const auto is_damaged = [&](std::string_view how) {
    return failure(ErrorCode::kDataLoss, fmt::format("{}: the manifest {}", path.string(), how));
  };
  const auto content = sealer_.open(id, *sealed);
  if (!content) return is_damaged(content.error().message);
  if (content->size() < kSha256Bytes) return is_damaged("is cut short");
  const std::string_view text = std::string_view(*content).substr(kSha256Bytes);
  base::Sha256 sum;
  sum.add(text);
  TRY_ASSIGN(const std::string bytes, sum.finish());
  if (!content->starts_with(bytes)) return is_damaged("is damaged: its checksum does not match");
  const auto value = base::parse_json(text, kManifestBytesMax);
  if (!value) return is_damaged(value.error().message);
  auto manifest = base::from_json<Manifest>(*value);
  if (!manifest)
    return is_damaged("cannot be read (" + manifest.error().message + "); a newer TradeAssist may have made it");
  if (manifest->id != id) return is_damaged("is that of " + manifest->id);
  return manifest;
}

base::Result<Manifest> Repository::find(const std::string& id_or_latest) const {
  if (id_or_latest != "latest") return read(id_or_latest);
  TRY_ASSIGN(const auto ids, list());
  if (ids.empty()) return failure(ErrorCode::kNotFound, folder_.string() + ": there are no backups yet");
  return read(ids.back());
}

base::Result<void> Repository::publish(const Manifest& manifest) {
  const std::string text = base::json_text(base::to_json(manifest));
  base::Sha256 sum;
  sum.add(text);
  TRY_ASSIGN(const std::string bytes, sum.finish());
  TRY_ASSIGN(const std::string sealed, sealer_.seal(manifest.id, bytes + text));
  // One call for thousands of blocks, instead of one for each.
  const int folder = ::open(folder_.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = folder >= 0 && ::syncfs(folder) == 0;
  const int why = errno;
  if (folder >= 0) ::close(folder);
  if (!synced) return std::unexpected(io_error(folder_, "cannot be synced", why));
  TRY(make_folder(folder_ / kBackups));
  TRY(base::sync(folder_));
  const fs::path path = folder_ / kBackups / manifest.id;
  auto done = base::write_durably(path, sealed);
  if (!done) {  // it may be there all the same, and its blocks are taken back
    std::error_code ignored;
    fs::remove(path, ignored);
  }
  return done;
}

base::Result<void> Repository::remove(const std::string& id) {
  std::error_code error;
  fs::remove(folder_ / kBackups / id, error);
  if (error)
    return failure(ErrorCode::kIo, (folder_ / kBackups / id).string() + ": cannot be removed: " + error.message());
  return base::sync(folder_ / kBackups);
}

fs::path Repository::path_of(std::string_view name) const {
  const std::string text = base::hexadecimal(name);
  return folder_ / kBlocks / text.substr(0, 2) / text;
}

base::Result<std::string> Repository::put(std::string_view content) {
  TRY_ASSIGN(std::string name, sealer_.name_of(content));
  const fs::path path = path_of(name);
  std::error_code error;
  // One that was lost meanwhile is written again.
  if (trusted_.contains(name) && fs::file_size(path, error) > 0 && !error) return name;
  TRY_ASSIGN(const std::string sealed, sealer_.seal(name, content));
  bool& has_folder = has_folder_[static_cast<unsigned char>(name.front())];
  if (!has_folder) TRY(make_folder(path.parent_path()));
  has_folder = true;
  const fs::path temporary = folder_ / kBlocks / kUnfinished;
  TRY(write_file(temporary, sealed));
  if (!fs::exists(path, error)) written_.push_back(path);  // else it may be another backup's, too
  if (::rename(temporary.c_str(), path.c_str()) != 0)
    return std::unexpected(io_error(path, "cannot be written", errno));
  trusted_.insert(name);
  new_bytes_ += static_cast<std::int64_t>(content.size());
  stored_bytes_ += static_cast<std::int64_t>(sealed.size());
  return name;
}

base::Result<std::string> Repository::get(std::string_view name) const {
  const fs::path path = path_of(name);
  const auto is_damaged = [&](std::string_view how) {
    return failure(ErrorCode::kDataLoss, fmt::format("{}: the block {}", path.string(), how));
  };
  const auto sealed = base::read_text(path, kContentBytesMax + (std::size_t{1} << 20));
  if (!sealed && sealed.error().code == ErrorCode::kNotFound) return is_damaged("is missing");
  if (!sealed) return std::unexpected(sealed.error());
  auto content = sealer_.open(name, *sealed);
  if (!content) return is_damaged(content.error().message);
  TRY_ASSIGN(const std::string actual, sealer_.name_of(*content));
  if (actual != name) return is_damaged("is damaged: its SHA-256 does not match");
  return content;
}

void Repository::take_back() {
  std::error_code ignored;
  for (const fs::path& path : written_) fs::remove(path, ignored);
  fs::remove(folder_ / kBlocks / kUnfinished, ignored);
  written_.clear();
}

base::Result<std::pair<std::int64_t, std::int64_t>> Repository::sweep(const std::unordered_set<std::string>& wanted) {
  std::int64_t count = 0, bytes = 0;
  std::error_code error;
  for (const auto& folder : fs::directory_iterator(folder_ / kBlocks, error)) {
    if (!folder.is_directory()) {
      if (folder.path().filename() == kUnfinished) fs::remove(folder.path(), error);
      continue;
    }
    for (const auto& block : fs::directory_iterator(folder.path(), error)) {
      if (wanted.contains(base::bytes_of_hexadecimal(block.path().filename().string()))) continue;
      const auto size = static_cast<std::int64_t>(block.file_size(error));
      if (!fs::remove(block.path(), error) || error)
        return failure(ErrorCode::kIo, block.path().string() + ": cannot be removed: " + error.message());
      ++count, bytes += size;
    }
  }
  return std::pair(count, bytes);
}

}  // namespace tradeassist::backup
