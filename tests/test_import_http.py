"""Files that are imported over HTTP: what a preview shows, what an import stores, and what is refused."""

import gzip
import io
import urllib.parse
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import SP500, Server, is_problem

DAYS = "time,open,high,low,close,volume\n" + "".join(
    f"2024-01-{day:02},{10 + day},{12 + day},{9 + day},{11 + day},{100 * day}\n" for day in range(1, 31))


def target(path="", **query):
    return f"/api/v1/import{path}?{urllib.parse.urlencode(query)}"


def send(server, body, path="", headers=None, **query):
    """The answer to the file as it is."""
    body = body if isinstance(body, bytes) else body.encode()
    return server.call("POST", target(path, **query), body,
                       headers={"Content-Type": "application/octet-stream", **(headers or {})})


def stored(server, symbol, timeframe="1d"):
    return server.get(f"/api/v1/bars?symbol={symbol}&timeframe={timeframe}").json()["columns"]


@pytest.fixture
def server(program, serve):
    return serve("--data", program.data)


def test_a_preview_tells_what_was_understood_and_stores_nothing(server):
    reply = send(server, DAYS, "/preview", symbol="NEW", file_name="days.csv")
    assert reply.status == 200
    told = reply.json()
    assert told["new_instrument"] and told["timeframe"] == "1d" and not told["says_enough"]
    assert told["instrument"]["symbol"] == "NEW" and told["instrument"]["tick_size"] == 1
    (file,) = told["files"]
    assert file["file"] == "days.csv" and file["refused"] is None
    form = file["format"]
    assert (form["separator"], form["decimal"], form["header_line"], form["first_row_line"]) == (",", "dot", 1, 2)
    assert [c["role"] for c in form["columns"]] == ["time", "open", "high", "low", "close", "volume"]
    assert (form["time_column"], form["time_format"], form["time_zone_from"]) == (1, "ymd", "dates")
    assert file["rows"]["rows"] == file["rows"]["kept"] == 30 and file["rows"]["problems"] == []
    assert [row["time"] for row in file["first"]] == [f"2024-01-{day:02}T00:00:00Z" for day in range(1, 11)]
    assert [row["close"] for row in file["last"]] == [11.0 + day for day in range(21, 31)]
    assert file["first"][0]["price"] is None
    assert file["changes"] == {"inserted": 30, "corrected": 0, "unchanged": 0}
    assert send(server, DAYS, "/preview", symbol="NEW", timeframe="1d").json()["says_enough"]
    assert server.get("/api/v1/instruments").json()["instruments"] == []


def test_what_is_imported_is_what_the_command_imports(program, server):
    program.import_sp500()
    reply = send(server, SP500.read_bytes(), symbol="OVER_HTTP", timeframe="1d", file_name="sp500-2000.csv")
    assert reply.status == 201
    told = reply.json()
    assert told["new_instrument"] and told["bad_rows"] == 0 and told["source"] == "csv"
    assert stored(server, "OVER_HTTP") == stored(server, "SP500")
    assert told["changes"]["inserted"] == len(stored(server, "SP500")["time"])
    one, other = ({k: v for k, v in i.items() if k not in ("symbol", "series")}
                  for i in server.get("/api/v1/instruments").json()["instruments"])
    assert one == other
    history = server.get("/api/v1/instruments/OVER_HTTP/history").json()["history"]
    assert {entry["by"] for entry in history} == {"api"}


def test_the_same_file_again_changes_nothing_and_another_tells_what_it_changes(server):
    assert send(server, DAYS, symbol="A", timeframe="1d").status == 201
    again = send(server, DAYS, symbol="A", timeframe="1d")
    assert again.status == 200
    assert again.json()["changes"] == {"inserted": 0, "corrected": 0, "unchanged": 30}
    other = DAYS.replace("2024-01-30,40,42,39,41,3000", "2024-01-30,40,42,39,41,3001\n2024-01-31,41,43,40,42,3100")
    wanted = {"inserted": 1, "corrected": 1, "unchanged": 29}
    assert send(server, other, "/preview", symbol="A", timeframe="1d").json()["files"][0]["changes"] == wanted
    assert send(server, other, symbol="A", timeframe="1d").json()["changes"] == wanted
    assert stored(server, "A")["volume"][-2:] == [3001, 3100]


