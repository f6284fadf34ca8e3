"""A user checks, runs and optimises strategies on the command line."""

import csv
import io
import json
import re

import pytest
from conftest import ROOT, SP500, wave

STRATEGIES = sorted((ROOT / "strategies").rglob("*.pine"))
# Those that ask for other instruments by default, which one CSV file does not hold; the unit tests give them some.
ALONE = [path for path in STRATEGIES if not re.search(r'input\.symbol\("[^"]', path.read_text())]
TRADE_COLUMNS = (
    "number,side,entry_time,entry_price,entry_id,exit_time,exit_price,exit_id,quantity,profit,"
    "profit_percent,run_up,drawdown,commission,cumulative_profit"
)


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_every_strategy_of_the_catalogue_compiles_without_a_warning(program):
    assert len(STRATEGIES) >= 10
    assert program("pine", "check", *STRATEGIES).out == ""


@pytest.mark.parametrize("path", ALONE, ids=lambda path: path.stem)
def test_every_strategy_of_one_instrument_trades_on_real_bars(program, path):
    report = program("backtest", path.stem, "--csv", SP500, "--timeframe", "1d", "--json").json()
    assert report["bar_count"] == 5105
    assert report["metrics"]["total_closed_trades"] == len([t for t in report["trades"] if t["exit_time"]]) > 5
    assert report["warnings"] == []


def test_check_tells_every_error_of_every_file(program):
    head = '//@version=6\nindicator("x")\n'
    program.write("one.pine", head + "a = 1 1\nplot(ta.smaa(close, 3))\nb = a + 1\nc = = 2\n")
    program.write("two.pine", head + "plot(unknown)\n")
    findings = program("pine", "check", "one.pine", "two.pine", "--json", code=1).json()
    places = [(finding["file"], finding["line"], finding["column"]) for finding in findings]
    assert places == [("one.pine", 3, 7), ("one.pine", 4, 6), ("one.pine", 6, 5), ("two.pine", 3, 6)]


def test_scripts_of_older_versions_trade(program):
    program.write(
        "old.pine",
        "//@version=4\nstrategy('old', overlay=true)\nfast = input(5, minval=1), slow = input(20, type=input.integer)\n"
        "long = crossover(sma(close, fast), sma(close, slow))\n"
        "strategy.entry('L', true, when=long)\nstrategy.close('L', when=crossunder(sma(close, fast), sma(close, slow)))\n",
    )
    new = "\n".join(
        [
            "//@version=5\nstrategy('new', overlay=true)\nfast = input.int(5, minval=1), slow = input.int(20)",
            "up = ta.crossover(ta.sma(close, fast), ta.sma(close, slow))",
            "down = ta.crossunder(ta.sma(close, fast), ta.sma(close, slow))",
            "if up\n    strategy.entry('L', strategy.long)\nif down\n    strategy.close('L')\n",
        ]
    )
    program.write("new.pine", new)
    trades = [
        program("backtest", name, "--csv", SP500, "--timeframe", "1d", "--json").json()["trades"]
        for name in ("old.pine", "new.pine")
    ]
    assert len(trades[0]) > 50
    assert trades[0] == trades[1]


def test_format_keeps_comments_and_writes_only_when_told(program):
    untidy = "//@version=6\nindicator('x')// why\nif close>open\n\t// inside\n\tx=1\nplot( close,\n  title='c' )\n"
    tidy = (
        "//@version=6\nindicator('x') // why\nif close > open\n    // inside\n    x = 1\n"
        "plot(close,\n     title = 'c')\n"
    )
    program.write("untidy.pine", untidy)
    assert program("pine", "format", "untidy.pine").out == tidy
    assert "untidy.pine" in program("pine", "format", "--check", "untidy.pine", code=1).out
    assert program("pine", "format", "untidy.pine").out == tidy
    program("pine", "format", "--write", "untidy.pine")
    assert program("pine", "format", "--check", "untidy.pine").out == ""
    program.write("wrong.pine", "x = (1\n")
    assert "wrong.pine:1:5: error: " in program("pine", "format", "wrong.pine", code=1).err


