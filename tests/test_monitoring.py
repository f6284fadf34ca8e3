"""Metrics, health, the server's own alerts, and what Prometheus and Grafana make of them."""

import json
import re
import shutil
import socket
import subprocess
import time
import urllib.parse
import urllib.request

import pytest
from conftest import ROOT, Server, end_all, is_problem
from web_socket import WebSocket

PROMETHEUS = ROOT / "deploy/prometheus"
DASHBOARDS = sorted((ROOT / "deploy/grafana/dashboards").glob("*.json"))
RUNBOOKS = (ROOT / "docs/runbooks.md").read_text()
HEADINGS = set(re.findall(r"^## (\S+)$", RUNBOOKS, re.MULTILINE))
SAMPLE = re.compile(r"^(tradeassist_\w+)(\{.*\})? (\S+)$")
# Only of a source with a login, which no test can have: that the program knows it is all that can be seen.
OF_A_LOGIN = {"tradeassist_live_login_ends_seconds"}


def wait_for(what, seconds=60):
    end = time.monotonic() + seconds
    while True:
        value = what()
        if value:
            return value
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


def scrape(server, **options):
    reply = server.get("/metrics", **options)
    assert reply.status == 200
    return reply.body.decode()


def samples(text):
    """{(name, labels as text): value}"""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    matches = [SAMPLE.match(line) for line in lines]
    assert all(matches), lines
    return {(match[1], match[2] or ""): float(match[3]) for match in matches}


def value(server, name, **labels):
    wanted = {f'{key}="{each}"' for key, each in labels.items()}
    found = [v for (n, text), v in samples(scrape(server)).items() if n == name and wanted <= set(text[1:-1].split(","))]
    assert len(found) <= 1, found
    return found[0] if found else None


@pytest.fixture
def start(program):
    """Starts a server with settings of its own."""
    started = []

    def run(*arguments, keys=False, **settings):
        environment = {f"TRADEASSIST_{name.upper()}": str(each) for name, each in settings.items()}
        server = Server(program.folder, *arguments, keys=keys, environment=environment)
        started.append(server)
        return server

    yield run
    end_all(started)


@pytest.fixture
def busy(program, start):
    """A server that did a little of everything."""
    program.import_sp500()
    server = start(
        health_interval_seconds=1, redis="redis://127.0.0.1:1", live_source="replay", live_symbols="SP500",
        live_timeframe="1d", live_replay_bars=20, live_replay_speed=0, schwab_key="key", schwab_secret="secret",
        log_file="server.log", log_level="info", sentry_dsn="http://0123456789abcdef@127.0.0.1:1/42",
    )  # fmt: skip
    assert server.get("/api/v1/bars?symbol=SP500&timeframe=1d&last=5").status == 200
    body = {"strategy": "RSIStrategy", "symbol": "SP500", "timeframe": "1d"}
    assert server.post("/api/v1/backtests", body).status == 200
    search = {**body, "parameters": [{"name": "rsi_length", "from": 5, "to": 8, "step": 1}]}
    server.wait_for_job(server.post("/api/v1/optimize/single", search).json()["job_id"])
    wait_for(lambda: value(server, "tradeassist_jobs", kind="optimize", state="completed") == 1)
    return server


def test_metrics_are_what_promtool_takes_and_count_what_happens(busy):
    text = scrape(busy)
    checked = subprocess.run(["promtool", "check", "metrics"], input=text.encode(), capture_output=True, timeout=30)
    assert checked.returncode == 0, checked.stdout.decode() + checked.stderr.decode()
    found = samples(text)
    assert all(name.startswith("tradeassist_") for name, _ in found)
    assert "SP500" not in text

    bars = {"route": "/api/v1/bars", "method": "GET", "status": "2xx"}
    before = value(busy, "tradeassist_http_requests_total", **bars)
    for _ in range(3):
        busy.get("/api/v1/bars?symbol=SP500&timeframe=1d&last=5")
    assert value(busy, "tradeassist_http_requests_total", **bars) == before + 3
    busy.get("/api/v1/bars?symbol=SP500&timeframe=1d&last=zero")
    assert value(busy, "tradeassist_http_requests_total", **{**bars, "status": "4xx"}) == 1
    assert value(busy, "tradeassist_backtests_total") == 1
    assert value(busy, "tradeassist_trials_total") == 4
    assert value(busy, "tradeassist_jobs_ended_total", kind="optimize", state="completed") == 1
    assert value(busy, "tradeassist_job_run_seconds_count", kind="optimize") == 1
    assert value(busy, "tradeassist_cache_answers_total", **{"from": "memory"}) >= 3
    assert value(busy, "tradeassist_database_up", database="market") == 1
    assert value(busy, "tradeassist_database_up", database="app") == 1
    assert value(busy, "tradeassist_database_size_bytes") > 0
    assert value(busy, "tradeassist_redis_up") == 0
    wait_for(lambda: value(busy, "tradeassist_log_lines_total") >= 3)
    assert value(busy, "tradeassist_log_lines_dropped_total") == value(busy, "tradeassist_errors_lost_total") == 0
    assert value(busy, "tradeassist_sentry_events_total", outcome="sent") == 0
    assert value(busy, "tradeassist_provider_breaker_open", provider="schwab") == 0
    assert value(busy, "tradeassist_process_resident_memory_bytes") > 1e6
    assert abs(value(busy, "tradeassist_process_start_time_seconds") - time.time()) < 300
    version = busy.get("/api/v1/version").json()["version"]
    assert value(busy, "tradeassist_build_info", version=version) == 1

    client = WebSocket(busy.port)
    client.subscribe("system")
    assert value(busy, "tradeassist_websocket_clients") == 1
    client.close()


