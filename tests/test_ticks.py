"""Trades from a file to bars of time, trades, volume and range, on the command line."""

import csv
import gzip
import io
import os
import pathlib
import sqlite3

import pytest

from conftest import ROOT

SHARED = pathlib.Path(os.environ.get("TRADEASSIST_SHARED_DATA", ROOT.parent / "shared/data"))
GOLD = SHARED / "ticks/gc_ticks_2013-10-07.csv.gz"


def bars_of(program, timeframe, *more):
    answer = program("bars", "--data", program.data, "--symbol", "GC", "--timeframe", timeframe, *more)
    return [{k: v if k == "time" else float(v) for k, v in row.items()} for row in csv.DictReader(io.StringIO(answer.out))]


@pytest.fixture
def gold(program):
    """The program with a real day of gold futures in its store, and the trades as (price, size)."""
    if not GOLD.exists():
        pytest.skip(f"{GOLD} is absent")
    text = gzip.decompress(GOLD.read_bytes()).decode()
    path = program.write("gc.csv", text)
    program.arguments = ("import", path, "--data", program.data, "--symbol", "GC", "--ticks", "--timezone",
                         "America/New_York", "--mintick", "0.1", "--json")
    done = program(*program.arguments).json()
    assert done["timeframe"] == "tick"
    assert done["files"][0]["inserted"] == 39_702
    trades = [(float(row["price"]), float(row["size"])) for row in csv.DictReader(io.StringIO(text))]
    return program, trades


def test_trades_are_told_from_bars_and_taken_packed(gold):
    program, _ = gold
    said = program("import", GOLD, "--data", program.data, "--symbol", "GC", "--timezone", "America/New_York").out
    assert "told by rows less than a second apart" in said
    assert "0 new ticks, 39702 there already" in said


def test_importing_again_changes_nothing(gold):
    program, _ = gold
    file = program(*program.arguments).json()["files"][0]
    assert (file["inserted"], file["corrected"], file["unchanged"]) == (0, 0, 39_702)


def test_bars_of_time_hold_every_trade(gold):
    program, trades = gold
    for timeframe in ("1m", "1h", "1d"):
        bars = bars_of(program, timeframe)
        assert sum(bar["volume"] for bar in bars) == sum(size for _, size in trades)
        assert bars[0]["open"] == trades[0][0] and bars[-1]["close"] == trades[-1][0]
        assert max(bar["high"] for bar in bars) == max(price for price, _ in trades)
    assert bars_of(program, "1m")[-5:] == bars_of(program, "1m", "--last", "5")


