"""The Python client (python/) against the real server."""

import datetime
import http.server
import io
import json
import pathlib
import subprocess
import sys
import threading

import pytest

from conftest import CROSSOVER, ROOT, Server

sys.path.append(str(ROOT / "python"))

import tradeassist  # noqa: E402
from tradeassist import ApiError, Client, ConnectionFailed, JobFailed, Retries  # noqa: E402
from tradeassist.progress import Notebook, Terminal, best_progress, line_of  # noqa: E402

SEARCH = {"strategy": "MovingAverageCrossover", "symbol": "SP500", "timeframe": "1d", "sampler": "grid", "trials": 3,
          "parameters": [{"name": "fast_length", "values": [5, 10, 15]}], "objective": "net_profit", "validate": False}


@pytest.fixture
def client(program):
    program.import_sp500()
    server = Server(program.folder, keys=True)
    made = Client(f"http://127.0.0.1:{server.port}", server.first_key)
    made.server = server
    yield made
    server.end()


def test_types_are_clean():
    environment = {"PYTHONPATH": str(ROOT / "build/apitools"), "PATH": "/usr/bin:/bin", "HOME": "/tmp"}
    done = subprocess.run(
        ["/usr/bin/python3", "-m", "mypy", "--config-file", "pyproject.toml", "--cache-dir", "/dev/null", "tradeassist"],
        cwd=ROOT / "python", capture_output=True, timeout=300, env=environment)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()


def test_bars_are_columns_and_a_story(client):
    bars = client.bars("SP500", "1d", from_=datetime.date(2009, 1, 2), to="2009-01-08T00:00:00Z")
    assert len(bars) == 4
    assert bars["time"][0] == datetime.datetime(2009, 1, 2, tzinfo=datetime.timezone.utc)
    assert bars["close"][0] == 931.799988
    assert bars.story["source"] == "csv" and bars.story["row_count"] == 4
    sma = client.indicator("sma", "SP500", "1d", last=3, length=5)
    assert len(sma) == 3 and set(sma.columns) > {"time"}


def test_bars_as_arrow_come_in_batches(client):
    pyarrow = pytest.importorskip("pyarrow")
    table = client.bars_arrow("SP500", "1d")
    assert isinstance(table, pyarrow.Table) and table.num_rows == 5105
    assert table["close"][0].as_py() == 1455.219971
    assert sum(batch.num_rows for batch in client.bars_batches("SP500", "1d", last=100)) == 100
    assert client.bars("SP500", "1d", last=2).to_arrow()["close"].to_pylist()[1] == 2874.560059


def test_bars_as_a_frame(client, monkeypatch):
    """pandas is none of the test tools: a stand-in shows what it is given."""

    class Pandas:
        DatetimeIndex = staticmethod(lambda values, name: (name, values))
        DataFrame = staticmethod(lambda columns, index: (index, columns))

    monkeypatch.setitem(sys.modules, "pandas", Pandas)
    (name, times), columns = client.bars("SP500", "1d", last=2).to_pandas()
    assert name == "time" and len(times) == 2 and "time" not in columns and len(columns["close"]) == 2


def test_lists_are_read_page_by_page(client):
    for name in ("A", "B", "C"):
        client.put(f"/api/v1/instruments/{name}", {
            "symbol": name, "name": "", "asset_class": "stock", "exchange": "", "currency": "USD", "time_zone": "UTC",
            "session": "", "tick_size": 0.01, "point_value": 1, "quantity_step": 1})
    symbols = [each["symbol"] for each in client.pages("/api/v1/instruments", "instruments", limit=2)]
    assert symbols == ["A", "B", "C", "SP500"]
    assert [each["symbol"] for each in client.instruments()] == symbols


def test_refusals_say_what_is_wrong(client):
    with pytest.raises(ApiError) as refused:
        client.bars("SP500", "1d", last=0)
    assert (refused.value.status, refused.value.code) == (422, "INVALID_REQUEST")
    assert refused.value.errors[0]["pointer"] == "last" and refused.value.request_id
    with pytest.raises(ApiError, match="API_KEY_REQUIRED"):
        Client(f"http://127.0.0.1:{client.server.port}", None).version()
    with pytest.raises(ConnectionFailed):
        Client("http://127.0.0.1:1", retries=Retries(tries=2, first_wait=0.01)).version()
    with pytest.raises(ValueError, match="HOST:PORT"):
        Client("127.0.0.1:8080")


def test_a_backtest_and_a_search_with_its_events_and_its_report(client, tmp_path):
    assert client.backtest(pine=CROSSOVER, symbol="SP500", timeframe="1d")["trades"]
    job = client.optimize(**SEARCH)
    shown = io.StringIO()
    result = job.wait(progress=Terminal(shown)).result()
    assert result["trials"]["count"] == 3
    assert "\roptimize  100 %  completed" in shown.getvalue() and shown.getvalue().endswith("\n")
    events = list(job.events())
    assert events[-1].name == "end" and events[-1].data["state"] == "completed"
    assert [event.data["text"] for event in events if event.name == "log"] == [line["text"] for line in job.log()]
    saved = client.save(client.export_report(job, "csv"), tmp_path / "trials.csv")
    assert saved.read_text().startswith("trial,")
    assert [each["job_id"] for each in client.jobs(kind="optimize")] == [job.id]


