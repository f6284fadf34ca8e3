#include "store/cache/answer_codec.hpp"

#include <span>

#include "store/cache/plain_value.hpp"
#include "store/codec/crc32c.hpp"

namespace tradeassist::store {
namespace {

constexpr std::uint32_t kMagic = 0x31414254;  // "TBA1"

std::uint32_t checksum(std::string_view bytes) { return crc32c(std::as_bytes(std::span(bytes))); }

/// Programs whose answers have other fields do not read each other's.
std::uint32_t layout() {
  static const std::uint32_t kLayout = [] {
    std::string text;
    append_layout<StoredAnswer>(text);
    return checksum(text);
  }();
  return kLayout;
}

}  // namespace

std::string question_bytes(const BarQuery& query) {
  std::string bytes;
  append_plain(bytes, query);
  return bytes;
}

std::int64_t memory_bytes(const BarAnswer& answer) {
  return static_cast<std::int64_t>(sizeof answer) + heap_bytes(answer);
}

void release_spare_memory(BarAnswer& answer) { release_spare(answer); }

std::string encode_answer(std::string_view question, std::int64_t version, const BarAnswer& answer,
                          base::Time read_at) {
  std::string body;
  append_plain(body, question);
  append_plain(body, version);
  append_plain(body, answer);  // the fields of StoredAnswer, without a copy of it
  append_plain(body, read_at);
  std::string bytes;
  append_plain(bytes, kMagic);
  append_plain(bytes, layout());
  append_plain(bytes, checksum(body));
  return bytes + body;
}

std::optional<StoredAnswer> decode_answer(std::string_view bytes, std::string_view question, std::int64_t version) {
  std::uint32_t magic = 0, fields = 0, sum = 0;
  if (!read_plain(bytes, magic) || !read_plain(bytes, fields) || !read_plain(bytes, sum)) return std::nullopt;
  if (magic != kMagic || fields != layout() || sum != checksum(bytes)) return std::nullopt;
  std::string_view their_question;
  std::int64_t their_version = 0;
  if (!read_plain(bytes, their_question) || their_question != question) return std::nullopt;
  if (!read_plain(bytes, their_version) || their_version != version) return std::nullopt;
  std::optional<StoredAnswer> stored(std::in_place);
  if (!read_plain(bytes, *stored) || !bytes.empty()) return std::nullopt;
  return stored;
}

}  // namespace tradeassist::store
