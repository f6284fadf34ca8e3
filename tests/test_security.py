"""The threat model: every test that docs/security.md names is there, and those that have no other place are here."""

import json
import os
import re
import socket
import sqlite3
import stat
import time

import pytest
from conftest import ROOT, Server, is_problem, walk, wave
from test_keys import bearer, key, wait_until

MODEL = ROOT / "docs/security.md"


def named_tests():
    for line in MODEL.read_text().splitlines():
        if line.startswith("|") and "`" in line:
            yield from re.findall(r"`((?:tests/|src/)[\w/.]+(?:::\w+| [\w/]+\.\w+))`", line)


def test_every_test_that_the_threat_model_names_is_there():
    names = list(named_tests())
    assert len(names) > 40
    missing = []
    for name in names:
        if "::" in name:
            path, test = name.split("::")
            is_there = (ROOT / path).exists() and re.search(rf"^def {test}\(", (ROOT / path).read_text(), re.M)
        else:
            path, test = name.split(" ")
            suite, case = test.split(".")
            is_there = (ROOT / path).exists() and re.search(
                rf"TEST(_F|_P)?\(\s*{suite},\s*{case}\)", (ROOT / path).read_text()
            )
        if not is_there:
            missing.append(name)
    assert missing == []


def test_every_threat_names_a_measure_and_a_test():
    rows = [line for line in MODEL.read_text().splitlines() if re.match(r"\| (?!threat |who )", line)]
    threats = [row.split("|") for row in rows if len(row.split("|")) == 5]
    assert len(threats) >= 30
    for _, threat, measure, tests, _ in threats:
        assert threat.strip() and measure.strip(), threat
        assert "`tests/" in tests or "`src/" in tests, threat


