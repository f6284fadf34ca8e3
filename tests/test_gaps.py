"""A user asks what stored bars lack, and why."""


def test_every_trading_day_is_there_and_closed_days_have_names(program):
    program.import_sp500()
    said = program("gaps", "--symbol", "SP500", "--timeframe", "1d", "--calendar", "XNYS").out
    assert said.startswith("SP500 1d, calendar XNYS: 5105 bars; 0 missing")
    closed = program(
        "gaps", "--symbol", "SP500", "--timeframe", "1d", "--from", "2001-09-01", "--to", "2001-10-01", "--closed",
        "--format", "csv",
    ).out.splitlines()  # fmt: skip
    assert closed[0] == "from,to,kind,bars,reason"
    assert "2001-09-11T00:00:00Z,2001-09-15T00:00:00Z,closed,0,Attacks of September 11" in closed


def test_missing_bars_are_told_from_quiet_ones(program):
    minutes = [f"2021-03-01T{14 + (30 + i) // 60:02}:{(30 + i) % 60:02}:00Z" for i in range(390)]
    kept = [time for i, time in enumerate(minutes) if i != 100 and not 200 <= i < 260]
    program.write("xy.csv", "time,open,high,low,close,volume\n" + "".join(f"{time},1,1,1,1,5\n" for time in kept))
    program("import", "xy.csv", "--symbol", "XY", "--timeframe", "1m")
    answer = program("gaps", "--symbol", "XY", "--timeframe", "1m", "--format", "json").json()
    assert answer["calendar"] == "XNYS"
    assert (answer["bars_present"], answer["bars_missing"], answer["bars_without_trade"]) == (329, 60, 1)
    assert [(gap["from"], gap["kind"], gap["bars"]) for gap in answer["gaps"]] == [
        (minutes[100], "no_trade", 1),
        (minutes[200], "missing", 60),
    ]


def test_a_calendar_of_ones_own_and_what_is_wrong_with_one(program):
    program.import_sp500()
    program.write("mine.toml", "name = 'MINE'\n")
    refused = program("gaps", "--symbol", "SP500", "--timeframe", "1d", "--calendar", "mine.toml", code=1).err
    assert "mine.toml" in refused
    unknown = program("gaps", "--symbol", "SP500", "--timeframe", "1d", "--calendar", "MARS", code=1).err
    assert "XNYS" in unknown


def test_an_import_says_what_the_instrument_is_and_so_which_calendar_holds(program):
    hours = [f"2024-01-{day:02}T{hour:02}:00:00Z" for day in range(5, 9) for hour in range(24)]
    program.write("btc.csv", "time,open,high,low,close,volume\n" + "".join(f"{time},1,1,1,1,5\n" for time in hours))
    described = ["import", "btc.csv", "--symbol", "BTC", "--timeframe", "1h"]
    program(*described)
    wrong = program("gaps", "--symbol", "BTC", "--timeframe", "1h").out
    assert "calendar XNYS" in wrong and "is it the right one?" in wrong
    said = program(*described, "--asset-class", "crypto", "--mintick", "0.5").out
    assert "instrument BTC was changed: crypto" in said
    answer = program("gaps", "--symbol", "BTC", "--timeframe", "1h", "--format", "json").json()
    assert (answer["calendar"], answer["bars_missing"], answer["counts"]["closed"]) == ("CRYPTO", 0, 0)
    assert "time zone" in program(*described, "--exchange-timezone", "Mars/Olympus", code=1).err
    assert "session" in program(*described, "--session", "9-5", code=1).err
    assert "asset-class" in program(*described, "--asset-class", "art", code=2).err
