"""A user takes bars to other tools and brings theirs in: Parquet and Arrow, as Arrow's own reader sees them."""

import struct

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
from conftest import wave

COLUMNS = ["time", "open", "high", "low", "close", "volume"]


def bits(column):
    return [struct.pack("<d", value) for value in column.to_pylist()]


def stored_rows(program, *arguments):
    return [line.split(",") for line in program("bars", *arguments).out.splitlines()[1:]]


def check_table(program, table, rows):
    assert table.column_names == COLUMNS
    assert [value.as_py().strftime("%Y-%m-%dT%H:%M:%SZ") for value in table["time"].cast("timestamp[s]")] == [
        row[0] for row in rows
    ]
    for i, name in enumerate(COLUMNS[1:], 1):
        assert table[name].type == pa.float64()
        assert bits(table[name]) == [struct.pack("<d", float(row[i] or "nan")) for row in rows], name


def check_metadata(metadata):
    said = {key.decode(): value.decode() for key, value in metadata.items()}
    assert said.pop("exported_at").endswith("Z")
    assert {key: said[key] for key in ("symbol", "timeframe", "source", "time_zone", "times")} == {
        "symbol": "SP500", "timeframe": "1d", "source": "csv", "time_zone": "UTC", "times": "UTC",
    }  # fmt: skip


def test_parquet_holds_the_stored_bars_to_the_bit(program):
    program.import_sp500()
    series = ["--symbol", "SP500", "--timeframe", "1d"]
    program("bars", *series, "--format", "parquet", "-o", "bars.parquet")
    table = pq.read_table(program.folder / "bars.parquet")
    assert table.num_rows == 5105
    assert table["time"].type == pa.timestamp("ns")
    check_table(program, table, stored_rows(program, *series))
    check_metadata(pq.read_metadata(program.folder / "bars.parquet").metadata)
    assert [path.name for path in program.folder.glob("*.part")] == []


def test_an_arrow_stream_holds_the_stored_bars_to_the_bit(program):
    program.import_sp500()
    series = ["--symbol", "SP500", "--timeframe", "1d"]
    program("bars", *series, "--format", "arrow", "-o", "bars.arrow")
    with pa.ipc.open_stream((program.folder / "bars.arrow").read_bytes()) as stream:
        table = stream.read_all()
    table.validate(full=True)
    assert table["time"].type == pa.timestamp("ns", tz="UTC")
    check_table(program, table, stored_rows(program, *series))
    check_metadata(table.schema.metadata)


def test_no_bars_make_a_file_without_rows(program):
    program.import_sp500()
    none = ["--symbol", "SP500", "--timeframe", "1d", "--from", "2021-01-01"]
    program("bars", *none, "--format", "parquet", "-o", "none.parquet")
    program("bars", *none, "--format", "arrow", "-o", "none.arrow")
    assert pq.read_table(program.folder / "none.parquet").num_rows == 0
    with pa.ipc.open_stream((program.folder / "none.arrow").read_bytes()) as stream:
        assert stream.read_all().column_names == COLUMNS


def test_many_batches_and_unknown_volumes_come_through(program):
    lines = wave(150_000).splitlines()
    lines[1000] = lines[1000].rsplit(",", 1)[0] + ","
    program.write("wave.csv", "\n".join(lines) + "\n")
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m")
    series = ["--symbol", "WAVE", "--timeframe", "1m"]
    rows = stored_rows(program, *series)
    assert rows[999][5] == "" and len(rows) == 150_000
    program("bars", *series, "--format", "arrow", "-o", "wave.arrow")
    with pa.ipc.open_stream((program.folder / "wave.arrow").read_bytes()) as stream:
        check_table(program, stream.read_all(), rows)
    program("bars", *series, "--format", "parquet", "-o", "wave.parquet")
    check_table(program, pq.read_table(program.folder / "wave.parquet"), rows)


def test_parquet_needs_a_file(program):
    program.import_sp500()
    series = ["--symbol", "SP500", "--timeframe", "1d"]
    assert "-o FILE" in program("bars", *series, "--format", "parquet", code=1).err
    lost = program("bars", *series, "--format", "parquet", "-o", "no/such/folder.parquet", code=1).err
    assert "no/such/folder.parquet" in lost


