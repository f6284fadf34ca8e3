#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tradeassist::server {

struct ProfileStackAnswer {
  std::vector<std::string> functions;  // from the outermost to the one that ran
  std::int64_t samples = 0;
};
BOOST_DESCRIBE_STRUCT(ProfileStackAnswer, (), (functions, samples))

struct ProfileAnswer {
  double seconds = 0;
  std::int64_t hertz = 0;
  std::int64_t threads = 0;  // that were looked at
  std::int64_t samples = 0;
  std::int64_t dropped = 0;                // samples beyond the bound
  std::vector<ProfileStackAnswer> stacks;  // those met most, at most 1,000
};
BOOST_DESCRIBE_STRUCT(ProfileAnswer, (), (seconds, hertz, threads, samples, dropped, stacks))

struct PhaseAnswer {
  double mean_ms = 0, max_ms = 0;
};
BOOST_DESCRIBE_STRUCT(PhaseAnswer, (), (mean_ms, max_ms))

struct RouteTimingsAnswer {
  std::string route;
  std::int64_t requests = 0;
  std::map<std::string, PhaseAnswer> phases;  // queue, gate, handler, encode, write
};
BOOST_DESCRIBE_STRUCT(RouteTimingsAnswer, (), (route, requests, phases))

struct RequestTimingsAnswer {
  std::int64_t timing_percent = 0;  // of requests that are timed
  std::vector<RouteTimingsAnswer> routes;
};
BOOST_DESCRIBE_STRUCT(RequestTimingsAnswer, (), (timing_percent, routes))

}  // namespace tradeassist::server
