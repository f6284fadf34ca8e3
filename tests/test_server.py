"""The API as a program meets it, and the page's port."""

import json
import signal
import socket
import time

import pytest
from conftest import Server, is_problem, wave


@pytest.fixture
def server(program, serve) -> Server:
    program.import_sp500()
    return serve()


SEARCH = {
    "strategy": "MovingAverageCrossover",
    "symbol": "SP500",
    "timeframe": "1d",
    "parameters": [
        {"name": "fast_length", "from": 5, "to": 30, "step": 5},
        {"name": "slow_length", "values": [60, 80, 100]},
    ],
    "sampler": "grid",
    "objective": "net_profit",
}
# More than can be done while a test looks on.
LONG_SEARCH = {
    "strategy": "RSIStrategy",
    "timeframe": "1m",
    "symbol": "WAVE",
    "trials": 1_000_000,
    "sampler": "random",
    "objective": "net_profit",
}


def test_probes_version_and_the_page(server):
    assert server.get("/livez").json() == {"status": "ok"}
    assert server.get("/readyz").json()["status"] == "ok"
    assert server.get("/api/v1/version").json()["version"]
    page = server.get("/")
    assert page.status == 200 and b"<!doctype html>" in page.body.lower()
    assert "default-src" in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"


def test_instruments_and_bars_in_three_forms(server):
    (instrument,) = server.get("/api/v1/instruments").json()["instruments"]
    assert instrument["symbol"] == "SP500" and instrument["series"][0]["row_count"] == 5105
    columns = server.get("/api/v1/bars?symbol=SP500&timeframe=1d&last=3").json()
    assert columns["row_count"] == 3 and columns["columns"]["time"][-1] == "2020-04-17T00:00:00Z"
    rows = server.get("/api/v1/bars?symbol=SP500&timeframe=1d&last=3&format=json").json()
    assert [bar["close"] for bar in rows["bars"]] == columns["columns"]["close"]
    text = server.get("/api/v1/bars?symbol=SP500&timeframe=1d&last=3&format=csv")
    assert text.headers["content-type"].startswith("text/csv") and len(text.body.splitlines()) == 4


def test_the_catalogue_can_be_searched_and_shows_each_script(server):
    listed = server.get("/api/v1/strategies").json()
    assert listed["total"] == len(listed["strategies"]) >= 10
    trend = server.get("/api/v1/strategies?category=trend&limit=1").json()
    assert len(trend["strategies"]) == 1 and trend["total"] > 1
    one = server.get("/api/v1/strategies/MovingAverageCrossover").json()
    assert one["pine"].startswith("//") and one["fails_when"]
    fast = next(i for i in one["inputs"] if i["name"] == "fast_length")
    assert fast["kind"] == "int" and fast["minimum"] < fast["default"] < fast["maximum"]
    is_problem(server.get("/api/v1/strategies/Nothing"), 404, "STRATEGY_NOT_FOUND")
    is_problem(server.get("/api/v1/strategies?risk_level=huge"), 422, "INVALID_REQUEST")
    is_problem(server.get("/api/v1/strategies?limit=101"), 422, "INVALID_REQUEST")
    chosen = server.get("/api/v1/strategies?risk_level=high&complexity=advanced&search=a").json()["strategies"]
    assert chosen and {(s["risk_level"], s["complexity"]) for s in chosen} == {("high", "advanced")}


def test_the_catalogue_is_summed_up_by_category(server):
    listed = server.get("/api/v1/strategies").json()
    summary = server.get("/api/v1/strategies/categories/summary").json()
    assert summary["total"] == listed["total"]
    by_name = {s["name"]: s for s in listed["strategies"]}
    for category in summary["categories"]:
        members = [by_name[name] for name in category["strategies"]]
        assert category["count"] == len(members) > 0
        assert {s["category"] for s in members} == {category["category"]}
        assert category["risk_levels"]["high"] == sum(s["risk_level"] == "high" for s in members)
        assert category["complexities"]["simple"] == sum(s["complexity"] == "simple" for s in members)
    assert sum(summary["risk_levels"].values()) == sum(summary["complexities"].values()) == summary["total"]