def test_exported_bars_come_back_as_they_were(program):
    program.write("wave.csv", wave(5000))
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "5m", code=1)  # they are minutes
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m")
    series = ["--symbol", "WAVE", "--timeframe", "1m"]
    program("bars", *series, "--format", "parquet", "-o", "wave.parquet")
    said = program("import", "wave.parquet", "--symbol", "COPY", "--timeframe", "1m").out
    assert "Parquet, read by DuckDB" in said and "5000 new bars" in said and "wave.parquet -> COPY 1m" in said
    assert program("bars", "--symbol", "COPY", "--timeframe", "1m").out == program("bars", *series).out
    again = program("import", "wave.parquet", "--symbol", "COPY", "--timeframe", "1m", "--json").json()["files"][0]
    assert again == {
        "file": "wave.parquet", "rows": 5000, "bars": 5000, "bad_rows": 0, "duplicates": 0,
        "inserted": 0, "corrected": 0, "unchanged": 5000, "notes": [],
    }  # fmt: skip


def test_daily_bars_come_back_as_they_were(program):
    program.import_sp500()
    program("bars", "--symbol", "SP500", "--timeframe", "1d", "--format", "parquet", "-o", "days.parquet")
    program("import", "days.parquet", "--symbol", "COPY", "--timeframe", "1d")
    assert (
        program("bars", "--symbol", "COPY", "--timeframe", "1d").out
        == program("bars", "--symbol", "SP500", "--timeframe", "1d").out
    )


def minutes(time_type, times, **more):
    prices = [100.0 + i for i in range(len(times))]
    return pa.table(
        {"Datetime": pa.array(times, time_type), "Open": prices, "High": prices, "Low": prices, "Close": prices, **more}
    )


SECONDS = [1_577_975_400 + 60 * i for i in range(20)]


def test_times_of_other_programs_are_understood(program):
    kinds = {
        "utc": minutes(pa.timestamp("us", tz="UTC"), [s * 10**6 for s in SECONDS]),
        "new_york": minutes(pa.timestamp("ns", tz="America/New_York"), [s * 10**9 for s in SECONDS]),
        "seconds": minutes(pa.int64(), SECONDS),
        "milliseconds": minutes(pa.int64(), [s * 1000 for s in SECONDS]),
        "strings": minutes(pa.string(), [f"2020-01-02 14:{30 + i}:00Z" for i in range(20)]),
    }
    for name, table in kinds.items():
        pq.write_table(table, program.folder / f"{name}.parquet")
        program("import", f"{name}.parquet", "--symbol", name, "--timeframe", "1m")
        rows = stored_rows(program, "--symbol", name, "--timeframe", "1m")
        assert [row[0] for row in rows] == [f"2020-01-02T14:{30 + i}:00Z" for i in range(20)], name
        assert [row[4] for row in rows] == [str(100 + i) for i in range(20)]


def test_times_without_a_zone_are_asked_for(program):
    local = minutes(pa.timestamp("us"), [(s - 5 * 3600) * 10**6 for s in SECONDS])
    pq.write_table(local, program.folder / "local.parquet")
    asked = program("import", "local.parquet", "--symbol", "X", "--timeframe", "1m", code=1).err
    assert "local.parquet" in asked and "--timezone" in asked and "tradeassist-plain" not in asked
    program("import", "local.parquet", "--symbol", "X", "--timeframe", "1m", "--timezone", "America/New_York")
    assert stored_rows(program, "--symbol", "X", "--timeframe", "1m")[0][0] == "2020-01-02T14:30:00Z"


def test_several_files_are_one_import_each(program):
    for name, part in {"a": SECONDS[:10], "b": SECONDS[10:]}.items():
        pq.write_table(minutes(pa.int64(), part), program.folder / f"{name}.parquet")
    files = program("import", "a.parquet", "b.parquet", "--symbol", "X", "--timeframe", "1m", "--json").json()["files"]
    assert [(file["file"], file["inserted"]) for file in files] == [("a.parquet", 10), ("b.parquet", 10)]


def test_what_is_wrong_with_a_parquet_file_is_said_by_its_name(program):
    pq.write_table(pa.table({"time": SECONDS, "price_list": [[1.0]] * 20}), program.folder / "nested.parquet")
    refused = program("import", "nested.parquet", "--symbol", "X", "--timeframe", "1m", code=1).err
    assert "nested.parquet" in refused and "tradeassist-plain" not in refused
    program.write("broken.parquet", b"PAR1 and no more")
    assert "broken.parquet" in program("import", "broken.parquet", "--symbol", "X", "--timeframe", "1m", code=1).err
    bad = minutes(pa.int64(), SECONDS).set_column(2, "High", pa.array([1.0] + [200.0] * 19))
    pq.write_table(bad, program.folder / "bad.parquet")
    strict = program("import", "bad.parquet", "--symbol", "X", "--timeframe", "1m", "--strict", code=1).err
    assert "bad.parquet: line 2: " in strict
