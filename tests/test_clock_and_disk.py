"""A machine whose clock jumps, or whose disk is slow, while the server is at work."""

import contextlib
import datetime
import os
import pathlib
import signal
import subprocess
import threading
import time

import pytest
from conftest import BINARY, Server, end_all, is_problem, walk, wave
from load import Load
from test_jobs import LONG_SEARCH, SEARCH, texts, wait_for_state
from test_jobs import start as start_job
from test_keys import bearer
from test_machine_faults import LIBFAKETIME, bars, bars_of
from test_webhooks import deliveries, make
from web_socket import WebSocket
from webhook_receiver import Behaviour, Receiver

SCHEDULE = "/api/v1/jobs/schedules/once"
ENDED = ("completed", "failed", "cancelled")


def wait_until(found, seconds=90):
    end = time.monotonic() + seconds
    while not (result := found()):
        assert time.monotonic() < end, found
        time.sleep(0.05)
    return result


class Clock:
    """What time it is for one program."""

    def __init__(self, folder: pathlib.Path):
        self.file = folder / "clock"
        self.hours = 0
        self.environment = {
            "LD_PRELOAD": LIBFAKETIME,
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        self.jump(0)

    def jump(self, hours):
        """To so many hours ahead of the right time."""
        self.hours = hours
        new = self.file.with_suffix(".new")
        new.write_text(f"{hours:+d}h\n" if hours else "+0\n")
        new.rename(self.file)

    def now(self) -> datetime.datetime:
        return datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=self.hours)

    def is_of(self, timestamp: str) -> bool:
        return abs(datetime.datetime.fromisoformat(timestamp) - self.now()) < datetime.timedelta(minutes=30)


class AtWork:
    """A server on such a clock that has all that waits for a time in work, and asserts on it after each jump."""

    def __init__(self, program, clock, receiver, database):
        self.clock, self.receiver, self.follows = clock, receiver, not database
        settings = {
            "TRADEASSIST_HEALTH_INTERVAL_SECONDS": "1", "TRADEASSIST_ALERT_CLEAR_SECONDS": "0",
            "TRADEASSIST_ALERT_COOLDOWN_SECONDS": "0", "TRADEASSIST_JOB_WORKERS": "2",
            "TRADEASSIST_WEBHOOK_PRIVATE_ADDRESSES": "allowed", "TRADEASSIST_WEBHOOK_SCHEDULE": "0 0" + 18 * " 3",
            "TRADEASSIST_RATE_LIMIT_GENERAL": "0", "TRADEASSIST_RATE_LIMIT_DATA": "0",
        }  # fmt: skip
        self.server = Server(program.folder, *database, keys=True, environment=clock.environment | settings)
        self.key = bearer(self.server.first_key)

    def get(self, path, status=200, key=None):
        reply = self.server.get(path, headers=key or self.key)
        assert reply.status == status, reply.body
        return reply.json()

    def send(self, method, path, body, status):
        reply = self.server.call(method, path, body, headers=self.key)
        assert reply.status == status, reply.body
        return reply.json()

    def begin(self):
        self.hook = make(self.server, self.receiver.url + "/hook", "job.completed", headers=self.key)
        self.searched = self.send("POST", "/api/v1/optimize/single", SEARCH, 202)["job_id"]
        self.receiver.wait(2)  # both tries failed; the third is in a few seconds
        at = self.clock.now() + datetime.timedelta(minutes=90)
        made = self.send("PUT", SCHEDULE, {"cron": f"{at.minute} {at.hour} * * *", "kind": "optimize", "request": SEARCH}, 201)
        self.slot = made["next_at"]
        self.long = self.send("POST", "/api/v1/optimize/single", LONG_SEARCH, 202)["job_id"]
        self.socket = WebSocket(self.server.port, headers=[f"Authorization: {self.key['Authorization']}"])
        self.sequence = self.socket.subscribe(f"jobs:{self.long}")
        until = (self.clock.now() + datetime.timedelta(hours=1)).isoformat(timespec="seconds").replace("+00:00", "Z")
        made = self.send("POST", "/api/v1/admin/keys", {"name": "hour", "owner": "ann", "scopes": ["read"], "expires_at": until}, 201)
        self.hour_key = bearer(made["token"])
        self.watch()

    def watch(self):
        """The job goes on, its channel tells of it on the clock as it is now, and the key holds for its hour."""
        while True:
            message = self.socket.receive()
            assert isinstance(message, dict), message
            if message["channel"] is None:
                continue
            assert message["sequence"] > self.sequence, message
            self.sequence = message["sequence"]
            if self.clock.is_of(message["timestamp"]):
                break
        job = self.get(f"/api/v1/jobs/{self.long}")
        assert job["state"] == "running" and job["attempts"] == 1, job
        if self.clock.hours > 1:
            is_problem(self.server.get("/api/v1/version", headers=self.hour_key), 401, "API_KEY_EXPIRED")
        else:
            self.get("/api/v1/version", key=self.hour_key)

    def jump(self, hours, alert):
        self.clock.jump(hours)
        self.watch()
        wait_until(lambda: bool(self.get("/api/v1/alerts?type=clock_jump&state=open")["alerts"]) == alert, 150)
        newest = self.get("/api/v1/alerts?type=clock_jump")["alerts"][0]
        assert newest["state"] == ("raised" if alert else "resolved"), newest

    def scheduled(self) -> str | None:
        return self.get(SCHEDULE)["last_job_id"]

    def wait_for_end(self, job_id):
        return wait_until(lambda: (job := self.get(f"/api/v1/jobs/{job_id}"))["state"] in ENDED and job)


