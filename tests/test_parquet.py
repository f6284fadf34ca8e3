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
