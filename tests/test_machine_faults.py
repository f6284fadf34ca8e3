"""What a machine does to those who keep data on it: a database server's disk fills up, and the clock is set back."""

import csv
import glob
import os
import pathlib
import shutil
import socket
import subprocess
import threading
import time

import pytest
from conftest import BINARY, Program, Server, walk
from load import Load

MEGABYTE = 1 << 20


def bars(program, symbol, *options) -> list:
    out = program("bars", "--symbol", symbol, "--timeframe", "1m", *options).out
    return [[float(value) for value in row[1:]] for row in list(csv.reader(out.splitlines()))[1:]]


def bars_of(text: str) -> list:
    return [[float(value) for value in line.split(",")[1:]] for line in text.splitlines()[1:]]


def as_server_user(*command) -> list:
    """PostgreSQL refuses to run as root."""
    return ["runuser", "-u", "postgres", "--", *map(str, command)] if os.geteuid() == 0 else [*map(str, command)]


class PostgresOnSmallDisk:
    """A PostgreSQL server that has all it writes, its log with the rest, on a file system of its own."""

    def __init__(self, disk: pathlib.Path, bytes_max: int):
        (binaries,) = glob.glob("/usr/lib/postgresql/15/bin") or [None]
        if binaries is None:
            pytest.skip("PostgreSQL 15 is absent")
        self.control = pathlib.Path(binaries) / "pg_ctl"
        self.disk = disk
        disk.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={bytes_max}", "tmpfs", disk]
        if subprocess.run(mount, capture_output=True).returncode != 0:
            pytest.skip("this user may not mount a small file system")
        self.folder = disk / "data"
        self.folder.mkdir()
        shutil.chown(self.folder, "postgres")
        for parent in disk.parents[:3]:  # pytest's folders are for their owner alone
            parent.chmod(0o711)
        self.run(self.control.parent / "initdb", "-D", self.folder, "-U", "tradeassist", "--auth=trust", "--no-sync",
                 "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions", "--wal-segsize=1")  # fmt: skip
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"postgresql://tradeassist@127.0.0.1:{self.port}/postgres"
        self.ballast = disk / "ballast"
        self.ballast.write_bytes(bytes(24 * MEGABYTE))
        self.start()

    def run(self, *command):
        subprocess.run(as_server_user(*command), check=True, capture_output=True, timeout=120)

    def start(self):
        settings = f"-p {self.port} -h 127.0.0.1 -k '' -c max_wal_size=8MB -c min_wal_size=2MB"
        command = as_server_user(self.control, "-D", self.folder, "-w", "-t", 60, "-l", self.folder / "log", "-o", settings, "start")
        subprocess.run(command, check=True, timeout=90, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def is_up(self) -> bool:
        status = subprocess.run(as_server_user(self.control, "-D", self.folder, "status"), capture_output=True)
        return status.returncode == 0

    def free(self):
        """Makes room, and starts the server where the full disk ended it."""
        self.ballast.unlink()
        deadline = time.monotonic() + 30
        while self.is_up() and time.monotonic() < deadline:
            if self.answers():
                return
            time.sleep(0.2)  # it recovers by itself
        if not self.is_up():
            self.start()

    def answers(self) -> bool:
        ready = subprocess.run([self.control.parent / "pg_isready", "-h", "127.0.0.1", "-p", str(self.port)], capture_output=True)
        return ready.returncode == 0

    def end(self):
        subprocess.run(as_server_user(self.control, "-D", self.folder, "-m", "immediate", "stop"), capture_output=True)
        subprocess.run(["umount", self.disk], check=True)


@pytest.fixture
def small_server(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("only root mounts file systems")
    disk = tmp_path / "disk"
    server = None
    try:
        server = PostgresOnSmallDisk(disk, 88 * MEGABYTE)
        yield server
    finally:
        if server is not None:
            server.end()
        elif os.path.ismount(disk):
            subprocess.run(["umount", disk], check=True)


def test_a_database_server_whose_disk_fills_up_loses_nothing_that_was_acknowledged(program, small_server):
    database = ("--database", small_server.url)
    texts = {}
    refused = None
    for number in range(60):
        symbol = f"W{number}"
        text = walk(60_000 + number)
        program.write(f"{symbol}.csv", text)
        done = subprocess.run(
            [BINARY, "import", f"{symbol}.csv", "--symbol", symbol, "--timeframe", "1m", *database],
            cwd=program.folder, capture_output=True, timeout=120,
        )  # fmt: skip
        if done.returncode != 0:
            refused = (symbol, text, done.stderr.decode())
            break
        texts[symbol] = text
    assert refused is not None, "the disk never filled up"
    assert texts, refused
    symbol, text, error = refused
    assert error.startswith("error: "), error
    assert "space" in error or "full" in error or "cannot be reached" in error or "connection" in error, error

    small_server.free()
    for each, of_file in texts.items():
        assert bars(program, each, *database) == bars_of(of_file), each
    # What was refused is there as a whole or not at all, and comes in now that there is room.
    half = subprocess.run([BINARY, "bars", "--symbol", symbol, "--timeframe", "1m", *database], capture_output=True, timeout=120)
    assert len(half.stdout.splitlines()) in (0, 1, 60_000 + len(texts) + 1)
    program("import", f"{symbol}.csv", "--symbol", symbol, "--timeframe", "1m", *database)
    assert bars(program, symbol, *database) == bars_of(text)
    program("doctor", *database)


@pytest.fixture
def small_data(program):
    """The data directory, on a file system of its own that is soon full."""
    if os.geteuid() != 0:
        pytest.skip("only root mounts file systems")
    program.data.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={48 * MEGABYTE},mode=700", "tmpfs", program.data], capture_output=True).returncode != 0:
        pytest.skip("this user may not mount a small file system")
    yield program.data
    subprocess.run(["umount", "--lazy", program.data], check=True)


class Writers:
    """Save queries and submit searches, one after the other, and keep what was acknowledged and what was refused."""

    SEARCH = {"strategy": "RSIStrategy", "symbol": "WALK", "timeframe": "1h", "trials": 20, "sampler": "random", "seed": 1, "objective": "net_profit"}

    def __init__(self, server):
        self.server, self.queries, self.jobs, self.refused = server, [], [], []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._save), threading.Thread(target=self._submit)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _save(self):
        number = 0
        while not self._stop.is_set():
            number += 1
            query = {"name": f"Q{number}", "description": "d" * 500, "request": {"symbols": ["WALK"], "frequency": "1h", "preset": "max"}}
            self._write("/api/v1/historical-data/queries", query, self.queries, "id")

    def _submit(self):
        while not self._stop.is_set():
            self._write("/api/v1/optimize/single", self.SEARCH, self.jobs, "job_id")

    def _write(self, path, body, kept, name):
        reply = self.server.post(path, body)
        if reply.status in (201, 202):
            kept.append(reply.json()[name])
        else:
            self.refused.append((path, reply.status, reply.json()))
        time.sleep(0.05)


def until(holds, seconds):
    """How long it took until `holds` did."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, holds
        time.sleep(0.1)
    return time.monotonic() - began


def test_a_server_whose_disk_fills_up_under_load_answers_and_goes_on_by_itself_when_there_is_room(program, small_data):
    text = walk(60_000)
    program.write("walk.csv", text)
    program("import", "walk.csv", "--symbol", "WALK", "--timeframe", "1m")
    program.write("more.csv", walk(60_000, start=1_700_000_000))
    unlimited = {f"TRADEASSIST_RATE_LIMIT_{each}": "0" for each in ("GENERAL", "DATA", "OPTIMISATION")}
    server = Server(program.folder, environment=unlimited)
    reads = ("/api/v1/version", "/api/v1/bars?symbol=WALK&timeframe=5m&last=500", "/livez", "/api/v1/historical-data/stats?symbol=WALK&timeframe=1m")
    try:
        with Load(server.port, reads) as load, Writers(server) as writers:
            until(lambda: writers.queries and writers.jobs, 60)
            ballast = small_data / "ballast"
            with ballast.open("wb", buffering=0) as file:
                try:
                    while True:
                        file.write(bytes(4096))
                except OSError:
                    pass  # that was the last of it
            until(lambda: len(writers.refused) >= 5, 60)
            load.wait_for(20)
            failed = subprocess.run([BINARY, "import", "more.csv", "--symbol", "MORE", "--timeframe", "1m"],
                                    cwd=program.folder, capture_output=True, timeout=120)  # fmt: skip
            assert failed.returncode == 1 and failed.stderr.startswith(b"error: "), failed.stderr
            assert b"space" in failed.stderr or b"full" in failed.stderr, failed.stderr

            ballast.unlink()
            queries, jobs = len(writers.queries), len(writers.jobs)
            until(lambda: len(writers.queries) > queries and len(writers.jobs) > jobs, 30)
        assert load.failures == []
        for path, status, problem in writers.refused:
            assert status == 503, (path, status, problem)
            assert problem["code"] in ("UNAVAILABLE", "AUDIT_LOG_NOT_WRITABLE"), problem
            assert "full" in problem["detail"], problem

        saved = set()
        cursor = ""
        while cursor is not None:
            page = server.get("/api/v1/historical-data/queries?limit=1000" + (f"&cursor={cursor}" if cursor else "")).json()
            saved |= {query["id"] for query in page["queries"]}
            cursor = page.get("next_cursor")
        assert set(writers.queries) <= saved
        for job in writers.jobs:
            ended = lambda job=job: server.get(f"/api/v1/jobs/{job}").json()["state"] in ("completed", "failed")  # noqa: E731
            until(ended, 120)
            assert server.get(f"/api/v1/jobs/{job}").json()["state"] == "completed", server.get(f"/api/v1/jobs/{job}/log").body
    finally:
        server.end()
    program("import", "more.csv", "--symbol", "MORE", "--timeframe", "1m")
    assert bars(program, "WALK") == bars_of(text)
    assert "120000 rows; 0 broken" in program("doctor", code=1).out  # such a disk is nearly full all the time


LIBFAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"


def at(offset: str) -> dict:
    """The environment in which a program sees a clock that is so far from the right one."""
    return {"LD_PRELOAD": LIBFAKETIME, "FAKETIME": offset, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


@pytest.mark.skipif(not os.path.exists(LIBFAKETIME), reason="libfaketime is absent")
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_clock_that_is_set_back_loses_and_doubles_nothing(program, serve, database):
    options = ()
    if database == "postgresql":
        if "TRADEASSIST_TEST_POSTGRES" not in os.environ:
            pytest.skip("TRADEASSIST_TEST_POSTGRES names no server")
        url = os.environ["TRADEASSIST_TEST_POSTGRES"].rsplit("/", 1)[0] + f"/clock_{os.getpid()}"
        _sql(f"CREATE DATABASE clock_{os.getpid()}")
        options = ("--database", url)
    try:
        _clock_goes_back(program, options)
    finally:
        if options:
            _sql(f"DROP DATABASE clock_{os.getpid()} WITH (FORCE)")


def _sql(text: str):
    subprocess.run(["psql", os.environ["TRADEASSIST_TEST_POSTGRES"], "-qc", text], check=True, capture_output=True)


def _clock_goes_back(program: Program, options: tuple):
    arguments = ("--symbol", "WALK", "--timeframe", "1m", *options)
    text = walk(6_000)
    header, *lines = text.splitlines()
    corrected = [line.rsplit(",", 1)[0] + ",7" for line in lines[3_000:4_000]]
    parts = {"first.csv": lines[:4_000], "second.csv": [*corrected, *lines[4_000:]]}
    for name, rows in parts.items():
        program.write(name, "\n".join([header, *rows]) + "\n")
    assert "4000 new bars" in program("import", "first.csv", *arguments).out
    again = program("import", "second.csv", *arguments, environment=at("-400d")).out
    assert "2000 new bars" in again and "1000 replaced" in again, again
    assert "stored: 0 new bars, 3000 there already" in (back := program("import", "second.csv", *arguments, environment=at("-2d")).out), back
    expected = bars_of("\n".join([header, *lines[:3_000], *corrected, *lines[4_000:]]))
    for environment in ({}, at("-400d")):
        out = program("bars", *arguments, environment=environment).out
        assert [[float(value) for value in row[1:]] for row in list(csv.reader(out.splitlines()))[1:]] == expected
    program("doctor", *options)

    # A server that ran, and one that starts where the clock is a day earlier.
    query = {"name": "Walk", "request": {"symbols": ["WALK"], "frequency": "1h", "preset": "max"}, "schedule": {"every_minutes": 1}}
    first = Server(program.folder, *options)
    saved = first.post("/api/v1/historical-data/queries", query).json()
    job = first.post("/api/v1/historical-data/fetch", {**query["request"], "background": True}).json()
    assert first.get("/readyz").status == 200
    first.end()
    old = os.environ.copy()
    os.environ.update(at("-1d"))
    try:
        second = Server(program.folder, *options)
    finally:
        os.environ.clear()
        os.environ.update(old)
    try:
        deadline = time.monotonic() + 30
        while (state := second.get(job["status_url"]).json())["status"] not in ("completed",):
            assert time.monotonic() < deadline, state
            time.sleep(0.1)
        while (told := second.get(f"/api/v1/historical-data/queries/{saved['id']}").json())["next_run_at"] >= saved["next_run_at"]:
            assert time.monotonic() < deadline, told
            time.sleep(0.1)
        answer = second.get("/api/v1/bars?symbol=WALK&timeframe=1m").json()
        assert answer["row_count"] == 6_000
    finally:
        second.end()