@pytest.fixture(scope="module")
def open_server(tmp_path_factory):
    """A server with some bars and no keys, for whoever attacks it; lives on after each attack."""
    from conftest import Program

    program = Program(tmp_path_factory.mktemp("security"))
    program.write("wave.csv", wave(500))
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m")
    server = Server(program.folder, environment={"TRADEASSIST_LOG_LEVEL": "info", "TRADEASSIST_LOG_FORMAT": "json"})
    server.slow = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    server.slow_since = time.monotonic()
    server.slow.sendall(b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
    server.program = program
    yield server
    server.slow.close()
    assert server.end() == 0


def statuses(server, request):
    """Of all answers that come back on one connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        try:
            while part := connection.recv(65536):
                received += part
        except ConnectionError:
            pass
    return [int(each) for each in re.findall(rb"HTTP/1\.1 (\d+)", received)]


def test_requests_that_two_readers_would_take_differently_are_refused(open_server):
    host = b"Host: 127.0.0.1:%d\r\n" % open_server.port
    start = b"POST /api/v1/backtests HTTP/1.1\r\n" + host
    hidden = b"GET /livez HTTP/1.1\r\n" + host + b"\r\n"
    both = start + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden
    twice = start + b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(hidden) + hidden
    odd = start + b"Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n\r\n" + hidden
    folded = start + b"Content-Length: 0\r\nX-A: b\r\n Content-Length: 5\r\n\r\n" + hidden
    blank = start + b"Content-Length : 3\r\n\r\nabc" + hidden
    negative = start + b"Content-Length: -1\r\n\r\n" + hidden
    for request in (both, twice, blank, negative):
        assert 200 not in statuses(open_server, request), request
    for request in (odd, folded):  # read as one or two requests, but never as another than what was sent
        assert statuses(open_server, request).count(200) <= 1, request
    assert open_server.get("/livez").status == 200


def test_no_header_of_an_answer_is_made_of_what_was_sent(open_server):
    for path in ("/a%0d%0aX-Evil:%201", "/api/v1/jobs/%0d%0aSet-Cookie:%20a=b", "/api/v1/bars?symbol=%0d%0aX-Evil:1"):
        reply = open_server.get(path)
        assert reply.status in (400, 404) and "x-evil" not in reply.headers and "set-cookie" not in reply.headers
    reply = open_server.get("/livez", headers={"X-Request-Id": "a\tb<script>"})
    assert re.fullmatch(r"[0-9a-f]{24}", reply.headers["x-request-id"])


def test_paths_lead_nowhere_but_to_what_is_served(open_server):
    (open_server.program.folder / "secret.txt").write_text("planted")
    for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/assets/..%5c..%5csecret.txt", "//etc/passwd",
                 "/%00", "/assets/%2e%2e%2f%2e%2e%2fsecret.txt", "/api/v1/export/download/..%2f..%2fapp.db",
                 "/api/v1/strategies/..%2f..%2fsecret", "/data/app.db"):  # fmt: skip
        reply = open_server.get(path)
        assert reply.status in (400, 404) and b"planted" not in reply.body and b"root:" not in reply.body, path


def test_the_page_may_run_nothing_foreign_and_be_framed_by_nobody(open_server):
    page = open_server.get("/livez")
    assert page.headers["x-content-type-options"] == "nosniff" and page.headers["x-frame-options"] == "DENY"
    assert page.headers["referrer-policy"] == "no-referrer"
    html = open_server.get("/")
    if html.status == 200:  # where the page was built
        policy = html.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "script-src 'self'" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy and "script-src 'self' 'unsafe-inline'" not in policy
    cors = open_server.get("/livez", headers={"Origin": f"http://127.0.0.1:{open_server.port}"})
    assert "access-control-allow-origin" not in cors.headers


def test_what_is_deep_or_wide_is_refused(open_server):
    deep = b"[" * 100 + b"]" * 100
    is_problem(open_server.post("/api/v1/backtests", deep), 400, "MALFORMED_JSON")
    assert open_server.get("/api/v1/bars?" + "&".join(f"a{i}=1" for i in range(65))).status == 400
    assert open_server.get("/api/v1/bars?symbol=WAVE&symbol=WAVE&timeframe=1m").status == 400


def test_a_log_line_cannot_be_forged(open_server):
    open_server.get("/a%22%7d%0a")  # a line end is refused before
    open_server.get('/x%22,%22level%22:%22error%22%7d')
    log = open_server.folder / "serve.log"
    wait_until(lambda: 'error' in log.read_text())
    for line in log.read_text().splitlines():
        assert json.loads(line)["level"] != "error"


def test_an_injected_statement_is_a_value(open_server):
    for text in ("' OR '1'='1", "WAVE'; DROP TABLE instrument; --", '"; DELETE FROM series; --'):
        quoted = text.replace("'", "%27").replace(" ", "%20").replace(";", "%3B").replace('"', "%22").replace("=", "%3D")
        assert open_server.get(f"/api/v1/bars?symbol={quoted}&timeframe=1m").status in (404, 422)
        assert open_server.get(f"/api/v1/jobs/{quoted}").status == 404
    assert open_server.get("/api/v1/bars?symbol=WAVE&timeframe=1m&last=1").status == 200


def test_cells_of_others_are_no_formulas(program):
    program.write("bars.csv", walk(2_000))
    script = """//@version=6
strategy("x")
if bar_index % 20 == 0
    strategy.entry("=HYPERLINK(1)", strategy.long)
if bar_index % 20 == 10
    strategy.close("=HYPERLINK(1)")
"""
    program.write("x.pine", script)
    program("backtest", "x.pine", "--csv", "bars.csv", "--trades", "trades.csv")
    rows = (program.folder / "trades.csv").read_text().splitlines()[1:]
    assert rows and all("'=HYPERLINK(1)" in row for row in rows)
    assert any(re.search(r",-\d", row) for row in rows), "losses are numbers as before"
    program.import_sp500()
    cells = program("sql", "SELECT '=1+1' AS a, -2.5 AS b, '-2.5' AS c", "--format", "csv").out.splitlines()[1]
    assert cells == "'=1+1,-2.5,-2.5"


def test_a_schedule_does_no_more_than_its_key_may(program):
    program.write("wave.csv", wave(500))
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m")
    server = Server(program.folder, keys=True)
    try:
        writes, both = bearer(key(program, "read,write")), bearer(key(program, "read,write,trade-research"))
        body = {"cron": "0 2 * * *", "kind": "optimize",
                "request": {"strategy": "RSIStrategy", "symbol": "WAVE", "timeframe": "1m", "trials": 2}}  # fmt: skip
        assert is_problem(server.call("PUT", "/api/v1/jobs/schedules/a", body, headers=writes), 403, "SCOPE_MISSING")
        assert server.call("PUT", "/api/v1/jobs/schedules/a", body, headers=both).status == 201
    finally:
        server.end()


def test_the_tools_of_mcp_have_the_limits_of_the_routes_they_call(program):
    program.write("wave.csv", wave(500))
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m")
    server = Server(program.folder, keys=True, environment={"TRADEASSIST_RATE_LIMIT_OPTIMISATION": "2"})
    try:
        headers = bearer(server.first_key)
        hello = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
            "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}}  # fmt: skip
        headers["Mcp-Session-Id"] = server.post("/mcp", hello, headers=headers).headers["mcp-session-id"]
        call = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {
            "name": "run_backtest", "arguments": {"strategy": "RSIStrategy", "symbol": "WAVE", "timeframe": "1m"}}}  # fmt: skip
        answers = [server.post("/mcp", call, headers=headers).json()["result"] for _ in range(3)]
        assert [answer.get("isError", False) for answer in answers] == [False, False, True]
        assert "optimisation" in json.dumps(answers[2])
    finally:
        server.end()


def test_a_change_that_cannot_be_noted_is_not_made(program):
    program.write("wave.csv", wave(500))
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m")
    server = Server(program.folder)
    try:
        with sqlite3.connect(program.data / "app.db", timeout=30) as app:
            app.execute("CREATE TRIGGER full BEFORE UPDATE ON app_state BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
        refused = server.call("DELETE", "/api/v1/instruments/WAVE")
        assert is_problem(refused, 503, "AUDIT_LOG_NOT_WRITABLE")
        assert server.get("/api/v1/bars?symbol=WAVE&timeframe=1m&last=1").status == 200
        said = program("delete", "--symbol", "WAVE", code=1).err
        assert "nothing was done, since the audit log cannot be written" in said
        with sqlite3.connect(program.data / "app.db", timeout=30) as app:
            app.execute("DROP TRIGGER full")
        assert server.call("DELETE", "/api/v1/instruments/WAVE").status == 200
        program("restore", "--symbol", "WAVE")
    finally:
        server.end()
    entries = program("audit", "list", "--json").json()["entries"]
    assert [entry["action"] for entry in entries] == ["restore", "DELETE /api/v1/instruments/{symbol}"]
    assert "2 entries, each as it was written" in program("audit", "verify").out


def test_commands_that_change_something_are_in_the_audit_log(program):
    program.import_sp500()
    program("actions", "add", "--symbol", "SP500", "--ex-date", "2005-01-03", "--kind", "dividend", "--value", "1.5")
    program("actions", "remove", "--symbol", "SP500", "--ex-date", "2005-01-03", "--kind", "dividend")
    program("partitions", "archive", "2001", "--drop")
    program("partitions", "restore", "2001")
    program("delete", "--symbol", "SP500")
    program("delete", "--symbol", "NONE", code=1)
    program("migrate", "--schema", "market", "--to", "11", "--allow-data-loss")
    program("migrate")
    entries = program("audit", "list", "--json").json()["entries"]
    assert [entry["action"] for entry in reversed(entries)] == [
        "actions add", "actions remove", "partitions drop", "partitions restore", "delete", "migrate"]  # fmt: skip
    assert entries[0]["target"].startswith("market schema from version ") and entries[0]["outcome"] == "begun"
    assert all(entry["actor"].startswith("command line") and entry["address"] is None for entry in entries)


def test_a_new_data_directory_is_its_owners_alone(program):
    program.import_sp500()
    assert stat.S_IMODE(os.stat(program.data).st_mode) == 0o700


def test_a_request_that_never_ends_is_given_up(open_server):
    """The last of the module: the connection was opened by the first."""
    open_server.slow.settimeout(60)
    assert open_server.slow.recv(1) == b"", "closed without an answer"
    assert time.monotonic() - open_server.slow_since > 5
    assert open_server.get("/livez").status == 200
