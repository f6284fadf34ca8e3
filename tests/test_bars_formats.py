"""Bars over HTTP as Arrow and as Parquet hold what the JSON answer does, value for value."""

import io
import math
import struct
import zipfile
from datetime import datetime
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest
from conftest import Server, is_problem, wave
from test_continuous import CONTRACTS

ARROW = "application/vnd.apache.arrow.stream"
PARQUET = "application/vnd.apache.parquet"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SERIES_COLUMNS = ["time", "open", "high", "low", "close", "volume"]


def read(reply, media_type):
    assert reply.status == 200, reply.body
    assert reply.headers["content-type"] == media_type and reply.headers["vary"].split(", ")[0] == "Accept"
    if media_type == PARQUET:
        return pq.read_table(pa.BufferReader(reply.body))
    with pa.ipc.open_stream(reply.body) as stream:
        table = stream.read_all()
    table.validate(full=True)
    return table


def same(table, columns):
    """The table's columns against those of the JSON answer, in which what is unknown is null."""
    assert table.column_names == list(columns)
    times = [value.as_py().strftime("%Y-%m-%dT%H:%M:%SZ") for value in table["time"].cast("timestamp[s]")]
    assert times == columns["time"]
    for name in table.column_names[1:]:
        values = table[name].to_pylist()
        if table[name].type == pa.float64():
            assert None not in values
            values = [None if math.isnan(value) else struct.pack("<d", value) for value in values]
            wanted = [None if value is None else struct.pack("<d", float(value)) for value in columns[name]]
        else:
            wanted = columns[name]
        assert values == wanted, name


def check_both(server, path):
    """Both formats of a path, by name and by Accept, against its JSON."""
    answer = server.get(path).json()
    for media_type, name in ((ARROW, "arrow"), (PARQUET, "parquet")):
        named = server.get(f"{path}&format={name}")
        file = f'{answer["symbol"]}_{answer["timeframe"]}.{name}'
        assert named.headers["content-disposition"] == f'attachment; filename="{file}"'
        table = read(named, media_type)
        same(table, answer["columns"])
        assert read(server.get(path, headers={"Accept": media_type}), media_type) == table
    return answer, table


def test_daily_bars(program, serve):
    program.import_sp500()
    answer, _ = check_both(serve("--data", program.data), "/api/v1/bars?symbol=SP500&timeframe=1d")
    assert answer["row_count"] == 5105


def test_open_interest_trades_vwap_and_what_is_unknown(program, serve):
    rows = [f"2020-01-02T15:{i:02}:00Z,{i},{i + 2},{i - 1},{i + 1},{'' if i % 5 else i},{i * 7 or ''},{i},{i}.125" for i in range(60)]
    program.write("odd.csv", "\n".join(["time,open,high,low,close,volume,oi,trades,vwap", *rows, ""]))
    program("import", "odd.csv", "--symbol", "A/B", "--timeframe", "1m")
    server = serve("--data", program.data)
    answer = server.get("/api/v1/bars?symbol=A/B&timeframe=1m").json()
    assert list(answer["columns"]) == [*SERIES_COLUMNS, "open_interest", "trade_count", "vwap"]
    assert answer["columns"]["volume"][1] is None and answer["columns"]["open_interest"][0] is None
    for media_type, name in ((ARROW, "arrow"), (PARQUET, "parquet")):
        reply = server.get(f"/api/v1/bars?symbol=A/B&timeframe=1m&format={name}")
        assert reply.headers["content-disposition"] == f'attachment; filename="A_B_1m.{name}"'
        same(read(reply, media_type), answer["columns"])


def test_filled_bars_stay_marked(program, serve):
    lines = wave(30).splitlines()
    del lines[10:14]
    program.write("wave.csv", "\n".join([*lines, ""]))
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m", "--asset-class", "crypto")
    answer, _ = check_both(serve("--data", program.data), "/api/v1/bars?symbol=WAVE&timeframe=1m&fill=forward")
    assert answer["columns"]["filled"].count("forward") == 4


def test_a_continuous_future_keeps_its_contracts(program, serve):
    for contract in ("ESH20", "ESM20"):
        lines = [line.split(",") for line in CONTRACTS.splitlines() if line.startswith(contract)]
        rows = [f"{time},{close},{close},{close},{close},{volume}" for _, time, close, volume in lines]
        program.write("es.csv", "\n".join(["time,open,high,low,close,volume", *rows, ""]))
        program("import", "es.csv", "--symbol", contract, "--timeframe", "1d")
    path = "/api/v1/bars?symbol=ES.v.0&timeframe=1d&adjustment=difference"
    server = serve("--data", program.data)
    _, table = check_both(server, path)
    assert table["contract"].to_pylist() == ["ESH2020"] * 3 + ["ESM2020"] * 2
    assert table["unadjusted_close"].to_pylist() == [2740, 2870, 2730, 2470, 2700]
    metadata = read(server.get(f"{path}&format=arrow"), ARROW).schema.metadata
    assert metadata[b"adjustment"] == b"difference_backward" and metadata[b"roll"] == b"volume:0"


