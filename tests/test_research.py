"""Research by models: every provider's protocol, its failures, bounds and secrets, and the three uses."""

import json
import os
import signal
import subprocess
import time

import pytest
from conftest import BINARY, CROSSOVER, Server, is_problem, wave
from model_server import KEY, Answer, ModelServer

RANGES = json.dumps({"parameters": [{"name": "fast", "from": 2, "to": 10, "step": 2},
                                    {"name": "slow", "from": 20, "to": 60, "scale": "log"}],
                     "constraints": ["fast < slow"], "reason": "Short against long."})  # fmt: skip


@pytest.fixture
def model():
    """Starts servers of models, and ends them."""
    started = []

    def start(*answers):
        started.append(ModelServer(*answers))
        return started[-1]

    yield start
    for server in started:
        server.close()


@pytest.fixture
def backtested(program):
    program.write("bars.csv", wave(2_000, step_seconds=3_600))
    program.write("cross.pine", CROSSOVER)
    program("backtest", "cross.pine", "--csv", "bars.csv", "--report", "result.json")
    return program


def test_nothing_is_asked_until_a_provider_is_chosen_and_has_its_key(backtested, model):
    answer = backtested("research", "explain", "result.json", code=1, environment={"OPENAI_API_KEY": KEY})
    assert "research_provider" in answer.err
    answer = backtested("research", "explain", "result.json", code=1,
                        environment={"TRADEASSIST_RESEARCH_PROVIDER": "anthropic"})  # fmt: skip
    assert "ANTHROPIC_API_KEY" in answer.err
    answer = backtested("research", "explain", "result.json", code=1,
                        environment=model("x").environment(base_url="http://example.com"))  # fmt: skip
    assert "https://" in answer.err


@pytest.mark.parametrize("provider", ["anthropic", "openai", "perplexity", "ollama"])
def test_every_provider_explains_a_result_in_its_own_protocol(backtested, model, provider):
    server = model("It closed trades — and 987654.3 is no figure of it. Grüße ✓")
    answer = backtested("research", "explain", "result.json", environment=server.environment(provider))
    assert answer.out.startswith("It closed trades — and 987654.3 is no figure of it. Grüße ✓\n\nWritten by ")
    assert "metrics.net_profit: " in answer.out
    assert "none of the figures: 987654.3\n" in answer.err
    assert "150 tokens of" in answer.err and "120 sent, 30 answered" in answer.err
    ((path, headers, body),) = server.asked
    assert path == {"anthropic": "/v1/messages", "openai": "/v1/chat/completions",
                    "perplexity": "/chat/completions", "ollama": "/api/chat"}[provider]  # fmt: skip
    assert body["stream"] is True and "metrics.net_profit" in body["messages"][-1]["content"]
    assert len(body["messages"][-1]["content"]) < 20_000 and KEY not in json.dumps(body)


def test_explain_prints_json_with_its_figures(backtested, model):
    server = model("Fine.")
    made = backtested("research", "explain", "result.json", "--json", environment=server.environment()).json()
    assert made["text"] == "Fine." and made["without_figure"] == [] and "metrics." in made["figures"]
    assert made["usage"] == {"input_tokens": 120, "output_tokens": 30}
    backtested.write("other.json", "{}")
    assert "other.json" in backtested("research", "explain", "other.json", code=1, environment=server.environment()).err
    assert len(server.asked) == 1


def test_the_key_may_lie_in_a_file_that_is_private(backtested, model):
    server = model("Fine.")
    environment = server.environment(key_file="key")
    del environment["ANTHROPIC_API_KEY"]
    path = backtested.write("key", KEY + "\n")
    path.chmod(0o644)
    assert "chmod 600" in backtested("research", "explain", "result.json", code=1, environment=environment).err
    path.chmod(0o600)
    backtested("research", "explain", "result.json", environment=environment)
    assert server.asked[0][1]["x-api-key"] == KEY