def test_metrics_are_openmetrics_where_that_is_asked_for(busy):
    reply = busy.get("/metrics", headers={"Accept": "application/openmetrics-text;version=1.0.0"})
    assert reply.headers["content-type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8"
    assert reply.body.endswith(b"# EOF\n") and b"# TYPE tradeassist_trials counter\n" in reply.body
    assert busy.get("/metrics").headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"


def test_metrics_need_a_key_unless_they_are_public(start):
    server = start(keys=True)
    assert server.get("/metrics").status == 401
    bearer = {"Authorization": f"Bearer {server.first_key}"}
    text = scrape(server, headers=bearer)
    assert samples(text)[("tradeassist_authentication_failures_total", '{reason="missing"}')] == 1
    server.end()
    server = start(keys=True, metrics_public="yes")
    assert server.get("/metrics").status == 200
    for path in ("/metrics/", "/api/v1/health"):
        assert server.get(path).status in (401, 404)
    assert server.get("/livez").status == server.get("/readyz").status == server.get("/startupz").status == 200


def names_in(text):
    return {re.sub(r"_(bucket|sum|count)$", "", name) for name in re.findall(r"tradeassist_[a-z0-9_]+", text)}


def test_rules_dashboards_and_document_name_metrics_that_there_are(busy):
    exposed = {re.sub(r"_(bucket|sum|count)$", "", name) for name, _ in samples(scrape(busy))}
    sources = (ROOT / "src/server/server_metrics.cpp").read_text()
    assert all(f'"{name}"' in sources for name in OF_A_LOGIN)
    known = exposed | OF_A_LOGIN
    assert names_in((PROMETHEUS / "alerts.yml").read_text()) <= known
    for file in DASHBOARDS:
        dashboard = json.loads(file.read_text())
        assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"]) > 10
        expressions = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
        assert names_in(" ".join(expressions)) <= known, file
    assert len(DASHBOARDS) == 3
    documented = names_in((ROOT / "docs/monitoring.md").read_text())
    assert documented == known


def test_rules_are_valid_and_fire_when_they_should():
    for command in (["check", "rules", "alerts.yml"], ["test", "rules", "alerts_test.yml"]):
        done = subprocess.run(["promtool", *command], cwd=PROMETHEUS, capture_output=True, timeout=60)
        assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()


def test_every_rule_and_every_alert_of_the_server_has_a_runbook(start):
    rules = (PROMETHEUS / "alerts.yml").read_text()
    names, links = re.findall(r"- alert: (\w+)", rules), re.findall(r"runbook: docs/runbooks.md#(\w+)", rules)
    assert len(names) == len(links) > 25
    assert set(links) <= HEADINGS
    assert all(name in RUNBOOKS for name in names)
    thresholds = start().get("/api/v1/alerts/thresholds").json()["thresholds"]
    assert {each["type"] for each in thresholds} <= HEADINGS
    assert all(each["runbook"] == f"docs/runbooks.md#{each['type']}" for each in thresholds)
    for heading, text in re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", RUNBOOKS, re.MULTILINE | re.DOTALL):
        for part in ("**Means**", "**Look at**", "**Do**"):
            assert part in text, heading


def open_alerts(server, **query):
    parameters = urllib.parse.urlencode({"state": "open", **query})
    return server.get(f"/api/v1/alerts?{parameters}").json()["alerts"]


def next_alert(client, alert_type):
    while True:
        data = client.receive_until("performance_alert")[-1]["data"]
        if data["alert_type"] == alert_type:
            return data


def test_an_alert_is_raised_told_acknowledged_muted_and_resolved(program, start):
    # Free disk below so many GB that any machine is below: the alert is there with the first look.
    low = {"health_interval_seconds": 1, "alert_clear_seconds": 0}
    server = start(**low, alert_thresholds="free_disk=900000/1,open_files=off")
    alert = wait_for(lambda: open_alerts(server, type="free_disk"))[0]
    assert alert["severity"] == "warning" and alert["state"] == "raised" and alert["source"] == "data directory"
    assert "free space for the data directory" in alert["message"] and alert["threshold"] == 900000
    # What is open is counted after it was kept.
    wait_for(lambda: server.get("/api/v1/health").json()["alerts"]["warning"] >= 1)
    health = server.get("/api/v1/health").json()
    assert health["status"] == "degraded" and health["components"]["disk"] == "degraded"
    wait_for(lambda: value(server, "tradeassist_alerts_open", type="free_disk", severity="warning") == 1)

    path = f"/api/v1/alerts/{alert['id']}"
    client = WebSocket(server.port)
    client.subscribe("system")
    acknowledged = server.post(f"{path}/acknowledge", None).json()
    assert acknowledged["state"] == "acknowledged" and acknowledged["acknowledged_by"] == "local"
    told = next_alert(client, "free_disk")
    assert told["severity"] == "warning" and told["event"] == "acknowledged"
    assert told["source"] == "data directory" and told["message"] == acknowledged["message"]

    # The command changes it as well, and the server hears of that.
    assert "acknowledged" in program("alert", "list").out
    assert program("alert", "mute", alert["id"], "--minutes", 30).out.startswith(f"{alert['id']}: muted until ")
    assert next_alert(client, "free_disk")["event"] == "muted"
    client.close()
    assert server.get(path).json()["state"] == "muted"
    assert program("alert", "list", "--state", "muted", "--json").json()["alerts"][0]["id"] == alert["id"]
    assert server.post(f"{path}/unmute", None).json()["muted_until"] is None
    assert "alert mute" in program("audit", "list").out
    assert is_problem(server.post(f"{path}/mute", {}), 422, "INVALID_REQUEST")
    assert is_problem(server.post(f"{path}/mute", {"minutes": 0}), 422, "INVALID_REQUEST")
    assert is_problem(server.get("/api/v1/alerts/999"), 404, "ALERT_NOT_FOUND")
    assert is_problem(server.get("/api/v1/alerts/x"), 404, "ALERT_NOT_FOUND")
    assert is_problem(server.get("/api/v1/alerts?state=angry"), 422, "INVALID_REQUEST")

    # It survives a restart, and is resolved when what was wrong is not any more.
    server.end()
    server = start(**low, alert_thresholds="free_disk=0/0")
    wait_for(lambda: server.get(path).json()["state"] == "resolved")
    assert is_problem(server.post(f"{path}/acknowledge", None), 409, "ALERT_RESOLVED")
    events = server.get(f"{path}/history").json()["events"]
    assert [each["event"] for each in events] == ["resolved", "unmuted", "muted", "acknowledged", "raised"]
    assert events[2]["actor"].startswith("command line")
    first = server.get("/api/v1/alerts/history?limit=1").json()
    assert first["events"][0]["event"] == "resolved" and first["next_cursor"]
    shown = program("alert", "show", alert["id"]).out
    assert "docs/runbooks.md#free_disk" in shown and "acknowledged" in shown
    program("alert", "acknowledge", alert["id"], code=1)
    program("alert", "show", 999, code=1)


def test_thresholds_that_are_none_are_refused_at_the_start(program):
    answer = program(
        "serve", "--no-authentication", "--listen", "127.0.0.1:0", code=1,
        environment={"TRADEASSIST_ALERT_THRESHOLDS": "luck=1/2"},
    )  # fmt: skip
    assert "alert_thresholds: there is no alert of type 'luck'; there are database_unreachable" in answer.err


def test_health_is_told_component_by_component(busy):
    wait_for(lambda: busy.get("/api/v1/health/live").json()["state"] == "stopped")
    detailed = busy.get("/api/v1/health/detailed").json()
    components = {each["name"]: each for each in detailed["components"]}
    assert list(components) == [
        "database", "app_database", "partitions", "disk", "jobs", "live", "providers", "cache", "redis", "keys",
        "backups", "process", "clock",
    ]  # fmt: skip
    assert components["database"]["status"] in ("ok", "degraded") and components["app_database"]["status"] == "ok"
    assert components["jobs"]["values"]["completed"] == 1
    assert components["keys"]["values"]["valid"] == 0
    assert components["backups"]["status"] == "unknown" and components["backups"]["message"]
    assert "does not answer" in components["redis"]["message"]
    assert components["live"]["message"].startswith("replay: stopped")
    assert components["process"]["values"]["resident_bytes"] > 0
    # What was not measured is not 0.
    for each in detailed["components"]:
        assert not set(each["values"]) & set(each["unmeasured"])
    brief = busy.get("/api/health").json()
    assert brief["components"].keys() == components.keys() and brief["phase"] == "serving"
    assert brief["uptime_seconds"] > 0 and brief["version"]
    assert busy.get("/api/health/detailed").json().keys() == detailed.keys()
    ready = busy.get("/readyz").json()
    assert ready["checks"] == {"market_database": "ok", "app_database": "ok", "server": "ok"}
    assert busy.get("/startupz").json()["status"] == "ok"
    assert busy.get("/api/v1/health?x=1").status == 422


def test_trends_are_told_by_name(start):
    server = start(health_interval_seconds=1)
    answer = server.get("/api/v1/health/trends").json()
    assert answer["resolution"] == "hour" and len(answer["trends"]) > 10
    assert all(each["comparison"]["change"] is None for each in answer["trends"])
    one = server.get("/api/v1/health/trends?name=memory_bytes&resolution=minute").json()["trends"]
    assert [each["name"] for each in one] == ["memory_bytes"] and one[0]["unit"] == "bytes"
    for query in ("name=luck", "resolution=minute", "resolution=day", "from=2026-01-02&to=2026-01-01"):
        assert is_problem(server.get(f"/api/v1/health/trends?{query}"), 422, "INVALID_REQUEST")


def test_a_real_prometheus_scrapes_the_server_and_an_alert_fires(program, start, tmp_path):
    server = start(keys=True, health_interval_seconds=1, redis="redis://127.0.0.1:1")
    # The first question for bars finds that Redis is away; without it nobody knows.
    program.import_sp500()
    bearer = {"Authorization": f"Bearer {server.first_key}"}
    server.get("/api/v1/bars?symbol=SP500&timeframe=1d&last=5", headers=bearer)
    wait_for(lambda: samples(scrape(server, headers=bearer))[("tradeassist_redis_up", "")] == 0)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    key = program("key", "create", "--name", "prometheus", "--scope", "read").out.strip()
    (tmp_path / "tradeassist.key").write_text(key)
    configuration = (PROMETHEUS / "prometheus.yml").read_text()
    for old, new in (
        ("/etc/prometheus/tradeassist.key", str(tmp_path / "tradeassist.key")),
        ("127.0.0.1:8080", f"127.0.0.1:{server.port}"),
        ("interval: 15s", "interval: 1s"),
    ):
        assert old in configuration
        configuration = configuration.replace(old, new)
    (tmp_path / "prometheus.yml").write_text(configuration)
    rules = (PROMETHEUS / "alerts.yml").read_text()
    (tmp_path / "alerts.yml").write_text(re.sub(r"for: \d+[mh]", "for: 1s", rules))

    with (tmp_path / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(
            [shutil.which("prometheus"), f"--config.file={tmp_path / 'prometheus.yml'}",
             f"--storage.tsdb.path={tmp_path / 'tsdb'}", f"--web.listen-address=127.0.0.1:{port}"],
            stdout=log, stderr=log,
        )  # fmt: skip

    def ask(path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/{path}", timeout=5) as reply:
                return json.load(reply)["data"]
        except OSError:
            assert process.poll() is None, (tmp_path / "prometheus.log").read_text()
            return None

    def firing():
        answer = ask("alerts")
        return {each["labels"]["alertname"]: each for each in answer["alerts"] if each["state"] == "firing"} if answer else {}

    try:
        target = wait_for(lambda: [each for each in (ask("targets") or {}).get("activeTargets", []) if each["health"] != "unknown"])[0]
        assert target["health"] == "up", target
        fired = wait_for(lambda: firing().get("TradeAssistRedisDown"))
        assert fired["annotations"]["runbook"] == "docs/runbooks.md#redis_away"
        assert "TradeAssistDown" not in firing()
        found = ask("query?query=" + urllib.parse.quote('tradeassist_build_info{job="tradeassist"}'))["result"]
        assert found[0]["value"][1] == "1"
        server.end()
        wait_for(lambda: firing().get("TradeAssistDown"))
    finally:
        process.terminate()
        process.wait(30)
