"""Backups and what they are for: they are made while others write, hold to what was there, and come back whole."""

import csv
import functools
import glob
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import uuid

import pytest
from conftest import BINARY, Server, walk
from test_jobs import SEARCH
from test_machine_faults import LIBFAKETIME, as_server_user, at

MEGABYTE = 1 << 20


@functools.cache
def lines() -> list:
    return walk(400_000).splitlines()


def walked(count: int) -> str:
    """The first bars of one walk, all of one year."""
    return "\n".join(lines()[: count + 1]) + "\n"


def bars(program, symbol, *options) -> list:
    out = program("bars", "--symbol", symbol, "--timeframe", "1m", *options).out
    return list(csv.reader(out.splitlines()))[1:]


def backup_ids(program, *options) -> list:
    return [each["id"] for each in program("backup", "list", "--backups", "backups", "--json", *options).json()]


def blocks(program) -> list:
    return sorted(path for path in (program.folder / "backups/blocks").glob("*/*"))


@pytest.fixture
def stocked(program):
    """A program with a day or two of bars, and backups in the folder `backups`."""
    program.write("walk.csv", walked(20_000))
    program("import", "walk.csv", "--symbol", "WALK", "--timeframe", "1m")
    return program


def test_a_backup_brings_everything_back(stocked, serve):
    server = serve("--data", stocked.data)
    job = server.post("/api/v1/optimize/single", SEARCH | {"symbol": "WALK"}).json()["job_id"]
    server.wait_for_job(job)
    made = stocked("backup", "--backups", "backups", "--json").json()
    assert made["database"] == "sqlite" and made["base"] == "" and made["new_bytes"] >= made["bytes"] > 0
    server.end()
    said = stocked("restore", "latest", "--backups", "backups", "--data", "other").out
    assert made["id"] in said and "exports" in said
    assert bars(stocked, "WALK", "--data", "other") == bars(stocked, "WALK")
    assert not (stocked.folder / "other.restoring").exists()
    again = serve("--data", stocked.folder / "other")
    assert again.get(f"/api/v1/optimize/status/{job}").json()["state"] == "completed"
    assert "0 broken" in stocked("doctor", "--data", "other").out


def test_the_next_backup_stores_what_is_new_alone_and_each_is_whole(stocked):
    first = stocked("backup", "--backups", "backups", "--json").json()
    stocked.write("more.csv", walked(20_400))
    stocked("import", "more.csv", "--symbol", "WALK", "--timeframe", "1m")
    second = stocked("backup", "--backups", "backups", "--json").json()
    assert second["base"] == first["id"]
    assert 0 < second["new_bytes"] < second["bytes"] / 2
    assert backup_ids(stocked) == [first["id"], second["id"]]
    shown = stocked("backup", "verify", "--all", "--backups", "backups").out
    assert shown.count("  whole: ") == 2
    for each, rows in ((first, 20_000), (second, 20_400)):
        stocked("restore", each["id"], "--backups", "backups", "--data", each["id"])
        assert len(bars(stocked, "WALK", "--data", each["id"])) == rows
    said = stocked("backup", "prune", "--backups", "backups", "--keep-daily", 0, "--keep-weekly", 0, "--keep-monthly", 0).out
    assert f"removed {first['id']}" in said and "1 kept, 1 removed" in said
    assert "  whole: " in stocked("backup", "verify", "--backups", "backups").out


def test_a_backup_while_an_import_runs_is_a_state_that_there_was(stocked):
    stocked.write("long.csv", walked(300_000))
    expected = [line.split(",")[1:] for line in walked(300_000).splitlines()[1:]]
    importing = subprocess.Popen(
        [BINARY, "import", "long.csv", "--symbol", "LONG", "--timeframe", "1m"], cwd=stocked.folder, stdout=subprocess.DEVNULL
    )
    made = []
    while importing.poll() is None:
        made.append(stocked("backup", "--backups", "backups", "--json").json()["id"])
    assert importing.returncode == 0
    made.append(stocked("backup", "--backups", "backups", "--json").json()["id"])
    counts = []
    for number, each in enumerate(made[-4:]):
        data = f"restored{number}"
        stocked("restore", each, "--backups", "backups", "--data", data)
        assert "0 broken" in stocked("doctor", "--only-data", "--data", data).out
        shown = subprocess.run(
            [BINARY, "bars", "--symbol", "LONG", "--timeframe", "1m", "--data", data], cwd=stocked.folder, capture_output=True
        )
        rows = [[float(value) for value in row[1:]] for row in csv.reader(shown.stdout.decode().splitlines()[1:])]
        assert rows == [[float(value) for value in row] for row in expected[: len(rows)]]
        counts.append(len(rows))
    assert counts == sorted(counts) and counts[-1] == 300_000


