#include "pine/indicators/definition.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "pine/analysis/builtins/rows.hpp"
#include "pine/indicators/indicator_script.hpp"

namespace tradeassist::pine {
namespace {

std::string all_expressions() {
  std::string text;
  for (const IndicatorDefinition& definition : indicator_definitions()) {
    text += definition.expression + "\n";
    for (const IndicatorOutput& output : definition.outputs) text += output.expression + "\n";
  }
  return text;
}

/// Whether the text has the name, and not only a longer one that begins with it.
bool has_name(const std::string& text, const std::string& name) {
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
    const char next = at + name.size() < text.size() ? text[at + name.size()] : ' ';
    if (std::isalnum(static_cast<unsigned char>(next)) == 0 && next != '_') return true;
  }
  return false;
}

TEST(IndicatorDefinition, every_name_of_ta_is_in_the_table) {
  const std::string text = all_expressions();
  std::set<std::string> names;
  for (const BuiltinRow& row : ta_rows()) {
    const std::string signature = row.signature;
    names.insert(signature.substr(0, signature.find('(')));
  }
  for (const std::string& name : builtin_variable_names()) {
    if (name.starts_with("ta.")) names.insert(name);
  }
  EXPECT_GE(names.size(), 60u);
  for (const std::string& name : names) EXPECT_TRUE(has_name(text, name)) << name;
}

TEST(IndicatorDefinition, each_compiles_as_it_is_with_as_many_columns_as_outputs) {
  std::set<std::string> names;
  for (const IndicatorDefinition& definition : indicator_definitions()) {
    SCOPED_TRACE(definition.name);
    EXPECT_TRUE(names.insert(definition.name).second);
    EXPECT_EQ(find_indicator(definition.name), &definition);
    EXPECT_FALSE(definition.title.empty() || definition.description.empty() || definition.outputs.empty());
    const auto script = make_indicator_script({{definition.name, {}, "", "/0", "/0/"}}, {});
    ASSERT_TRUE(script) << script.error().front().place << " " << script.error().front().message;
    EXPECT_EQ(script->columns.size(), definition.outputs.size());
    EXPECT_EQ(script->program->outputs.size(), definition.outputs.size());
  }
  EXPECT_EQ(find_indicator("nothing"), nullptr);
}

TEST(IndicatorDefinition, each_compiles_at_both_ends_of_its_parameters_and_refuses_what_is_beyond) {
  for (const IndicatorDefinition& definition : indicator_definitions()) {
    for (const IndicatorParameter& parameter : definition.parameters) {
      SCOPED_TRACE(definition.name + "." + parameter.name);
      std::vector<std::string> values = parameter.choices;
      if (parameter.kind == IndicatorParameter::Kind::kBool) values = {"true", "false"};
      if (parameter.maximum > parameter.minimum) {
        values = {std::to_string(parameter.minimum), std::to_string(parameter.maximum)};
        EXPECT_FALSE(parameter_literal(parameter, std::to_string(parameter.minimum - 1)));
        EXPECT_FALSE(parameter_literal(parameter, std::to_string(parameter.maximum + 1)));
        EXPECT_FALSE(parameter_literal(parameter, "nan"));
      }
      for (const std::string& value : values) {
        const auto script = make_indicator_script({{definition.name, {{parameter.name, value}}, "", "/0", "/0/"}}, {});
        EXPECT_TRUE(script) << value << ": " << script.error().front().message;
      }
    }
  }
}

TEST(IndicatorDefinition, a_value_that_does_not_fit_says_what_does) {
  const IndicatorParameter& length = find_indicator("rsi")->parameters.at(1);
  EXPECT_EQ(parameter_literal(length, "14"), "14");
  EXPECT_EQ(parameter_literal(length, "14.5").error().message, "must be a whole number from 1 to 5000");
  EXPECT_EQ(parameter_literal(length, "1); plot(2").error().message, "must be a whole number from 1 to 5000");
  const IndicatorParameter& period = find_indicator("vwap")->parameters.at(1);
  EXPECT_EQ(parameter_literal(period, "2W").error().message, "must be one of 1D, 1W, 1M, 3M, 12M");
}

}  // namespace
}  // namespace tradeassist::pine
