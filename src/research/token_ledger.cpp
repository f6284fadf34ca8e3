#include "research/token_ledger.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <functional>
#include <string>
#include <utility>

#include "base/json.hpp"

namespace tradeassist::research {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using base::ErrorCode;

struct Day {
  std::string date;  // 2025-06-02, UTC
  std::int64_t tokens = 0;
};

std::string date_of(base::Time time) { return base::format_time(time).substr(0, 10); }

/// What a file says; of another day, or where it cannot be read, nothing was used.
Day read_day(std::string_view text, const std::string& today) {
  const auto value = base::parse_json(text);
  if (!value || !value->is_object()) return {today, 0};
  const auto* date = value->get_object().if_contains("date");
  const auto* tokens = value->get_object().if_contains("tokens");
  const bool is_today = date != nullptr && *date == today.c_str() && tokens != nullptr && tokens->is_int64();
  return {today, is_today ? std::max<std::int64_t>(0, tokens->get_int64()) : 0};
}

/// Reads the file, lets `change` have the day, and writes it where it changed, all under a lock.
base::Result<void> with_day(const fs::path& folder, base::Time now,
                            const std::function<base::Result<void>(Day& day)>& change) {
  const std::string file = (folder / "tokens.json").string();
  const auto refuse = [&](const char* what) {
    return base::failure(ErrorCode::kIo, fmt::format("{}: {}: {}", file, what, std::strerror(errno)));
  };
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return refuse("cannot be opened");
  struct Closer {
    int descriptor;
    ~Closer() { ::close(descriptor); }  // and gives the lock up
  } const closer{descriptor};
  while (::flock(descriptor, LOCK_EX) != 0) {
    if (errno != EINTR) return refuse("cannot be locked");
  }
  std::array<char, 256> bytes{};
  const ssize_t size = ::pread(descriptor, bytes.data(), bytes.size(), 0);
  if (size < 0) return refuse("cannot be read");
  Day day = read_day({bytes.data(), static_cast<std::size_t>(size)}, date_of(now));
  const std::int64_t before = day.tokens;
  TRY(change(day));
  if (day.tokens == before) return {};
  // Of one length, so that the old text is never longer than the new one.
  std::string text = base::json_text(json::object{{"date", day.date}, {"tokens", day.tokens}});
  text.resize(80, ' ');
  text.back() = '\n';
  if (::pwrite(descriptor, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
    return refuse("cannot be written");
  return {};
}

}  // namespace

base::Result<TokenLedger> TokenLedger::open(fs::path folder, std::int64_t per_day) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return base::failure(ErrorCode::kIo, folder.string() + ": cannot be made: " + error.message());
  return TokenLedger(std::move(folder), per_day);
}

base::Result<void> TokenLedger::reserve(std::int64_t tokens, base::Time now) const {
  return with_day(folder_, now, [&](Day& day) -> base::Result<void> {
    if (day.tokens + tokens > per_day_) {
      return base::failure(ErrorCode::kResourceExhausted,
                           fmt::format("{} of the {} tokens of today (UTC) are used or in use, and this may take {}; "
                                       "raise research_tokens_per_day, or wait until tomorrow",
                                       day.tokens, per_day_, tokens));
    }
    day.tokens += tokens;
    return {};
  });
}

base::Result<void> TokenLedger::settle(std::int64_t reserved, base::Time reserved_at, std::int64_t used,
                                       base::Time now) const {
  if (date_of(reserved_at) != date_of(now)) return {};
  return with_day(folder_, now, [&](Day& day) -> base::Result<void> {
    day.tokens = std::max<std::int64_t>(0, day.tokens - reserved + used);
    return {};
  });
}

base::Result<std::int64_t> TokenLedger::used_today(base::Time now) const {
  std::int64_t tokens = 0;
  TRY(with_day(folder_, now, [&](Day& day) -> base::Result<void> {
    tokens = day.tokens;
    return {};
  }));
  return tokens;
}

}  // namespace tradeassist::research