def test_other_delimiters_marks_and_clocks(server):
    text = "Date;Zeit;Open;High;Low;Close;Volume\n" + "".join(
        f"{day:02}.07.2024;09:{minute:02};1,5;2,5;1,25;2,0;10\n" for day in (1, 15) for minute in range(30, 40))
    refused = is_problem(send(server, text, symbol="DE", timeframe="1m"), 422, "FILE_NOT_UNDERSTOOD")
    assert "timezone" in refused["detail"] and "--" not in refused["detail"]
    told = send(server, text, "/preview", symbol="DE", timeframe="1m", timezone="Europe/Berlin").json()
    form = told["files"][0]["format"]
    assert (form["separator"], form["decimal"], form["time_format"]) == (";", "comma", "dmy")
    assert (form["time_zone"], form["time_zone_from"], form["timeframe_given"]) == ("Europe/Berlin", "given", True)
    assert told["files"][0]["first"][0] | {"time": "2024-07-01T07:30:00Z", "low": 1.25} == told["files"][0]["first"][0]
    assert send(server, text, symbol="DE", timeframe="1m", timezone="Europe/Berlin").status == 201
    assert stored(server, "DE", "1m")["time"][0] == "2024-07-01T07:30:00Z"


def test_bad_rows_are_reported_by_line_and_left_out_or_refuse_the_file(server):
    bad = DAYS.replace("2024-01-03,13,15,12,14,300", "2024-01-03,13,11,12,14,300").replace(",500\n", ",many\n")
    told = send(server, bad, "/preview", symbol="BAD", timeframe="1d").json()["files"][0]["rows"]
    assert (told["rows"], told["kept"], told["bad_rows"]) == (30, 28, 2)
    assert [problem["line"] for problem in told["problems"]] == [4, 6]
    assert all(problem["message"] and problem["reason"] for problem in told["problems"])
    assert sum(told["bad_rows_by_reason"].values()) == 2
    strict = send(server, bad, "/preview", symbol="BAD", timeframe="1d", strict="true").json()["files"][0]
    assert "line 4" in strict["refused"] and strict["rows"] is None and strict["changes"] is None
    refused = is_problem(send(server, bad, symbol="BAD", timeframe="1d", strict="true"), 422, "FILE_NOT_UNDERSTOOD")
    assert "line 4" in refused["detail"]
    assert server.get("/api/v1/instruments").json()["instruments"] == []
    assert send(server, bad, symbol="BAD", timeframe="1d").json()["bad_rows"] == 2
    assert len(stored(server, "BAD")["time"]) == 28


def test_repetitions_and_rows_out_of_order_are_counted(server):
    lines = DAYS.splitlines()
    text = "\n".join([lines[0], *lines[1:4], lines[6], *lines[4:6], *lines[7:], lines[-1]]) + "\n"
    told = send(server, text, "/preview", symbol="A", timeframe="1d").json()["files"][0]["rows"]
    assert told["duplicates"] == 1 and told["out_of_order"] >= 1 and told["kept"] == 30


def test_what_is_no_request_is_refused_by_parameter(server):
    wrong = send(server, DAYS, "/preview", symbol="A", timezone="Mars/Olympus", asset_class="horse", whatever="1")
    pointers = {error["pointer"] for error in is_problem(wrong, 422, "INVALID_REQUEST")["errors"]}
    assert pointers == {"timezone", "asset_class", "whatever"}
    assert is_problem(send(server, DAYS), 422, "INVALID_REQUEST")["errors"][0]["pointer"] == "symbol"
    is_problem(send(server, b"", symbol="A"), 422, "FILE_NOT_UNDERSTOOD")
    unsaid = is_problem(send(server, DAYS, symbol="A"), 422, "FILE_NOT_UNDERSTOOD")
    assert "timeframe" in unsaid["detail"] and "--" not in unsaid["detail"]
    is_problem(send(server, b"\x00\x01\x02" * 1000, "/preview", symbol="A"), 422, "FILE_NOT_UNDERSTOOD")


def test_compressed_bodies_and_compressed_files(server):
    packed = gzip.compress(DAYS.encode())
    assert send(server, packed, symbol="CODING", timeframe="1d", headers={"Content-Encoding": "gzip"}).status == 201
    assert send(server, packed, symbol="FILE", timeframe="1d", file_name="days.csv.gz").status == 201
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("README.txt", "nothing here")
        made.writestr("days.csv", DAYS)
    told = send(server, archive.getvalue(), symbol="ZIP", timeframe="1d", file_name="days.zip").json()
    assert [file["file"] for file in told["files"]] == ["days.zip/days.csv"]
    assert [file["file"] for file in told["left_out"]] == ["days.zip/README.txt"]
    assert stored(server, "CODING") == stored(server, "FILE") == stored(server, "ZIP")
    is_problem(send(server, packed[:-20], symbol="CUT", timeframe="1d"), 422, "FILE_NOT_UNDERSTOOD")


