"""A user says which splits and dividends there were, and sees prices adjusted for them."""

import pytest
from conftest import is_problem
from test_bars_formats import check_both

# A split of 4:1 on the 31st, and a dividend of 1 on the 2nd: after a close of 100, so a factor of 0.99.
BARS = """date,open,high,low,close,volume
2020-08-27,396,408,392,400,1000
2020-08-28,400,404,396,400,1000
2020-08-31,100,104,98,100,4000
2020-09-01,100,102,99,100,4000
2020-09-02,99,100,98,99,4000
"""
ACTIONS = "symbol,ex_date,kind,value\nAAPL,2020-08-31,split,4\nAAPL,2020-09-02,dividend,1\n"
PATH = "/api/v1/instruments/AAPL/corporate-actions"
DAYS = "/api/v1/bars?symbol=AAPL&timeframe=1d"
SPLIT = {"ex_date": "2020-08-31", "kind": "split", "value": 4}
DIVIDEND = {"ex_date": "2020-09-02", "kind": "dividend", "value": 1}


@pytest.fixture
def apple(program):
    program.write("aapl.csv", BARS)
    program("import", "aapl.csv", "--symbol", "AAPL", "--timeframe", "1d", "--exchange", "NASDAQ",
            "--exchange-timezone", "America/New_York", "--session", "0930-1600")  # fmt: skip
    return program


def rows(answer):
    header, *lines = answer.out.splitlines()
    return [dict(zip(header.split(","), line.split(","))) for line in lines]


def column(answer, name):
    return [float(row[name]) for row in rows(answer)]


def days(program, *arguments, **options):
    return program("bars", "--symbol", "AAPL", "--timeframe", "1d", *arguments, **options)


def actions_of(program):
    return program("actions", "list", "--symbol", "AAPL", "--json").json()


def test_actions_are_added_changed_listed_and_removed(apple):
    add = ["actions", "add", "--symbol", "AAPL", "--ex-date", "2020-08-31", "--kind", "split", "--value"]
    assert apple(*add, "5").out == "1 added, 0 changed, 0 unchanged\n"
    assert apple(*add, "5").out == "0 added, 0 changed, 1 unchanged\n"
    assert apple(*add, "4").out == "0 added, 1 changed, 0 unchanged\n"
    (stored,) = actions_of(apple)
    assert (stored["ex_date"], stored["kind"], stored["value"]) == ("2020-08-31", "split", 4)
    assert stored["source"] == "command line"
    assert apple("actions", "list", "--symbol", "AAPL").out.split() == ["2020-08-31", "split", "4", "command", "line"]
    history = apple("history", "--symbol", "AAPL", "--json").json()
    assert history[0]["before"]["corporate_action"]["value"] == 5
    assert history[0]["after"]["corporate_action"]["value"] == 4
    remove = ["actions", "remove", "--symbol", "AAPL", "--ex-date", "2020-08-31", "--kind", "split"]
    apple(*remove)
    assert actions_of(apple) == []
    assert "AAPL has no split on 2020-08-31" in apple(*remove, code=1).err
    assert "above 0" in apple(*add, "0", code=1).err
    assert "'GONE' does not exist" in apple("actions", "list", "--symbol", "GONE", code=1).err
    assert "merger" in apple("actions", "add", "--symbol", "AAPL", "--ex-date", "2020-08-31", "--kind", "merger",
                             "--value", "1", code=2).err  # fmt: skip


