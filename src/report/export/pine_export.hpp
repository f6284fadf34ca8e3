#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "base/result.hpp"
#include "pine/compile.hpp"

namespace tradeassist::report {

struct PineExportOptions {
  pine::LibraryFinder libraries;  // as the script was compiled with
  std::string version;            // of this program, for the header
};

/// The script with the values that a search found as the defaults of its inputs, under a header of comments that says
/// where they come from. Every byte that is neither is as it was; the line //@version= stays first where it was first.
///
/// `result` is that of a search (search_report.hpp). The text has been compiled again, and its defaults are the values
/// to the bit. Refused, with the input's name: parameters that the script does not have or does not accept (it was
/// changed since the search), inputs that the result does not know, an enum whose members cannot be told apart. Pure
/// but for what `libraries` reads; thread-safe.
base::Result<std::string> pine_export(const pine::Compilation& script, const boost::json::object& result,
                                      const PineExportOptions& options);

}  // namespace tradeassist::report
