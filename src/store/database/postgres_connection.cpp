#include "store/database/postgres_connection.hpp"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <random>
#include <thread>
#include <unordered_map>

#include "store/database/slow_query_log.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Object identifiers of the built-in types that our statements use (PostgreSQL's catalogue pg_type).
enum TypeId : Oid {
  kBool = 16,
  kBytea = 17,
  kName = 19,
  kInt8 = 20,
  kInt2 = 21,
  kInt4 = 23,
  kText = 25,
  kFloat4 = 700,
  kFloat8 = 701,
  kNumeric = 1700,
};

constexpr int kBinary = 1;
constexpr std::size_t kParametersMax = 32;

// What was sent and not yet answered. The answers are small, but a server that cannot send them stops reading, and
// then both sides would wait for each other.
constexpr int kUnansweredMax = 256;

constexpr milliseconds kPauseMin{20}, kPauseMax{2'000};

struct ResultDeleter {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, ResultDeleter>;

template <class Integer>
Integer from_network(const char* bytes) {
  std::make_unsigned_t<Integer> value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i) {
    value = static_cast<decltype(value)>((value << 8) | static_cast<unsigned char>(bytes[i]));
  }
  return static_cast<Integer>(value);
}

template <class Integer>
void to_network(Integer value, char* bytes) {
  for (std::size_t i = sizeof value; i-- > 0; value = static_cast<Integer>(value >> 8)) {
    bytes[i] = static_cast<char>(value & 0xff);
  }
}

/// A NUMERIC in its binary form (numeric_send): digits to base 10,000, the first of them worth 10,000^weight.
double numeric_of(const char* bytes) {
  const int digits = from_network<std::int16_t>(bytes);
  const int weight = from_network<std::int16_t>(bytes + 2);
  const auto sign = from_network<std::uint16_t>(bytes + 4);
  if (sign == 0xC000) return std::nan("");
  double value = 0;
  for (int i = 0; i < digits; ++i) value = value * 10'000 + from_network<std::int16_t>(bytes + 8 + 2 * i);
  value *= std::pow(10'000.0, weight - digits + 1);
  return sign == 0x4000 ? -value : value;
}

std::int64_t integer_of_numeric(const char* bytes) {
  const int digits = from_network<std::int16_t>(bytes);
  const int weight = from_network<std::int16_t>(bytes + 2);
  std::int64_t value = 0;
  for (int i = 0; i <= weight; ++i) {
    value = value * 10'000 + (i < digits ? from_network<std::int16_t>(bytes + 8 + 2 * i) : 0);
  }
  return from_network<std::uint16_t>(bytes + 4) == 0x4000 ? -value : value;
}

/// All rows of a finished query; libpq has them in memory.
class PostgresCursor final : public Cursor {
 public:
  explicit PostgresCursor(ResultPtr result) : result_(std::move(result)), rows_(PQntuples(result_.get())) {}

  base::Result<bool> next() override { return ++row_ < rows_; }

  bool is_null(int column) const override { return PQgetisnull(result_.get(), row_, column) != 0; }

  std::int64_t integer(int column) const override {
    if (is_null(column)) return 0;
    const char* bytes = value(column);
    switch (PQftype(result_.get(), column)) {
      case kInt8: return from_network<std::int64_t>(bytes);
      case kInt4: return from_network<std::int32_t>(bytes);
      case kInt2: return from_network<std::int16_t>(bytes);
      case kBool: return bytes[0];
      case kNumeric: return integer_of_numeric(bytes);
      default: return static_cast<std::int64_t>(real(column));
    }
  }

  double real(int column) const override {
    if (is_null(column)) return 0;
    const char* bytes = value(column);
    switch (PQftype(result_.get(), column)) {
      case kFloat8: return std::bit_cast<double>(from_network<std::int64_t>(bytes));
      case kFloat4: return std::bit_cast<float>(from_network<std::int32_t>(bytes));
      case kNumeric: return numeric_of(bytes);
      case kInt8:
      case kInt4:
      case kInt2:
      case kBool: return static_cast<double>(integer(column));
      default: assert(!"a number was asked for"); return 0;
    }
  }

  std::string_view text(int column) const override { return {value(column), size(column)}; }
  std::span<const std::byte> bytes(int column) const override {
    return {static_cast<const std::byte*>(static_cast<const void*>(value(column))), size(column)};
  }

 private:
  const char* value(int column) const { return PQgetvalue(result_.get(), row_, column); }
  std::size_t size(int column) const { return static_cast<std::size_t>(PQgetlength(result_.get(), row_, column)); }

  ResultPtr result_;
  int rows_;
  int row_ = -1;
};

struct Meaning {
  ErrorCode code;
  const char* advice;
};

/// Of a SQLSTATE (PostgreSQL's documentation, appendix A).
Meaning meaning_of(std::string_view state) {
  const std::string_view kind = state.substr(0, 2);
  if (state == "23505") return {ErrorCode::kAlreadyExists, ""};
  if (state == "23503" || state == "23001") return {ErrorCode::kFailedPrecondition, ": other rows depend on it"};
  if (kind == "23" || kind == "22") return {ErrorCode::kInvalidArgument, ""};
  if (state == "53100") {
    return {ErrorCode::kUnavailable, ": nothing of this write was kept; free disk space on the server and try again"};
  }
  if (state == "53300") return {ErrorCode::kUnavailable, ": raise max_connections, or let fewer programs connect"};
  if (kind == "53" || kind == "54") return {ErrorCode::kResourceExhausted, ""};
  if (state == "55P03") {
    return {ErrorCode::kUnavailable, ": another process is writing to it; stop that one or try again"};
  }
  if (state == "57014") return {ErrorCode::kUnavailable, ": it took longer than the statement timeout"};
  if (kind == "57" || kind == "08" || kind == "40") return {ErrorCode::kUnavailable, ""};
  if (kind == "XX") return {ErrorCode::kDataLoss, ": restore it from a backup"};
  if (kind == "28") return {ErrorCode::kIo, ": check user and password of the database URL"};
  if (state == "3D000") return {ErrorCode::kNotFound, ": create it first (createdb)"};
  if (state == "42501") return {ErrorCode::kIo, ": the user of the database URL may not do that"};
  if (state == "25006") return {ErrorCode::kIo, ": the server is read-only (a standby?)"};
  return {ErrorCode::kInternal, ""};
}

std::string trimmed(const char* text) {
  std::string words = text == nullptr ? "" : text;
  while (!words.empty() && (words.back() == '\n' || words.back() == ' ')) words.pop_back();
  std::ranges::replace(words, '\n', ' ');
  return words;
}

/// "postgresql://user@host:5432/database", whatever else the URL says.
std::string name_of(PGconn* connection) {
  const auto part = [](const char* text) { return std::string(text == nullptr ? "" : text); };
  return "postgresql://" + part(PQuser(connection)) + "@" + part(PQhost(connection)) + ":" + part(PQport(connection)) +
         "/" + part(PQdb(connection));
}

class PostgresConnection final : public Connection {
 public:
  PostgresConnection(std::string url, std::string schema, const ConnectionOptions& options)
      : url_(std::move(url)), schema_(std::move(schema)), options_(options) {}
  ~PostgresConnection() override { PQfinish(connection_); }

  /// Until the server answers, up to outage_timeout; but what trying again cannot change is an error at once.
  base::Result<void> connect() {
    const auto deadline = steady_clock::now() + options_.outage_timeout;
    milliseconds pause = kPauseMin;
    while (true) {
      auto connected = connect_once();
      if (connected || connected.error().code != ErrorCode::kUnavailable) return connected;
      if (steady_clock::now() + pause >= deadline) return connected;
      // Many connections that lost the same server must not come back in step.
      std::this_thread::sleep_for(milliseconds(pause_jitter(pause)));
      pause = std::min(pause * 2, kPauseMax);
    }
  }

  base::Result<void> ensure_schema() {
    TRY_ASSIGN(const auto there, query_first("SELECT to_regnamespace($1) IS NOT NULL", {schema_},
                                             [](const Row& row) { return row.integer(0) != 0; }));
    if (there.value_or(false)) return {};
    // Two at once would both find it missing, so they take turns.
    return run_script("BEGIN; SELECT pg_advisory_xact_lock(hashtext('tradeassist')); CREATE SCHEMA IF NOT EXISTS " +
                      schema_ + "; COMMIT");
  }

  base::Result<std::int64_t> run(std::string_view sql, Parameters parameters) override {
    TRY_ASSIGN(const ResultPtr result, execute(sql, parameters));
    std::int64_t changed = 0;
    const std::string_view text = PQcmdTuples(result.get());
    std::from_chars(text.data(), text.data() + text.size(), changed);
    return changed;
  }

  base::Result<void> run_later(std::string_view sql, Parameters parameters) override {
    assert(in_transaction_);
    if (unanswered_ >= kUnansweredMax) TRY(drain());
    if (statement_is_unknown(sql)) TRY(drain());  // it is prepared in a round trip of its own
    TRY_ASSIGN(const Prepared* prepared, prepare(sql));
    if (unanswered_ == 0 && PQenterPipelineMode(connection_) == 0) return std::unexpected(connection_error());
    ++unanswered_;
    const Bound bound(*prepared, parameters);
    if (PQsendQueryPrepared(connection_, prepared->name.c_str(), bound.count, bound.values.data(), bound.sizes.data(),
                            bound.formats.data(), kBinary) == 0) {
      return std::unexpected(connection_error());
    }
    return {};
  }

  base::Result<Rows> query(std::string_view sql, Parameters parameters) override {
    TRY_ASSIGN(ResultPtr result, execute(sql, parameters));
    return Rows(std::make_unique<PostgresCursor>(std::move(result)));
  }

  base::Result<void> run_script(std::string_view sql) override {
    TRY(ready());
    StatementTimer timer(options_.slow_queries, sql);
    timer.resume();
    return check(answer(PQsendQuery(connection_, std::string(sql).c_str())), "a script");
  }

  base::Result<void> begin(TransactionKind kind) override {
    may_retry_ = false;
    if (kind == TransactionKind::kRead) {
      TRY(run_script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
      in_transaction_ = true;
      return {};
    }
    // The number tells afterwards whether a commit went through whose answer was lost.
    TRY(ready());
    TRY_ASSIGN(const ResultPtr begun,
               checked(answer(PQsendQuery(connection_, "BEGIN; SELECT pg_current_xact_id()::text")), "BEGIN"));
    transaction_number_ = PQgetvalue(begun.get(), 0, 0);
    in_transaction_ = true;
    return {};
  }

  base::Result<void> commit() override {
    assert(in_transaction_);
    StatementTimer timer(options_.slow_queries, "COMMIT");
    timer.resume();
    TRY(drain());
    if (PQtransactionStatus(connection_) == PQTRANS_INERROR) {
      return base::failure(ErrorCode::kInternal, name_ + ": a failed transaction was committed");
    }
    auto committed = check(answer(PQsendQuery(connection_, "COMMIT")), "COMMIT");
    if (!committed && committed.error().code == ErrorCode::kUnavailable && !transaction_number_.empty()) {
      return find_out(std::move(committed).error());
    }
    in_transaction_ = false;
    transaction_number_.clear();
    return committed;
  }

  void roll_back() override {
    (void)drain();
    if (in_transaction_ && PQstatus(connection_) == CONNECTION_OK) {
      const ResultPtr ignored = answer(PQsendQuery(connection_, "ROLLBACK"));
    }
    in_transaction_ = false;
    transaction_number_.clear();
  }

  bool in_transaction() const override { return in_transaction_; }
  bool may_retry() const override { return may_retry_; }

  base::Result<std::vector<std::string>> table_names() override {
    return query_all(
        "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace($1) AND relkind IN ('r', 'p') "
        "AND NOT relispartition ORDER BY relname",
        {schema_}, [](const Row& row) { return std::string(row.text(0)); });
  }
  Dialect dialect() const override { return Dialect::kPostgres; }
  const std::string& name() const override { return name_; }

 private:
  struct Prepared {
    std::string name;
    std::vector<Oid> types;  // of the parameters, as the server understood them
  };

  /// Parameters in the form that libpq takes them, each in the type that the statement expects.
  struct Bound {
    Bound(const Prepared& prepared, Parameters parameters) : count(static_cast<int>(prepared.types.size())) {
      assert(prepared.types.size() <= parameters.size() && parameters.size() <= kParametersMax);
      for (std::size_t i = 0; i < prepared.types.size(); ++i) put(i, prepared.types[i], parameters.begin()[i].value());
    }

    void put(std::size_t i, Oid type, const Parameter::Value& value) {
      formats[i] = kBinary;
      if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        put_number(i, type, *integer, static_cast<double>(*integer));
      } else if (const auto* real = std::get_if<double>(&value)) {
        put_number(i, type, static_cast<std::int64_t>(*real), *real);
      } else if (const auto* text = std::get_if<std::string_view>(&value)) {
        put_bytes(i, text->data(), text->size());
      } else if (const auto* bytes = std::get_if<std::span<const std::byte>>(&value)) {
        put_bytes(i, static_cast<const char*>(static_cast<const void*>(bytes->data())), bytes->size());
      } else {
        values[i] = nullptr;
        sizes[i] = 0;
      }
    }

    void put_number(std::size_t i, Oid type, std::int64_t integer, double real) {
      char* to = scratch[i].data();
      values[i] = to;
      switch (type) {
        case kBool: to[0] = integer != 0, sizes[i] = 1; return;
        case kInt2: to_network(static_cast<std::uint16_t>(integer), to), sizes[i] = 2; return;
        case kInt4: to_network(static_cast<std::uint32_t>(integer), to), sizes[i] = 4; return;
        case kFloat8: to_network(std::bit_cast<std::uint64_t>(real), to), sizes[i] = 8; return;
        case kInt8: to_network(static_cast<std::uint64_t>(integer), to), sizes[i] = 8; return;
        default:
          assert(!"a number for a parameter that is none");
          sizes[i] = 0;
          return;
      }
    }

    void put_bytes(std::size_t i, const char* data, std::size_t size) {
      values[i] = data != nullptr ? data : "";  // a null pointer would be NULL
      sizes[i] = static_cast<int>(size);
    }

    int count;
    std::array<const char*, kParametersMax> values{};
    std::array<int, kParametersMax> sizes{}, formats{};
    std::array<std::array<char, 8>, kParametersMax> scratch;
  };

  milliseconds::rep pause_jitter(milliseconds pause) {
    return std::uniform_int_distribution<milliseconds::rep>(pause.count() / 2, pause.count())(random_);
  }

  base::Result<void> connect_once() {
    PQfinish(connection_);
    prepared_.clear();
    unanswered_ = 0;
    const auto seconds = [](milliseconds time) {
      return std::to_string(std::max<std::int64_t>(2, time.count() / 1'000));
    };
    const std::string connect_timeout = seconds(std::min(options_.outage_timeout, milliseconds(10'000)));
    const std::string user_timeout = std::to_string((options_.statement_timeout + milliseconds(10'000)).count());
    // Ours first, so that the URL may say otherwise.
    const char* names[] = {"connect_timeout",  "application_name", "keepalives_idle",
                           "tcp_user_timeout", "dbname",           nullptr};
    const std::string application = "tradeassist " + schema_;  // as pg_stat_activity shows it
    const char* values[] = {connect_timeout.c_str(), application.c_str(), "30",
                            user_timeout.c_str(),    url_.c_str(),        nullptr};
    connection_ = PQconnectdbParams(names, values, /*expand_dbname=*/1);
    if (connection_ == nullptr) return base::failure(ErrorCode::kResourceExhausted, "out of memory");
    PQsetNoticeProcessor(connection_, [](void*, const char*) {}, nullptr);  // nobody reads standard error
    name_ = name_of(connection_);
    if (PQstatus(connection_) == CONNECTION_OK) return configure();
    // libpq gives no SQLSTATE here; these words of the server do not depend on the language in practice.
    const std::string words = trimmed(PQerrorMessage(connection_));
    const auto says = [&](const char* part) { return words.find(part) != std::string::npos; };
    if (says("authentication failed") || says("no password supplied") || says("pg_hba.conf")) {
      return base::failure(ErrorCode::kIo, name_ + ": " + words + ": check user and password of the database URL");
    }
    if (says("does not exist")) {
      return base::failure(ErrorCode::kNotFound, name_ + ": " + words + ": create it first (createuser, createdb)");
    }
    return base::failure(ErrorCode::kUnavailable, name_ + ": " + words + ": is the server running and reachable?");
  }

  base::Result<void> configure() {
    const auto setting = [](const char* name, const std::string& value) {
      return std::string("SET ") + name + " = " + value + ";";
    };
    const std::string script =
        setting("search_path", schema_) +
        setting("statement_timeout", std::to_string(options_.statement_timeout.count())) +
        setting("lock_timeout", std::to_string(options_.busy_timeout.count())) +
        setting("idle_in_transaction_session_timeout", std::to_string(2 * options_.statement_timeout.count())) +
        setting("default_transaction_read_only", options_.read_only ? "on" : "off") +
        // A commit that is acknowledged is on disk, whatever the server's own default.
        setting("synchronous_commit", "on") + setting("client_min_messages", "warning") + setting("TimeZone", "'UTC'");
    return check(answer(PQsendQuery(connection_, script.c_str())), script);
  }

  /// Returns when PQgetResult() would not wait. A server that is silent for too long is cut off, as if it were lost.
  void wait_while_silent() {
    if (options_.silence_timeout.count() == 0) return;
    auto deadline = steady_clock::now() + options_.silence_timeout;
    while (PQisBusy(connection_) != 0) {
      const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
      pollfd waited{PQsocket(connection_), POLLIN, 0};
      const int got = ::poll(&waited, 1, static_cast<int>(std::max<milliseconds::rep>(0, left.count())));
      if (got < 0 && errno == EINTR) continue;
      if (got == 0) ::shutdown(PQsocket(connection_), SHUT_RDWR);
      deadline = steady_clock::now() + options_.silence_timeout;
      if (PQconsumeInput(connection_) == 0) return;
    }
  }

  /// The last result of what was sent, as PQexec() gives it; null where it could not be sent.
  ResultPtr answer(int is_sent) {
    ResultPtr last;
    while (is_sent != 0) {
      wait_while_silent();
      ResultPtr next(PQgetResult(connection_));
      if (next == nullptr) break;
      last = std::move(next);
    }
    return last;
  }

  /// Outside a transaction a lost server is connected to again.
  base::Result<void> ready() {
    TRY(drain());
    if (!in_transaction_) may_retry_ = false;
    if (PQstatus(connection_) == CONNECTION_OK) return {};
    if (in_transaction_) return std::unexpected(connection_error());
    return connect();
  }

  base::Error connection_error() {
    may_retry_ = true;
    return {ErrorCode::kUnavailable, name_ + ": " + trimmed(PQerrorMessage(connection_))};
  }

  /// The result, or the error that it says. `sql` only for messages about our own mistakes.
  base::Result<ResultPtr> checked(ResultPtr result, std::string_view sql) {
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) return result;
    const char* state = result != nullptr ? PQresultErrorField(result.get(), PG_DIAG_SQLSTATE) : nullptr;
    if (state == nullptr || PQstatus(connection_) == CONNECTION_BAD) return std::unexpected(connection_error());
    const std::string_view code(state);
    if (code.starts_with("40") || code.starts_with("57P0")) may_retry_ = true;
    const Meaning meaning = meaning_of(code);
    std::string message = name_ + ": " + trimmed(PQresultErrorField(result.get(), PG_DIAG_MESSAGE_PRIMARY));
    if (const char* detail = PQresultErrorField(result.get(), PG_DIAG_MESSAGE_DETAIL)) {
      message += " (" + trimmed(detail) + ")";
    }
    if (meaning.code == ErrorCode::kInternal) message += " [" + std::string(code) + "] in: " + std::string(sql);
    return base::failure(meaning.code, message + meaning.advice);
  }

  base::Result<void> check(ResultPtr result, std::string_view sql) {
    TRY(checked(std::move(result), sql));
    return {};
  }

  bool statement_is_unknown(std::string_view sql) const { return prepared_.find(std::string(sql)) == prepared_.end(); }

  base::Result<const Prepared*> prepare(std::string_view sql) {
    const std::string text(sql);
    if (const auto found = prepared_.find(text); found != prepared_.end()) return &found->second;
    Prepared prepared{"s" + std::to_string(prepared_.size() + 1), {}};
    TRY(check(answer(PQsendPrepare(connection_, prepared.name.c_str(), text.c_str(), 0, nullptr)), sql));
    TRY_ASSIGN(const ResultPtr described,
               checked(answer(PQsendDescribePrepared(connection_, prepared.name.c_str())), sql));
    for (int i = 0; i < PQnparams(described.get()); ++i) prepared.types.push_back(PQparamtype(described.get(), i));
    return &prepared_.emplace(text, std::move(prepared)).first->second;
  }

  base::Result<ResultPtr> execute(std::string_view sql, Parameters parameters) {
    TRY(ready());
    TRY_ASSIGN(const Prepared* prepared, prepare(sql));
    const Bound bound(*prepared, parameters);
    StatementTimer timer(options_.slow_queries, sql);
    timer.resume();
    return checked(answer(PQsendQueryPrepared(connection_, prepared->name.c_str(), bound.count, bound.values.data(),
                                              bound.sizes.data(), bound.formats.data(), kBinary)),
                   sql);
  }

  /// Waits for the answers of what run_later() sent; the first error of them.
  base::Result<void> drain() {
    if (unanswered_ == 0) return {};
    unanswered_ = 0;
    base::Result<void> outcome;
    if (PQpipelineSync(connection_) == 0) return std::unexpected(connection_error());
    while (true) {
      wait_while_silent();
      ResultPtr result(PQgetResult(connection_));
      if (result == nullptr) {
        // Between two statements; after a lost connection there is nothing more.
        if (PQstatus(connection_) == CONNECTION_BAD) {
          if (outcome) outcome = std::unexpected(connection_error());
          break;
        }
        continue;
      }
      const ExecStatusType status = PQresultStatus(result.get());
      if (status == PGRES_PIPELINE_SYNC) break;
      if (status == PGRES_PIPELINE_ABORTED) continue;  // after the one that failed
      if (auto each = check(std::move(result), "a statement sent ahead"); !each && outcome) {
        outcome = std::unexpected(std::move(each).error());
      }
    }
    PQexitPipelineMode(connection_);
    return outcome;
  }

  /// Asks the server, once it is back, what became of a commit without an answer.
  base::Result<void> find_out(base::Error loss) {
    const std::string number = std::exchange(transaction_number_, {});
    in_transaction_ = false;
    const auto deadline = steady_clock::now() + options_.outage_timeout;
    while (true) {
      TRY(connect());
      const auto status = query_first("SELECT coalesce(pg_xact_status($1::text::xid8), 'unknown')", {number},
                                      [](const Row& row) { return std::string(row.text(0)); });
      const std::string word = status ? status->value_or("") : "";
      if (word == "committed") return {};
      if (word == "aborted") {
        may_retry_ = true;
        return std::unexpected(std::move(loss));
      }
      if (word == "unknown" || steady_clock::now() >= deadline) {
        may_retry_ = false;
        loss.message += ": whether this write was kept is not known; repeating it is safe";
        return std::unexpected(std::move(loss));
      }
      std::this_thread::sleep_for(kPauseMin);
    }
  }

  std::string url_, schema_;
  ConnectionOptions options_;
  std::string name_;
  PGconn* connection_ = nullptr;
  std::unordered_map<std::string, Prepared> prepared_;  // by text; our statements are few and fixed
  int unanswered_ = 0;
  bool in_transaction_ = false;
  bool may_retry_ = false;
  std::string transaction_number_;
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace

base::Result<void> check_postgres_url(const std::string& url) {
  char* words = nullptr;
  PQconninfoOption* options = PQconninfoParse(url.c_str(), &words);
  const bool is_good = options != nullptr;
  const std::string reason = trimmed(words);
  PQconninfoFree(options);
  PQfreemem(words);
  if (is_good) return {};
  return base::failure(ErrorCode::kInvalidArgument,
                       "database URL: " + reason + "; write postgresql://user@host:5432/name");
}

base::Result<std::unique_ptr<Connection>> open_postgres(const std::string& url, const std::string& schema,
                                                        const ConnectionOptions& options) {
  TRY(check_postgres_url(url));
  auto connection = std::make_unique<PostgresConnection>(url, schema, options);
  const auto deadline = steady_clock::now() + options.outage_timeout;
  TRY(connection->connect());
  auto made = options.read_only ? base::Result<void>() : connection->ensure_schema();
  while (!made && connection->may_retry() && steady_clock::now() < deadline) made = connection->ensure_schema();
  if (!made) return std::unexpected(std::move(made).error());
  return connection;
}

}  // namespace tradeassist::store
