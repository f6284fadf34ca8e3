// Taking a script's state out and putting it back: bars that are run more than once, runs that go on later.
#include "backtest/evaluator/evaluator.hpp"

namespace tradeassist::backtest {

Evaluator::ScriptState Evaluator::script_state() const {
  ScriptState state{slots_, {}, heap_, drawings_};
  state.memories.reserve(memories_.size());
  for (const auto& memory : memories_) state.memories.push_back(memory ? memory->clone() : nullptr);
  return state;
}

void Evaluator::assign_memories(const std::vector<std::unique_ptr<Memory>>& kept) {
  for (std::size_t i = 0; i < memories_.size(); ++i) {
    if (memories_[i]) memories_[i]->assign(*kept[i]);
  }
}

base::Result<void> Evaluator::rehearse(std::size_t bar) {
  if (!before_) {
    if (heap_.wants_collection_before_copy()) collect_garbage();
    before_ = script_state();
  }
  TRY(enter(bar));
  rehearsing_ = true;
  const auto done = execute(body_.operations, body_.ranges);
  rehearsing_ = false;
  if (!done) return done;

  std::vector<double> kept;
  for (const pine::Slot slot : program_.kept) {
    kept.push_back(slots_[slot]);
    before_->slots[slot] = slots_[slot];
  }
  heap_.roll_back(before_->heap, kept);
  slots_ = before_->slots;
  assign_memories(before_->memories);
  drawings_.assign(before_->drawings);
  forget_answers();
  return {};
}

Evaluator::Checkpoint Evaluator::checkpoint() const { return {script_state(), histories_, outputs_, messages_}; }

/// What requests have answered on this bar are objects of a heap that is no longer there.
void Evaluator::forget_answers() {
  for (auto& [key, columns] : requests_) {
    columns.answered = kNoBar;
    columns.answers.clear();
  }
}

void Evaluator::restore(const Checkpoint& checkpoint) {
  slots_ = checkpoint.script.slots;
  assign_memories(checkpoint.script.memories);
  heap_ = checkpoint.script.heap;
  drawings_.assign(checkpoint.script.drawings);
  histories_ = checkpoint.histories;
  outputs_ = checkpoint.outputs;
  messages_ = checkpoint.messages;
  forget_answers();
}

}  // namespace tradeassist::backtest
