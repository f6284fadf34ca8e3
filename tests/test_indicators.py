"""A user asks for indicators and Pine expressions over stored bars, by HTTP and on the command line."""

import csv
import io
import json
import math

import pytest
from conftest import SP500, is_problem, wave

SP = "symbol=SP500&timeframe=1d"


@pytest.fixture
def server(program, serve):
    program.import_sp500()
    return serve()


def compute(server, **body):
    return server.post("/api/v1/indicators/compute", {"symbol": "SP500", "timeframe": "1d", **body})


def closes():
    return [float(row["close"]) for row in csv.DictReader(SP500.open())]


def ema(values, length):
    """As Pine has it: starts with the mean of the first `length` values."""
    out = [None] * (length - 1) + [sum(values[:length]) / length]
    for value in values[length:]:
        out.append(out[-1] + 2 / (length + 1) * (value - out[-1]))
    return out


def test_the_list_comes_in_pages_and_says_what_each_takes(server):
    listed, cursor = [], ""
    while cursor is not None:
        page = server.get(f"/api/v1/indicators?limit=20&cursor={cursor}").json()
        assert len(page["indicators"]) <= 20
        listed += page["indicators"]
        cursor = page["next_cursor"]
    names = [entry["name"] for entry in listed]
    assert names == sorted(set(names)) and len(names) >= 65
    by_name = {entry["name"]: entry for entry in listed}
    assert by_name["rsi"]["overlay"] is False and by_name["bb"]["overlay"] is True
    assert [output["name"] for output in by_name["macd"]["outputs"]] == ["macd", "signal", "histogram"]
    assert by_name["rsi"]["parameters"][1] == {
        "name": "length", "kind": "int", "default": 14, "minimum": 1.0, "maximum": 5000.0, "choices": None,
    }  # fmt: skip
    taken = {"symbol", "timeframe", "from", "to", "last", "series_source", "format"}
    for entry in listed:
        assert not taken & {parameter["name"] for parameter in entry["parameters"]}, entry["name"]
        default = server.get(f"/api/v1/indicators/{entry['name']}?{SP}&last=3")
        assert default.status == 200, (entry["name"], default.body)
        assert len(default.json()["columns"]) == 1 + len(entry["outputs"])


def test_an_average_of_a_range_is_that_of_the_whole_history(server):
    expected = ema(closes(), 200)
    answer = server.get(f"/api/v1/indicators/ema?{SP}&length=200&from=2010-01-01&to=2010-03-01").json()
    times = answer["columns"]["time"]
    first = [row["date"] for row in csv.DictReader(SP500.open())].index(times[0][:10])
    assert first > 2000 and answer["row_count"] == len(times) == 38
    for got, value in zip(answer["columns"]["ema"], expected[first:]):
        assert math.isclose(got, value, rel_tol=1e-9)
    assert answer["warm_up"] == {"from": "2000-01-03T00:00:00Z", "bars": first, "whole_history": True}


def test_any_range_is_a_part_of_the_whole_to_the_last_digit(server):
    what = {
        "indicators": [{"name": "macd"}, {"name": "obv"}, {"name": "sar"}, {"name": "supertrend", "parameters": {"factor": 2.5}}],
        "expressions": [{"source": "ta.ema(close, 20) - ta.ema(close, 50)", "as": "spread"}, {"source": "bar_index"}],
    }  # fmt: skip
    whole = compute(server, **what).json()["columns"]
    for timeframe, bounds in (("1d", {"from": "2008-09-01T00:00:00Z"}), ("1d", {"last": 7}), ("1w", {"last": 7})):
        all_of_it = whole if timeframe == "1d" else compute(server, **what, timeframe=timeframe).json()["columns"]
        part = compute(server, **what, timeframe=timeframe, **bounds).json()["columns"]
        count = len(part["time"])
        assert 0 < count < len(all_of_it["time"])
        assert part == {name: values[-count:] for name, values in all_of_it.items()}
    assert whole["spread"][48] is None and isinstance(whole["spread"][49], float)


