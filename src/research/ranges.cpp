#include "research/ranges.hpp"

#include <fmt/format.h>

#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <optional>
#include <utility>

#include "base/json.hpp"
#include "optimize/search_space.hpp"
#include "report/pine_report.hpp"
#include "research/answer_text.hpp"
#include "research/explain.hpp"

namespace tradeassist::research {

namespace json = boost::json;

namespace {

constexpr std::size_t kSourceBytesMax = 48 * 1024, kAnswerBytesMax = 64 * 1024, kReasonBytesMax = 4'000;

constexpr const char* kInstructions =
    "You propose which inputs of a trading strategy a search should vary, and over which ranges. You are given its "
    "Pine "
    "Script and its inputs. Answer with one JSON object and nothing else:\n"
    R"({"parameters": [{"name": "fast", "from": 5, "to": 50, "step": 5}, {"name": "slow", "from": 20, "to": 500, )"
    R"("scale": "log"}, {"name": "mode", "values": ["long", "both"]}], "constraints": ["fast < slow"], )"
    R"("reason": "a few sentences"})"
    "\nNames are those of the inputs. from and to lie within minimum and maximum, where these are stated; an int has "
    "whole numbers. values is for options, texts and true/false. Few parameters, coarse steps, ranges that make sense "
    "for "
    "the idea: every further combination makes it likelier that the best one is luck. Leave out colours and what only "
    "concerns the display.";

struct ProposedParameter {
  std::string name;
  std::optional<double> from, to, step;
  std::optional<std::string> scale;  // linear or log
  std::optional<std::vector<json::value>> values;
};
BOOST_DESCRIBE_STRUCT(ProposedParameter, (), (name, from, to, step, scale, values))

struct Proposal {
  std::vector<ProposedParameter> parameters;
  std::optional<std::vector<std::string>> constraints;
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(Proposal, (), (parameters, constraints, reason))

std::unexpected<base::Error> wrong(std::string why) {
  return base::failure(base::ErrorCode::kInvalidArgument, std::move(why));
}

/// A parameter as `optimize --param` has it.
base::Result<std::string> option_text(const ProposedParameter& parameter) {
  if (parameter.values) {
    if (parameter.from || parameter.to || parameter.step || parameter.scale)
      return wrong("parameter " + parameter.name + ": give values, or a range, not both");
    std::string list;
    for (const json::value& value : *parameter.values) {
      if (value.is_structured() || value.is_null())
        return wrong("parameter " + parameter.name + ": values must be numbers, texts or true/false");
      list +=
          (list.empty() ? "" : ",") + (value.is_string() ? std::string(value.get_string()) : base::json_text(value));
    }
    if (list.empty()) return wrong("parameter " + parameter.name + ": values has none");
    return parameter.name + "=" + list;
  }
  if (!parameter.from || !parameter.to)
    return wrong("parameter " + parameter.name + ": a range needs from and to; else give values");
  const std::string scale = parameter.scale.value_or("linear");
  if (scale != "linear" && scale != "log") return wrong("parameter " + parameter.name + ": scale is linear or log");
  if (scale == "log" && parameter.step)
    return wrong("parameter " + parameter.name + ": a range of scale log has no step");
  std::string text = fmt::format("{}={}:{}", parameter.name, *parameter.from, *parameter.to);
  if (scale == "log") text += ":log";
  if (parameter.step) text += fmt::format(":{}", *parameter.step);
  return text;
}

/// What the answer proposes, where the script takes it. An error is what the model is to hear.
base::Result<ProposedRanges> read_answer(const ChatAnswer& answer, const pine::Program& program,
                                         const backtest::InputVector& defaults) {
  if (answer.is_cut) return wrong("the answer was cut off: make it shorter");
  const auto block = only_block(answer.text);
  if (!block) return wrong("answer with one JSON object and nothing else");
  const auto value = base::parse_json(*block, kAnswerBytesMax);
  if (!value) return wrong("the answer is not JSON: " + value.error().message);
  TRY_ASSIGN(const Proposal proposal, base::from_json<Proposal>(*value));
  if (proposal.parameters.empty()) return wrong("/parameters names none: propose at least one");
  ProposedRanges made;
  std::vector<optimize::ParameterRequest> wanted;
  for (const ProposedParameter& parameter : proposal.parameters) {
    TRY_ASSIGN(std::string text, option_text(parameter));
    TRY_ASSIGN(optimize::ParameterRequest request, optimize::parse_parameter(text));
    wanted.push_back(std::move(request));
    made.parameters.push_back(std::move(text));
  }
  std::vector<optimize::ConstraintRequest> constraints;
  for (const std::string& text : proposal.constraints.value_or(std::vector<std::string>{})) {
    TRY_ASSIGN(optimize::ConstraintRequest request, optimize::parse_constraint(text));
    constraints.push_back(std::move(request));
    made.constraints.push_back(text);
  }
  TRY(optimize::make_search_space(program, wanted, constraints, defaults));
  json::array parameters;
  for (const ProposedParameter& parameter : proposal.parameters) {
    json::object one;
    const json::value described = base::to_json(parameter);
    for (const auto& entry : described.get_object()) {
      if (!entry.value().is_null()) one[entry.key()] = entry.value();
    }
    parameters.push_back(std::move(one));
  }
  made.request["parameters"] = std::move(parameters);
  if (!made.constraints.empty())
    made.request["constraints"] = json::array(made.constraints.begin(), made.constraints.end());
  made.reason = beginning(proposal.reason.value_or(""), kReasonBytesMax);
  return made;
}

}  // namespace

base::Result<ProposedRanges> propose_ranges(const pine::Program& program, const Chat& chat, int rounds_max,
                                            const OnRound& on_round, const std::stop_token& stop) {
  if (program.inputs.empty())
    return base::failure(base::ErrorCode::kFailedPrecondition, "the script has no inputs, so there is nothing to vary");
  TRY_ASSIGN(const backtest::InputVector defaults, backtest::bind_inputs(program, {}));
  TRY_ASSIGN(const json::array inputs, report::declared_inputs_json(program));
  const std::string_view source = program.source != nullptr ? std::string_view(program.source->text()) : "";
  ChatRequest request{kInstructions,
                      {{Speaker::kUser, fmt::format("The script:\n\n{}\n\nIts inputs:\n\n{}",
                                                    beginning(source, kSourceBytesMax), base::json_text(inputs))}}};
  ChatUsage usage;
  std::string complaint;
  for (int round = 1; round <= rounds_max; ++round) {
    TRY_ASSIGN(const ChatAnswer answer, chat(request, {}, stop));
    usage += answer.usage;
    auto made = read_answer(answer, program, defaults);
    if (on_round) on_round(round, made ? "" : std::string_view(made.error().message));
    if (made) {
      made->rounds = round;
      made->usage = usage;
      return made;
    }
    complaint = made.error().message;
    request.messages.resize(1);  // the last try is enough to repair, and what is sent stays bounded
    request.messages.push_back({Speaker::kAssistant, std::string(beginning(answer.text, kAnswerBytesMax))});
    if (request.messages.back().text.empty()) request.messages.back().text = "(nothing)";
    request.messages.push_back(
        {Speaker::kUser, "That is not right: " + complaint + "\nAnswer with the whole object, repaired."});
  }
  return base::failure(base::ErrorCode::kFailedPrecondition,
                       fmt::format("no proposal of {} fits the script; the last one: {}", rounds_max, complaint));
}

json::object ranges_json(const ProposedRanges& ranges) {
  json::object out = ranges.request;
  json::array options;
  for (const std::string& text : ranges.parameters) options.push_back(json::array{"--param", json::string(text)});
  for (const std::string& text : ranges.constraints) options.push_back(json::array{"--constraint", json::string(text)});
  out["options"] = std::move(options);
  out["reason"] = ranges.reason;
  out["rounds"] = ranges.rounds;
  out["usage"] = usage_json(ranges.usage);
  return out;
}

}  // namespace tradeassist::research
