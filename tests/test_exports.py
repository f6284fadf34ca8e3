"""Results as files: Pine Script, reports to read and print, tables; on the command line and over HTTP."""

import csv
import io
import json
import re
import subprocess
import xml.etree.ElementTree as ElementTree
import zipfile
from datetime import datetime, timezone

import pytest

from conftest import is_problem, wave

SEARCH = {
    "strategy": "MovingAverageCrossover",
    "symbol": "WAVE",
    "timeframe": "1h",
    "parameters": [
        {"name": "fast_length", "from": 5, "to": 15, "step": 5},
        {"name": "slow_length", "values": [60, 90]},
    ],
    "objective": "net_profit",
}


@pytest.fixture
def bars(program):
    return program.write("wave.csv", wave(2_000, 3_600))


@pytest.fixture
def search(program, bars):
    program(
        "optimize", "MovingAverageCrossover", "--csv", bars, "--param", "fast_length=5:15:5", "--param",
        "slow_length=60,90", "--objective", "net_profit", "--json", "result.json",
    )  # fmt: skip
    return program.folder / "result.json"


@pytest.fixture
def run(program, bars):
    program("backtest", "MovingAverageCrossover", "--csv", bars, "--report", "run.json")
    return program.folder / "run.json"


def trades_of(program, script, bars, *options):
    program("backtest", script, "--csv", bars, "--trades", "trades.csv", *options)
    return (program.folder / "trades.csv").read_text()


def test_exported_script_trades_as_the_search_found(program, bars, search):
    program("export", "pine", search, "-o", "found.pine")
    found = json.loads(search.read_text())["parameters"]
    values = [part for name, value in found.items() for part in ("--set", f"{name}={value}")]
    expected = trades_of(program, "MovingAverageCrossover", bars, *values)
    assert expected.count("\n") > 3
    assert trades_of(program, "found.pine", bars) == expected
    text = (program.folder / "found.pine").read_text()
    assert "In sample: 2020-01-02 to " in text and "Data fingerprint: " in text and "Verdict: " in text


def test_script_that_was_changed_since_is_refused(program, search):
    own = program.write("own.pine", '//@version=6\nstrategy("Own")\nlength = input.int(3)\nplot(length)\n')
    answer = program("export", "pine", search, "--script", own, code=1)
    assert "own.pine: the script is not the one that was searched: it has no input" in answer.err


def test_backtest_has_no_values_to_export_as_pine(program, run):
    assert "only that of a search" in program("export", "pine", run, code=1).err


def test_html_report_is_one_harmless_file(program, search):
    result = json.loads(search.read_text())
    result["strategy"] = "<script>alert(1)</script>"
    program.write("result.json", json.dumps(result))
    program("export", "report", "result.json", "-o", "report.html")
    html = (program.folder / "report.html").read_text()
    assert "<script" not in html and "&lt;script&gt;" in html
    assert not re.search(r"https?://|src=|@import", html)
    assert "Out of sample" in html and "<svg" in html and 'scope="row"' in html


def poppler(tool, *arguments):
    return subprocess.run([tool, *map(str, arguments)], check=True, capture_output=True).stdout.decode()


def test_pdf_report_has_numbered_pages_and_its_fonts(program, run):
    result = json.loads(run.read_text())
    result["trades"] = [dict(result["trades"][0], number=i + 1) for i in range(150)]
    program.write("run.json", json.dumps(result))
    program("export", "report", "run.json", "-o", "report.pdf")
    pdf = program.folder / "report.pdf"
    pages = poppler("pdftotext", "-layout", pdf, "-").split("\f")[:-1]
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        assert re.search(rf"\b{number} ?/ ?{len(pages)}$", page.rstrip(), re.M)
    with_rows = [page for page in pages if re.search(r"^ *\d+ +(long|short) ", page, re.M)]
    assert len(with_rows) > 2
    assert all(re.search(r"No\. +Side +Entry", page) for page in with_rows), "the header is on every page"
    fonts = poppler("pdffonts", pdf).splitlines()[2:]
    assert fonts and all(re.search(r" yes (yes|no) +(yes|no) ", line) for line in fonts)


def test_tables_have_every_trade_and_no_formula(program, run):
    result = json.loads(run.read_text())
    result["trades"][0]["entry_id"] = "=1+1"
    program.write("run.json", json.dumps(result))
    rows = list(csv.DictReader(io.StringIO(program("export", "trades", "run.json").out)))
    assert len(rows) == len(result["trades"])
    assert rows[0]["entry_id"] == "'=1+1"
    assert [float(row["profit"]) for row in rows] == [trade["profit"] for trade in result["trades"]]
    assert json.loads(program("export", "trades", "run.json", "--format", "json").out) == result["trades"]


