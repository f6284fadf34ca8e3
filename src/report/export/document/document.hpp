#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// A report as paper and screen share it: what is said, in order, with every number already text. The writers
/// (html_writer.hpp, pdf_writer.hpp) lay it out and compute nothing. All texts are UTF-8 and plain: a writer escapes.
namespace tradeassist::report {

enum class Tone { kPlain, kGood, kBad };

struct Heading {
  std::string text;
  int level = 2;  // 2 or 3; the document's title is 1
};

struct Paragraph {
  enum class Style { kBody, kLead, kNote };
  std::string text;
  Style style = Style::kBody;
};

struct Cell {
  std::string text{};
  Tone tone = Tone::kPlain;
};

/// The first cell of a row is its heading.
struct Table {
  struct Column {
    std::string title;
    bool is_number = false;  // set to the right
    bool is_wide = false;    // sentences: takes what width is left, over several lines
  };
  std::string caption;
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;  // of as many cells as there are columns
};

/// Lines over time. Values that are not finite leave a gap.
struct LineChart {
  enum class Role { kStrategy, kBenchmark };
  struct Line {
    std::string name;
    Role role = Role::kStrategy;
    std::vector<double> values;  // one a time
  };
  std::string title, description;  // the description says in words what can be seen
  std::string unit;                // behind the numbers of the axis
  std::vector<std::int64_t> time;  // nanoseconds, ascending
  std::vector<Line> lines;
  std::size_t split = 0;   // index of the first time out of sample, where lines begin anew; 0: none
  bool is_filled = false;  // between zero and the first line, whose values are 0 and below
  double height = 0.36;    // of the width
};

/// Counts or sums side by side.
struct BarChart {
  struct Bar {
    std::string label;
    double value = 0;
    Tone tone = Tone::kPlain;
  };
  std::string title, description, axis;
  std::vector<Bar> bars;
};

/// A number for each pair, as a colour and as text.
struct HeatMap {
  struct Entry {
    double value = 0;  // not finite: empty
    std::string text{};
  };
  std::string caption;
  std::string row_title, column_title;
  std::vector<std::string> rows, columns;
  std::vector<std::vector<Entry>> entries;  // by row, then by column
  bool is_around_zero = false;              // losses and gains; else from lowest to highest
};

using Block = std::variant<Heading, Paragraph, Table, LineChart, BarChart, HeatMap>;

struct Document {
  struct Fact {
    std::string label, value;
  };
  std::string title, subtitle;
  std::string verdict;
  std::vector<Fact> facts;
  std::vector<Block> blocks;
  std::string footer;
};

/// What a heat map's colours stand for: levels -kLevels to kLevels around zero, else 0 to kLevels.
class HeatScale {
 public:
  static constexpr int kLevels = 5;
  explicit HeatScale(const HeatMap& map);
  int level(double value) const;  // 0 of a value that is not finite

 private:
  bool is_around_zero_;
  double lowest_, highest_;
};

}  // namespace tradeassist::report
