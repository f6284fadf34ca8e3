#include "server/search_again.hpp"

#include <boost/json.hpp>
#include <utility>
#include <variant>

#include "base/json.hpp"
#include "base/sha256.hpp"
#include "report/search_report.hpp"
#include "server/script_request.hpp"

namespace tradeassist::server {

namespace json = boost::json;

namespace {

constexpr std::size_t kKeptTrialsMax = 10'000;

}  // namespace

base::Result<json::object> kept_result(const std::string& name, const optimize::SearchRequest& request,
                                       const optimize::SearchResult& result, json::value body,
                                       const std::string& version) {
  json::object made = report::search_json(name, request, result, kKeptTrialsMax);
  TRY_ASSIGN(std::string script, base::sha256_of_text(request.program->source->text()));
  made["request"] = json::object{{"body", std::move(body)}, {"script_sha256", std::move(script)}, {"version", version}};
  return made;
}

base::Result<json::object> search_again(const json::value& body, store::SeriesCache& cache,
                                        const pine::Catalogue& catalogue, const std::string& version, int threads,
                                        const optimize::ProgressCallback& progress, const std::stop_token& stop) {
  TRY_ASSIGN(const OptimizeBody asked, base::from_json<OptimizeBody>(body));
  std::string name;
  auto prepared = prepare_search(asked, cache, catalogue, &name);
  if (const auto* problem = std::get_if<Problem>(&prepared)) {
    return base::failure(base::ErrorCode::kInvalidArgument, problem->detail);
  }
  auto& request = std::get<optimize::SearchRequest>(prepared);
  request.threads = threads;
  TRY_ASSIGN(const optimize::SearchResult result, optimize::search(request, progress, stop));
  return kept_result(name, request, result, body, version);
}

}  // namespace tradeassist::server
