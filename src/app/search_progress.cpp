#include "app/search_progress.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <string>

namespace tradeassist::app {
namespace {

std::string duration_text(double seconds) {
  if (!std::isfinite(seconds)) return "--";
  const auto whole = static_cast<long long>(std::ceil(seconds));
  if (whole >= 3600) return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
  if (whole >= 60) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} s", whole);
}

}  // namespace

void draw_progress(const optimize::SearchProgress& progress) {
  constexpr int kWidth = 30;
  const double share = progress.trials_total == 0
                           ? 1
                           : static_cast<double>(progress.trials_done) / static_cast<double>(progress.trials_total);
  const int filled = static_cast<int>(share * kWidth);
  std::string bar;
  for (int i = 0; i < kWidth; ++i) bar += i < filled ? "█" : "░";
  const std::string best = progress.has_best ? fmt::format("best {:.3f}", progress.best.objective) : "";
  fmt::print(stderr, "\r\x1b[2K{} {:>3.0f} %  {}/{}  {:.0f}/s  {} left  {}", bar, share * 100, progress.trials_done,
             progress.trials_total, progress.trials_per_second, duration_text(progress.seconds_left), best);
}

void clear_progress() { fmt::print(stderr, "\r\x1b[2K"); }

}  // namespace tradeassist::app