@pytest.fixture
def at_work(program, request):
    database = ()
    if request.param == "postgresql":
        database = ("--database", request.getfixturevalue("database_url"))
    program.write("wave.csv", wave(20_000))
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m", *database)
    with contextlib.ExitStack() as ends:
        receiver = Receiver(hook=Behaviour(status=500))
        ends.callback(receiver.close)
        made = AtWork(program, Clock(program.folder), receiver, database)
        ends.callback(end_all, [made.server])
        yield made


@pytest.mark.skipif(not os.path.exists(LIBFAKETIME), reason="libfaketime is absent")
@pytest.mark.parametrize("at_work", ["sqlite", "postgresql"], indirect=True)
def test_a_clock_that_jumps_under_load_fails_no_request_and_ends_no_work(at_work):
    """SQLite is on the clock that jumps; a database server has its own, by which jobs and deliveries go."""
    at_work.begin()
    paths = ("/livez", "/readyz", "/api/v1/version", "/api/v1/bars?symbol=WAVE&timeframe=1m&last=50&format=json", "/api/v1/jobs")
    with Load(at_work.server.port, paths, clients=2, headers=at_work.key) as load:
        at_work.jump(+2, alert=True)
        load.wait_for(10)
        tries = len(at_work.receiver.of("/hook"))
        scheduled = None
        if at_work.follows:
            scheduled = wait_until(at_work.scheduled)
            assert at_work.wait_for_end(scheduled)["state"] == "completed"
        at_work.receiver.wait(tries + 1)  # its next try is due two hours from now, then

        at_work.jump(0, alert=False)
        load.wait_for(10)
        refused = len(at_work.receiver.of("/hook"))
        at_work.receiver.paths["/hook"].status = 200
        sent = wait_until(lambda: (all_ := deliveries(at_work.server, at_work.hook, headers=at_work.key))
                          and all(each["state"] == "delivered" for each in all_) and all_, 30)  # fmt: skip

        at_work.jump(+2, alert=True)
        load.wait_for(10)
        assert at_work.scheduled() == scheduled  # its time came once
        at_work.jump(-2, alert=True)
        load.wait_for(10)
        # What was four hours ahead was wrong, and is not waited for.
        wait_until(lambda: at_work.get(SCHEDULE)["next_at"] == at_work.slot)
        searched = at_work.send("POST", "/api/v1/optimize/single", SEARCH, 202)["job_id"]
        assert at_work.wait_for_end(searched)["state"] == "completed"
        at_work.jump(0, alert=False)
        load.wait_for(10)
        assert not load.failures, load.failures[:3]

    at_work.send("POST", f"/api/v1/jobs/{at_work.long}/cancel", {}, 200)
    assert at_work.wait_for_end(at_work.long)["state"] == "cancelled"
    wait_until(lambda: at_work.get(f"/api/v1/webhooks/{at_work.hook['id']}/deliveries?state=pending")["deliveries"] == [], 30)
    listed = at_work.get("/api/v1/jobs")["jobs"]
    ids = [at_work.searched, searched, *([scheduled] if scheduled else [])]
    assert sorted(each["job_id"] for each in listed) == sorted([at_work.long, *ids])
    results = [at_work.get(f"/api/v1/jobs/{each}?result=true") for each in ids]
    assert all(each["attempts"] == 1 and each["result"]["trials"] == results[0]["result"]["trials"] for each in results)
    for each in (at_work.long, *ids):
        lines = [line["text"] for line in at_work.get(f"/api/v1/jobs/{each}/log")["lines"]]
        assert len([line for line in lines if line in ENDED]) == 1, lines
        assert not [line for line in lines if "not heard of" in line], lines
    # The events of those that ended arrived, each at most once more than it had to.
    accepted = [each.headers["webhook-id"] for each in at_work.receiver.of("/hook")[refused:]]
    assert {each["event_id"] for each in sent} <= set(accepted) and len(set(accepted)) == len(ids)
    assert max(accepted.count(each) for each in accepted) <= 2
    log = (at_work.server.folder / "serve.log").read_text()
    assert "Z warning alert event=raised type=clock_jump" in log
    assert "Z error " not in log and "Z critical " not in log, log
    assert at_work.server.end() == 0


