"""API keys: who may do what, how often, and that nobody sees what is another's."""

import http.client
import json
import sqlite3
import time

import pytest
from conftest import Server, is_problem, wave
from test_jobs import SEARCH
from web_socket import WebSocket


@pytest.fixture
def locked(program):
    """A server that wants keys, and the key that its first start made."""
    program.write("wave.csv", wave(2_000))
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m")
    server = Server(program.folder, keys=True)
    yield server
    server.end()


def key(program, *scopes, owner="ann") -> str:
    arguments = [part for scope in scopes for part in ("--scope", scope)]
    return program("key", "create", "--owner", owner, "--name", "test", *arguments).out.strip()


def bearer(token) -> dict:
    return {"Authorization": f"Bearer {token}"}


def test_the_first_start_makes_a_key_that_may_do_everything_and_says_it_once(program, locked):
    first = locked.first_key
    assert first.startswith("ta_") and len(first) == 64
    assert locked.get("/livez").status == 200 and locked.get("/readyz").status == 200
    refused = locked.get("/api/v1/version")
    assert is_problem(refused, 401, "API_KEY_REQUIRED") and refused.headers["www-authenticate"].startswith("Bearer")
    assert locked.get("/api/v1/version", headers=bearer(first)).status == 200
    assert locked.get("/api/v1/version", headers={"X-API-Key": first}).status == 200
    assert is_problem(locked.get("/api/v1/version", headers=bearer(first[:-1] + "x")), 401, "API_KEY_NOT_VALID")
    # Neither its secret nor a hash of it is shown, logged or stored as such.
    listed = program("key", "list", "--json").out
    secret = first.rsplit("_", 1)[1]
    assert json.loads(listed)["keys"][0]["scopes"] == ["admin"] and secret not in listed
    locked.end()
    for path in program.folder.rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes(), path
    again = Server(program.folder, keys=True)
    try:
        assert again.first_key is None
        assert again.get("/api/v1/version", headers=bearer(first)).status == 200
    finally:
        again.end()


def test_a_key_does_what_its_scopes_say(program, locked):
    reads = bearer(key(program, "read"))
    studies = bearer(key(program, "read", "trade-research"))
    writes = bearer(key(program, "read,write"))
    backtest = {"strategy": "RSIStrategy", "symbol": "WAVE", "timeframe": "1m"}
    assert locked.get("/api/v1/bars?symbol=WAVE&timeframe=1m&last=1", headers=reads).status == 200
    assert is_problem(locked.post("/api/v1/backtests", backtest, headers=reads), 403, "SCOPE_MISSING")
    assert locked.post("/api/v1/backtests", backtest, headers=studies).status == 200
    instrument = {"asset_class": "stock"}
    assert is_problem(
        locked.call("PUT", "/api/v1/instruments/NEW", instrument, headers=studies), 403, "SCOPE_MISSING"
    )
    assert locked.call("PUT", "/api/v1/instruments/NEW", instrument, headers=writes).status != 403
    for headers in (reads, studies, writes):
        assert is_problem(locked.get("/api/v1/admin/keys", headers=headers), 403, "SCOPE_MISSING")
    # The Model Context Protocol is no way around it.
    hello = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}}  # fmt: skip
    opened = locked.post("/mcp", hello, headers=reads)
    session = {"Mcp-Session-Id": opened.headers["mcp-session-id"]}
    call = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "run_backtest", "arguments": backtest}}
    refused = locked.post("/mcp", call, headers=reads | session).json()["result"]
    assert refused["isError"] and "trade-research" in json.dumps(refused)
    assert locked.post("/mcp", call, headers=studies | session).status == 404  # the session of another key


