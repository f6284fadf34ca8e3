"""Old bars leave the database for an archive, and come back."""

import json

from conftest import wave

HOUR = 3_600


def test_a_partition_is_archived_dropped_refused_to_writers_and_restored(program):
    # Hours from 2019-12-20 on, into 2020.
    program.write("bars.csv", wave(600, HOUR, 1_576_800_000))
    arguments = ("import", "bars.csv", "--symbol", "X", "--timeframe", "1h")
    program(*arguments)
    everything = program("bars", "--symbol", "X", "--timeframe", "1h").out

    assert "read back and compared" in program("partitions", "archive", "2019").out
    assert "has no verified archive" in program("partitions", "drop", "2020", code=1).err
    said = program("partitions", "archive", "2019", "--drop").out
    assert "read back and compared" in said
    assert program("bars", "--symbol", "X", "--timeframe", "1h").out.splitlines()[1].startswith("2020-01-01T00:00:00Z")
    answer = program("bars", "--symbol", "X", "--timeframe", "1h", "--format", "json").json()
    assert answer["archived"] == ["2019"]
    states = {row["name"]: row["state"] for row in json.loads(program("partitions", "--json").out)}
    assert states == {"2019": "dropped", "2020": "open"}
    refused = program(*arguments, code=1).err
    assert "bars of 2019 are archived" in refused and "restore" in refused

    assert "as they were written" in program("partitions", "verify", "2019").out
    program("partitions", "restore", "2019")
    assert program("bars", "--symbol", "X", "--timeframe", "1h").out == everything
    assert "0 broken" in program("doctor").out


def test_a_damaged_archive_is_not_restored(program):
    program.write("bars.csv", wave(600, HOUR, 1_576_800_000))
    program("import", "bars.csv", "--symbol", "X", "--timeframe", "1h")
    program("partitions", "archive", "2019", "--drop", "--to", "old")
    [file] = (program.folder / "old").glob("*.parquet")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert program("partitions", "verify", "2019", "--from", "old", code=1).err
    assert program("partitions", "restore", "2019", "--from", "old", code=1).err
    states = {row["name"]: row["state"] for row in json.loads(program("partitions", "--json").out)}
    assert states["2019"] == "dropped"


def months_of_trades():
    """Trades of two months of 2020, several of one instant, and quotes beside some."""
    lines = ["time,price,size,bid,ask"]
    for month in ("01", "02"):
        for i in range(3_000):
            at = f"2020-{month}-{1 + i // 200:02}T14:{i // 4 % 60:02}:{i // 2 % 60:02}.{i // 3 % 1000:03}Z"
            lines.append(f"{at},{100 + i % 17 * 0.25},{1 + i % 5},{'' if i % 3 else 99.5 + i % 7},{100.5 + i % 7}")
    return "\n".join([*lines, ""])


def test_old_ticks_leave_the_database_by_retention_and_come_back(program):
    program.write("trades.csv", months_of_trades())
    importing = ("import", "trades.csv", "--symbol", "X")
    done = program(*importing)
    assert "6000 new ticks" in done.out and "retention_tick_months = 0 keeps them" in done.err
    bars = ("bars", "--symbol", "X", "--timeframe", "7t")
    everything = program(*bars).out

    program("maintain", environment={"TRADEASSIST_RETENTION_TICK_MONTHS": "0"})
    assert program(*bars).out == everything
    assert "2 archived and dropped" in program("maintain").out  # 24 months are kept by default
    states = {(row["kind"], row["name"]): row["state"] for row in json.loads(program("partitions", "--json").out)}
    assert states[("tick", "2020-01")] == states[("tick", "2020-02")] == "dropped"
    assert "2020-01 are archived" in program(*importing, code=1).err
    month = ("2020-01", "--kind", "tick")
    assert "3000 rows of 1 series, all as they were written" in program("partitions", "verify", *month).out
    assert "3000 rows are back, 0 were there" in program("partitions", "restore", *month).out
    program("partitions", "restore", "2020-02", "--kind", "tick")
    assert program(*bars).out == everything
    assert "6000 there already" in program(*importing).out
    assert "0 broken" in program("doctor").out