def test_a_file_is_imported_as_a_whole_and_its_bad_lines_are_named(apple):
    apple.write("bad.csv", ACTIONS + "AAPL,yesterday,split,2\nAAPL,2020-10-01,split,-2\n")
    refused = apple("actions", "import", "bad.csv", code=1).err
    assert "bad.csv:4: ex_date: 'yesterday' is no date" in refused
    assert "bad.csv:5: the split of -2 on 2020-10-01 needs" in refused
    assert "2 bad lines, and nothing of it was stored" in refused
    assert actions_of(apple) == []
    apple.write("good.csv", ACTIONS)
    said = apple("actions", "import", "good.csv", "--json").json()
    assert said == {"added": 2, "changed": 0, "unchanged": 0}
    assert apple("actions", "import", "good.csv").out == "0 added, 0 changed, 2 unchanged\n"
    assert [each["source"] for each in actions_of(apple)] == ["good.csv", "good.csv"]
    apple.write("unnamed.csv", "ex_date,kind,value\n2020-10-01,dividend,0.5\n")
    assert "`symbol`" in apple("actions", "import", "unnamed.csv", code=1).err
    assert "1 added" in apple("actions", "import", "unnamed.csv", "--symbol", "AAPL").out
    apple.write("other.csv", "symbol,ex_date,kind,value\nAAPL,2020-10-02,dividend,0.5\nGONE,2020-10-01,split,2\n")
    assert "'GONE' does not exist" in apple("actions", "import", "other.csv", code=1).err
    assert len(actions_of(apple)) == 3


def test_prices_are_adjusted_and_the_factors_shown(apple):
    apple.write("actions.csv", ACTIONS)
    apple("actions", "import", "actions.csv")
    raw = days(apple)
    assert column(raw, "close") == [400, 400, 100, 100, 99]
    assert days(apple, "--price-adjustment", "raw").out == raw.out
    splits = days(apple, "--price-adjustment", "splits", "--factors")
    assert column(splits, "open") == [99, 100, 100, 100, 99]
    assert column(splits, "close") == [100, 100, 100, 100, 99]
    assert column(splits, "volume") == [4000, 4000, 4000, 4000, 4000]
    assert column(splits, "split_factor") == [0.25, 0.25, 1, 1, 1]
    assert column(splits, "dividend_factor") == [1, 1, 1, 1, 1]
    both = days(apple, "--price-adjustment", "splits_and_dividends", "--factors")
    assert column(both, "close") == pytest.approx([99, 99, 99, 99, 99], rel=1e-15)
    assert column(both, "high") == pytest.approx([408 * 0.2475, 404 * 0.2475, 104 * 0.99, 102 * 0.99, 100])
    assert column(both, "dividend_factor") == [0.99, 0.99, 0.99, 0.99, 1]
    # A range is adjusted as the whole is, and a week is made of adjusted days.
    first = days(apple, "--price-adjustment", "splits_and_dividends", "--to", "2020-08-29")
    assert column(first, "close") == column(both, "close")[:2]
    weeks = apple("bars", "--symbol", "AAPL", "--timeframe", "1w", "--price-adjustment", "splits")
    assert [(row["time"], float(row["open"]), float(row["high"]), float(row["close"])) for row in rows(weeks)] == [
        ("2020-08-24T00:00:00Z", 99, 102, 100),
        ("2020-08-31T00:00:00Z", 100, 104, 99),
    ]
    answer = days(apple, "--price-adjustment", "splits", "--format", "json").json()
    assert (answer["price_adjustment"], answer["adjusted"]) == ("splits", True)
    assert answer["corporate_actions"] == [SPLIT] and answer["adjustment_notes"] == []
    assert "split_factor" not in answer["bars"][0]


def test_what_cannot_be_is_refused_and_what_is_to_come_is_noted(apple):
    assert "merger" in days(apple, "--price-adjustment", "merger", code=1).err
    assert "price_adjustment" in days(apple, "--factors", code=1).err
    assert "--quality goes with --format json" in days(apple, "--quality", code=1).err
    assert "ask for one of them" in days(apple, "--price-adjustment", "splits", "--adjust", "ratio", code=1).err
    apple("actions", "add", "--symbol", "AAPL", "--ex-date", "2020-10-01", "--kind", "split", "--value", "2")
    said = days(apple, "--price-adjustment", "splits")
    assert said.out == days(apple).out
    assert said.err == "note: the split of 2 on 2020-10-01 is after the last bar, and changes nothing yet\n"


