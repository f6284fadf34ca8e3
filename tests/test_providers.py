"""Fetching from Schwab (a server of the test that speaks its protocol) and watching a folder, as typed."""

import gzip
import http.server
import json
import signal
import stat
import subprocess
import threading
import urllib.parse
import zipfile

import pytest
from conftest import BINARY, _plain_environment

DAY_MS = 1748840400000  # 2025-06-02, as midnight in Chicago


class Schwab(http.server.BaseHTTPRequestHandler):
    """Knows one code and one app; has the bar of one day; fails as it is told."""

    def log_message(self, *_):
        pass

    def answer(self, status, body, headers=()):
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self):
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if form.get("code") != ["C0.code@"]:
            return self.answer(400, {"error": "invalid_grant"})
        self.answer(200, {"access_token": "access", "refresh_token": "refresh", "expires_in": 1800})

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        query = {name: values[0] for name, values in urllib.parse.parse_qs(url.query).items()}
        self.server.asked.append(query)
        if self.headers["Authorization"] != "Bearer access":
            return self.answer(401, {})
        if self.server.faults:
            return self.answer(*self.server.faults.pop(0))
        if query["symbol"] == "NONE":
            return self.answer(400, {"message": "unknown symbol"})
        assert int(query["startDate"]) <= DAY_MS <= int(query["endDate"])
        candle = {"open": 10, "high": 11, "low": 9, "close": 10.5, "volume": 100, "datetime": DAY_MS}
        self.answer(200, {"symbol": query["symbol"], "empty": False, "candles": [candle]})


@pytest.fixture
def schwab():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Schwab)
    server.asked, server.faults = [], []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.environment = {
        "TRADEASSIST_SCHWAB_KEY": "key",
        "TRADEASSIST_SCHWAB_SECRET": "hush-secret",
        "TRADEASSIST_SCHWAB_BASE_URL": f"http://127.0.0.1:{server.server_port}",
    }
    yield server
    server.shutdown()
    server.server_close()


def login(program, schwab):
    pasted = b"https://127.0.0.1/?code=C0.code%40&session=1\n"
    return program("schwab", "login", environment=schwab.environment, input=pasted)


def test_a_login_prints_the_address_and_takes_what_the_browser_shows(program, schwab):
    before = program("schwab", "status", "--json", code=1, environment=schwab.environment)
    assert before.json()["state"] == "none"
    out = login(program, schwab).out
    assert "/v1/oauth/authorize?client_id=key&redirect_uri=https%3A%2F%2F127.0.0.1" in out
    after = program("schwab", "status", "--json", environment=schwab.environment).json()
    assert after["state"] == "valid" and after["ends_at"] > after["logged_in_at"]
    secrets = program.data / "secrets"
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    for file in secrets.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert b"refresh" not in file.read_bytes()
    shown = program("config", environment=schwab.environment).out
    assert "hush" not in shown and "schwab_secret" in shown


def test_a_fetch_stores_what_is_missing_symbol_by_symbol(program, schwab):
    login(program, schwab)
    schwab.faults.append((429, {}, [("Retry-After", "0")]))
    day = ["--from", "2025-06-02", "--to", "2025-06-03"]
    ask = ["fetch", "--symbols", "SPY,NONE,/ESZ25", "--timeframe", "1d", *day, "--json"]
    got = program(*ask, code=1, environment=schwab.environment).json()["symbols"]
    assert [one["inserted"] for one in got] == [1, 0, 0]
    assert got[1]["error"]["code"] == "INVALID_ARGUMENT" and "unknown symbol" in got[1]["error"]["message"]
    assert "no history of futures" in got[2]["error"]["message"]
    calls = len(schwab.asked)
    again = program("fetch", "--symbols", "SPY", "--timeframe", "1d", *day, environment=schwab.environment)
    assert "nothing is missing" in again.out and len(schwab.asked) == calls
    bars = program("bars", "--symbol", "SPY", "--timeframe", "1d", "--last", "5")
    assert "2025-06-02" in bars.out


def test_a_fetch_without_a_login_says_what_to_do(program, schwab):
    told = program("fetch", "--symbols", "SPY", "--timeframe", "1d", "--from", "2025-06-02", "--to", "2025-06-03",
                   code=1, environment=schwab.environment)  # fmt: skip
    assert "tradeassist schwab login" in told.out
    refused = program("fetch", "--symbols", "SPY", "--timeframe", "2h", "--from", "2025-06-02", code=1,
                      environment=schwab.environment)  # fmt: skip
    assert "it has 1m, 5m, 10m, 15m, 30m, 1d, 1w, 1M" in refused.err


def days(count):
    return "date,open,high,low,close\n" + "".join(f"2020-01-{d:02d},1,2,0.5,1.5\n" for d in range(1, count + 1))


def test_a_watched_folder_is_imported_once(program):
    folder = program.folder / "in"
    folder.mkdir()
    (folder / "SPY_1d.csv").write_text(days(3))
    with gzip.open(folder / "QQQ_1d.csv.gz", "wt") as packed:
        packed.write(days(4))
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.writestr("IWM_1d.csv", days(5))
    watch = ["watch", "in", "--symbol-from-name", "{symbol}_{timeframe}.csv", "--once"]
    out = program(*watch).out
    assert out.count("new bars") == 3 and "more.zip/IWM_1d.csv" in out
    assert program(*watch).out == ""
    for symbol, count in (("SPY", 3), ("QQQ", 4), ("IWM", 5)):
        assert len(program("bars", "--symbol", symbol, "--timeframe", "1d", "--format", "csv").out.splitlines()) == count + 1


def test_watching_goes_on_until_it_is_stopped(program):
    (program.folder / "in").mkdir()
    running = subprocess.Popen(
        [BINARY, "watch", "in", "--symbol", "SPY", "--timeframe", "1d"], cwd=program.folder, env=_plain_environment(),
        stdout=subprocess.PIPE,
    )  # fmt: skip
    (program.folder / "in" / "any.csv").write_text(days(3))
    assert b"instrument SPY was created" in running.stdout.readline()
    running.send_signal(signal.SIGTERM)
    assert running.wait(timeout=20) == 0