def test_what_may_pass_is_tried_again_after_the_pause_that_is_asked_for(backtested, model):
    busy = json.dumps({"type": "error", "error": {"type": "rate_limit_error", "message": "slow down"}})
    server = model(Answer(status=429, headers={"Retry-After": "1"}, body=busy), Answer(status=529, body=busy),
                   Answer(error="overloaded_error"), "At last.")  # fmt: skip
    begin = time.monotonic()
    answer = backtested("research", "explain", "result.json", environment=server.environment())
    assert answer.out.startswith("At last.") and len(server.asked) == 4
    assert time.monotonic() - begin >= 1


def test_what_will_not_pass_is_not_tried_again_and_no_error_has_the_key(backtested, model):
    for answer, told in [
        (Answer(status=401, body=json.dumps({"error": {"message": f"bad key {KEY}"}})), "the key is not accepted: bad key ***"),
        (Answer(status=400, body=json.dumps({"error": {"message": "no"}})), "status 400: no"),
        (Answer(status=404, body=json.dumps({"error": {"message": "m"}})), "there is no model"),
        (Answer(status=429, body=json.dumps({"error": {"code": "insufficient_quota", "message": "pay"}})), "no credit: pay"),
        (Answer(status=302, headers={"Location": "http://127.0.0.1:1/"}), "status 302"),
        (Answer(error="invalid_request_error"), "invalid_request_error: Overloaded"),
        (Answer(garbage=True), "no JSON object"),
        ("", "answered nothing"),
    ]:  # fmt: skip
        server = model(answer)
        failed = backtested("research", "explain", "result.json", code=1, environment=server.environment())
        assert told in failed.err and KEY not in failed.err + failed.out
        assert len(server.asked) == 1, told


def test_a_stream_that_is_cut_or_falls_silent_is_an_error_and_not_asked_again(backtested, model):
    for provider in ("anthropic", "openai", "ollama"):
        server = model(Answer("word " * 20, cut_after=6))
        failed = backtested("research", "explain", "result.json", code=1, environment=server.environment(provider))
        assert "was cut off" in failed.err and len(server.asked) == 1
    server = model(Answer("word " * 20, pause=3))
    begin = time.monotonic()
    failed = backtested("research", "explain", "result.json", code=1,
                        environment=server.environment(timeout_seconds=2))  # fmt: skip
    assert time.monotonic() - begin < 30 and failed.err.startswith("error: anthropic: ")


def test_an_answer_that_reached_its_bound_says_so(backtested, model):
    answer = backtested("research", "explain", "result.json",
                        environment=model(Answer("Half of", stop="length")).environment())  # fmt: skip
    assert "cut off at research_answer_tokens" in answer.err


def test_budgets_hold_over_processes(backtested, model):
    server = model("Fine.")
    environment = server.environment(answer_tokens=1_000, tokens_per_day=4_000)
    answer = backtested("research", "explain", "result.json", environment=environment)
    assert "150 tokens" in answer.err
    kept = json.loads((backtested.data / "research/tokens.json").read_text())
    assert kept["tokens"] == 150
    (backtested.data / "research/tokens.json").write_text(json.dumps({**kept, "tokens": 3_900}))
    answer = backtested("research", "explain", "result.json", code=1, environment=environment)
    assert "3900 of the 4000 tokens of today (UTC)" in answer.err and len(server.asked) == 1
    answer = backtested("research", "explain", "result.json", code=1,
                        environment=server.environment(tokens_per_request=500))  # fmt: skip
    assert "research_tokens_per_request" in answer.err and len(server.asked) == 1


