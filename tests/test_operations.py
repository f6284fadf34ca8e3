"""A server from its start to its end, as an operator and a service manager see it."""

import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import threading
import time

import pytest
from conftest import BINARY, ROOT, Server, _plain_environment, end_all, wave
from load import Load
from test_jobs import LONG_SEARCH, start, wait_for
from web_socket import WebSocket


def wait_until(condition, seconds=30):
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end
        time.sleep(0.01)
    return value


@pytest.fixture
def launch(program):
    """Starts servers with an environment of their own, and ends those still running."""
    started = []

    def begin(*arguments, **options) -> Server:
        started.append(Server(program.folder, *arguments, **options))
        return started[-1]

    yield begin
    end_all(started)


def log_of(server) -> str:
    return (server.folder / "serve.log").read_text()


# --- The end ---


def test_a_stopping_server_is_not_ready_first_and_still_answers_until_the_delay_is_over(program, launch):
    program.write("wave.csv", wave(20_000))
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m")
    server = launch(environment={"TRADEASSIST_SHUTDOWN_DELAY_MS": "1500"})
    job = start(server, LONG_SEARCH)
    wait_for(server, job, lambda each: each["state"] == "running")
    listener = WebSocket(server.port)
    listener.subscribe("system")
    events = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    events.request("GET", f"/api/v1/jobs/{job}/events")
    stream = events.getresponse()
    assert stream.status == 200

    server.process.send_signal(signal.SIGTERM)
    unready = wait_until(lambda: (reply := server.get("/readyz")).status == 503 and reply)
    assert unready.json()["status"] == "stopping"
    assert server.get("/livez").status == 200
    kept = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    kept.request("GET", "/livez")
    assert kept.getresponse().getheader("Connection") == "close"

    message = listener.receive()
    while isinstance(message, dict):
        message = listener.receive()
    assert message == ("close", 1001)
    assert b"event: job" in stream.read()  # to its end
    assert server.process.wait(30) == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port), timeout=5)


def test_a_second_signal_ends_the_server_at_once(launch):
    server = launch(environment={"TRADEASSIST_SHUTDOWN_DELAY_MS": "60000"})
    server.process.send_signal(signal.SIGTERM)
    wait_until(lambda: server.get("/readyz").status == 503)
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(10) == 128 + signal.SIGTERM


def test_a_request_in_work_is_finished(program, launch):
    program.write("wave.csv", wave(60_000))
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m")
    slow = "\n".join(['//@version=6', 'strategy("Slow")', "float sum = 0", "for i = 0 to 300",
                      "    sum += close[i] > close ? 1 : -1", "if sum > 0", '    strategy.entry("L", strategy.long)'])  # fmt: skip
    server = launch()
    replies = []
    body = {"pine": slow, "symbol": "WAVE", "timeframe": "1m"}
    asking = threading.Thread(target=lambda: replies.append(server.post("/api/v1/backtests", body)))
    before = server.get("/livez")
    asking.start()
    wait_until(lambda: _in_work(server))
    assert before.status == 200 and not replies
    server.process.send_signal(signal.SIGTERM)
    asking.join()
    assert replies[0].status == 200, replies[0].body
    assert server.process.wait(30) == 0


