"""Where secrets come from, and that they go nowhere: every source, every failure, and a search for planted ones."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile

import pytest
from conftest import BINARY, Server, wave
from model_server import KEY, ModelServer
from secret_manager import SCOPE, TOKEN, SecretManager
from test_machine_faults import LIBFAKETIME, at

NAME = "projects/desk/secrets/model/versions/3"


@pytest.fixture
def google(tmp_path):
    started = []

    def start(secrets, **options):
        folder = tmp_path / f"google{len(started)}"
        folder.mkdir()
        started.append(SecretManager(folder, secrets, **options))
        return started[-1]

    yield start
    for each in started:
        each.close()


@pytest.fixture
def result(program):
    program.write("bars.csv", wave(500, step_seconds=3_600))
    program("backtest", "RSIStrategy", "--csv", "bars.csv", "--report", "result.json")
    return program


def explain(program, environment):
    """Runs a command that needs a secret; what the other side got."""
    model = ModelServer("Fine.")
    try:
        base = model.environment()
        del base["ANTHROPIC_API_KEY"]
        program("research", "explain", "result.json", environment=base | environment)
        return model.asked[0][1]["x-api-key"]
    finally:
        model.close()


def test_a_secret_comes_from_a_variable_a_file_a_credential_or_the_configuration(result):
    result.write("key", KEY + "\n").chmod(0o600)
    assert explain(result, {"TRADEASSIST_RESEARCH_KEY": KEY}) == KEY
    assert explain(result, {"TRADEASSIST_RESEARCH_KEY_FILE": "key"}) == KEY
    assert explain(result, {"TRADEASSIST_RESEARCH_KEY": "file:key"}) == KEY
    (result.folder / "credentials").mkdir()
    result.write("credentials/model", KEY).chmod(0o400)
    credentials = {"CREDENTIALS_DIRECTORY": str(result.folder / "credentials")}
    assert explain(result, {"TRADEASSIST_RESEARCH_KEY": "credential:model", **credentials}) == KEY
    shown = result("config", "--json", environment={"TRADEASSIST_RESEARCH_KEY_FILE": "key"}).json()
    assert [each["value"] for each in shown if each["name"] == "research_key"] == ["file:key"]
    assert KEY not in json.dumps(shown)


def test_a_secret_comes_from_google_secret_manager(result, google):
    manager = google({NAME: KEY})
    assert explain(result, manager.environment(research_key=f"gsm:{NAME}")) == KEY
    assert manager.asked == [(f"/v1/{NAME}:access", f"Bearer {TOKEN}")]
    assert manager.assertions[0]["scope"] == SCOPE


def refused(program, environment):
    answer = program("instruments", code=1, environment=environment)
    said = answer.out + answer.err
    assert KEY not in said and TOKEN not in said and "PRIVATE KEY" not in said and "eyJ" not in said
    return answer.err


def test_what_google_refuses_is_said_with_the_setting_and_the_source(program, google):
    manager = google({NAME: (403, {}), "projects/desk/secrets/bad/versions/1": (200, {"payload": {"data": "%%"}}),
                      "projects/desk/secrets/sum/versions/1": (200, {"payload": {"data": "a2V5", "dataCrc32c": "1"}})})  # fmt: skip
    start = f"error: schwab_secret: gsm:{NAME}: "
    said = refused(program, manager.environment(schwab_secret=f"gsm:{NAME}"))
    assert said.startswith(start) and "secretAccessor" in said and "403 PERMISSION_DENIED" in said
    gone = "projects/desk/secrets/none/versions/latest"
    assert "no such secret or version: 404 NOT_FOUND" in refused(program, manager.environment(schwab_secret=f"gsm:{gone}"))
    for name, why in (("bad", "has no secret"), ("sum", "CRC-32C")):
        assert why in refused(program, manager.environment(schwab_secret=f"gsm:projects/desk/secrets/{name}/versions/1"))
    for name in ("projects/desk/secrets/x", "projects/../secrets/x/versions/1", "projects/a/secrets/x?y/versions/1", ""):
        assert refused(program, manager.environment(schwab_secret=f"gsm:{name}"))
    assert len(manager.asked) == 4
    manager.credentials.chmod(0o644)
    assert "chmod 600" in refused(program, manager.environment(schwab_secret=f"gsm:{NAME}"))
    manager.credentials.chmod(0o600)
    manager.credentials.write_text("{}")
    assert "service_account" in refused(program, manager.environment(schwab_secret=f"gsm:{NAME}"))


def test_an_account_that_is_not_accepted_is_named(program, google):
    other = google({})
    manager = google({NAME: KEY})
    manager.write_credentials(other.key.read_text())
    said = refused(program, manager.environment(schwab_secret=f"gsm:{NAME}"))
    assert "400 invalid_grant" in said and manager.asked == []
    narrow = google({NAME: KEY}, scope="https://www.googleapis.com/auth/something.else")
    assert "400 invalid_scope" in refused(program, narrow.environment(schwab_secret=f"gsm:{NAME}"))


@pytest.mark.skipif(not os.path.exists(LIBFAKETIME), reason="libfaketime is absent")
def test_an_assertion_of_a_clock_that_is_wrong_has_expired(program, google):
    manager = google({NAME: KEY})
    said = refused(program, manager.environment(schwab_secret=f"gsm:{NAME}") | at("-2h"))
    assert "invalid_grant" in said and "the clock right?" in said


def test_what_may_pass_is_tried_again_and_what_takes_too_long_is_not_waited_for(result, google):
    manager = google({NAME: [(429, {"Retry-After": "0"}), (503, {}), KEY]})
    assert explain(result, manager.environment(research_key=f"gsm:{NAME}")) == KEY
    assert len(manager.asked) == 3
    busy = google({NAME: (429, {"Retry-After": "0"})})
    said = refused(result, busy.environment(schwab_secret=f"gsm:{NAME}"))
    assert "429 RESOURCE_EXHAUSTED after 4 attempts" in said and len(busy.asked) == 4
    closed = google({NAME: (429, {"Retry-After": "3600"})})
    assert "asks to wait 3600 s" in refused(result, closed.environment(schwab_secret=f"gsm:{NAME}"))
    assert len(closed.asked) == 1
    slow = google({NAME: 30.0})
    said = refused(result, slow.environment(schwab_secret=f"gsm:{NAME}", google_timeout_seconds="1"))
    assert "attempt 4" in said and "timed out" in said.lower()


def test_flags_that_carry_a_secret_are_refused(program):
    said = program("instruments", "--database", "postgresql://me:planted-pass@127.0.0.1:1/x", code=1).err
    assert "every user of this machine" in said and "database_file" in said and "planted-pass" not in said


PLANTED = {
    "TRADEASSIST_SCHWAB_KEY": "planted-schwab-key-11",
    "TRADEASSIST_SCHWAB_SECRET": "planted-schwab-secret-22",
    "TRADEASSIST_SECRET_KEY": "5ec4e7" + "0f" * 29,
    "TRADEASSIST_RESEARCH_KEY": "planted-research-key-33",
    "TRADEASSIST_REDIS": "redis://:planted-redis-44@127.0.0.1:1",
    "TRADEASSIST_SENTRY_DSN": "http://plantedsentry55@127.0.0.1:1/7",
}
SECRETS = ["planted-schwab-key-11", "planted-schwab-secret-22", "5ec4e7" + "0f" * 29, "planted-research-key-33",
           "planted-redis-44", "plantedsentry55"]  # fmt: skip


def test_planted_secrets_are_found_nowhere(program):
    """Every secret is set, everything that can fail does, and all that was written is searched."""
    program.write("wave.csv", wave(500))
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m")
    environment = PLANTED | {
        "TRADEASSIST_LOG_LEVEL": "debug", "TRADEASSIST_LOG_FORMAT": "json", "TRADEASSIST_LOG_FILE": "server.log",
        "TRADEASSIST_SCHWAB_BASE_URL": "http://127.0.0.1:1", "TRADEASSIST_RESEARCH_PROVIDER": "openai",
        "TRADEASSIST_RESEARCH_BASE_URL": "http://127.0.0.1:1"}  # fmt: skip
    server = Server(program.folder, keys=True, environment=environment)
    said = []
    try:
        token = server.first_key
        secret = token.rsplit("_", 1)[1]
        admin = {"Authorization": f"Bearer {token}"}

        def call(*arguments, **options):
            reply = server.call(*arguments, **options)
            said.append(reply.body + json.dumps(reply.headers).encode())
            return reply

        call("GET", f"/api/v1/{token}/{SECRETS[1]}", headers=admin)
        call("GET", f"/api/v1/bars?symbol={token}&timeframe=1m", headers=admin)
        call("GET", "/api/v1/version", headers={"Authorization": f"Bearer {token}x", "X-Request-Id": SECRETS[0]})
        call("POST", "/api/v1/backtests", b"{ " + token.encode(), headers=admin)
        call("POST", "/api/v1/historical-data/fetch",
             {"symbols": ["WAVE"], "frequency": "1m", "last": 5, "provider": "schwab"}, headers=admin)  # fmt: skip
        call("POST", "/api/v1/research/draft", {"request": "anything"}, headers=admin)
        call("PUT", "/api/v1/instruments/NEW", {"asset_class": SECRETS[3]}, headers=admin)
        call("GET", "/api/v1/health/detailed", headers=admin)
        command = open(f"/proc/{server.process.pid}/cmdline", "rb").read()
        for arguments in (("config", "--json"), ("errors", "list", "--json"), ("audit", "list", "--json"), ("job", "list")):
            said.append(program(*arguments, environment=environment).out.encode())
        limits = open(f"/proc/{server.process.pid}/limits").read()
        assert re.search(r"Max core file size +0 +0 ", limits), limits
    finally:
        server.end()
    # What a client sends is answered to it: its own request is all that may come back.
    answered = b"".join(said)
    for each in SECRETS[1:3] + SECRETS[4:]:
        assert each.encode() not in answered.replace(b"/api/v1/" + token.encode() + b"/" + SECRETS[1].encode(), b""), each
    assert secret.encode() not in command and not any(each.encode() in command for each in SECRETS)
    log = (program.folder / "server.log").read_text()
    assert '"message":"request"' in log and "***" in log
    for path in program.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for each in [secret, *SECRETS]:
                assert each.encode() not in content, (path, each)


@pytest.mark.skipif(os.getuid() != 0, reason="needs to run the server as another user")
def test_memory_and_environment_of_a_server_are_nobody_elses():
    """A process that may not be dumped belongs to root in /proc, whoever runs it."""
    folder = tempfile.mkdtemp(prefix="tradeassist_nobody_", dir="/tmp")
    shutil.copy(BINARY, folder)
    shutil.copytree(BINARY.parent.parent.parent / "strategies", f"{folder}/strategies")
    os.chown(folder, 65534, 65534)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [f"{folder}/{BINARY.name}", "serve", "--no-authentication", "--listen", f"127.0.0.1:{port}"], cwd=folder,
        user=65534, group=65534, extra_groups=[], env={"TRADEASSIST_SCHWAB_SECRET": "planted"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    try:
        first = process.stdout.readline()
        assert b"serves" in first, process.stderr.read()
        assert os.stat(f"/proc/{process.pid}/environ").st_uid == 0
        assert os.stat(f"/proc/{process.pid}/mem").st_uid == 0
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        process.stdout.close()
        process.stderr.close()
        shutil.rmtree(folder)
