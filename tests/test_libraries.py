"""Pine libraries: where they are looked for on the command line, and what a server reads of them."""

import pytest
from conftest import is_problem, wave

LIBRARY = """//@version=6
library("Levels")
export const float STEP = 2.0
export above(float x) => x + STEP
"""
SCRIPT = """//@version=6
strategy("s", overlay = true)
import Me/Levels/1 as levels
plot(levels.above(close), "above")
if bar_index == 1
    strategy.entry("L", strategy.long)
"""


@pytest.fixture
def bars(program):
    program.write("wave.csv", wave(50))
    return program


def put_library(folder):
    path = folder / "Me" / "Levels"
    path.mkdir(parents=True)
    (path / "1.pine").write_text(LIBRARY)


def test_a_script_imports_from_the_folder_beside_it_and_from_the_one_named(bars):
    script = bars.write("mine.pine", SCRIPT)
    missing = bars("pine", "check", script, code=1).out
    assert "mine.pine:3:1: error: there is no library Me/Levels/1" in missing
    assert str(bars.folder / "libraries/Me/Levels/1.pine") in missing
    put_library(bars.folder / "shelf")
    bars("pine", "check", script, "--libraries", "shelf")
    assert "the script does not compile" in bars("backtest", script, "--csv", "wave.csv", code=1).err
    bars("backtest", script, "--csv", "wave.csv", "--libraries", "shelf")
    put_library(bars.folder / "libraries")
    bars("backtest", script, "--csv", "wave.csv")


def test_a_library_is_checked_but_does_not_run(bars):
    library = bars.write("Levels.pine", LIBRARY)
    bars("pine", "check", library)
    assert "a library does nothing by itself" in bars("backtest", library, "--csv", "wave.csv", code=1).err


def test_a_server_reads_libraries_from_the_configured_folder_only(bars, serve):
    bars("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m")
    put_library(bars.folder / "libraries")
    put_library(bars.folder / "shelf")
    body = {"pine": SCRIPT, "symbol": "WAVE", "timeframe": "1m", "include_plots": True}
    without = serve()
    problem = is_problem(without.post("/api/v1/backtests", body), 422, "PINE_COMPILE_ERROR")
    without.end()
    assert problem["errors"][0]["line"] == 3 and "Me/Levels/1" in problem["errors"][0]["message"]
    server = serve("--libraries", "shelf")
    reply = server.post("/api/v1/backtests", body)
    assert reply.status == 200, reply.body
    assert reply.json()["plots"][0]["title"] == "above"
    (bars.folder / "secret.pine").write_text(LIBRARY)
    outside = {**body, "pine": SCRIPT.replace("Me/Levels/1", "../secret/1")}
    is_problem(server.post("/api/v1/backtests", outside), 422, "PINE_COMPILE_ERROR")
