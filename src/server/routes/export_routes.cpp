#include "server/routes/export_routes.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "report/export/export_files.hpp"
#include "report/export/export_format.hpp"
#include "report/export/pine_export.hpp"
#include "report/export/result_fields.hpp"
#include "server/routes/export_request.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/services.hpp"

namespace tradeassist::server {
namespace {

namespace json = boost::json;

constexpr const char* kDownload = "/api/v1/export/download/";

/// A finished search: its request and its result.
struct Finished {
  json::object request, result;
};

std::variant<Finished, Problem> find_finished(const std::string& id, const Request& request, Services& services) {
  const auto job = services.queue.get(id, request.caller.owner);
  if (!job) {
    Problem problem = problem_from(job.error());
    if (job.error().code == base::ErrorCode::kNotFound) problem.code = "JOB_NOT_FOUND";
    return problem;
  }
  if (job->state != jobs::JobState::kCompleted) {
    return Problem{409,
                   "OPTIMIZATION_NOT_COMPLETED",
                   "The job is " + std::string(jobs::to_string(job->state)) + "; only a result can be exported.",
                   {}};
  }
  auto result = report::parse_result(job->result);
  if (!result) return invalid_request({{"/job_id", "its result " + result.error().message, "", 0, 0}});
  Finished finished{{}, std::move(*result)};
  if (auto asked = base::parse_json(job->request, job->request.size()); asked && asked->is_object()) {
    finished.request = std::move(asked->get_object());
  }
  return finished;
}

Problem export_problem(const base::Error& error) {
  Problem problem = problem_from(error);
  if (error.code == base::ErrorCode::kNotFound) problem.code = "EXPORT_NOT_FOUND";
  return problem;
}

json::object file_json(const report::ExportFile& file) {
  return {{"id", file.id},
          {"name", file.name},
          {"media_type", file.media_type},
          {"bytes", file.bytes},
          {"sha256", file.sha256},
          {"created_at", base::format_time(file.created_at)},
          {"expires_at", base::format_time(file.expires_at)},
          {"download_url", kDownload + file.id}};
}

/// Keeps the bytes as a file: 201 with its place.
HandlerResult keep(const Request& request, Services& services, const std::string& name, std::string_view media_type,
                   const base::Result<std::string>& bytes) {
  if (!bytes) return problem_from(bytes.error());
  const auto file = services.exports.add(name, std::string(media_type), *bytes, request.caller.owner);
  if (!file) return problem_from(file.error());
  Response response = json_response(file_json(*file));
  response.status = 201;
  response.headers.emplace_back("Location", kDownload + file->id);
  return response;
}

HandlerResult export_report(const Request& request, Services& services) {
  auto read = read_body<ExportBody>(request);
  if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
  const auto& body = std::get<ExportBody>(read);
  const report::ExportFormat* format = report::find_export_format(body.format.value_or("html"));
  if (format == nullptr) {
    std::string names;
    for (const auto& known : report::export_formats()) names += (names.empty() ? "" : ", ") + std::string(known.name);
    return invalid_request({{"/format", "must be one of " + names, "", 0, 0}});
  }
  auto found = find_finished(body.job_id, request, services);
  if (auto* problem = std::get_if<Problem>(&found)) return std::move(*problem);
  const json::object& result = std::get<Finished>(found).result;
  const char* what = format->is_table ? "trials" : "report";
  return keep(request, services, report::export_name(result, what, format->name), format->media_type,
              report::export_result(result, *format, services.version));
}

/// The script that a search ran: the catalogue's, or the text that came with the request.
base::Result<pine::Compilation> searched_script(const json::object& request, const pine::Catalogue& catalogue) {
  if (const std::string text = report::text_at(request, {"pine"}); !text.empty()) {
    pine::Compilation made = pine::compile("script", text, catalogue.libraries());
    if (made.program) return made;
    return base::failure(base::ErrorCode::kFailedPrecondition,
                         "the script of this search no longer compiles\n" + pine::render(made));
  }
  const std::string name = report::text_at(request, {"strategy"});
  const pine::CatalogueEntry* entry = catalogue.find(name);
  if (entry == nullptr) {
    return base::failure(base::ErrorCode::kFailedPrecondition, "the catalogue has no strategy '" + name + "' any more");
  }
  return pine::Compilation{entry->source, {}, entry->program};
}

HandlerResult export_pine(const Request& request, Services& services) {
  auto read = read_body<ExportBody>(request);
  if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
  const auto& body = std::get<ExportBody>(read);
  if (body.format.value_or("pine") != "pine") return invalid_request({{"/format", "must be pine", "", 0, 0}});
  auto found = find_finished(body.job_id, request, services);
  if (auto* problem = std::get_if<Problem>(&found)) return std::move(*problem);
  const Finished& finished = std::get<Finished>(found);
  const auto script = searched_script(finished.request, services.catalogue);
  if (!script) return problem_from(script.error());
  return keep(request, services, report::export_name(finished.result, "optimised", "pine"), "text/plain; charset=utf-8",
              report::pine_export(*script, finished.result, {services.catalogue.libraries(), services.version}));
}

/// The whole file, or the one range that was asked for.
HandlerResult download(const Request& request, Services& services) {
  QueryReader query(request, {});
  if (query.failed()) return query.problem();
  const auto file = services.exports.find(request.parameters.at("id"), request.caller.owner);
  if (!file) return export_problem(file.error());
  const std::string tag = "\"" + file->sha256 + "\"";
  std::optional<ByteRange> range;
  const auto only_if = request.header("if-range");
  if (const auto header = request.header("range"); header && (!only_if || *only_if == tag)) {
    range = parse_byte_range(*header, file->bytes);
  }
  const std::string size = std::to_string(file->bytes);
  if (range && range->length == 0) {
    Response response = to_response(
        Problem{416, "RANGE_NOT_SATISFIABLE", "The file has " + size + " bytes; the range lies behind them.", {}},
        request.path);
    response.headers.emplace_back("Content-Range", "bytes */" + size);
    return response;
  }
  const ByteRange wanted = range.value_or(ByteRange{0, file->bytes});
  auto bytes = services.exports.read(*file, wanted.first, wanted.length);
  if (!bytes) return export_problem(bytes.error());
  Response response{200, file->media_type, std::move(*bytes), {}};
  response.headers = {{"Content-Disposition", "attachment; filename=\"" + file->name + "\""},
                      {"Accept-Ranges", "bytes"},
                      {"ETag", tag},
                      {"Cache-Control", "private, no-cache"},
                      {"Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'"}};
  if (range) {
    response.status = 206;
    const std::string last = std::to_string(wanted.first + wanted.length - 1);
    response.headers.emplace_back("Content-Range", "bytes " + std::to_string(wanted.first) + "-" + last + "/" + size);
  }
  return response;
}

HandlerResult list(const Request& request, Services& services) {
  QueryReader query(request, {});
  if (query.failed()) return query.problem();
  json::array files;
  const std::vector<report::ExportFile> kept = services.exports.list(request.caller.owner);
  for (const report::ExportFile& file : kept) files.push_back(file_json(file));
  return json_response(json::object{{"files", std::move(files)}});
}

HandlerResult remove(const Request& request, Services& services) {
  const auto file = services.exports.find(request.parameters.at("id"), request.caller.owner);
  if (!file) return export_problem(file.error());
  const auto removed = services.exports.remove(file->id);
  if (!removed) return export_problem(removed.error());
  return json_response(file_json(*file));
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<ByteRange> parse_byte_range(std::string_view header, std::uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  if (!header.starts_with(kUnit)) return std::nullopt;
  header.remove_prefix(kUnit.size());
  const std::size_t dash = header.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const std::string_view first_text = header.substr(0, dash), last_text = header.substr(dash + 1);
  const auto first = whole_number(first_text), last = whole_number(last_text);
  if (first_text.empty()) {  // the last so many
    if (!last) return std::nullopt;
    const std::uint64_t length = std::min(*last, size);
    return ByteRange{size - length, length};
  }
  if (!first || (!last && !last_text.empty()) || (last && *last < *first)) return std::nullopt;
  if (*first >= size) return ByteRange{};
  const std::uint64_t end = last && *last < size ? *last + 1 : size;
  return ByteRange{*first, end - *first};
}

void add_export_routes(std::vector<Route>& routes, Services& services) {
  const auto add = [&](Method method, const char* path, const char* summary, auto handler) {
    routes.push_back(
        {method, std::string("/api/v1/export/") + path, summary,
         [&services, handler](const Request& request) -> HandlerResult { return handler(request, services); }});
  };
  add(Method::kPost, "pine-script", "Write what a search found into its Pine Script", export_pine);
  add(Method::kPost, "report", "Make a report or a table of a search's result", export_report);
  add(Method::kGet, "download/{id}", "A file that was made", download);
  add(Method::kGet, "files", "Files that were made, newest first", list);
  add(Method::kDelete, "files/{id}", "Remove a file that was made", remove);
}

}  // namespace tradeassist::server
