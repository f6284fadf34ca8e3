#include "optimize/samplers/sobol.hpp"

#include <algorithm>
#include <bit>

#include "optimize/samplers/tried_points.hpp"

namespace tradeassist::optimize {
namespace {

struct Direction {
  std::uint32_t polynomial;              // primitive, its coefficients as bits, the highest first
  std::array<std::uint32_t, 9> initial;  // m_1, m_2, ...: as many as its degree
};

/// From the second dimension on, of the published table new-joe-kuo-6.21201.
constexpr Direction kDirections[] = {
    // clang-format off
    {3, {1}},
    {7, {1, 3}},
    {11, {1, 3, 1}},
    {13, {1, 1, 1}},
    {19, {1, 1, 3, 3}},
    {25, {1, 3, 5, 13}},
    {37, {1, 1, 5, 5, 17}},
    {41, {1, 1, 5, 5, 5}},
    {47, {1, 1, 7, 11, 19}},
    {55, {1, 1, 5, 1, 1}},
    {59, {1, 1, 1, 3, 11}},
    {61, {1, 3, 5, 5, 31}},
    {67, {1, 3, 3, 9, 7, 49}},
    {91, {1, 1, 1, 15, 21, 21}},
    {97, {1, 3, 1, 13, 27, 49}},
    {103, {1, 1, 1, 15, 7, 5}},
    {109, {1, 3, 1, 15, 13, 25}},
    {115, {1, 1, 5, 5, 19, 61}},
    {131, {1, 3, 7, 11, 23, 15, 103}},
    {137, {1, 3, 7, 13, 13, 15, 69}},
    {143, {1, 1, 3, 13, 7, 35, 63}},
    {145, {1, 3, 5, 9, 1, 25, 53}},
    {157, {1, 3, 1, 13, 9, 35, 107}},
    {167, {1, 3, 1, 5, 27, 61, 31}},
    {171, {1, 1, 5, 11, 19, 41, 61}},
    {185, {1, 3, 5, 3, 3, 13, 69}},
    {191, {1, 1, 7, 13, 1, 19, 1}},
    {193, {1, 3, 7, 5, 13, 19, 59}},
    {203, {1, 1, 3, 9, 25, 29, 41}},
    {211, {1, 3, 5, 13, 23, 1, 55}},
    {213, {1, 3, 7, 3, 13, 59, 17}},
    {229, {1, 3, 1, 3, 5, 53, 69}},
    {239, {1, 1, 5, 5, 23, 33, 13}},
    {241, {1, 1, 7, 7, 1, 61, 123}},
    {247, {1, 1, 7, 9, 13, 61, 49}},
    {253, {1, 3, 3, 5, 3, 55, 33}},
    {285, {1, 3, 1, 15, 31, 13, 49, 245}},
    {299, {1, 3, 5, 15, 31, 59, 63, 97}},
    {301, {1, 3, 1, 11, 11, 11, 77, 249}},
    {333, {1, 3, 1, 11, 27, 43, 71, 9}},
    {351, {1, 1, 7, 15, 21, 11, 81, 45}},
    {355, {1, 3, 7, 3, 25, 31, 65, 79}},
    {357, {1, 3, 1, 1, 19, 11, 3, 205}},
    {361, {1, 1, 5, 9, 19, 21, 29, 157}},
    {369, {1, 3, 7, 11, 1, 33, 89, 185}},
    {391, {1, 3, 3, 3, 15, 9, 79, 71}},
    {397, {1, 3, 7, 11, 15, 39, 119, 27}},
    {425, {1, 1, 3, 1, 11, 31, 97, 225}},
    {451, {1, 1, 1, 3, 23, 43, 57, 177}},
    {463, {1, 3, 7, 7, 17, 17, 37, 71}},
    {487, {1, 3, 1, 5, 27, 63, 123, 213}},
    {501, {1, 1, 3, 5, 11, 43, 53, 133}},
    {529, {1, 3, 5, 5, 29, 17, 47, 173, 479}},
    {539, {1, 3, 3, 11, 3, 1, 109, 9, 69}},
    {545, {1, 1, 1, 5, 17, 39, 23, 5, 343}},
    {557, {1, 3, 1, 5, 25, 15, 31, 103, 499}},
    {563, {1, 1, 1, 11, 11, 17, 63, 105, 183}},
    {601, {1, 1, 5, 11, 9, 29, 97, 231, 363}},
    {607, {1, 1, 5, 15, 19, 45, 41, 7, 383}},
    {617, {1, 3, 7, 7, 31, 19, 83, 137, 221}},
    {623, {1, 1, 1, 3, 23, 15, 111, 223, 83}},
    {631, {1, 1, 5, 13, 31, 15, 55, 25, 161}},
    {637, {1, 1, 3, 13, 25, 47, 39, 87, 257}},
    // clang-format on
};
static_assert(std::size(kDirections) + 1 == SobolSequence::kDimensionsMax);

constexpr int kPassedMax = 1000;  // points in a row that may not be tried, before others are drawn

class SobolSampler final : public Sampler {
 public:
  SobolSampler(const SearchSpace& space, std::uint64_t seed)
      : space_(space), tried_(space), random_(seed, 0), sequence_(space.parameters.size()), seed_(seed) {}

