#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tradeassist::research {

/// How messages follow each other in a stream: server-sent events (HTML Living Standard, 9.2), of which the data is
/// given, or lines of JSON.
enum class Framing { kServerSentEvents, kLines };

/// Cuts a stream into its messages, however its bytes are cut themselves. Not thread-safe.
class FrameParser {
 public:
  /// An error of it ends the parsing, and is what feed() returns.
  using OnFrame = std::function<base::Result<void>(std::string_view frame)>;

  explicit FrameParser(Framing framing, std::size_t frame_bytes_max = std::size_t{1} << 20)
      : framing_(framing), frame_bytes_max_(frame_bytes_max) {}

  /// kResourceExhausted when a message is longer than the bound.
  base::Result<void> feed(std::string_view bytes, const OnFrame& on_frame);
  /// The stream has ended: a last line is given; an event that was not closed is none.
  base::Result<void> finish(const OnFrame& on_frame);

 private:
  base::Result<void> end_line(const OnFrame& on_frame);

  const Framing framing_;
  const std::size_t frame_bytes_max_;
  std::string line_, data_;
  bool has_data_ = false, after_carriage_return_ = false, is_first_line_ = true;
};

}  // namespace tradeassist::research