def test_bars_of_trades_and_volume_end_with_the_trade_that_fills_them(gold):
    program, trades = gold
    bars = bars_of(program, "500t")
    assert len(bars) == -(-len(trades) // 500)
    for i, bar in enumerate(bars):
        part = trades[i * 500 : (i + 1) * 500]
        assert (bar["open"], bar["close"]) == (part[0][0], part[-1][0])
        assert (bar["high"], bar["low"]) == (max(p for p, _ in part), min(p for p, _ in part))
        assert bar["volume"] == sum(size for _, size in part)
    volumes = [bar["volume"] for bar in bars_of(program, "1000v")]
    assert all(volume >= 1000 for volume in volumes[:-1]) and sum(volumes) == sum(size for _, size in trades)


def test_range_bars_are_exactly_as_high_as_asked(gold):
    program, _ = gold
    bars = bars_of(program, "10r")
    assert len(bars) > 10
    for bar in bars[:-1]:
        assert round(bar["high"] * 10) - round(bar["low"] * 10) == 10
        assert bar["close"] in (bar["high"], bar["low"])


def test_scripts_run_on_bars_of_time_made_of_ticks(gold):
    """Neither the raw ticks nor bars of trades are ever taken for the bars of a script."""
    program, _ = gold
    run = ["backtest", "RSIStrategy", "--data", program.data, "--symbol", "GC"]
    asked = program(*run, code=1).err
    assert "only ticks of GC are stored; choose the bars to make of them with --timeframe" in asked
    assert "'500t' names bars of ticks, which only `bars` gives" in program(*run, "--timeframe", "500t", code=2).err
    minutes = program("bars", "--data", program.data, "--symbol", "GC", "--timeframe", "1m").out
    program.write("minutes.csv", minutes)
    program("backtest", "RSIStrategy", "--csv", "minutes.csv", "--timeframe", "1m", "--mintick", "0.1",
            "--trades", "of_file.csv", "--exchange-timezone", "America/New_York")  # fmt: skip
    program(*run, "--timeframe", "1m", "--trades", "of_ticks.csv")
    assert (program.folder / "of_ticks.csv").read_text() == (program.folder / "of_file.csv").read_text()
    assert len((program.folder / "of_ticks.csv").read_text().splitlines()) > 1
    # Beside bars, the ticks do not count as a timeframe to choose from.
    program("import", "minutes.csv", "--data", program.data, "--symbol", "GC", "--timeframe", "1m")
    program(*run, "--trades", "default.csv")
    assert (program.folder / "default.csv").read_text() == (program.folder / "of_ticks.csv").read_text()


def test_what_is_missing_is_said(program):
    path = program.write("t.csv", "time,price,size\n2020-01-02T09:30:00.1,10,1\n2020-01-02T09:30:00.2,10,1\n")
    refused = program("import", path, "--data", program.data, "--symbol", "X", code=1)
    assert "--timezone" in refused.err
    doubtful = program.write("d.csv", "time,price\n1577836800,10\n1577836860,10\n1577836920,10\n")
    refused = program("import", doubtful, "--data", program.data, "--symbol", "X", code=1)
    assert "--timeframe 1m if they are bars, or --ticks" in refused.err
    refused = program("import", path, "--data", program.data, "--symbol", "X", "--ticks", code=1)
    assert "--timezone" in refused.err
    assert "500t" in program("bars", "--data", program.data, "--symbol", "X", "--timeframe", "0t", code=2).err


def test_ticks_are_taken_from_watched_folders_and_parquet_and_refused_to_scripts(program):
    trades = [(1577836800 + i // 3, 100 + i % 13 * 0.5, 1 + i % 3) for i in range(300)]
    text = "time,price,size\n" + "".join(f"{time},{price},{size}\n" for time, price, size in trades)
    folder = program.folder / "incoming"
    folder.mkdir()
    (folder / "A.csv").write_text(text)
    assert "300 new ticks" in program("watch", "incoming", "--symbol", "A", "--once").out
    (folder / "A.csv").unlink()
    (folder / "doubtful.csv").write_text("time,close\n1577840400,10\n1577840460,10\n1577840520,11\n")
    assert "3 new ticks" in program("watch", "incoming", "--symbol", "C", "--once", "--ticks").out
    (folder / "A.csv").write_text(text)
    refused = program("backtest", "RSIStrategy", "--csv", "incoming/A.csv", code=1).err
    assert "holds ticks (rows less than a second apart)" in refused and "--symbol" in refused
    program("sql", "SELECT * FROM 'incoming/A.csv'", "--files", "-o", "a.parquet")
    assert "300 new ticks" in program("import", "a.parquet", "--symbol", "B").out
    bars = ("bars", "--timeframe", "10t", "--symbol")
    assert program(*bars, "A").out == program(*bars, "B").out


def test_damage_costs_its_own_ticks(program):
    """A damaged chunk is named, its neighbours are read, and its range can be imported again."""
    lines = [f"{1577836800 + i}.{i % 10},{100 + i % 13 * 0.5},{1 + i % 3}" for i in range(30_000)]
    program.write("trades.csv", "\n".join(["time,price,size", *lines, ""]))
    program("import", "trades.csv", "--symbol", "X", "--ticks")
    ranges = ("bars", "--symbol", "X", "--timeframe", "1m")
    everything = program(*ranges).out
    assert "0 broken" in program("doctor").out
    with sqlite3.connect(program.data / "market.db") as database:
        [(first, last)] = database.execute(
            "SELECT first_time, last_time FROM tick_chunk ORDER BY first_time LIMIT 1 OFFSET 1"
        ).fetchall()
        database.execute("UPDATE tick_chunk SET checksum = checksum + 1 WHERE first_time = ?", (first,))
    said = program("doctor", code=1).out
    assert "8192 ticks cannot be read" in said and "1 broken" in said
    assert "damaged" in program(*ranges, code=1).err
    hour = ("--to", "2020-01-01T02:00:00Z")
    assert program(*ranges, *hour).out == "\n".join(everything.splitlines()[:121]) + "\n"
    assert "8192 ticks from" in program("doctor", "--repair", "--discard-damaged").out
    assert len(program(*ranges).out.splitlines()) < len(everything.splitlines())
    assert "8192 new ticks, 21808 there already" in program("import", "trades.csv", "--symbol", "X", "--ticks").out
    assert program(*ranges).out == everything
