#pragma once

#include <optional>

#include "server/problem.hpp"
#include "server/router.hpp"
#include "server/routes/answer_format.hpp"
#include "store/cache/series_cache.hpp"

namespace tradeassist::server {

/// Why this server cannot write the format: 501 for Parquet where its engine cannot be loaded; none where it can.
std::optional<Problem> cannot_write(const AnswerFormat& format);

/// Bars in that format, as a file with a name where it has an extension. They are no more than its bars_max.
HandlerResult bars_response(const store::CachedAnswer& kept, const AnswerFormat& format);

}  // namespace tradeassist::server
