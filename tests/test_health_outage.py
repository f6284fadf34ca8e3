"""What a server tells while its database hangs: a machine that took the request and does not answer."""

import time

import pytest
from conftest import Server, end_all
from slow_proxy import SlowProxy

SECONDS = 10  # for an answer that waits for no database, on the busiest machine


@pytest.fixture
def held(program, database_url):
    """A server that wants keys, on a database that can be held up."""
    proxy = SlowProxy(database_url)
    server = Server(program.folder, "--database", proxy.url, keys=True,
                    environment={"TRADEASSIST_HEALTH_INTERVAL_SECONDS": "1"})  # fmt: skip
    server.proxy = proxy
    server.key = {"Authorization": f"Bearer {server.first_key}"}
    yield server
    proxy.close()
    end_all([server])


def test_health_is_answered_from_what_was_sampled_while_the_database_hangs(held):
    paths = ("/api/v1/health", "/api/v1/health/detailed", "/api/v1/health/database", "/metrics")
    for path in paths:
        assert held.get(path, headers=held.key).status == 200
    held.proxy.hold()
    end = time.monotonic() + 60
    while held.get("/readyz", seconds=SECONDS).status != 503:
        for path in paths:
            assert held.get(path, headers=held.key, seconds=SECONDS).status in (200, 503)
        assert time.monotonic() < end
        time.sleep(0.2)
    assert held.get("/readyz").json()["checks"]["market_database"] == "failed"
    assert held.get("/livez", seconds=SECONDS).status == 200
    health = held.get("/api/v1/health", headers=held.key, seconds=SECONDS)
    assert health.status == 503 and health.json()["components"]["database"] == "unavailable"
    # So is the alert, though it cannot be kept now; it is when the database is back.
    log = held.folder / "serve.log"
    while "market database@" not in (said := log.read_text()) or "it does not answer" not in said:
        assert time.monotonic() < end + 60, said
        time.sleep(0.1)
    held.proxy.go_on()
    while held.get("/readyz").status != 200:
        assert time.monotonic() < end + 120
        time.sleep(0.1)
    while held.get("/api/v1/health", headers=held.key).status != 200:
        assert time.monotonic() < end + 120
        time.sleep(0.1)
    while not (kept := held.get("/api/v1/alerts?type=database_unreachable", headers=held.key).json()["alerts"]):
        assert time.monotonic() < end + 120
        time.sleep(0.1)
    assert "market database@" in kept[0]["message"]


def test_a_server_ends_though_its_database_hangs(held):
    held.proxy.hold()
    end = time.monotonic() + 60
    while held.get("/readyz", seconds=SECONDS).status != 503:
        assert time.monotonic() < end
        time.sleep(0.2)
    held.process.terminate()
    assert held.process.wait(60) in (0, 1)
