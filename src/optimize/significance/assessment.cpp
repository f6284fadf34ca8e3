#include "optimize/significance/assessment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "optimize/significance/sharpe_significance.hpp"

namespace tradeassist::optimize {
namespace {

double sharpe_of(std::span<const double> returns) { return moments_of(returns).sharpe().value_or(std::nan("")); }

double correlation(std::span<const double> a, std::span<const double> b) {
  const ReturnMoments of_a = moments_of(a), of_b = moments_of(b);
  if (!(of_a.deviation > 0 && of_b.deviation > 0)) return 0;
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - of_a.mean) * (b[i] - of_b.mean);
  return sum / static_cast<double>(a.size()) / (of_a.deviation * of_b.deviation);
}

/// Of pairs of neighbours and of those half the sample apart: as good as all pairs, at linear cost.
double mean_correlation(std::span<const std::vector<double>> sample) {
  double sum = 0, pairs = 0;
  for (const std::size_t distance : {std::size_t{1}, std::max<std::size_t>(sample.size() / 2, 2)}) {
    for (std::size_t i = 0; i + distance < sample.size(); ++i, ++pairs)
      sum += correlation(sample[i], sample[i + distance]);
  }
  return pairs > 0 ? sum / pairs : 0;
}

/// Of the Sharpe ratios of the sample; none where fewer than two vary.
std::optional<double> sharpe_variance(std::span<const std::vector<double>> sample) {
  std::vector<double> ratios;
  for (const std::vector<double>& each : sample) {
    if (const auto ratio = moments_of(each).sharpe()) ratios.push_back(*ratio);
  }
  if (ratios.size() < 2) return std::nullopt;
  const double deviation = moments_of(ratios).deviation;
  return deviation * deviation;
}

std::string percent(double share) { return fmt::format("{:.0f} %", share * 100); }

/// What is said of one test: passed, failed (and how), or not known.
struct Verdict {
  std::vector<std::string> against, unknown;
  int passed = 0;

  template <class Value, class Judge>
  void judge(const std::optional<Value>& value, const char* name, Judge problem) {
    if (!value) {
      unknown.emplace_back(name);
    } else if (std::string text = problem(*value); !text.empty()) {
      against.push_back(std::move(text));
    } else {
      ++passed;
    }
  }
};

std::string joined(const std::vector<std::string>& parts, const char* between) {
  std::string text;
  for (const std::string& part : parts) (text += text.empty() ? "" : between) += part;
  return text;
}

std::string verdict_of(const Assessment& found, const AssessmentInput& input) {
  Verdict verdict;
  verdict.judge(found.deflated_sharpe, "its deflated Sharpe ratio", [&](double value) {
    return value >= kDeflatedSharpeMin
               ? std::string()
               : fmt::format("the best of {} trials without skill would look as good with a probability of {}",
                             input.trials, percent(1 - value));
  });
  verdict.judge(found.overfitting, "the probability of overfitting", [](const Overfitting& value) {
    return value.probability <= kOverfittingMax
               ? std::string()
               : fmt::format("what is best on one half of the data is below the middle on the other {} of the time",
                             percent(value.probability));
  });
  verdict.judge(found.reality_check, "whether it beats holding", [](const RealityCheck& value) {
    return value.spa <= kSuperiorityMax ? std::string()
                                        : fmt::format("it does not beat holding beyond chance (p = {:.2f})", value.spa);
  });
  verdict.judge(found.out_of_sample_sharpe, "how it does out of sample", [](double value) {
    return value > 0 ? std::string() : fmt::format("it lost out of sample (Sharpe ratio {:.2f} a year)", value);
  });
  const std::string unknown = verdict.unknown.empty() ? "" : "; not known: " + joined(verdict.unknown, ", ");
  if (!verdict.against.empty()) return "Do not trust this result: " + joined(verdict.against, "; ") + unknown + ".";
  if (verdict.passed == 0) return "Nothing can be said about this result" + unknown + ".";
  return fmt::format("Nothing here speaks for luck ({} of 4 tests passed){}. The past may still not repeat itself.",
                     verdict.passed, unknown);
}

base::Result<void> check(const AssessmentInput& input) {
  const auto fits = [&](std::size_t size) { return size == 0 || size == input.returns.size(); };
  const bool sample_fits =
      std::ranges::all_of(input.sample, [&](const auto& each) { return each.size() == input.returns.size(); });
  if (sample_fits && fits(input.benchmark.size())) return {};
  return base::failure(base::ErrorCode::kInvalidArgument,
                       "the returns of the best trial, of the others and of holding are of different periods");
}

}  // namespace

base::Result<Assessment> assess(const AssessmentInput& input) {
  TRY(check(input));
  Assessment found;
  const auto unknown = [&](const char* what, const std::string& why) {
    found.unknown.push_back(std::string(what) + ": " + why);
  };
  const auto keep = [&](auto& field, const char* name, auto result) {
    if (result) {
      field = std::move(*result);
    } else {
      unknown(name, result.error().message);
    }
  };
  found.trials = std::max<std::uint64_t>(input.trials, 1);
  const double trials = static_cast<double>(found.trials);
  found.effective_trials = input.sample.size() < 2 ? trials : effective_trials(trials, mean_correlation(input.sample));
  const double annual = std::sqrt(input.periods_per_year);

  const ReturnMoments moments = moments_of(input.returns);
  if (const auto ratio = moments.sharpe()) {
    found.sharpe = *ratio * annual;
    found.probabilistic_sharpe = probabilistic_sharpe_ratio(moments);
    found.deflated_sharpe = deflated_sharpe_ratio(moments, found.effective_trials, sharpe_variance(input.sample));
    found.minimum_track_record = minimum_track_record_length(moments);
    if (!found.minimum_track_record) unknown("minimum_track_record", "the Sharpe ratio is not above 0");
    keep(found.sharpe_interval, "sharpe_interval", bootstrap(input.returns, sharpe_of, {.seed = input.seed}));
    if (found.sharpe_interval) {
      for (double* value :
           {&found.sharpe_interval->estimate, &found.sharpe_interval->low, &found.sharpe_interval->high})
        *value *= annual;
    }
  } else {
    unknown("sharpe", input.returns.empty() ? "there are no returns" : "the returns do not vary");
  }
  if (const auto ratio = moments_of(input.out_of_sample).sharpe()) {
    found.out_of_sample_sharpe = *ratio * annual;
  } else {
    unknown("out_of_sample_sharpe",
            input.out_of_sample.empty() ? "nothing was kept out of sample" : "the returns out of sample do not vary");
  }
  keep(found.overfitting, "overfitting", probability_of_overfitting(input.sample));
  if (input.benchmark.empty() || input.sample.empty()) {
    unknown("reality_check", "there is nothing to hold it against");
  } else {
    std::vector<std::vector<double>> excess(input.sample.begin(), input.sample.end());
    for (std::vector<double>& each : excess) {
      for (std::size_t i = 0; i < each.size(); ++i) each[i] -= input.benchmark[i];
    }
    keep(found.reality_check, "reality_check", reality_check(excess, {.seed = input.seed}));
  }
  keep(found.trade_order, "trade_order", shuffle_trades(input.profits, input.initial_capital, 1'000, input.seed));
  found.verdict = verdict_of(found, input);
  return found;
}

}  // namespace tradeassist::optimize
