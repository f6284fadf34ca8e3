#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tradeassist::research {

/// The numbers that a text quotes and the figures it was given do not have, as they stand in the text, each once, at
/// most `count_max`. A number is that of a figure when the figure rounds to it, with or without its sign, or times 100
/// where a share is told as a percentage. Whole numbers up to 10 and the number 100 are words as much as figures, and
/// digits within words ("v6") are none.
std::vector<std::string> numbers_without_figure(std::string_view text, std::string_view figures,
                                                std::size_t count_max = 50);

}  // namespace tradeassist::research
