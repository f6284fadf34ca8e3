"""What is stored, where it comes from, what it is like and what it lacks, over HTTP."""

import datetime
import statistics
import time

import pytest
from conftest import SP500, is_problem, wave
from test_continuous import CONTRACTS
from test_historical_data import configured
from test_providers import login, schwab  # noqa: F401  (a fixture)

BASE = "/api/v1/historical-data"
NAMED = ["1m", "5m", "10m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "2d", "1w", "1M"]


@pytest.fixture
def server(program, serve):
    program.import_sp500()
    program.write("wave.csv", wave(3_000))
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m", "--asset-class", "crypto")
    return serve("--data", program.data)


def by_name(answer):
    return {each["frequency"]: each for each in answer["frequencies"]}


def test_the_frequencies_and_how_others_are_written(server):
    answer = server.get(f"{BASE}/frequencies").json()
    assert [each["frequency"] for each in answer["frequencies"]] == NAMED
    assert answer["symbol"] is None and "made_of" not in answer["frequencies"][0]
    # What is told of others holds: both ends of the bounds are taken, and what lies beyond is refused.
    custom = answer["custom"]
    for frequency in [*custom["examples"], f'{custom["count_max"]}m', *(kind["example"] for kind in answer["tick_bars"])]:
        path = f"/api/v1/bars?symbol=GONE&timeframe={frequency}"
        assert server.get(path).json()["code"] == "INSTRUMENT_NOT_FOUND", frequency
    is_problem(server.get(f'/api/v1/bars?symbol=GONE&timeframe={custom["count_max"] + 1}m'), 422, "INVALID_REQUEST")


def test_what_a_symbols_frequencies_are_made_of(server):
    days = server.get(f"{BASE}/frequencies?symbol=SP500").json()
    of_days = by_name(days)
    assert [name for name, each in of_days.items() if each["is_available"]] == ["1d", "2d", "1w", "1M"]
    assert "12h bars cannot be made of what is stored: 1d" in of_days["12h"]["reason"]
    assert of_days["1d"]["is_stored"] and not of_days["1w"]["is_stored"]
    assert of_days["1w"]["made_of"] == days["stored"]
    assert (days["stored"][0]["row_count"], days["stored"][0]["source"]) == (5105, "csv")
    assert days["tick_bars_available"] is False
    of_minutes = by_name(server.get(f"{BASE}/frequencies?symbol=WAVE").json())
    assert all(each["is_available"] and each["made_of"][0]["timeframe"] == "1m" for each in of_minutes.values())
    # Every answer agrees with what the bars themselves say.
    for symbol, frequencies in (("SP500", of_days), ("WAVE", of_minutes)):
        for name, each in frequencies.items():
            reply = server.get(f"/api/v1/bars?symbol={symbol}&timeframe={name}&last=1")
            assert (reply.status == 200) == each["is_available"], (symbol, name)
            if each["is_available"]:
                assert reply.json()["base_timeframe"] == each["made_of"][0]["timeframe"]
    is_problem(server.get(f"{BASE}/frequencies?symbol=GONE"), 404, "INSTRUMENT_NOT_FOUND")
    is_problem(server.get(f"{BASE}/frequencies?sym=GONE"), 422, "INVALID_REQUEST")


def test_ticks_make_every_frequency_and_contracts_a_continuous_one(program, server):
    program.write("ticks.csv", "time,price,size\n" + "".join(f"2024-01-03T15:00:{i:02}Z,{100 + i},1\n" for i in range(60)))
    program("import", "ticks.csv", "--symbol", "TICK", "--ticks")
    answer = server.get(f"{BASE}/frequencies?symbol=TICK").json()
    assert answer["tick_bars_available"] is True
    assert {each["made_of"][0]["timeframe"] for each in answer["frequencies"]} == {"tick"}
    for contract in ("ESH20", "ESM20"):
        rows = [line.split(",")[1:] for line in CONTRACTS.splitlines() if line.startswith(contract)]
        program.write("es.csv", "time,open,high,low,close,volume\n" + "".join(f"{t},{c},{c},{c},{c},{v}\n" for t, c, v in rows))
        program("import", "es.csv", "--symbol", contract, "--timeframe", "1d")
    (stored,) = server.get(f"{BASE}/frequencies?symbol=ES1!").json()["stored"]
    assert (stored["series_count"], stored["row_count"], stored["timeframe"]) == (2, 8, "1d")


def test_sources_and_that_no_provider_is_there(program, server):
    program("import", SP500, "--symbol", "SP500", "--timeframe", "1d", "--source", "other")
    answer = server.get(f"{BASE}/sources").json()
    assert [each["name"] for each in answer["sources"]] == ["csv", "other"]
    of_csv = answer["sources"][0]
    assert (of_csv["series_count"], of_csv["symbol_count"], of_csv["bar_count"]) == (2, 2, 5105 + 3000)
    assert of_csv["first_time"] == "2000-01-03T00:00:00Z" and of_csv["last_append_time"] is not None
    assert answer["providers"] == [{"name": "schwab", "is_configured": False, "reason": answer["providers"][0]["reason"]}]
    assert "schwab_key" in answer["providers"][0]["reason"]
    assert answer["live"]["is_configured"] is False and "live_source" in answer["live"]["reason"]


def test_a_configured_provider_tells_how_the_way_to_it_is(program, serve, schwab):  # noqa: F811
    login(program, schwab)
    server = serve("--data", program.data, "--config", configured(program, schwab))
    (provider,) = server.get(f"{BASE}/sources").json()["providers"]
    assert provider["is_configured"] is True and provider["reason"] is None
    assert "1m" in provider["timeframes"] and "1d" in provider["timeframes"] and provider["asset_classes"]
    assert (provider["breaker"], provider["failures_in_a_row"]) == ("closed", 0)
    assert provider["calls_now"] >= 1


def percent(changes, function):
    return pytest.approx(100 * function(changes), rel=1e-9, abs=1e-12)


def test_statistics_of_days_are_those_of_the_bars(server):
    path = "symbol=SP500&timeframe=1d&from=2008-01-01&to=2009-01-01"
    bars = server.get(f"/api/v1/bars?{path}").json()
    columns, told = bars["columns"], server.get(f"{BASE}/stats?{path}").json()
    close, times = columns["close"], columns["time"]
    changes = [after / before - 1 for before, after in zip(close, close[1:])]
    assert told["bar_count"] == told["row_count"] == told["trading_days"] == len(close) == 253
    assert (told["first_time"], told["last_time"]) == (times[0], times[-1])
    assert told["volume"] == {"sum": sum(columns["volume"]), "mean": sum(columns["volume"]) / 253, "bars_known": 253}
    assert told["high"] == {"price": max(columns["high"]), "time": times[columns["high"].index(max(columns["high"]))]}
    assert told["low"] == {"price": min(columns["low"]), "time": times[columns["low"].index(min(columns["low"]))]}
    returns = told["returns"]
    assert (returns["count"], returns["undefined"]) == (252, 0)
    assert returns["mean_percent"] == percent(changes, statistics.fmean)
    assert returns["median_percent"] == percent(changes, statistics.median)
    assert returns["deviation_percent"] == percent(changes, statistics.stdev)
    order = sorted(range(252), key=lambda i: -changes[i])
    for name, wanted in (("largest_up", order[:5]), ("largest_down", order[::-1][:5])):
        assert [move["to_time"] for move in told[name]] == [times[i + 1] for i in wanted]
        assert told[name][0]["change_percent"] == pytest.approx(100 * changes[wanted[0]])
        assert told[name][0]["from_close"] == close[wanted[0]]
    assert told["largest_up"][0]["to_time"] == "2008-10-13T00:00:00Z"
    assert told["gaps"]["counts"] == bars["gaps"]["counts"] and "gaps" not in told["gaps"]
    assert told["source"] == "csv" and server.get(f"{BASE}/stats?{path}").json()["cached"] is True


def test_statistics_of_minutes_of_higher_frequencies_and_of_nothing(server):
    minutes = server.get(f"{BASE}/stats?symbol=WAVE&timeframe=1m").json()
    hours = server.get(f"{BASE}/stats?symbol=WAVE&timeframe=1h").json()
    assert (minutes["bar_count"], hours["bar_count"]) == (3000, 50)
    assert minutes["volume"]["sum"] == hours["volume"]["sum"] and minutes["high"]["price"] == hours["high"]["price"]
    assert minutes["trading_days"] == hours["trading_days"] == 3
    assert hours["base_timeframe"] == "1m"
    none = server.get(f"{BASE}/stats?symbol=SP500&timeframe=1d&from=2021-01-01").json()
    assert none["bar_count"] == 0 and "2020-04-1" in none["empty_reason"]
    assert none["volume"]["sum"] is None and none["high"] is None and none["largest_up"] == []


def test_what_is_wrong_with_a_question_is_named(server):
    for path, parameter in (
        ("stats?timeframe=1d", "symbol"),
        ("stats?symbol=SP500&timeframe=1x", "timeframe"),
        ("stats?symbol=SP500&timeframe=1d&from=2020-01-02&to=2020-01-01", "to"),
        ("stats?symbol=SP500&timeframe=1d&format=csv", "format"),
        ("gaps?symbol=SP500&timeframe=1d&kind=odd", "kind"),
        ("gaps?symbol=SP500&timeframe=1d&limit=1001", "limit"),
        ("gaps?symbol=SP500&timeframe=1d&cursor=here", "cursor"),
        ("gaps?symbol=SP500&timeframe=500t", "timeframe"),
        ("gaps?symbol=SP500&timeframe=1d&calendar=MARS", "calendar"),
        ("health?limit=201", "limit"),
        ("health?cursor=x", "cursor"),
        ("sources?symbol=SP500", "symbol"),
    ):
        errors = is_problem(server.get(f"{BASE}/{path}"), 422, "INVALID_REQUEST")["errors"]
        assert parameter in [error["pointer"].lstrip("/") for error in errors], path
    for path in ("stats?symbol=GONE&timeframe=1d", "gaps?symbol=GONE&timeframe=1d", "health?symbol=GONE"):
        is_problem(server.get(f"{BASE}/{path}"), 404, "INSTRUMENT_NOT_FOUND")


def test_gaps_are_those_of_the_command_and_come_in_pages(program, server):
    lines = wave(3_000).splitlines()
    kept = [line for i, line in enumerate(lines) if i == 0 or i % 50 or i > 2_000]
    del kept[1_500:1_600]
    program.write("holes.csv", "\n".join([*kept, ""]))
    program("import", "holes.csv", "--symbol", "HOLES", "--timeframe", "1m", "--asset-class", "crypto")
    wanted = program("gaps", "--symbol", "HOLES", "--timeframe", "1m", "--format", "json").json()
    path = f"{BASE}/gaps?symbol=HOLES&timeframe=1m"
    gaps, pages, cursor = [], 0, ""
    while cursor is not None:
        page = server.get(f"{path}&limit=7" + (f"&cursor={cursor}" if cursor else "")).json()
        assert page["counts"] == wanted["counts"] and page["bars_missing"] == wanted["bars_missing"]
        gaps += page["gaps"]
        cursor = page["next_cursor"]
        pages += 1
    assert gaps == wanted["gaps"] and pages == -(-len(gaps) // 7) and pages > 3
    missing = server.get(f"{path}&kind=missing").json()
    assert missing["gaps"] == [gap for gap in wanted["gaps"] if gap["kind"] == "missing"] and missing["kind"] == "missing"
    assert (missing["calendar"], missing["next_cursor"], missing["cached"]) == ("CRYPTO", None, True)


def test_closed_days_have_names(server):
    path = f"{BASE}/gaps?symbol=SP500&timeframe=1d&from=2001-09-01&to=2001-10-01"
    closed = server.get(f"{path}&kind=closed").json()["gaps"]
    assert ("2001-09-11T00:00:00Z", "Attacks of September 11") in [(gap["from"], gap["reason"]) for gap in closed]
    assert server.get(path).json()["gaps"] == []
    assert server.get(f"{path}&calendar=CRYPTO").json()["bars_missing"] > 0


def test_a_market_without_a_calendar_has_to_be_named_one(program, server):
    program.write("x.csv", "time,open,high,low,close,volume\n2024-01-02,1,1,1,1,1\n2024-01-04,1,1,1,1,1\n")
    program("import", "x.csv", "--symbol", "X", "--timeframe", "1d", "--exchange", "MARS", "--currency", "EUR")
    path = f"{BASE}/gaps?symbol=X&timeframe=1d"
    assert "XNYS" in is_problem(server.get(path), 422, "INVALID_REQUEST")["detail"]
    assert server.get(f"{path}&calendar=NYSE").json()["bars_missing"] == 1
    (entry,) = server.get(f"{BASE}/health?symbol=X").json()["series"]
    assert (entry["state"], entry["calendar"]) == ("unknown", None) and "MARS" in entry["reason"]
    assert server.get(f"{BASE}/stats?symbol=X&timeframe=1d").json()["gaps"]["unknown_reason"]


def test_health_tells_old_series_from_those_that_are_up_to_date(program, server):
    now = int(time.time()) // 60 * 60
    program.write("now.csv", wave(2_000, start=now - 2_000 * 60))
    program("import", "now.csv", "--symbol", "NOW", "--timeframe", "1m", "--asset-class", "crypto")
    answer = server.get(f"{BASE}/health").json()
    assert answer["summary"] == {"series": 3, "fresh": 1, "stale": 2, "unknown": 0, "is_cut": False}
    assert datetime.datetime.fromisoformat(answer["as_of"].replace("Z", "+00:00")).timestamp() == pytest.approx(now, abs=120)
    of = {entry["symbol"]: entry for entry in answer["series"]}
    old, new = of["SP500"], of["NOW"]
    assert old["state"] == "stale" and old["bars_due"] > 1_000 and old["calendar"] == "XNYS"
    assert (old["row_count"], old["corrections"], old["archived"], old["discarded"]) == (5105, 0, [], [])
    assert old["last_import"]["inserted"] == 5105 and old["last_import"]["finished_at"] is not None
    assert new["state"] == "fresh" and new["bars_due"] == 0 and new["open_seconds_since_last"] < 120
    # A bar that replaces another is told, and what is counted stays within one symbol where one is asked for.
    program.write("again.csv", "time,open,high,low,close,volume\n2000-01-03,1,2,0.5,1,1\n")
    program("import", "again.csv", "--symbol", "SP500", "--timeframe", "1d")
    alone = server.get(f"{BASE}/health?symbol=SP500").json()
    assert alone["summary"]["series"] == 1 and alone["series"][0]["corrections"] == 1
    assert alone["series"][0]["last_import"]["corrected"] == 1
    pages = [server.get(f"{BASE}/health?limit=2").json()]
    pages.append(server.get(f'{BASE}/health?limit=2&cursor={pages[0]["next_cursor"]}').json())
    assert [len(page["series"]) for page in pages] == [2, 1] and pages[1]["next_cursor"] is None
    assert pages[0]["summary"] == pages[1]["summary"]


def test_instruments_beyond_the_first_thousand_series_show_theirs(program, serve):
    folder = program.folder / "in"
    folder.mkdir()
    symbols = [f"S{number:04d}" for number in range(1100)]
    for number, symbol in enumerate(symbols):
        (folder / f"{symbol}.csv").write_text(f"date,open,high,low,close\n2024-01-02,{number + 1},{number + 2},1,2\n")
    program("watch", "in", "--symbol-from-name", "{symbol}.csv", "--timeframe", "1d", "--once")
    server = serve()
    listed, cursor = [], ""
    while cursor is not None:
        page = server.get(f"/api/v1/instruments?limit=500&cursor={cursor}").json()
        listed += page["instruments"]
        cursor = page["next_cursor"]
    assert [one["symbol"] for one in listed] == symbols
    assert [(series["timeframe"], series["row_count"]) for one in listed for series in one["series"]] == [("1d", 1)] * 1100
    (source,) = server.get("/api/v1/historical-data/sources").json()["sources"]
    assert source["symbol_count"] == 1100
    assert program("sql", "SELECT count(*) AS n FROM series()", "--format", "json").json() == [{"n": 1100}]