def test_keys_are_made_rotated_and_revoked_over_http(program, locked):
    admin = bearer(locked.first_key)
    made = locked.post("/api/v1/admin/keys", {"name": "desk", "scopes": ["read"], "owner": "bob"}, headers=admin)
    assert made.status == 201 and made.headers["location"].endswith(made.json()["id"])
    assert made.headers["cache-control"] == "no-store"
    one, token = f"/api/v1/admin/keys/{made.json()['id']}", made.json()["token"]
    assert locked.get("/api/v1/version", headers=bearer(token)).status == 200
    shown = locked.get(one, headers=admin).json()
    assert shown["owner"] == "bob" and shown["state"] == "valid" and "token" not in shown
    fresh = locked.post(f"{one}/rotate", {"grace_seconds": 3600}, headers=admin).json()["token"]
    for each in (token, fresh):
        assert locked.get("/api/v1/version", headers=bearer(each)).status == 200
    last = locked.post(f"{one}/rotate", {}, headers=admin).json()["token"]
    wait_until(lambda: locked.get("/api/v1/version", headers=bearer(token)).status == 401)
    assert locked.get("/api/v1/version", headers=bearer(fresh)).status == 401
    assert locked.get("/api/v1/version", headers=bearer(last)).status == 200
    assert locked.call("DELETE", one, headers=admin).json()["state"] == "revoked"
    wait_until(lambda: locked.get("/api/v1/version", headers=bearer(last)).status == 401)
    for body in ({"name": "", "scopes": ["read"]}, {"name": "x", "scopes": []}, {"name": "x", "scopes": ["root"]},
                 {"name": "x", "scopes": ["read"], "expires_at": "2020-01-01T00:00:00Z"}):  # fmt: skip
        assert locked.post("/api/v1/admin/keys", body, headers=admin).status == 422
    assert is_problem(locked.get("/api/v1/admin/keys/none", headers=admin), 404, "API_KEY_NOT_FOUND")


def wait_until(done, seconds=10):
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_key_that_is_revoked_on_the_command_line_is_refused_within_a_second(program, locked):
    token = key(program, "read")
    assert locked.get("/api/v1/version", headers=bearer(token)).status == 200
    said = program("key", "revoke", token.split("_")[1]).out
    assert "revoked" in said
    wait_until(lambda: locked.get("/api/v1/version", headers=bearer(token)).status == 401, 3)
    assert "revoked" in program("key", "list", "--owner", "ann").out
    assert "no API key" in program("key", "revoke", "none", code=1).err
    program("key", "create", "--name", "x", code=2)
    assert "'root' is no scope" in program("key", "create", "--name", "x", "--scope", "root", code=1).err


def test_keys_follow_when_a_server_moves_to_a_database_server(program, locked, database_url):
    token = key(program, "read")
    assert locked.end() == 0
    moved = Server(program.folder, "--database", database_url, keys=True)
    try:
        assert moved.first_key is None
        for each in (token, locked.first_key):
            assert moved.get("/api/v1/version", headers=bearer(each)).status == 200
    finally:
        moved.end()


def test_what_changes_something_is_in_a_log_that_tells_whether_it_was_changed(program, locked):
    admin, reads = bearer(locked.first_key), bearer(key(program, "read"))
    instrument = {"asset_class": "stock"}
    locked.get("/api/v1/version", headers=admin)
    sent = locked.call("PUT", "/api/v1/instruments/NEW", instrument, headers=admin | {"X-Request-Id": "mine"})
    assert locked.call("PUT", "/api/v1/instruments/NEW", instrument, headers=reads).status == 403
    locked.call("PUT", "/api/v1/instruments/NEW", instrument)  # without a key: nobody is known
    entries = locked.get("/api/v1/admin/audit", headers=admin).json()["entries"]
    assert [entry["number"] for entry in entries] == [3, 2, 1]
    refused, put, made = entries
    assert made["action"] == "key create" and made["actor"].startswith("command line") and made["target"].endswith("of ann")
    assert put["action"] == "PUT /api/v1/instruments/{symbol}" and put["target"] == "/api/v1/instruments/NEW"
    assert put["actor"] == f"key {locked.first_key.split('_')[1]} (local)" and put["request_id"] == "mine"
    assert put["outcome"] == str(sent.status) and refused["outcome"] == "403" and "(ann)" in refused["actor"]
    assert is_problem(locked.get("/api/v1/admin/audit", headers=reads), 403, "SCOPE_MISSING")
    page = locked.get("/api/v1/admin/audit?limit=2", headers=admin).json()
    rest = locked.get(f"/api/v1/admin/audit?limit=2&cursor={page['next_cursor']}", headers=admin).json()
    assert len(page["entries"]) == 2 and [entry["number"] for entry in rest["entries"]] == [1] and rest["next_cursor"] is None
    verified = locked.get("/api/v1/admin/audit/verification", headers=admin).json()
    assert verified == {"entries": 3, "last_hash": entries[0]["hash"], "broken_at": None}
    assert entries[0]["hash"] in program("audit", "verify").out and "(ann)" in program("audit", "list").out
    with sqlite3.connect(program.data / "app.db") as app:
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            app.execute("UPDATE audit_entry SET actor = 'nobody' WHERE number = 2")
        app.executescript("DROP TRIGGER audit_entry_stays; UPDATE audit_entry SET actor = 'nobody' WHERE number = 2")
    assert "entry 2" in program("audit", "verify", code=1).out


