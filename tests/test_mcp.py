"""The Model Context Protocol, over standard input and output and over HTTP."""

import json
import pathlib
import time

import pytest
from conftest import CROSSOVER, wave
from mcp_client import Client

FOREVER = """//@version=6
strategy("Forever")
float x = 0
for i = 0 to 400
    for k = 0 to 40
        x += math.sin(i + k) * close
plot(x)
"""
TOOLS = {
    "list_instruments", "get_bars", "get_quality", "compute_indicators", "list_indicators", "list_strategies",
    "get_strategy", "check_pine", "run_backtest", "start_optimization", "start_tournament", "list_samplers",
    "list_objectives", "list_jobs", "get_job", "get_job_log", "get_result", "cancel_job", "export_report",
    "export_pine",
}  # fmt: skip


@pytest.fixture
def stored(program):
    program.write("bars.csv", wave(3_000, step_seconds=3_600))
    program("import", "bars.csv", "--symbol", "WAVE", "--timeframe", "1h")
    return program


@pytest.fixture
def connect(stored):
    """Starts clients, and ends those that are still there."""
    started = []

    def start(*arguments, **options):
        started.append(Client(stored.folder, *arguments, **options))
        return started[-1]

    yield start
    for client in started:
        if client.process.poll() is None:
            client.process.kill()
            client.process.wait()


def finished(client, job_id, seconds=120):
    end = time.monotonic() + seconds
    while (job := client.call("get_job", job_id=job_id))["state"] not in ("completed", "failed", "cancelled"):
        assert time.monotonic() < end, job
        time.sleep(0.05)
    return job


def test_a_client_initializes_lists_the_tools_and_leaves(connect):
    client = connect()
    assert client.initialized["protocolVersion"] == "2025-06-18"
    assert client.initialized["capabilities"] == {"tools": {"listChanged": False}}
    assert client.initialized["serverInfo"]["name"] == "tradeassist"
    tools = {tool["name"]: tool for tool in client.ask("tools/list")["result"]["tools"]}
    assert tools.keys() == TOOLS
    for tool in tools.values():
        assert tool["title"] and tool["description"] and tool["inputSchema"]["type"] == "object"
        assert set(tool["inputSchema"].get("required", [])) <= tool["inputSchema"]["properties"].keys()
    assert tools["get_bars"]["annotations"]["readOnlyHint"] is True
    assert tools["cancel_job"]["annotations"]["destructiveHint"] is True
    assert client.ask("ping")["result"] == {}
    assert client.close() == (0, [])
    assert client.log.read_text() == ""


def test_older_revisions_are_spoken_where_known_and_else_the_newest_is_offered(connect):
    assert connect(version="2025-03-26").initialized["protocolVersion"] == "2025-03-26"
    assert connect(version="2024-11-05").initialized["protocolVersion"] == "2025-06-18"


def test_the_tools_read_bars_strategies_and_scripts(connect):
    client = connect()
    (instrument,) = client.call("list_instruments")["instruments"]
    assert (instrument["symbol"], instrument["series"][0]["row_count"]) == ("WAVE", 3_000)
    bars = client.call("get_bars", symbol="WAVE", timeframe="1d", last=3)
    assert len(bars["columns"]["close"]) == 3 if "columns" in bars else len(bars["close"]) == 3
    assert client.call("get_quality", symbol="WAVE", timeframe="1h")["score"] > 0
    computed = client.call("compute_indicators", symbol="WAVE", timeframe="1h", last=4,
                           expressions=[{"source": "ta.sma(close, 3)", "as": "mean"}])  # fmt: skip
    assert "mean" in json.dumps(computed)
    assert client.call("list_indicators", limit=5)["indicators"]
    assert client.call("list_strategies", search="RSI", limit=3)["strategies"]
    strategy = client.call("get_strategy", name="MovingAverageCrossover")
    assert "strategy(" in strategy["pine"] and strategy["inputs"]
    assert client.call("list_samplers")["samplers"] and client.call("list_objectives")["objectives"]

    checked = client.call("check_pine", pine=CROSSOVER)
    assert checked["valid"] and checked["kind"] == "strategy" and checked["title"] == "Crossover"
    assert [(i["name"], i["minimum"], i["maximum"]) for i in checked["inputs"]] == [("fast", 2, 20), ("slow", 10, 60)]
    checked = client.call("check_pine", pine=CROSSOVER.replace("ta.sma(close, fast)", "ta.smaa(close, fast)"))
    assert not checked["valid"] and checked["findings"][0]["line"] == 5

    result = client.call("run_backtest", pine=CROSSOVER, symbol="WAVE", timeframe="1h", inputs={"fast": 3})
    assert result["metrics"]["total_closed_trades"] > 0


