#include "store/cache/plain_value.hpp"

#include <algorithm>
#include <bit>
#include <span>

#include "store/codec/chunk_codec.hpp"

namespace tradeassist::store {

static_assert(std::endian::native == std::endian::little);

void append_series(std::string& out, const market::Series& bars) {
  append_plain(out, static_cast<std::uint64_t>(bars.size()));
  ChunkEncoder encoder;
  for (std::size_t first = 0; first < bars.size(); first += kChunkRowsMax) {
    const EncodedChunk chunk = encoder.encode(bars, first, std::min(kChunkRowsMax, bars.size() - first));
    append_plain(out, chunk.first_time);
    append_plain(out, chunk.last_time);
    append_plain(out, chunk.row_count);
    append_plain(out, chunk.codec);
    append_plain(out, chunk.checksum);
    const auto* payload = static_cast<const char*>(static_cast<const void*>(chunk.payload.data()));
    append_plain(out, std::string_view(payload, chunk.payload.size()));
  }
}

bool read_series(std::string_view& in, market::Series& bars) {
  std::uint64_t rows = 0;
  if (!read_plain(in, rows) || rows > kPlainRowsMax) return false;
  bars = {};
  ChunkDecoder decoder;
  while (bars.size() < rows) {
    EncodedChunk chunk;
    std::string_view payload;
    if (!read_plain(in, chunk.first_time) || !read_plain(in, chunk.last_time) || !read_plain(in, chunk.row_count) ||
        !read_plain(in, chunk.codec) || !read_plain(in, chunk.checksum) || !read_plain(in, payload)) {
      return false;
    }
    if (!bars.empty() && chunk.first_time <= bars.time.back()) return false;
    // Not before the first chunk proves that these are bars: the number of rows alone could ask for much memory.
    chunk.payload = std::as_bytes(std::span(payload));
    const std::size_t before = bars.size();
    if (!decoder.append_to(bars, chunk) || bars.size() == before) return false;
    if (before == 0) bars.reserve(rows);
  }
  return bars.size() == rows;
}

}  // namespace tradeassist::store
