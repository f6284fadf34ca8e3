"""Whatever comes in, the program says what is wrong, where, and what to do; and nothing that was stored is lost."""

import os
import resource
import shutil
import sqlite3
import subprocess

import pytest
from conftest import BINARY, SP500, walk, wave


def stored(program) -> str:
    return program("bars", "--symbol", "SP500", "--timeframe", "1d").out


@pytest.fixture
def filled(program):
    program.import_sp500()
    return program


def refused(program, name, *more):
    return program("import", name, "--symbol", "SP500", "--timeframe", "1d", *more, code=1).err


def test_a_truncated_file_is_imported_as_far_as_it_goes_and_said_to_end_early(program):
    whole = SP500.read_bytes()
    program.write("cut.csv", whole[:100_000])
    said = program("import", "cut.csv", "--symbol", "SP500", "--timeframe", "1d").out
    last = whole[:100_000].count(b"\n") + 1
    assert f"cut.csv: line {last}: " in said and "cut off" in said
    assert f"cut.csv: line {last}: " in refused(program, "cut.csv", "--strict")


def test_binary_and_empty_files_are_refused(filled):
    before = stored(filled)
    filled.write("binary.csv", os.urandom(20_000))
    filled.write("empty.csv", "")
    filled.write("header.csv", "time,open,high,low,close\n")
    filled.write("database.csv", (filled.data / "market.db").read_bytes())
    assert "binary" in refused(filled, "binary.csv")
    assert "is empty" in refused(filled, "empty.csv")
    assert "header.csv: " in refused(filled, "header.csv")
    assert "SQLite" in refused(filled, "database.csv") or "binary" in refused(filled, "database.csv")
    assert "No such file" in refused(filled, "nowhere.csv")
    assert stored(filled) == before


def test_a_line_of_a_gigabyte_is_refused_in_little_memory(program):
    path = program.folder / "line.csv"
    block = b"123456789," * 100_000
    with path.open("wb") as file:
        file.write(b"time,open,high,low,close\n")
        for _ in range(1074):
            file.write(block)
    limit = 2 * 2**30  # of address space: the file is mapped, not copied
    answer = program(
        "import", "line.csv", "--symbol", "X", "--timeframe", "1d", code=1,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )  # fmt: skip
    assert "line.csv: line 2" in answer.err
    path.unlink()


def test_bad_rows_are_listed_with_their_lines_or_stop_the_import(filled):
    before = stored(filled)
    lines = SP500.read_text().splitlines()
    lines[10] = lines[10].replace(lines[10].split(",")[2], "abc")
    lines[20] = "2000-01-32," + lines[20].split(",", 1)[1]
    filled.write("bad.csv", "\n".join(lines) + "\n")
    strict = refused(filled, "bad.csv", "--strict")
    assert "bad.csv: line 11: " in strict
    assert stored(filled) == before
    said = filled("import", "bad.csv", "--symbol", "SP500", "--timeframe", "1d").out
    assert "line 11: " in said and "line 21: " in said and "2 bad rows left out" in said


def test_scripts_that_are_too_large_too_deep_endless_or_recursive(program):
    def check(name, text):
        program.write(name, text)
        return program("pine", "check", name, code=1).out

    head = '//@version=6\nindicator("x")\n'
    assert "2097152 bytes" in check("large.pine", head + "// a line of text\n" * 600_000)
    assert "deep.pine:3:" in check("deep.pine", head + "plot(" + "(" * 1000 + "1" + ")" * 1000 + ")\n")
    recursion = check("recursion.pine", head + "f(x) => f(x - 1)\nplot(f(3))\n")
    assert "recursion.pine:3:9: error: " in recursion and "calls itself" in recursion
    program.write("endless.pine", '//@version=6\nstrategy("x")\nvar int i = 0\nwhile true\n    i += 1\nplot(i)\n')
    endless = program("backtest", "endless.pine", "--csv", SP500, "--timeframe", "1d", code=1, seconds=30)
    assert "endless.pine:4:1: " in endless.err


def test_impossible_parameters_are_named(program):
    backtest = ["backtest", "RSIStrategy", "--csv", SP500, "--timeframe", "1d"]
    optimize = ["optimize", "RSIStrategy", "--csv", SP500, "--timeframe", "1d"]
    assert "rsi_length" in program(*backtest, "--set", "rsi_length=-5", code=1).err
    assert "rsi_length" in program(*backtest, "--set", "rsi_length=many", code=1).err
    assert "it has rsi_length" in program(*backtest, "--set", "lenght=5", code=1).err
    assert "initial_capital" in program(*backtest, "--property", "initial_capital=-1", code=1).err
    unknown = program("backtest", "RSIStrateg", "--csv", SP500, code=1).err
    assert "there is no strategy 'RSIStrateg'" in unknown and "AverageTrueRange" in unknown
    assert "rsi_length" in program(*optimize, "--param", "rsi_length=20:5:1", code=1).err
    assert "rsi_length" in program(*optimize, "--param", "rsi_length=5:20:0", code=1).err
    assert "rsi_length" in program(*optimize, "--param", "rsi_length=0:5:log", code=1).err
    assert "by <, <=, > or >=" in program(*optimize, "--constraint", "rsi_length = 5", code=1).err
    assert "sharpe_ratio" in program(*optimize, "--objective", "luck", code=1).err


