#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "pine/analysis/types.hpp"
#include "pine/compile.hpp"
#include "pine/program/request_program.hpp"

namespace tradeassist::pine {

/// Builds a Program: hands out slots, keeps constants once, puts what is known before the first bar into the prologue,
/// and shares equal computations (value numbering) inside regions that run together.
class Emitter {
 public:
  Emitter(Program& program, const LoweringLimits& limits) : program_(program), limits_(limits) {
    regions_.emplace_back();
  }

  Value number(double value, Type type);
  Value text(const std::string& value);
  Value na(Type type);

  Slot fresh(std::uint32_t count = 1);

  /// The slot of a bar column, loaded at the start of every bar.
  Value load(BarField field, Type type);

  /// A computation without memory or effect: shared, folded into the prologue when its operands allow.
  Value pure(Opcode opcode, Type type, const Value& a, const Value& b = {}, const Value& c = {});

  /// A function call; `results` are the types of its result slots. `invariant_possible`: may run in the prologue.
  Value call(Function function, const std::vector<Value>& operands, const std::vector<Type>& results, bool stateful,
             bool invariant_possible, std::uint32_t index = 0);

  /// The same at the very start of the body, whatever block we are in: built-in variables with memory.
  Value call_each_bar(Function function, const std::vector<Value>& operands, Type result, bool stateful);

  Value history(const Value& object, const Value& offset);

  void move(Slot to, const Value& from);
  void command(Function function, const std::vector<Slot>& operands);
  void record(std::uint32_t output, const std::vector<Slot>& operands);
  Value request(std::uint32_t request, const std::vector<Slot>& operands, const std::vector<Type>& results);
  void fail_with(Slot message);

  // The heap: in the order in which they are written, never shared.
  Value heap_call(Function function, const std::vector<Slot>& operands, const std::vector<Type>& results,
                  std::uint32_t index);
  Value new_record(std::uint32_t layout, const std::vector<Slot>& fields, Type type);
  Value copy_record(const Value& record);
  Value get_field(const Value& record, std::uint32_t field, Type type, bool is_drawing = false);
  void set_field(const Value& record, std::uint32_t field, const Value& value, bool is_drawing = false);

  // Control flow in the body.
  std::uint32_t here() const { return static_cast<std::uint32_t>(body_.size()); }
  std::uint32_t jump(Opcode opcode, Slot a = kNoSlot, Slot b = kNoSlot, Slot c = kNoSlot);  // index, for land()
  void jump_to(std::uint32_t target);
  void land(std::uint32_t jump_index);  // that jump goes to here()
  void loop_step();

  /// Code that may be skipped or repeated: computations inside are not shared with code outside.
  class Region {
   public:
    explicit Region(Emitter& emitter) : emitter_(emitter) { emitter_.regions_.emplace_back(); }
    ~Region() { emitter_.regions_.pop_back(); }
    Region(const Region&) = delete;
    Region& operator=(const Region&) = delete;

   private:
    Emitter& emitter_;
  };

  /// A region that the chart skips altogether: the expression of a request, which its own program runs, or a function
  /// that nothing calls.
  class Skipped {
   public:
    explicit Skipped(Emitter& emitter) : emitter_(emitter), jump_(emitter.jump(Opcode::kJump)), region_(emitter) {}
    ~Skipped();
    Skipped(const Skipped&) = delete;
    Skipped& operator=(const Skipped&) = delete;

    /// What it was emitted for: request `request`, whose values are in `results`.
    void is_request(std::uint32_t request, std::vector<Slot> results);

   private:
    Emitter& emitter_;
    std::uint32_t jump_;
    Region region_;
    std::uint32_t request_ = SkippedCode::kNoRequest;
    std::vector<Slot> results_;
  };

  bool in_region() const { return regions_.size() > 1; }

  /// Where the operations that follow come from.
  void at(SourceRange range) { range_ = range; }
  SourceRange range() const { return range_; }

  /// True once a limit was passed; emission goes on into nothing.
  bool overflowed() const { return overflowed_; }

  /// A slot whose value a prologue may compute and the body may read: written once before the first bar.
  void move_in_prologue(Slot to, const Value& from);
  void start_with(Slot slot, double value) { program_.constants.push_back({slot, value}); }
  void start_with_zero(Slot slot) { program_.zeroed.push_back(slot); }
  void keep_between_runs(Slot slot) { program_.kept.push_back(slot); }

  /// Puts prelude and body together; nothing may be emitted afterwards. Gives what the chart skips.
  std::vector<SkippedCode> finish();

 private:
  using Key = std::vector<std::uint64_t>;

  /// Remembers that a slot may hold a handle, when the type says so.
  void note_object(Slot slot, Type type);

  enum class Place { kPrologue, kPrelude, kBody };
  void append(Place place, Operation operation);
  const Slot* find_shared(const Key& key, bool stateful) const;
  void share(const Key& key, Slot slot, bool in_prologue);
  Value results_of(Slot first, const std::vector<Type>& results, Qualifier qualifier);
  static Qualifier strongest(const std::vector<Value>& operands);
  std::uint32_t add_operands(const std::vector<Slot>& slots);

  Program& program_;
  LoweringLimits limits_;
  SourceRange range_;
  std::vector<Operation> prelude_, body_;
  std::vector<SourceRange> prelude_ranges_, body_ranges_;
  std::map<std::pair<std::uint64_t, int>, Slot> constants_;  // by bits and type
  std::unordered_map<std::string, std::uint32_t> strings_;
  std::map<BarField, Slot> loads_;
  std::map<Slot, std::uint32_t> histories_;
  std::map<Key, Slot> prologue_shared_, prelude_shared_;
  std::vector<std::map<Key, Slot>> regions_;
  std::vector<SkippedCode> skipped_;
  std::size_t text_bytes_ = 0;
  bool overflowed_ = false;
};

}  // namespace tradeassist::pine
