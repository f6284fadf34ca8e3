#include "pine/libraries/script_files.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "pine/analysis/sound_part.hpp"
#include "pine/analysis/syntax_walk.hpp"
#include "pine/syntax/parser.hpp"
#include "pine/versions/modernize.hpp"
#include "pine/versions/versions.hpp"

namespace tradeassist::pine {
namespace {

bool declares_library(const ast::Script& script) {
  return std::ranges::any_of(script.statements, [](const ast::StatementPtr& statement) {
    const auto* alone = std::get_if<ast::ExpressionStatement>(&statement->node);
    const auto* call = alone == nullptr ? nullptr : std::get_if<ast::Call>(&alone->value->node);
    return call != nullptr && dotted_name(*call->callee) == "library";
  });
}

std::optional<ScriptFile> read_file(const Source& source, Diagnostics& diagnostics) {
  ScriptFile file;
  Diagnostics own;
  file.script = parse(source, own);
  ast::Script& script = file.script;
  const bool supported = script.version >= kOldestVersion && script.version <= kNewestVersion;
  if (!supported) {
    const bool missing = script.version_range.end == 0;
    own.error(missing ? SourceRange{source.first_offset(), source.first_offset()} : script.version_range,
              missing ? "the script does not state its version, and is taken for Pine v1, which is not supported"
                      : "Pine v" + std::to_string(script.version) + " is not supported",
              "supported are //@version=" + std::to_string(kOldestVersion) +
                  " to //@version=" + std::to_string(kNewestVersion));
  }
  diagnostics.add(own, 0);
  if (!supported) return std::nullopt;
  if (own.has_errors()) keep_sound_part(script, source, own);
  modernize(script);
  file.is_library = declares_library(script);
  return file;
}

class Reader {
 public:
  Reader(Source& source, const LibraryFinder& finder, Diagnostics& diagnostics)
      : source_(source), finder_(finder), diagnostics_(diagnostics) {}

  std::vector<ScriptFile> run() {
    auto script = read_file(source_, diagnostics_);
    if (!script) return {};
    files_.emplace_back();
    read_imports(*script);
    files_.front() = std::move(*script);
    return std::move(files_);
  }

 private:
  void read_imports(ScriptFile& file) {
    for (const ast::StatementPtr& statement : file.script.statements) {
      const auto* import = std::get_if<ast::Import>(&statement->node);
      if (import == nullptr) continue;
      const std::string& alias = import->alias.empty() ? import->library : import->alias;
      const std::size_t number = library({import->user, import->library, import->version}, statement->range);
      if (!file.imports.emplace(alias, number).second) {
        diagnostics_.error(statement->range, "two imports are called `" + alias + "`", "give one another name: as …");
      }
    }
  }

  /// The number of the library's file; kNotFound when it cannot be read, which is reported at the import.
  std::size_t library(const LibraryName& name, SourceRange import) {
    if (const auto known = numbers_.find(name); known != numbers_.end()) return known->second;
    const auto refuse = [&](std::string message, std::string hint = {}) {
      diagnostics_.error(import, std::move(message), std::move(hint));
      return ScriptFile::kNotFound;
    };
    if (const auto open = std::ranges::find(reading_, name); open != reading_.end()) {
      std::string circle;
      for (auto step = open; step != reading_.end(); ++step) circle += to_string(*step) + " imports ";
      return refuse("libraries import one another in a circle: " + circle + to_string(name));
    }
    if (numbers_.size() + reading_.size() >= kLibrariesMax) {
      return refuse("the script leads to more than " + std::to_string(kLibrariesMax) + " libraries");
    }
    auto text = finder_ ? finder_(name) : find_in_folders({})(name);
    if (!text) {
      return numbers_[name] =
                 refuse(text.error().message,
                        "the source of a published library can be put there; its publisher's page shows it");
    }
    const auto source = std::make_shared<const Source>(text->file, std::move(text->text), source_.next_offset());
    source_.append(source);
    auto file = read_file(*source, diagnostics_);
    if (!file) return numbers_[name] = ScriptFile::kNotFound;
    if (!file->is_library) {
      return numbers_[name] =
                 refuse(text->file + " is not a library", "a library declares itself with library(\"Name\")");
    }
    file->name = to_string(name);
    reading_.push_back(name);
    read_imports(*file);
    reading_.pop_back();
    files_.push_back(std::move(*file));
    return numbers_[name] = files_.size() - 1;
  }

  Source& source_;
  const LibraryFinder& finder_;
  Diagnostics& diagnostics_;
  std::vector<ScriptFile> files_;
  std::map<LibraryName, std::size_t> numbers_;  // of those read, or found missing
  std::vector<LibraryName> reading_;            // each imports the next
};

}  // namespace

std::vector<ScriptFile> read_script_files(Source& source, const LibraryFinder& libraries, Diagnostics& diagnostics) {
  return Reader(source, libraries, diagnostics).run();
}

}  // namespace tradeassist::pine
