"""The WebSocket: what is published reaches those who subscribed, replays, and closes as it should."""

import time

import pytest
from conftest import walk, wave
from web_socket import WebSocket

FETCH = "/api/v1/historical-data/fetch"


@pytest.fixture
def stored(program):
    program.write("walk.csv", walk(12_000))
    program("import", "walk.csv", "--symbol", "WALK", "--timeframe", "1m")
    return program


def test_a_query_streams_its_bars_with_progress_and_an_end(stored, serve):
    server = serve("--data", stored.data)
    started = server.post(FETCH, {"symbols": ["WALK", "GONE"], "frequency": "1m", "preset": "max", "background": True,
                                  "stream": True}).json()  # fmt: skip
    listener = WebSocket(server.port)
    listener.subscribe(f"historical_data:{started['query_id']}", after=0)
    messages = []
    while not (messages and messages[-1]["messageType"] == "historical_data_complete"
               and messages[-1]["data"]["symbol"] is None):  # fmt: skip
        messages.append(listener.receive())
    chunks = [each["data"] for each in messages if each["messageType"] == "historical_data_chunk"]
    assert [each["chunk_number"] for each in chunks] == [1, 2, 3] and chunks[-1]["is_final_chunk"]
    bars = [bar for each in chunks for bar in each["bars"]]
    alone = server.get("/api/v1/bars?symbol=WALK&timeframe=1m&format=json").json()["bars"]
    assert [each["close"] for each in bars] == [each["close"] for each in alone]
    assert {each["data"]["symbol"] for each in messages if each["messageType"] == "historical_data_error"} == {"GONE"}
    sequences = [each["sequence"] for each in messages if each["messageType"].startswith("historical_data")]
    assert sequences == sorted(set(sequences))
    # Who comes back gets what was missed.
    again = WebSocket(server.port)
    again.subscribe(f"historical_data:{started['query_id']}", after=sequences[-3])
    replay = again.receive_until("replay_complete")
    assert [each["sequence"] for each in replay[:-1]] == sequences[-2:]


def test_a_query_is_cancelled_over_the_web_socket(stored, serve):
    server = serve("--data", stored.data)
    started = server.post(FETCH, {"symbols": ["WALK"], "frequency": "1m", "preset": "max", "background": True,
                                  "stream": True}).json()  # fmt: skip
    client = WebSocket(server.port)
    client.send(action="cancel", query_id=started["query_id"], id="mine")
    assert client.receive()["data"] == {"query_id": started["query_id"], "id": "mine"}
    end = time.monotonic() + 20
    while server.get(started["status_url"]).json()["status"] != "cancelled":
        assert time.monotonic() < end
        time.sleep(0.05)
    client.send(action="cancel", query_id=started["query_id"])
    refused = client.receive()
    assert refused["messageType"] == "error" and refused["data"]["code"] == "CANCELLATION_NOT_ALLOWED"


def test_jobs_and_the_system_are_heard(program, serve):
    program.write("wave.csv", wave(3_000))
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m")
    server = serve("--data", program.data)
    listener = WebSocket(server.port)
    listener.subscribe("system", after=0)
    seen = {each["messageType"] for each in listener.receive_until("cache_performance")}
    assert {"database_performance", "partition_status", "cache_performance"} <= seen
    job = server.post("/api/v1/optimize/single", {
        "strategy": "MovingAverageCrossover", "symbol": "WAVE", "timeframe": "1m", "trials": 20, "objective": "net_profit",
        "parameters": [{"name": "fast_length", "from": 5, "to": 50, "step": 1}]}).json()  # fmt: skip
    listener.subscribe(f"jobs:{job['job_id']}", after=0)
    messages = listener.receive_until("job_complete")
    assert messages[-1]["data"]["state"] == "completed" and messages[-1]["data"]["error"] is None
    assert any(each["messageType"] == "job_progress" for each in messages)


def test_a_replay_plays_stored_bars_and_stores_none(stored, serve):
    stored.write("live.toml", 'live_source = "replay"\nlive_symbols = "WALK"\nlive_timeframe = "5m"\n'
                              "live_replay_bars = 30\nlive_replay_speed = 3000\n")  # fmt: skip
    server = serve("--data", stored.data, "--config", "live.toml")
    listener = WebSocket(server.port)
    listener.subscribe("bars:WALK:5m", after=0)
    expected = server.get("/api/v1/bars?symbol=WALK&timeframe=5m&last=30&format=json").json()["bars"]
    bars = []
    while len(bars) < 30:
        message = listener.receive()
        if message["messageType"] == "bar":
            bars.append(message["data"])
    assert [each["time"] for each in bars] == [each["time"] for each in expected]
    assert [each["close"] for each in bars] == [each["close"] for each in expected]
    end = time.monotonic() + 20
    while (health := server.get("/api/v1/health/live").json())["state"] != "stopped":
        assert time.monotonic() < end, health
        time.sleep(0.05)
    assert health["source"] == "replay" and health["series"][0]["bars"] == 30
    listed = server.get("/api/v1/instruments").json()["instruments"][0]["series"]
    assert [each["source"] for each in listed] == ["csv"]


def test_a_live_source_that_cannot_start_says_which_setting_is_wrong(stored):
    for text, words in (('live_source = "replay"\n', "live_symbols"),
                        ('live_source = "replay"\nlive_symbols = "GONE"\n', "GONE"),
                        ('live_source = "schwab"\nlive_symbols = "SPY"\n', "schwab_key")):  # fmt: skip
        stored.write("live.toml", text)
        refused = stored("serve", "--data", stored.data, "--listen", "127.0.0.1:0", "--no-authentication", "--config",
                         "live.toml", code=1)  # fmt: skip
        assert words in refused.err


def test_stopping_the_server_closes_with_1001(program, serve):
    server = serve("--data", program.data)
    listener = WebSocket(server.port)
    listener.subscribe("live")
    server.process.terminate()
    assert listener.receive() == ("close", 1001)
    assert server.process.wait(30) == 0


def test_pages_of_others_and_plain_requests_are_refused(program, serve):
    server = serve("--data", program.data)
    assert WebSocket(server.port, headers=["Origin: http://evil.example"]).status == 403
    plain = server.get("/ws/realtime")
    assert plain.status == 426 and plain.json()["code"] == "UPGRADE_REQUIRED"
