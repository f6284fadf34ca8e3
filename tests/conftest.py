"""The built program as its users meet it: on the command line and over HTTP.

TRADEASSIST_BINARY names the binary (default: build/release/tradeassist of this checkout).
"""

import http.client
import json
import math
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass

import pytest

sys.path.append(str(pathlib.Path(__file__).resolve().parent))
from contract import Contract  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = pathlib.Path(os.environ.get("TRADEASSIST_BINARY", ROOT / "build/release/tradeassist")).resolve()
sys.path.append(str(ROOT / "build/pyarrow"))  # install_pyarrow in scripts/common.sh
SP500 = ROOT / "web/node_modules/vega-datasets/data/sp500-2000.csv"
CROSSOVER = """//@version=6
strategy("Crossover", overlay=true)
fast = input.int(5, "Fast", minval=2, maxval=20)
slow = input.int(20, "Slow", minval=10, maxval=60)
if ta.crossover(ta.sma(close, fast), ta.sma(close, slow))
    strategy.entry("L", strategy.long)
if ta.crossunder(ta.sma(close, fast), ta.sma(close, slow))
    strategy.close("L")
"""


@dataclass
class Answer:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    def json(self):
        return json.loads(self.out)


class Program:
    """Runs commands in a folder of its own, with a data directory there."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.data = folder / "data"

    def __call__(self, *arguments, code=0, seconds=120, environment=None, **options) -> Answer:
        done = subprocess.run(
            [BINARY, *map(str, arguments)],
            cwd=self.folder,
            env={**_plain_environment(), **(environment or {})},
            capture_output=True,
            timeout=seconds,
            **options,
        )
        answer = Answer(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert answer.code == code, f"exit code {answer.code}\n{answer.out}\n{answer.err}"
        return answer

    def write(self, name: str, text) -> pathlib.Path:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def import_sp500(self):
        return self("import", SP500, "--symbol", "SP500", "--timeframe", "1d")


def _plain_environment():
    return {name: value for name, value in os.environ.items() if not name.startswith("TRADEASSIST_")}


@pytest.fixture
def program(tmp_path) -> Program:
    return Program(tmp_path)


@dataclass
class Reply:
    status: int
    headers: dict
    body: bytes

    def json(self):
        return json.loads(self.body)


class Server:
    """A running `tradeassist serve` on a free port; `keys`: one that wants API keys."""

    _contract = None

    def __init__(self, folder: pathlib.Path, *arguments, keys=False, listen="127.0.0.1", environment=None):
        self.folder = folder
        self.arguments = (*arguments, *(() if keys else ("--no-authentication",)))
        self.listen = listen
        self.environment = environment or {}
        self.first_key = None
        self.port = 0
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [BINARY, "serve", "--listen", f"{self.listen}:{self.port}", *map(str, self.arguments)],
            cwd=self.folder,
            env={**_plain_environment(), **self.environment},
            stdout=subprocess.PIPE,
            stderr=(self.folder / "serve.log").open("ab"),
        )
        line = self.process.stdout.readline().decode()
        if "The first API key" in line:
            self.first_key = self.process.stdout.readline().decode().strip()
            line = self.process.stdout.readline().decode()
        assert "serves http" in line, (self.folder / "serve.log").read_text()
        self.port = int(line.rsplit(":", 1)[1])

    def end(self, signal_number=signal.SIGTERM, seconds=30) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal_number)
        code = self.process.wait(seconds)
        self.process.stdout.close()
        return code

    def call(self, method, path, body=None, headers=None, seconds=60) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            if body is not None and not isinstance(body, bytes):
                body = json.dumps(body).encode()
            sent = {"Content-Type": "application/json"} if body is not None else {}
            connection.request(method, path, body, {**sent, **(headers or {})})
            response = connection.getresponse()
            reply = Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()
        wrong = self.contract().problems(method, path, reply.status, reply.headers, reply.body)
        assert not wrong, "not as /api/openapi.json says:\n" + "\n".join(wrong)
        return reply

    def contract(self) -> Contract:
        """The API document, which every answer has to be as; of one binary it is always the same."""
        if Server._contract is None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                connection.request("GET", "/api/openapi.json")
                Server._contract = Contract(json.loads(connection.getresponse().read()))
            finally:
                connection.close()
        return Server._contract

    def get(self, path, **options) -> Reply:
        return self.call("GET", path, **options)

    def post(self, path, body, **options) -> Reply:
        return self.call("POST", path, body, **options)

    def raw(self, request: bytes, seconds=20) -> bytes:
        """Sends bytes as they are; what came back until the server closed or fell silent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            received = b""
            try:
                connection.sendall(request)
                while part := connection.recv(65536):
                    received += part
                    if b"\r\n\r\n" in received:
                        break
            except (ConnectionError, socket.timeout):
                pass
            return received

    def wait_for_job(self, job_id, states=("completed",), seconds=60):
        end = time.monotonic() + seconds
        while True:
            job = self.get(f"/api/v1/optimize/status/{job_id}").json()
            if job["state"] in states:
                return job
            assert job["state"] in ("queued", "running") and time.monotonic() < end, job
            time.sleep(0.02)


