#pragma once

namespace tradeassist::optimize {

/// The standard normal distribution: the share below z.
double normal_cdf(double z);

/// Its inverse: Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37 (1988), to about 1 part in 10^16. -inf and
/// +inf at 0 and 1, NaN outside.
double normal_quantile(double share);

}  // namespace tradeassist::optimize
