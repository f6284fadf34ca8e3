"""A server with bars of its own, for measurements from outside; and how numbers of many requests are told."""

import contextlib
import dataclasses
import http.client
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent


def binary(arguments) -> pathlib.Path:
    return pathlib.Path(arguments[0] if arguments else ROOT / "build/release/tradeassist").resolve()


def write_minute_bars(path, count):
    with open(path, "w") as file:
        file.write("time,open,high,low,close,volume\n")
        walk, price = random.Random(1), 100.0
        for i in range(count):
            price = round(max(10.0, price * (1 + walk.gauss(0, 0.001))), 2)
            file.write(f"{1_700_000_000 + 60 * i},{price},{price + 1:.2f},{price - 1:.2f},{price + 0.5:.2f},100\n")


@dataclasses.dataclass
class Served:
    port: int
    process: subprocess.Popen
    folder: str
    key: str  # the first API key; empty where the server asks for none

    def status(self, name) -> int:
        """A number of /proc/PID/status, such as VmRSS in KiB."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith(name + ":"))

    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def ask(self, method, path, body=None):
        """The body of a good answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Content-Type": "application/json"} if body else {}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        content = reply.read()
        assert reply.status < 300, (path, reply.status, content[:300])
        return content


@contextlib.contextmanager
def served(program, symbols=("X",), bars=50_000, arguments=("--no-authentication",), environment=()):
    """A Served that has so many minutes of each symbol."""
    with tempfile.TemporaryDirectory() as folder:
        write_minute_bars(f"{folder}/bars.csv", bars)
        for symbol in symbols:
            subprocess.run([program, "import", "bars.csv", "--symbol", symbol, "--timeframe", "1m"],
                           cwd=folder, check=True, stdout=subprocess.DEVNULL)  # fmt: skip
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the server ends with us
        with open(f"{folder}/serve.log", "wb") as log:
            server = subprocess.Popen([program, "serve", *arguments, "--listen", "127.0.0.1:0"], cwd=folder,
                                      stdout=subprocess.PIPE, stderr=log, env=os.environ | dict(environment))  # fmt: skip
        try:
            key, line = "", server.stdout.readline().decode()
            while " serves " not in line:
                assert line, "the server has ended"
                key, line = line.strip(), server.stdout.readline().decode()
            yield Served(int(line.rsplit(":", 1)[1]), server, folder, key)
        finally:
            server.terminate()
            server.wait(60)


def machine() -> str:
    return f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"


def percentiles(seconds, shares=(0.5, 0.95, 0.99)) -> str:
    """ "p50 1.20 ms  p95 …" of durations."""
    ordered = sorted(seconds)
    return "  ".join(f"p{100 * share:g} {1000 * ordered[int(share * (len(ordered) - 1))]:.2f} ms" for share in shares)