def test_a_backtest_may_run_on_adjusted_prices(apple):
    apple.write("actions.csv", ACTIONS)
    apple("actions", "import", "actions.csv")
    apple.write("buy.pine", """//@version=6
strategy("buy")
week = request.security(syminfo.tickerid, "1W", high)
if bar_index == 0
    strategy.entry("long", strategy.long)
if bar_index == 3
    strategy.close("long", comment = str.tostring(week))
""")  # fmt: skip
    entries = {}
    for adjustment in ("raw", "splits"):
        apple("backtest", "buy.pine", "--symbol", "AAPL", "--price-adjustment", adjustment, "--trades", "trades.csv")
        header, trade = (apple.folder / "trades.csv").read_text().splitlines()
        trade = dict(zip(header.split(","), trade.split(",")))
        entries[adjustment] = (float(trade["entry_price"]), float(trade["exit_price"]))
    assert entries == {"raw": (400, 99), "splits": (100, 99)}
    apple.write("bars.csv", BARS)
    refused = apple("backtest", "buy.pine", "--csv", "bars.csv", "--price-adjustment", "splits", code=2).err
    assert "--csv" in refused


def test_over_http_a_write_changes_the_answers_that_are_kept(apple, serve):
    server = serve("--data", apple.data)
    adjusted = f"{DAYS}&price_adjustment=splits_and_dividends&factors=true"
    before = server.get(adjusted).json()
    assert before["columns"]["close"] == [400, 400, 100, 100, 99] and before["corporate_actions"] == []
    assert server.get(adjusted).json()["cached"] is True
    said = server.post(PATH, {"actions": [SPLIT, DIVIDEND], "source": "exchange"}).json()
    assert said == {"symbol": "AAPL", "added": 2, "changed": 0, "unchanged": 0}
    after = server.get(adjusted).json()
    assert after["cached"] is False
    assert after["columns"]["close"] == pytest.approx([99, 99, 99, 99, 99], rel=1e-15)
    assert after["columns"]["split_factor"] == [0.25, 0.25, 1, 1, 1]
    assert after["columns"]["dividend_factor"] == [0.99, 0.99, 0.99, 0.99, 1]
    assert after["corporate_actions"] == [SPLIT, DIVIDEND] and after["adjusted"] is True
    assert server.post(PATH, {"actions": [SPLIT]}).json()["unchanged"] == 1
    assert server.get(adjusted).json()["cached"] is True
    raw = server.get(DAYS).json()
    assert (raw["price_adjustment"], raw["adjusted"], raw["vwap"]) == ("raw", False, None)
    assert raw["columns"]["close"] == [400, 400, 100, 100, 99]
    as_rows = server.get(f"{adjusted}&format=json&last=1").json()["bars"]
    assert (as_rows[0]["split_factor"], as_rows[0]["close"]) == (1, 99)
    as_csv = server.get(f"{adjusted}&format=csv").body.decode().splitlines()
    assert as_csv[0] == "time,open,high,low,close,volume,split_factor,dividend_factor"
    _, table = check_both(server, adjusted)
    assert table["split_factor"].to_pylist() == [0.25, 0.25, 1, 1, 1]
    assert table.schema.metadata[b"price_adjustment"] == b"splits_and_dividends"
    is_problem(server.get(f"{DAYS}&quality=true&format=csv"), 422, "INVALID_REQUEST")

    listed = server.get(PATH).json()["corporate_actions"]
    assert [{name: each[name] for name in SPLIT} for each in listed] == [SPLIT, DIVIDEND]
    assert {each["source"] for each in listed} == {"exchange"}
    removed = server.call("DELETE", f"{PATH}?ex_date=2020-08-31&kind=split")
    assert removed.status == 200 and removed.json()["removed"] is True
    assert server.get(adjusted).json()["corporate_actions"] == [DIVIDEND]
    is_problem(server.call("DELETE", f"{PATH}?ex_date=2020-08-31&kind=split"), 404, "NOT_FOUND")
    fetched = server.post("/api/v1/historical-data/fetch", {
        "symbols": ["AAPL"], "frequency": "1d", "preset": "max", "price_adjustment": "splits_and_dividends"}).json()
    assert fetched["results"][0]["data"]["columns"]["close"] == pytest.approx([396, 396, 99, 99, 99])
    assert "split_factor" not in fetched["results"][0]["data"]["columns"]
    more = server.post("/api/v1/historical-data/fetch", {
        "symbols": ["AAPL"], "frequency": "1d", "preset": "max", "price_adjustment": "splits_and_dividends",
        "factors": True, "quality": True, "vwap": "rolling:2"}).json()["results"][0]["data"]  # fmt: skip
    asked = server.get(f"{adjusted.replace('&factors=true', '')}&factors=true&quality=true&vwap=rolling:2").json()
    assert more["columns"] == asked["columns"] and more["quality"] == asked["quality"] and more["vwap"] == "rolling:2"
    assert more["columns"]["dividend_factor"] == pytest.approx([0.99, 0.99, 0.99, 0.99, 1])


