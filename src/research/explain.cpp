#include "research/explain.hpp"

#include <boost/json.hpp>
#include <utility>

#include "report/export/result_fields.hpp"
#include "research/digest.hpp"
#include "research/quoted_numbers.hpp"

namespace tradeassist::research {

namespace json = boost::json;

namespace {

constexpr const char* kInstructions =
    "You explain to a trader what the result of a backtest, or of a search for a strategy's parameters, says. You are "
    "given its figures, one a line. Use these figures alone, quote numbers as they stand there, and compute none of "
    "your own. Where a figure is not given, say that it is not known. A search reports the best of many trials, which "
    "looks good by chance: begin with whether the result can be trusted, by assessment and by what is out of sample, "
    "then say what the strategy did, what it risked, how it compares with holding, and what to test next. Plain text, "
    "at most 400 words, no headings, no promises, no advice to buy or sell.";

}  // namespace

base::Result<Explanation> explain(const json::object& result, const Chat& chat, const OnText& on_text,
                                  const std::stop_token& stop) {
  TRY_ASSIGN(const report::ResultKind kind, report::result_kind(result));
  Explanation made;
  made.figures = digest(result);
  const char* what = kind == report::ResultKind::kSearch ? "a search" : "a backtest";
  ChatRequest request{kInstructions,
                      {{Speaker::kUser, std::string("The figures of ") + what + ":\n\n" + made.figures}}};
  TRY_ASSIGN(ChatAnswer answer, chat(request, on_text, stop));
  if (answer.text.find_first_not_of(" \n\r\t") == std::string::npos)
    return base::failure(base::ErrorCode::kUnavailable, "the model answered nothing");
  made.without_figure = numbers_without_figure(answer.text, made.figures);
  made.text = std::move(answer.text);
  made.is_cut = answer.is_cut;
  made.usage = answer.usage;
  return made;
}

json::object usage_json(const ChatUsage& usage) {
  return {{"input_tokens", usage.input}, {"output_tokens", usage.output}};
}

json::object explanation_json(const Explanation& explanation) {
  return {{"text", explanation.text},
          {"is_cut", explanation.is_cut},
          {"without_figure", json::array(explanation.without_figure.begin(), explanation.without_figure.end())},
          {"figures", explanation.figures},
          {"usage", usage_json(explanation.usage)}};
}

}  // namespace tradeassist::research