def test_more_bars_than_a_text_may_hold_and_no_more_than_a_million(program, serve):
    program.write("wave.csv", wave(60_000))
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m")
    server = serve("--data", program.data)
    path = "/api/v1/bars?symbol=WAVE&timeframe=1m"
    is_problem(server.get(path), 422, "TOO_MANY_BARS")
    for media_type, name in ((ARROW, "arrow"), (PARQUET, "parquet")):
        assert read(server.get(f"{path}&format={name}"), media_type).num_rows == 60_000
        assert read(server.get(f"{path}&format={name}&last=55000"), media_type).num_rows == 55_000
        assert "1000000" in is_problem(server.get(f"{path}&format={name}&last=1000001"), 422, "INVALID_REQUEST")["detail"]
    assert "50000" in is_problem(server.get(f"{path}&last=55000"), 422, "INVALID_REQUEST")["detail"]
    assert "1048575" in is_problem(server.get(f"{path}&format=xlsx&last=1048576"), 422, "INVALID_REQUEST")["detail"]
    wrong = is_problem(server.get(f"{path}&format=ods"), 422, "INVALID_REQUEST")
    assert "columns, json, csv, arrow, parquet, xlsx" in wrong["detail"]


def sheet_rows(book):
    """The rows of a workbook's sheet, each the values of its cells by their letters."""
    space = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(io.BytesIO(book)) as opened:
        assert opened.testzip() is None
        sheet = ElementTree.fromstring(opened.read("xl/worksheets/sheet1.xml"))
        name = ElementTree.fromstring(opened.read("xl/workbook.xml")).find(".//s:sheet", space).get("name")
    rows = []
    for row in sheet.findall(".//s:row", space):
        cells = {}
        for cell in row.findall("s:c", space):
            text = cell.find("s:is/s:t", space)
            value = cell.find("s:v", space)
            cells[cell.get("r").rstrip("0123456789")] = text.text if text is not None else float(value.text)
        rows.append(cells)
    return name, rows


def test_a_workbook_has_every_bar(program, serve):
    program.import_sp500()
    server = serve("--data", program.data)
    path = "/api/v1/bars?symbol=SP500&timeframe=1w"
    columns = server.get(path).json()["columns"]
    reply = server.get(f"{path}&format=xlsx")
    assert reply.status == 200 and reply.headers["content-type"] == XLSX
    assert reply.headers["content-disposition"] == 'attachment; filename="SP500_1w.xlsx"'
    name, rows = sheet_rows(reply.body)
    assert name == "SP500 1w" and list(rows[0].values()) == SERIES_COLUMNS
    assert len(rows) == len(columns["time"]) + 1
    for i in (0, len(columns["time"]) - 1):
        cells = rows[i + 1]
        at = datetime.fromisoformat(columns["time"][i].replace("Z", "+00:00")).timestamp()
        assert abs((cells["A"] - 25_569) * 86_400 - at) < 0.01
        for letter, column in zip("BCDEF", SERIES_COLUMNS[1:]):
            assert cells.get(letter) == columns[column][i]
    assert sheet_rows(server.get(path, headers={"Accept": XLSX}).body)[1] == rows
    program("bars", "--symbol", "SP500", "--timeframe", "1w", "--format", "xlsx", "-o", "weeks.xlsx")
    assert sheet_rows((program.folder / "weeks.xlsx").read_bytes()) == (name, rows)
    assert "-o FILE" in program("bars", "--symbol", "SP500", "--timeframe", "1w", "--format", "xlsx", code=1).err


def test_no_bars_are_an_answer_without_rows_that_says_why(program, serve):
    program.import_sp500()
    server = serve("--data", program.data)
    path = "/api/v1/bars?symbol=SP500&timeframe=1d&from=2021-01-01"
    for media_type, name in ((ARROW, "arrow"), (PARQUET, "parquet")):
        reply = server.get(f"{path}&format={name}")
        table = read(reply, media_type)
        assert table.num_rows == 0 and table.column_names == SERIES_COLUMNS
        said = table.schema.metadata if name == "arrow" else pq.read_metadata(pa.BufferReader(reply.body)).metadata
        assert b"2020-04-1" in said[b"empty_reason"]


def test_parquet_without_its_engine_is_told_and_the_rest_works(program, monkeypatch, tmp_path):
    program.import_sp500()
    (tmp_path / "libraries").mkdir()
    (tmp_path / "libraries/libduckdb.so").write_bytes(b"this is no library")
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path / "libraries"))
    server = Server(program.folder, "--data", program.data)
    try:
        path = "/api/v1/bars?symbol=SP500&timeframe=1d&last=3"
        problem = is_problem(server.get(f"{path}&format=parquet"), 501, "PARQUET_NOT_AVAILABLE")
        assert "format=arrow" in problem["detail"] and "libduckdb.so" in problem["detail"]
        assert str(tmp_path) not in problem["detail"]
        assert read(server.get(f"{path}&format=arrow"), ARROW).num_rows == 3
    finally:
        server.end()


def test_nothing_is_left_in_the_folder_for_temporary_files(program, monkeypatch, tmp_path):
    program.import_sp500()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    server = Server(program.folder, "--data", program.data)
    try:
        assert server.get("/api/v1/bars?symbol=SP500&timeframe=1d&format=parquet").status == 200
    finally:
        server.end()
    assert list((tmp_path / "temporary").iterdir()) == []
    assert list(program.folder.glob("**/*.parquet*")) == []