def test_values_of_a_strategy_are_checked_without_a_run(server):
    route = "/api/v1/strategies/RSIStrategy/validate"
    good = server.post(route, {"inputs": {"rsi_length": 5}, "properties": {"initial_capital": 5000}}).json()
    assert good["valid"] and good["inputs"]["rsi_length"] == 5 and good["settings"]["initial_capital"] == 5000
    assert good["inputs"]["oversold"] == server.post(route, {}).json()["inputs"]["oversold"]
    wrong = server.post(route, {"inputs": {"rsi_length": 5000, "nothing": 1}})
    is_problem(wrong, 422, "INVALID_REQUEST")
    assert {e["pointer"] for e in wrong.json()["errors"]} == {"/inputs/rsi_length", "/inputs/nothing"}
    is_problem(server.post("/api/v1/strategies/Nothing/validate", {}), 404, "STRATEGY_NOT_FOUND")


def test_a_backtest_gives_what_the_command_line_gives(program, server):
    body = {"strategy": "RSIStrategy", "symbol": "SP500", "timeframe": "1w", "inputs": {"rsi_length": 5}}
    over_http = server.post("/api/v1/backtests", body).json()
    by_hand = program(
        "backtest", "RSIStrategy", "--symbol", "SP500", "--timeframe", "1w", "--set", "rsi_length=5", "--json"
    ).json()
    assert by_hand["plots"]
    assert server.post("/api/v1/backtests", body | {"include_plots": True}).json() == by_hand
    for shown in ("plots", "plot_bars_left_out", "drawings", "drawing_parts_left_out"):
        by_hand.pop(shown)
    assert over_http == by_hand


def test_a_batch_is_a_tournament_over_strategies_symbols_and_timeframes(program, server):
    body = {"strategies": ["RSIStrategy", "MovingAverageCrossover", "PairsTradingStrategy"], "symbols": ["SP500"],
            "timeframes": ["1d", "1w"], "stages": [{"trials": 5, "keep": 2}, {"trials": 12}], "objective": "net_profit"}  # fmt: skip
    accepted = server.post("/api/v1/optimize/batch", body)
    assert accepted.status == 202
    job_id = accepted.json()["job_id"]
    server.wait_for_job(job_id, seconds=60)
    status = server.get(f"/api/v1/optimize/status/{job_id}").json()
    assert status["state"] == "completed" and status["trials_done"] == status["trials_total"] == 6 * 5 + 2 * 7
    board = server.get(f"/api/v1/optimize/results/{job_id}?trials=3").json()
    assert len(board["places"]) == 6 and [place["stages"] for place in board["places"]][:2] == [2, 2]
    assert {(place["strategy"], place["timeframe"]) for place in board["places"]} >= {("RSIStrategy", "1w")}
    assert board["trials_tried"] == board["places"][0]["result"]["assessment"]["trials"]
    by_hand = program(
        "tournament", "--symbol", "SP500", "--timeframe", "1d", "--stages", "5/1,12", "--objective", "net_profit",
        "--strategy", "RSIStrategy", "--strategy", "MovingAverageCrossover", "--json", "-",
    ).json()  # fmt: skip
    alike = {place["strategy"]: place["parameters"] for place in board["places"]
             if place["timeframe"] == "1d" and place["stages"] == 2}  # fmt: skip
    for place in by_hand["places"]:
        if place["stages"] == 2 and place["strategy"] in alike:
            assert place["parameters"] == alike[place["strategy"]]

    for change, pointer in (({"symbols": []}, "/symbols"), ({"timeframes": ["7q"]}, "/timeframe"),
                            ({"stages": [{"trials": 5}, {"trials": 5}]}, "/stages"), ({"category": "trend"}, "/category"),
                            ({"objective": "luck"}, "/objective"), ({"priority": 4}, "/priority"),
                            ({"timeframes": ["1d"] * 1001}, "/symbols")):  # fmt: skip
        errors = is_problem(server.post("/api/v1/optimize/batch", body | change), 422, "INVALID_REQUEST")["errors"]
        assert [error["pointer"] for error in errors] == [pointer], change
    is_problem(server.post("/api/v1/optimize/batch", body | {"symbols": ["NOPE"]}), 404, "INSTRUMENT_NOT_FOUND")
    is_problem(server.post("/api/v1/optimize/batch", body | {"strategies": ["Nobody"]}), 404, "STRATEGY_NOT_FOUND")


