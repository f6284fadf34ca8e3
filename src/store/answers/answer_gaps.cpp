#include "store/answers/answer_gaps.hpp"

namespace tradeassist::store {

base::Result<market::GapReport> find_answer_gaps(const BarAnswer& answer, const market::Calendar& calendar,
                                                 const AnswerGaps& query) {
  market::GapQuery gaps;
  gaps.timeframe = answer.timeframe;
  TRY_ASSIGN(gaps.anchor, anchor_of(answer.instrument, answer.bars, answer.series.key.timeframe));
  gaps.from = query.from;
  gaps.to = query.to;
  gaps.lists_closed = query.lists_closed;
  gaps.listed_max = query.listed_max;
  return market::find_gaps(answer.bars, calendar, gaps);
}

}  // namespace tradeassist::store