def test_a_search_runs_as_a_job_and_its_result_is_exported(connect):
    client = connect()
    job = client.call("start_optimization", pine=CROSSOVER, symbol="WAVE", timeframe="1h", objective="net_profit",
                      parameters=[{"name": "fast", "from": 2, "to": 10, "step": 2}])  # fmt: skip
    assert finished(client, job["job_id"])["state"] == "completed"
    assert client.call("list_jobs")["jobs"][0]["job_id"] == job["job_id"]
    assert client.call("get_job_log", job_id=job["job_id"])["lines"]
    result = client.call("get_result", job_id=job["job_id"], trials=2)
    assert result["assessment"]["verdict"] and len(result["trials"]["index"]) == 2
    report = client.call("export_report", job_id=job["job_id"], format="html")
    assert b"<html" in pathlib.Path(report["path"]).read_bytes()
    script = client.call("export_pine", job_id=job["job_id"])
    assert "strategy(" in pathlib.Path(script["path"]).read_text()


def test_a_job_can_be_cancelled_and_waits_for_the_next_process_when_this_one_ends(connect, stored):
    client = connect()
    long = dict(pine=CROSSOVER, symbol="WAVE", timeframe="1h", trials=200_000, sampler="random", validate=False)
    long["parameters"] = [{"name": "fast", "from": 2, "to": 20}, {"name": "slow", "from": 10, "to": 60}]
    long["properties"] = {"initial_capital": 5000}
    first = client.call("start_optimization", **long)["job_id"]
    client.call("cancel_job", job_id=first)
    assert finished(client, first)["state"] == "cancelled"
    assert "CANCELLATION_NOT_ALLOWED" in client.refused("cancel_job", job_id=first)


def test_refusals_are_errors_of_the_tool_in_words(connect):
    client = connect()
    assert "GONE" in client.refused("get_bars", symbol="GONE", timeframe="1d")
    assert client.refused("get_bars", symbol="WAVE") == "INVALID_REQUEST: timeframe: is missing"
    assert "colour: " in client.refused("get_bars", symbol="WAVE", timeframe="1h", colour="red")
    assert "single value" in client.refused("get_bars", symbol=["WAVE"], timeframe="1h")
    assert "without '/'" in client.refused("get_job", job_id="../instruments")
    assert "JOB_NOT_FOUND" in client.refused("get_job", job_id="1")
    text = client.refused("run_backtest", pine="//@version=6\nstrategy('x')\nplot(y)\n", symbol="WAVE", timeframe="1h")
    assert text.startswith("PINE_COMPILE_ERROR") and "/pine 3:6" in text
    assert "either `strategy`" in client.refused("run_backtest", symbol="WAVE", timeframe="1h")


def test_long_answers_are_cut_and_say_where(connect):
    client = connect()
    bars = client.call("get_bars", symbol="WAVE", timeframe="1h", **{"from": "2019-01-01"})
    assert len(json.dumps(bars)) < 100_000
    assert 3_000 in {cut["of"] for cut in bars["cut"]}
    assert len({cut["kept"] for cut in bars["cut"]}) == 1


