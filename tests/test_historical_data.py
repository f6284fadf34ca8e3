"""Bars of many instruments in one request: at once, in the background, and from a provider."""

import datetime
import math
import os
import pathlib
import signal
import statistics
import time
import zoneinfo

import pytest
from conftest import ROOT, Server, is_problem, walk
from test_continuous import CONTRACTS
from test_providers import login, schwab  # noqa: F401  (a fixture)

FETCH = "/api/v1/historical-data/fetch"
AGGREGATE = "/api/v1/historical-data/aggregate"
COMPARE = "/api/v1/historical-data/compare"
FILES = pathlib.Path(os.environ.get("TRADEASSIST_SHARED_DATA", ROOT.parent / "shared/data")) / "bars"
SPY = {"symbols": ["SPY"], "frequency": "1d", "preset": "max"}


@pytest.fixture
def server(program, serve) -> Server:
    if not FILES.exists():
        pytest.skip(f"{FILES} with real files is absent")
    for symbol in ("SPY", "GOOG"):
        program("import", FILES / f"{symbol.lower()}_1d.csv", "--symbol", symbol, "--timeframe", "1d", "--exchange", "NYSE",
                "--exchange-timezone", "America/New_York", "--session", "0930-1600")  # fmt: skip
    program.write("walk.csv", walk(3_000))
    program("import", "walk.csv", "--symbol", "WALK", "--timeframe", "1m")
    return serve("--data", program.data)


def wait_for(server, url, states=("completed",), seconds=30):
    end = time.monotonic() + seconds
    while True:
        query = server.get(url).json()
        if query["status"] in states:
            return query
        assert query["status"] in ("queued", "running") and time.monotonic() < end, query
        time.sleep(0.02)


def test_a_symbol_that_fails_is_not_empty_and_leaves_the_others_alone(server):
    asked = {"symbols": ["SPY", "GONE", "GOOG"], "frequency": "1d", "start": "2004-01-01", "end": "2004-02-01"}
    answer = server.post(FETCH, asked).json()
    assert answer["query_id"] and answer["execution_time_ms"] >= 0
    ok, error, empty = answer["results"]
    assert [each["symbol"] for each in answer["results"]] == asked["symbols"]
    assert [each["status"] for each in answer["results"]] == ["ok", "error", "empty"]
    assert error["error"]["code"] == "INSTRUMENT_NOT_FOUND" and error["data"] is None and error["reason"] is None
    assert "2004-08-19" in empty["reason"] and empty["error"] is None and empty["data"]["row_count"] == 0
    alone = server.get("/api/v1/bars?symbol=SPY&timeframe=1d&from=2004-01-01&to=2004-02-01").json()
    assert ok["bar_count"] == alone["row_count"] == answer["bar_count"] == 20
    for own in ("cached", "read_at"):
        assert ok["data"].pop(own) is not None
        alone.pop(own)
    assert ok["data"] == alone
    again = server.post(FETCH, {**asked, "format": "json"}).json()["results"][0]["data"]
    assert again["cached"] is True and len(again["bars"]) == 20


def test_every_kind_of_range_and_frequency(server):
    (last,) = server.post(FETCH, {"symbols": ["SPY"], "frequency": "1M", "last": 3}).json()["results"]
    months = server.get("/api/v1/bars?symbol=SPY&timeframe=1M&last=3").json()
    assert last["data"]["columns"] == months["columns"]
    (odd,) = server.post(FETCH, {"symbols": ["WALK"], "frequency": "7m", "last": 5}).json()["results"]
    assert odd["bar_count"] == 5 and odd["data"]["base_timeframe"] == "1m"
    (recent,) = server.post(FETCH, {"symbols": ["SPY"], "frequency": "1d", "relative": {"days": 2}}).json()["results"]
    assert recent["status"] == "empty" and "the stored bars run from" in recent["reason"]
    (short,) = server.post(FETCH, {**SPY, "max_bars": 100}).json()["results"]
    assert short["error"]["code"] == "TOO_MANY_BARS" and "at most 100" in short["error"]["message"]