def test_an_interrupt_ends_a_request_within_a_moment(backtested, model):
    server = model(Answer("word " * 1_000, pause=0.2))
    process = subprocess.Popen([BINARY, "research", "explain", "result.json"], cwd=backtested.folder,
                               env={**os.environ, **server.environment()},
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    process.stdout.read(1)
    with open(f"/proc/{process.pid}/cmdline") as line:
        assert KEY not in line.read()
    begin = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 1 and time.monotonic() - begin < 5
    assert b"stopped on request" in process.stderr.read()


def test_ranges_are_options_that_optimize_takes(backtested, model):
    server = model("Let me think: fast!", json.dumps({"parameters": [{"name": "fast", "from": 1, "to": 10}]}),
                   f"```json\n{RANGES}\n```")  # fmt: skip
    answer = backtested("research", "ranges", "cross.pine", environment=server.environment())
    assert answer.out == "--param fast=2:10:2\n--param slow=20:60:log\n--constraint 'fast < slow'\n"
    assert "round 1: the answer is not JSON" in answer.err and "below the input's minval 2" in answer.err
    assert "450 tokens" in answer.err and "Short against long." in answer.err
    assert "minval 2" in server.said()

    found = subprocess.run(["bash", "-c", f"{BINARY} optimize cross.pine --csv bars.csv --trials 20 --no-validation "
                                          + answer.out.replace("\n", " ")],
                           cwd=backtested.folder, capture_output=True, timeout=120)  # fmt: skip
    assert found.returncode == 0, found.stderr.decode()

    made = backtested("research", "ranges", "cross.pine", "--json", environment=model(RANGES).environment()).json()
    assert made["parameters"] == json.loads(RANGES)["parameters"] and made["constraints"] == ["fast < slow"]
    assert made["options"][0] == ["--param", "fast=2:10:2"] and made["rounds"] == 1


def test_ranges_that_never_fit_are_refused(backtested, model):
    server = model("no idea")
    answer = backtested("research", "ranges", "cross.pine", "--rounds", 2, code=1, environment=server.environment())
    assert "no proposal of 2 fits" in answer.err and answer.out == "" and len(server.asked) == 2


def test_a_draft_is_written_once_it_compiled_ran_and_traded(backtested, model):
    server = model("```pine\n//@version=6\nstrategy('x')\nplot(clos)\n```",
                   "```pine\n//@version=6\nstrategy('x')\nplot(close)\n```", f"```pine\n{CROSSOVER}```")  # fmt: skip
    answer = backtested("research", "draft", "cross two means", "--csv", "bars.csv", "-o", "mine.pine",
                        environment=server.environment())  # fmt: skip
    assert (backtested.folder / "mine.pine").read_text() == CROSSOVER
    assert "mine.pine on bars 1h, 2000 bars" in answer.out and "in 3 rounds" in answer.out and "Net profit" in answer.out
    assert "line 3, column 6" in answer.err and "no trade was closed" in answer.err
    assert "line 3, column 6" in server.said(1) and "no trade was closed" in server.said(2)
    backtested("backtest", "mine.pine", "--csv", "bars.csv")


def test_a_draft_that_never_works_is_not_written(backtested, model):
    bad = "```pine\n//@version=6\nstrategy('x')\nimport a/b/1\nplot(close)\n```"
    answer = backtested("research", "draft", "x", "--csv", "bars.csv", "-o", "mine.pine", "--rounds", 2, code=1,
                        environment=model(bad).environment())  # fmt: skip
    assert "none of 2 drafts" in answer.err and not (backtested.folder / "mine.pine").exists()
    answer = backtested("research", "draft", "x", "--csv", "bars.csv", "-o", "mine.pine", "--rounds", 1, "--json", code=1,
                        environment=model("I cannot.").environment())  # fmt: skip
    assert answer.json()["works"] is False and answer.json()["pine"] is None
    assert not (backtested.folder / "mine.pine").exists()


# Over HTTP, as jobs.


def serve_with(program, monkeypatch, environment):
    """A server whose settings come from its environment."""
    path = program.folder / "research.toml"
    lines = [f"{name.removeprefix('TRADEASSIST_').lower()} = {json.dumps(value)}"
             for name, value in environment.items() if name.startswith("TRADEASSIST_")]  # fmt: skip
    path.write_text("\n".join(lines) + "\n")
    for name, value in environment.items():
        if not name.startswith("TRADEASSIST_"):
            monkeypatch.setenv(name, value)
    return Server(program.folder, "--config", path)


def ended(server, reply, seconds=60):
    assert reply.status == 202, reply.body
    end = time.monotonic() + seconds
    while (job := server.get(reply.json()["results_url"]).json())["state"] not in ("completed", "failed", "cancelled"):
        assert time.monotonic() < end, job
        time.sleep(0.05)
    return job


def test_over_http_research_runs_as_jobs(backtested, model, monkeypatch):
    backtested("import", "bars.csv", "--symbol", "WAVE", "--timeframe", "1h")
    model_server = model("Fine.", RANGES, "nothing", f"```\n{CROSSOVER}```")
    server = serve_with(backtested, monkeypatch, model_server.environment())
    try:
        assert server.get("/api/v1/research").json() == {"configured": True, "model": "claude-haiku-4-5 of anthropic"}
        result = json.loads((backtested.folder / "result.json").read_text())
        job = ended(server, server.post("/api/v1/research/explain", {"result": result}))
        assert job["state"] == "completed" and job["result"]["text"] == "Fine." and job["kind"] == "research_explain"
        job = ended(server, server.post("/api/v1/research/ranges", {"pine": CROSSOVER}))
        assert job["result"]["parameters"][0]["name"] == "fast"
        search = {"pine": CROSSOVER, "symbol": "WAVE", "timeframe": "1h", "trials": 5,
                  "parameters": job["result"]["parameters"], "constraints": job["result"]["constraints"]}  # fmt: skip
        assert server.post("/api/v1/optimize/validate", search).json()["valid"] is True
        job = ended(server, server.post("/api/v1/research/draft", {"description": "cross", "symbol": "WAVE",
                                                                  "timeframe": "1h"}))  # fmt: skip
        assert job["result"]["works"] is True and job["result"]["pine"] == CROSSOVER
        assert [bool(each["wrong"]) for each in job["result"]["rounds"]] == [True, False]

        post = server.post
        is_problem(post("/api/v1/research/explain", {}), 422, "INVALID_ARGUMENT")
        is_problem(post("/api/v1/research/explain", {"result": {}}), 422, "INVALID_ARGUMENT")
        is_problem(post("/api/v1/research/explain", {"job_id": "0"}), 404, "NOT_FOUND")
        is_problem(post("/api/v1/research/ranges", {"strategy": "Gone"}), 404, "NOT_FOUND")
        is_problem(post("/api/v1/research/ranges", {"pine": "x ="}), 422, "INVALID_ARGUMENT")
        is_problem(post("/api/v1/research/ranges", {"pine": CROSSOVER, "rounds": 99}), 422, "INVALID_REQUEST")
        is_problem(post("/api/v1/research/draft", {"description": " ", "symbol": "WAVE", "timeframe": "1h"}), 422,
                   "INVALID_REQUEST")  # fmt: skip
        is_problem(post("/api/v1/research/draft", {"description": "x", "symbol": "GONE", "timeframe": "1h"}), 404,
                   "INSTRUMENT_NOT_FOUND")  # fmt: skip
    finally:
        server.end()
    assert KEY not in (backtested.folder / "serve.log").read_text()


def test_over_http_a_job_is_cancelled_and_a_refusal_fails_it(backtested, model, monkeypatch):
    result = json.loads((backtested.folder / "result.json").read_text())
    model_server = model(Answer("word " * 1_000, pause=0.2), Answer(status=401, body=f'{{"error": "bad {KEY}"}}'))
    server = serve_with(backtested, monkeypatch, model_server.environment())
    try:
        reply = server.post("/api/v1/research/explain", {"result": result})
        end = time.monotonic() + 20
        while not model_server.asked and time.monotonic() < end:
            time.sleep(0.02)
        assert server.post(f"/api/v1/jobs/{reply.json()['job_id']}/cancel", {}).status == 200
        assert ended(server, reply)["state"] == "cancelled"
        job = ended(server, server.post("/api/v1/research/explain", {"result": result}))
        assert job["state"] == "failed" and "not accepted" in job["error"] and KEY not in json.dumps(job)
    finally:
        server.end()


def test_over_http_nothing_starts_without_a_provider(backtested, serve):
    server = serve()
    assert server.get("/api/v1/research").json() == {"configured": False, "model": None}
    is_problem(server.post("/api/v1/research/ranges", {"pine": CROSSOVER}), 409, "RESEARCH_NOT_CONFIGURED")
