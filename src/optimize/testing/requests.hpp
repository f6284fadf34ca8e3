#pragma once

#include <cmath>
#include <cstddef>
#include <memory>
#include <random>
#include <vector>

#include "optimize/search_request.hpp"
#include "optimize/testing/cross.hpp"

namespace tradeassist::optimize {

/// Daily bars of a price that wanders, from 2000-01-01 on.
inline market::SeriesPtr random_days(std::size_t count) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> step(0.0003, 0.01);
  auto series = std::make_shared<market::Series>();
  double price = 100;
  std::int64_t time = 946'684'800 * base::kNanosecondsPerSecond;
  for (std::size_t i = 0; i < count; ++i) {
    const double open = price;
    price *= std::exp(step(random));
    const double high = std::max(open, price) * 1.002, low = std::min(open, price) * 0.998;
    const auto cents = [](double x) { return std::round(x * 100) / 100; };
    series->push_back({base::time_from_nanoseconds(time), cents(open), cents(high), cents(low), cents(price), 1000});
    time += base::kNanosecondsPerDay;
  }
  return series;
}

/// A search for the net profit of a program on 1,500 such bars.
inline SearchRequest request_for(std::shared_ptr<const pine::Program> program,
                                 const std::vector<ParameterRequest>& parameters) {
  SearchRequest request;
  request.program = std::move(program);
  request.inputs = backtest::bind_inputs(*request.program, {}).value();
  request.settings = request.program->settings;
  request.series = random_days(1500);
  request.instrument.symbol = "TEST";
  request.timeframe = {market::Timeframe::Unit::kDay, 1};
  request.space = make_search_space(*request.program, parameters).value();
  request.objective = "net_profit";
  request.trials = 1000;
  request.out_of_sample_share = 0.3;
  request.validation_share = 0;
  return request;
}

/// The moving averages of cross(), 42 combinations.
inline SearchRequest cross_request() {
  return request_for(cross(), {parse_parameter("fast=2:12:2").value(), parse_parameter("slow=14:40:4").value()});
}

}  // namespace tradeassist::optimize