def test_the_catalogue_is_listed_filtered_and_documented(program):
    listed = program("strategies", "--json").json()
    assert [s["name"] for s in listed] == sorted(path.stem for path in STRATEGIES)
    chosen = program("strategies", "--category", "trend", "--risk-level", "medium", "--complexity", "simple", "--json")
    names = {s["name"] for s in chosen.json()}
    assert "MovingAverageCrossover" in names and "DonchianBreakout" not in names
    table = program("strategies", "--search", "BOLLINGER").out.splitlines()
    assert len(table) >= 2 and all("ollinger" in line for line in table)
    page = (ROOT / "docs" / "strategies.md").read_text()
    assert program("strategies", "--markdown").out == page, "tradeassist strategies --markdown > docs/strategies.md"


def test_check_names_the_place_the_construct_and_a_way_out(program):
    program.write("wrong.pine", '//@version=6\nindicator("x")\nplot(ta.smaa(close, 10))\nimport TradingView/ta/7 as more\n')
    answer = program("pine", "check", "wrong.pine", code=1)
    assert "wrong.pine:3:6: error: " in answer.out
    assert "ta.smaa(close, 10)" in answer.out and "^" in answer.out
    assert "ta.sma" in answer.out.split("hint: ", 1)[1]
    assert "wrong.pine:4:1: error: " in answer.out and "import" in answer.out
    findings = program("pine", "check", "wrong.pine", "--json", code=1).json()
    assert {(f["line"], f["severity"]) for f in findings} == {(3, "error"), (4, "error")}


def test_trades_and_report_are_written_as_documented(program):
    said = program(
        "backtest", "MovingAverageCrossover", "--csv", SP500, "--timeframe", "1d",
        "--trades", "trades.csv", "--report", "report.json",
    ).out  # fmt: skip
    assert "Net profit" in said and "Buy and hold" in said
    text = (program.folder / "trades.csv").read_text()
    assert text.splitlines()[0] == TRADE_COLUMNS
    trades = rows(text)
    assert trades[0]["entry_time"].endswith("Z") and trades[0]["side"] in ("long", "short")
    assert trades[-1]["exit_time"] == ""  # still open
    report = json.loads((program.folder / "report.json").read_text())
    closed = sum(float(t["profit"]) for t in trades if t["exit_time"])
    entry_commission = float(trades[-1]["commission"])  # paid already, and so part of the net profit
    assert report["metrics"]["net_profit"] == pytest.approx(closed - entry_commission, rel=1e-9)
    assert len(report["equity"]["time"]) <= 2000
    assert report["plots"][0]["title"] == "Fast average" and len(report["plots"][0]["values"]) == 5105


def test_a_script_of_ones_own_gives_the_trades_worked_out_by_hand(program):
    program.write(
        "bars.csv",
        "time,open,high,low,close,volume\n"
        "2020-01-06,10,11,9,10,1\n"
        "2020-01-07,12,13,11,12,1\n"
        "2020-01-08,14,15,13,14,1\n"
        "2020-01-09,11,12,8,9,1\n"
        "2020-01-10,9,10,8,9,1\n",
    )
    program.write(
        "script.pine",
        "//@version=6\n"
        'strategy("By hand", initial_capital=1000, default_qty_type=strategy.fixed, default_qty_value=2)\n'
        "if bar_index == 0\n"
        '    strategy.entry("Buy", strategy.long)\n'
        'strategy.exit("Out", "Buy", stop=10)\n',
    )
    program("backtest", "script.pine", "--csv", "bars.csv", "--timeframe", "1d", "--trades", "t.csv")
    (trade,) = rows((program.folder / "t.csv").read_text())
    assert trade["entry_time"] == "2020-01-07T00:00:00Z" and float(trade["entry_price"]) == 12
    assert trade["exit_time"] == "2020-01-09T00:00:00Z" and float(trade["exit_price"]) == 10
    assert (trade["entry_id"], trade["exit_id"]) == ("Buy", "Out")
    assert float(trade["profit"]) == -4 and float(trade["run_up"]) == 6 and float(trade["quantity"]) == 2


def test_inputs_and_properties_change_the_run_and_trade_from_warms_up(program):
    base = ["backtest", "MovingAverageCrossover", "--csv", SP500, "--timeframe", "1d", "--json"]
    plain = program(*base).json()
    changed = program(*base, "--set", "fast_length=5", "--property", "initial_capital=5000").json()
    assert changed["metrics"]["total_closed_trades"] != plain["metrics"]["total_closed_trades"]
    assert changed["equity"]["equity"][0] == 5000
    late = program(*base, "--trade-from", "2010-01-01").json()
    assert min(t["entry_time"] for t in late["trades"]) >= "2010-01-01"
    assert late["bar_count"] == plain["bar_count"]


