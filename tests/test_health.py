"""What the server tells of its database, and what the benchmark measures on it."""

import datetime
import os
import signal
import subprocess
import time

import pytest
from conftest import BINARY, is_problem, wave

QUICK = ["--rows", "20", "--seconds", "60"]
NAMES = ["bulk_append", "live_append", "single_append", "read", "calculation", "index", "pool"]


@pytest.fixture
def server(program, serve):
    program.import_sp500()
    return serve()


def health(server, what, status=200):
    replies = [server.get(f"{base}/health/{what}") for base in ("/api/v1", "/api")]
    assert [reply.status for reply in replies] == [status] * 2
    assert replies[0].json().keys() == replies[1].json().keys()
    return replies[0].json()


def test_the_benchmark_says_value_rival_ratio_and_keeps_the_first_run_as_baseline(program):
    result = program("bench", "database", *QUICK, "--json").json()
    run = result["run"]["run"]
    assert [each["name"] for each in run["measurements"]] == NAMES
    for each in run["measurements"]:
        assert each["value"] > 0 and each["rival_value"] > 0 and each["runs"] >= 3 and each["rows"] == 20
        better = each["value"] / each["rival_value"]
        assert each["ratio"] == pytest.approx(better if each["higher_is_better"] else 1 / better)
        assert each["reason"] is None
    assert run["database_kind"] == "SQLite" and run["hardware"]["cores"] >= 1
    assert result["run"]["is_baseline"] and result["baseline"] == result["run"]
    assert result["regressions"] == []
    assert not (program.data / "benchmark-scratch").exists()

    second = program("bench", "database", *QUICK)
    assert "against the baseline" in second.out and "bulk_append" in second.out
    assert "was not measured" not in second.out
    history = program("bench", "database", "--history")
    assert len(history.out.splitlines()) == 5
    assert "1*" in history.out
    program("bench", "database", *QUICK, "--set-baseline")
    assert "3*" in program("bench", "database", "--history").out


def test_a_regression_is_an_exit_code_only_when_asked_for(program):
    program("bench", "database", *QUICK)
    # As if the machine had been a thousand times as fast once.
    script = """
import json, sqlite3, sys
base = sqlite3.connect(sys.argv[1])
result = json.loads(base.execute("SELECT result FROM benchmark_run").fetchone()[0])
for each in result["measurements"]:
    each["value"] *= 1000 if each["higher_is_better"] else 0.001
    each["spread"] = 0
base.execute("UPDATE benchmark_run SET result = ?", [json.dumps(result)])
base.commit()
"""
    subprocess.run(["/usr/bin/python3", "-c", script, program.data / "market.db"], check=True)
    told = program("bench", "database", *QUICK, "--json").json()
    slower = [each for each in told["comparisons"] if each["is_regression"]]
    assert [each["name"] for each in slower] == told["regressions"]
    # What varies by more than 80 % from run to run is no regression; not all of them do.
    assert told["regressions"] and all(each["change"] < -0.9 for each in slower)
    program("bench", "database", "--history", "--fail-on-regression", code=1)
    assert program("bench", "database", "--history").code == 0


def test_wrong_usage_of_the_benchmark_is_told(program):
    program("bench", code=2)
    program("bench", "database", "--rows", "1", code=2)
    program("bench", "database", "--seconds", "0", code=2)
    assert "no run is stored yet" in program("bench", "database", "--history").out