def end_all(started):
    """Of servers or workers, those still running."""
    for each in started:
        if each.process.poll() is None:
            each.end()


@pytest.fixture
def serve(program):
    """Starts servers on the program's data directory, and ends those still running."""
    started = []

    def start(*arguments, **options) -> Server:
        server = Server(program.folder, *arguments, **options)
        started.append(server)
        return server

    yield start
    end_all(started)


class Worker:
    """A running `tradeassist worker`; `before`: what the command line begins with."""

    def __init__(self, folder: pathlib.Path, name: str, *arguments, before=()):
        self.folder, self.name, self.arguments, self.before = folder, name, arguments, before
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [*self.before, BINARY, "worker", "--name", self.name, "--log-level", "info", *map(str, self.arguments)],
            cwd=self.folder,
            env=_plain_environment(),
            stdout=subprocess.PIPE,
            stderr=(self.folder / f"{self.name}.log").open("ab"),
        )
        line = self.process.stdout.readline().decode()
        assert f"works as {self.name} with" in line, self.log()

    def log(self) -> str:
        return (self.folder / f"{self.name}.log").read_text()

    def end(self, signal_number=signal.SIGTERM, seconds=30) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal_number)
        code = self.process.wait(seconds)
        self.process.stdout.close()
        return code


@pytest.fixture
def work(program):
    """Starts workers of a database, and ends those still running."""
    started = []

    def start(name, database, *arguments, **options) -> Worker:
        worker = Worker(program.folder, name, "--database", database, *arguments, **options)
        started.append(worker)
        return worker

    yield start
    end_all(started)


@pytest.fixture
def database_url():
    """A database of its own on the test server."""
    url = os.environ.get("TRADEASSIST_TEST_POSTGRES")
    if not url:
        pytest.skip("TRADEASSIST_TEST_POSTGRES names no server")
    name = f"test_{uuid.uuid4().hex[:12]}"
    subprocess.run(["psql", "-q", url, "-c", f"CREATE DATABASE {name}"], check=True)
    yield url.rsplit("/", 1)[0] + "/" + name
    subprocess.run(["psql", "-q", url, "-c", f"DROP DATABASE {name} WITH (FORCE)"], check=True)


def is_problem(reply: Reply, status: int, code: str) -> dict:
    """Checks an RFC 9457 answer; returns it."""
    assert reply.status == status, reply.body
    assert reply.headers["content-type"].startswith("application/problem+json")
    problem = reply.json()
    assert problem["status"] == status
    assert problem["code"] == code, problem
    assert problem["type"] and problem["title"] and problem["detail"]
    return problem


def walk(count: int, step_seconds=60, start=1_577_923_200) -> str:
    """A CSV of bars on a seeded random walk, which does not compress well."""
    random_ = random.Random(count)
    lines = ["time,open,high,low,close,volume"]
    previous = 100.0
    for i in range(count):
        close = previous * math.exp(random_.gauss(0, 0.001))
        high, low = max(previous, close) * 1.001, min(previous, close) * 0.999
        lines.append(f"{start + i * step_seconds},{previous!r},{high!r},{low!r},{close!r},{random_.random()!r}")
        previous = close
    return "\n".join(lines) + "\n"


def wave(count: int, step_seconds=60, start=1_577_923_200) -> str:
    """A CSV of bars on two overlaid sine waves: trends both ways, no randomness."""
    lines = ["time,open,high,low,close,volume"]
    previous = 100.0
    for i in range(count):
        close = round(100 + 10 * math.sin(i / 50) + 3 * math.sin(i / 7), 4)
        high, low = round(max(previous, close) + 0.5, 4), round(min(previous, close) - 0.5, 4)
        lines.append(f"{start + i * step_seconds},{previous},{high},{low},{close},{i % 100}")
        previous = close
    return "\n".join(lines) + "\n"
