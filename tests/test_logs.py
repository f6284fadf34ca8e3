"""What the server writes about itself: logs, groups of errors, profiles."""

import json
import sqlite3
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from conftest import Server, is_problem, wave
from test_keys import bearer, key, wait_until

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
def start(program):
    """Starts servers with settings, on a data directory with some bars; ends them."""
    program.write("wave.csv", wave(2_000))
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m")
    started = []

    def run(keys=False, **settings):
        environment = {f"TRADEASSIST_{name.upper()}": str(value) for name, value in settings.items()}
        started.append(Server(program.folder, keys=keys, environment=environment))
        return started[-1]

    yield run
    for server in started:
        if server.process.poll() is None:
            server.end()


def lines_of(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def wait_for_line(path, **wanted):
    found = []

    def is_there():
        found[:] = [line for line in lines_of(path) if all(line.get(name) == value for name, value in wanted.items())]
        return found

    wait_until(is_there)
    return found[0]


def test_lines_of_a_request_have_its_id_route_key_trace_and_size(program, start):
    server = start(keys=True, log_file="server.log", log_format="json", log_level="info")
    reads = bearer(key(program, "read"))
    answer = server.get("/api/v1/bars?symbol=WAVE&timeframe=1m&last=5",
                        headers=reads | {"X-Request-Id": "mine-1", "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"})  # fmt: skip
    assert answer.status == 200
    line = wait_for_line(program.folder / "server.log", request_id="mine-1", message="request")
    assert line["route"] == line["path"] == "/api/v1/bars" and line["method"] == "GET" and line["status"] == "200"
    assert line["trace_id"] == TRACE and int(line["bytes"]) == len(answer.body)
    assert line["key"] == reads["Authorization"].split("_")[1] and int(line["milliseconds"]) >= 0
    server.get("/api/v1/version", headers=reads | {"X-Request-Id": "mine-2", "traceparent": f"00-{TRACE.upper()}-1-01"})
    assert "trace_id" not in wait_for_line(program.folder / "server.log", request_id="mine-2", message="request")
    server.get("/api/v1/jobs/%C3%A9%22", headers=reads | {"X-Request-Id": "mine-3"})  # no ASCII, and a quote
    assert wait_for_line(program.folder / "server.log", request_id="mine-3", message="request")["route"] == "/api/v1/jobs/{id}"
    server.end()
    assert (program.folder / "serve.log").read_text() == "", "nothing goes to standard error where there is a file"


def test_slow_requests_and_statements_are_logged_with_the_request(program, start):
    server = start(log_file="server.log", log_format="json", log_level="info", slow_request_ms=1, slow_query_ms=1)
    backtest = {"strategy": "RSIStrategy", "symbol": "WAVE", "timeframe": "1m"}
    for number in range(50):
        assert server.post("/api/v1/backtests", backtest, headers={"X-Request-Id": f"slow-{number}"}).status == 200
    line = wait_for_line(program.folder / "server.log", message="slow request", route="/api/v1/backtests")
    assert line["level"] == "warning" and int(line["milliseconds"]) >= 1 and line["request_id"].startswith("slow-")

    # To begin to write lasts for as long as another writes: a statement that is slow for certain.
    found = []
    instrument = {"symbol": "SLOW", "name": "", "asset_class": "stock", "exchange": "", "currency": "USD", "time_zone": "UTC",
                  "session": "", "tick_size": 0.01, "point_value": 1, "quantity_step": 1}  # fmt: skip

    def with_a_slow_statement():
        market = sqlite3.connect(program.data / "market.db", isolation_level=None)
        market.execute("BEGIN IMMEDIATE")
        asking = threading.Thread(
            target=server.call, args=("PUT", "/api/v1/instruments/SLOW", instrument),
            kwargs={"headers": {"X-Request-Id": "slow-statement"}},
        )  # fmt: skip
        asking.start()
        asking.join(0.05)
        market.execute("ROLLBACK")
        market.close()
        asking.join()
        lines = lines_of(program.folder / "server.log")
        found[:] = [line for line in lines if line["message"] == "slow statement"]
        return found

    wait_until(with_a_slow_statement)
    line = found[0]
    assert line["level"] == "info" and int(line["milliseconds"]) >= 1
    assert line["sql"] and line["request_id"] == "slow-statement"


def test_a_job_tells_which_request_it_came_from(program, start):
    server = start()
    search = {"strategy": "RSIStrategy", "symbol": "WAVE", "timeframe": "1m", "trials": 2, "sampler": "random"}
    job = server.post("/api/v1/optimize/single", search, headers={"X-Request-Id": "asked-for-it"}).json()["job_id"]
    lines = server.get(f"/api/v1/jobs/{job}/log").json()["lines"]
    assert lines[0]["text"].endswith(", request asked-for-it"), lines


class Sentry:
    """A stand-in for Sentry, which reads envelopes as its protocol says."""

    def __init__(self, status=200, headers=None):
        self.events, self.problems = [], []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                try:
                    outer.events.append(outer.read(self.path, self.headers, body))
                except Exception as problem:  # noqa: BLE001
                    outer.problems.append(repr(problem))
                self.send_response(status)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.dsn = f"http://0123456789abcdef@127.0.0.1:{self.server.server_port}/sub/42"

    @staticmethod
    def read(path, headers, body):
        assert path == "/sub/api/42/envelope/" and headers["Content-Type"] == "application/x-sentry-envelope"
        scheme, rest = headers["X-Sentry-Auth"].split(" ", 1)
        fields = dict(part.split("=") for part in rest.split(", "))
        assert scheme == "Sentry" and fields["sentry_version"] == "7" and fields["sentry_key"] == "0123456789abcdef"
        head, rest = body.split(b"\n", 1)
        item, rest = rest.split(b"\n", 1)
        item = json.loads(item)
        assert item["type"] == "event" and rest[item["length"] :] == b"\n"
        event = json.loads(rest[: item["length"]])
        assert json.loads(head)["event_id"] == event["event_id"] and len(event["event_id"]) == 32
        return event

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def break_corporate_actions(program):
    """From now on their route fails inside: with 500."""
    with sqlite3.connect(program.data / "market.db") as market:
        tables = [name for (name,) in market.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        table = next(name for name in tables if "action" in name)
        market.execute(f"ALTER TABLE {table} RENAME TO hidden_for_the_test")


BROKEN = "/api/v1/instruments/WAVE/corporate-actions"


def errors_of(server, query="", **options):
    return server.get(f"/api/v1/admin/errors{query}", **options).json()["errors"]


def test_errors_are_grouped_counted_kept_and_sent_to_sentry(program, start):
    sentry = Sentry()
    server = start(sentry_dsn=sentry.dsn)
    assert errors_of(server) == []
    break_corporate_actions(program)
    for number in range(3):
        answer = server.get(BROKEN, headers={"X-Request-Id": f"broken-{number}", "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"})
        assert answer.status == 500 and "hidden" not in answer.body.decode() and "SELECT" not in answer.body.decode()
    wait_until(lambda: [each["count"] for each in errors_of(server)] == [3])
    (group,) = errors_of(server)
    assert group["message"] == "request failed" and group["where"] == "/api/v1/instruments/{symbol}/corporate-actions"
    assert group["state"] == "open" and group["first_seen"] <= group["last_seen"] and group["version"]
    assert group["sample"]["request_id"] == "broken-2" and "no such table" in group["sample"]["reason"]
    wait_until(lambda: len(sentry.events) + len(sentry.problems) == 1)  # one of a group in a minute
    assert sentry.problems == []
    (event,) = sentry.events
    wait_until(lambda: b'tradeassist_sentry_events_total{outcome="sent"} 1\n' in server.get("/metrics").body)
    assert event["message"] == {"formatted": "request failed"} and event["fingerprint"] == [group["id"]]
    assert event["level"] == "error" and event["extra"]["request_id"] == "broken-0"
    assert event["contexts"]["trace"]["trace_id"] == TRACE and event["tags"]["place"] == group["where"]

    one = f"/api/v1/admin/errors/{group['id']}"
    assert server.post(f"{one}/resolve", {}).json()["state"] == "resolved"
    assert errors_of(server, "?state=open") == [] and errors_of(server, "?state=resolved")[0]["id"] == group["id"]
    server.end()
    again = start()
    again.get(BROKEN)
    wait_until(lambda: [(each["count"], each["state"]) for each in errors_of(again)] == [(4, "open")])
    assert again.post(f"{one}/ignore", {}).json()["state"] == "ignored"
    listed = program("errors", "list").out
    assert group["id"] in listed and "ignored" in listed and "request failed" in listed
    assert "no such table" in program("errors", "show", group["id"]).out
    assert "open" in program("errors", "reopen", group["id"]).out
    assert program("errors", "show", group["id"], "--json").json()["count"] == 4
    assert "there is no group" in program("errors", "resolve", "none", code=1).err
    assert is_problem(again.get("/api/v1/admin/errors/none"), 404, "ERROR_GROUP_NOT_FOUND")
    assert is_problem(again.get("/api/v1/admin/errors?state=new&cursor=x"), 422, "INVALID_REQUEST")
    actions = [each["action"] for each in program("audit", "list", "--json").json()["entries"]]
    assert actions == ["errors open", "POST /api/v1/admin/errors/{id}/ignore", "POST /api/v1/admin/errors/{id}/resolve"]
    sentry.close()


def test_a_failed_job_is_an_error_of_its_kind(program, start):
    server = start(job_workers=1)
    with sqlite3.connect(program.data / "app.db", timeout=30) as app:
        app.execute("INSERT INTO job (job_id, kind, state, request, created_at) VALUES ('x1', 'mystery', 'queued', '{}', 1)")
    wait_until(lambda: [each["where"] for each in errors_of(server)] == ["job mystery"], 20)
    (group,) = errors_of(server)
    assert group["message"] == "job failed" and group["sample"]["job"] == "x1" and "no handler" in group["sample"]["reason"]


@pytest.mark.parametrize("sentry", [Sentry(status=429, headers={"Retry-After": "3600"}), None])
def test_a_sentry_that_does_not_take_events_holds_nothing_up(program, start, sentry):
    server = start(sentry_dsn=sentry.dsn if sentry else "http://0123456789abcdef@127.0.0.1:1/42")
    break_corporate_actions(program)
    for _ in range(20):
        assert server.get(BROKEN).status == 500
    wait_until(lambda: [each["count"] for each in errors_of(server)] == [20])
    assert server.end() == 0
    if sentry:
        assert len(sentry.events) == 1 and sentry.problems == []
        sentry.close()


def test_a_dsn_that_is_none_is_refused_without_repeating_it(program):
    said = program("serve", "--no-authentication", code=1, environment={"TRADEASSIST_SENTRY_DSN": "https://planted99@/"}).err
    assert "sentry_dsn must be https://KEY@HOST/PROJECT" in said and "planted99" not in said


def test_the_busy_function_is_in_the_profile(start):
    server = start(threads=1)
    search = {"strategy": "RSIStrategy", "symbol": "WAVE", "timeframe": "1m", "trials": 100_000, "sampler": "random"}
    job = server.post("/api/v1/optimize/single", search).json()["job_id"]
    wait_until(lambda: server.get(f"/api/v1/jobs/{job}").json()["state"] == "running")
    try:
        for _ in range(10):  # on a busy machine the search gets little of a second
            stacks = server.get("/api/v1/admin/profile?seconds=1&hertz=300")
            assert stacks.status == 200 and stacks.headers["content-type"].startswith("text/plain")
            lines = [line.rsplit(" ", 1) for line in stacks.body.decode().splitlines()]
            total = sum(int(count) for _, count in lines)
            if total >= 20:
                break
        busy = sum(int(count) for stack, count in lines if "tradeassist::optimize::" in stack and "tradeassist::backtest::" in stack)
        assert busy > total / 2, stacks.body.decode()
        told = server.get("/api/v1/admin/profile?seconds=1&format=json").json()
        assert told["threads"] > 1 and told["hertz"] == 99 and told["dropped"] == 0 and told["seconds"] >= 1
        assert told["samples"] >= sum(stack["samples"] for stack in told["stacks"])
    finally:
        server.post(f"/api/v1/jobs/{job}/cancel", {})
    for query in ("seconds=0", "seconds=31", "hertz=501", "format=svg", "x=1"):
        assert server.get(f"/api/v1/admin/profile?{query}").status == 422


def test_only_one_profile_runs_and_only_for_administrators(program, start):
    server = start(keys=True)
    admin = bearer(server.first_key)
    for path in ("/api/v1/admin/profile", "/api/v1/admin/profile/requests", "/api/v1/admin/errors"):
        assert is_problem(server.get(path, headers=bearer(key(program, "read,write,trade-research"))), 403, "SCOPE_MISSING")
    replies = []

    def profile(seconds):
        replies.append(server.get(f"/api/v1/admin/profile?seconds={seconds}", headers=admin))

    first = threading.Thread(target=profile, args=(3,))
    first.start()
    while first.is_alive() and all(reply.status == 200 for reply in replies):
        profile(1)
    first.join()
    assert {reply.status for reply in replies} == {200, 409}  # whichever of them came first
    for reply in replies:
        assert reply.status == 200 or is_problem(reply, 409, "PROFILE_RUNNING")


def test_requests_are_timed_by_phase_where_that_is_asked_for(start):
    server = start(timing_percent=100)
    for _ in range(5):
        server.get("/api/v1/bars?symbol=WAVE&timeframe=1m&last=5")
    wait_until(lambda: any(each["requests"] == 5 for each in server.get("/api/v1/admin/profile/requests").json()["routes"]))
    told = server.get("/api/v1/admin/profile/requests").json()
    assert told["timing_percent"] == 100
    (bars,) = [each for each in told["routes"] if each["route"] == "GET /api/v1/bars"]
    assert set(bars["phases"]) == {"queue", "gate", "handler", "encode", "write"}
    assert bars["phases"]["handler"]["mean_ms"] > 0
    assert all(phase["max_ms"] >= phase["mean_ms"] >= 0 for phase in bars["phases"].values())
    server.end()
    plain = start()
    plain.get("/api/v1/bars?symbol=WAVE&timeframe=1m&last=5")
    assert plain.get("/api/v1/admin/profile/requests").json() == {"timing_percent": 0, "routes": []}
