#pragma once

#include <cstdint>
#include <span>
#include <string_view>

/// What a drawing is made of. A drawing lives on the run's heap as a record of these fields, so that its setters are
/// field writes and its getters field reads.
namespace tradeassist::pine {

enum class ValueType : std::uint8_t;

/// The record layouts of the language itself; user types follow from kUserLayout on.
enum class Layout : std::uint32_t {
  kLabel,
  kLine,
  kBox,
  kTable,
  kLinefill,
  kPolyline,
  kChartPoint,
  kTableCell,
  kUser,
};

constexpr std::uint32_t kDrawingKinds = 6;  // kLabel … kPolyline

struct LayoutField {
  std::string_view name;  // as in the reference: "bgcolor", "text_color"
  ValueType type;
};

/// "label", "line", …; empty for a user layout.
std::string_view name_of(Layout layout);

/// Fields in the order in which the record keeps them; empty for a user layout.
std::span<const LayoutField> fields_of(Layout layout);

/// Index of a field; -1 when there is none.
int field_index(Layout layout, std::string_view name);

}  // namespace tradeassist::pine