def run_and_kill(program, after: float, *arguments):
    running = subprocess.Popen([BINARY, *map(str, arguments)], cwd=program.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        running.wait(after)
    except subprocess.TimeoutExpired:
        running.kill()
    return running.wait(), running.stdout.read().decode()


def test_a_killed_backup_is_no_backup_and_the_next_one_is_whole(stocked):
    stocked("backup", "--backups", "backups")
    known = backup_ids(stocked)
    stocked.write("long.csv", walked(200_000))
    stocked("import", "long.csv", "--symbol", "LONG", "--timeframe", "1m")
    began = time.monotonic()
    shutil.copytree(stocked.folder / "backups", stocked.folder / "copy")
    stocked("backup", "--backups", "copy")
    whole = time.monotonic() - began
    killed = 0
    for part in range(8):
        code, _ = run_and_kill(stocked, whole * (part + 1) / 10, "backup", "--backups", "backups")
        killed += code != 0
        found = backup_ids(stocked)
        # It may be killed between its last write and its end: then it is there, and whole.
        for new in set(found) - set(known):
            assert "DAMAGED" not in stocked("backup", "verify", new, "--backups", "backups").out
        known = found
    assert killed > 0
    last = stocked("backup", "--backups", "backups", "--json").json()["id"]
    shown = stocked("backup", "verify", "--all", "--backups", "backups").out
    assert "DAMAGED" not in shown and last in shown
    stocked("backup", "prune", "--backups", "backups")
    stocked("restore", last, "--backups", "backups", "--data", "other")
    assert bars(stocked, "LONG", "--data", "other") == bars(stocked, "LONG")


def test_a_killed_restore_leaves_the_old_data_or_the_new(stocked):
    stocked("backup", "--backups", "backups")
    old = bars(stocked, "WALK")
    stocked.write("more.csv", walked(20_500))
    stocked("import", "more.csv", "--symbol", "WALK", "--timeframe", "1m")
    new = bars(stocked, "WALK")
    assert old != new
    began = time.monotonic()
    stocked("restore", "latest", "--backups", "backups", "--data", "trial")
    whole = time.monotonic() - began
    seen = set()
    for part in range(1, 10):
        code, said = run_and_kill(
            stocked, whole * part / 8, "restore", "latest", "--backups", "backups", "--data", stocked.data, "--force"
        )
        now = bars(stocked, "WALK")
        assert now in (old, new), said
        seen.add(code)
        assert "0 broken" in stocked("doctor", "--only-data").out
        if code == 0:
            assert now == old
            break
    assert seen & {-signal.SIGKILL}, "no restore was killed"
    stocked("restore", "latest", "--backups", "backups", "--data", stocked.data, "--force")
    assert bars(stocked, "WALK") == old
    # Two within one second: what was there before each is kept.
    stocked("restore", "latest", "--backups", "backups", "--data", stocked.data, "--force")
    kept = [bars(stocked, "WALK", "--data", folder) for folder in sorted(stocked.folder.glob("data.before-*"))]
    assert new in kept and len(kept) >= 2
    assert not (stocked.folder / "data.restoring").exists()


def test_nothing_is_restored_over_a_server_that_runs_or_over_data_that_is_there(stocked, serve):
    stocked("backup", "--backups", "backups")
    server = serve("--data", stocked.data)
    refused = stocked("restore", "latest", "--backups", "backups", "--data", stocked.data, "--force", code=1).err
    assert "is in use by another server" in refused
    server.end()
    refused = stocked("restore", "latest", "--backups", "backups", "--data", stocked.data, code=1).err
    assert "not empty" in refused and "--force" in refused
    stocked.write("data/mine.txt", "mine")
    said = stocked("restore", "latest", "--backups", "backups", "--data", stocked.data, "--force").out
    kept = re.search(r"what was there before is in (.*)", said).group(1)
    assert (pathlib.Path(kept) / "mine.txt").read_text() == "mine" and (pathlib.Path(kept) / "market.db").exists()
    assert not (stocked.data / "mine.txt").exists()
    assert len(bars(stocked, "WALK")) == 20_000


@pytest.mark.parametrize("encrypted", [False, True])
def test_damaged_truncated_and_tampered_files_are_found_named_and_not_restored(stocked, encrypted):
    options = ("--backups", "backups")
    if encrypted:
        stocked.write("key", "a passphrase\n").chmod(0o600)
        options += ("--key-file", "key")
    stocked("backup", *options)
    victim, other = blocks(stocked)[3], blocks(stocked)[5]
    whole = victim.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    for name, content in {"flipped": bytes(flipped), "cut": whole[:-5], "empty": b"", "another's": other.read_bytes(), "gone": None}.items():
        victim.unlink() if content is None else victim.write_bytes(content)
        said = stocked("backup", "verify", *options, code=1).out
        assert victim.name in said and "DAMAGED" in said, name
        drill = stocked("restore-drill", *options, "--json", code=1).json()
        assert not drill["succeeded"] and victim.name in drill["problems"][0], name
        if "fingerprints" in said:  # of the bars, for drills: rows are compared with the manifest
            stocked("restore", "latest", *options, "--data", "other")
            shutil.rmtree(stocked.folder / "other")
        else:
            assert victim.name in stocked("restore", "latest", *options, "--data", "other", code=1).err, name
            assert not (stocked.folder / "other").exists(), name
        victim.write_bytes(whole)
    assert "  whole: " in stocked("backup", "verify", *options).out

    [manifest] = (stocked.folder / "backups/backups").iterdir()
    whole = manifest.read_bytes()
    manifest.write_bytes(whole[:-1])
    assert "damaged" in stocked("backup", "list", *options, code=1).out
    assert manifest.name in stocked("restore", "latest", *options, "--data", "other", code=1).err
    assert "nothing was pruned" in stocked("backup", "prune", *options, code=1).err
    broken = stocked("doctor", "--json", code=1, environment={"TRADEASSIST_BACKUP_DIRECTORY": "backups", **({"TRADEASSIST_BACKUP_KEY_FILE": "key"} if encrypted else {})})  # fmt: skip
    assert any(each["check"] == "backups" and each["severity"] == "broken" for each in broken.json()["checks"])
    # The next backup does not build on it.
    assert len(stocked("backup", *options, "--json").json()["base"]) == 0


def test_an_encrypted_backup_has_the_secrets_and_wants_its_passphrase(stocked):
    secrets = stocked.data / "secrets"
    secrets.mkdir(mode=0o700)
    (secrets / "schwab.tokens").write_bytes(b"sealed tokens")
    (secrets / "schwab.tokens").chmod(0o600)
    plain = stocked("backup", "--backups", "plain", "--json").json()
    assert plain["files"] == [] and "secrets: " in plain["left_out"][0]

    key = stocked.write("key", "a passphrase\n")
    key.chmod(0o644)
    assert "may read" in stocked("backup", "--backups", "backups", "--key-file", "key", code=1).err
    key.chmod(0o600)
    made = stocked("backup", "--backups", "backups", "--key-file", "key", "--json").json()
    assert made["files"] == ["secrets/schwab.tokens"]
    everything = b"".join(path.read_bytes() for path in (stocked.folder / "backups").rglob("*") if path.is_file())
    assert b"sealed tokens" not in everything and b"WALK" not in everything and b"bar_chunk" not in everything

    stocked.write("wrong", "another\n").chmod(0o600)
    for command in (("backup",), ("backup", "list"), ("backup", "verify"), ("restore", "latest", "--data", "other")):
        assert "the passphrase is wrong" in stocked(*command, "--backups", "backups", "--key-file", "wrong", code=1).err
        assert "are encrypted" in stocked(*command, "--backups", "backups", code=1).err
    stocked("restore", "latest", "--backups", "backups", "--key-file", "key", "--data", "other")
    restored = stocked.folder / "other/secrets/schwab.tokens"
    assert restored.read_bytes() == b"sealed tokens" and restored.stat().st_mode & 0o777 == 0o600


def test_two_backups_at_once_leave_one_of_them_to_wait(stocked):
    stocked("backup", "--backups", "backups")
    stocked.write("long.csv", walked(200_000))
    stocked("import", "long.csv", "--symbol", "LONG", "--timeframe", "1m")
    both = [
        subprocess.Popen([BINARY, "backup", "--backups", "backups"], cwd=stocked.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    ended = [(each.wait(120), each.stderr.read().decode()) for each in both]
    assert min(code for code, _ in ended) == 0
    for code, error in ended:
        assert code == 0 or "another process is making" in error
        assert code == 0 or code == 1
    shown = stocked("backup", "verify", "--all", "--backups", "backups").out
    assert "DAMAGED" not in shown
    for each in both:
        each.stdout.close()
        each.stderr.close()


@pytest.fixture
def small_disk(tmp_path):
    """A file system with little room."""
    if os.geteuid() != 0:
        pytest.skip("only root mounts file systems")
    disk = tmp_path / "small"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3M", "tmpfs", disk], capture_output=True).returncode != 0:
        pytest.skip("this user may not mount a small file system")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_full_disk_ends_a_backup_without_rests_and_a_restore_without_harm(stocked, small_disk):
    program = stocked
    program("backup", "--backups", small_disk / "backups")
    program.write("long.csv", walked(400_000))
    program("import", "long.csv", "--symbol", "LONG", "--timeframe", "1m")
    refused = program("backup", "--backups", small_disk / "backups", code=1).err
    assert "No space left" in refused
    assert len(program("backup", "list", "--backups", small_disk / "backups", "--json").json()) == 1
    assert "  whole: " in program("backup", "verify", "--backups", small_disk / "backups").out
    assert shutil.disk_usage(small_disk).free > MEGABYTE, "the failed backup kept its space"

    program("backup", "--backups", "backups")
    there = small_disk / "data"
    refused = program("restore", "latest", "--backups", "backups", "--data", there, code=1).err
    assert "full" in refused or "No space left" in refused, refused
    assert not there.exists() and not (small_disk / "data.restoring").exists()


def test_a_drill_says_that_a_backup_can_be_restored(stocked):
    stocked("backup", "--backups", "backups")
    drill = stocked("restore-drill", "--backups", "backups", "--json").json()
    assert drill["succeeded"] and drill["problems"] == [] and drill["series"] == 1 and drill["chunks"] > 0
    assert "can be restored" in stocked("restore-drill", "--backups", "backups", "--workspace", stocked.folder).out
    assert list(stocked.folder.glob("tradeassist-drill-*")) == []
    checks = {each["check"]: each for each in doctor(stocked, TRADEASSIST_BACKUP_DIRECTORY="backups")}
    assert checks["restore drill"]["severity"] == "good"


def test_archives_of_dropped_partitions_come_back(stocked):
    [year] = {row[0][:4] for row in bars(stocked, "WALK")}
    stocked("partitions", "archive", year, "--drop")
    stocked("backup", "--backups", "backups")
    assert stocked("restore-drill", "--backups", "backups", "--json").json()["succeeded"]
    stocked("restore", "latest", "--backups", "backups", "--data", "other")
    stocked("partitions", "restore", year, "--data", "other")
    assert len(bars(stocked, "WALK", "--data", "other")) == 20_000
    # Without its archive a database with a dropped partition is not whole.
    shutil.rmtree(stocked.data / "archive")
    stocked("backup", "--backups", "backups")
    drill = stocked("restore-drill", "--backups", "backups", "--json", code=1).json()
    assert "archive/" in drill["problems"][0] and "is missing" in drill["problems"][0]


@pytest.mark.skipif(not os.path.exists(LIBFAKETIME), reason="libfaketime is absent")
def test_a_server_makes_the_backup_that_was_due_prunes_and_tries_it_out(stocked):
    for days in range(12, 1, -1):
        stocked("backup", "--backups", "backups", environment=at(f"-{days}d"))
    stocked("restore-drill", "--backups", "backups", environment=at("-2d"))
    before = backup_ids(stocked)
    settings = stocked.write(
        "settings.toml",
        'backup_directory = "backups"\nbackup_schedule = "0 0 * * *"\nbackup_drill_schedule = "0 0 * * *"\n'
        "backup_keep_daily = 3\nbackup_keep_weekly = 0\nbackup_keep_monthly = 0\n",
    )
    server = Server(stocked.folder, "--config", settings, "--data", stocked.data)
    try:
        deadline = time.monotonic() + 60
        status = {}
        while time.monotonic() < deadline:
            now = backup_ids(stocked)
            status = json.loads((stocked.folder / "backups/status.json").read_text())
            if now[-1] not in before and len(now) == 3 and status["drill"]["backup"] == now[-1]:
                break
            time.sleep(0.1)
        assert len(now) == 3 and now[-1] not in before and now[:2] == before[-2:]
        assert status["drill"]["succeeded"] and status["failed_at"] is None
        while (health := server.get("/api/v1/health/backups").json())["newest"] != now[-1]:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert health["status"] == "healthy" and health["drill_succeeded"] and health["schedule"] == "0 0 * * *"
    finally:
        server.end()


@pytest.mark.skipif(not os.path.exists(LIBFAKETIME), reason="libfaketime is absent")
def test_a_scheduled_backup_that_fails_is_told_by_the_log_and_by_doctor(stocked):
    stocked("backup", "--backups", "backups", environment=at("-3d"))
    shutil.rmtree(stocked.folder / "backups/blocks")
    (stocked.folder / "backups/blocks").write_text("in the way")
    environment = {"TRADEASSIST_BACKUP_DIRECTORY": "backups", "TRADEASSIST_BACKUP_SCHEDULE": "0 0 * * *"}
    server = Server(stocked.folder, "--data", stocked.data, environment=environment)
    try:
        deadline = time.monotonic() + 60
        status = stocked.folder / "backups/status.json"
        while not status.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert json.loads(status.read_text())["failed_at"] is not None
        while server.get("/api/v1/health/backups").json()["status"] != "failed":
            assert time.monotonic() < deadline
            time.sleep(0.1)
    finally:
        server.end()
    assert "a backup failed" in (stocked.folder / "serve.log").read_text()
    checks = [each for each in doctor(stocked, code=1, **environment) if each["check"] == "backups"]
    assert any(each["severity"] == "broken" and "the last scheduled one failed" in each["found"] for each in checks)


def test_a_schedule_that_cannot_be_kept_is_refused_at_the_start(stocked):
    for environment, words in (
        ({"TRADEASSIST_BACKUP_SCHEDULE": "0 0 * * *"}, "backup_directory"),
        ({"TRADEASSIST_BACKUP_SCHEDULE": "often", "TRADEASSIST_BACKUP_DIRECTORY": "backups"}, "backup_schedule"),
        ({"TRADEASSIST_BACKUP_SCHEDULE": "0 0 * * *", "TRADEASSIST_BACKUP_DIRECTORY": "data/backups"}, "lies in the data directory"),
    ):
        refused = stocked("serve", "--no-authentication", "--listen", "127.0.0.1:0", code=1, environment=environment).err
        assert words in refused


# Doctor.


def doctor(program, code=0, **environment) -> list:
    return program("doctor", "--json", code=code, environment=environment).json()["checks"]


def severity(checks: list, check: str) -> set:
    return {each["severity"] for each in checks if each["check"] == check}


def test_doctor_looks_at_everything_around_the_data(stocked):
    checks = doctor(stocked)
    names = {each["check"] for each in checks}
    assert {"settings", "environment", "permissions", "disk space", "clock", "time zones", "database market",
            "database app", "provider", "backups", "port"} <= names  # fmt: skip
    for each in checks:
        assert each["found"]
        assert each["severity"] == "good" or (each["means"] and each["advice"]), each
    assert severity(checks, "database market") == {"good"}
    said = stocked("doctor").out
    assert "system: " in said and "0 broken" in said.splitlines()[-1]


def test_doctor_finds_what_is_wrong_and_says_what_to_do(stocked, serve):
    server = serve("--data", stocked.data)
    listening = doctor(stocked, TRADEASSIST_LISTEN=f"127.0.0.1:{server.port}")
    assert "the server of this data directory runs" in next(each["found"] for each in listening if each["check"] == "port")
    server.end()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        used = doctor(stocked, TRADEASSIST_LISTEN=f"127.0.0.1:{taken.getsockname()[1]}")
        assert severity(used, "port") == {"note"}

    assert severity(doctor(stocked, TRADEASSIST_LISTN="x"), "environment") == {"note"}
    contradictions = {
        "TRADEASSIST_AUTHENTICATION": ("none", {"TRADEASSIST_LISTEN": "0.0.0.0:8080"}),
        "TRADEASSIST_LIVE_SOURCE": ("replay", {}),
        "TRADEASSIST_SCHWAB_KEY": ("a", {}),
        "TRADEASSIST_BACKUP_SCHEDULE": ("often", {}),
    }
    for name, (value, more) in contradictions.items():
        assert "broken" in severity(doctor(stocked, code=1, **{name: value, **more}), "settings"), name
    assert severity(doctor(stocked, code=1, TRADEASSIST_DISK_CRITICAL_GB="999999"), "disk space") == {"broken"}
    login = doctor(stocked, code=1, TRADEASSIST_SCHWAB_KEY="a", TRADEASSIST_SCHWAB_SECRET="b")
    assert "tradeassist schwab login" in next(each["advice"] for each in login if each["check"] == "provider")

    secrets = stocked.data / "secrets"
    secrets.mkdir(exist_ok=True)
    (secrets / "schwab.key").write_text("00" * 32)
    (secrets / "schwab.key").chmod(0o644)
    assert "broken" in severity(doctor(stocked, code=1), "permissions")
    (secrets / "schwab.key").chmod(0o600)
    assert severity(doctor(stocked), "permissions") == {"good"}


def test_doctor_looks_at_keys(stocked):
    assert severity(doctor(stocked), "API keys") == set()  # there is no app.db yet
    stocked("key", "create", "--name", "r", "--scope", "read", "--days", 3)
    checks = doctor(stocked, code=1)
    assert severity(checks, "API keys") == {"note", "broken"}
    assert any("expires" in each["found"] for each in checks if each["check"] == "API keys")
    stocked("key", "create", "--name", "a", "--scope", "admin")
    assert severity(doctor(stocked), "API keys") == {"note", "good"}
    reader = next(each["id"] for each in stocked("key", "list", "--json").json()["keys"] if each["name"] == "r")
    stocked("key", "revoke", reader)
    assert severity(doctor(stocked), "API keys") == {"good"}


def test_doctor_finds_a_damaged_database_and_one_that_cannot_be_reached(stocked, serve):
    serve("--data", stocked.data).end()
    app = stocked.data / "app.db"
    whole = app.read_bytes()
    app.write_bytes(whole[:8192] + bytes(8192) + whole[16384:])
    assert "broken" in severity(doctor(stocked, code=1), "database app")
    app.write_bytes(whole)
    gone = doctor(stocked, code=1, TRADEASSIST_DATABASE="postgresql://nobody@127.0.0.1:1/none?connect_timeout=2")
    assert severity(gone, "database market") == {"broken"}


# Versions.


def test_an_older_program_refuses_the_data_of_a_newer_one_and_leaves_it_alone(stocked):
    stocked("backup", "--backups", "backups")
    with sqlite3.connect(stocked.data / "market.db") as database:
        [(newest,)] = database.execute("SELECT max(version) FROM schema_migration").fetchall()
        database.execute("INSERT INTO schema_migration VALUES (?, 'of tomorrow', 0)", (newest + 1,))
    database.close()
    before = (stocked.data / "market.db").read_bytes()
    for command in (("serve", "--no-authentication", "--listen", "127.0.0.1:0"), ("bars", "--symbol", "WALK", "--timeframe", "1m"),
                    ("backup", "--backups", "backups")):  # fmt: skip
        refused = stocked(*command, code=1).err
        assert f"schema version {newest + 1}" in refused and "newer TradeAssist" in refused, command
    assert (stocked.data / "market.db").read_bytes() == before
    assert severity(doctor(stocked, code=1), "database market") == {"broken"}
    # Back by the backup that was made before.
    stocked("restore", "latest", "--backups", "backups", "--data", stocked.data, "--force")
    assert len(bars(stocked, "WALK")) == 20_000


def test_a_backup_of_an_older_schema_comes_back_and_is_brought_up(stocked):
    stocked("migrate", "--to", 11, "--allow-data-loss")
    made = stocked("backup", "--backups", "backups", "--json").json()
    assert made["schema_versions"]["market"] == 11
    assert stocked("restore-drill", "--backups", "backups", "--json").json()["succeeded"]
    stocked("restore", "latest", "--backups", "backups", "--data", "other")
    assert "version 11 of" in stocked("migrate", "--status", "--data", "other").out
    assert len(bars(stocked, "WALK", "--data", "other")) == 20_000


# PostgreSQL.


@pytest.fixture
def databases():
    """Makes new databases of the test server, and removes them."""
    if "TRADEASSIST_TEST_POSTGRES" not in os.environ:
        pytest.skip("TRADEASSIST_TEST_POSTGRES names no server")
    url = os.environ["TRADEASSIST_TEST_POSTGRES"]
    made = []

    def make():
        name = "backup_" + uuid.uuid4().hex[:12]
        subprocess.run(["psql", "-q", url, "-c", f"CREATE DATABASE {name}"], check=True)
        made.append(name)
        return url.rsplit("/", 1)[0] + "/" + name

    yield make
    for name in made:
        subprocess.run(["psql", "-q", url, "-c", f"DROP DATABASE {name} WITH (FORCE)"], check=True)


def test_backups_go_between_sqlite_and_postgresql_and_back(program, databases):
    first, second = databases(), databases()
    program.write("walk.csv", walked(20_000))
    program("import", "walk.csv", "--symbol", "WALK", "--timeframe", "1m", "--database", first)
    program("key", "create", "--name", "a", "--scope", "admin", "--database", first)
    expected = bars(program, "WALK", "--database", first)
    made = program("backup", "--backups", "backups", "--database", first, "--json").json()
    assert made["database"] == "postgresql"
    assert program("backup", "--backups", "backups", "--database", first, "--json").json()["new_bytes"] == 0
    assert program("restore-drill", "--backups", "backups", "--json").json()["succeeded"]

    program("restore", "latest", "--backups", "backups", "--database", second)
    assert bars(program, "WALK", "--database", second) == expected
    assert "0 broken" in program("doctor", "--only-data", "--database", second).out
    assert program("key", "list", "--database", second).out == program("key", "list", "--database", first).out

    program("restore", "latest", "--backups", "backups", "--data", "files")
    assert bars(program, "WALK", "--data", "files") == expected
    program("backup", "--backups", "of-files", "--data", "files")
    refused = program("restore", "latest", "--backups", "of-files", "--database", second, code=1).err
    assert "schema market is not empty" in refused
    said = program("restore", "latest", "--backups", "of-files", "--database", second, "--force").out
    assert re.search(r"schema market_before_\d+t\d+z", said)
    assert bars(program, "WALK", "--database", second) == expected
    # It goes on from there.
    program.write("more.csv", walked(20_100))
    assert "100 new bars" in program("import", "more.csv", "--symbol", "WALK", "--timeframe", "1m", "--database", second).out
    assert "0 broken" in program("doctor", "--only-data", "--database", second).out


def test_nothing_is_restored_into_a_database_that_a_server_uses(program, serve, databases):
    url = databases()
    program.write("walk.csv", walked(1_000))
    program("import", "walk.csv", "--symbol", "WALK", "--timeframe", "1m", "--database", url)
    program("backup", "--backups", "backups", "--database", url)
    server = serve("--data", program.data, "--database", url)
    refused = program("restore", "latest", "--backups", "backups", "--database", url, "--force", code=1).err
    assert "connections of TradeAssist are open" in refused
    server.end()
    program("restore", "latest", "--backups", "backups", "--database", url, "--force")
    assert len(bars(program, "WALK", "--database", url)) == 1_000


class Cluster:
    """A PostgreSQL 15 server of its own, that archives its write-ahead log as docs/backup.md says."""

    def __init__(self, folder: pathlib.Path, archive: pathlib.Path, new=True):
        found = glob.glob("/usr/lib/postgresql/15/bin")
        if not found:
            pytest.skip("PostgreSQL 15 is absent")
        self.binaries = pathlib.Path(found[0])
        self.folder, self.archive = folder, archive
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"postgresql://tradeassist@127.0.0.1:{self.port}/postgres"
        if new:
            self.run("initdb", "-D", folder, "-U", "tradeassist", "--auth=trust", "--no-sync", "--encoding=UTF8",
                     "--locale=C.UTF-8", "--no-instructions")  # fmt: skip
            self.configure(f"archive_mode = on\narchive_command = 'test ! -f {archive}/%f && cp %p {archive}/%f'\n"
                           "wal_level = replica\n")  # fmt: skip

    def configure(self, text: str):
        with (self.folder / "postgresql.conf").open("a") as settings:
            settings.write(text)

    def run(self, name, *arguments):
        done = subprocess.run(as_server_user(self.binaries / name, *arguments), capture_output=True, timeout=120)
        assert done.returncode == 0, done.stderr.decode()

    def start(self):
        command = as_server_user(self.binaries / "pg_ctl", "-D", self.folder, "-w", "-t", 60, "-l", self.folder / "log",
                                 "-o", f"-p {self.port} -h 127.0.0.1 -k ''", "start")  # fmt: skip
        subprocess.run(command, check=True, timeout=90, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self):
        subprocess.run(as_server_user(self.binaries / "pg_ctl", "-D", self.folder, "-m", "fast", "-w", "stop"), capture_output=True)

    def sql(self, text: str) -> str:
        done = subprocess.run(["psql", self.url, "-XAtqc", text], capture_output=True, check=True)
        return done.stdout.decode().strip()


def test_postgresql_comes_back_as_it_was_at_a_point_in_time(program, tmp_path):
    folder = tmp_path / "cluster"
    archive, base = folder / "archive", folder / "base"
    for each in (folder, archive, folder / "data", base):
        each.mkdir()
        if os.geteuid() == 0:
            shutil.chown(each, "postgres")
        each.chmod(0o700)
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(0o711)
    first = Cluster(folder / "data", archive)
    first.start()
    second = None
    try:
        database = ("--database", first.url)
        program.write("walk.csv", walked(2_000))
        program("import", "walk.csv", "--symbol", "WALK", "--timeframe", "1m", *database)
        first.run("pg_basebackup", "-D", base, "-d", first.url, "--checkpoint=fast", "--no-sync")
        program.write("more.csv", walked(3_000))
        program("import", "more.csv", "--symbol", "WALK", "--timeframe", "1m", *database)
        wanted = bars(program, "WALK", *database)
        moment = first.sql("SELECT now()")
        time.sleep(0.01)
        first.sql("DROP SCHEMA market CASCADE")  # the mistake
        first.sql("SELECT pg_switch_wal()")
        first.stop()
        second = Cluster(base, archive, new=False)
        second.configure(f"restore_command = 'cp {archive}/%f %p'\nrecovery_target_time = '{moment}'\n"
                         "recovery_target_action = 'promote'\narchive_mode = off\n")  # fmt: skip
        (base / "recovery.signal").touch()
        second.start()
        deadline = time.monotonic() + 60
        while second.sql("SELECT pg_is_in_recovery()") != "f" and time.monotonic() < deadline:
            time.sleep(0.1)
        database = ("--database", second.url)
        assert len(wanted) == 3_000 and bars(program, "WALK", *database) == wanted
        assert "0 broken" in program("doctor", "--only-data", *database).out
        # And it is a database to go on with.
        program.write("most.csv", walked(3_500))
        assert "500 new bars" in program("import", "most.csv", "--symbol", "WALK", "--timeframe", "1m", *database).out
    finally:
        first.stop()
        if second is not None:
            second.stop()
