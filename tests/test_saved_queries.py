"""Questions for bars that are kept under a name: changed, deleted and brought back, answered, run by themselves."""

import time

import pytest
from conftest import Server, is_problem, walk
from test_historical_data import wait_for

QUERIES = "/api/v1/historical-data/queries"
WEEK = {"symbols": ["WALK"], "frequency": "5m", "start": "2020-01-02", "end": "2020-01-09"}


@pytest.fixture
def server(program, serve) -> Server:
    program.write("walk.csv", walk(3_000))
    program("import", "walk.csv", "--symbol", "WALK", "--timeframe", "1m")
    return serve("--data", program.data)


def save(server, **fields) -> dict:
    reply = server.post(QUERIES, {"name": "Week", "request": WEEK, **fields})
    assert reply.status == 201, reply.body
    query = reply.json()
    assert reply.headers["location"] == f"{QUERIES}/{query['id']}"
    return query


def names(server, query="") -> list:
    return [each["name"] for each in server.get(QUERIES + query).json()["queries"]]


def test_nobody_sees_the_saved_queries_of_another_and_their_runs_are_the_owners(program):
    program.write("walk.csv", walk(3_000))
    program("import", "walk.csv", "--symbol", "WALK", "--timeframe", "1m")
    server = Server(program.folder, "--data", program.data, keys=True)
    try:
        headers = {}
        for owner in ("ann", "bob"):
            token = program("key", "create", "--owner", owner, "--name", "k", "--scope", "write", "--scope", "read",
                            "--scope", "trade-research", "--json").json()["token"]  # fmt: skip
            headers[owner] = {"Authorization": f"Bearer {token}"}
        body = {"name": "Week", "request": {**WEEK, "background": True}}
        made = {owner: server.post(QUERIES, body, headers=headers[owner]).json()["id"] for owner in headers}
        assert made["ann"] != made["bob"]
        for owner, other in (("ann", "bob"), ("bob", "ann")):
            listed = server.get(QUERIES, headers=headers[owner]).json()["queries"]
            assert [each["id"] for each in listed] == [made[owner]]
            path = f"{QUERIES}/{made[other]}"
            for reply in (server.get(path, headers=headers[owner]), server.call("DELETE", path, headers=headers[owner]),
                          server.call("PUT", path, body, headers=headers[owner]),
                          server.call("PATCH", path, {"favourite": True}, headers=headers[owner]),
                          server.call("POST", path + "/restore", {}, headers=headers[owner]),
                          server.call("POST", path + "/execute", {}, headers=headers[owner])):  # fmt: skip
                assert is_problem(reply, 404, "SAVED_QUERY_NOT_FOUND")
        run = server.call("POST", f"{QUERIES}/{made['ann']}/execute", {}, headers=headers["ann"])
        assert run.status == 202, run.body
        job = run.json()["query_id"]
        assert server.get(f"/api/v1/jobs/{job}", headers=headers["ann"]).status == 200
        assert server.get(f"/api/v1/jobs/{job}", headers=headers["bob"]).status == 404
    finally:
        server.end()


def test_a_saved_query_is_what_was_said_and_survives_a_restart(server):
    said = {"name": "Week", "description": "The first one", "request": WEEK, "favourite": True, "tags": ["walks", "5m"],
            "schedule": {"at": "17:30", "time_zone": "America/New_York", "days": ["mon", "fri"]}}  # fmt: skip
    query = save(server, **said)
    for name, value in said.items():
        if name == "schedule":
            assert {part: query[name][part] for part in value} == value
        else:
            assert query[name] == value
    assert query["execute_count"] == 0 and query["average_time_ms"] is None and query["last_query_id"] is None
    assert query["next_run_at"].endswith((":30:00Z",)) and query["deleted_at"] is None
    server.end()
    server.start()
    assert server.get(f"{QUERIES}/{query['id']}").json() == query
    assert server.get(QUERIES).json() == {"queries": [query], "next_cursor": None}


def test_an_execution_is_the_answer_of_a_fetch_and_is_counted(server):
    query = save(server)
    fetched = server.post("/api/v1/historical-data/fetch", WEEK).json()
    for count in (1, 2):
        answer = server.post(f"{QUERIES}/{query['id']}/execute", b"").json()
        assert answer["bar_count"] == fetched["bar_count"] > 100
        assert answer["results"][0]["data"]["columns"] == fetched["results"][0]["data"]["columns"]
        told = server.get(f"{QUERIES}/{query['id']}").json()
        assert told["execute_count"] == count and told["average_time_ms"] > 0 and told["last_executed_at"]
    assert told["updated_at"] == query["updated_at"]
    is_problem(server.post(f"{QUERIES}/{query['id']}/execute", WEEK), 422, "INVALID_REQUEST")


def test_one_in_the_background_runs_as_a_job_and_is_counted_when_it_ends(server):
    query = save(server, request={**WEEK, "background": True})
    started = server.post(f"{QUERIES}/{query['id']}/execute", b"{}")
    assert started.status == 202 and started.headers["location"] == started.json()["status_url"]
    done = wait_for(server, started.json()["status_url"])
    assert done["symbols"][0]["status"] == "ok" and done["symbols"][0]["bars"] > 100
    told = server.get(f"{QUERIES}/{query['id']}").json()
    assert told["execute_count"] == 1 and told["last_query_id"] == started.json()["query_id"]