def test_errors_name_the_field(server):
    def fields(reply, code="INVALID_REQUEST"):
        return {error["pointer"]: error["message"] for error in is_problem(reply, 422, code)["errors"]}

    run = {"strategy": "RSIStrategy", "symbol": "SP500", "timeframe": "1d"}
    assert "/sybmol" in fields(server.post("/api/v1/backtests", run | {"sybmol": "X"}))
    assert "/symbol" in fields(server.post("/api/v1/backtests", {"strategy": "RSIStrategy", "timeframe": "1d"}))
    assert "/timeframe" in fields(server.post("/api/v1/backtests", run | {"timeframe": "7q"}))
    wrong = fields(server.post("/api/v1/backtests", run | {"inputs": {"rsi_length": -1, "nothing": 3}}))
    assert set(wrong) == {"/inputs/rsi_length", "/inputs/nothing"}
    assert "/properties/initial_capital" in fields(
        server.post("/api/v1/backtests", run | {"properties": {"initial_capital": 0}})
    )
    is_problem(server.post("/api/v1/backtests", run | {"symbol": "NOPE"}), 404, "INSTRUMENT_NOT_FOUND")
    is_problem(server.post("/api/v1/backtests", b"{not json"), 400, "MALFORMED_JSON")
    script = {"pine": '//@version=6\nindicator("x")\nplot(nothing)\n', "symbol": "SP500", "timeframe": "1d"}
    problem = is_problem(server.post("/api/v1/backtests", script), 422, "PINE_COMPILE_ERROR")
    assert (problem["errors"][0]["line"], problem["errors"][0]["column"]) == (3, 6)
    for change in ({"trials": 0}, {"objective": "luck"}, {"sampler": "dice"}, {"parameters": [{"name": "no"}]},
                   {"constraints": ["fast_length"]}, {"require": ["luck > 1"]}, {"weights": {"net_profit": 1}},
                   {"time_limit_seconds": 0}, {"stop_after": 0}, {"random_periods": -1},
                   {"random_periods": 5, "validate": False}, {"validation_share": 0.9}, {"also": ["SP500"] * 101},
                   {"walk_forward": {"train_days": 0}}, {"walk_forward": {"test_days": 1e9}},
                   {"walk_forward": {"step_days": 91}}, {"first_points": [{"nothing": 1}]},
                   {"first_points": [{"fast_length": "long"}]}):  # fmt: skip
        (pointer,) = fields(server.post("/api/v1/optimize/validate", SEARCH | change))
        assert pointer.startswith("/" + next(iter(change)))
    assert "last" in str(fields(server.get("/api/v1/bars?symbol=SP500&timeframe=1d&last=0")))
    assert "nothing" in str(fields(server.get("/api/v1/bars?symbol=SP500&timeframe=1d&nothing=1")))


def test_routes_and_methods_that_are_not_there(server):
    is_problem(server.get("/api/v1/nothing"), 404, "NOT_FOUND")
    reply = server.call("DELETE", "/api/v1/bars")
    is_problem(reply, 405, "METHOD_NOT_ALLOWED")
    assert reply.headers["allow"]
    assert server.get("/../../etc/passwd").status in (400, 404)
    assert server.get("/%2e%2e/%2e%2e/etc/passwd").status in (400, 404)


