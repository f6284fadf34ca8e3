#pragma once

#include <boost/describe.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "server/historical/historical_job.hpp"
#include "server/historical/query_schedule.hpp"
#include "store/catalogue/saved_queries.hpp"

namespace tradeassist::server {

/// What a user says of a saved query. `request` is the body of POST /api/v1/historical-data/fetch.
struct SavedQueryBody {
  std::string name;                              // 1 to 100 bytes
  std::optional<std::string> description;        // at most 2,000 bytes
  boost::json::value request;                    // at most 64 KiB of text
  std::optional<bool> favourite;                 // false where it is left out
  std::optional<std::vector<std::string>> tags;  // at most 20, all different, of 1 to 40 bytes each
  std::optional<QuerySchedule> schedule;         // none: asked only when somebody asks
};
BOOST_DESCRIBE_STRUCT(SavedQueryBody, (), (name, description, request, favourite, tags, schedule))

/// Adds what does not make sense, but for what `request` asks for.
void check_saved_query(const SavedQueryBody& body, std::vector<base::FieldError>& errors);

/// The fetch that `request` is; what is wrong with its fields is added to `errors` with the prefix /request.
std::optional<HistoricalFetchBody> fetch_of(const SavedQueryBody& body, std::vector<base::FieldError>& errors);
/// The same of one that was checked when it was saved. kInvalidArgument: by a program that knew other fields.
base::Result<HistoricalFetchBody> fetch_of(const store::SavedQuery& query);

/// As the store keeps it. Its next run is as in `before` where the schedule is the same, else the first after `now`.
store::SavedQueryFields fields_of(const SavedQueryBody& body, base::Time now,
                                  const store::SavedQuery* before = nullptr);

/// What a user says of it: the document that a change changes. kDataLoss where the store's text cannot be read.
base::Result<SavedQueryBody> body_of(const store::SavedQuery& query);

/// The same, and what is known of it.
base::Result<boost::json::object> saved_query_json(const store::SavedQuery& query);

}  // namespace tradeassist::server
