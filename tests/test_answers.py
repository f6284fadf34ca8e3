"""Bars come with their story: what is missing, what was filled, whether the last one is whole, and from where."""

import csv
import io
import os
import subprocess
import uuid

import pytest

# 2020-01-06, a Monday, 09:30 to 09:39 in New York, without 09:33 and 09:34; the last five minutes are not there yet.
MINUTES = [14 * 60 + 30 + i for i in range(10) if i not in (3, 4)]
BARS = "time,open,high,low,close,volume\n" + "".join(
    f"2020-01-06T{m // 60:02}:{m % 60:02}:00Z,{m},{m + 1},{m - 1},{m + 0.5},{10 * (i + 1)}\n"
    for i, m in enumerate(MINUTES)
)


def stored(program, *arguments):
    program.write("spy.csv", BARS)
    program("import", "spy.csv", "--symbol", "SPY", "--timeframe", "1m", "--exchange", "NYSE",
            "--exchange-timezone", "America/New_York", "--session", "0930-1600", *arguments)  # fmt: skip


def test_an_answer_says_what_is_missing_what_is_partial_and_whether_it_was_kept(program, serve):
    stored(program)
    server = serve("--data", program.data)
    path = "/api/v1/bars?symbol=SPY&timeframe=15m"
    first, second = server.get(path).json(), server.get(path).json()
    assert (first["cached"], second["cached"]) == (False, True)
    assert first["read_at"] == second["read_at"]
    assert first["last_is_partial"] is True
    assert server.get("/api/v1/bars?symbol=SPY&timeframe=5m").json()["last_is_partial"] is False
    gaps = server.get("/api/v1/bars?symbol=SPY&timeframe=1m").json()["gaps"]
    assert gaps["calendar"] == "XNYS"
    assert gaps["bars_present"] == 8
    assert gaps["bars_missing"] + gaps["bars_without_trade"] == 2

    # A write makes what was kept wrong, and it is not given again.
    program.write("more.csv", BARS.splitlines()[0] + "\n2020-01-06T14:40:00Z,1,9999,1,1,1\n")
    program("import", "more.csv", "--symbol", "SPY", "--timeframe", "1m")
    third = server.get(path).json()
    assert third["cached"] is False
    assert third["columns"]["high"] == [9999]
    health = server.get("/api/v1/health/cache").json()
    assert health["invalidations"] == 1 and health["hits"] == 1 and health["redis"] is None


def test_filled_bars_are_marked_and_vwap_is_made_of_what_is_stored(program, serve):
    stored(program)
    server = serve("--data", program.data)
    filled = server.get("/api/v1/bars?symbol=SPY&timeframe=1m&fill=forward&format=csv").body.decode()
    rows = list(csv.DictReader(io.StringIO(filled)))
    assert [row["filled"] for row in rows] == ["", "", "", "forward", "forward", "", "", "", "", ""]
    assert rows[3]["close"] == rows[2]["close"] and rows[3]["volume"] == "0"
    line = server.get("/api/v1/bars?symbol=SPY&timeframe=1m&fill=interpolate").json()["columns"]
    assert line["filled"][3:5] == ["interpolate"] * 2
    assert line["close"][2] < line["close"][3] < line["close"][4] < line["close"][5]

    five = server.get("/api/v1/bars?symbol=SPY&timeframe=5m&vwap=true").json()["columns"]
    first = [(m, 10 * (i + 1)) for i, m in enumerate(MINUTES) if m < 14 * 60 + 35]
    typical = [((m + 1) + (m - 1) + (m + 0.5)) / 3 for m, _ in first]
    expected = sum(p * v for p, (_, v) in zip(typical, first)) / sum(v for _, v in first)
    assert five["vwap"][0] == pytest.approx(expected, rel=1e-12)
    refused = server.get("/api/v1/bars?symbol=SPY&timeframe=1m&fill=backward")
    assert refused.status == 422 and "forward, interpolate" in refused.json()["detail"]


@pytest.mark.skipif("TRADEASSIST_TEST_POSTGRES" not in os.environ, reason="no PostgreSQL server for tests")
def test_the_same_on_a_postgresql_server(program, serve):
    url = os.environ["TRADEASSIST_TEST_POSTGRES"]
    name = "e2e_" + uuid.uuid4().hex[:12]
    subprocess.run(["psql", "-q", url, "-c", f"CREATE DATABASE {name}"], check=True)
    own = url.rsplit("/", 1)[0] + "/" + name
    try:
        stored(program, "--database", own)
        assert not (program.data / "market.db").exists()
        server = serve("--data", program.data, "--database", own)
        answer = server.get("/api/v1/bars?symbol=SPY&timeframe=5m").json()
        assert answer["columns"]["volume"] == [60, 300]
        assert server.get("/api/v1/health/database").status == 200
        said = program("doctor", "--database", own).out
        assert "8 rows; 0 broken" in said
        server.end()
    finally:
        subprocess.run(["psql", "-q", url, "-c", f"DROP DATABASE {name} WITH (FORCE)"], check=True)
