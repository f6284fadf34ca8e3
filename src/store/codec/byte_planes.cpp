#include "store/codec/byte_planes.hpp"

#include <algorithm>
#include <bit>

namespace tradeassist::store {
namespace {

template <int kWidth>
void join(const std::byte* planes, std::span<std::uint64_t> values) {
  const std::size_t count = values.size();
  // Plain bytes and one loop for all planes: compilers widen and shift whole vectors.
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(planes);
  std::uint64_t* out = values.data();
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t value = bytes[i];
    for (int plane = 1; plane < kWidth; ++plane) {
      value |= std::uint64_t{bytes[static_cast<std::size_t>(plane) * count + i]} << (8 * plane);
    }
    out[i] = value;
  }
}

}  // namespace

int bytes_needed(std::uint64_t max) { return (64 - std::countl_zero(max) + 7) / 8; }

void split_planes(std::span<const std::uint64_t> values, int width, std::byte* planes) {
  const std::size_t count = values.size();
  const std::uint64_t* in = values.data();
  for (int plane = 0; plane < width; ++plane) {
    auto* out = reinterpret_cast<std::uint8_t*>(planes) + static_cast<std::size_t>(plane) * count;
    for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<std::uint8_t>(in[i] >> (8 * plane));
  }
}

void join_planes(const std::byte* planes, int width, std::span<std::uint64_t> values) {
  switch (width) {
    case 0: std::ranges::fill(values, 0); break;
    case 1: join<1>(planes, values); break;
    case 2: join<2>(planes, values); break;
    case 3: join<3>(planes, values); break;
    case 4: join<4>(planes, values); break;
    case 5: join<5>(planes, values); break;
    case 6: join<6>(planes, values); break;
    case 7: join<7>(planes, values); break;
    default: join<8>(planes, values); break;
  }
}

}  // namespace tradeassist::store