def test_a_strategy_that_never_trades_says_why(program):
    program.write("idle.pine", '//@version=6\nstrategy("Idle")\nif close > 1e9\n    strategy.entry("L", strategy.long)\n')
    report = program("backtest", "idle.pine", "--csv", SP500, "--timeframe", "1d", "--json").json()
    assert report["metrics"]["total_closed_trades"] == 0
    assert report["no_trades_reasons"]


def test_optimise_compares_in_and_out_of_sample_with_holding(program):
    base = [
        "optimize", "MovingAverageCrossover", "--csv", SP500, "--timeframe", "1d",
        "--param", "fast_length=5:30:5", "--param", "slow_length=60:120:10", "--objective", "net_profit",
        "--out-of-sample", "0.3",
    ]  # fmt: skip
    said = program(*base, "--json", "a.json", "--trials-csv", "trials.csv", "--threads", "2").out
    assert "42 of 42 combinations" in said and "In sample" in said and "Out of sample" in said and "Buy and hold" in said
    result = json.loads((program.folder / "a.json").read_text())
    trials = rows((program.folder / "trials.csv").read_text())
    assert len(trials) == result["trials_tried"] == 42
    best = max(trials, key=lambda t: float(t["objective"]))
    assert int(best["fast_length"]) == result["parameters"]["fast_length"]
    assert result["in_sample"]["to"] < result["split_time"] <= result["out_of_sample"]["from"]

    # The same on one thread, to the bit; and a backtest of the best values on the same bars gives its figures.
    program(*base, "--json", "b.json", "--threads", "1")
    assert (program.folder / "a.json").read_bytes() == (program.folder / "b.json").read_bytes()
    run = program(
        "backtest", "MovingAverageCrossover", "--csv", SP500, "--timeframe", "1d", "--to", result["split_time"], "--json",
        "--set", f"fast_length={best['fast_length']}", "--set", f"slow_length={best['slow_length']}",
    ).json()  # fmt: skip
    assert run["metrics"]["net_profit"] == pytest.approx(float(best["net_profit"]), rel=1e-12)


def test_random_search_is_seeded(program):
    program.write("wave.csv", wave(3000))
    base = ["optimize", "RSIStrategy", "--csv", "wave.csv", "--timeframe", "1m", "--sampler", "random", "--trials", "30",
            "--objective", "net_profit", "--json", "-"]  # fmt: skip
    first, second = program(*base, "--seed", "7").out, program(*base, "--seed", "7").out
    assert first == second
    other = json.loads(program(*base, "--seed", "8").out)
    assert other["trials"]["parameters"] != json.loads(first)["trials"]["parameters"]


def test_every_sampler_gives_the_same_result_with_any_number_of_threads(program):
    program.write("wave.csv", wave(2000))
    base = ["optimize", "RSIStrategy", "--csv", "wave.csv", "--timeframe", "1m", "--trials", "45", "--objective",
            "net_profit", "--objective", "max_drawdown_percent", "--json", "-"]  # fmt: skip
    said = program("optimize", "--help").out.split("Samplers:", 1)[1].split("Examples:", 1)[0]
    names = [line.split()[0] for line in said.splitlines() if line.strip()]
    assert {"grid", "random", "sobol", "tpe", "cmaes", "nsga2", "hyperband"} <= set(names)
    for name in names:
        one = program(*base, "--sampler", name, "--threads", "1").out
        assert program(*base, "--sampler", name, "--threads", "3").out == one, name
        result = json.loads(one)
        assert result["sampler"] == name and 0 < result["trials_tried"] <= 45
        front = [trial["objectives"] for trial in result["pareto_front"]]
        for a in front:
            assert not any(
                b["net_profit"] > a["net_profit"] and b["max_drawdown_percent"] < a["max_drawdown_percent"] for b in front
            )