def test_errors_of_the_protocol_have_its_codes(connect):
    client = connect()

    def code(text):
        client.raw(text)
        answer = client.answer()
        return answer["error"]["code"], answer["id"]

    assert code("{") == (-32700, None)
    assert code('"ping"') == (-32600, None)
    assert code('{"jsonrpc": "2.0", "id": 1}') == (-32600, 1)
    assert code('{"jsonrpc": "2.0", "id": 7, "method": "resources/list"}') == (-32601, 7)
    assert code('{"jsonrpc": "2.0", "id": 8, "method": "tools/call", "params": {"name": "rm"}}') == (-32602, 8)
    assert code('{"jsonrpc": "2.0", "id": 9, "method": "tools/call", "params": []}') == (-32602, 9)
    assert code('{"jsonrpc": "2.0", "id": 10, "method": "initialize", "params": {}}') == (-32602, 10)
    assert code('[{"jsonrpc": "2.0", "id": 11, "method": "ping"}]') == (-32600, None)
    assert code("[" * 5_000) == (-32700, None)
    client.notify("notifications/unknown")
    client.raw("")
    assert client.ask("ping")["result"] == {}


def test_batches_are_answered_under_the_revision_that_has_them(connect):
    client = connect(version="2025-03-26")
    ping = {"jsonrpc": "2.0", "method": "ping"}
    client.raw(json.dumps([{**ping, "id": 1}, ping, {**ping, "id": 2}, 5]))
    assert [answer["id"] for answer in client.answer()] == [1, 2, None]


def test_nothing_is_called_before_it_is_initialized(connect):
    client = connect(initialize=False)
    answer = client.ask("tools/call", name="list_jobs")
    assert answer["error"]["code"] == -32600 and "initialize" in answer["error"]["message"]


def test_a_message_that_is_too_long_is_refused_and_the_next_one_read(connect):
    client = connect()
    client.raw('{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": {"x": "' + "y" * (5 << 20) + '"}}')
    answer = client.answer()
    assert answer["error"]["code"] == -32600 and "bytes" in answer["error"]["message"]
    assert client.ask("ping")["result"] == {}


def test_a_cancelled_call_is_not_answered_and_others_go_on(connect):
    client = connect()
    slow = client.send("tools/call", name="run_backtest",
                       arguments={"pine": FOREVER, "symbol": "WAVE", "timeframe": "1h"})  # fmt: skip
    assert client.call("list_jobs") == {"jobs": [], "next_cursor": None}
    client.notify("notifications/cancelled", requestId=slow, reason="changed my mind")
    client.notify("notifications/cancelled", requestId="never sent")
    assert client.ask("ping")["result"] == {}
    code, rest = client.close()
    assert code == 0 and rest == []


def test_what_was_asked_before_the_input_ended_is_answered(connect):
    client = connect()
    wanted = {client.send("tools/call", name="run_backtest",
                          arguments={"pine": CROSSOVER, "symbol": "WAVE", "timeframe": "1h"}) for _ in range(3)}  # fmt: skip
    code, rest = client.close()
    assert code == 0 and {answer["id"] for answer in rest} == wanted


def test_sigterm_ends_it_within_a_call(connect):
    client = connect()
    client.send("tools/call", name="run_backtest", arguments={"pine": FOREVER, "symbol": "WAVE", "timeframe": "1h"})
    begin = time.monotonic()
    assert client.terminate() == (0, [])
    assert time.monotonic() - begin < 10


def test_two_at_once_and_a_server_share_one_data_directory(connect, serve):
    server = serve()
    clients = [connect(), connect()]
    search = dict(pine=CROSSOVER, symbol="WAVE", timeframe="1h")
    search["parameters"] = [{"name": "fast", "from": 2, "to": 6}]
    ids = [client.call("start_optimization", **search)["job_id"] for client in clients]
    for client, other in zip(clients, reversed(ids)):
        assert finished(client, other)["state"] == "completed"
        assert pathlib.Path(client.call("export_pine", job_id=other)["path"]).exists()
    assert {job["job_id"] for job in server.get("/api/v1/jobs").json()["jobs"]} == set(ids)


# Over HTTP.

HEADERS = {"Accept": "application/json, text/event-stream"}


def message(method, id=1, **params):
    return {"jsonrpc": "2.0", "id": id, "method": method, "params": params}