# Syncs of files in a folder are as slow as a file says (milliseconds), or wait while it says "hold"; and a file tells
# of those that began.
SLOW_DISK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static int is_slow(int file) {
  char name[64], path[4096];
  const char* folder = getenv("SLOW_DISK_FOLDER");
  snprintf(name, sizeof name, "/proc/self/fd/%d", file);
  ssize_t size = readlink(name, path, sizeof path - 1);
  return folder != NULL && size > 0 && strncmp(path, folder, strlen(folder)) == 0;
}

static int delay(void) { /* milliseconds; -1: hold */
  char text[16] = "";
  int file = open(getenv("SLOW_DISK_DELAY"), O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  if (read(file, text, sizeof text - 1) < 0) text[0] = 0;
  close(file);
  return strncmp(text, "hold", 4) == 0 ? -1 : atoi(text);
}

static void pause_ms(long ms) {
  struct timespec time = {ms / 1000, ms % 1000 * 1000000};
  nanosleep(&time, NULL);
}

static void wait_for_disk(int of) {
  if (!is_slow(of)) return;
  int ms = delay();
  if (ms == 0) return;
  int told = open(getenv("SLOW_DISK_TOLD"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (told >= 0) {
    if (write(told, "s", 1) < 0) abort();
    close(told);
  }
  if (ms > 0) pause_ms(ms);
  else while (delay() < 0) pause_ms(5);
}

#define SLOW_SYNC(name)                                    \
  int name(int file) {                                     \
    wait_for_disk(file);                                   \
    return ((int (*)(int))dlsym(RTLD_NEXT, #name))(file);  \
  }
SLOW_SYNC(fsync)
SLOW_SYNC(fdatasync)

#define SLOW_WRITE(name, offset_type)                                                                       \
  ssize_t name(int file, const void* from, size_t size, offset_type at) {                                   \
    int ms = is_slow(file) ? delay() : 0;                                                                   \
    if (ms > 0) pause_ms(ms / 50);                                                                          \
    return ((ssize_t(*)(int, const void*, size_t, offset_type))dlsym(RTLD_NEXT, #name))(file, from, size, at); \
  }
SLOW_WRITE(pwrite, off_t)
SLOW_WRITE(pwrite64, off64_t)
"""
QUERIES = "/api/v1/historical-data/queries"


class SlowDisk:
    def __init__(self, folder: pathlib.Path, data: pathlib.Path):
        library = folder / "slow_disk.so"
        (folder / "slow_disk.c").write_text(SLOW_DISK)
        subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, folder / "slow_disk.c", "-ldl"], check=True)
        self.delay, self.told = folder / "delay", folder / "told"
        self.environment = {
            "LD_PRELOAD": str(library), "SLOW_DISK_FOLDER": str(data.resolve()),
            "SLOW_DISK_DELAY": str(self.delay), "SLOW_DISK_TOLD": str(self.told),
        }  # fmt: skip
        self.set(0)

    def set(self, delay):
        """Of a sync, in milliseconds, or "hold"."""
        new = self.delay.with_suffix(".new")
        new.write_text(str(delay))
        new.rename(self.delay)

    def syncs(self) -> int:
        return self.told.stat().st_size if self.told.exists() else 0

    @contextlib.contextmanager
    def held(self):
        self.set("hold")
        self.before = self.syncs()
        try:
            yield
        finally:
            self.set(0)

    def wait_for_a_sync(self):
        """That began since it is held, and has not ended."""
        wait_until(lambda: self.syncs() > self.before)


class InBackground(threading.Thread):
    """What `work` gave or raised, when it has."""

    def __init__(self, work):
        super().__init__(daemon=True)
        self.work, self.result, self.error = work, None, None
        self.start()

    def run(self):
        try:
            self.result = self.work()
        except Exception as error:  # noqa: BLE001 - whatever it is, no acknowledgement came
            self.error = error


@pytest.fixture
def disk(program):
    program.write("walk.csv", walk(6_000))
    program("import", "walk.csv", "--symbol", "WALK", "--timeframe", "1m")
    return SlowDisk(program.folder, program.data)


@pytest.fixture
def slow_server(program, disk):
    server = Server(program.folder, environment=disk.environment)
    yield server
    disk.set(0)
    end_all([server])


def save(server, name):
    body = {"name": name, "request": {"symbols": ["WALK"], "frequency": "1h", "preset": "max"}}
    reply = server.post(QUERIES, body)
    assert reply.status == 201, reply.body
    return name


def saved(server) -> set:
    return {each["name"] for each in server.get(f"{QUERIES}?limit=200").json()["queries"]}


def read(server):
    for path in ("/livez", "/readyz", "/api/v1/version", "/api/v1/bars?symbol=WALK&timeframe=1m&last=10&format=json"):
        reply = server.get(path, seconds=20)
        assert reply.status == 200, (path, reply.body)


def test_a_slow_disk_delays_who_writes_and_nobody_else(program, disk, slow_server):
    reads = ("/livez", "/readyz", "/api/v1/bars?symbol=WALK&timeframe=1m&last=10&format=json")
    disk.set(200)
    with Load(slow_server.port, reads, clients=2) as load:
        writers = [InBackground(lambda name=f"slow {i}": save(slow_server, name)) for i in range(6)]
        job = start_job(slow_server, SEARCH | {"symbol": "WALK"})
        for each in writers:
            each.join(60)
        assert {each.result for each in writers} == {f"slow {i}" for i in range(6)}, [each.error for each in writers]
        assert wait_for_state(slow_server, job, "completed")["attempts"] == 1
        load.wait_for(10)
    assert not load.failures, load.failures[:3]
    assert disk.syncs() > 6
    assert saved(slow_server) == {f"slow {i}" for i in range(6)}


def test_a_write_is_acknowledged_after_its_sync_and_a_kill_during_it_loses_nothing(program, disk, slow_server):
    disk.set(10)
    acknowledged = {save(slow_server, f"before {i}") for i in range(5)}
    with disk.held():
        writer = InBackground(lambda: save(slow_server, "unknown"))
        disk.wait_for_a_sync()
        for _ in range(5):
            read(slow_server)
        assert writer.is_alive()
        slow_server.process.send_signal(signal.SIGKILL)
        slow_server.end()
        writer.join(60)
        assert writer.result is None and writer.error is not None
    begin = time.monotonic()
    again = Server(program.folder, environment=disk.environment)
    try:
        read(again)
        assert time.monotonic() - begin < 30
        assert saved(again) - {"unknown"} == acknowledged
        # One that waits for the disk and is not killed is acknowledged when the disk has it.
        with disk.held():
            writer = InBackground(lambda: save(again, "after"))
            disk.wait_for_a_sync()
            read(again)
            assert writer.is_alive()
        writer.join(60)
        assert writer.result == "after", writer.error
        assert saved(again) - {"unknown"} == acknowledged | {"after"}
    finally:
        disk.set(0)
        again.end()
    program("doctor")


def test_an_import_says_that_it_is_done_after_its_sync_and_one_that_is_killed_leaves_all_or_nothing(program, disk, slow_server):
    text = walk(3_000)
    program.write("more.csv", text)
    command = [BINARY, "import", "more.csv", "--symbol", "MORE", "--timeframe", "1m"]
    for is_killed in (True, False):
        with disk.held():
            importing = subprocess.Popen(command, cwd=program.folder, env=os.environ | disk.environment, stdout=subprocess.PIPE)
            said = InBackground(importing.stdout.read)
            disk.wait_for_a_sync()
            read(slow_server)
            assert importing.poll() is None and said.is_alive()
            if is_killed:
                importing.kill()
        code = importing.wait(60)
        said.join(60)
        importing.stdout.close()
        assert bars(program, "WALK") == bars_of(walk(6_000))
        if is_killed:
            assert code == -signal.SIGKILL and said.result == b""
            half = subprocess.run([BINARY, "bars", "--symbol", "MORE", "--timeframe", "1m"], cwd=program.folder, capture_output=True)
            assert len(half.stdout.splitlines()) in (0, 1, 3_001)
    assert code == 0 and b"stored: " in said.result, said.result
    assert bars(program, "MORE") == bars_of(text)
    read(slow_server)
    program("doctor")
