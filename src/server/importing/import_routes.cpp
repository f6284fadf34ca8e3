#include "feed/ingest.hpp"
#include "feed/preview.hpp"
#include "server/importing/import_answers.hpp"
#include "server/importing/import_query.hpp"
#include "server/importing/import_story.hpp"
#include "server/importing/uploaded_file.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/services.hpp"

namespace tradeassist::server {
namespace {

/// What is asked for, with the file that came.
struct Upload {
  ImportQuery asked;
  UploadedFile file;
};

Problem import_problem(const base::Error& error) {
  Problem problem = problem_from(error);
  problem.detail = with_parameters(problem.detail);
  if (error.code == base::ErrorCode::kInvalidArgument) problem.code = "FILE_NOT_UNDERSTOOD";
  return problem;
}

std::variant<Upload, Problem> take_upload(const Request& request, const ImportRules& rules) {
  auto read = read_import_query(request);
  if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
  auto& asked = std::get<ImportQuery>(read);
  if (request.body.empty())
    return Problem{422, "FILE_NOT_UNDERSTOOD", "The body is empty; it has to be the file itself.", {}};
  asked.request.unpack.bytes_max = rules.bytes_max;
  auto file = UploadedFile::write(request.body, asked.file_name, asked.request.unpack);
  if (!file) return import_problem(file.error());
  return Upload{std::move(asked), std::move(*file)};
}

HandlerResult preview(const Request& request, Services& services) {
  auto taken = take_upload(request, services.importing);
  if (auto* problem = std::get_if<Problem>(&taken)) return std::move(*problem);
  const auto& [asked, file] = std::get<Upload>(taken);
  const auto previewed = feed::preview_import(services.market, asked.request, file.files());
  if (!previewed) return import_problem(file.named(previewed.error()));
  return json_response(base::to_json(answer_of(*previewed)));
}

HandlerResult import_file(const Request& request, Services& services) {
  auto taken = take_upload(request, services.importing);
  if (auto* problem = std::get_if<Problem>(&taken)) return std::move(*problem);
  const auto& [asked, file] = std::get<Upload>(taken);
  const auto report = feed::import_unpacked(services.market, asked.request, file.files(), feed::check_said);
  if (!report) return import_problem(file.named(report.error()));
  ImportAnswer answer = answer_of(*report);
  const ImportRules& rules = services.importing;
  if (rules.kept_from) {
    if (auto note = retention_note(*report, rules.kept_from)) answer.notes.push_back(*std::move(note));
  }
  if (rules.tell) rules.tell(import_event(*report));
  Response response = json_response(base::to_json(answer));
  if (answer.changes.inserted > 0 || answer.new_instrument) response.status = 201;
  return response;
}

}  // namespace

void add_import_routes(std::vector<Route>& routes, Services& services) {
  routes.push_back({Method::kPost, "/api/v1/import/preview", "What an import of a file would do; nothing is stored",
                    [&services](const Request& request) { return preview(request, services); }});
  routes.push_back({Method::kPost, "/api/v1/import", "Store the bars or ticks of a file",
                    [&services](const Request& request) { return import_file(request, services); }});
}

}  // namespace tradeassist::server