@pytest.fixture
def session(stored, serve):
    """A server, and the headers of a session with it."""
    server = serve()
    reply = server.post("/mcp", message("initialize", protocolVersion="2025-06-18", capabilities={},
                                        clientInfo={"name": "t", "version": "1"}), headers=HEADERS)  # fmt: skip
    assert reply.status == 200 and reply.json()["result"]["protocolVersion"] == "2025-06-18"
    headers = {**HEADERS, "Mcp-Session-Id": reply.headers["mcp-session-id"], "MCP-Protocol-Version": "2025-06-18"}
    reply = server.post("/mcp", {"jsonrpc": "2.0", "method": "notifications/initialized"}, headers=headers)
    assert (reply.status, reply.body) == (202, b"")
    return server, headers


def test_over_http_the_same_tools_answer(session):
    server, headers = session
    tools = server.post("/mcp", message("tools/list"), headers=headers).json()["result"]["tools"]
    assert {tool["name"] for tool in tools} == TOOLS
    reply = server.post("/mcp", message("tools/call", id="a", name="run_backtest",
                                        arguments={"pine": CROSSOVER, "symbol": "WAVE", "timeframe": "1h"}),
                        headers=headers)  # fmt: skip
    assert reply.headers["content-type"] == "application/json"
    answer = reply.json()
    assert answer["id"] == "a" and answer["result"]["structuredContent"]["metrics"]["total_closed_trades"] > 0

    job = server.post("/mcp", message("tools/call", name="start_optimization",
                                      arguments={"pine": CROSSOVER, "symbol": "WAVE", "timeframe": "1h"}),
                      headers=headers).json()["result"]["structuredContent"]["job_id"]  # fmt: skip
    server.wait_for_job(job)
    file = server.post("/mcp", message("tools/call", name="export_report", arguments={"job_id": job}),
                       headers=headers).json()["result"]["structuredContent"]  # fmt: skip
    assert server.get(file["download_url"]).status == 200 and "path" not in file


def test_over_http_a_session_has_to_be_begun_and_can_be_ended(session):
    server, headers = session
    without = {name: value for name, value in headers.items() if name != "Mcp-Session-Id"}
    assert server.post("/mcp", message("tools/list"), headers=without).status == 400
    assert server.post("/mcp", message("tools/list"), headers={**headers, "Mcp-Session-Id": "0"}).status == 404
    assert server.call("DELETE", "/mcp", headers=without).status == 400
    assert server.call("DELETE", "/mcp", headers=headers).status == 204
    assert server.post("/mcp", message("tools/list"), headers=headers).status == 404
    assert server.call("DELETE", "/mcp", headers=headers).status == 404


def test_over_http_what_does_not_fit_the_transport_is_refused(session):
    server, headers = session
    assert server.get("/mcp", headers=headers).status == 405
    assert server.post("/mcp", message("ping"), headers={**headers, "MCP-Protocol-Version": "1999-01-01"}).status == 400
    assert server.post("/mcp", message("ping"), headers={**headers, "Accept": "text/html"}).status == 406
    assert server.post("/mcp", message("ping"), headers={**headers, "Content-Type": "text/plain"}).status == 415
    assert server.post("/mcp", message("ping"), headers={**headers, "Origin": "http://evil.example"}).status == 403
    assert server.post("/mcp", message("ping"), headers={**headers, "Host": "evil.example"}).status == 403
    reply = server.post("/mcp", b"{", headers=headers)
    assert reply.status == 400 and reply.json()["error"]["code"] == -32700
    reply = server.post("/mcp", [message("ping")], headers=headers)
    assert reply.status == 400 and reply.json()["error"]["code"] == -32600
    large = b"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9999999\r\n\r\n"
    assert server.raw(large).startswith(b"HTTP/1.1 413 ")
    assert server.post("/mcp", message("ping"), headers=headers).json()["result"] == {}


def test_over_http_another_request_cancels_a_call(session):
    import threading

    server, headers = session
    replies = []
    slow = message("tools/call", id=5, name="run_backtest",
                   arguments={"pine": FOREVER, "symbol": "WAVE", "timeframe": "1h"})  # fmt: skip
    caller = threading.Thread(target=lambda: replies.append(server.post("/mcp", slow, headers=headers)))
    caller.start()
    cancel = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 5}}
    end = time.monotonic() + 30
    while caller.is_alive():
        assert server.post("/mcp", cancel, headers=headers).status == 202
        assert time.monotonic() < end
        time.sleep(0.05)
    caller.join()
    assert replies[0].status == 202
