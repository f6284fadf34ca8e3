"""A user asks how good stored bars are."""

import pytest
from conftest import is_problem

# A week of June 2020 without its Wednesday, and with nothing traded on the Friday.
BARS = """date,open,high,low,close,volume
2020-06-01,100,101,99,100,1000
2020-06-02,100,102,99,101,1100
2020-06-04,101,103,100,102,1200
2020-06-05,102,103,101,102,0
"""
# One of five bars is missing, at a point a percent: 20. One of four has no volume, at a tenth: 2.5.
SCORE = 100 - 20 - 2.5


@pytest.fixture
def spy(program):
    program.write("spy.csv", BARS)
    program("import", "spy.csv", "--symbol", "SPY", "--timeframe", "1d", "--exchange", "NYSE",
            "--exchange-timezone", "America/New_York", "--session", "0930-1600")  # fmt: skip
    return program


def check(answer):
    assert answer["score"] == pytest.approx(SCORE, rel=1e-12) and answer["calendar"] == "XNYS"
    missing, volume = answer["findings"]
    assert (missing["reason"], missing["count"], missing["penalty"]) == ("missing_bars", 1, pytest.approx(20))
    assert missing["first"] == "2020-06-03T00:00:00Z" and missing["text"]
    assert (volume["reason"], volume["count"], volume["penalty"]) == ("zero_volume", 1, pytest.approx(2.5))
    assert volume["first"] == "2020-06-05T00:00:00Z"


def check_days(answer):
    assert [(day["date"], day["bars"], day["score"], day["counts"]) for day in answer["days"]] == [
        ("2020-06-01", 1, 100, {}),
        ("2020-06-02", 1, 100, {}),
        ("2020-06-03", 0, 0, {"missing_bars": 1}),
        ("2020-06-04", 1, 100, {}),
        ("2020-06-05", 1, 90, {"zero_volume": 1}),  # a day without any volume costs the cap of 10
    ]
    assert (answer["day_count"], answer["days_cut"], answer["row_count"]) == (5, False, 4)


def test_the_command_gives_score_reasons_and_days(spy):
    ask = ["quality", "--symbol", "SPY", "--timeframe", "1d"]
    answer = spy(*ask, "--json").json()
    check(answer)
    check_days(answer)
    said = spy(*ask).out.splitlines()
    assert said[0] == "SPY 1d, 4 bars from 2020-06-01T00:00:00Z to 2020-06-05T00:00:00Z, calendar XNYS"
    assert said[1] == "Score 77.50 of 100"
    assert "missing_bars" in said[2] and "zero_volume" in said[3]
    assert said[4] == "Worst of 5 days" and said[5].split()[:2] == ["2020-06-03", "0.00"]
    part = spy(*ask, "--from", "2020-06-01", "--to", "2020-06-03", "--json").json()
    assert (part["score"], part["findings"], len(part["days"])) == (100, [], 2)
    other = spy(*ask, "--calendar", "CRYPTO", "--from", "2020-06-01", "--to", "2020-06-07", "--json").json()
    assert (other["calendar"], other["findings"][0]["count"]) == ("CRYPTO", 2)  # the Saturday is missing then, too
    assert "MARS" in spy(*ask, "--calendar", "MARS", code=1).err
    assert "no bars to judge" in spy(*ask, "--from", "2021-01-01", code=1).err
    assert "GONE" in spy("quality", "--symbol", "GONE", "--timeframe", "1d", code=1).err


def test_the_server_gives_it_by_itself_and_with_bars(spy, serve):
    server = serve("--data", spy.data)
    path = "/api/v1/quality?symbol=SPY&timeframe=1d"
    answer = server.get(path).json()
    check(answer)
    check_days(answer)
    assert server.get(f"{path}&from=2020-06-01&to=2020-06-03").json()["score"] == 100
    bars = "/api/v1/bars?symbol=SPY&timeframe=1d"
    check(server.get(f"{bars}&quality=true").json()["quality"])
    assert "quality" not in server.get(bars).json()
    empty = server.get(f"{bars}&quality=true&from=2021-01-01").json()
    assert empty["row_count"] == 0 and "quality" not in empty
    is_problem(server.get(f"{path}&from=2021-01-01"), 422, "NO_BARS")
    is_problem(server.get(path.replace("SPY", "GONE")), 404, "INSTRUMENT_NOT_FOUND")
    for wrong, name in ((f"{path}&days=5", "days"), (path.replace("1d", "500t"), "timeframe"),
                        (f"{bars}&quality=maybe", "quality")):  # fmt: skip
        errors = is_problem(server.get(wrong), 422, "INVALID_REQUEST")["errors"]
        assert [error["pointer"] for error in errors] == [name]