def test_a_job_that_fails_or_is_cancelled_is_an_exception(client):
    job = client.optimize(**{**SEARCH, "priority": 0, "sampler": "random", "trials": 100_000,
                             "parameters": [{"name": "fast_length", "from": 5, "to": 50, "step": 1},
                                            {"name": "slow_length", "from": 60, "to": 200, "step": 1}]})
    job.cancel()
    with pytest.raises(JobFailed, match="cancelled"):
        job.wait(progress=False)
    with pytest.raises(JobFailed):
        job.result()


def test_a_fetch_at_once_and_in_the_background(client):
    answer = client.fetch(["SP500", "GONE"], "1w", start=datetime.date(2009, 1, 1), end=datetime.date(2010, 1, 1))
    assert [each["status"] for each in answer["results"]] == ["ok", "error"]
    job = client.fetch_in_background(["SP500"], "1w", last=5).wait(progress=False)
    assert job.result() is not None or job.status()["state"] == "completed"


class Scripted(http.server.BaseHTTPRequestHandler):
    """Answers as it was told, one after the other, and keeps what it was asked."""

    answers, asked = [], []

    def do_GET(self):
        length = int(self.headers.get("Content-Length") or 0)
        type(self).asked.append((self.command, self.path, dict(self.headers), self.rfile.read(length)))
        status, headers, body = type(self).answers.pop(0)
        if status == 0:
            return self.connection.close()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_):
        pass


@pytest.fixture
def scripted():
    Scripted.answers, Scripted.asked = [], []
    server = http.server.HTTPServer(("127.0.0.1", 0), Scripted)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    waits = []
    client = Client(f"http://127.0.0.1:{server.server_port}", "ta_key", retries=Retries(tries=4, first_wait=0.5))
    client._transport._sleep = waits.append
    client.waits = waits
    yield client
    server.shutdown()
    server.server_close()


def busy(seconds):
    return 503, {"Retry-After": str(seconds)}, json.dumps({"code": "UNAVAILABLE", "detail": "later"}).encode()


def test_what_fails_for_now_is_tried_again_and_not_before_retry_after(scripted):
    Scripted.answers = [busy(7), (429, {"Retry-After": "3"}, b"{}"), (200, {}, b'{"version": "1"}')]
    assert scripted.version() == "1"
    assert len(scripted.waits) == 2 and 7.25 <= scripted.waits[0] <= 7.5 and 3.5 <= scripted.waits[1] <= 4
    assert all(headers["Authorization"] == "Bearer ta_key" for _, _, headers, _ in Scripted.asked)


def test_it_gives_up_after_so_many_tries_or_where_it_would_wait_too_long(scripted):
    Scripted.answers = [busy(1)] * 4
    with pytest.raises(ApiError, match="UNAVAILABLE"):
        scripted.version()
    assert len(Scripted.asked) == 4
    Scripted.answers, Scripted.asked = [busy(3600)], []
    with pytest.raises(ApiError):
        scripted.version()
    assert len(Scripted.asked) == 1


def test_what_starts_a_job_is_repeated_under_one_key_and_other_posts_are_not(scripted):
    Scripted.answers = [(0, {}, b""), (202, {}, b'{"job_id": "1"}')]
    assert scripted.optimize(symbol="SP500").id == "1"
    first, second = (headers["Idempotency-Key"] for _, _, headers, _ in Scripted.asked)
    assert first == second and len(first) == 32
    Scripted.answers, Scripted.asked = [(0, {}, b"")], []
    with pytest.raises(ConnectionFailed):
        scripted.backtest(symbol="SP500")
    assert len(Scripted.asked) == 1


def test_events_go_on_where_the_connection_broke(scripted):
    Scripted.answers = [
        (200, {}, b'id: 1\nevent: log\ndata: {"text": "one"}\n\n:\n\n'),
        (200, {}, b'id: 2\nevent: log\ndata: {"text": "two"}\n\nevent: end\ndata: {"state": "completed"}\n\n'),
    ]
    assert [event.name for event in scripted.job("1").events()] == ["log", "log", "end"]
    assert "Last-Event-ID" not in Scripted.asked[0][2]
    assert {k.lower(): v for k, v in Scripted.asked[1][2].items()}["last-event-id"] == "1"


def test_progress_is_a_line_on_a_terminal_a_bar_in_a_notebook_and_nothing_in_a_pipe(monkeypatch):
    job = {"kind": "optimize", "state": "running", "phase": "searching", "progress": 0.42,
           "detail": {"trials_per_second": 120.0, "seconds_left": 12.0}}
    assert line_of(job) == "optimize  42 %  searching  120 trials/s  12 s left"
    assert type(best_progress(io.StringIO())).__name__ == "Nothing"

    class Handle:
        shown = []

        def update(self, what):
            self.shown.append(what)

    class IPython:
        get_ipython = staticmethod(lambda: type("Shell", (), {"kernel": True})())

    class Display:
        HTML = staticmethod(lambda text: text)
        display = staticmethod(lambda _, display_id: Handle())

    monkeypatch.setitem(sys.modules, "IPython", IPython)
    monkeypatch.setitem(sys.modules, "IPython.display", Display)
    bar = best_progress()
    assert isinstance(bar, Notebook)
    bar.update(job)
    assert '<progress max="1" value="0.42">' in Handle.shown[-1]


def test_the_package_says_its_version_and_that_it_is_typed():
    assert f'version = "{tradeassist.__version__}"' in (ROOT / "python/pyproject.toml").read_text()
    assert (pathlib.Path(tradeassist.__file__).parent / "py.typed").exists()