def test_a_change_changes_what_it_names(server):
    query = save(server, tags=["old"], description="text")
    url = f"{QUERIES}/{query['id']}"
    changed = server.call("PATCH", url, {"favourite": True, "description": None, "request": {"frequency": "1h"}}).json()
    assert changed["favourite"] and changed["description"] in (None, "") and changed["tags"] == ["old"]
    assert changed["request"] == {**WEEK, "frequency": "1h"}
    replaced = server.call("PUT", url, {"name": "Other", "request": WEEK}).json()
    assert replaced["name"] == "Other" and replaced["tags"] in (None, []) and not replaced["favourite"]
    assert replaced["created_at"] == query["created_at"] and replaced["updated_at"] > changed["updated_at"]
    bad = is_problem(server.call("PATCH", url, {"request": {"frequency": "1x"}, "colour": 1}), 422, "INVALID_REQUEST")
    assert [error["pointer"] for error in bad["errors"]] == ["/colour"]
    bad = is_problem(server.call("PATCH", url, {"request": {"frequency": "1x", "last": 3}}), 422, "INVALID_REQUEST")
    assert all(error["pointer"].startswith("/request") for error in bad["errors"])
    is_problem(server.call("PATCH", url, b"{"), 400, "MALFORMED_JSON")
    is_problem(server.call("PATCH", url, []), 422, "INVALID_REQUEST")
    assert server.get(url).json() == replaced


def test_names_are_taken_once_and_deleted_ones_come_back(server):
    query = save(server)
    is_problem(server.post(QUERIES, {"name": "Week", "request": WEEK}), 409, "SAVED_QUERY_NAME_TAKEN")
    url = f"{QUERIES}/{query['id']}"
    assert server.call("DELETE", url).json()["deleted_at"]
    for reply in (server.get(url), server.post(f"{url}/execute", b""), server.call("PATCH", url, {})):
        is_problem(reply, 404, "SAVED_QUERY_NOT_FOUND")
    assert names(server) == [] and names(server, "?deleted=true") == ["Week"]
    again = save(server)
    is_problem(server.post(f"{url}/restore", b""), 409, "SAVED_QUERY_NAME_TAKEN")
    server.call("DELETE", f"{QUERIES}/{again['id']}")
    assert server.post(f"{url}/restore", b"").json()["deleted_at"] is None
    assert names(server) == ["Week"]
    for bad in ("0", "99", "x", "99999999999999999999"):
        is_problem(server.get(f"{QUERIES}/{bad}"), 404, "SAVED_QUERY_NOT_FOUND")


def test_a_list_is_filtered_and_paged(server):
    save(server, name="Corn", tags=["grains"])
    save(server, name="Crude", tags=["energy", "daily"], favourite=True)
    save(server, name="Gold", description="no corn here")
    assert names(server, "?favourite=true") == ["Crude"]
    assert names(server, "?tag=grains") == ["Corn"]
    assert names(server, "?search=CORN") == ["Corn", "Gold"]
    page = server.get(f"{QUERIES}?limit=2").json()
    assert [each["name"] for each in page["queries"]] == ["Corn", "Crude"]
    assert names(server, f"?limit=2&cursor={page['next_cursor']}") == ["Gold"]
    for bad in ("?limit=0", "?favourite=yes", "?colour=1", "?cursor=x"):
        is_problem(server.get(QUERIES + bad), 422, "INVALID_REQUEST")


def test_what_makes_no_sense_is_refused_field_by_field(server):
    bad = {"name": "", "request": {"symbols": [], "frequency": "1d", "preset": "1y"}, "schedule": {"at": "25:00"}}
    problem = is_problem(server.post(QUERIES, bad), 422, "INVALID_REQUEST")
    assert [error["pointer"] for error in problem["errors"]] == ["/name", "/schedule/at", "/request/symbols"]
    provider = {"symbols": ["SPY"], "frequency": "1d", "preset": "1y", "provider": "schwab"}
    is_problem(server.post(QUERIES, {"name": "a", "request": provider}), 422, "PROVIDER_NOT_CONFIGURED")
    is_problem(server.post(QUERIES, {"name": "a"}), 422, "INVALID_REQUEST")
    assert names(server) == []


def test_a_schedule_that_came_up_while_the_server_was_down_is_run_once(program, serve):
    program.write("walk.csv", walk(500))
    program("import", "walk.csv", "--symbol", "WALK", "--timeframe", "1m")
    server = serve("--data", program.data)
    query = save(server, schedule={"every_minutes": 1})
    server.end()
    time.sleep(max(0.0, 61 - time.time() % 60))  # past the next minute
    server.start()
    deadline = time.monotonic() + 20
    while not (told := server.get(f"{QUERIES}/{query['id']}").json())["execute_count"]:
        assert time.monotonic() < deadline, told
        time.sleep(0.1)
    assert told["execute_count"] == 1 and told["next_run_at"] > query["next_run_at"]
    assert wait_for(server, f"/api/v1/historical-data/fetch/{told['last_query_id']}")["symbols"][0]["status"] == "ok"


def test_favourites_are_in_the_cache_before_anybody_asks(server):
    save(server, favourite=True)
    server.end()
    server.start()
    deadline = time.monotonic() + 20
    while server.get("/api/v1/health/cache").json()["entries"] == 0:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    answer = server.post("/api/v1/historical-data/fetch", WEEK).json()
    assert answer["results"][0]["data"]["cached"] is True
