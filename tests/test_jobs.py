"""Jobs of all kinds: what is known of them, and what may be asked of them, over HTTP and on the command line."""

import http.client
import json
import pathlib
import random
import re
import signal
import sqlite3
import time

import pytest
from conftest import is_problem, wave

# Searches of 20,000 bars: one that is done soon, and one with more than can be done while a test looks on.
SEARCH = {
    "strategy": "RSIStrategy", "symbol": "WAVE", "timeframe": "1m", "objective": "net_profit",
    "sampler": "random", "trials": 10,
}  # fmt: skip
LONG_SEARCH = SEARCH | {"trials": 1_000_000}


@pytest.fixture
def server(program, serve):
    program.write("wave.csv", wave(20_000))
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m")
    return serve()


def start(server, body, **options) -> str:
    reply = server.post("/api/v1/optimize/single", body, **options)
    assert reply.status == 202, reply.body
    return reply.json()["job_id"]


def wait_for(server, job_id, until, seconds=60):
    end = time.monotonic() + seconds
    while True:
        job = server.get(f"/api/v1/jobs/{job_id}").json()
        if until(job):
            return job
        assert time.monotonic() < end, job
        time.sleep(0.02)


def wait_for_state(server, job_id, state, seconds=60):
    return wait_for(server, job_id, lambda job: job["state"] == state, seconds)


def texts(server, job_id):
    return [line["text"] for line in server.get(f"/api/v1/jobs/{job_id}/log").json()["lines"]]


def test_a_job_is_listed_shown_and_its_log_tells_its_life(server):
    job_id = start(server, SEARCH)
    job = wait_for_state(server, job_id, "completed")
    assert job["kind"] == "optimize" and job["priority"] == 1 and job["attempts"] == 1 and job["progress"] == 1
    assert job["request"] == SEARCH and "result" not in job and not job["dead_letter"]
    whole = server.get(f"/api/v1/jobs/{job_id}?result=true").json()
    assert whole["result"]["trials"]["objective"]
    lines = texts(server, job_id)
    assert re.fullmatch("submitted, priority 1, request [0-9a-f]{24}", lines[0]) and lines[-1] == "completed"
    assert lines[1].startswith("taken by ") and lines[1].endswith(", attempt 1")
    assert "phase hyperparameter_optimization" in lines
    page = server.get(f"/api/v1/jobs/{job_id}/log?limit=2").json()
    rest = server.get(f"/api/v1/jobs/{job_id}/log?cursor={page['next_cursor']}").json()
    assert [line["text"] for line in page["lines"] + rest["lines"]] == lines and rest["next_cursor"] is None

    failed = start(server, SEARCH | {"trials": 3})
    wait_for_state(server, failed, "completed")
    listed = server.get("/api/v1/jobs?kind=optimize&limit=1").json()
    assert [job["job_id"] for job in listed["jobs"]] == [failed]
    rest = server.get(f"/api/v1/jobs?cursor={listed['next_cursor']}").json()
    assert [job["job_id"] for job in rest["jobs"]] == [job_id] and rest["next_cursor"] is None
    assert server.get("/api/v1/jobs?state=failed").json()["jobs"] == []
    assert server.get("/api/v1/jobs?kind=benchmark").json()["jobs"] == []
    assert server.get("/api/v1/jobs?dead_letter=true").json()["jobs"] == []
    statistics = server.get("/api/v1/jobs/statistics").json()
    assert statistics["counts"] == [{"kind": "optimize", "state": "completed", "count": 2}]
    [times] = statistics["times"]
    assert times["jobs"] == 2 and 0 < times["run_seconds"]["median"] <= times["run_seconds"]["max"]
    assert statistics["dead_letters"] == 0 and statistics["oldest_wait_seconds"] is None