def test_columns_rows_and_csv_say_the_same(server):
    path = f"/api/v1/indicators/bb?{SP}&last=25&length=10&source=hl2&mult=1.5"
    columns = server.get(path).json()
    rows = server.get(path + "&format=json").json()
    assert [output["name"] for output in columns["outputs"]] == ["bb.middle", "bb.upper", "bb.lower"]
    assert rows["rows"] == [dict(zip(columns["columns"], row)) for row in zip(*columns["columns"].values())]
    reply = server.get(path, headers={"Accept": "text/csv"})
    assert reply.headers["content-type"].startswith("text/csv")
    table = list(csv.DictReader(io.StringIO(reply.body.decode())))
    assert [{"time": row.pop("time"), **{k: float(v) for k, v in row.items()}} for row in table] == rows["rows"]


def test_bools_are_ones_and_zeros_and_a_parameter_may_be_an_expression(server):
    answer = compute(
        server, last=50, expressions=[{"source": "close > open", "as": "up"}, {"source": "close"}, {"source": "open"}],
        indicators=[{"name": "sma", "parameters": {"source": "math.max(open, close)", "length": 1}}],
    ).json()["columns"]  # fmt: skip
    assert answer["up"] == [int(a > b) for a, b in zip(answer["close"], answer["open"])]
    assert answer["sma"] == [max(a, b) for a, b in zip(answer["close"], answer["open"])]


def test_a_whole_script_gives_its_plots(server):
    script = '//@version=6\nindicator("x")\nlength = input.int(3)\nplot(ta.sma(close, length), "mean")\nplot(close)\n'
    columns = compute(server, last=4, script=script).json()["columns"]
    assert list(columns) == ["time", "mean", "Plot"]
    assert math.isclose(columns["mean"][3], sum(columns["Plot"][1:]) / 3)
    problem = is_problem(compute(server, script=script + "plot(clos)\n"), 422, "PINE_COMPILE_ERROR")
    assert [(e["pointer"], e["line"], e["column"]) for e in problem["errors"]] == [("/script", 6, 6)]
    both = compute(server, script=script, expressions=[{"source": "close"}])
    assert is_problem(both, 422, "INVALID_REQUEST")["errors"][0]["pointer"] == "/script"


def test_a_mistake_is_shown_in_the_users_own_text(server):
    reply = compute(server, expressions=[{"source": "close"}, {"source": "ta.ema(close, 20) - ta.emma(close, 50)"}])
    (error,) = is_problem(reply, 422, "PINE_COMPILE_ERROR")["errors"]
    assert (error["pointer"], error["line"], error["column"]) == ("/expressions/1/source", 1, 21)
    assert "ta.ema" in error["hint"]
    reply = compute(server, expressions=[{"source": "close"}, {"source": "open + close[-1 - bar_index]", "as": "x"}])
    (error,) = is_problem(reply, 422, "PINE_RUNTIME_ERROR")["errors"]
    assert (error["pointer"], error["line"], error["column"]) == ("/expressions/1/source", 1, 8)
    reply = compute(server, indicators=[{"name": "rsi", "parameters": {"source": "clos", "length": 0, "x": 1}}])
    assert {error["pointer"] for error in is_problem(reply, 422, "INVALID_REQUEST")["errors"]} == {
        "/indicators/0/parameters/length", "/indicators/0/parameters/x",
    }  # fmt: skip
    for source in ("close), plot(open", "close\nplot(open)", "", "[close, open]", "plot(close)", '"text"'):
        reply = compute(server, expressions=[{"source": source}])
        assert reply.status == 422 and reply.json()["errors"][0]["pointer"] == "/expressions/0/source", source


