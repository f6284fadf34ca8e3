#include "app/server_identity.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>

#include "app/command.hpp"
#include "base/random_id.hpp"

namespace tradeassist::app {
namespace {

constexpr std::size_t kNameMax = 80;

/// The stem with 64 random bits behind it.
base::Result<std::string> fresh_name(const std::string& stem) {
  TRY_ASSIGN(const std::string bits, base::random_hex(8));
  return stem + "-" + bits;
}

}  // namespace

bool is_process_name(const std::string& text) {
  const auto fits = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.'; };
  return !text.empty() && text.size() <= kNameMax && std::ranges::all_of(text, fits);
}

std::string machine_name() {
  std::array<char, 41> name{};
  const bool is_known = ::gethostname(name.data(), name.size() - 1) == 0 && is_process_name(name.data());
  return is_known ? name.data() : "server";
}

base::Result<std::string> server_identity(const std::filesystem::path& data_directory) {
  const std::filesystem::path file = data_directory / "server_id";
  std::string name;
  if (std::ifstream stream(file); std::getline(stream, name) && is_process_name(name)) return name;
  TRY_ASSIGN(name, fresh_name(machine_name()));
  TRY(write_file(file.string(), name + "\n"));
  return name;
}

base::Result<std::string> process_identity(std::string_view role) {
  return fresh_name(machine_name() + "-" + std::string(role));
}

}  // namespace tradeassist::app
