#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace tradeassist::base {

/// What kind of failure an Error is: decides the HTTP status and the exit code, never the wording.
enum class ErrorCode {
  kInvalidArgument,     // the caller's input is wrong; changing it helps
  kNotFound,            // the named thing does not exist
  kAlreadyExists,       // the named thing exists and must not
  kFailedPrecondition,  // right request, wrong state (e.g. results of a job still running)
  kResourceExhausted,   // a named bound was reached, or the disk is full
  kUnavailable,         // try again later
  kCancelled,           // stopped because somebody asked for it
  kUnsupported,         // understood, but not something this build does
  kDataLoss,            // stored bytes are damaged
  kIo,                  // the operating system refused
  kInternal,            // our mistake
};

/// The upper-snake name used in JSON (`INVALID_ARGUMENT`).
std::string_view to_string(ErrorCode code);

/// A failure for reasons outside the program's own logic. `message` says what was wrong, where, and what to do.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
};

/// A value, or why there is none. Functions returning it do not throw.
template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> failure(ErrorCode code, std::string message) {
  return std::unexpected(Error{code, std::move(message)});
}

/// The same failure, with `where` put before its message: `import spy.csv: line 3: ...`.
inline std::unexpected<Error> in_context(std::string_view where, Error error) {
  error.message.insert(0, std::string(where) + ": ");
  return std::unexpected(std::move(error));
}

}  // namespace tradeassist::base

#define TRADEASSIST_CONCAT_INNER(a, b) a##b
#define TRADEASSIST_CONCAT(a, b) TRADEASSIST_CONCAT_INNER(a, b)

/// `TRY_ASSIGN(auto x, f());` binds the value, or returns the error from the enclosing function.
#define TRY_ASSIGN(declaration, expression) \
  TRY_ASSIGN_INNER(TRADEASSIST_CONCAT(try_result_, __LINE__), declaration, expression)
#define TRY_ASSIGN_INNER(temporary, declaration, expression)            \
  auto temporary = (expression);                                        \
  if (!temporary) return std::unexpected(std::move(temporary).error()); \
  declaration = std::move(temporary).value()

/// `TRY(f());` returns the error of a Result<void> (or drops a value) from the enclosing function.
#define TRY(expression)                                                     \
  do {                                                                      \
    auto try_result = (expression);                                         \
    if (!try_result) return std::unexpected(std::move(try_result).error()); \
  } while (false)
