#include "backtest/evaluator/time/session_marks.hpp"

#include <cstdint>

namespace tradeassist::backtest {
namespace {

using pine::BarField;

/// Where a bar stands in the sessions around it.
struct Place {
  enum class Part : std::uint8_t { kBefore, kInside, kAfter } part = Part::kInside;
  std::int64_t session = 0;  // the start of the session that it belongs to
  bool opens = false;        // holds the session's first instant
  bool ends = false;         // reaches the session's end
};

std::vector<Place> places_of(const Chart& chart) {
  constexpr market::Timeframe kDay{market::Timeframe::Unit::kDay, 1};
  const std::int64_t length = chart.timeframe().nominal_seconds() * base::kNanosecondsPerSecond;
  std::vector<Place> places(chart.size());
  market::Bucket day;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::int64_t start = chart.series().time[i];
    Place& place = places[i];
    if (i == 0 || start >= day.end || start < day.start) {
      if (const auto found = chart.bucket(start, kDay)) day = *found;
    }
    const std::int64_t close = day.start + chart.session_length();
    place.session = day.start;
    if (start < close) {
      place.opens = start == day.start;
      place.ends = start + length >= close;
    } else if (start - close < (day.end - close) / 2) {
      place.part = Place::Part::kAfter;
    } else {
      place.part = Place::Part::kBefore;
      place.session = day.end;
    }
  }
  return places;
}

double truth(bool b) { return b ? 1.0 : 0.0; }

}  // namespace

std::vector<double> session_marks(const Chart& chart, BarField field) {
  const bool whole = !chart.timeframe().is_intraday();
  std::vector<double> marks(chart.size(),
                            truth(whole && field != BarField::kIsPremarket && field != BarField::kIsPostmarket));
  if (whole) return marks;
  const std::vector<Place> places = places_of(chart);
  const auto inside = [&](std::size_t i) { return places[i].part == Place::Part::kInside; };
  const auto same = [&](std::size_t a, std::size_t b) { return places[a].session == places[b].session; };
  for (std::size_t i = 0; i < places.size(); ++i) {
    const bool first = i == 0 ? places[i].opens : !same(i, i - 1);
    const bool last = i + 1 == places.size() ? places[i].ends : !same(i, i + 1);
    switch (field) {
      case BarField::kIsMarket: marks[i] = truth(inside(i)); break;
      case BarField::kIsPremarket: marks[i] = truth(places[i].part == Place::Part::kBefore); break;
      case BarField::kIsPostmarket: marks[i] = truth(places[i].part == Place::Part::kAfter); break;
      case BarField::kIsFirstBar: marks[i] = truth(first); break;
      case BarField::kIsLastBar: marks[i] = truth(last); break;
      case BarField::kIsFirstBarRegular:
        marks[i] = truth(inside(i) && (i == 0 ? places[i].opens : !same(i, i - 1) || !inside(i - 1)));
        break;
      case BarField::kIsLastBarRegular:
        marks[i] = truth(inside(i) && (places[i].ends || (i + 1 < places.size() && !same(i, i + 1))));
        break;
      default: break;
    }
  }
  return marks;
}

}  // namespace tradeassist::backtest