def test_an_interrupted_benchmark_leaves_nothing_behind(program):
    process = subprocess.Popen(
        [BINARY, "bench", "database", "--rows", "2000000"],
        cwd=program.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    scratch = program.data / "benchmark-scratch"
    end = time.monotonic() + 60
    while not scratch.exists() and time.monotonic() < end:
        time.sleep(0.01)
    assert scratch.exists()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 1 and out == b""
    assert b"the benchmark was stopped" in err
    assert not scratch.exists()
    assert "no run is stored yet" in program("bench", "database", "--history").out


def test_database_health_tells_what_it_knows_and_why_it_does_not_know_the_rest(server):
    body = health(server, "database")
    assert body["status"] == "ok" and body["reachable"] is True
    assert body["kind"] == "SQLite" and body["version"].startswith("3.")
    assert body["size_bytes"] > 0 and body["free_disk_bytes"] > 0 and body["schema_version"] >= 6
    assert body["pool"]["readers"]["size_max"] == 4 and body["pool"]["writers"]["size_max"] == 1
    nulls = {name for name, value in body.items() if value is None}
    assert nulls == set(body["unmeasured"])
    assert "last_maintenance_at" in nulls


def test_database_health_tells_when_it_was_maintained(program, serve):
    program.import_sp500()
    program("maintain", "--data", program.data)
    server = serve("--data", program.data)
    body = health(server, "database")
    age = datetime.datetime.now(datetime.timezone.utc) - datetime.datetime.fromisoformat(body["last_maintenance_at"].replace("Z", "+00:00"))
    assert datetime.timedelta(0) <= age < datetime.timedelta(minutes=2)
    assert "last_maintenance_at" not in body["unmeasured"]


def test_the_threshold_of_slow_statements_is_a_setting(program, serve):
    program.import_sp500()
    program.write("settings.toml", "slow_query_ms = 7\n")
    server = serve("--data", program.data, "--config", program.folder / "settings.toml")
    assert health(server, "performance")["slow_queries"]["threshold_milliseconds"] == 7


def test_partition_health_lists_them_with_sizes(server):
    partitions = health(server, "partitions")["partitions"]
    assert {each["state"] for each in partitions} == {"open"}
    assert [each["name"] for each in partitions] == [str(year) for year in range(2000, 2021)]
    assert sum(each["row_count"] for each in partitions) > 5000
    assert partitions[0]["first_time"] == "2000-01-01T00:00:00Z"
    assert all(each["payload_bytes"] > 0 and each["archived_at"] is None for each in partitions)


def test_performance_health_never_says_zero_for_what_was_not_measured(server):
    body = health(server, "performance")
    assert body["benchmark"]["run"] is None and body["benchmark"]["regressions"] is None
    assert "benchmark.run" in body["unmeasured"] and "benchmark.baseline" in body["unmeasured"]
    assert body["inserts"]["bars_per_second_last_minute"] is None
    assert "inserts.bars_per_second_last_minute" in body["unmeasured"]
    assert body["slow_queries"]["threshold_milliseconds"] == 100
    assert body["slow_queries"]["count"] == len(body["slow_queries"]["newest"])


def test_a_benchmark_started_over_http_is_found_in_the_health(server):
    started = server.post("/api/v1/health/performance/benchmark", {"rows": 20, "seconds": 60})
    assert started.status == 202
    where = started.headers["location"]
    assert where == started.json()["status_url"]
    end = time.monotonic() + 60
    while (job := server.get(where).json())["state"] in ("queued", "running") and time.monotonic() < end:
        time.sleep(0.05)
    assert job["state"] == "completed", job
    assert job["result"]["is_baseline"] is True
    body = health(server, "performance")
    assert body["benchmark"]["run"] == job["result"]
    assert body["benchmark"]["regressions"] == []
    assert [each["name"] for each in body["benchmark"]["trend"]] == NAMES
    assert "benchmark.run" not in body["unmeasured"]


def test_what_a_benchmark_cannot_be_asked_is_refused(server):
    path = "/api/v1/health/performance/benchmark"
    problem = is_problem(server.post(path, {"rows": 1, "seconds": -1}), 422, "INVALID_REQUEST")
    assert [each["pointer"] for each in problem["errors"]] == ["/rows", "/seconds"]
    is_problem(server.post(path, {"row": 20}), 422, "INVALID_REQUEST")
    is_problem(server.get(path + "/nothing"), 404, "JOB_NOT_FOUND")
    assert server.get("/api/v1/health/database?x=1").status == 422


def ask(url, sql):
    done = subprocess.run(["psql", url, "-qAtc", sql], capture_output=True, check=True)
    return done.stdout.decode().split()


def test_on_a_postgresql_server_the_same_is_measured_and_told(program, serve, database_url):
    result = program("bench", "database", *QUICK, "--json", "--database", database_url).json()
    run = result["run"]["run"]
    assert run["database_kind"] == "PostgreSQL" and run["hardware"]["disk"] is None
    assert [each["name"] for each in run["measurements"]] == NAMES
    assert all(each["value"] > 0 and each["ratio"] > 0 for each in run["measurements"])
    assert ask(database_url, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'market%'") == ["market"]

    body = health(serve("--database", database_url), "database")
    assert body["kind"] == "PostgreSQL" and body["size_bytes"] > 0
    assert body["free_disk_bytes"] is None and "server" in body["unmeasured"]["free_disk_bytes"]
