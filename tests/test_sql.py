"""A user asks the stored data in SQL."""

import json
import signal
import subprocess
import time

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
from conftest import BINARY, SP500


def test_bars_instruments_and_series_are_tables(program):
    program.import_sp500()
    assert program("sql", "SELECT symbol, bars, first_time FROM series()").out.splitlines() == [
        "symbol  bars  first_time",
        "------  ----  --------------------",
        "SP500   5105  2000-01-03T00:00:00Z",
    ]
    years = program(
        "sql", "--format", "json",
        "SELECT year(time) AS year, count(*) AS days, max(high) AS high FROM bars('SP500', '1d') "
        "GROUP BY year ORDER BY year LIMIT 2",
    ).json()  # fmt: skip
    rows = [line.split(",") for line in SP500.read_text().splitlines()[1:]]
    for year in years:
        of_year = [row for row in rows if row[0].startswith(str(year["year"]))]
        assert year == {"year": year["year"], "days": len(of_year), "high": max(float(row[2]) for row in of_year)}
    assert [year["year"] for year in years] == [2000, 2001]
    assert "SP500" in program("sql", "FROM instruments()").out


def test_a_timeframe_is_made_of_the_stored_bars_as_by_bars(program):
    program.import_sp500()
    weeks = program("bars", "--symbol", "SP500", "--timeframe", "1w", "--last", "5").out
    assert program("sql", "SELECT time, open, high, low, close, volume FROM bars('SP500', '1w', last := 5)", "--format", "csv").out == weeks


def test_results_go_to_files_of_every_format(program):
    program.import_sp500()
    query = "SELECT time, close, volume > 1e9 AS busy, 'x' AS text FROM bars('SP500', '1d', last := 3000)"
    for name in ("out.csv", "out.json", "out.parquet", "out.arrow"):
        assert program("sql", query, "-o", name).out == ""
    text = [line.split(",") for line in (program.folder / "out.csv").read_text().splitlines()[1:]]
    objects = json.loads((program.folder / "out.json").read_text())
    table = pq.read_table(program.folder / "out.parquet")
    with pa.ipc.open_stream((program.folder / "out.arrow").read_bytes()) as stream:
        arrow = stream.read_all()
    arrow.validate(full=True)
    closes = [float(row[1]) for row in text]
    assert len(closes) == 3000
    assert closes == [row["close"] for row in objects] == table["close"].to_pylist() == arrow["close"].to_pylist()
    assert table["busy"].to_pylist() == arrow["busy"].to_pylist() == [row["busy"] for row in objects]
    assert set(arrow["text"].to_pylist()) == {"x"}
    assert sorted(path.name for path in program.folder.glob("out*")) == ["out.arrow", "out.csv", "out.json", "out.parquet"]


def test_errors_say_what_and_leave_no_file(program):
    program.import_sp500()
    assert "bars('NONE', '1d'): " in program("sql", "FROM bars('NONE', '1d')", code=1).err
    assert "LINE 1" in program("sql", "SELEC 1", code=1).err
    assert "only queries" in program("sql", "DROP TABLE x", code=1).err
    assert "--rows-max" in program("sql", "FROM range(5)", "--rows-max", "4", "-o", "out.csv", code=1).err
    assert "--rows-max" in program("sql", "FROM range(5)", "--rows-max", "4", "-o", "out.parquet", code=1).err
    assert "-o FILE" in program("sql", "SELECT 1", "--format", "parquet", code=1).err
    assert "out.arrow" not in program("sql", "SELECT 1.5 AS x", "-o", "out.arrow", code=1).err
    assert list(program.folder.glob("out*")) == []


def test_a_long_table_is_cut_and_says_so(program):
    answer = program("sql", "FROM range(1000)")
    assert len(answer.out.splitlines()) == 102
    assert "the first 100 rows" in answer.err


def test_files_are_read_only_when_allowed(program):
    program.import_sp500()
    program.write("trades.csv", "time,quantity\n2020-04-17,5\n")
    query = "SELECT t.quantity * b.close AS value FROM bars('SP500', '1d') b JOIN 'trades.csv' t USING (time)"
    assert "disabled" in program("sql", query, code=1).err
    assert float(program("sql", "--files", query, "--format", "csv").out.splitlines()[1]) > 10_000
    assert "only queries" in program("sql", "--files", "COPY (SELECT 1) TO 'x.csv'", code=1).err
    assert not (program.folder / "x.csv").exists()


def test_an_interrupt_ends_a_query(program):
    program.import_sp500()
    long = "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range * b.range % 7 = 3"
    running = subprocess.Popen([BINARY, "sql", long], cwd=program.folder, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    # Interrupted only once the query runs: the process has the engine's library and has used some time.
    status = f"/proc/{running.pid}/stat"
    while int(open(status).read().rsplit(")", 1)[1].split()[11]) < 100:
        assert running.poll() is None
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 1
    assert b"nterrupt" in said
