#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "feed/text/text_file.hpp"

namespace tradeassist::feed {

/// Lines of a file, without line ends, from which its form is read.
struct Sample {
  char line_end = '\n';
  std::vector<std::string> head;          // the first lines, all of them up to a bound
  std::vector<std::int64_t> head_offset;  // where each begins, in bytes
  std::vector<std::string> elsewhere;     // whole lines from places spread over the rest, in file order; may be empty
  std::vector<std::string> tail;          // the last whole lines; the end of `head` when that is the whole file
};

/// Reads 2 MiB at the front and a few KiB at 32 places and at the end: the cost does not grow with the file. Refuses
/// what is not text, is empty, or has a line beyond kLineBytesMax in front.
base::Result<Sample> take_sample(const TextFile& file);

/// The first `count` lines at or behind `offset` that contain `text`: the whole file is searched when it must be.
base::Result<std::vector<std::string>> find_lines(const TextFile& file, char line_end, std::int64_t offset,
                                                  std::string_view text, std::size_t count);

}  // namespace tradeassist::feed
