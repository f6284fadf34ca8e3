#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "pine/compile.hpp"
#include "pine/syntax/header.hpp"
#include "pine/syntax/parser.hpp"

// The strategies that come with the program are what users read first, so they are held to one form.
namespace tradeassist::pine {
namespace {

using Arguments = std::map<std::string, const ast::Expression*>;

struct InputCall {
  std::string variable, function;
  Arguments arguments;  // "0" is the default value, "1" the title
};

struct CatalogueFile {
  std::filesystem::path path;
  Source source;
  Diagnostics diagnostics;
  ast::Script script;
  std::optional<StrategyHeader> header;

  explicit CatalogueFile(const std::filesystem::path& file) : path(file), source(file.filename(), read(file)) {
    script = parse(source, diagnostics);
    header = parse_header(source, diagnostics);
  }
  static std::string read(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
  }
  std::string messages() const {
    std::string all;
    for (const Diagnostic& diagnostic : diagnostics.all()) all += render(source, diagnostic);
    return all;
  }
};

std::vector<std::filesystem::path> files() {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(TRADEASSIST_SOURCE_DIR "/strategies")) {
    if (entry.path().extension() == ".pine") found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

Arguments arguments_of(const ast::Call& call) {
  Arguments arguments;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const ast::Argument& argument = call.arguments[i];
    arguments[argument.name.empty() ? std::to_string(i) : argument.name] = argument.value.get();
  }
  return arguments;
}

/// "a.b" of a dotted callee with one dot, "a" of a plain one.
std::string callee_of(const ast::Call& call) {
  if (const auto* name = std::get_if<ast::Name>(&call.callee->node)) return name->name;
  const auto* member = std::get_if<ast::Member>(&call.callee->node);
  const auto* object = member == nullptr ? nullptr : std::get_if<ast::Name>(&member->object->node);
  return object == nullptr ? "" : object->name + "." + member->name;
}

std::vector<InputCall> inputs_of(const ast::Script& script) {
  std::vector<InputCall> inputs;
  for (const auto& statement : script.statements) {
    const auto* declaration = std::get_if<ast::Declaration>(&statement->node);
    const auto* call = declaration == nullptr ? nullptr : std::get_if<ast::Call>(&declaration->value->node);
    if (call == nullptr || !callee_of(*call).starts_with("input.")) continue;
    inputs.push_back({declaration->name, callee_of(*call), arguments_of(*call)});
  }
  return inputs;
}

/// A number literal, with a minus or without.
double number(const ast::Expression& expression) {
  if (const auto* negated = std::get_if<ast::Unary>(&expression.node)) return -number(*negated->operand);
  return std::get<ast::NumberLiteral>(expression.node).value;
}

TEST(Catalogue, every_file_parses_and_its_header_agrees_with_its_place) {
  std::vector<std::string> names;
  for (const auto& path : files()) {
    const CatalogueFile file(path);
    EXPECT_EQ(file.messages(), "");
    EXPECT_EQ(file.script.version, 6) << path;
    ASSERT_TRUE(file.header) << path;
    EXPECT_EQ(file.header->name, path.stem());
    EXPECT_EQ(file.header->category, path.parent_path().filename());
    // A source that can be looked up has a year.
    EXPECT_THAT(file.header->source, testing::MatchesRegex(".*(19|20)[0-9][0-9].*")) << path;
    names.push_back(file.header->name);
  }
  EXPECT_THAT(names, testing::IsSupersetOf({"MovingAverageCrossover", "TripleMovingAverage", "MACDStrategy",
                                            "RSIStrategy", "BollingerBands", "DonchianBreakout", "SupertrendStrategy",
                                            "StochasticStrategy", "MomentumStrategy", "AverageTrueRange"}));
}

TEST(Catalogue, every_file_compiles_and_the_optimiser_sees_each_input_under_its_variable) {
  for (const auto& path : files()) {
    const Compilation made = compile(path.filename(), CatalogueFile::read(path));
    EXPECT_EQ(render(made), "");
    ASSERT_TRUE(made.program) << path;
    std::vector<std::string> written, compiled;
    for (const InputCall& input : inputs_of(CatalogueFile(path).script)) written.push_back(input.variable);
    for (const Input& input : made.program->inputs) {
      compiled.push_back(input.name);
      EXPECT_FALSE(made.source->slice(input.default_range).empty()) << path << " " << input.name;
    }
    EXPECT_EQ(compiled, written) << path;
  }
}

TEST(Catalogue, every_number_has_options_or_a_range_for_the_optimiser_that_meets_its_default) {
  for (const auto& path : files()) {
    const CatalogueFile file(path);
    std::size_t numbers = 0;
    for (const InputCall& input : inputs_of(file.script)) {
      const std::string where = path.stem().string() + "." + input.variable;
      for (const char* name : {"tooltip", "group"}) EXPECT_TRUE(input.arguments.contains(name)) << where << " " << name;
      EXPECT_TRUE(input.arguments.contains("1")) << where << " has no title";
      if (input.function != "input.int" && input.function != "input.float") continue;
      ++numbers;
      if (input.arguments.contains("options")) {
        const auto& options = std::get<ast::Tuple>(input.arguments.at("options")->node).elements;
        EXPECT_GE(options.size(), 2u) << where;
        EXPECT_TRUE(std::ranges::any_of(
            options,
            [&](const ast::ExpressionPtr& option) { return number(*option) == number(*input.arguments.at("0")); }))
            << where << ": the default is no option";
        continue;
      }
      for (const char* name : {"minval", "maxval", "step"}) {
        ASSERT_TRUE(input.arguments.contains(name)) << where << " " << name;
      }
      const double value = number(*input.arguments.at("0")), low = number(*input.arguments.at("minval"));
      const double high = number(*input.arguments.at("maxval")), step = number(*input.arguments.at("step"));
      EXPECT_LE(low, value) << where;
      EXPECT_LE(value, high) << where;
      EXPECT_NEAR(std::remainder(value - low, step), 0, 1e-9) << where << ": a grid would miss the default";
      EXPECT_NEAR(std::remainder(high - low, step), 0, 1e-9) << where << ": a grid would miss maxval";
    }
    EXPECT_GE(numbers, 2u) << path;
  }
}

TEST(Catalogue, every_strategy_pays_costs_and_leaves_cash_for_a_gap) {
  for (const auto& path : files()) {
    const CatalogueFile file(path);
    ASSERT_FALSE(file.script.statements.empty()) << path;
    const auto* first = std::get_if<ast::ExpressionStatement>(&file.script.statements.front()->node);
    const auto* call = first == nullptr ? nullptr : std::get_if<ast::Call>(&first->value->node);
    ASSERT_TRUE(call != nullptr && callee_of(*call) == "strategy") << path;
    const Arguments arguments = arguments_of(*call);
    ASSERT_TRUE(arguments.contains("commission_value") && arguments.contains("default_qty_value")) << path;
    EXPECT_GT(number(*arguments.at("commission_value")), 0) << path;
    EXPECT_LT(number(*arguments.at("default_qty_value")), 100) << path;
  }
}

}  // namespace
}  // namespace tradeassist::pine
