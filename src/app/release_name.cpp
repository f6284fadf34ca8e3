#include "app/release_name.hpp"

#include <filesystem>
#include <fstream>

namespace tradeassist::app {

std::string release_name() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  std::ifstream file(program / "../share/tradeassist/release");
  std::string name;
  std::getline(file, name);
  constexpr std::size_t kNameMax = 100;
  return name.substr(0, kNameMax);
}

}  // namespace tradeassist::app