def test_a_running_search_is_paused_resumed_and_cancelled(server):
    job_id = start(server, LONG_SEARCH)
    wait_for(server, job_id, lambda job: job["has_checkpoint"])
    asked = server.post(f"/api/v1/jobs/{job_id}/pause", {}).json()
    assert asked["state"] in ("running", "paused")
    paused = wait_for_state(server, job_id, "paused", 10)
    assert paused["has_checkpoint"] and not paused["pause_requested"]
    done = paused["detail"]["trials_done"]

    # Another job has the worker meanwhile, and a restart changes nothing.
    wait_for_state(server, start(server, SEARCH), "completed")
    assert server.end() == 0
    server.start()
    assert server.get(f"/api/v1/jobs/{job_id}").json()["state"] == "paused"
    assert server.post(f"/api/v1/jobs/{job_id}/resume", {}).json()["state"] == "queued"
    more = wait_for(server, job_id, lambda job: job["state"] == "running" and job["detail"]["trials_done"] > done)
    assert more["note"] == "resumed from its last checkpoint after a pause"
    is_problem(server.post(f"/api/v1/jobs/{job_id}/resume", {}), 409, "RESUME_NOT_ALLOWED")
    is_problem(server.post(f"/api/v1/jobs/{job_id}/retry", {}), 409, "RETRY_NOT_ALLOWED")
    server.post(f"/api/v1/jobs/{job_id}/cancel", {})
    wait_for_state(server, job_id, "cancelled", 10)
    is_problem(server.post(f"/api/v1/jobs/{job_id}/cancel", {}), 409, "CANCELLATION_NOT_ALLOWED")
    is_problem(server.post(f"/api/v1/jobs/{job_id}/pause", {}), 409, "PAUSE_NOT_ALLOWED")
    retried = server.post(f"/api/v1/jobs/{job_id}/retry", {})
    fresh = retried.json()
    assert retried.status == 202 and retried.headers["location"] == f"/api/v1/jobs/{fresh['job_id']}"
    assert fresh["retry_of"] == job_id and fresh["attempts"] == 0
    assert server.post(f"/api/v1/jobs/{fresh['job_id']}/cancel", {}).status == 200


def test_higher_priorities_go_first_and_wrong_ones_are_refused(server):
    first = start(server, LONG_SEARCH)
    wait_for_state(server, first, "running")
    waiting = [start(server, SEARCH | {"priority": priority}) for priority in (0, 1, 3, 2, 3)]
    server.post(f"/api/v1/jobs/{first}/cancel", {})
    jobs = [wait_for_state(server, job_id, "completed") for job_id in waiting]
    order = sorted(jobs, key=lambda job: job["started_at"])
    assert [job["priority"] for job in order] == [3, 3, 2, 1, 0]
    assert [job["job_id"] for job in order[:2]] == [waiting[2], waiting[4]]
    problem = is_problem(server.post("/api/v1/optimize/single", SEARCH | {"priority": 4}), 422, "INVALID_REQUEST")
    assert problem["errors"][0]["pointer"] == "/priority"
    fetch = {"symbols": ["WAVE"], "frequency": "1m", "last": 5}
    wrong = server.post("/api/v1/historical-data/fetch", fetch | {"background": True, "priority": -1})
    assert is_problem(wrong, 422, "INVALID_REQUEST")["errors"][0]["pointer"] == "/priority"
    reply = server.post("/api/v1/historical-data/fetch", fetch | {"background": True, "priority": 3})
    assert wait_for_state(server, reply.json()["query_id"], "completed")["priority"] == 3


def test_a_hundred_jobs_of_mixed_priorities_run_in_order(server):
    first = start(server, LONG_SEARCH)
    wait_for_state(server, first, "running")
    priorities = [random.Random(7 * i).randrange(4) for i in range(100)]
    waiting = [start(server, SEARCH | {"trials": 2, "validate": False, "priority": each}) for each in priorities]
    server.post(f"/api/v1/jobs/{first}/cancel", {})
    jobs = [wait_for_state(server, job_id, "completed") for job_id in waiting]
    order = sorted(range(100), key=lambda i: jobs[i]["started_at"])
    assert order == sorted(range(100), key=lambda i: -priorities[i])  # of equals the one that was submitted first
    assert len(set(priorities)) == 4


