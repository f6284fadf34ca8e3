#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tradeassist::backtest {

/// A value to be put into a message: a number, or the text of anything else.
struct MessageArgument {
  bool is_number = false;
  double number = 0;
  std::string text;
};

/// str.format: the placeholders of Java's MessageFormat ({0}, {1,number,#.##}, {2,date,yyyy-MM-dd}, {3,choice,…}),
/// quotes included; dates are of UTC. A placeholder without its argument is left in. On an error `fault` says what is
/// wrong and the result is empty.
std::string format_message(std::string_view pattern, const std::vector<MessageArgument>& arguments, std::string& fault);

}  // namespace tradeassist::backtest