def test_relative_ranges_are_dates_of_the_instrument_up_to_now(program, server):
    now = int(time.time()) // 60 * 60
    program.write("now.csv", walk(5_000, start=now - 4_999 * 60))
    program("import", "now.csv", "--symbol", "NOW", "--timeframe", "1m", "--exchange-timezone", "Asia/Tokyo")
    tokyo = zoneinfo.ZoneInfo("Asia/Tokyo")
    midnight = datetime.datetime.now(tokyo).replace(hour=0, minute=0, second=0, microsecond=0)
    yesterday = (midnight - datetime.timedelta(days=1)).astimezone(datetime.timezone.utc)
    for asked in ({"relative": {"days": 1}}, {"preset": "1d"}):
        (one,) = server.post(FETCH, {"symbols": ["NOW"], "frequency": "1m", **asked}).json()["results"]
        times = one["data"]["columns"]["time"]
        assert times[0] == yesterday.strftime("%Y-%m-%dT%H:%M:%SZ")
        assert times[-1] == time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))


def test_a_root_is_asked_for_as_a_continuous_future_and_the_roll_policy_counts(program, serve):
    for symbol in ("ESH20", "ESM20"):
        lines = [line for line in CONTRACTS.splitlines()[1:] if line.startswith(symbol)]
        bars = "".join(f"{day},{p},{p},{p},{p},{v}\n" for _, day, p, v in (line.split(",") for line in lines))
        program.write(f"{symbol}.csv", "time,open,high,low,close,volume\n" + bars)
        program("import", f"{symbol}.csv", "--symbol", symbol, "--timeframe", "1d", "--asset-class", "future")
    server = serve("--data", program.data)
    asked = {"symbols": ["ES"], "frequency": "1d", "preset": "max", "continuous_series": True,
             "adjustment": "difference", "asset_class": "future"}  # fmt: skip
    closes = {}
    for rule, symbol in (("volume", "ES.v.0"), ("calendar:5", "ES.c.0")):
        (made,) = server.post(FETCH, {**asked, "roll_policy": rule}).json()["results"]
        alone = server.get(f"/api/v1/bars?symbol={symbol}&timeframe=1d&roll={rule}&adjustment=difference").json()
        assert (made["symbol"], made["data"]["symbol"]) == ("ES", symbol)
        assert made["data"]["columns"] == alone["columns"]
        assert made["data"]["continuous"] == alone["continuous"] and len(alone["continuous"]["rolls"]) == 1
        closes[rule] = made["data"]["columns"]["close"]
    assert closes["volume"] != closes["calendar:5"]
    (wrong,) = server.post(FETCH, {**asked, "asset_class": "stock"}).json()["results"]
    assert "stored as future, not as stock" in wrong["error"]["message"]
    body = {"symbol": "ES", "frequencies": ["1d", "1w"], "preset": "max", "continuous_series": True}
    (both,) = server.post(AGGREGATE, body).json()["results"]
    assert both["base_timeframe"] is None and [each["status"] for each in both["frequencies"]] == ["ok", "ok"]


def test_what_is_wrong_with_a_request_is_named(server):
    problem = is_problem(server.post(FETCH, {"symbols": ["SPY"], "frequency": "1d"}), 422, "INVALID_REQUEST")
    assert problem["errors"][0]["pointer"] == "/start"
    problem = is_problem(server.post(FETCH, {**SPY, "limit": 5}), 422, "INVALID_REQUEST")
    assert problem["errors"][0]["pointer"] == "/limit"
    problem = is_problem(server.post(FETCH, {**SPY, "provider": "yahoo"}), 422, "INVALID_REQUEST")
    assert "there is: schwab" in problem["detail"]
    problem = is_problem(server.post(FETCH, {**SPY, "provider": "schwab"}), 422, "PROVIDER_NOT_CONFIGURED")
    assert "schwab_key" in problem["detail"]