def test_nobody_sees_the_jobs_files_schedules_or_messages_of_another(program, locked):
    ann, bob = (bearer(key(program, "admin", owner=owner)) for owner in ("ann", "bob"))
    started = locked.post("/api/v1/optimize/single", SEARCH, headers=ann | {"Idempotency-Key": "one"})
    assert started.status == 202
    job_id = started.json()["job_id"]
    other = locked.post("/api/v1/optimize/single", SEARCH, headers=bob | {"Idempotency-Key": "one"}).json()["job_id"]
    assert other != job_id
    wait_until(lambda: locked.get(f"/api/v1/jobs/{job_id}", headers=ann).json()["state"] == "completed", 60)
    for path in (f"/api/v1/jobs/{job_id}", f"/api/v1/jobs/{job_id}/log", f"/api/v1/jobs/{job_id}/events",
                 f"/api/v1/optimize/status/{job_id}", f"/api/v1/optimize/results/{job_id}"):  # fmt: skip
        assert locked.get(path, headers=ann).status == 200, path
        assert is_problem(locked.get(path, headers=bob), 404, "JOB_NOT_FOUND"), path
    for action in ("cancel", "pause", "resume", "retry"):
        assert locked.post(f"/api/v1/jobs/{job_id}/{action}", {}, headers=bob).status == 404
    assert locked.post(f"/api/v1/optimize/cancel/{job_id}", {}, headers=bob).status == 404
    for path in ("/api/v1/jobs", "/api/v1/optimize/jobs"):
        assert [job["job_id"] for job in locked.get(path, headers=ann).json()["jobs"]] == [job_id]
    assert locked.get("/api/v1/jobs/statistics", headers=bob).json()["counts"][0]["count"] == 1

    assert locked.post("/api/v1/export/report", {"job_id": job_id}, headers=bob).status == 404
    file = locked.post("/api/v1/export/report", {"job_id": job_id}, headers=ann).json()
    assert locked.get(file["download_url"], headers=ann).status == 200
    assert locked.get(file["download_url"], headers=bob).status == 404
    assert locked.get("/api/v1/export/files", headers=bob).json()["files"] == []
    assert locked.call("DELETE", f"/api/v1/export/files/{file['id']}", headers=bob).status == 404

    schedule = {"cron": "0 2 * * *", "kind": "optimize", "request": SEARCH}
    assert locked.call("PUT", "/api/v1/jobs/schedules/mine", schedule, headers=ann).status == 201
    assert locked.get("/api/v1/jobs/schedules/mine", headers=bob).status == 404
    assert locked.call("PUT", "/api/v1/jobs/schedules/mine", schedule, headers=bob).status == 409
    assert locked.call("DELETE", "/api/v1/jobs/schedules/mine", headers=bob).status == 404

    fetch = {"symbols": ["WAVE"], "frequency": "1m", "preset": "max", "background": True}
    query_id = locked.post("/api/v1/historical-data/fetch", fetch, headers=ann).json()["query_id"]
    assert locked.get(f"/api/v1/historical-data/fetch/{query_id}", headers=ann).status == 200
    assert locked.get(f"/api/v1/historical-data/fetch/{query_id}", headers=bob).status == 404
    assert locked.call("DELETE", f"/api/v1/historical-data/fetch/{query_id}", headers=bob).status == 404
    for channel, headers, heard in ((f"jobs:{job_id}", ann, "subscribed"), (f"jobs:{job_id}", bob, "error"),
                                    (f"historical_data:{query_id}", bob, "error"), ("system", bob, "subscribed")):  # fmt: skip
        socket = WebSocket(locked.port, headers=[f"Authorization: {headers['Authorization']}"])
        socket.send(action="subscribe", channel=channel)
        assert socket.receive()["messageType"] == heard
        socket.close()
    assert len(program("job", "list", "--json").json()["jobs"]) == 3  # the command line sees them all


