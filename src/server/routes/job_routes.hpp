#pragma once

#include <string>

#include "server/routes/services.hpp"

namespace tradeassist::server {

/// Cancels a job of any kind, and tells whoever is to know; see jobs::JobQueue::request_cancel.
base::Result<jobs::Job> cancel_job(Services& services, const std::string& id, std::string_view owner);

}  // namespace tradeassist::server