def test_scripts_and_indicators_see_adjusted_prices(apple, serve):
    apple.write("actions.csv", ACTIONS)
    apple("actions", "import", "actions.csv")
    server = serve("--data", apple.data)
    script = '//@version=6\nindicator("own and requested")\nplot(close, "own")\nplot(request.security("AAPL", "1D", close), "asked")'
    expected = {None: [400, 400, 100, 100, 99], "raw": [400, 400, 100, 100, 99], "splits": [100, 100, 100, 100, 99],
                "splits_and_dividends": [99, 99, 99, 99, 99]}  # fmt: skip
    strategy = ('//@version=6\nstrategy("s")\nif bar_index == 0\n    strategy.entry("l", strategy.long)\n'
                'plot(close, "own")\nplot(request.security("AAPL", "1D", close), "asked")')  # fmt: skip
    for adjustment, closes in expected.items():
        more = {} if adjustment is None else {"price_adjustment": adjustment}
        bars = {"symbol": "AAPL", "timeframe": "1d", **more}
        computed = server.post("/api/v1/indicators/compute", {**bars, "script": script}).json()["columns"]
        assert computed["own"] == pytest.approx(closes) and computed["asked"] == pytest.approx(closes)
        query = "".join(f"&{name}={value}" for name, value in more.items())
        mean = server.get(f"/api/v1/indicators/sma?symbol=AAPL&timeframe=1d&length=1{query}").json()["columns"]
        assert mean["sma"] == pytest.approx(closes)
        ran = server.post("/api/v1/backtests", {**bars, "pine": strategy, "include_plots": True}).json()
        plots = {plot["title"]: plot["values"] for plot in ran["plots"]}
        assert plots["own"] == pytest.approx(closes) and plots["asked"] == pytest.approx(closes)
    for route, body in (("backtests", {"pine": strategy}), ("optimize/validate", {"strategy": "RSIStrategy"}),
                        ("indicators/compute", {"script": script})):  # fmt: skip
        wrong = {"symbol": "AAPL", "timeframe": "1d", "price_adjustment": "some", **body}
        problem = is_problem(server.post(f"/api/v1/{route}", wrong), 422, "INVALID_REQUEST")
        assert [error["pointer"] for error in problem["errors"]] == ["/price_adjustment"], route
    problem = is_problem(server.get("/api/v1/indicators/sma?symbol=AAPL&timeframe=1d&price_adjustment=some"), 422,
                         "INVALID_REQUEST")  # fmt: skip
    assert [error["pointer"] for error in problem["errors"]] == ["price_adjustment"]