def test_workbook_has_typed_cells(program, run):
    program("export", "trades", run, "-o", "trades.xlsx")
    trades = json.loads(run.read_text())["trades"]
    with zipfile.ZipFile(program.folder / "trades.xlsx") as book:
        assert book.testzip() is None
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    space = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    rows = sheet.findall(".//s:row", space)
    assert len(rows) == len(trades) + 1
    pane = sheet.find(".//s:pane", space)
    assert pane.get("state") == "frozen" and pane.get("ySplit") == "1"
    cells = {re.sub(r"\d", "", cell.get("r")): cell for cell in rows[1].findall("s:c", space)}
    assert cells["B"].get("t") == "inlineStr" and cells["D"].get("t") is None
    assert float(cells["D"].find("s:v", space).text) == trades[0]["entry_price"]
    days = float(cells["C"].find("s:v", space).text) - 25_569
    entry = datetime.fromisoformat(trades[0]["entry_time"].replace("Z", "+00:00"))
    assert abs(days * 86_400 - entry.timestamp()) < 0.01 and entry.tzinfo == timezone.utc


def test_parquet_has_the_kinds_of_its_columns(program, search):
    parquet = pytest.importorskip("pyarrow.parquet")
    program("export", "trades", search, "-o", "trials.parquet")
    table = parquet.read_table(program.folder / "trials.parquet")
    trials = json.loads(search.read_text())["trials"]
    assert table.column("trial").to_pylist() == trials["index"]
    assert table.column("fast_length").to_pylist() == trials["parameters"]["fast_length"]
    assert str(table.schema.field("fast_length").type) == "int64"
    assert table.column("net_profit").to_pylist() == trials["metrics"]["net_profit"]


def test_wrong_input_is_named(program, run):
    assert "there is no such file" in program("export", "report", "nothing.json", code=1).err
    result = {"strategy": "script", "in_sample": {}, "parameters": {}}
    program.write("own.json", json.dumps(result))
    assert "searched with --script FILE.pine" in program("export", "pine", "own.json", code=1).err
    program.write("odd.json", "[1]")
    assert "odd.json: is JSON, but no object" in program("export", "report", "odd.json", code=1).err
    assert "report.doc: the name's end is none of html, pdf" in program(
        "export", "report", run, "-o", "report.doc", code=1
    ).err
    program("export", "report", run, "--format", "doc", code=2)


@pytest.fixture
def finished(program, bars, serve):
    """A server, and the id of a finished search on it."""
    program("import", bars, "--symbol", "WAVE", "--timeframe", "1h")
    server = serve()
    job = server.post("/api/v1/optimize/single", SEARCH).json()["job_id"]
    server.wait_for_job(job)
    return server, job


def make(server, kind, job, **more):
    reply = server.post(f"/api/v1/export/{kind}", {"job_id": job, **more})
    assert reply.status == 201, reply.body
    return reply.json()


def test_files_are_made_listed_fetched_and_removed(finished):
    server, job = finished
    wanted = [
        ("pine-script", {}, "text/plain"),
        ("report", {}, "text/html"),
        ("report", {"format": "pdf"}, "application/pdf"),
        ("report", {"format": "xlsx"}, "application/vnd.openxml"),
        ("report", {"format": "csv"}, "text/csv"),
    ]
    files = [make(server, kind, job, **more) for kind, more, _ in wanted]
    assert len({file["id"] for file in files}) == len(files)
    assert all(re.fullmatch(r"[0-9a-f]{32}", file["id"]) for file in files)
    for file, (_, _, media_type) in zip(files, wanted):
        reply = server.get(file["download_url"])
        assert reply.status == 200 and reply.headers["content-type"].startswith(media_type)
        assert len(reply.body) == file["bytes"]
        assert reply.headers["content-disposition"] == f'attachment; filename="{file["name"]}"'
        assert "sandbox" in reply.headers["content-security-policy"]
    assert b"//@version=6" in server.get(files[0]["download_url"]).body
    listed = server.get("/api/v1/export/files").json()["files"]
    assert {file["id"] for file in listed} == {file["id"] for file in files}
    assert server.call("DELETE", f"/api/v1/export/files/{files[0]['id']}").json() == files[0]
    is_problem(server.get(files[0]["download_url"]), 404, "EXPORT_NOT_FOUND")
    is_problem(server.call("DELETE", f"/api/v1/export/files/{files[0]['id']}"), 404, "EXPORT_NOT_FOUND")


