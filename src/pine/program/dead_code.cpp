#include <algorithm>
#include <bit>
#include <optional>
#include <unordered_map>
#include <vector>

#include "pine/program/program.hpp"

namespace tradeassist::pine {
namespace {

/// Makes or changes something that is only seen on the chart, unless the script reads its drawings back.
bool draws(const Operation& operation) {
  if (operation.opcode == Opcode::kNewRecord) return operation.index < kDrawingKinds;
  return operation.opcode == Opcode::kSetDrawing ||
         (operation.opcode == Opcode::kHeapCall && operation.function >= Function::kDrawingDelete &&
          operation.function <= Function::kTableMergeCells);
}

bool reads_drawings(const Operation& operation) {
  return operation.opcode == Opcode::kGetDrawing || operation.function == Function::kDrawingAll ||
         operation.function == Function::kLineGetPrice;
}

/// Works on objects that are not only seen on the chart, and may fail or change them.
bool works_on_objects(const Operation& operation) {
  return !draws(operation) && (operation.opcode == Opcode::kHeapCall || operation.opcode == Opcode::kSetField);
}

bool changes_objects(const Operation& operation) {
  return operation.opcode == Opcode::kSetField ||
         (operation.opcode == Opcode::kHeapCall && changes_collection(operation.function));
}

/// Slots in groups: a handle of an object that one slot holds can be in slots of its group alone, and so can those of
/// all objects that lead to it or that it leads to (Steensgaard, Points-to analysis in almost linear time, 1996).
class ObjectGroups {
 public:
  explicit ObjectGroups(const Program& program) : program_(program), parents_(program.slot_count) {
    for (Slot slot = 0; slot < parents_.size(); ++slot) parents_[slot] = slot;
    for (const auto* operations : {&program.prologue, &program.body}) {
      for (const Operation& operation : *operations) {
        Slot first = kNoSlot;
        for_each_object(operation, [&](Slot slot) {
          if (first == kNoSlot) first = slot;
          parents_[group(slot)] = group(first);
        });
      }
    }
  }

  Slot group(Slot slot) {
    while (parents_[slot] != slot) slot = parents_[slot] = parents_[parents_[slot]];
    return slot;
  }
  bool holds_object(Slot slot) const { return slot < program_.object_slots.size() && program_.object_slots[slot]; }

  template <class Visit>
  void for_each_object(const Operation& operation, Visit visit) const {
    const auto visit_object = [&](Slot slot) {
      if (holds_object(slot)) visit(slot);
    };
    for (std::uint32_t k = 0; k < operation.results; ++k) visit_object(operation.dst + k);
    for_each_read(program_, operation, visit_object);
  }

 private:
  const Program& program_;
  std::vector<Slot> parents_;
};

/// Intervals of operations, to be asked which of them hold an operation; each is given once.
class Intervals {
 public:
  explicit Intervals(std::size_t size) : leaves_(std::bit_ceil(std::max<std::size_t>(size, 1))), nodes_(2 * leaves_) {}

  void add(std::size_t first, std::size_t end, std::uint32_t name) {
    for (first += leaves_, end += leaves_; first < end; first /= 2, end /= 2) {
      if (first % 2 == 1) nodes_[first++].push_back(name);
      if (end % 2 == 1) nodes_[--end].push_back(name);
    }
  }

  template <class Visit>
  void take(std::size_t at, Visit visit) {
    for (std::size_t node = at + leaves_; node > 0; node /= 2) {
      for (const std::uint32_t name : nodes_[node]) visit(name);
      nodes_[node].clear();
    }
  }

 private:
  std::size_t leaves_;
  std::vector<std::vector<std::uint32_t>> nodes_;  // a segment tree: node i covers nodes 2i and 2i+1
};

/// Finds what is needed, from what must stay back to what it depends on: the operations that write the slots it reads,
/// and the jumps that decide whether it runs. Operations are numbered through the prologue and then the body.
class Search {
 public:
  Search(const Program& program, Keep keep, const std::vector<bool>& unreachable)
      : program_(program),
        prologue_(static_cast<std::uint32_t>(program.prologue.size())),
        size_(prologue_ + static_cast<std::uint32_t>(program.body.size())),
        jumps_(size_),
        writers_(program.slot_count),
        kept_(size_, false),
        read_(program.slot_count, false) {
    if (keep == Keep::kResults) groups_.emplace(program);
    for (std::uint32_t i = 0; i < size_; ++i) {
      if (i >= prologue_ && !unreachable.empty() && unreachable[i - prologue_]) continue;
      const Operation& operation = at(i);
      for (std::uint32_t k = 0; k < operation.results; ++k) writers_[operation.dst + k].push_back(i);
      if (is_jump(operation.opcode)) {
        const std::uint32_t target = operation.target + prologue_;
        jumps_.add(std::min(i + 1, target), std::max(i, target), i);
      }
      if (draws(operation)) drawing_.push_back(i);
      if (is_rooted(operation, keep)) want(i);
      if (groups_ && changes_objects(operation)) {
        groups_->for_each_object(operation, [&](Slot slot) { changing_[groups_->group(slot)].push_back(i); });
      }
    }
    if (keep == Keep::kEverything) want_all(drawing_);
    for (const Slot slot : program.results) {
      want_slot(slot);
      want_changes(slot);  // of results that are objects the content counts
    }
    for (const Input& input : program.inputs) {
      if (input.default_slot != kNoSlot) want_slot(input.default_slot);
    }
    while (!pending_.empty()) {
      const std::uint32_t next = pending_.back();
      pending_.pop_back();
      follow(next);
    }
  }

