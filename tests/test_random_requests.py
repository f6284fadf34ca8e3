"""Random requests to every route, made from the API document: no failure of the server, every answer as documented.

The draws are the same each time (hypothesis, derandomize); RANDOM_REQUESTS says how many an operation gets.
"""

import copy
import http.client
import json
import os
import sys
import urllib.parse

import pytest

from conftest import ROOT
from test_openapi import operations, stock, stocked  # noqa: F401 (a fixture)

sys.path.append(str(ROOT / "build/apitools"))  # install_apitools in scripts/common.sh

import schemathesis  # noqa: E402
from hypothesis import HealthCheck, Phase, given, settings, strategies  # noqa: E402

EACH = int(os.environ.get("RANDOM_REQUESTS", "20"))
MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)


def pools(ids):
    """Values of things that are there, by the name of a field or a parameter."""
    return {
        "symbol": ["SP500", "WAVE", "ES.c.0", "GONE"],
        "symbols": [["SP500"], ["SP500", "WAVE"], ["GONE"]],
        "timeframe": ["1d", "1m", "1w", "7m", "500t"],
        "frequency": ["1d", "1m", "1w", "1M"],
        "frequencies": [["1d", "1w"], ["1m", "1h", "1d"]],
        "timeframes": [["1d"], ["1m", "5m"]],
        "from": ["2010-01-04", "2020-01-02T09:30:00Z"],
        "to": ["2010-02-04", "2020-01-03T00:00:00Z"],
        "strategy": ["RSIStrategy", "MovingAverageCrossover"],
        "strategies": [["RSIStrategy"]],
        "job_id": [ids["job"], ids["tournament"]],
        "pine": ["//@version=6\nstrategy(\"S\")\nif close > open\n    strategy.entry(\"L\", strategy.long)\n"],
        "objective": ["net_profit", "sharpe_ratio"],
        "name": ["sma", "rsi", "macd"],
        "expressions": [[{"source": "close / ta.sma(close, 5)"}]],
        "indicators": [[{"name": "sma", "parameters": {"length": 5}}]],
    }


# What would keep the machine busy for long is always one of these.
BOUNDED = {"rows": [10, 500], "seconds": [0.1], "trials": [0, 1, 3], "threads": [1], "random_periods": [0, 5],
           "max_bars": [10, 1000], "time_limit_seconds": [1], "stages": [[{"trials": 1}]]}


def with_known_values(draw, value, known):
    """The value with some fields replaced by what is there."""
    if isinstance(value, list):
        return [with_known_values(draw, each, known) for each in value]
    if not isinstance(value, dict):
        return value
    made = {}
    for name, field in value.items():
        if name in BOUNDED:
            made[name] = draw(strategies.sampled_from(BOUNDED[name]))
        elif name in known and draw(strategies.integers(0, 3)) > 0:
            made[name] = copy.deepcopy(draw(strategies.sampled_from(known[name])))
        else:
            made[name] = with_known_values(draw, field, known)
    return made


def paths_of(path, ids):
    """Values for the path's parameters, of which one is nothing that is there."""
    if path.startswith("/api/v1/admin/keys"):
        values = [ids["key"]]
    elif "queries/{id}" in path:
        values = [str(ids["saved"]), "0", "99999999999999999999"]
    elif path.startswith("/api/v1/export"):
        values = [ids["file"]]
    elif "schedules" in path:
        values = ["nightly", "another"]
    elif "{symbol}" in path:
        values = ["SP500", "WAVE", "NEW"]
    elif "{name}" in path:
        values = ["sma", "macd", "atr"] if "indicators" in path else ["RSIStrategy", "MovingAverageCrossover"]
    else:
        values = [ids["job"], ids["tournament"], ids["query"]]
    return [*values, "nothing"]


def send(server, method, target, headers, body):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        connection.request(method, target, body, headers)
        response = connection.getresponse()
        return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
    finally:
        connection.close()


def encoded(parameters):
    return urllib.parse.urlencode(
        [(name, "true" if value is True else "false" if value is False else value if isinstance(value, str) else
          json.dumps(value)) for name, value in (parameters or {}).items()])


def try_operation(server, operation, seen):
    """Draws requests for it; the first answer that is not as it should be fails."""
    known = pools(server.ids)
    path_values = paths_of(operation.path, server.ids)

    @settings(max_examples=EACH, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))
    @given(strategies.data())
    def one(data):
        mode = MODES[data.draw(strategies.integers(0, 3)) == 0]
        try:
            case = data.draw(operation.as_strategy(generation_mode=mode))
        except Exception as error:  # an operation that takes nothing can be asked in one way only
            if mode is MODES[0] or "negative" not in str(error).lower():
                raise
            case = data.draw(operation.as_strategy(generation_mode=MODES[0]))
        path = operation.path
        for name, value in (case.path_parameters or {}).items():
            if data.draw(strategies.integers(0, 4)) > 0:
                value = data.draw(strategies.sampled_from(path_values))
            text = urllib.parse.quote(urllib.parse.unquote(str(value)), safe="")
            path = path.replace("{" + name + "}", text or "nothing")
        query = encoded(with_known_values(data.draw, dict(case.query or {}), known))
        target = path + (f"?{query}" if query else "")
        headers = dict(server.headers)
        for name, value in (case.headers or {}).items():
            if str(value).isascii() and str(value).isprintable() and name.lower() not in ("authorization", "x-api-key"):
                headers[name] = str(value)
        body = None
        if case.body is not None and type(case.body).__name__ != "NotSet":
            if isinstance(case.body, (bytes, str)):
                body = case.body if isinstance(case.body, bytes) else case.body.encode("utf-8", "replace")
            else:
                body = json.dumps(with_known_values(data.draw, case.body, known)).encode()
            headers["Content-Type"] = "application/json"
        method = operation.method.upper()
        status, answer_headers, answer = send(server, method, target, headers, body)
        what = f"{method} {target}\n{headers}\n{body!r}\n-> {status} {answer[:500]!r}"
        assert status < 500 or status in (501, 503), what
        wrong = server.contract().problems(method, target, status, answer_headers, answer)
        assert not wrong, what + "\n" + "\n".join(wrong)
        seen.add((operation.method, operation.path, status))

    one()


def test_random_requests_are_answered_as_documented(stocked):  # noqa: F811
    document = stocked.contract().document
    schema = schemathesis.openapi.from_dict(document)
    failures, seen = [], set()
    for made in schema.get_all_operations():
        operation = made.ok()
        if operation.path == "/ws/realtime":
            continue
        try:
            try_operation(stocked, operation, seen)
        except Exception as error:  # the others are tried, too
            failures.append(f"{operation.method.upper()} {operation.path}: {error}"[:3000])
        assert stocked.process.poll() is None, "the server ended\n" + "\n\n".join(failures)
    assert not failures, f"{len(failures)} operations\n\n" + "\n\n".join(failures)
    tried = {(method, path) for method, path, _ in seen}
    missing = [(m, p) for m, p, _ in operations(document) if (m.lower(), p) not in tried and p != "/ws/realtime"]
    assert not missing
    good = {(method, path) for method, path, status in seen if status < 300}
    assert len(good) > 0.7 * len(tried), f"only {len(good)} of {len(tried)} operations had a good answer"
