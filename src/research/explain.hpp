#pragma once

#include <boost/json/object.hpp>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "research/chat.hpp"

namespace tradeassist::research {

/// What a model says about a result.
struct Explanation {
  std::string text;
  bool is_cut = false;
  std::string figures;                      // all that it was given, digest()
  std::vector<std::string> without_figure;  // numbers in the text that are not among them
  ChatUsage usage;
};

/// Has a model explain the result of a search or a backtest from its figures alone. The text is the model's: what of it
/// is no figure of the result is in `without_figure`.
base::Result<Explanation> explain(const boost::json::object& result, const Chat& chat, const OnText& on_text,
                                  const std::stop_token& stop);

/// text, is_cut, figures, without_figure, usage.
boost::json::object explanation_json(const Explanation& explanation);
boost::json::object usage_json(const ChatUsage& usage);

}  // namespace tradeassist::research