def test_wrong_usage_ends_with_two(program):
    assert "no command 'frobnicate'" in program("frobnicate", code=2).err
    unknown = program("backtest", "RSIStrategy", "--csv", "x.csv", "--bogus", code=2).err
    assert unknown.startswith("error: ") and "--bogus" in unknown and "`tradeassist backtest --help`" in unknown
    for command in ("backtest", "optimize"):
        assert "--csv FILE or --symbol S" in program(command, "RSIStrategy", code=2).err
    assert "--timeframe" in program("bars", "--symbol", "X", "--timeframe", "7q", code=2).err
    assert "--from" in program("bars", "--symbol", "X", "--timeframe", "1d", "--from", "yesterday", code=2).err
    assert "xml" in program("bars", "--symbol", "X", "--timeframe", "1d", "--format", "xml", code=2).err
    assert "dice" in program("optimize", "RSIStrategy", "--csv", "x.csv", "--sampler", "dice", code=2).err
    assert "NAME=VALUE" in program("backtest", "RSIStrategy", "--csv", "x.csv", "--set", "length", code=2).err
    assert "FILE" in program("import", code=2).err
    assert "Usage" in program(code=2).err


def test_a_full_disk_loses_nothing(filled):
    """The data directory on a file system without room, where one can be mounted; else files that may not grow."""
    before = stored(filled)
    filled.write("more.csv", walk(100_000))
    arguments = ("import", "more.csv", "--symbol", "MORE", "--timeframe", "1m")
    small = filled.folder / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small], capture_output=True).returncode == 0
    if mounted:
        try:
            for file in filled.data.iterdir():
                shutil.copy(file, small)
            answer = filled(*arguments, "--data", small, code=1)
            assert "full" in answer.err or "space" in answer.err, answer.err
            assert filled("bars", "--data", small, "--symbol", "SP500", "--timeframe", "1d").out == before
        finally:
            subprocess.run(["umount", small], check=True)
    size = 2**20
    answer = filled(*arguments, code=1, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))
    assert answer.err.startswith("error: ")
    assert stored(filled) == before
    assert "100000 new bars" in filled(*arguments).out
    assert stored(filled) == before


def test_output_that_cannot_be_written_is_an_error(filled):
    arguments = ["bars", "--symbol", "SP500", "--timeframe", "1d"]
    assert "/nowhere/x.csv" in filled(*arguments, "-o", "/nowhere/x.csv", code=1).err
    with open("/dev/full", "wb") as full:
        done = subprocess.run([BINARY, *arguments], cwd=filled.folder, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 1 and b"standard output" in done.stderr


@pytest.mark.parametrize("name", ["market.db", "app.db"])
def test_a_data_directory_of_a_newer_version_is_refused_and_left_alone(filled, serve, name):
    server = serve()
    server.end()
    database = sqlite3.connect(filled.data / name)
    (version,) = database.execute("SELECT max(version) FROM schema_migration").fetchone()
    database.execute("INSERT INTO schema_migration SELECT max(version) + 1, 'of tomorrow', max(applied_at) FROM schema_migration")
    database.commit()
    database.close()
    answer = filled("serve", "--listen", "127.0.0.1:0", "--no-authentication", code=1, seconds=20)
    assert name in answer.err and "newer" in answer.err
    database = sqlite3.connect(filled.data / name)
    assert database.execute("SELECT max(version) FROM schema_migration").fetchone() == (version + 1,)
    database.close()


def test_a_data_directory_that_is_not_one(program):
    program.write("file", "text")
    assert "file" in program("import", SP500, "--symbol", "X", "--timeframe", "1d", "--data", "file", code=1).err
    (program.folder / "other").mkdir()
    program.write("other/market.db", b"not a database at all" * 1000)
    assert "market.db" in program("import", SP500, "--symbol", "X", "--timeframe", "1d", "--data", "other", code=1).err


def test_several_imports_at_once_all_arrive(program):
    names = [f"S{i}" for i in range(6)]
    program.write("wave.csv", wave(20_000))
    running = [
        subprocess.Popen([BINARY, "import", "wave.csv", "--symbol", name, "--timeframe", "1m"], cwd=program.folder,
                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for name in names
    ]  # fmt: skip
    for process in running:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    counts = {len(program("bars", "--symbol", name, "--timeframe", "1m").out.splitlines()) for name in names}
    assert counts == {20_001}