def test_one_idempotency_key_starts_one_job(server):
    key = {"Idempotency-Key": "search-1"}
    job_id = start(server, SEARCH, headers=key)
    assert start(server, SEARCH, headers=key) == job_id
    other = SEARCH | {"trials": 11}
    is_problem(server.post("/api/v1/optimize/single", other, headers=key), 422, "IDEMPOTENCY_KEY_REUSED")
    assert start(server, other, headers={"Idempotency-Key": "search-2"}) != job_id
    fetch = {"symbols": ["WAVE"], "frequency": "1m", "last": 5, "background": True}
    path = "/api/v1/historical-data/fetch"
    is_problem(server.post(path, fetch, headers=key), 422, "IDEMPOTENCY_KEY_REUSED")
    [first, second] = [server.post(path, fetch, headers={"Idempotency-Key": "fetch-1"}).json() for _ in range(2)]
    assert first == second
    for bad in ("a b", "k" * 256):
        is_problem(server.post(path, fetch, headers={"Idempotency-Key": bad}), 422, "INVALID_ARGUMENT")
    assert server.end(signal.SIGKILL) != 0
    server.start()
    assert start(server, SEARCH, headers=key) == job_id


def read_events(server, job_id, headers=None, until=lambda events: False, seconds=60):
    """The server-sent events of a job until the server closes, or until enough came: (id, name, data) of each."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=seconds)
    connection.request("GET", f"/api/v1/jobs/{job_id}/events", headers=headers or {})
    response = connection.getresponse()
    assert response.status == 200 and response.getheader("content-type") == "text/event-stream"
    events, fields = [], {}
    while (line := response.readline()) and not until(events):
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name and not line.startswith(b":"):
            fields[name] = value
        elif fields:
            events.append((fields.get("id"), fields["event"], json.loads(fields["data"])))
            fields = {}
    connection.close()
    return events


def test_what_happens_to_a_job_is_told_as_it_happens(server):
    job_id = start(server, LONG_SEARCH)
    seen = read_events(server, job_id, until=lambda events: any(
        name == "job" and data["state"] == "running" and data["progress"] > 0 for _, name, data in events))  # fmt: skip
    assert seen[0][:2] == ("1", "log") and seen[0][2]["text"].startswith("submitted, priority 1, request ")
    last = [number for number, name, _ in seen if name == "log"][-1]
    server.post(f"/api/v1/jobs/{job_id}/cancel", {})
    rest = read_events(server, job_id, {"Last-Event-ID": last})
    assert [name for _, name, _ in rest][-2:] == ["job", "end"]
    assert rest[-2][2]["state"] == rest[-1][2]["state"] == "cancelled"
    told = [data["text"] for _, name, data in seen + rest if name == "log"]
    assert [text for text in told if not text.startswith("checkpoint")] == [
        text for text in texts(server, job_id) if not text.startswith("checkpoint")
    ]
    is_problem(server.get("/api/v1/jobs/" + "0" * 32 + "/events"), 404, "JOB_NOT_FOUND")
    refused = server.get(f"/api/v1/jobs/{job_id}/events", headers={"Last-Event-ID": "x"})
    is_problem(refused, 422, "INVALID_REQUEST")

    # A server that stops does not wait for those who listen.
    waiting = start(server, LONG_SEARCH)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", f"/api/v1/jobs/{waiting}/events")
    response = connection.getresponse()
    assert response.readline() == b"id: 1\n"
    assert server.end() == 0
    response.read()
    connection.close()


def test_a_schedule_submits_jobs(program, server):
    path = "/api/v1/jobs/schedules/often"
    body = {"cron": "* * * * *", "time_zone": "Europe/Berlin", "kind": "optimize", "request": SEARCH, "priority": 2}
    made = server.call("PUT", path, body)
    assert made.status == 201, made.body
    schedule = made.json()
    assert schedule["request"] == SEARCH and schedule["last_job_id"] is None and schedule["next_at"].endswith(":00Z")
    fetch = {"symbols": ["WAVE"], "frequency": "1m", "last": 5}
    assert server.call("PUT", "/api/v1/jobs/schedules/bars",
                       {"cron": "0 2 * * sun", "kind": "historical_data", "request": fetch}).status == 201  # fmt: skip
    assert [each["name"] for each in server.get("/api/v1/jobs/schedules").json()["schedules"]] == ["bars", "often"]

    # Due at once, rather than in up to a minute.
    with sqlite3.connect(program.data / "app.db", timeout=10) as app:
        app.execute("UPDATE job_schedule SET next_at = 1")
    ids = {}
    end = time.monotonic() + 20
    while len(ids) < 2 and time.monotonic() < end:
        ids = {each["name"]: each["last_job_id"] for each in server.get("/api/v1/jobs/schedules").json()["schedules"]}
        ids = {name: job_id for name, job_id in ids.items() if job_id}
    assert wait_for_state(server, ids["often"], "completed")["priority"] == 2
    assert wait_for_state(server, ids["bars"], "completed")["kind"] == "historical_data"
    assert texts(server, ids["bars"])[0] == "submitted, priority 1, by schedule bars"

    changed = server.call("PUT", path, body | {"enabled": False})
    assert changed.status == 200 and changed.json()["next_at"] is None
    for wrong, pointer in [
        ({"cron": "61 * * * *"}, None),
        ({"time_zone": "Mars"}, None),
        ({"kind": "sleep"}, "/kind"),
        ({"priority": 7}, "/priority"),
        ({"request": SEARCH | {"trials": "many"}}, "/request/trials"),
        ({"request": SEARCH | {"color": "red"}}, "/request/color"),
        ({"kind": "historical_data", "request": fetch | {"stream": True}}, "/request/stream"),
    ]:
        refused = server.call("PUT", path, body | wrong)
        assert refused.status == 422, wrong
        if pointer:
            assert refused.json()["errors"][0]["pointer"] == pointer
    assert server.call("DELETE", path).status == 200
    is_problem(server.get(path), 404, "SCHEDULE_NOT_FOUND")
    is_problem(server.call("DELETE", path), 404, "SCHEDULE_NOT_FOUND")


def test_schedules_are_kept_on_the_command_line(program, server):
    program.write("search.json", json.dumps(SEARCH))
    made = program("job", "schedule", "set", "nightly", "--cron", "0 2 * * *", "--time-zone", "Europe/Berlin",
                   "--kind", "optimize", "--request", "search.json", "--priority", 2, "--json").json()  # fmt: skip
    assert made == server.get("/api/v1/jobs/schedules/nightly").json()
    assert made["request"] == SEARCH and made["priority"] == 2 and made["next_at"]
    fetch = json.dumps({"symbols": ["WAVE"], "frequency": "1m", "last": 5}).encode()
    bars = ["job", "schedule", "set", "bars", "--cron", "0 3 * * sun", "--kind", "historical_data"]
    assert "disabled" in program(*bars, "--disabled", input=fetch).out
    listed = program("job", "schedule", "list", "--json").json()
    assert listed == server.get("/api/v1/jobs/schedules").json()
    assert [each["name"] for each in listed["schedules"]] == ["bars", "nightly"]
    assert "nightly" in program("job", "schedule", "list").out

    again = ["job", "schedule", "set", "nightly", "--kind", "optimize", "--request", "search.json"]
    assert "the minute '61'" in program(*again, "--cron", "61 * * * *", code=1).err
    program.write("wrong.json", json.dumps(SEARCH | {"trials": "many"}))
    wrong = ["job", "schedule", "set", "nightly", "--cron", "0 2 * * *", "--kind", "optimize"]
    assert "request/trials" in program(*wrong, "--request", "wrong.json", code=1).err
    assert "gone.json" in program(*wrong, "--request", "gone.json", code=1).err
    program(*wrong, "--request", "search.json", "--priority", 4, code=2)
    program("job", "schedule", "set", "nightly", "--kind", "optimize", code=2)
    assert server.get("/api/v1/jobs/schedules/nightly").json() == made

    assert "removed" in program("job", "schedule", "remove", "nightly").out
    assert "nightly" in program("job", "schedule", "remove", "nightly", code=1).err
    is_problem(server.get("/api/v1/jobs/schedules/nightly"), 404, "SCHEDULE_NOT_FOUND")


def test_what_is_wrong_with_a_request_is_said(server):
    none = "0" * 32
    for path in ("", "/log"):
        is_problem(server.get(f"/api/v1/jobs/{none}{path}"), 404, "JOB_NOT_FOUND")
    for action in ("cancel", "pause", "resume", "retry"):
        is_problem(server.post(f"/api/v1/jobs/{none}/{action}", {}), 404, "JOB_NOT_FOUND")
        is_problem(server.post(f"/api/v1/jobs/{none}/{action}", {"now": True}), 422, "INVALID_REQUEST")
    for query in ("state=idle", "dead_letter=1", "limit=0", "limit=1001", "color=red", "cursor=x"):
        assert server.get(f"/api/v1/jobs?{query}").status == 422, query
    is_problem(server.get(f"/api/v1/jobs/{none}/delete"), 404, "NOT_FOUND")


def test_the_command_line_sees_and_changes_the_jobs_of_a_running_server(program, server):
    job_id = start(server, LONG_SEARCH)
    wait_for_state(server, job_id, "running")
    [listed] = program("job", "list", "--state", "running", "--json").json()["jobs"]
    assert listed["job_id"] == job_id
    assert job_id in program("job", "list").out
    assert program("job", "show", job_id, "--json").json()["request"] == LONG_SEARCH
    said = program("job", "pause", job_id)
    assert said.out in (f"{job_id}: running, it was asked to stop\n", f"{job_id}: paused\n")
    wait_for_state(server, job_id, "paused", 10)
    assert program("job", "resume", job_id, "--json").json()["state"] == "queued"
    wait_for_state(server, job_id, "running")
    program("job", "cancel", job_id)
    wait_for_state(server, job_id, "cancelled", 10)
    assert "cannot be cancelled" in program("job", "cancel", job_id, code=1).err
    fresh = program("job", "retry", job_id, "--json").json()
    assert fresh["retry_of"] == job_id
    wait_for_state(server, fresh["job_id"], "running")
    program("job", "cancel", fresh["job_id"])
    wait_for_state(server, fresh["job_id"], "cancelled", 10)
    assert server.end() == 0

    # And when none runs.
    log = program("job", "log", job_id).out
    assert "submitted, priority 1" in log and "pause requested" in log and f"retried as job {fresh['job_id']}" in log
    assert program("job", "statistics", "--json").json()["counts"] == [
        {"kind": "optimize", "state": "cancelled", "count": 2}
    ]
    assert "there is no job" in program("job", "show", "0" * 32, code=1).err
    assert "there are no jobs" in program("job", "list", "--data", "elsewhere", code=1).err
    program("job", code=2)
    program("job", "list", "--state", "idle", code=2)


def test_the_result_of_a_server_runs_again_on_the_command_line(program, server):
    body = SEARCH | {
        "properties": {"initial_capital": 50_000, "commission_type": "cash_per_order", "commission_value": 1.5},
        "inputs": {"trade_direction": "Both"}, "walk_forward": {"train_days": 5, "test_days": 3, "step_days": 3},
    }  # fmt: skip
    job_id = start(server, body)
    wait_for_state(server, job_id, "completed")
    reply = server.get(f"/api/v1/optimize/results/{job_id}")
    program.write("served.json", reply.body.decode())
    result = reply.json()
    assert result["request"]["body"] == body and result["properties"] == body["properties"]
    assert result["request"]["version"] in program("--version").out and len(result["request"]["script_sha256"]) == 64
    assert "The same to the bit: 10 trials" in program("rerun", "served.json").out
    result["request"]["body"]["seed"] = 7
    result["request"]["body"]["inputs"]["none"] = 1
    program.write("wrong.json", json.dumps(result))
    assert "none" in program("rerun", "wrong.json", code=1).err

    # What is exported trades as the search did, with its properties.
    program("export", "pine", "served.json", "-o", "found.pine")
    bars = ["--symbol", "WAVE", "--timeframe", "1m", "--json"]
    exported = program("backtest", "found.pine", *bars).json()
    inputs = [part for name, value in result["parameters"].items()
              for part in ("--set", f"{name}={value if isinstance(value, str) else json.dumps(value)}")]  # fmt: skip
    properties = [part for name, value in body["properties"].items() for part in ("--property", f"{name}={value}")]
    searched = program("backtest", "RSIStrategy", *bars, *inputs, *properties).json()
    assert searched["metrics"]["total_closed_trades"] > 0
    assert exported["metrics"] == searched["metrics"]


def test_memory_stays_flat_over_a_thousand_jobs(server):
    def resident_megabytes():
        status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def run(jobs):
        for _ in range(jobs):
            wait_for_state(server, start(server, SEARCH | {"trials": 2, "validate": False}), "completed")

    run(300)  # until caches are full
    before = resident_megabytes()
    run(1000)
    # What is kept of their messages for those who come back, 64 MB in all, is 3 kB a job.
    assert resident_megabytes() - before < 12


def test_old_jobs_leave_with_maintenance(program, server):
    job_id = start(server, SEARCH)
    wait_for_state(server, job_id, "completed")
    assert server.end() == 0
    with sqlite3.connect(program.data / "app.db") as app:
        app.execute("UPDATE job SET finished_at = finished_at - 100 * 86400 * 1000000000")
    forever = {"TRADEASSIST_JOBS_KEEP_DAYS": "0"}
    assert "retention of jobs: all are kept" in program("maintain", environment=forever).out
    assert program("job", "list", "--json").json()["jobs"] != []
    assert "retention of jobs: 1 removed" in program("maintain").out
    assert program("job", "list", "--json").json()["jobs"] == []
    assert "there is no job" in program("job", "log", job_id, code=1).err


def test_jobs_follow_when_a_server_moves_to_a_database_server(program, server, database_url):
    job_id = start(server, SEARCH)
    wait_for_state(server, job_id, "completed")
    assert server.end() == 0
    server.arguments = ("--no-authentication", "--database", database_url)
    for _ in range(2):
        server.start()
        [job] = server.get("/api/v1/jobs").json()["jobs"]
        assert job["job_id"] == job_id and texts(server, job_id)[-1] == "completed"
        assert server.get(f"/api/v1/optimize/results/{job_id}").json()["trials"]["objective"]
        assert server.end() == 0
    assert not (program.data / "app.db").exists() and (program.data / "app.db.moved").exists()


def test_two_servers_of_one_database_share_the_work_and_survive_each_other(program, serve, database_url):
    program.write("wave.csv", wave(20_000))
    database = ("--database", database_url)
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m", *database)
    first = serve("--data", "first", *database)
    second = serve("--data", "second", *database)
    long_ones = [start(first, LONG_SEARCH) for _ in range(2)]
    running = [wait_for_state(second, job_id, "running") for job_id in long_ones]
    assert len({job["run_by"] for job in running}) == 2

    # A cancellation by the server that does not run the job reaches the one that does.
    first_id = (program.folder / "first/server_id").read_text().strip()
    of_first = next(job["job_id"] for job in running if job["run_by"] == first_id)
    of_second = next(job["job_id"] for job in running if job["run_by"] != first_id)
    second.post(f"/api/v1/jobs/{of_first}/cancel", {})
    wait_for_state(second, of_first, "cancelled", 10)

    # What a killed server ran is its own again when it is back, without the wait for the lease.
    wait_for(first, of_second, lambda job: job["has_checkpoint"])
    second.end(signal.SIGKILL)
    wait_for_state(first, start(first, SEARCH), "completed")
    second.start()
    back = wait_for_state(first, of_second, "running", 10)
    assert back["attempts"] == 2 and back["note"] == "resumed from its last checkpoint after a restart of the server"
    assert program("job", "cancel", of_second, *database).code == 0
    wait_for_state(first, of_second, "cancelled", 10)
    kinds = first.get("/api/v1/jobs/statistics").json()["counts"]
    assert kinds == second.get("/api/v1/jobs/statistics").json()["counts"]
