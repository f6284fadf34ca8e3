#include "report/export/export_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>

#include "base/durable_file.hpp"
#include "base/json.hpp"
#include "base/local_owner.hpp"
#include "base/random_id.hpp"
#include "base/sha256.hpp"
#include "report/export/result_fields.hpp"

namespace tradeassist::report {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using base::ErrorCode;
using base::failure;

constexpr std::size_t kIdDigits = 32;
constexpr std::size_t kDescriptionBytesMax = 64 * 1024;

bool is_id(std::string_view text) {
  return text.size() == kIdDigits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string description_of(const ExportFile& file) {
  return base::json_text(json::object{{"name", file.name},
                                      {"media_type", file.media_type},
                                      {"sha256", file.sha256},
                                      {"bytes", file.bytes},
                                      {"created_at", base::format_time(file.created_at)},
                                      {"expires_at", base::format_time(file.expires_at)},
                                      {"owner", file.owner}});
}

/// Nothing when the text is not what description_of() writes.
std::optional<ExportFile> read_description(const std::string& id, const std::string& text) {
  const auto value = base::parse_json(text, kDescriptionBytesMax);
  if (!value || !value->is_object()) return std::nullopt;
  const json::object& object = value->get_object();
  const auto created = base::parse_time(text_at(object, {"created_at"}));
  const auto expires = base::parse_time(text_at(object, {"expires_at"}));
  const auto bytes = number_at(object, {"bytes"});
  if (!created || !expires || !bytes || *bytes < 0) return std::nullopt;
  const std::string owner = text_at(object, {"owner"});  // none: of a version without owners
  return ExportFile{id,
                    safe_file_name(text_at(object, {"name"})),
                    text_at(object, {"media_type"}),
                    text_at(object, {"sha256"}),
                    static_cast<std::uint64_t>(*bytes),
                    *created,
                    *expires,
                    owner.empty() ? std::string(base::kLocalOwner) : owner};
}

std::unexpected<base::Error> no_such_file() {
  return failure(ErrorCode::kNotFound, "there is no export of this id, or it has expired");
}

}  // namespace

std::string safe_file_name(std::string_view name) {
  constexpr std::size_t kBytesMax = 100;
  std::string safe;
  for (const char c : name.substr(0, kBytesMax)) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                          c == '_' || (c == '.' && !safe.empty());
    safe += is_plain ? c : '_';
  }
  return safe.empty() ? "export" : safe;
}

base::Result<std::unique_ptr<ExportFiles>> ExportFiles::open(fs::path folder, const ExportLimits& limits, Clock clock) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!fs::is_directory(folder, error)) {
    return failure(ErrorCode::kIo, folder.string() + ": the folder of exports cannot be made");
  }
  std::unique_ptr<ExportFiles> files(new ExportFiles(std::move(folder), limits, std::move(clock)));
  TRY(files->take_up());
  return files;
}

base::Result<void> ExportFiles::take_up() {
  std::error_code error;
  std::vector<fs::path> ours;
  for (fs::directory_iterator it(folder_, error), end; !error && it != end; it.increment(error)) {
    // id, id.json, and what an interrupted write has left beside them; anything else is not ours.
    if (it->is_regular_file(error) && is_id(it->path().filename().string().substr(0, kIdDigits))) {
      ours.push_back(it->path());
    }
  }
  if (error) return failure(ErrorCode::kIo, folder_.string() + ": cannot be read: " + error.message());
  for (const fs::path& path : ours) {
    const std::string id = path.filename().string().substr(0, kIdDigits);
    if (path.filename() != id + ".json") continue;
    const auto text = base::read_text(path, kDescriptionBytesMax);
    auto file = text ? read_description(id, *text) : std::nullopt;
    if (file && fs::file_size(folder_ / id, error) == file->bytes && !error) files_.emplace(id, std::move(*file));
  }
  for (const fs::path& path : ours) {
    const std::string name = path.filename().string(), id = name.substr(0, kIdDigits);
    if (!files_.contains(id) || (name != id && name != id + ".json")) fs::remove(path, error);
  }
  drop_expired();
  return {};
}