def test_a_search_weighs_objectives_requires_trades_and_ends_early(program):
    program.write("wave.csv", wave(3000))
    base = ["optimize", "RSIStrategy", "--csv", "wave.csv", "--timeframe", "1m", "--sampler", "random", "--trials", "400"]
    mixed = program(*base, "--weight", "percent_profitable=1", "--json", "-", "--stop-after", "20").json()
    assert mixed["objective"] == "composite" and mixed["stopped"] == "no_better" and mixed["trials_tried"] < 400
    best = mixed["in_sample"]["metrics"]["percent_profitable"]
    assert mixed["trials"]["objective"][0] == pytest.approx(best / 100)
    asked = program(*base, "--require", "total_closed_trades <= 20", "--objective", "net_profit", "--json", "-").json()
    broken = asked["trials"]["violation"]
    assert asked["in_sample"]["metrics"]["total_closed_trades"] <= 20 or min(broken) > 0
    valued = [share for share, value in zip(broken, asked["trials"]["objective"]) if value is not None]
    assert valued == sorted(valued)
    assert "no figure luck" in program(*base, "--require", "luck > 1", code=1).err
    assert "no scale" in program(*base, "--weight", "net_profit=1", code=1).err


def test_a_search_says_what_its_result_is_worth(program):
    base = ["optimize", "MovingAverageCrossover", "--csv", SP500, "--timeframe", "1d", "--param", "fast_length=5:30:5",
            "--param", "slow_length=60:120:10", "--walk-forward", "730/180/180"]  # fmt: skip
    said = program(*base, "--json", "result.json").out
    result = json.loads((program.folder / "result.json").read_text())
    assessment = result["assessment"]
    assert assessment["verdict"] in said and "Do not trust this result" in said
    assert assessment["trials"] == 42 and 1 <= assessment["effective_trials"] <= 42
    assert 0 <= assessment["deflated_sharpe"] <= assessment["probabilistic_sharpe"] <= 1
    assert assessment["sharpe_interval"]["low"] < assessment["sharpe"] < assessment["sharpe_interval"]["high"]
    assert assessment["unknown"] == []
    for kind in ("stability", "regimes", "random_periods", "cross_validation", "walk_forward"):
        assert result[kind]["statement"] in said, kind

    # The stitched equity is of the bars behind the first training, and ends where its windows' returns lead.
    walk = result["walk_forward"]
    first, last = walk["windows"][0], walk["windows"][-1]
    assert (walk["equity"]["time"][0], walk["equity"]["time"][-1]) == (first["test_from"], last["test_to"])
    assert walk["equity"]["equity"][-1] == pytest.approx(1e5 * (1 + walk["return_percent"] / 100))
    for before, after in zip(walk["windows"], walk["windows"][1:]):
        assert before["train_to"] < before["test_from"] <= before["test_to"] < after["test_from"]
    alone = program(*base[:-2], "--to", first["test_from"], "--out-of-sample", "0", "--json", "-").json()
    assert {name: alone["parameters"][name] for name in first["parameters"]} == first["parameters"]
    assert alone["in_sample"]["metrics"]["net_profit_percent"] == first["in_sample"]["return_percent"]

    plain = program(*base, "--no-validation", "--json", "-").json()
    assert plain["assessment"] is None and plain["walk_forward"] == walk
    assert plain["trials"] == result["trials"]


def test_what_is_found_is_run_on_other_instruments(program):
    program.write("wave.csv", wave(3000))
    program.write("other.csv", wave(2000, step_seconds=120))
    base = ["optimize", "RSIStrategy", "--csv", "wave.csv", "--param", "rsi_length=5:20:5", "--objective", "net_profit"]
    said = program(*base, "--also", "other.csv", "--also", "wave.csv", "--json", "result.json").out
    result = json.loads((program.folder / "result.json").read_text())
    others = result["other_instruments"]
    assert [row["symbol"] for row in others["rows"]] == ["other", "wave"] and others["statement"] in said
    run = program("backtest", "RSIStrategy", "--csv", "other.csv", "--json", "--set",
                  f"rsi_length={result['parameters']['rsi_length']}").json()  # fmt: skip
    assert others["rows"][0]["return_percent"] == run["metrics"]["net_profit_percent"]
    assert others["rows"][0]["closed_trades"] == run["metrics"]["total_closed_trades"]
    assert program(*base, "--json", "-").json()["other_instruments"] is None
    assert "nothing.csv" in program(*base, "--also", "nothing.csv", code=1).err