def test_other_mistakes_have_their_answers(server):
    is_problem(server.get(f"/api/v1/indicators/nothing?{SP}"), 404, "INDICATOR_NOT_FOUND")
    is_problem(server.get("/api/v1/indicators/rsi?symbol=GONE&timeframe=1d"), 404, "INSTRUMENT_NOT_FOUND")
    fields = is_problem(server.get("/api/v1/indicators/rsi?length=0&last=0&period=3"), 422, "INVALID_REQUEST")["errors"]
    assert {field["pointer"] for field in fields} == {"symbol", "timeframe", "length", "last", "period"}
    is_problem(compute(server), 422, "INVALID_REQUEST")
    is_problem(compute(server, indicators=[{"name": "rsi"}] * 51), 422, "INVALID_REQUEST")
    twice = is_problem(compute(server, indicators=[{"name": "rsi"}, {"name": "rsi"}]), 422, "INVALID_REQUEST")
    assert "`as`" in twice["errors"][0]["hint"]
    is_problem(compute(server, expressions=[{"source": "close"}], last=0), 422, "INVALID_REQUEST")
    is_problem(compute(server, expressions=[{"source": "close"}], unknown=1), 422, "INVALID_REQUEST")
    empty = server.get(f"/api/v1/indicators/rsi?{SP}&from=2030-01-01").json()
    assert empty["row_count"] == 0 and "the stored bars run from" in empty["empty_reason"]
    assert empty["columns"] == {"time": [], "rsi": []}


def test_an_answer_has_as_many_bars_as_one_of_bars(program, serve):
    program.write("wave.csv", wave(50_100))
    program("import", "wave.csv", "--symbol", "W", "--timeframe", "1m", "--timezone", "UTC")
    server = serve()
    is_problem(server.get("/api/v1/indicators/sma?symbol=W&timeframe=1m"), 422, "TOO_MANY_BARS")
    answer = server.get("/api/v1/indicators/cum?symbol=W&timeframe=1m&last=50000&source=1").json()
    assert answer["columns"]["cum"][0] == 101 and answer["columns"]["cum"][-1] == 50_100


def test_the_command_line_gives_what_the_server_gives(program, serve):
    program.import_sp500()
    arguments = ("--indicator", "band = bb:length=10,source=math.max(open, close)", "--expression", "up = close > open",
                 "--expression", "ta.rsi(close, 14)", "--last", 20)  # fmt: skip
    stored = program("indicators", "compute", "--symbol", "SP500", *arguments).out
    from_file = program("indicators", "compute", "--csv", SP500, "--timeframe", "1d", *arguments).out
    assert stored == from_file
    served = compute(
        serve(), last=20, format="csv",
        indicators=[{"name": "bb", "as": "band", "parameters": {"length": 10, "source": "math.max(open, close)"}}],
        expressions=[{"source": "close > open", "as": "up"}, {"source": "ta.rsi(close, 14)"}],
    )  # fmt: skip
    assert served.body.decode() == stored
    program("indicators", "compute", "--symbol", "SP500", *arguments, "--format", "json", "-o", "made.json")
    made = json.loads((program.folder / "made.json").read_text())
    assert len(made["rows"]) == 20 and made["warm_up"]["bars"] == 5085
    listed = program("indicators").out.splitlines()
    assert [entry["name"] for entry in program("indicators", "--json").json()] == [line.split()[0] for line in listed]


def test_the_command_line_says_what_is_wrong_and_where(program):
    program.write("bars.csv", wave(100))
    wrong = program("indicators", "compute", "--csv", "bars.csv", "--expression", "x = ta.emma(close, 3)", code=1)
    assert "--expression ta.emma(close, 3):1:1: " in wrong.err
    wrong = program("indicators", "compute", "--csv", "bars.csv", "--indicator", "bb:len=3", code=1)
    assert "there are source, length, mult" in wrong.err
    assert "--expression" in program("indicators", "compute", "--csv", "bars.csv", code=2).err
    assert "--csv" in program("indicators", "compute", "--expression", "close", code=2).err
    program.write("my.pine", '//@version=6\nindicator("x")\nplot(close, "c")\n')
    out = program("indicators", "compute", "--csv", "bars.csv", "--script", "my.pine").out
    assert out.splitlines()[0] == "time,c" and len(out.splitlines()) == 101