def _in_work(server) -> bool:
    """Whether the server computes: its processor time grows while nobody else asks it anything."""
    def ticks():
        return sum(map(int, pathlib.Path(f"/proc/{server.process.pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]))

    before = ticks()
    time.sleep(0.05)
    return ticks() - before >= 3


def test_a_job_of_a_stopping_server_goes_on_at_another_long_before_its_lease_ends(program, launch, database_url):
    program.write("wave.csv", wave(20_000))
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m", "--database", database_url)
    first = launch("--data", "first", "--database", database_url)
    job = start(first, LONG_SEARCH)
    runner = wait_for(first, job, lambda each: each["has_checkpoint"])["run_by"]
    second = launch("--data", "second", "--database", database_url)
    assert first.end() == 0
    taken = wait_for(second, job, lambda each: each["run_by"] not in (None, runner), seconds=15)
    assert taken["state"] == "running" and taken["has_checkpoint"] and taken["attempts"] <= 1
    assert first.port != second.port
    second.post(f"/api/v1/optimize/cancel/{job}", {})


# --- The configuration, read again ---


def test_a_reload_takes_up_what_it_can_and_names_what_needs_a_restart(program, launch):
    for name in ("one", "two"):
        (program.folder / name).mkdir()
        program.write(f"{name}/index.html", f"<!doctype html><title>{name}</title>")
    config = program.write("server.toml", 'web_directory = "one"\nlog_level = "warning"\n')
    server = launch("--config", config, keys=True)
    key = {"Authorization": f"Bearer {server.first_key}"}
    assert b"one" in server.get("/").body
    assert server.get("/api/v1/instruments", headers=key).headers["ratelimit-policy"].startswith('"general";q=1200')

    config.write_text('web_directory = "two"\nlog_level = "info"\nlog_format = "json"\n'
                      'rate_limit_general = 77\njob_workers = 3\nexport_files_max = 5\nslow_query_ms = 2\n')  # fmt: skip
    server.process.send_signal(signal.SIGHUP)
    wait_until(lambda: "only a restart takes up" in log_of(server))
    assert b"two" in server.get("/").body
    assert server.get("/api/v1/instruments", headers=key).headers["ratelimit-policy"].startswith('"general";q=77')
    lines = [json.loads(line) for line in log_of(server).splitlines() if line.startswith("{")]
    (warning,) = [line for line in lines if "restart" in line["message"]]
    assert warning["settings"] == "job_workers"
    (done,) = [line for line in lines if line["message"] == "configuration reloaded"]
    assert done["changed"] == (
        "web_directory, rate_limit_general, log_level, log_format, export_files_max, slow_query_ms"
    )
    assert any(line["message"] == "request" for line in lines)
    # What was left is named again, because it still does not hold.
    server.process.send_signal(signal.SIGHUP)
    wait_until(lambda: log_of(server).count("only a restart takes up") == 2)
    assert server.get("/livez").status == 200


@pytest.mark.parametrize("bad", ["rate_limit_general = 5\nnothing = 1\n", "rate_limit_general = 5\nthreads = -1\n",
                                 "rate_limit_general = 5\n[oops\n", None])  # fmt: skip
def test_a_configuration_that_is_not_good_changes_nothing(program, launch, bad):
    config = program.write("server.toml", "rate_limit_general = 99\n")
    server = launch("--config", config, keys=True)
    key = {"Authorization": f"Bearer {server.first_key}"}
    if bad is None:
        config.unlink()
    else:
        config.write_text(bad)
    server.process.send_signal(signal.SIGHUP)
    wait_until(lambda: "the configuration was not reloaded; the old one holds" in log_of(server))
    assert "server.toml" in log_of(server)
    assert server.get("/api/v1/instruments", headers=key).headers["ratelimit-policy"].startswith('"general";q=99')


def test_the_configuration_says_what_can_be_reloaded(program):
    entries = {each["name"]: each for each in program("config", "--json").json()}
    assert entries["log_level"]["reloadable"] and not entries["listen"]["reloadable"]
    text = program("config").out
    assert re.search(r"^log_level .* reload  +what is logged", text, re.M)
    assert re.search(r"^listen .* restart  +HOST:PORT", text, re.M)


def test_the_reference_of_settings_is_what_the_program_says(program):
    assert program("config", "--markdown").out == (ROOT / "docs/configuration.md").read_text(), (
        "make it again: tradeassist config --markdown > docs/configuration.md")


# --- The service manager ---


class Manager:
    """What systemd is to a service: a socket that hears how it is."""

    def __init__(self, address):
        self.address = address
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + address[1:] if address.startswith("@") else address)
        self.socket.settimeout(30)

    def receive(self):
        return dict(line.split("=", 1) for line in self.socket.recv(4096).decode().splitlines())

    def wait_for(self, name):
        while name not in (message := self.receive()):
            pass
        return message


@pytest.mark.parametrize("kind", ["path", "abstract"])
def test_a_service_manager_hears_of_the_start_a_reload_the_end_and_that_the_server_lives(program, launch, kind):
    address = str(program.folder / "notify") if kind == "path" else f"@tradeassist-{os.getpid()}"
    manager = Manager(address)
    server = launch(environment={"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "400000"})
    ready = manager.wait_for("READY")
    assert ready == {"READY": "1", "STATUS": f"serving http://127.0.0.1:{server.port}"}
    assert manager.wait_for("WATCHDOG") and manager.wait_for("WATCHDOG")
    server.process.send_signal(signal.SIGHUP)
    assert int(manager.wait_for("RELOADING")["MONOTONIC_USEC"]) > 0
    assert manager.wait_for("READY")
    server.process.send_signal(signal.SIGTERM)
    assert "jobs go back" in manager.wait_for("STOPPING")["STATUS"]
    assert server.process.wait(30) == 0


def test_a_worker_tells_a_service_manager_that_it_works(program, launch, work, database_url):
    launch("--database", database_url)
    manager = Manager(str(program.folder / "notify"))
    os.environ["NOTIFY_SOCKET"] = manager.address
    try:
        worker = work("helper", database_url)
    finally:
        del os.environ["NOTIFY_SOCKET"]
    assert manager.wait_for("READY")["STATUS"].startswith("works as helper")
    assert worker.end() == 0
    assert manager.wait_for("STOPPING")


class Activated:
    """A server that was given its listening socket, as systemd gives it."""

    def __init__(self, folder, listening, *arguments, names="http", count=1):
        code = 'export LISTEN_PID=$$; exec "$@"'
        environment = _plain_environment() | {"LISTEN_FDS": str(count), "LISTEN_FDNAMES": names}

        def give():  # as descriptor 3, and on
            os.dup2(listening.fileno(), 3)
            os.set_inheritable(3, True)

        self.process = subprocess.Popen(
            ["bash", "-c", code, "sh", str(BINARY), "serve", *map(str, arguments)], cwd=folder, env=environment,
            preexec_fn=give, close_fds=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=30)
        return self.process.returncode


def listening_socket(host="127.0.0.1"):
    made = socket.create_server((host, 0), backlog=128)
    made.set_inheritable(False)
    return made


def test_a_server_that_is_activated_serves_on_the_socket_it_was_given_and_nobody_is_refused_between_two(program):
    with listening_socket() as listening:
        port = listening.getsockname()[1]
        waiting = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        waiting.request("GET", "/livez")  # before there is a server
        server = Activated(program.folder, listening, "--no-authentication")
        assert waiting.getresponse().status == 200
        with Load(port) as load:
            for _ in range(3):
                assert server.end() == 0
                server = Activated(program.folder, listening, "--no-authentication")
                load.wait_for(20)
        assert server.end() == 0
    assert load.failures == []


def test_a_socket_for_everybody_is_refused_without_keys_and_one_that_has_no_name_among_many_too(program):
    with listening_socket("0.0.0.0") as listening:
        server = Activated(program.folder, listening, "--no-authentication")
        _, error = server.process.communicate(timeout=30)
        assert server.process.returncode == 1 and b"would open the server to everybody" in error
    with listening_socket() as listening:
        server = Activated(program.folder, listening, "--no-authentication", names="a:b", count=2)
        _, error = server.process.communicate(timeout=30)
        assert server.process.returncode == 1 and b"name the one to serve on 'http'" in error


# --- One server after the other ---


def test_a_server_takes_over_from_another_without_a_failed_request(program, launch):
    program.import_sp500()
    first = launch()
    listener = WebSocket(first.port)
    listener.subscribe("system")
    with Load(first.port, ("/api/v1/version", "/api/v1/bars?symbol=SP500&timeframe=1d&last=500", "/readyz")) as load:
        servers = [first]
        for _ in range(4):
            servers.append(launch("--take-over"))
            assert servers[-2].process.wait(30) == 0
            assert servers[-1].port == first.port
            load.wait_for(50)
    assert load.failures == []
    message = listener.receive()
    while isinstance(message, dict):
        message = listener.receive()
    assert message == ("close", 1001)
    assert servers[-1].end() == 0
    print(f"{load.done} requests, {load.asked_again} asked again, the longest took {load.longest:.2f} s")


@pytest.mark.parametrize(
    "broken", [("--strategies", "nowhere"), {"TRADEASSIST_LIVE_SOURCE": "replay"}], ids=["before", "after"]
)
def test_a_successor_that_does_not_start_leaves_the_server_as_it_was(program, launch, broken):
    """Before it asks for anything, and after it has the socket and the data directory."""
    program.import_sp500()
    first = launch()
    arguments = broken if isinstance(broken, tuple) else ()
    environment = broken if isinstance(broken, dict) else {}
    with Load(first.port) as load:
        program("serve", "--no-authentication", "--take-over", *arguments, environment=environment, code=1)
        load.wait_for(50)
        assert first.process.poll() is None
        if environment:
            assert "ended before it served; this one goes on" in log_of(first)
        second = launch("--take-over")
        assert first.process.wait(30) == 0
        load.wait_for(50)
    assert load.failures == []
    assert second.end() == 0


def test_taking_over_from_nobody_is_a_start(program, launch):
    killed = launch("--take-over")
    killed.end(signal.SIGKILL)
    assert launch("--take-over").get("/livez").status == 200


# --- The files for systemd ---

SYSTEMD = ROOT / "deploy/systemd"


def test_the_units_are_what_systemd_understands_and_leave_little_to_attack(tmp_path):
    for unit in SYSTEMD.iterdir():
        # The program is not where the units expect it, on this machine.
        text = unit.read_text().replace("/opt/tradeassist/current/bin/tradeassist", "/bin/true")
        (tmp_path / unit.name.replace("@.", "@1.")).write_text(text)
    services = sorted(tmp_path.glob("*.service"))
    assert len(services) == 3
    done = subprocess.run(["systemd-analyze", "verify", *services], capture_output=True, timeout=60)
    assert done.returncode == 0 and done.stderr == b"", done.stderr.decode()
    for service in services:
        done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=15", service],
                              capture_output=True, timeout=60)  # fmt: skip
        assert done.returncode == 0, done.stdout.decode()
        text = service.read_text()
        for line in ("LimitCORE=0", "NoNewPrivileges=true", "ProtectSystem=strict", "MemoryDenyWriteExecute=true"):
            assert line in text, (service.name, line)
