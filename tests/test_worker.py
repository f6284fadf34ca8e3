"""Searches that workers share: what they find, and what becomes of them when anybody is killed."""

import glob
import os
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import time

import pytest
from conftest import Worker, wave
from test_jobs import start, texts, wait_for_state

# How often a server or a worker is killed in the test of that.
KILLS = int(os.environ.get("TRADEASSIST_TEST_KILLS", "100"))

# Of 60,000 bars, so that it takes seconds; `threads`: of the server, so that workers have something to do.
SEARCH = {
    "strategy": "RSIStrategy", "symbol": "WAVE", "timeframe": "1m", "objective": "net_profit",
    "sampler": "random", "trials": 3_000, "threads": 1, "seed": 5,
}  # fmt: skip


# A loop on every bar: no way of running it makes a trial so short that nobody needs help.
SLOW = """//@version=6
strategy("Slow")
length = input.int(20, "Length", minval=2, maxval=60)
float sum = 0
for i = 0 to 20
    sum += close[i] > close ? 1 : -1
if ta.crossover(close, ta.sma(close, length)) and sum > 0
    strategy.entry("L", strategy.long)
if ta.crossunder(close, ta.sma(close, length))
    strategy.close("L")
"""


def results(server, job_id) -> dict:
    """All that a search found."""
    reply = server.get(f"/api/v1/optimize/results/{job_id}")
    assert reply.status == 200, reply.body
    found = reply.json()
    del found["job_id"]
    return found


def run(server, body, seconds=120) -> dict:
    job_id = start(server, body)
    wait_for_state(server, job_id, "completed", seconds)
    return results(server, job_id)


def workers_of(server) -> dict:
    return {each["name"]: each for each in server.get("/api/v1/jobs/workers").json()["workers"]}


def query(database, sql) -> str:
    return subprocess.run(["psql", "-Atq", database, "-c", sql], capture_output=True, check=True).stdout.decode().strip()


def wait_until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def shared(program, serve, database_url):
    """A server on PostgreSQL with bars, and its database."""
    program.write("wave.csv", wave(60_000))
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m", "--database", database_url)
    return serve("--database", database_url), database_url


class Network:
    """Machines that reach this one over a bridge: network namespaces."""

    def __init__(self, machines: int):
        self.tag = f"ta{os.getpid() % 100_000}"
        self.subnet = f"10.{random.randrange(100, 250)}.{random.randrange(1, 250)}"
        self.names = [f"{self.tag}n{i}" for i in range(machines)]
        self._ip("link", "add", self.tag, "type", "bridge")
        self._ip("addr", "add", f"{self.address}/24", "dev", self.tag)
        self._ip("link", "set", self.tag, "up")
        for i, name in enumerate(self.names):
            self._ip("netns", "add", name)
            self._ip("link", "add", f"{self.tag}v{i}", "type", "veth", "peer", "name", "eth0", "netns", name)
            self._ip("link", "set", f"{self.tag}v{i}", "master", self.tag, "up")
            self._ip("-n", name, "addr", "add", f"{self.subnet}.{i + 2}/24", "dev", "eth0")
            self._ip("-n", name, "link", "set", "eth0", "up")

    @property
    def address(self) -> str:
        return f"{self.subnet}.1"

    def on(self, machine: int) -> list:
        return ["ip", "netns", "exec", self.names[machine]]

    def close(self):
        for name in self.names:
            subprocess.run(["ip", "netns", "del", name], capture_output=True)
        subprocess.run(["ip", "link", "del", self.tag], capture_output=True)

    @staticmethod
    def _ip(*arguments):
        done = subprocess.run(["ip", *arguments], capture_output=True)
        if done.returncode != 0:
            raise OSError(f"ip {' '.join(arguments)}: {done.stderr.decode().strip()}")


@pytest.fixture
def network():
    if shutil.which("ip") is None or os.geteuid() != 0:
        pytest.skip("network namespaces need root and `ip` of iproute2")
    made = Network.__new__(Network)
    try:
        try:
            made.__init__(3)
        except OSError as error:
            pytest.skip(f"network namespaces cannot be made here: {error}")
        yield made
    finally:
        made.close()