  bool keeps_prologue(std::size_t i) const { return kept_[i]; }
  bool keeps_body(std::size_t i) const { return kept_[prologue_ + i]; }
  bool reads(Slot slot) const { return read_[slot]; }

 private:
  static bool is_rooted(const Operation& operation, Keep keep) {
    switch (operation.opcode) {
      case Opcode::kCommand:
      case Opcode::kFail: return true;
      case Opcode::kRecord: return keep == Keep::kEverything;
      case Opcode::kLoopStep: return keep == Keep::kEverything || keep == Keep::kOrders;
      default: return keep != Keep::kResults && works_on_objects(operation);  // it may fail
    }
  }

  const Operation& at(std::uint32_t i) const {
    return i < prologue_ ? program_.prologue[i] : program_.body[i - prologue_];
  }

  void want(std::uint32_t i) {
    if (kept_[i]) return;
    kept_[i] = true;
    pending_.push_back(i);
  }

  void want_all(std::vector<std::uint32_t>& operations) {
    for (const std::uint32_t i : operations) want(i);
    operations.clear();
  }

  void want_changes(Slot slot) {
    if (!groups_ || !groups_->holds_object(slot)) return;
    if (const auto found = changing_.find(groups_->group(slot)); found != changing_.end()) want_all(found->second);
  }

  void want_slot(Slot slot) {
    if (read_[slot]) return;
    read_[slot] = true;
    for (const std::uint32_t writer : writers_[slot]) want(writer);
  }

  void follow(std::uint32_t i) {
    const Operation& operation = at(i);
    for_each_read(program_, operation, [&](Slot slot) { want_slot(slot); });
    jumps_.take(i, [&](std::uint32_t jump) { want(jump); });
    // A loop that stays keeps its bound, which stands before the jump back to its start.
    if (operation.opcode == Opcode::kJump && i > prologue_ && at(i - 1).opcode == Opcode::kLoopStep) want(i - 1);
    // What works with an object needs every change of it, by whatever slot it is known.
    if (groups_) groups_->for_each_object(operation, [&](Slot slot) { want_changes(slot); });
    if (reads_drawings(operation)) want_all(drawing_);
  }

  const Program& program_;
  std::uint32_t prologue_, size_;
  Intervals jumps_;
  std::vector<std::vector<std::uint32_t>> writers_;  // by slot
  std::optional<ObjectGroups> groups_;               // where only results count: else all that works on objects stays
  std::unordered_map<Slot, std::vector<std::uint32_t>> changing_;  // by group, until they are wanted
  std::vector<std::uint32_t> drawing_;                             // until they are wanted
  std::vector<std::uint32_t> pending_;
  std::vector<bool> kept_, read_;
};

template <class Keeps>
void remove_unused(std::vector<Operation>& operations, std::vector<SourceRange>& ranges, Keeps keeps) {
  std::vector<std::uint32_t> moved(operations.size() + 1);
  std::uint32_t kept = 0;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    moved[i] = kept;
    if (keeps(i)) ++kept;
  }
  moved[operations.size()] = kept;
  std::size_t out = 0;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (!keeps(i)) continue;
    Operation operation = operations[i];
    operation.target = moved[operation.target];
    operations[out] = operation;
    ranges[out] = ranges[i];
    ++out;
  }
  operations.resize(out);
  ranges.resize(out);
}

/// Keeps the entries of `table` that operations of `opcode` name by their index.
template <class Entry>
void renumber(Program& program, std::vector<Entry>& table, Opcode opcode) {
  std::vector<std::uint32_t> new_index(table.size(), kNoSlot);
  std::vector<Entry> used;
  for (Operation& operation : program.body) {
    if (operation.opcode != opcode) continue;
    std::uint32_t& index = new_index[operation.index];
    if (index == kNoSlot) {
      index = static_cast<std::uint32_t>(used.size());
      used.push_back(table[operation.index]);
    }
    operation.index = index;
  }
  table = std::move(used);
}

}  // namespace

void eliminate_dead_code(Program& program, Keep keep, const std::vector<bool>& unreachable) {
  const Search search(program, keep, unreachable);
  remove_unused(program.body, program.body_ranges, [&](std::size_t i) { return search.keeps_body(i); });
  remove_unused(program.prologue, program.prologue_ranges, [&](std::size_t i) { return search.keeps_prologue(i); });
  renumber(program, program.histories, Opcode::kHistory);
  renumber(program, program.states, Opcode::kStatefulCall);
  renumber(program, program.requests, Opcode::kRequest);
  std::erase_if(program.loads, [&](const BarLoad& load) { return !search.reads(load.slot); });
  std::erase_if(program.constants, [&](const Constant& constant) { return !search.reads(constant.slot); });
}

}  // namespace tradeassist::pine