def test_over_http_what_is_wrong_is_named(apple, serve):
    server = serve("--data", apple.data)

    def pointers(reply, status=422, code="INVALID_REQUEST"):
        return [error["pointer"] for error in is_problem(reply, status, code)["errors"]]

    assert pointers(server.get(f"{DAYS}&price_adjustment=some")) == ["price_adjustment"]
    assert pointers(server.get(f"{DAYS}&factors=true")) == ["factors"]
    assert pointers(server.get(f"{DAYS}&factors=yes")) == ["factors"]
    assert pointers(server.get(f"{DAYS}&vwap=rolling:0")) == ["vwap"]
    assert pointers(server.get(f"{DAYS}&split=4")) == ["split"]
    bad = {"actions": [{"ex_date": "31.8.", "kind": "merger", "value": 1}, {**SPLIT, "value": 0}]}
    assert pointers(server.post(PATH, bad)) == ["/actions/0/ex_date", "/actions/0/kind", "/actions/1/value"]
    assert pointers(server.post(PATH, {"actions": []})) == ["/actions"]
    assert pointers(server.post(PATH, {"actions": [{**SPLIT, "ratio": 4}]})) == ["/actions/0/ratio"]
    assert pointers(server.call("DELETE", f"{PATH}?ex_date=2020-08-31")) == ["kind"]
    twice = is_problem(server.post(PATH, {"actions": [SPLIT, {**SPLIT, "value": 5}]}), 422, "INVALID_ARGUMENT")
    assert "comes twice" in twice["detail"]
    is_problem(server.get(PATH.replace("AAPL", "GONE")), 404, "INSTRUMENT_NOT_FOUND")
    is_problem(server.post(PATH.replace("AAPL", "GONE"), {"actions": [SPLIT]}), 404, "INSTRUMENT_NOT_FOUND")
    assert server.get(PATH).json()["corporate_actions"] == []
    fetch = {"symbols": ["AAPL"], "frequency": "1d", "preset": "max", "price_adjustment": "some"}
    assert pointers(server.post("/api/v1/historical-data/fetch", fetch)) == ["/price_adjustment"]
    fetch = {"symbols": ["AAPL"], "frequency": "1d", "preset": "max", "factors": True, "vwap": "daily"}
    assert pointers(server.post("/api/v1/historical-data/fetch", fetch)) == ["/factors", "/vwap"]
    weeks = server.get(f"{DAYS.replace('1d', '1w')}&vwap=session")
    assert "`vwap`: session needs bars of a day or less" in is_problem(weeks, 422, "INVALID_ARGUMENT")["detail"]


def test_vwaps_go_over_the_bar_the_session_the_last_bars_or_from_a_time_on(program, serve):
    # Typical prices 10, 20, 40 and 50 with volumes 1, 1, 3 and 5; the first is of the day before.
    program.write("spy.csv", "time,open,high,low,close,volume\n"
                  "2020-06-01T19:59:00Z,10,11,9,10,1\n"
                  "2020-06-02T13:30:00Z,20,21,19,20,1\n"
                  "2020-06-02T13:31:00Z,40,41,39,40,3\n"
                  "2020-06-02T13:32:00Z,50,51,49,50,5\n")  # fmt: skip
    program("import", "spy.csv", "--symbol", "SPY", "--timeframe", "1m", "--exchange", "NYSE",
            "--exchange-timezone", "America/New_York", "--session", "0930-1600")  # fmt: skip
    server = serve("--data", program.data)
    expected = {
        "bar": [10, 20, 40, 50],
        "session": [10, 20, 140 / 4, 390 / 9],
        "rolling:2": [10, 15, 140 / 4, 370 / 8],
        "anchored:2020-06-02T13:31:00Z": [None, None, 40, 370 / 8],
    }
    for rule, values in expected.items():
        answer = server.get(f"/api/v1/bars?symbol=SPY&timeframe=1m&vwap={rule}").json()
        assert answer["vwap"] == rule and answer["columns"]["vwap"] == pytest.approx(values, rel=1e-15)
        newest = program("bars", "--symbol", "SPY", "--timeframe", "1m", "--vwap", rule, "--last", "1")
        assert column(newest, "vwap") == pytest.approx(values[-1:], rel=1e-15)
    assert server.get("/api/v1/bars?symbol=SPY&timeframe=1m&vwap=true").json()["vwap"] == "bar"
    assert "vwap" not in server.get("/api/v1/bars?symbol=SPY&timeframe=1m&vwap=false").json()["columns"]
    assert "rolling:N" in program("bars", "--symbol", "SPY", "--timeframe", "1m", "--vwap", "daily", code=1).err
