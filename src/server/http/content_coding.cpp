#include "server/http/content_coding.hpp"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>

#include "base/text.hpp"
#include "server/http/accept_weight.hpp"

namespace tradeassist::server {
namespace {

constexpr int kZstdLevel = 3, kGzipLevel = 5;
constexpr int kGzipWindow = 15 + 16;   // the largest there is, with gzip's frame
constexpr int kZstdWindowLogMax = 23;  // 8 MiB: what a client may make us keep (RFC 8878, section 3.1.1.1.2)

std::unexpected<base::Error> damaged(ContentCoding coding) {
  return base::failure(base::ErrorCode::kInvalidArgument,
                       "the body is not valid " + std::string(to_string(coding)) + ", as Content-Encoding says it is");
}

std::unexpected<base::Error> too_long() {
  return base::failure(base::ErrorCode::kResourceExhausted, "the body is too long when it is decompressed");
}

base::Result<std::string> decode_gzip(std::string_view body, std::size_t bytes_max) {
  z_stream stream{};
  if (inflateInit2(&stream, kGzipWindow) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, decltype(&inflateEnd)> end(&stream, inflateEnd);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  std::string out;
  std::array<char, 16 * 1024> piece{};
  for (;;) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = piece.size();
    const int result = inflate(&stream, Z_NO_FLUSH);
    out.append(piece.data(), piece.size() - stream.avail_out);
    if (out.size() > bytes_max) return too_long();
    if (result == Z_STREAM_END) break;
    if (result != Z_OK || (stream.avail_in == 0 && stream.avail_out > 0)) return damaged(ContentCoding::kGzip);
  }
  if (stream.avail_in > 0) return damaged(ContentCoding::kGzip);
  return out;
}

base::Result<std::string> decode_zstd(std::string_view body, std::size_t bytes_max) {
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
  if (context == nullptr) throw std::bad_alloc();
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kZstdWindowLogMax);
  ZSTD_inBuffer in{body.data(), body.size(), 0};
  std::string out;
  std::array<char, 16 * 1024> piece{};
  std::size_t left = 1;
  while (left != 0) {
    ZSTD_outBuffer into{piece.data(), piece.size(), 0};
    const std::size_t before = in.pos;
    left = ZSTD_decompressStream(context.get(), &into, &in);
    if (ZSTD_isError(left)) return damaged(ContentCoding::kZstd);
    out.append(piece.data(), into.pos);
    if (out.size() > bytes_max) return too_long();
    if (left != 0 && in.pos == before && into.pos == 0) return damaged(ContentCoding::kZstd);  // cut off
  }
  if (in.pos != in.size) return damaged(ContentCoding::kZstd);
  return out;
}

std::string encode_gzip(std::string_view body) {
  z_stream stream{};
  if (deflateInit2(&stream, kGzipLevel, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, decltype(&deflateEnd)> end(&stream, deflateEnd);
  std::string out(deflateBound(&stream, body.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  return out;
}

std::string encode_zstd(std::string_view body) {
  std::string out(ZSTD_compressBound(body.size()), '\0');
  const std::size_t size = ZSTD_compress(out.data(), out.size(), body.data(), body.size(), kZstdLevel);
  if (ZSTD_isError(size)) throw std::bad_alloc();
  out.resize(size);
  return out;
}

}  // namespace

std::string_view to_string(ContentCoding coding) {
  switch (coding) {
    case ContentCoding::kIdentity: return "identity";
    case ContentCoding::kGzip: return "gzip";
    case ContentCoding::kZstd: return "zstd";
  }
  return "";
}

ContentCoding choose_coding(std::string_view accept_encoding) {
  double gzip = 0, zstd = 0;
  while (!accept_encoding.empty()) {
    std::string_view parameters = base::take_until(accept_encoding, ',');
    const std::string_view name = base::take_until(parameters, ';');
    if (base::is_same_name(name, "gzip")) gzip = accept_weight(parameters);
    if (base::is_same_name(name, "zstd")) zstd = accept_weight(parameters);
  }
  if (zstd > 0 && zstd >= gzip) return ContentCoding::kZstd;
  return gzip > 0 ? ContentCoding::kGzip : ContentCoding::kIdentity;
}

std::optional<ContentCoding> coding_named(std::string_view content_encoding) {
  const std::string_view name = base::trim(content_encoding);
  for (const ContentCoding coding : {ContentCoding::kIdentity, ContentCoding::kGzip, ContentCoding::kZstd}) {
    if (base::is_same_name(name, to_string(coding))) return coding;
  }
  return std::nullopt;
}

bool is_compressible(std::string_view content_type) {
  constexpr std::string_view kPlain[] = {"application/json", "application/problem+json", "application/manifest+json",
                                         "image/svg+xml", "application/vnd.apache.arrow.stream"};
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  if (type == "text/event-stream") return false;  // it comes in pieces
  return type.starts_with("text/") || std::ranges::find(kPlain, type) != std::end(kPlain);
}

std::string encode(ContentCoding coding, std::string_view body) {
  switch (coding) {
    case ContentCoding::kGzip: return encode_gzip(body);
    case ContentCoding::kZstd: return encode_zstd(body);
    case ContentCoding::kIdentity: break;
  }
  return std::string(body);
}

base::Result<std::string> decode(ContentCoding coding, std::string_view body, std::size_t bytes_max) {
  switch (coding) {
    case ContentCoding::kGzip: return decode_gzip(body, bytes_max);
    case ContentCoding::kZstd: return decode_zstd(body, bytes_max);
    case ContentCoding::kIdentity: break;
  }
  if (body.size() > bytes_max) return too_long();
  return std::string(body);
}

}  // namespace tradeassist::server