def test_exported_script_of_a_text_is_that_text(finished):
    server, _ = finished
    text = (
        '//@version=6\nstrategy("Own")\nlength = input.int(20, minval = 2, maxval = 60) // bars\n'
        "if ta.crossover(close, ta.sma(close, length))\n    strategy.entry(\"L\", strategy.long)\n"
        "if ta.crossunder(close, ta.sma(close, length))\n    strategy.close(\"L\")\n"
    )
    body = {**SEARCH, "pine": text, "parameters": [{"name": "length", "values": [7, 33]}]}
    del body["strategy"]
    job = server.post("/api/v1/optimize/single", body).json()["job_id"]
    server.wait_for_job(job)
    found = server.get(f"/api/v1/optimize/results/{job}").json()["parameters"]["length"]
    script = server.get(make(server, "pine-script", job)["download_url"]).body.decode()
    assert "".join(line for line in script.splitlines(True) if not line.startswith("// ")) == text.replace(
        "input.int(20,", f"input.int({found},"
    )


def test_download_answers_ranges_and_known_tags(finished):
    server, job = finished
    url = make(server, "report", job)["download_url"]
    whole = server.get(url)
    tag = whole.headers["etag"]
    part = server.get(url, headers={"Range": "bytes=10-19"})
    assert part.status == 206 and part.body == whole.body[10:20]
    assert part.headers["content-range"] == f"bytes 10-19/{len(whole.body)}" and part.headers["etag"] == tag
    assert server.get(url, headers={"Range": "bytes=-5"}).body == whole.body[-5:]
    assert server.get(url, headers={"Range": "bytes=0-1,5-6"}).status == 200
    assert server.get(url, headers={"Range": "bytes=0-1", "If-Range": '"other"'}).status == 200
    behind = server.get(url, headers={"Range": f"bytes={len(whole.body)}-"})
    is_problem(behind, 416, "RANGE_NOT_SATISFIABLE")
    assert behind.headers["content-range"] == f"bytes */{len(whole.body)}"
    known = server.get(url, headers={"If-None-Match": tag})
    assert known.status == 304 and known.body == b""
    head = server.call("HEAD", url)
    assert head.status == 200 and head.headers["content-length"] == str(len(whole.body)) and head.body == b""


def test_no_path_leads_out_of_the_folder(finished):
    server, _ = finished
    for name in ("..%2f..%2fmarket.db", "..", "%2e%2e%2fapp.db", "a" * 32, "x" * 500, "%00"):
        assert server.get(f"/api/v1/export/download/{name}").status in (400, 404), name
        assert server.call("DELETE", f"/api/v1/export/files/{name}").status in (400, 404), name
    assert (server.folder / "data" / "app.db").exists()


def test_what_cannot_be_exported_is_said(finished):
    server, job = finished
    is_problem(server.post("/api/v1/export/report", {"job_id": "0" * 32}), 404, "JOB_NOT_FOUND")
    odd = is_problem(server.post("/api/v1/export/report", {"job_id": job, "format": "doc"}), 422, "INVALID_REQUEST")
    assert odd["errors"][0]["pointer"] == "/format"
    is_problem(server.post("/api/v1/export/report", {"job_id": job, "colour": "red"}), 422, "INVALID_REQUEST")
    many = [
        {"name": "fast_length", "from": 5, "to": 50, "step": 1},
        {"name": "slow_length", "from": 60, "to": 250, "step": 1},
    ]
    long = server.post("/api/v1/optimize/single", {**SEARCH, "parameters": many}).json()["job_id"]
    is_problem(server.post("/api/v1/export/report", {"job_id": long}), 409, "OPTIMIZATION_NOT_COMPLETED")
    server.post(f"/api/v1/optimize/cancel/{long}", {})


def test_files_outlive_a_restart_and_their_number_is_bounded(program, bars, serve):
    program("import", bars, "--symbol", "WAVE", "--timeframe", "1h")
    config = program.write("few.toml", "export_files_max = 1\n")
    server = serve("--config", config)
    job = server.post("/api/v1/optimize/single", SEARCH).json()["job_id"]
    server.wait_for_job(job)
    file = make(server, "report", job)
    full = is_problem(server.post("/api/v1/export/report", {"job_id": job}), 422, "RESOURCE_EXHAUSTED")
    assert "delete some" in full["detail"]
    before = server.get(file["download_url"]).body
    server.end()
    server.start()
    assert server.get(file["download_url"]).body == before