def test_a_query_in_the_background_is_followed_to_its_end(server):
    reply = server.post(FETCH, {**SPY, "symbols": ["SPY", "GONE"], "background": True})
    started = reply.json()
    assert reply.status == 202 and reply.headers["location"] == started["status_url"]
    assert started["channel"] == "historical_data:" + started["query_id"]
    done = wait_for(server, started["status_url"])
    spy, gone = done["symbols"]
    alone = server.get("/api/v1/bars?symbol=SPY&timeframe=1d").json()
    assert (spy["status"], spy["bars"]) == ("ok", alone["row_count"]) and done["progress"] == 1
    assert (spy["first_time"], spy["last_time"]) == (alone["columns"]["time"][0], alone["columns"]["time"][-1])
    assert (gone["status"], gone["error"]["code"]) == ("error", "INSTRUMENT_NOT_FOUND")
    is_problem(server.call("DELETE", started["status_url"]), 409, "CANCELLATION_NOT_ALLOWED")
    is_problem(server.get(FETCH + "/0123"), 404, "JOB_NOT_FOUND")


def test_a_query_can_be_cancelled(server):
    # Nobody subscribes to the stream, so that the query waits.
    started = server.post(FETCH, {**SPY, "background": True, "stream": True}).json()
    assert server.call("DELETE", started["status_url"]).status == 200
    assert wait_for(server, started["status_url"], ("cancelled",))["finished_at"]


def configured(program, schwab):  # noqa: F811
    names = {"TRADEASSIST_SCHWAB_KEY": "schwab_key", "TRADEASSIST_SCHWAB_SECRET": "schwab_secret",
             "TRADEASSIST_SCHWAB_BASE_URL": "schwab_base_url"}  # fmt: skip
    lines = [f'{names[name]} = "{value}"' for name, value in schwab.environment.items()]
    return program.write("settings.toml", "\n".join(lines) + "\n")


def test_a_provider_brings_what_is_missing_and_a_killed_server_goes_on(program, serve, schwab):  # noqa: F811
    login(program, schwab)
    server = serve("--data", program.data, "--config", configured(program, schwab))
    asked = {"symbols": ["SPY", "NONE"], "frequency": "1d", "start": "2025-06-02", "end": "2025-06-03",
             "provider": "schwab"}  # fmt: skip
    spy, none = wait_for(server, server.post(FETCH, asked).json()["status_url"])["symbols"]
    assert (spy["status"], spy["inserted"], spy["bars"]) == ("ok", 1, 1)
    assert spy["first_time"] == "2025-06-02T00:00:00Z"
    assert none["status"] == "error" and "unknown symbol" in none["error"]["message"]
    problem = is_problem(server.post(FETCH, {**asked, "frequency": "1s"}), 422, "INVALID_REQUEST")
    assert "schwab has bars of 1m" in problem["detail"]

    schwab.faults.append((429, {}, [("Retry-After", "2")]))
    started = server.post(FETCH, {**asked, "symbols": ["QQQ"]}).json()
    wait_for(server, started["status_url"], ("running",))
    server.end(signal.SIGKILL)
    server.start()
    done = wait_for(server, started["status_url"])
    assert done["symbols"][0]["inserted"] == 1 and "after a restart" in done["note"]


def test_frequencies_are_aggregated_from_the_same_bars(server):
    asked = {"symbol": "WALK", "frequencies": ["1m", "7m", "1h", "1d", "30s"], "preset": "max"}
    (walked,) = server.post(AGGREGATE, asked).json()["results"]
    assert (walked["symbol"], walked["base_timeframe"], walked["source"]) == ("WALK", "1m", "csv")
    *made, finer = walked["frequencies"]
    assert finer["status"] == "error" and "30s" in finer["error"]["message"]
    assert [each["computed"] for each in made] == [False, True, True, True]
    for each in made:
        alone = server.get(f"/api/v1/bars?symbol=WALK&timeframe={each['frequency']}").json()
        assert each["data"]["columns"] == alone["columns"] and each["bar_count"] == alone["row_count"]
        assert each["data"]["gaps"] == alone["gaps"] and "last_is_partial" in each["data"]
    minutes, sevens = (each["data"]["columns"] for each in made[:2])
    assert sevens["high"][1] == max(minutes["high"][i] for i, t in enumerate(minutes["time"])
                                    if sevens["time"][1] <= t < sevens["time"][2])  # fmt: skip
    both = server.post(AGGREGATE, {"symbols": ["GONE", "SPY"], "frequencies": ["1w", "1M"], "last": 4}).json()
    gone, spy = both["results"]
    assert gone["base_timeframe"] is None
    assert {each["error"]["code"] for each in gone["frequencies"]} == {"INSTRUMENT_NOT_FOUND"}
    assert [each["bar_count"] for each in spy["frequencies"]] == [4, 4] and spy["base_timeframe"] == "1d"
    problem = is_problem(server.post(AGGREGATE, {"symbol": "SPY", "frequencies": ["60m", "1h", "x"], "last": 1}), 422,
                         "INVALID_REQUEST")  # fmt: skip
    assert [each["pointer"] for each in problem["errors"]] == ["/frequencies/1", "/frequencies/2"]