def test_events_of_a_job_end_when_the_key_is_revoked(program, locked):
    """Of a paused job, which says nothing by itself."""
    reader, admin = key(program, "read"), bearer(key(program, "admin"))
    long = {**SEARCH, "sampler": "random", "trials": 100_000}
    for _ in range(2):  # the second waits for the first
        job_id = locked.post("/api/v1/optimize/single", long, headers=admin).json()["job_id"]
    assert locked.post(f"/api/v1/jobs/{job_id}/pause", {}, headers=admin).status == 200
    connection = http.client.HTTPConnection("127.0.0.1", locked.port, timeout=30)
    connection.request("GET", f"/api/v1/jobs/{job_id}/events", headers=bearer(reader))
    response = connection.getresponse()
    assert response.status == 200
    while not (line := response.readline()).startswith(b"event: job"):
        assert line, "the events ended before the key did"
    program("key", "revoke", reader.split("_")[1])
    rest = response.read()  # to the end, within the timeout
    assert b"event: end" not in rest
    connection.close()


def test_a_web_socket_needs_a_key_too(program, locked):
    token = key(program, "read")
    assert WebSocket(locked.port).status == 401
    socket = WebSocket(locked.port, headers=[f"Sec-WebSocket-Protocol: tradeassist.v1, tradeassist.key.{token}"])
    assert socket.status == 101 and socket.protocol == "tradeassist.v1"
    socket.send(action="ping")
    assert socket.receive()["messageType"] == "pong"
    socket.send(action="cancel", job_id="x")
    assert "trade-research" in socket.receive()["data"]["message"]
    socket.close()


def test_a_key_that_calls_too_often_waits_and_others_do_not(program):
    environment = {"TRADEASSIST_RATE_LIMIT_GENERAL": "3", "TRADEASSIST_RATE_LIMIT_DATA": "0"}
    server = Server(program.folder, keys=True, environment=environment)
    try:
        mine, other = bearer(key(program, "read")), bearer(key(program, "read"))
        seen = [server.get("/api/v1/version", headers=mine) for _ in range(4)]
        assert [reply.status for reply in seen] == [200, 200, 200, 429]
        assert seen[0].headers["ratelimit-policy"] == '"general";q=3;w=60'
        assert seen[0].headers["ratelimit"].startswith('"general";r=2;t=')
        assert is_problem(seen[3], 429, "RATE_LIMITED")
        left = int(seen[3].headers["ratelimit"].rsplit("=", 1)[1])
        assert 0 < left <= 20 and int(seen[3].headers["retry-after"]) >= left
        assert server.get("/api/v1/version", headers=other).status == 200
        assert "ratelimit" not in server.get("/api/v1/bars?symbol=X&timeframe=1m", headers=mine).headers
        assert server.get("/livez").status == 200
    finally:
        server.end()


def test_without_keys_the_server_speaks_to_this_machine_alone(program):
    refused = program("serve", "--listen", "0.0.0.0:0", "--no-authentication", code=1).err
    assert "open the server to everybody" in refused
    server = Server(program.folder, keys=True, listen="0.0.0.0")
    try:
        assert server.get("/api/v1/version", headers=bearer(server.first_key)).status == 200
        assert server.get("/api/v1/version").status == 401
    finally:
        server.end()
