#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tradeassist::diagnostics {

/// Names of the functions of this program and of the libraries that it has loaded, by their symbol tables: also of
/// those that are not exported. Reads the program's file once. For one thread.
class Symbols {
 public:
  Symbols();

  /// The name of the function that has this address, without parameters: "tradeassist::backtest::run". Of a library
  /// without a name for it "[libz.so.1]"; else "[unknown]".
  std::string name_of(std::uintptr_t address) const;

 private:
  struct Function {
    std::uintptr_t begin, end;
    std::uint32_t name;  // where it begins in names_
  };
  void read_program();

  std::vector<Function> functions_;  // of the program, by address
  std::string names_;
};

}  // namespace tradeassist::diagnostics