def returns(closes):
    return [math.log(b / a) for a, b in zip(closes, closes[1:])]


def test_instruments_are_compared_over_their_common_bars(server):
    asked = {"symbols": ["SPY", "GOOG", "GONE"], "frequency": "1d", "start": "2004-06-01", "end": "2010-01-01"}
    compared = server.post(COMPARE, asked).json()
    assert [each["code"] for each in compared["failed"]] == ["INSTRUMENT_NOT_FOUND"]
    bars = [server.get(f"/api/v1/bars?symbol={symbol}&timeframe=1d&from=2004-06-01&to=2010-01-01").json()["columns"]
            for symbol in ("SPY", "GOOG")]  # fmt: skip
    spy, goog = (dict(zip(each["time"], each["close"])) for each in bars)
    common = sorted(spy.keys() & goog.keys())
    assert len(common) > 1_000 and compared["time"] == common and compared["common_bars"] == len(common)
    assert [each["dropped"] for each in compared["series"]] == [len(spy) - len(common), len(goog) - len(common)]
    x, y = [spy[time] for time in common], [goog[time] for time in common]
    first, second = compared["series"]
    assert first["close"] == x and second["close"] == y
    assert second["rebased"] == pytest.approx([100 * close / y[0] for close in y])
    assert second["return_percent"] == pytest.approx(100 * (y[-1] / y[0] - 1))
    assert second["volatility_percent"] == pytest.approx(100 * statistics.stdev(returns(y)))
    high, worst = 0, 0
    for close in x:
        high = max(high, close)
        worst = max(worst, 1 - close / high)
    assert first["max_drawdown_percent"] == pytest.approx(100 * worst)
    (pair,) = compared["pairs"]
    assert pair["spread"] == pytest.approx([b - a for a, b in zip(x, y)])
    assert pair["ratio"] == pytest.approx([b / a for a, b in zip(x, y)])
    assert pair["correlation"] == pytest.approx(statistics.correlation(returns(x), returns(y)))
    assert pair["beta"] == pytest.approx(statistics.linear_regression(returns(x), returns(y)).slope)
    problem = is_problem(server.post(COMPARE, {**asked, "symbols": ["SPY", "GONE"]}), 422, "COMPARISON_NOT_POSSIBLE")
    assert problem["errors"][0]["pointer"] == "/symbols/1"


def test_two_periods_of_an_instrument_are_compared_bar_by_bar(server):
    periods = [{"start": "2008-01-01", "end": "2009-01-01"}, {"start": "2009-01-01", "end": "2009-07-01"}]
    compared = server.post(COMPARE, {"symbol": "SPY", "frequency": "1d", "periods": periods}).json()
    crisis, after = compared["series"]
    assert compared["aligned_by"] == "bar_number" and compared["time"] is None
    assert compared["common_bars"] == len(after["close"]) == len(crisis["time"]) and after["dropped"] == 0
    assert crisis["time"][0].startswith("2008-01-02") and after["time"][0].startswith("2009-01-02")
    assert crisis["dropped"] == crisis["row_count"] - compared["common_bars"] > 100
    assert after["rebased"][0] == crisis["rebased"][0] == 100
    problem = is_problem(server.post(COMPARE, {"symbol": "SPY", "frequency": "1d", "periods": periods[:1],
                                               "format": "json"}), 422, "INVALID_REQUEST")  # fmt: skip
    assert [each["pointer"] for each in problem["errors"]] == ["/periods", "/format"]
