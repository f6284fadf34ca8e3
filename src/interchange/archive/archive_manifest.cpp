#include "interchange/archive/archive_manifest.hpp"

#include <fmt/format.h>

#include <boost/json/object.hpp>

#include "base/durable_file.hpp"
#include "base/sha256.hpp"

namespace tradeassist::interchange {
namespace {

using base::ErrorCode;
using base::failure;

/// Some 200,000 series.
constexpr std::size_t kManifestBytesMax = std::size_t{128} << 20;

}  // namespace

std::string archive_name(store::PartitionKind kind, store::PartitionRange range) {
  return fmt::format("{}s-{}", store::to_string(kind), store::partition_name(kind, range));
}

std::filesystem::path manifest_path(const std::filesystem::path& directory, store::PartitionKind kind,
                                    store::PartitionRange range) {
  return directory / (archive_name(kind, range) + ".json");
}

base::Result<void> write_manifest(const std::filesystem::path& path, const ArchiveManifest& manifest) {
  boost::json::value content = base::to_json(manifest);
  TRY_ASSIGN(const std::string checksum, base::sha256_of_text(base::json_text(content)));
  return base::write_durably(
      path, base::json_text(boost::json::object{{"archive", std::move(content)}, {"sha256", checksum}}) + "\n");
}

base::Result<ArchiveManifest> read_manifest(const std::filesystem::path& path) {
  const auto damaged = [&](const std::string& what) {
    return failure(ErrorCode::kDataLoss, fmt::format("{}: the manifest is damaged: {}", path.string(), what));
  };
  TRY_ASSIGN(const std::string text, base::read_text(path, kManifestBytesMax));
  const auto document = base::parse_json(text, kManifestBytesMax);
  if (!document) return damaged(document.error().message);
  const auto* const object = document->if_object();
  const auto* const content = object == nullptr ? nullptr : object->if_contains("archive");
  const auto* const checksum = object == nullptr ? nullptr : object->if_contains("sha256");
  if (content == nullptr || checksum == nullptr || !checksum->is_string()) return damaged("it has no checksum");
  TRY_ASSIGN(const std::string actual, base::sha256_of_text(base::json_text(*content)));
  if (checksum->get_string() != actual) return damaged("its SHA-256 is not the one it names");
  const auto* const version = content->is_object() ? content->get_object().if_contains("format_version") : nullptr;
  if (version != nullptr && *version != kArchiveFormatVersion) {
    return failure(ErrorCode::kUnsupported,
                   fmt::format("{}: has format version {}, this program reads {}", path.string(),
                               base::json_text(*version), kArchiveFormatVersion));
  }
  auto manifest = base::from_json<ArchiveManifest>(*content);
  if (!manifest) return damaged(manifest.error().message);
  if (manifest->parquet_file.empty() || manifest->parquet_file.find('/') != std::string::npos)
    return damaged("it names no file beside it");
  return manifest;
}

}  // namespace tradeassist::interchange