  std::vector<Point> ask(std::uint64_t count) override {
    std::vector<Point> points;
    std::vector<double> unit(space_.parameters.size());
    while (points.size() < count) {
      std::optional<Point> point;
      for (int passed = 0; !point && passed < kPassedMax; ++passed) {
        const auto coordinates = sequence_.next();
        for (std::size_t i = 0; i < unit.size(); ++i) {
          unit[i] = (owen_scramble(coordinates[i], mix(seed_ ^ mix(i))) + 0.5) * 0x1p-32;
        }
        Point made = space_.from_unit(unit);
        if (tried_.take(made)) point = std::move(made);
      }
      if (!point) point = tried_.take_random(random_);
      if (!point) break;
      points.push_back(std::move(*point));
    }
    return points;
  }

 private:
  const SearchSpace& space_;
  TriedPoints tried_;
  Random random_;
  SobolSequence sequence_;
  std::uint64_t seed_;
};

}  // namespace

SobolSequence::SobolSequence(std::size_t dimensions) : directions_(dimensions), point_(dimensions, 0) {
  for (int bit = 0; bit < 32; ++bit) directions_[0][static_cast<std::size_t>(bit)] = 1u << (31 - bit);
  for (std::size_t d = 1; d < dimensions; ++d) {
    const Direction& given = kDirections[d - 1];
    const auto degree = static_cast<std::size_t>(std::bit_width(given.polynomial) - 1);
    auto& v = directions_[d];
    for (std::size_t i = 0; i < 32; ++i) {
      if (i < degree) {
        v[i] = given.initial[i] << (31 - i);
        continue;
      }
      v[i] = v[i - degree] ^ (v[i - degree] >> degree);
      for (std::size_t k = 1; k < degree; ++k) {
        if ((given.polynomial >> (degree - k) & 1) != 0) v[i] ^= v[i - k];
      }
    }
  }
}

std::span<const std::uint32_t> SobolSequence::next() {
  if (index_ > 0) {
    const auto changed = static_cast<std::size_t>(std::countr_zero(index_)) % 32;
    for (std::size_t d = 0; d < point_.size(); ++d) point_[d] ^= directions_[d][changed];
  }
  ++index_;
  return point_;
}

std::uint32_t owen_scramble(std::uint32_t coordinate, std::uint64_t key) {
  std::uint32_t made = 0;
  std::uint64_t above = 1;  // the bits above this one, behind a 1 that tells how many they are
  for (int bit = 31; bit >= 0; --bit) {
    const std::uint32_t given = coordinate >> bit & 1;
    const auto flip = static_cast<std::uint32_t>(mix(key ^ above * 0x9e3779b97f4a7c15ull) & 1);
    made = made << 1 | (given ^ flip);
    above = above << 1 | given;
  }
  return made;
}

std::unique_ptr<Sampler> make_sobol_sampler(const SearchSpace& space, const SamplerSettings& settings) {
  return std::make_unique<SobolSampler>(space, settings.seed);
}

}  // namespace tradeassist::optimize