def test_a_search_runs_again_from_its_own_result(program):
    program.write("wave.csv", wave(3000))
    program("optimize", "RSIStrategy", "--csv", "wave.csv", "--param", "rsi_length=5:20:1", "--sampler", "tpe", "--trials",
            "16", "--objective", "net_profit", "--also=wave.csv", "--threads", "1", "--json", "result.json")  # fmt: skip
    result = json.loads((program.folder / "result.json").read_text())
    asked = result["request"]["arguments"]
    assert "RSIStrategy" in asked and "--sampler=tpe" in asked and not [a for a in asked if a.startswith(("--json", "--threads"))]
    assert "The same to the bit: 16 trials" in program("rerun", "result.json").out
    program("optimize", "RSIStrategy", "--csv", "wave.csv", "--param", "rsi_length=5:20:5", "--no-validation",
            "--objective", "net_profit", "--walk-forward", "0.5/0.2", "--anchored", "--json", "flags.json")  # fmt: skip
    flags = json.loads((program.folder / "flags.json").read_text())
    assert {"--no-validation", "--anchored"} < set(flags["request"]["arguments"])
    assert "The same to the bit: 4 trials" in program("rerun", "flags.json").out
    # Other bars, a figure that somebody changed, and no result at all.
    result["out_of_sample"]["metrics"]["net_profit"] += 1
    program.write("changed.json", json.dumps(result))
    said = program("rerun", "changed.json", code=1).out
    assert "/out_of_sample/metrics/net_profit was" in said and "data" not in said
    program.write("wave.csv", wave(2999))
    assert "The data is another" in program("rerun", "result.json", code=1).out
    program.write("none.json", "{}")
    program("rerun", "none.json", code=1)


def test_a_search_begins_with_what_an_earlier_one_found(program):
    program.write("wave.csv", wave(3000))
    base = ["optimize", "RSIStrategy", "--csv", "wave.csv", "--objective", "net_profit", "--no-validation", "--json", "-"]
    earlier = program(*base, "--param", "rsi_length=5:20:1").json()
    program.write("earlier.json", json.dumps(earlier))
    later = program(*base, "--param", "rsi_length=2:20:1", "--param", "oversold=20:40:5", "--sampler", "tpe", "--trials",
                    "30", "--warm-start", "earlier.json").json()  # fmt: skip
    first = later["trials"]["index"].index(0)
    assert later["trials"]["parameters"]["rsi_length"][first] == earlier["trials"]["parameters"]["rsi_length"][0]
    assert later["trials"]["parameters"]["oversold"][first] == earlier["default_parameters"]["oversold"]
    refused = program(*base, "--sampler", "sobol", "--trials", "9", "--warm-start", "earlier.json", code=1).err
    assert "cannot begin with given points" in refused
    program.write("none.json", "{}")
    assert "none.json" in program(*base, "--warm-start", "none.json", code=1).err


def test_the_best_may_be_chosen_on_bars_between(program):
    base = ["optimize", "MovingAverageCrossover", "--csv", SP500, "--timeframe", "1d", "--param", "fast_length=5:30:5",
            "--param", "slow_length=60:120:10", "--out-of-sample", "0.15", "--validation", "0.15"]  # fmt: skip
    said = program(*base, "--json", "result.json").out
    result = json.loads((program.folder / "result.json").read_text())
    assert "Validation" in said and "chosen among the best in sample" in said
    periods = [result[name] for name in ("in_sample", "validation_sample", "out_of_sample")]
    assert all(before["to"] < after["from"] for before, after in zip(periods, periods[1:]))
    assert len(result["finalists"]) == 10
    first = result["finalists"][0]
    assert first["objective"] == max(each["objective"] for each in result["finalists"])
    assert {name: result["parameters"][name] for name in first["parameters"]} == first["parameters"]
    assert first["net_profit_percent"] == result["validation_sample"]["metrics"]["net_profit_percent"]
    # Behind the searched bars the curve begins anew with the capital, once.
    curve, split = result["equity"], result["equity"]["split_index"]
    assert curve["time"][split - 1] <= periods[0]["to"] < periods[1]["from"] <= curve["time"][split]
    made = [1 + sum(p["metrics"][name] for name in ("net_profit", "open_profit")) / 1e5 for p in periods]
    assert curve["equity"][split - 1] == pytest.approx(1e5 * made[0], rel=0.05)
    assert curve["equity"][-1] == pytest.approx(1e5 * made[1] * made[2])
    assert "from 0 to 0.9 together" in program(*base[:-1], "0.8", code=1).err


