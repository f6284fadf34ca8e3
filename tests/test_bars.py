"""A user brings bars in, and gets them back in any timeframe."""

import json
import random

from conftest import SP500, wave


def test_import_shows_what_it_understood_and_what_it_stored(program):
    said = program.import_sp500().out
    assert "column 1 (date), year month day" in said
    assert "5105 new bars" in said
    again = program("import", SP500, "--symbol", "SP500", "--timeframe", "1d", "--json").json()
    assert again["files"][0] | {"file": ""} == {
        "file": "", "rows": 5105, "bars": 5105, "bad_rows": 0, "duplicates": 0,
        "inserted": 0, "corrected": 0, "unchanged": 5105, "notes": [],
    }  # fmt: skip


def test_bars_come_back_as_they_were(program):
    program.import_sp500()
    stored = program("bars", "--symbol", "SP500", "--timeframe", "1d").out.splitlines()
    given = SP500.read_text().splitlines()
    assert len(stored) == len(given)
    for ours, theirs in list(zip(stored, given))[1:]:
        time, *prices = ours.split(",")
        date, *columns = theirs.split(",")
        assert time == f"{date}T00:00:00Z"
        assert [float(x) for x in prices] == [float(columns[i]) for i in (0, 1, 2, 3, 5)]


def test_higher_timeframes_are_made_of_the_stored_bars(program):
    program.import_sp500()
    days = [line.split(",") for line in program("bars", "--symbol", "SP500", "--timeframe", "1d").out.splitlines()[1:]]
    months = [line.split(",") for line in program("bars", "--symbol", "SP500", "--timeframe", "1M").out.splitlines()[1:]]
    expected = {}
    for time, open_, high, low, close, volume in days:
        month = expected.setdefault(time[:7], [open_, float(high), float(low), close, 0.0])
        month[1] = max(month[1], float(high))
        month[2] = min(month[2], float(low))
        month[3] = close
        month[4] += float(volume)
    assert len(months) == len(expected) == 244
    for time, open_, high, low, close, volume in months:
        assert [open_, float(high), float(low), close, float(volume)] == expected[time[:7]]


def test_ranges_last_bars_json_and_files(program):
    program.import_sp500()
    year = program("bars", "--symbol", "SP500", "--timeframe", "1d", "--from", "2001-01-01", "--to", "2002-01-01").out
    assert len(year.splitlines()) == 1 + 248
    program("bars", "--symbol", "SP500", "--timeframe", "1w", "--last", "2", "--format", "json", "-o", "weeks.json")
    answer = json.loads((program.folder / "weeks.json").read_text())
    assert [bar["time"] for bar in answer["bars"]] == ["2020-04-06T00:00:00Z", "2020-04-13T00:00:00Z"]
    assert not (program.folder / "weeks.json.part").exists()


def test_an_empty_answer_says_why(program):
    program.import_sp500()
    answer = program("bars", "--symbol", "SP500", "--timeframe", "1d", "--from", "2021-01-01")
    assert answer.out == "time,open,high,low,close,volume\n"
    assert answer.err.startswith("no bars: ")


def test_a_correction_replaces_the_bar_and_is_counted(program):
    text = wave(100)
    program.write("bars.csv", text)
    program("import", "bars.csv", "--symbol", "WAVE", "--timeframe", "1m")
    lines = text.splitlines()
    cells = lines[50].split(",")
    cells[2] = "120"
    lines[50] = ",".join(cells)
    program.write("bars.csv", "\n".join(lines) + "\n")
    again = program("import", "bars.csv", "--symbol", "WAVE", "--timeframe", "1m", "--json").json()["files"][0]
    assert (again["inserted"], again["corrected"], again["unchanged"]) == (0, 1, 99)
    bars = program("bars", "--symbol", "WAVE", "--timeframe", "1m").out.splitlines()
    assert bars[50].split(",")[2] == "120"


def test_times_without_a_zone_are_asked_for(program):
    rows = "".join(f"2020-01-02 09:{minute:02d}:00,1,2,0.5,1.5,10\n" for minute in range(30, 60))
    program.write("local.csv", "time,open,high,low,close,volume\n" + rows)
    asked = program("import", "local.csv", "--symbol", "X", "--timeframe", "1m", code=1)
    assert "--timezone" in asked.err
    program("import", "local.csv", "--symbol", "X", "--timeframe", "1m", "--timezone", "America/New_York")
    first = program("bars", "--symbol", "X", "--timeframe", "1m").out.splitlines()[1]
    assert first.startswith("2020-01-02T14:30:00Z,")


def test_dates_that_two_orders_fit_are_asked_for(program):
    rows = "".join(f"0{day}/02/2020,1,2,0.5,1.5,10\n" for day in range(1, 8))
    program.write("dates.csv", "date,open,high,low,close,volume\n" + rows)
    asked = program("import", "dates.csv", "--symbol", "X", "--timeframe", "1d", code=1)
    assert "--time-format" in asked.err
    program("import", "dates.csv", "--symbol", "X", "--timeframe", "1d", "--time-format", "dmy")
    assert program("bars", "--symbol", "X", "--timeframe", "1d").out.splitlines()[1].startswith("2020-02-01T")


def test_open_interest_trades_and_vwap_go_out_and_come_back_to_the_bit(program):
    """What `bars` writes, as CSV and as Parquet, `import` takes back whole; what is not known stays so."""
    draw = random.Random(7)
    lines = ["time,open,high,low,close,volume,oi,trades,vwap"]
    for minute in range(500):
        low, high = sorted(draw.uniform(90, 110) for _ in range(2))
        inside = [draw.uniform(low, high) for _ in range(3)]
        held, trades = draw.randrange(10**6), draw.randrange(10**4)
        rest = [str(held) if minute % 3 else "", str(trades) if minute % 5 else "", repr(inside[2]) if minute % 7 else ""]
        lines.append(",".join([str(1577836800 + 60 * minute), repr(inside[0]), repr(high), repr(low), repr(inside[1]),
                               str(draw.random() * 1e6), *rest]))  # fmt: skip
    program.write("given.csv", "\n".join([*lines, ""]))
    said = program("import", "given.csv", "--symbol", "A", "--timeframe", "1m").out
    assert "open_interest = 7 (oi), trade_count = 8 (trades), vwap = 9 (vwap)" in said
    asked = ["bars", "--timeframe", "1m", "--symbol"]
    out = program(*asked, "A").out
    assert out.startswith("time,open,high,low,close,volume,open_interest,trade_count,vwap\n")
    for ours, theirs in zip(out.splitlines()[1:], lines[1:], strict=True):
        assert [float(x) if x else None for x in ours.split(",")[1:]] == [
            float(x) if x else None for x in theirs.split(",")[1:]
        ]
    for kind in ("csv", "parquet"):
        program(*asked, "A", "--format", kind, "-o", f"back.{kind}")
        program("import", f"back.{kind}", "--symbol", kind.upper(), "--timeframe", "1m")
        assert program(*asked, kind.upper()).out == out, kind
