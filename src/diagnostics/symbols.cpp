#include "diagnostics/symbols.hpp"

#include <cxxabi.h>
#include <dlfcn.h>
#include <elf.h>
#include <link.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <string_view>

namespace tradeassist::diagnostics {
namespace {

constexpr std::uint64_t kTableBytesMax = std::uint64_t{256} << 20;

/// Where the program was put, as against what its file says; 0 without position independence.
std::uintptr_t program_offset() {
  std::uintptr_t offset = 0;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* target) {
        *static_cast<std::uintptr_t*>(target) = info->dlpi_addr;
        return 1;  // the first is the program
      },
      &offset);
  return offset;
}

template <class T>
bool read_at(std::ifstream& in, std::uint64_t offset, T* items, std::size_t count) {
  in.seekg(static_cast<std::streamoff>(offset));
  in.read(reinterpret_cast<char*>(items), static_cast<std::streamsize>(count * sizeof(T)));
  return in.good();
}

/// Without parameters and template arguments, which would make a line of a stack longer than a screen.
std::string shortened(std::string_view name) {
  std::string out;
  int depth = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (name.substr(i).starts_with("(anonymous namespace)::")) {
      i += std::string_view("(anonymous namespace)::").size() - 1;
      continue;
    }
    if (name.substr(i).starts_with("operator") && depth == 0) {
      const std::size_t end = name.find('(', i + (name.substr(i).starts_with("operator()") ? 10 : 8));
      return out + std::string(name.substr(i, end - i));
    }
    if (c == '<' || c == '(' || c == '{') {
      if (c == '(' && depth == 0 && !out.empty()) break;
      ++depth;
    } else if (c == '>' || c == ')' || c == '}') {
      --depth;
    } else if (depth == 0) {
      out += c == ';' ? ':' : c;
    }
  }
  // Of "void f", the type.
  if (const std::size_t blank = out.rfind(' '); blank != std::string::npos && blank + 1 < out.size())
    out.erase(0, blank + 1);
  return out.empty() ? std::string(name) : out;
}

std::string demangled(const char* name) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(abi::__cxa_demangle(name, nullptr, nullptr, &status),
                                                         &std::free);
  return status == 0 && text != nullptr ? shortened(text.get()) : name;
}

}  // namespace

Symbols::Symbols() { read_program(); }

void Symbols::read_program() {
  std::ifstream in("/proc/self/exe", std::ios::binary);
  Elf64_Ehdr header{};
  if (!read_at(in, 0, &header, 1) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
      header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_shentsize != sizeof(Elf64_Shdr)) {
    return;
  }
  std::vector<Elf64_Shdr> sections(header.e_shnum);
  if (!read_at(in, header.e_shoff, sections.data(), sections.size())) return;
  const auto table = std::ranges::find(sections, Elf64_Word{SHT_SYMTAB}, &Elf64_Shdr::sh_type);
  if (table == sections.end() || table->sh_link >= sections.size() || table->sh_size > kTableBytesMax) return;
  const Elf64_Shdr& strings = sections[table->sh_link];
  if (strings.sh_size > kTableBytesMax) return;
  std::vector<Elf64_Sym> symbols(table->sh_size / sizeof(Elf64_Sym));
  names_.resize(strings.sh_size);
  if (!read_at(in, table->sh_offset, symbols.data(), symbols.size()) ||
      !read_at(in, strings.sh_offset, names_.data(), names_.size())) {
    names_.clear();
    return;
  }
  names_ += '\0';
  const std::uintptr_t offset = program_offset();
  for (const Elf64_Sym& symbol : symbols) {
    if (ELF64_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_value == 0 || symbol.st_name >= names_.size()) continue;
    const std::uintptr_t begin = symbol.st_value + offset;
    functions_.push_back({begin, begin + std::max<std::uint64_t>(symbol.st_size, 1), symbol.st_name});
  }
  std::ranges::sort(functions_, {}, &Function::begin);
}

std::string Symbols::name_of(std::uintptr_t address) const {
  const auto after = std::ranges::upper_bound(functions_, address, {}, &Function::begin);
  if (after != functions_.begin()) {
    const Function& found = *std::prev(after);
    if (address < found.end) return demangled(names_.data() + found.name);
  }
  Dl_info info{};
  if (::dladdr(reinterpret_cast<void*>(address), &info) == 0) return "[unknown]";
  if (info.dli_sname != nullptr) return demangled(info.dli_sname);
  const std::string_view file = info.dli_fname == nullptr ? "" : info.dli_fname;
  return "[" + std::string(file.substr(file.rfind('/') + 1)) + "]";
}

}  // namespace tradeassist::diagnostics
