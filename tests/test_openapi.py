"""The API document: valid, complete, and as the server is."""

import json
import os
import re
import subprocess
import time

import pytest

from conftest import ROOT, Server, is_problem, wave
from contract import Contract
from webhook_receiver import Receiver

REFERENCE = ROOT / "web/reference"


def operations(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


@pytest.fixture(scope="module")
def stocked(tmp_path_factory):
    """A server with keys and real data: bars of days and minutes, a finished search, files, saved queries, schedules."""
    from conftest import Program

    program = Program(tmp_path_factory.mktemp("stocked"))
    program.import_sp500()
    minutes = program.write("wave.csv", wave(3_000))
    program("import", minutes, "--symbol", "WAVE", "--timeframe", "1m")
    environment = {f"TRADEASSIST_RATE_LIMIT_{name}": "0" for name in ("GENERAL", "DATA", "OPTIMISATION", "EXPORT")} | {
        "TRADEASSIST_WEBHOOK_PRIVATE_ADDRESSES": "allowed",
        "TRADEASSIST_HEALTH_INTERVAL_SECONDS": "1",
        "TRADEASSIST_ALERT_THRESHOLDS": "free_disk=900000/1",  # an alert that is open everywhere
    }
    server = Server(program.folder, keys=True, environment=environment)
    receiver = Receiver()
    server.headers = {"Authorization": f"Bearer {server.first_key}"}
    server.ids = stock(server, receiver)
    yield server
    server.end()
    receiver.close()


def wait_for(look):
    end = time.monotonic() + 120
    while not (found := look()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


def stock(server, receiver):
    """Makes something of every kind that a path can name."""
    start = {"headers": server.headers}
    search = {"strategy": "MovingAverageCrossover", "symbol": "SP500", "timeframe": "1d", "sampler": "grid",
              "parameters": [{"name": "fast_length", "values": [5, 10]}], "trials": 2, "objective": "net_profit"}
    found = server.post("/api/v1/optimize/single", search, **start).json()["job_id"]
    tournament = server.post("/api/v1/optimize/batch", {"strategies": ["RSIStrategy"], "symbols": ["SP500"],
                                                        "timeframes": ["1d"], "stages": [{"trials": 2}]},
                             **start).json()["job_id"]
    fetch = server.post("/api/v1/historical-data/fetch", {"symbols": ["SP500"], "frequency": "1w", "last": 5,
                                                          "background": True}, **start).json()["query_id"]
    for job in (found, tournament, fetch):
        wait_for(lambda job=job: server.get(f"/api/v1/jobs/{job}", **start).json()["state"] == "completed")
    file = server.post("/api/v1/export/report", {"job_id": found, "format": "csv"}, **start).json()["id"]
    saved = server.post("/api/v1/historical-data/queries",
                        {"name": "Closes", "request": {"symbols": ["SP500"], "frequency": "1d", "last": 3}},
                        **start).json()["id"]
    server.call("PUT", "/api/v1/jobs/schedules/nightly", {"cron": "0 3 * * *", "kind": "optimize", "request": search},
                **start)
    key = server.post("/api/v1/admin/keys", {"name": "other", "scopes": ["read"]}, **start).json()["id"]
    server.post("/api/v1/instruments/SP500/corporate-actions",
                {"actions": [{"ex_date": "2005-03-01", "kind": "split", "value": 2}]}, **start)
    webhook = server.post("/api/v1/webhooks", {"url": receiver.url, "events": ["job.*"]}, **start).json()["id"]
    server.post(f"/api/v1/webhooks/{webhook}/test", None, **start)
    delivered = f"/api/v1/webhooks/{webhook}/deliveries?state=delivered"
    delivery = wait_for(lambda: server.get(delivered, **start).json()["deliveries"])[0]["delivery_id"]
    alert = wait_for(lambda: server.get("/api/v1/alerts?type=free_disk", **start).json()["alerts"])[0]["id"]
    return {"job": found, "tournament": tournament, "query": fetch, "file": file, "saved": saved, "key": key,
            "webhook": webhook, "delivery": delivery, "alert": alert}


def a_path(path, ids):
    """The path with names of things that are there."""
    by_route = {"/api/v1/export/": ids["file"], "/api/v1/historical-data/queries/": ids["saved"],
                "/api/v1/admin/keys/": ids["key"], "/api/v1/jobs/schedules/": "nightly",
                "/api/v1/webhooks/": ids["webhook"], "/api/v1/alerts/": ids["alert"]}
    value = next((value for prefix, value in by_route.items() if path.startswith(prefix)), ids["job"])
    names = {"id": value, "query_id": ids["query"], "delivery_id": ids["delivery"], "symbol": "SP500",
             "name": "nightly" if "schedules" in path else "sma" if "indicators" in path else "RSIStrategy"}
    return re.sub(r"\{(\w+)\}", lambda match: str(names[match[1]]), path)


def test_the_document_is_valid_by_the_linter(stocked, tmp_path):
    document = tmp_path / "openapi.json"
    document.write_bytes(stocked.get("/api/openapi.json").body)
    done = subprocess.run(
        ["node", REFERENCE / "node_modules/@redocly/cli/bin/cli.js", "lint", "--config", REFERENCE / "redocly.yaml",
         "--format", "json", document],
        capture_output=True, timeout=120, cwd=tmp_path, env={**os.environ, "REDOCLY_TELEMETRY": "off"})
    problems = json.loads(done.stdout[done.stdout.index(b"{"):])["problems"]
    assert done.returncode == 0 and problems == [], problems


def test_the_document_is_public_and_has_a_tag(stocked):
    first = stocked.get("/api/openapi.json")
    assert first.status == 200 and first.json()["openapi"] == "3.1.0"
    again = stocked.get("/api/openapi.json", headers={"If-None-Match": first.headers["etag"]})
    assert again.status == 304 and again.body == b""


def test_the_log_names_no_route_that_is_not_described(stocked):
    assert "the API document lacks something" not in (stocked.folder / "serve.log").read_text()


def test_every_operation_has_a_good_answer_and_is_told_apart(stocked):
    names = set()
    for method, path, operation in operations(stocked.contract().document):
        good = {status for status in operation["responses"] if status.startswith("2")}
        assert good or path == "/ws/realtime", (method, path)
        assert operation["operationId"] not in names
        names.add(operation["operationId"])
        for parameter in operation.get("parameters", []):
            assert parameter["description"] and "schema" in parameter, (method, path, parameter)


def test_each_route_knows_the_parameters_that_are_documented_and_no_others(stocked):
    """A route refuses a parameter that it does not know, and says which it does."""
    for method, path, operation in operations(stocked.contract().document):
        documented = [p["name"] for p in operation.get("parameters", []) if p["in"] == "query"]
        if method != "GET" and not documented:
            continue
        if path in ("/ws/realtime", "/livez", "/readyz") or not path.startswith("/api/v1/") and "health" not in path:
            continue
        refused = stocked.call(method, a_path(path, stocked.ids) + "?no_such_parameter=1", headers=stocked.headers)
        problem = is_problem(refused, 422, "INVALID_REQUEST")
        said = next(e["message"] for e in problem["errors"] if e["pointer"] == "no_such_parameter")
        known = said.partition("there are ")[2].split(", ") if "there are" in said else []
        if "parameters" in documented:  # and those of the indicator
            assert set(documented) - {"parameters"} < set(known), path
        else:
            assert sorted(known) == sorted(documented), (path, said)


def example_call(method, path, operation, ids):
    """A request as the document's examples have it."""
    query = "&".join(f"{p['name']}={p['example']}" for p in operation.get("parameters", [])
                     if p["in"] == "query" and p.get("required"))
    if operation["operationId"] == "import_file":
        query += "&timeframe=1d"
    body = None
    if "requestBody" in operation:
        (content,) = operation["requestBody"]["content"].values()
        body = json.loads(json.dumps(content["example"]))
        if isinstance(body, str):  # a file
            body = body.encode()
        elif "job_id" in body:
            body["job_id"] = ids["job"]
        if operation["operationId"] == "replace_saved_query":
            body["name"] += ", replaced"  # the other one was made under the example's name
    return a_path(path, ids) + (f"?{query}" if query else ""), body


# Those whose examples cannot succeed here: no model is configured, a job in its state cannot be asked for that, there
# was no error of the server's own.
REFUSED = {"explain_result", "propose_ranges", "draft_strategy", "cancel_job", "pause_job", "resume_job", "retry_job",
           "cancel_search", "cancel_fetch", "get_benchmark", "connect_realtime", "put_instrument",
           "remove_corporate_action", "end_mcp_session", "restore_instrument", "restore_saved_query",
           "get_error_group", "resolve_error_group", "ignore_error_group", "reopen_error_group",
           "finish_schwab_login", "test_notifications"}


def test_the_example_of_every_operation_is_answered_as_documented(stocked):
    """Reads first, then what changes things, what removes them last; Server.call() holds each answer to the document."""
    order = {"GET": 0, "POST": 1, "PUT": 2, "PATCH": 3, "DELETE": 4}
    calls = sorted(operations(stocked.contract().document), key=lambda each: (order[each[0]], "restore" in each[1]))
    for method, path, operation in calls:
        if path == "/ws/realtime":
            continue
        target, body = example_call(method, path, operation, stocked.ids)
        reply = stocked.call(method, target, body, headers=stocked.headers)
        if operation["operationId"] not in REFUSED:
            assert reply.status < 400, (method, target, reply.body[:500])
    for deleted in ("instruments/SP500", f"historical-data/queries/{stocked.ids['saved']}"):
        assert stocked.call("POST", f"/api/v1/{deleted}/restore", headers=stocked.headers).status == 200
    stocked.call("PUT", "/api/v1/instruments/NEW",
                 operation_of(stocked, "put_instrument")["requestBody"]["content"]["application/json"]["example"],
                 headers=stocked.headers)
    tournament = stocked.get(f"/api/v1/optimize/results/{stocked.ids['tournament']}", headers=stocked.headers)
    assert tournament.json()["places"]


def operation_of(server, operation_id):
    return next(o for _, _, o in operations(server.contract().document) if o["operationId"] == operation_id)


def test_bars_in_every_form_are_as_documented(stocked):
    for query in ("format=columns", "format=json", "format=csv", "format=arrow", "price_adjustment=splits&factors=true",
                  "quality=true", "vwap=session", "fill=forward", "gaps=false", "timeframe=1w"):
        more = "" if "timeframe" in query else "&timeframe=1d"
        reply = stocked.get(f"/api/v1/bars?symbol=SP500&last=20&{query}{more}", headers=stocked.headers)
        assert reply.status == 200, (query, reply.body[:300])


def test_a_checker_that_finds_what_is_not_documented(stocked):
    """The checks themselves: a field too many, one too few, another status, another code."""
    contract = Contract(stocked.contract().document)
    headers = {"content-type": "application/json", "etag": '"1"', "x-request-id": "1"}

    def problems(path, status, body):
        return contract.problems("GET", path, status, headers, json.dumps(body).encode())

    good = {"version": "1", "release": ""}
    assert problems("/api/v1/version", 200, good) == []
    assert "more" in problems("/api/v1/version", 200, good | {"more": 2})[0]
    assert "version" in problems("/api/v1/version", 200, {"release": ""})[0]
    assert "not documented" in problems("/api/v1/version", 418, {})[0]
    without_tag = {"content-type": "application/json", "x-request-id": "1"}
    assert "ETag" in contract.problems("GET", "/api/v1/version", 200, without_tag, json.dumps(good).encode())[0]


def test_every_problem_type_points_at_its_code(stocked):
    page = stocked.get("/api/errors")
    assert page.headers["content-type"].startswith("text/html")
    problem = is_problem(stocked.get("/api/v1/jobs/none", headers=stocked.headers), 404, "JOB_NOT_FOUND")
    path, _, anchor = problem["type"].partition("#")
    assert path == "/api/errors" and f'id="{anchor}"' in page.body.decode()
