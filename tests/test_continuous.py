"""A user joins the contracts of a future into one series."""

import csv
import io

CONTRACTS = """contract,time,close,volume
ESH20,2020-03-09,2740,900
ESH20,2020-03-10,2870,800
ESH20,2020-03-11,2730,300
ESH20,2020-03-12,2480,100
ESM20,2020-03-10,2860,200
ESM20,2020-03-11,2722,500
ESM20,2020-03-12,2470,1900
ESM20,2020-03-13,2700,2000
"""


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_a_file_of_contracts_becomes_one_series_with_its_rolls(program):
    program.write("es.csv", CONTRACTS)
    made = program("continuous", "--root", "ES", "--contracts", "es.csv", "--roll", "volume", "--rolls", "rolls.csv")
    (roll,) = rows((program.folder / "rolls.csv").read_text())
    # On the 11th June traded more, so the 12th is its first day; the gap is that of the 11th.
    assert (roll["time"], roll["from"], roll["to"]) == ("2020-03-12T00:00:00Z", "ESH2020", "ESM2020")
    assert (float(roll["pre"]), float(roll["post"]), float(roll["gap"])) == (2730, 2722, -8)
    series = rows(made.out)
    assert [float(row["close"]) for row in series] == [2732, 2862, 2722, 2470, 2700]
    assert [float(row["unadjusted_close"]) for row in series] == [2740, 2870, 2730, 2470, 2700]
    assert [row["contract"] for row in series] == ["ESH2020"] * 3 + ["ESM2020"] * 2


OPEN_INTEREST = {
    "ESH20": [(9, 3000), (10, 2500), (11, 1200), (12, 500)],
    "ESM20": [(10, 800), (11, 1500), (12, 2600), (13, 3100)],
}


def test_open_interest_from_csv_rolls_stored_contracts(program):
    """The March contract is let go on the day after June holds more open contracts."""
    whole = ["contract,time,close,open interest"]
    for symbol, days in OPEN_INTEREST.items():
        lines = [f"2020-03-{day:02},{100 + day},{100 + day},{100 + day},{100 + day},{day},{held}" for day, held in days]
        program.write(f"{symbol}.csv", "\n".join(["Date,Open,High,Low,Close,Volume,Open Interest", *lines, ""]))
        out = program("import", f"{symbol}.csv", "--symbol", symbol, "--timeframe", "1d").out
        assert "open_interest = 7 (Open Interest)" in out
        whole += [f"{symbol},2020-03-{day:02},{100 + day},{held}" for day, held in days]
    program.write("es.csv", "\n".join([*whole, ""]))
    wanted = [("ESH2020", 3000), ("ESH2020", 2500), ("ESH2020", 1200), ("ESM2020", 2600), ("ESM2020", 3100)]
    for asked in (
        ("bars", "--symbol", "ES.n.0"),
        ("bars", "--symbol", "ES.c.0", "--roll", "open_interest"),
        ("continuous", "--root", "ES", "--roll", "open_interest"),
        ("continuous", "--root", "ES", "--roll", "open_interest", "--contracts", "es.csv"),
    ):
        timeframe = () if "--contracts" in asked else ("--timeframe", "1d")
        made = rows(program(*asked, *timeframe).out)
        assert [(row["contract"], float(row["open_interest"])) for row in made] == wanted, asked


def test_given_dates_every_adjustment_and_json(program):
    program.write("es.csv", CONTRACTS)
    program.write("dates.csv", "time\n2020-03-13\n")
    base = ["continuous", "--root", "ES", "--contracts", "es.csv", "--roll", "dates:dates.csv", "--adjust"]
    first = {method: float(rows(program(*base, method).out)[0]["close"]) for method in (
        "none", "difference", "forward_difference", "ratio", "forward_ratio")}  # fmt: skip
    assert first["none"] == first["forward_difference"] == first["forward_ratio"] == 2740
    assert first["difference"] == 2730
    assert abs(first["ratio"] - 2740 * 2470 / 2480) < 1e-9
    assert "5 bars, 2 contracts, 1 rolls; ratio_backward" in program(*base, "ratio", "-o", "series.csv").out
    answer = program(*base, "ratio", "--format", "json").json()
    assert answer["row_count"] == 5 and len(answer["rolls"]) == 1 and answer["columns"]["contract"][4] == "ESM2020"


def test_stored_contracts_are_found_by_their_root(program):
    for symbol in ("ESH20", "ESM20"):
        lines = [line for line in CONTRACTS.splitlines()[1:] if line.startswith(symbol)]
        bars = "".join(f"{time},{p},{p},{p},{p},{v}\n" for _, time, p, v in (line.split(",") for line in lines))
        program.write(f"{symbol}.csv", "time,open,high,low,close,volume\n" + bars)
        program("import", f"{symbol}.csv", "--symbol", symbol, "--timeframe", "1d")
    series = rows(program("continuous", "--root", "ES", "--roll", "volume", "--adjust", "none").out)
    assert [row["contract"] for row in series] == ["ESH2020"] * 3 + ["ESM2020"] * 2
    assert "no contracts of CL" in program("continuous", "--root", "CL", code=1).err
    program("import", "ESM20.csv", "--symbol", "ESM2020", "--timeframe", "1d")
    assert "both are the contract ESM2020" in program("continuous", "--root", "ES", code=1).err
    both = program("continuous", "--root", "ES", "--contracts", "es.csv", "--timeframe", "1h", code=2).err
    assert "--timeframe" in both


def test_what_cannot_be_joined_is_refused(program):
    program.write("apart.csv", "contract,time,close\nESH20,2020-03-10,1\nESM20,2020-03-13,1\n")
    program.write("dates.csv", "time\n2020-03-13\n")
    apart = ["continuous", "--root", "ES", "--contracts", "apart.csv", "--roll", "dates:dates.csv"]
    assert "no close at the same time" in program(*apart, code=1).err
    assert len(rows(program(*apart, "--missing-overlap", "none").out)) == 2
    program.write("oil.csv", "contract,time,close\nCLK20,2020-04-20,-37.63\nCLM20,2020-04-20,20.43\nCLM20,2020-04-21,11.57\n")
    program.write("dates.csv", "time\n2020-04-21\n")
    oil = ["continuous", "--root", "CL", "--contracts", "oil.csv", "--roll", "dates:dates.csv", "--adjust"]
    assert float(rows(program(*oil, "difference").out)[0]["close"]) == 20.43
    assert "CLK2020" in program(*oil, "ratio", code=1).err
    assert "--roll" in program("continuous", "--root", "ES", "--roll", "frob", code=1).err