def test_a_tournament_searches_the_best_longer_and_counts_all_trials(program):
    names = ["RSIStrategy", "MovingAverageCrossover", "SupertrendStrategy", "PairsTradingStrategy"]
    base = ["tournament", "--csv", SP500, "--timeframe", "1d", "--stages", "5/2,10/1,20", "--objective", "net_profit",
            *[word for name in names for word in ("--strategy", name)]]  # fmt: skip
    said = program(*base, "--json", "board.json", "--threads", "2").out
    board = json.loads((program.folder / "board.json").read_text())
    places = board["places"]
    assert [place["stages"] for place in places[:3]] == [3, 2, 1]
    assert board["trials_tried"] == sum(place["trials"] for place in places)
    # A pair needs the bars of another instrument, which a file does not hold: it is last, and says so.
    assert places[3]["strategy"] == "PairsTradingStrategy" and places[3]["failure"] in said
    first = places[0]
    assert first["result"]["assessment"]["trials"] == board["trials_tried"]
    assert first["verdict"] == first["result"]["assessment"]["verdict"] and first["verdict"] in said
    assert places[1]["out_of_sample"] is None

    alone = program("optimize", first["strategy"], "--csv", SP500, "--timeframe", "1d", "--sampler", "random", "--trials",
                    "20", "--objective", "net_profit", "--json", "-").json()  # fmt: skip
    for key in ("parameters", "in_sample", "out_of_sample", "trials"):
        assert alone[key] == first["result"][key], key
    program(*base, "--json", "again.json", "--threads", "1")
    assert (program.folder / "board.json").read_bytes() == (program.folder / "again.json").read_bytes()


def test_a_tournament_that_cannot_be_held_is_refused(program):
    base = ["tournament", "--csv", SP500, "--timeframe", "1d"]
    assert "50/20,200/5,500" in program(*base, "--stages", "many", code=1).err
    assert "more trials" in program(*base, "--stages", "50/5,50", code=1).err
    assert "tradeassist strategies" in program(*base, "--strategy", "Nobody", code=1).err
    assert "no category 'nothing'" in program(*base, "--category", "nothing", code=1).err
    assert "initial_capital" in program(*base, "--property", "initial_capital=0", code=1).err
    assert "sharpe_ratio" in program(*base, "--objective", "luck", code=1).err
    assert "--csv" in program("tournament", code=2).err


def test_a_walk_forward_that_cannot_be_made_is_refused(program):
    base = ["optimize", "RSIStrategy", "--csv", SP500, "--timeframe", "1d", "--param", "rsi_length=5:20"]
    assert "180/90/30" in program(*base, "--walk-forward", "weekly", code=1).err
    assert "untested" in program(*base, "--walk-forward", "90/30/60", code=1).err
    assert "fits the bars" in program(*base, "--walk-forward", "9000/900", code=1).err
    assert "longer steps" in program(*base, "--walk-forward", "10/1/0.01", code=1).err
    assert "--walk-forward" in program(*base, "--anchored", code=2).err
    assert "--random-periods" in program(*base, "--no-validation", "--random-periods", "5", code=2).err


def test_settings_come_from_file_environment_and_flags_and_say_so(program):
    program.write("tradeassist.toml", 'threads = 2\nlog_level = "info"\ndata_directory = "from-file"\n')
    entries = program(
        "config", "--config", "tradeassist.toml", "--data", "from-flag", "--json",
        environment={"TRADEASSIST_LOG_LEVEL": "error"},
    ).json()  # fmt: skip
    found = {entry["name"]: (entry["value"], entry["origin"]) for entry in entries}
    assert found["threads"] == ("2", "tradeassist.toml:1")
    assert found["log_level"] == ("error", "TRADEASSIST_LOG_LEVEL")
    assert found["data_directory"] == ("from-flag", "--data")
    assert found["listen"] == ("127.0.0.1:8080", "default")
    program.write("wrong.toml", "\nthreds = 2\n")
    assert "wrong.toml:2: there is no setting 'threds'" in program("config", "--config", "wrong.toml", code=1).err


def test_help_has_examples_everywhere(program):
    for command in ([], ["import"], ["bars"], ["strategies"], ["pine", "check"], ["backtest"], ["optimize"], ["tournament"], ["serve"], ["config"]):
        said = program(*command, "--help").out
        assert "xample" in said and "tradeassist " in said, command
