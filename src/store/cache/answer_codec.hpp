#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/answers/bar_query.hpp"

namespace tradeassist::store {

/// A question as bytes: equal exactly when every field is.
std::string question_bytes(const BarQuery& query);

/// The memory that an answer takes.
std::int64_t memory_bytes(const BarAnswer& answer);

/// Gives back memory that was reserved for more bars than there are: the newest bars are read with those of a chunk.
void release_spare_memory(BarAnswer& answer);

/// An answer as another server keeps it.
struct StoredAnswer {
  BarAnswer answer;
  base::Time read_at;  // when it was read from the database
};

/// The answer with its question and the content_version() that it was read at, under a header with format, layout of
/// the fields and CRC-32C.
std::string encode_answer(std::string_view question, std::int64_t version, const BarAnswer& answer, base::Time read_at);

/// Nothing when the bytes are damaged, or of another program, question or version. Safe for any bytes.
std::optional<StoredAnswer> decode_answer(std::string_view bytes, std::string_view question, std::int64_t version);

}  // namespace tradeassist::store
