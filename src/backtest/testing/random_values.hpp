#pragma once

#include <string>
#include <vector>

#include "pine/syntax/testing/chance.hpp"

namespace tradeassist::backtest::testing {

/// The kinds of values that random programs have.
enum class Kind { kFloat, kInt, kBool, kString, kFloats, kInts, kTexts, kMap, kMatrix, kPoint };
constexpr int kKinds = 10;

inline const char* type_of(Kind kind) {
  switch (kind) {
    case Kind::kFloat: return "float";
    case Kind::kInt: return "int";
    case Kind::kBool: return "bool";
    case Kind::kString: return "string";
    case Kind::kFloats: return "array<float>";
    case Kind::kInts: return "array<int>";
    case Kind::kTexts: return "array<string>";
    case Kind::kMap: return "map<string, float>";
    case Kind::kMatrix: return "matrix<float>";
    case Kind::kPoint: return "Point";
  }
  return "";
}

/// Writes expressions of every kind at random, from the variables that are there.
class RandomValues {
 public:
  explicit RandomValues(pine::testing::Chance& chance) : chance_(chance) {}

  std::string value(Kind kind, int depth);

 protected:
  struct Name {
    std::string text;
    Kind kind;
    bool may_change;
  };

  int below(int bound) { return chance_.below(bound); }
  bool percent(int share) { return chance_.percent(share); }
  std::string pick(std::initializer_list<std::string_view> list) { return chance_.pick(list); }
  std::string digits(int bound) { return std::to_string(below(bound)); }

  std::string fresh() { return "v" + std::to_string(names_made_++); }
  /// The variables of a kind; `to_change`: that may be assigned to here.
  std::vector<Name> named(Kind kind, bool to_change) const;
  /// A variable of this kind, or what stands for one.
  std::string variable(Kind kind, const std::string& otherwise);

  std::string series();
  std::string number(int depth);
  std::string integer(int depth);
  std::string place(int depth, int bound);
  std::string condition(int depth);
  std::string text(int depth);
  std::string floats(int depth);
  std::string matrix(int depth);
  std::string point(int depth);
  std::string field(const std::string& past);
  std::string point_name();
  std::string statistic();
  std::string element(int depth);
  std::string cell(int depth);
  std::string decomposed();
  std::string indicator(int depth);
  std::string request();
  std::string call(int depth);

  pine::testing::Chance& chance_;
  std::vector<Name> names_;
  std::vector<std::string> pasts_;  // global variables that change from bar to bar
  std::size_t changeable_from_ = 0;
  int names_made_ = 0, functions_ = 0, requests_ = 0;
  bool in_function_ = false, in_loop_ = false;
};

}  // namespace tradeassist::backtest::testing