@pytest.fixture
def open_database(network):
    """A PostgreSQL server that listens on the bridge."""
    programs = pathlib.Path(sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1])
    folder = pathlib.Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    data = folder / "data"
    data.mkdir()
    shutil.chown(data, "postgres", "postgres")

    def control(program, *arguments):
        subprocess.run(
            ["runuser", "-u", "postgres", "--", programs / program, "-D", data, *arguments],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    control("initdb", "-U", "tradeassist", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions")
    with (data / "pg_hba.conf").open("a") as file:
        file.write(f"host all all {network.subnet}.0/24 trust\n")
    options = f"-p 5432 -h {network.address} -k {data} -c fsync=off"
    control("pg_ctl", "-w", "-l", data / "log", "-o", options, "start")
    yield f"postgresql://tradeassist@{network.address}:5432/postgres"
    control("pg_ctl", "-m", "immediate", "stop")
    shutil.rmtree(folder)


def test_workers_on_other_machines_share_a_search_and_one_is_killed(program, serve, network, open_database):
    program.write("wave.csv", wave(60_000))
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m", "--database", open_database)
    server = serve("--database", open_database)
    alone = run(server, SEARCH)
    assert len(alone["trials"]["objective"]) == SEARCH["trials"]

    machines = [
        Worker(program.folder, f"machine{i}", "--database", open_database, "--threads", 1, before=network.on(i))
        for i in range(3)
    ]
    try:
        wait_until(lambda: sum(each["alive"] for each in workers_of(server).values()) == 3)
        job_id = start(server, SEARCH)
        # In the middle of a batch.
        taken = "SELECT count(*) FROM app.job_batch WHERE worker = 'machine1' AND state = 'taken'"
        wait_until(lambda: query(open_database, taken) != "0")
        victims = subprocess.run(["ip", "netns", "pids", network.names[1]], capture_output=True, check=True).stdout
        assert str(machines[1].process.pid) in victims.decode().split()
        machines[1].end(signal.SIGKILL)
        assert query(open_database, taken) != "0"
        wait_for_state(server, job_id, "completed", 120)
        assert results(server, job_id) == alone
        done = workers_of(server)
        assert done["machine0"]["trials"] + done["machine2"]["trials"] > 0
        wait_until(lambda: not workers_of(server)["machine1"]["alive"], 20)
        assert query(open_database, "SELECT count(*) FROM app.job_batch") == "0"
    finally:  # before their database goes
        for machine in machines:
            machine.end()
        server.end()


def test_all_trials_of_searches_and_tournaments_are_shared(shared, work):
    server, database = shared
    slow = {"pine": SLOW, "validate": False} | {key: SEARCH[key] for key in SEARCH if key != "strategy"}
    searches = [
        slow | {"sampler": "genetic", "trials": 59},
        slow | {"trials": 12, "walk_forward": {"train_days": 5, "test_days": 3, "step_days": 3}},
    ]
    tournament = {
        "strategies": ["TurtleTrading", "AccumulationDistribution"], "symbols": ["WAVE"], "timeframes": ["1m", "5m"],
        "stages": [{"trials": 12, "keep": 1}, {"trials": 40}], "threads": 1,
    }  # fmt: skip

    def hold():
        reply = server.post("/api/v1/optimize/batch", tournament)
        assert reply.status == 202, reply.body
        wait_for_state(server, reply.json()["job_id"], "completed", 120)
        return results(server, reply.json()["job_id"])

    alone = [run(server, body) for body in searches]
    held = hold()
    work("one", database, "--threads", 1)
    work("two", database, "--threads", 2)
    done = 0
    for body, expected in zip(searches, alone):
        assert run(server, body) == expected
        now = sum(each["trials"] for each in workers_of(server).values())
        assert now >= done  # a quick server may have done a short one itself before a worker came
        done = now
    assert done > 0
    assert hold() == held
    assert sum(each["trials"] for each in workers_of(server).values()) >= done


def test_workers_come_and_go_and_are_listed(program, shared, work):
    server, database = shared
    assert workers_of(server) == {}
    worker = work("desk-1", database, "--threads", 2)
    [listed] = workers_of(server).values()
    version = server.get("/api/v1/version").json()["version"]
    assert listed["alive"] and listed["version"] == version and listed["threads"] == 2 and listed["host"]
    assert program("job", "workers", "--json", "--database", database).json()["workers"][0]["name"] == "desk-1"
    assert "desk-1" in program("job", "workers", "--database", database).out

    job_id = start(server, SEARCH | {"trials": 1_000_000})
    wait_until(lambda: workers_of(server)["desk-1"]["batches"] > 0)
    wait_until(lambda: query(database, "SELECT count(*) FROM app.job_batch WHERE state = 'taken'") != "0")
    began = time.monotonic()
    assert worker.end() == 0
    assert time.monotonic() - began < 5
    assert workers_of(server) == {}
    taken = "SELECT count(*) FROM app.job_batch WHERE state = 'taken' OR takings > 0"
    assert query(database, taken) == "0"
    # What the worker leaves behind, the server or another worker does.
    worker.start()
    wait_until(lambda: workers_of(server)["desk-1"]["batches"] > 0)

    # A pause and a cancellation reach it: nothing is left to do.
    server.post(f"/api/v1/jobs/{job_id}/pause", {})
    paused = wait_for_state(server, job_id, "paused", 10)
    assert paused["detail"]["trials_done"] > 0
    assert query(database, "SELECT count(*) FROM app.job_batch") == "0"
    server.post(f"/api/v1/jobs/{job_id}/resume", {})
    wait_for_state(server, job_id, "running")
    wait_until(lambda: query(database, "SELECT count(*) FROM app.job_batch WHERE state = 'taken'") != "0")
    server.post(f"/api/v1/jobs/{job_id}/cancel", {})
    wait_for_state(server, job_id, "cancelled", 10)
    assert query(database, "SELECT count(*) FROM app.job_batch") == "0"


def test_a_paused_search_goes_on_with_other_workers_to_the_same_result(shared, work):
    server, database = shared
    alone = run(server, SEARCH)
    first = work("first", database, "--threads", 1)
    job_id = start(server, SEARCH)
    wait_until(lambda: workers_of(server)["first"]["trials"] > 0)
    server.post(f"/api/v1/jobs/{job_id}/pause", {})
    wait_for_state(server, job_id, "paused", 10)
    assert first.end() == 0
    work("second", database, "--threads", 2)
    server.post(f"/api/v1/jobs/{job_id}/resume", {})
    wait_for_state(server, job_id, "completed")
    assert results(server, job_id) == alone


def test_a_worker_with_other_scripts_leaves_the_search_to_others(program, shared, work):
    server, database = shared
    changed = program.folder / "changed"
    shutil.copytree(pathlib.Path(__file__).parent.parent / "strategies", changed)
    [script] = changed.glob("*/RSIStrategy.pine")
    # Nothing that a few trials would show.
    script.write_text(script.read_text() + "\n// Another comment.\n")
    alone = run(server, SEARCH)
    worker = work("other", database, "--threads", 1, "--strategies", changed)
    assert run(server, SEARCH) == alone
    assert workers_of(server)["other"]["trials"] == 0
    assert "a job is left to others" in worker.log() and "its script is another one here" in worker.log()


def test_without_a_database_server_there_are_no_workers(program, serve):
    program.import_sp500()
    refused = program("worker", code=1)
    assert "workers share searches through PostgreSQL" in refused.err
    assert "workers share searches through PostgreSQL" in program("job", "workers", code=1).err
    program("worker", "--name", "a b", code=2)
    program("worker", "--threads", 0, code=2)
    server = serve()
    assert server.get("/api/v1/jobs/workers").json() == {"workers": []}
    assert server.get("/api/v1/jobs/workers?x=1").status == 422


def test_a_worker_waits_for_no_schema_of_another_version(program, database_url):
    assert "start a server on it first" in program("worker", "--database", database_url, code=1).err


def test_no_trial_is_lost_or_counted_twice_whoever_is_killed(shared, work):
    server, database = shared
    alone = run(server, SEARCH)
    workers = [work(f"worker{i}", database, "--threads", 1) for i in range(2)]
    moments = random.Random(20_261_127)
    kills = shared_trials = 0
    while kills < KILLS:
        job_id = start(server, SEARCH)
        server_kills = 0
        while True:
            time.sleep(moments.uniform(0.02, 0.4))
            state = server.get(f"/api/v1/jobs/{job_id}").json()["state"]
            if state not in ("queued", "running"):
                break
            victim = moments.randrange(3)
            if victim < 2:
                shared_trials += workers_of(server).get(workers[victim].name, {"trials": 0})["trials"]
                workers[victim].end(signal.SIGKILL)
                workers[victim].start()
                kills += 1
            elif server_kills < 2:  # a job whose server ended three times has failed
                server.end(signal.SIGKILL)
                server.start()
                server_kills += 1
                kills += 1
        assert state == "completed", texts(server, job_id)
        assert results(server, job_id) == alone
        assert query(database, "SELECT count(*) FROM app.job_batch") == "0"
    shared_trials += sum(each["trials"] for each in workers_of(server).values())
    assert shared_trials > 0


def test_a_sweep_of_ten_thousand_combinations_is_cancelled_within_a_second(shared, work):
    server, database = shared
    work("one", database, "--threads", 1)
    parameters = [
        {"name": "rsi_length", "from": 2, "to": 21},
        {"name": "trend_length", "from": 50, "to": 299, "step": 1},
        {"name": "use_trend_filter", "values": [True, False]},
    ]
    sweep = SEARCH | {"sampler": "grid", "trials": 10_000, "parameters": parameters, "threads": 2}
    checked = server.post("/api/v1/optimize/validate", sweep).json()
    assert checked == {"valid": True, "combinations": 10_000, "trials": 10_000}
    job_id = start(server, sweep)
    wait_until(lambda: workers_of(server)["one"]["batches"] > 0)
    began = time.monotonic()
    server.post(f"/api/v1/jobs/{job_id}/cancel", {})
    wait_for_state(server, job_id, "cancelled", 5)
    took = time.monotonic() - began
    assert took < 1, took
    assert query(database, "SELECT count(*) FROM app.job_batch") == "0"