def test_everything_has_a_bound(server):
    def status(request):
        return int(server.raw(request).split(b" ", 2)[1])

    host = b"Host: 127.0.0.1:%d\r\n" % server.port
    assert status(b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n" + host + b"\r\n") == 414
    assert status(b"GET / HTTP/1.1\r\n" + host + b"X: " + b"a" * 100_000 + b"\r\n\r\n") == 431
    assert status(b"POST /api/v1/backtests HTTP/1.1\r\n" + host + b"Content-Length: 999999999\r\n\r\n") == 413
    assert status(b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n") == 400
    large = {"pine": "//" + "x" * 3_000_000, "symbol": "SP500", "timeframe": "1d"}
    is_problem(server.post("/api/v1/backtests", large), 422, "PINE_COMPILE_ERROR")
    is_problem(server.post("/api/v1/backtests", b"[" * 100_000), 400, "MALFORMED_JSON")
    assert server.get("/livez").status == 200


def test_other_origins_and_rebound_names_are_refused(server):
    is_problem(server.get("/api/v1/instruments", headers={"Host": "evil.example"}), 403, "FOREIGN_ORIGIN")
    is_problem(
        server.post("/api/v1/backtests", {}, headers={"Origin": "http://evil.example"}), 403, "FOREIGN_ORIGIN"
    )


def test_an_endless_script_ends_and_others_are_answered_meanwhile(server):
    script = '//@version=6\nstrategy("x")\nvar int i = 0\nwhile true\n    i += 1\nplot(i)\n'
    reply = server.post("/api/v1/backtests", {"pine": script, "symbol": "SP500", "timeframe": "1d"})
    assert reply.status == 422 and "4:1" in json.dumps(reply.json())
    assert server.get("/livez").status == 200


def test_a_search_runs_and_its_results_are_kept(program, server):
    assert server.post("/api/v1/optimize/validate", SEARCH).json() == {"valid": True, "combinations": 18, "trials": 18}
    accepted = server.post("/api/v1/optimize/single", SEARCH)
    assert accepted.status == 202
    job_id = accepted.json()["job_id"]
    assert accepted.headers["location"] == accepted.json()["status_url"] == f"/api/v1/optimize/status/{job_id}"
    done = server.wait_for_job(job_id)
    assert (done["trials_done"], done["trials_total"], done["progress"]) == (18, 18, 1)
    results = server.get(accepted.json()["results_url"]).json()
    assert results["trials"]["count"] == 18 == len(results["trials"]["objective"])
    objective = results["trials"]["objective"]
    assert objective == sorted(objective, reverse=True)
    assert len(server.get(accepted.json()["results_url"] + "?trials=5").json()["trials"]["index"]) == 5
    by_hand = program(
        "optimize", "MovingAverageCrossover", "--symbol", "SP500", "--param", "fast_length=5:30:5",
        "--param", "slow_length=60,80,100", "--objective", "net_profit", "--json", "-",
    ).json()  # fmt: skip
    results.pop("job_id")
    assert results.pop("request")["body"]["strategy"] == "MovingAverageCrossover"
    assert by_hand.pop("request")["arguments"][0] == "MovingAverageCrossover"
    assert results == by_hand
    is_problem(server.post(f"/api/v1/optimize/cancel/{job_id}", {}), 409, "CANCELLATION_NOT_ALLOWED")
    assert server.end() == 0
    server.start()
    assert server.get(f"/api/v1/optimize/status/{job_id}").json()["state"] == "completed"
    assert [job["job_id"] for job in server.get("/api/v1/optimize/jobs").json()["jobs"]] == [job_id]


def test_a_search_takes_ranges_without_steps_conditions_and_constraints(server):
    space = SEARCH | {
        "parameters": [
            {"name": "fast_length", "from": 5, "to": 30, "step": 5},
            {"name": "slow_length", "from": 60, "to": 100, "step": 1, "scale": "log"},
        ],
        "constraints": ["fast_length < slow_length", "slow_length > 80"], "sampler": "random", "trials": 40,
    }  # fmt: skip
    assert server.post("/api/v1/optimize/validate", space).json() == {"valid": True, "combinations": 246, "trials": 40}
    job_id = server.post("/api/v1/optimize/single", space).json()["job_id"]
    server.wait_for_job(job_id)
    tried = server.get(f"/api/v1/optimize/results/{job_id}").json()["trials"]["parameters"]
    assert len(tried["fast_length"]) == 40
    assert min(tried["slow_length"]) > 80
    names = [sampler["name"] for sampler in server.get("/api/v1/optimize/samplers").json()["samplers"]]
    assert names[:2] == ["grid", "random"]


def test_a_search_can_be_cancelled_and_has_no_results(program, serve):
    program.write("wave.csv", wave(20_000))
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m")
    server = serve()
    job_id = server.post("/api/v1/optimize/single", LONG_SEARCH).json()["job_id"]
    waiting = server.post("/api/v1/optimize/single", LONG_SEARCH).json()["job_id"]
    while server.get(f"/api/v1/optimize/status/{job_id}").json()["trials_done"] == 0:
        time.sleep(0.05)
    running = server.get(f"/api/v1/optimize/status/{job_id}").json()
    assert running["state"] == "running" and running["trials_total"] == 1_000_000
    assert running["phase"] == "hyperparameter_optimization" and running["best"]["parameters"]
    is_problem(server.get(f"/api/v1/optimize/results/{job_id}"), 409, "OPTIMIZATION_NOT_COMPLETED")
    assert server.post(f"/api/v1/optimize/cancel/{waiting}", {}).json()["state"] == "cancelled"
    server.post(f"/api/v1/optimize/cancel/{job_id}", {})
    server.wait_for_job(job_id, ("cancelled",), seconds=10)
    is_problem(server.get("/api/v1/optimize/status/" + "0" * 32), 404, "JOB_NOT_FOUND")


@pytest.mark.parametrize(
    "end, sampler", [(signal.SIGKILL, "tpe"), (signal.SIGTERM, "random")], ids=["killed", "stopped"]
)
def test_a_search_survives_a_restart_of_the_server_and_says_what_became_of_it(program, serve, end, sampler):
    program.write("wave.csv", wave(20_000))
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m")
    search = LONG_SEARCH | {"trials": 6000, "sampler": sampler}
    server = serve()
    job_id = server.post("/api/v1/optimize/single", search).json()["job_id"]
    end_time = time.monotonic() + 60
    while server.get(f"/api/v1/optimize/status/{job_id}").json()["trials_done"] < 100 and time.monotonic() < end_time:
        time.sleep(0.01)
    server.end(end)
    server.start()
    job = server.get(f"/api/v1/optimize/status/{job_id}").json()
    assert job["state"] in ("queued", "running"), job
    assert "after a restart of the server" in job["note"]
    server.wait_for_job(job_id, seconds=120)
    interrupted = server.get(f"/api/v1/optimize/results/{job_id}").json()
    again = server.post("/api/v1/optimize/single", search).json()["job_id"]
    server.wait_for_job(again, seconds=120)
    straight = server.get(f"/api/v1/optimize/results/{again}").json()
    for results in (interrupted, straight):
        results.pop("job_id")
    assert interrupted == straight


def test_a_stopping_server_finishes_what_it_began(program, server):
    with socket.create_connection(("127.0.0.1", server.port)) as idle:  # a connection that says nothing holds nobody up
        assert server.get("/livez").status == 200  # connections are taken in their order: the idle one is now, too
        begin = time.monotonic()
        assert server.end() == 0
        assert time.monotonic() - begin < 12
        assert idle.recv(10) == b""


def test_a_port_that_is_taken_is_named(program, server):
    said = program("serve", "--data", "other", "--listen", f"127.0.0.1:{server.port}", "--no-authentication", code=1)
    assert str(server.port) in said.err and "in use" in said.err


def test_a_second_server_of_one_data_directory_is_refused_and_the_first_goes_on(program, serve):
    program.import_sp500()
    first = serve("--data", program.data)
    refused = program("serve", "--data", program.data, "--listen", "127.0.0.1:0", "--no-authentication", code=1)
    assert f"in use by another server, process {first.process.pid};" in refused.err
    assert first.get("/livez").status == 200
    first.end(signal.SIGKILL)
    assert serve("--data", program.data).get("/livez").status == 200