base::Result<ExportFile> ExportFiles::add(std::string_view name, std::string media_type, std::string_view bytes,
                                          std::string_view owner) {
  const std::lock_guard lock(mutex_);
  if (bytes.size() > limits_.file_bytes_max) {
    return failure(ErrorCode::kResourceExhausted,
                   fmt::format("the export has {} bytes, and one may have {}", bytes.size(), limits_.file_bytes_max));
  }
  drop_expired();
  std::uint64_t used = 0;
  for (const auto& [id, file] : files_) used += file.bytes;
  if (files_.size() >= limits_.files_max || used + bytes.size() > limits_.bytes_max) {
    return failure(ErrorCode::kResourceExhausted,
                   fmt::format("{} exports with {} bytes are kept, and there may be {} with {}; delete some, or wait "
                               "until they expire",
                               files_.size(), used, limits_.files_max, limits_.bytes_max));
  }
  ExportFile file;
  TRY_ASSIGN(file.id, base::random_hex(kIdDigits / 2));
  file.name = safe_file_name(name);
  file.media_type = std::move(media_type);
  TRY_ASSIGN(file.sha256, base::sha256_of_text(bytes));
  file.bytes = bytes.size();
  file.owner = owner;
  file.created_at = clock_();
  file.expires_at = file.created_at + limits_.kept;
  // The description last: a file without one was not finished.
  TRY(base::write_durably(folder_ / file.id, bytes));
  if (auto written = base::write_durably(folder_ / (file.id + ".json"), description_of(file)); !written) {
    erase_from_disk(file.id);
    return std::unexpected(std::move(written).error());
  }
  return files_.emplace(file.id, file).first->second;
}

base::Result<ExportFile> ExportFiles::find(std::string_view id, std::string_view owner) {
  const std::lock_guard lock(mutex_);
  drop_expired();
  const auto found = files_.find(id);
  if (found == files_.end() || found->second.owner != owner) return no_such_file();
  return found->second;
}

base::Result<std::string> ExportFiles::read(const ExportFile& file, std::uint64_t offset, std::uint64_t length) {
  std::ifstream in(folder_ / file.id, std::ios::binary);
  if (!in) return no_such_file();  // removed since
  std::string bytes(length, '\0');
  in.seekg(static_cast<std::streamoff>(offset));
  in.read(bytes.data(), static_cast<std::streamsize>(length));
  if (static_cast<std::uint64_t>(in.gcount()) != length) {
    return failure(ErrorCode::kDataLoss, "the file of this export is shorter than it was");
  }
  return bytes;
}

std::vector<ExportFile> ExportFiles::list(std::string_view owner) {
  const std::lock_guard lock(mutex_);
  drop_expired();
  std::vector<ExportFile> files;
  for (const auto& [id, file] : files_) {
    if (file.owner == owner) files.push_back(file);
  }
  std::ranges::stable_sort(files, std::greater{}, &ExportFile::created_at);
  return files;
}

base::Result<void> ExportFiles::remove(std::string_view id) {
  const std::lock_guard lock(mutex_);
  drop_expired();
  const auto found = files_.find(id);
  if (found == files_.end()) return no_such_file();
  erase_from_disk(found->first);
  files_.erase(found);
  return {};
}

void ExportFiles::set_limits(const ExportLimits& limits) {
  const std::lock_guard lock(mutex_);
  limits_ = limits;
}

void ExportFiles::remove_expired() {
  const std::lock_guard lock(mutex_);
  drop_expired();
}

void ExportFiles::drop_expired() {
  const base::Time now = clock_();
  std::erase_if(files_, [&](const auto& entry) {
    if (entry.second.expires_at > now) return false;
    erase_from_disk(entry.first);
    return true;
  });
}

void ExportFiles::erase_from_disk(const std::string& id) {
  std::error_code ignored;  // what is left is removed at the next start
  fs::remove(folder_ / (id + ".json"), ignored);
  fs::remove(folder_ / id, ignored);
}

}  // namespace tradeassist::report