def test_parquet(program, server):
    assert send(server, DAYS, symbol="A", timeframe="1d").status == 201
    bars = server.get("/api/v1/bars?symbol=A&timeframe=1d&format=parquet").body
    assert pq.read_table(pa.BufferReader(bars)).num_rows == 30
    told = send(server, bars, symbol="B", timeframe="1d", file_name="a.parquet")
    assert told.status == 201, told.body
    assert stored(server, "B") == stored(server, "A")


def test_ticks(server):
    text = "timestamp,price,size\n" + "".join(f"{1704207600000 + i * 37},{100 + i % 3},{i % 5 + 1}\n" for i in range(50))
    told = send(server, text, "/preview", symbol="T", ticks="true").json()
    file = told["files"][0]
    assert file["format"]["ticks"] and file["format"]["timeframe"] is None and told["says_enough"]
    assert file["first"][1]["price"] == 101 and file["first"][1]["open"] is None
    stored_now = send(server, text, symbol="T", ticks="true").json()
    assert stored_now["changes"]["inserted"] == 50 and stored_now["files"][0]["ticks"]


def test_a_file_that_is_too_large_is_refused_with_the_way_that_takes_it(program, serve):
    bound = serve("--data", program.data, environment={"TRADEASSIST_MAX_IMPORT_BYTES": "20000",
                                                       "TRADEASSIST_MAX_BODY_BYTES": "1024"})
    text = DAYS + "#" * (20_000 - len(DAYS) - 1) + "\n"
    assert len(text) == 20_000
    assert send(bound, text, symbol="A", timeframe="1d").status == 201  # larger than other bodies may be
    refused = is_problem(send(bound, text + "\n", symbol="A", timeframe="1d"), 413, "BODY_TOO_LARGE")
    assert "tradeassist import" in refused["detail"] and "20000 bytes" in refused["detail"]
    unpacked = send(bound, gzip.compress((text + "\n").encode()), symbol="A", timeframe="1d",
                    headers={"Content-Encoding": "gzip"})
    is_problem(unpacked, 413, "BODY_TOO_LARGE")
    is_problem(send(bound, gzip.compress((text + "\n").encode()), symbol="A", timeframe="1d"), 422,
               "RESOURCE_EXHAUSTED")
    is_problem(bound.post("/api/v1/pine/check", {"pine": "x" * 2000}), 413, "BODY_TOO_LARGE")


def test_it_needs_the_scope_to_write_and_is_in_the_audit_log(program, tmp_path):
    server = Server(tmp_path, "--data", program.data, keys=True,
                    environment={"TRADEASSIST_MAX_BODY_BYTES": "1024"})
    try:
        def bearer(token):
            return {"Authorization": f"Bearer {token}"}

        def key(scope):
            made = server.post("/api/v1/admin/keys", {"name": scope, "scopes": [scope]},
                               headers=bearer(server.first_key))
            return bearer(made.json()["token"])

        reader, writer = key("read"), key("write")
        for text in (DAYS[:200], DAYS * 2):  # one of the usual size, and one that is asked for before it comes
            for path in ("", "/preview"):
                is_problem(send(server, text, path, symbol="A", timeframe="1d"), 401, "API_KEY_REQUIRED")
                is_problem(send(server, text, path, headers=reader, symbol="A", timeframe="1d"), 403, "SCOPE_MISSING")
        head = (f"POST {target(symbol='A')} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\r\n")
        assert b" 401 " in server.raw(head.encode())  # before any of it was sent
        assert send(server, DAYS * 2, "/preview", headers=writer, symbol="A", timeframe="1d").status == 200
        assert send(server, DAYS, headers=writer, symbol="A", timeframe="1d").status == 201
        log = server.get("/api/v1/admin/audit", headers=bearer(server.first_key)).json()["entries"]
        imports = [entry for entry in log if entry["action"] == "POST /api/v1/import"]
        assert {entry["outcome"] for entry in imports} == {"201", "403"}
        assert not any("preview" in entry["action"] for entry in log)
    finally:
        server.end()


def test_an_import_is_told_to_those_who_asked(program, serve):
    server = serve("--data", program.data)
    made = server.post("/api/v1/webhooks", {"url": "https://hooks.example.com/x", "events": ["data.imported"]})
    assert made.status == 201, made.body
    assert send(server, DAYS, symbol="A", timeframe="1d").status == 201
    (delivery,) = server.get(f"/api/v1/webhooks/{made.json()['id']}/deliveries").json()["deliveries"]
    assert delivery["event_type"] == "data.imported"
