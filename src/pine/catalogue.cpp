#include "pine/catalogue.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "pine/syntax/parser.hpp"

namespace tradeassist::pine {

namespace fs = std::filesystem;

base::Result<std::string> read_script(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) {
    return base::failure(base::ErrorCode::kNotFound, file.string() + ": there is no such file");
  }
  const std::uintmax_t limit = SyntaxLimits{}.source_bytes_max;
  if (fs::file_size(file, error) > limit) {
    return base::failure(
        base::ErrorCode::kInvalidArgument,
        file.string() + ": is larger than " + std::to_string(limit) + " bytes, the most a script may have");
  }
  std::ifstream in(file, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (!in) return base::failure(base::ErrorCode::kIo, file.string() + ": cannot be read");
  return text;
}

base::Result<std::vector<fs::path>> strategy_files(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    return base::failure(base::ErrorCode::kNotFound,
                         "the strategies folder " + folder.string() +
                             " does not exist; name it with --strategies or in the configuration");
  }
  std::vector<fs::path> files;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".pine" && it->is_regular_file(error)) files.push_back(it->path());
  }
  if (error) return base::failure(base::ErrorCode::kIo, folder.string() + ": " + error.message());
  std::ranges::sort(files);
  return files;
}

bool CatalogueFilter::matches(const StrategyHeader& header) const {
  const auto contains = [](std::string_view text, std::string_view part) {
    return !std::ranges::search(text, part, [](char a, char b) { return (a | 0x20) == (b | 0x20); }).empty();
  };
  return (!category || header.category == *category) && (!risk_level || header.risk_level == *risk_level) &&
         (!complexity || header.complexity == *complexity) &&
         (!search || search->empty() || contains(header.name, *search) || contains(header.summary, *search));
}

base::Result<Catalogue> Catalogue::load(const fs::path& folder, LibraryFinder libraries) {
  TRY_ASSIGN(const std::vector<fs::path> files, strategy_files(folder));
  Catalogue catalogue;
  catalogue.libraries_ = std::move(libraries);
  for (const fs::path& file : files) {
    TRY_ASSIGN(std::string text, read_script(file));
    Compilation made = compile(file.string(), std::move(text), catalogue.libraries_);
    Diagnostics diagnostics;
    const auto header = parse_header(*made.source, diagnostics);
    if (!made.program || !header) {
      std::string why = render(made);
      for (const Diagnostic& diagnostic : diagnostics.all()) why += render(*made.source, diagnostic);
      if (why.empty()) why = file.string() + ": has no @name header";
      return base::failure(base::ErrorCode::kInvalidArgument, "the strategy does not load:\n" + why);
    }
    if (header->name != file.stem().string()) {
      return base::failure(base::ErrorCode::kInvalidArgument, file.string() + ": @name says " + header->name);
    }
    if (!catalogue.entries_.emplace(header->name, CatalogueEntry{*header, made.source, made.program}).second) {
      return base::failure(base::ErrorCode::kAlreadyExists,
                           file.string() + ": a second strategy named " + header->name);
    }
  }
  return catalogue;
}

const CatalogueEntry* Catalogue::find(const std::string& name) const {
  const auto found = entries_.find(name);
  return found == entries_.end() ? nullptr : &found->second;
}

std::vector<const CatalogueEntry*> Catalogue::select(const CatalogueFilter& filter) const {
  std::vector<const CatalogueEntry*> selected;
  for (const auto& [name, entry] : entries_) {
    if (filter.matches(entry.header)) selected.push_back(&entry);
  }
  return selected;
}

}  // namespace tradeassist::pine
