"""Webhooks, Slack and e-mail: what the server tells, to whom, and what becomes of it where nobody listens well."""

import base64
import datetime
import hashlib
import hmac
import json
import re
import signal
import sqlite3
import subprocess
import threading
import time

import pytest
from conftest import ROOT, Server, is_problem, wave
from mail_server import MailServer
from test_jobs import SEARCH
from test_keys import bearer, key
from webhook_receiver import Behaviour, Receiver

# A proxy of the environment must not be asked: nothing listens there.
ENVIRONMENT = {
    "TRADEASSIST_WEBHOOK_PRIVATE_ADDRESSES": "allowed",
    "TRADEASSIST_WEBHOOK_SCHEDULE": "0 0 1 1 1 1 1 1",
    "http_proxy": "http://127.0.0.1:9",
    "ALL_PROXY": "http://127.0.0.1:9",
}
HOOKS = "/api/v1/webhooks"


@pytest.fixture
def start(program):
    """Starts servers with the environment above and what is added to it; ends those still running."""
    started = []

    def begin(*arguments, folder=None, keys=False, **environment):
        server = Server(folder or program.folder, *arguments, keys=keys, environment=ENVIRONMENT | environment)
        started.append(server)
        return server

    yield begin
    for each in started:
        if each.process.poll() is None:
            each.end()


@pytest.fixture
def receive():
    made = []

    def begin(**options):
        made.append(Receiver(**options))
        return made[-1]

    yield begin
    for each in made:
        each.close()


@pytest.fixture
def certificate(tmp_path):
    """A certificate for 127.0.0.1 that nobody trusts, and its key."""
    files = tmp_path / "tls.pem", tmp_path / "tls.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-out", files[0], "-keyout", files[1]],
        check=True, capture_output=True,
    )  # fmt: skip
    return files


def cancelled_job(server, **options) -> str:
    """The id of a job that has ended because it was cancelled."""
    job_id = server.post("/api/v1/optimize/single", SEARCH | {"trials": 1_000_000}, **options).json()["job_id"]
    assert server.post(f"/api/v1/jobs/{job_id}/cancel", {}, **options).status == 200
    return job_id


def import_wave(program):
    program.write("wave.csv", wave(2_000))
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m")


def signature(secret, message) -> str:
    headers = message.headers
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + message.body
    code = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(code).decode()


def make(server, url, *events, **options):
    made = server.post(HOOKS, {"url": url, "events": list(events)}, **options)
    assert made.status == 201, made.body
    return made.json()


def deliveries(server, webhook, query="", **options):
    reply = server.get(f"{HOOKS}/{webhook['id']}/deliveries{query}", **options)
    assert reply.status == 200, reply.body
    return reply.json()["deliveries"]


def wait_until(found, seconds=30):
    end = time.monotonic() + seconds
    while not (result := found()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return result


def send_test(server, webhook):
    sent = server.post(f"{HOOKS}/{webhook['id']}/test", {})
    assert sent.status == 202, sent.body
    return sent.headers["location"]


def wait_for_state(server, location, state):
    def look():
        shown = server.get(location).json()
        return shown if shown["state"] == state else None

    return wait_until(look)


def test_the_end_of_a_job_is_sent_signed_and_the_log_shows_what_went_and_what_came(program, start, receive):
    import_wave(program)
    receiver = receive(hook=Behaviour(headers={"Set-Cookie": "session=cookie-secret", "X-Seen": "yes"}))
    server = start()
    made = server.post(HOOKS, {"url": receiver.url + "/hook", "events": ["job.*"], "description": "desk"})
    assert made.status == 201 and made.headers["cache-control"] == "no-store"
    webhook, secret = made.json(), made.json()["secret"]
    assert secret.startswith("whsec_") and len(base64.b64decode(secret[6:])) == 32
    shown = server.get(made.headers["location"]).json()
    assert shown == {name: value for name, value in webhook.items() if name != "secret"}
    assert shown["enabled"] and shown["events"] == ["job.*"] and shown["owner"] == "local"

    job_id = server.post("/api/v1/optimize/single", SEARCH).json()["job_id"]
    (message,) = receiver.wait()
    body = json.loads(message.body)
    assert body["type"] == "job.completed" and body["data"]["job_id"] == job_id and body["data"]["state"] == "completed"
    assert server.get(body["data"]["url"]).json()["finished_at"] == body["data"]["finished_at"]
    assert message.headers["webhook-signature"] == signature(secret, message)
    assert abs(int(message.headers["webhook-timestamp"]) - time.time()) < 60
    assert message.headers["content-type"] == "application/json"

    (delivery,) = wait_until(lambda: deliveries(server, webhook, "?state=delivered"))
    assert delivery["event_id"] == message.headers["webhook-id"] and delivery["attempts"] == 1
    whole = server.get(f"{HOOKS}/{webhook['id']}/deliveries/{delivery['delivery_id']}").json()
    (attempt,) = whole["log"]
    assert whole["request_body"].encode() == message.body and attempt["status"] == 200 and attempt["error"] is None
    assert attempt["response_body"] == "thank you" and "x-seen: yes" in attempt["response_headers"]
    assert "cookie-secret" not in json.dumps(whole) and secret not in json.dumps(whole)

    # A cancellation on the command line is told, too.
    waiting = server.post("/api/v1/optimize/single", SEARCH | {"trials": 1_000_000}).json()["job_id"]
    program("job", "cancel", waiting)
    told = json.loads(receiver.wait(2)[1].body)
    assert told["type"] == "job.cancelled" and told["data"]["job_id"] == waiting
    server.end()
    for path in program.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert secret.encode() not in content and b"cookie-secret" not in content, path


def test_a_receiver_that_misbehaves_is_tried_again_and_gets_nothing_more_than_that(start, receive):
    elsewhere = receive()
    receiver = receive(
        redirect=Behaviour(307, {"Location": elsewhere.url + "/elsewhere"}),
        broken=Behaviour(500, body=b"out of order"),
        cut=Behaviour(cut=True),
        endless=Behaviour(endless=True),
        header=Behaviour(headers={"X-Long": "x" * 200_000}),
        gone=Behaviour(410),
    )
    server = start(TRADEASSIST_WEBHOOK_SCHEDULE="0 0")
    expected = {
        "redirect": ("failed", 2, 307, "the answer is a redirect, 307; give the address it leads to"),
        "broken": ("failed", 2, 500, "the answer is 500"),
        "cut": ("failed", 2, None, None),
        "endless": ("delivered", 1, 200, None),
        "header": ("failed", 2, None, None),
        "gone": ("failed", 1, 410, "the answer is 410"),
    }
    hooks = {name: make(server, f"{receiver.url}/{name}", "job.*") for name in expected}
    hooks["nobody"] = make(server, "http://127.0.0.1:1099/", "job.*")
    expected["nobody"] = ("failed", 2, None, "nothing answers at its address")
    watcher = make(server, f"{receiver.url}/watcher", "webhook.*")
    sent = {name: send_test(server, webhook) for name, webhook in hooks.items()}
    for name, (state, attempts, status, error) in expected.items():
        shown = wait_for_state(server, sent[name], state)
        assert (shown["attempts"], shown["last_status"]) == (attempts, status), (name, shown)
        if error is not None:
            assert shown["last_error"] == error, name
        assert (shown["last_error"] is None) == (state == "delivered"), (name, shown)
        assert len(receiver.of(f"/{name}")) == (0 if name == "nobody" else attempts)
        ids = {message.headers["webhook-id"] for message in receiver.of(f"/{name}")}
        assert len(ids) <= 1  # every try has the same
    assert elsewhere.received == []
    (endless,) = server.get(sent["endless"]).json()["log"]
    assert endless["response_is_cut"] and 0 < len(endless["response_body"]) <= 4096

    gone = server.get(f"{HOOKS}/{hooks['gone']['id']}").json()
    assert not gone["enabled"] and gone["disabled_reason"] == "its receiver answered 410 Gone"
    told = json.loads(receiver.wait(1, "/watcher")[0].body)
    assert told["type"] == "webhook.disabled" and told["data"]["webhook_id"] == gone["id"]
    assert deliveries(server, watcher)[0]["event_type"] == "webhook.disabled"
    assert is_problem(server.post(f"{HOOKS}/{gone['id']}/test", {}), 409, "WEBHOOK_DISABLED")
    again = server.call("PATCH", f"{HOOKS}/{gone['id']}", {"enabled": True}).json()
    assert again["enabled"] and again["disabled_reason"] is None


def test_a_receiver_that_hangs_keeps_no_other_waiting_and_what_it_missed_comes_after_a_restart(start, receive):
    hold = threading.Event()
    receiver = receive(hanging=Behaviour(hold=hold))
    server = start()
    hanging, good = make(server, receiver.url + "/hanging", "job.*"), make(server, receiver.url + "/good", "job.*")
    stuck = [send_test(server, hanging) for _ in range(5)]
    receiver.wait(2, "/hanging")
    for _ in range(20):
        send_test(server, good)
    receiver.wait(20, "/good")
    assert len(receiver.of("/hanging")) == 2  # as many as one receiver gets at once
    assert {server.get(each).json()["state"] for each in stuck} == {"delivering", "pending"}
    server.end(signal.SIGKILL)
    hold.set()
    server.start()
    for each in stuck:
        wait_for_state(server, each, "delivered")
    ids = [message.headers["webhook-id"] for message in receiver.of("/hanging")]
    assert len(set(ids)) == 5 and set(ids[:2]) <= set(ids[2:])  # those that were cut off came again, under their ids


def test_what_cannot_be_delivered_is_tried_until_the_receiver_is_there(start, receive):
    first = receive()
    port = first.port
    server = start()
    webhook = make(server, first.url + "/", "job.*")
    first.close()
    sent = send_test(server, webhook)
    wait_until(lambda: server.get(sent).json()["attempts"] >= 1)
    assert server.get(f"{HOOKS}/{webhook['id']}").json()["failing_since"]
    again = receive(port=port)
    again.wait()
    shown = wait_for_state(server, sent, "delivered")
    assert shown["attempts"] >= 2 and [each["number"] for each in shown["log"]] == list(range(1, shown["attempts"] + 1))
    assert server.get(f"{HOOKS}/{webhook['id']}").json()["failing_since"] is None


def test_webhooks_lead_to_no_private_address_by_whatever_way(program, start, receive):
    receiver = receive()
    server = start(TRADEASSIST_WEBHOOK_PRIVATE_ADDRESSES="refused", TRADEASSIST_WEBHOOK_SCHEDULE="0 0")
    for url in (receiver.url, "http://localhost/", "http://2130706433/", "http://[::ffff:127.0.0.1]/", "http://10.0.0.1/",
                "http://169.254.169.254/latest/meta-data/", "file:///etc/passwd", "https://a:b@example.com/",
                "https://example.com:22/", "https://example.com/\r\nX: y"):  # fmt: skip
        refused = is_problem(server.post(HOOKS, {"url": url, "events": ["*"]}), 422, "INVALID_REQUEST")
        assert refused["errors"][0]["pointer"] == "/url", url
    webhook = make(server, "https://hooks.example.com/in", "job.*")
    assert is_problem(server.call("PATCH", f"{HOOKS}/{webhook['id']}", {"url": receiver.url}), 422, "INVALID_REQUEST")
    # Even where the name of an allowed URL comes to stand for this machine: the address is looked at on connecting.
    for url in (receiver.url + "/", f"http://localhost:{receiver.port}/"):
        with sqlite3.connect(program.data / "app.db", timeout=30) as app:
            app.execute("UPDATE webhook SET url = ?", (url,))
        shown = wait_for_state(server, send_test(server, webhook), "failed")
        assert "private network, which is not allowed" in shown["last_error"], shown
    assert receiver.received == []


def test_events_are_filtered_and_a_bad_request_says_what_is_wrong(program, start, receive):
    receiver = receive()
    server = start()
    types = {each["type"]: each for each in server.get(HOOKS + "/event-types").json()["event_types"]}
    assert {"job.completed", "alert.raised", "system.started", "data.imported"} <= set(types)
    assert types["job.failed"]["of"] == "owner" and types["job.failed"]["example"]["state"] == "failed"
    for body, pointer in (({"url": receiver.url, "events": []}, "/events"), ({"url": receiver.url, "events": ["job"]}, "/events"),
                          ({"url": receiver.url}, "/events"), ({"url": "x", "events": ["*"]}, "/url"),
                          ({"url": receiver.url, "events": ["*"], "secret": "mine"}, "/secret")):  # fmt: skip
        assert is_problem(server.post(HOOKS, body), 422, "INVALID_REQUEST")["errors"][0]["pointer"] == pointer
    assert is_problem(server.get(HOOKS + "/wh_none"), 404, "WEBHOOK_NOT_FOUND")
    data, system = make(server, receiver.url + "/data", "data.*"), make(server, receiver.url + "/system", "system.*")
    assert is_problem(server.get(f"{HOOKS}/{data['id']}/deliveries/none"), 404, "DELIVERY_NOT_FOUND")
    assert is_problem(server.get(f"{HOOKS}/{data['id']}/deliveries?state=lost"), 422, "INVALID_REQUEST")

    program.write("wave.csv", wave(50))
    program("import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m")
    told = json.loads(receiver.wait(1, "/data")[0].body)
    assert told["type"] == "data.imported"
    assert told["data"] == {"symbol": "WAVE", "timeframe": "1m", "source": "csv", "files": 1, "inserted": 50,
                            "corrected": 0, "unchanged": 0, "bad_rows": 0}  # fmt: skip
    fetch = {"symbols": ["WAVE"], "frequency": "1m", "preset": "max", "background": True}
    query_id = server.post("/api/v1/historical-data/fetch", fetch).json()["query_id"]
    told = json.loads(receiver.wait(2, "/data")[1].body)
    assert told["type"] == "data.fetched" and told["data"]["job_id"] == query_id
    assert told["data"]["symbols"] == [{"symbol": "WAVE", "status": "ok", "bars": 50}]
    assert server.end() == 0
    server.start()
    types = [json.loads(each.body)["type"] for each in receiver.wait(2, "/system")]
    assert sorted(types) == ["system.started", "system.stopping"]
    assert server.call("DELETE", f"{HOOKS}/{system['id']}").json() == {"id": system["id"], "removed": True}
    assert [each["id"] for each in server.get(HOOKS).json()["webhooks"]] == [data["id"]]


def test_events_are_sent_again_one_by_one_or_of_a_range(program, start, receive):
    import_wave(program)
    receiver = receive()
    server = start(TRADEASSIST_WEBHOOK_SCHEDULE="0 0")
    receiver.paths["/"] = Behaviour(500)
    webhook = make(server, receiver.url + "/", "job.*")
    job_id = cancelled_job(server)
    failed = wait_until(lambda: deliveries(server, webhook, "?state=failed"))[0]
    whole = server.get(f"{HOOKS}/{webhook['id']}/deliveries/{failed['delivery_id']}").json()
    assert failed["attempts"] == 2 and job_id in whole["request_body"]
    receiver.paths.clear()
    sent = server.post(f"{HOOKS}/{webhook['id']}/deliveries/{failed['delivery_id']}/replay", {})
    assert sent.status == 202 and sent.json()["replay"]
    again = wait_for_state(server, sent.headers["location"], "delivered")
    assert again["event_id"] == failed["event_id"] and again["delivery_id"] != failed["delivery_id"]
    one, two, three = receiver.wait(3)
    assert one.body == two.body == three.body
    hour = datetime.timedelta(hours=1)
    now = datetime.datetime.now(datetime.timezone.utc)
    around = {"from": (now - hour).isoformat(), "to": (now + hour).isoformat()}
    path = f"{HOOKS}/{webhook['id']}/replay"
    assert server.post(path, around).json() == {"replayed": 0}  # it was delivered by now
    assert server.post(path, around | {"delivered_too": True}).json() == {"replayed": 1}
    receiver.wait(4)
    assert is_problem(server.post(path, {"from": around["to"], "to": around["from"]}), 422, "INVALID_REQUEST")
    assert is_problem(server.post(f"{HOOKS}/{webhook['id']}/deliveries/none/replay", {}), 404, "DELIVERY_NOT_FOUND")


def test_both_secrets_sign_while_one_is_rotated(start, receive):
    receiver = receive()
    server = start()
    webhook = make(server, receiver.url + "/", "job.*")
    fresh = server.post(f"{HOOKS}/{webhook['id']}/rotate", {"grace_seconds": 3600})
    assert fresh.headers["cache-control"] == "no-store"
    send_test(server, webhook)
    (message,) = receiver.wait()
    assert message.headers["webhook-signature"].split(" ") == [
        signature(fresh.json()["secret"], message), signature(webhook["secret"], message)]  # fmt: skip
    last = server.post(f"{HOOKS}/{webhook['id']}/rotate", {"grace_seconds": 0}).json()
    send_test(server, webhook)
    message = receiver.wait(2)[1]
    assert message.headers["webhook-signature"] == signature(last["secret"], message)
    assert is_problem(server.post(f"{HOOKS}/{webhook['id']}/rotate", {"grace_seconds": -1}), 422, "INVALID_REQUEST")


def test_nobody_sees_or_hears_what_is_anothers(program, start, receive):
    import_wave(program)
    receiver = receive()
    server = start(keys=True)
    ann, bob = (bearer(key(program, "write", "read", "trade-research", owner=owner)) for owner in ("ann", "bob"))
    admin, reads = bearer(server.first_key), bearer(key(program, "read", owner="ann"))
    hook = make(server, receiver.url + "/ann", "job.*", headers=ann)
    make(server, receiver.url + "/bob", "job.*", headers=bob)
    assert is_problem(server.get(HOOKS, headers=reads), 403, "SCOPE_MISSING")
    one = f"{HOOKS}/{hook['id']}"
    for headers in (bob, admin):
        for method, path, body in (("GET", one, None), ("PATCH", one, {"enabled": False}), ("DELETE", one, None),
                                   ("POST", one + "/rotate", {}), ("POST", one + "/test", {}), ("GET", one + "/deliveries", None),
                                   ("POST", one + "/replay", {"from": "2020-01-01", "to": "2030-01-01"})):  # fmt: skip
            assert is_problem(server.call(method, path, body, headers=headers), 404, "WEBHOOK_NOT_FOUND"), (method, path)
    job_id = cancelled_job(server, headers=ann)
    assert json.loads(receiver.wait(1, "/ann")[0].body)["data"]["job_id"] == job_id
    assert server.call("DELETE", one, headers=ann).status == 200
    actions = [each["action"] for each in server.get("/api/v1/admin/audit", headers=admin).json()["entries"]]
    assert actions[0] == "DELETE /api/v1/webhooks/{id}" and "POST /api/v1/webhooks" in actions
    assert receiver.of("/bob") == []


def test_webhooks_are_kept_on_the_command_line(program, receive):
    receiver = receive()

    def webhook(*arguments, code=0):
        return program("webhook", *arguments, code=code, environment=ENVIRONMENT)

    made = webhook("create", "--url", receiver.url + "/in", "--event", "job.*", "--event", "data.*", "--json").json()
    assert webhook("list", "--json").json()["webhooks"][0]["id"] == made["id"]
    assert made["id"] in webhook("list").out and "whsec_" not in webhook("list").out
    said = webhook("test", made["id"])
    assert "delivered, the answer is 200" in said.out
    (message,) = receiver.wait()
    assert message.headers["webhook-signature"] == signature(made["secret"], message)
    receiver.paths["/in"] = Behaviour(404)
    assert "the answer is 404" in webhook("test", made["id"], code=1).out
    listed = webhook("deliveries", made["id"], "--json").json()["deliveries"]
    assert [each["state"] for each in listed] == ["pending", "delivered"]
    shown = webhook("deliveries", made["id"], "--delivery", listed[1]["delivery_id"]).json()
    assert shown["log"][0]["status"] == 200
    assert "1 on its way" in webhook("replay", made["id"], "--delivery", listed[1]["delivery_id"]).out
    assert "say what is to be sent again" in webhook("replay", made["id"], code=1).err
    times = ("--from", "2026-01-06T00:00:00Z", "--to", "2026-01-05T00:00:00Z")
    assert "is not after --from 2026-01-06T00:00:00Z" in webhook("replay", made["id"], *times, code=1).err
    one = ("--delivery", listed[1]["delivery_id"])
    for action, others in (("replay", ("--delivered-too",)), ("replay", times[:2]), ("deliveries", ("--state", "failed")),
                           ("deliveries", ("--limit", "5")), ("deliveries", ("--cursor", "7"))):  # fmt: skip
        assert "excludes" in webhook(action, made["id"], *one, *others, code=2).err, (action, others)
    fresh = webhook("rotate", made["id"], "--json").json()["secret"]
    assert fresh.startswith("whsec_") and fresh != made["secret"]
    assert "disabled" in webhook("update", made["id"], "--disable", "--event", "alert.*").out
    assert "is disabled; enable it first" in webhook("test", made["id"], code=1).err
    assert "removed" in webhook("delete", made["id"]).out
    assert "there is no webhook" in webhook("show", made["id"], code=1).err
    assert "fits no event" in webhook("create", "--url", receiver.url, "--event", "jobs", code=1).err
    assert "webhook delete" in program("audit", "list").out


def test_servers_of_one_database_share_what_is_to_be_delivered(program, start, receive, database_url):
    receiver = receive()
    shared = {"TRADEASSIST_SECRET_KEY": "ab" * 32}
    folders = [program.folder / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    one, two = (start("--database", database_url, folder=folder, **shared) for folder in folders)
    webhook = make(one, receiver.url + "/", "job.*")
    sent = [send_test(server, webhook) for _ in range(15) for server in (one, two)]
    for each in sent:
        wait_for_state(two, each, "delivered")
    ids = [message.headers["webhook-id"] for message in receiver.received]
    assert len(ids) == len(set(ids)) == 30
    for message in receiver.received:
        assert message.headers["webhook-signature"] == signature(webhook["secret"], message)


def test_webhooks_and_what_waits_follow_when_a_server_moves_to_a_database_server(program, start, receive, database_url):
    receiver = receive()
    receiver.paths["/"] = Behaviour(500)
    server = start(TRADEASSIST_WEBHOOK_SCHEDULE="0 5")
    webhook = make(server, receiver.url + "/", "job.*")
    sent = send_test(server, webhook)
    wait_until(lambda: server.get(sent).json()["attempts"] == 1)
    assert server.end() == 0
    receiver.paths.clear()
    moved = start("--database", database_url)
    wait_for_state(moved, sent, "delivered")
    first, second = receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert second.headers["webhook-signature"] == signature(webhook["secret"], second)


def test_certificates_are_checked(start, receive, certificate):
    receiver = receive(certificate=certificate)
    server = start(TRADEASSIST_WEBHOOK_SCHEDULE="0 0")
    webhook = make(server, receiver.url + "/", "job.*")
    assert wait_for_state(server, send_test(server, webhook), "failed")["last_error"] == "its certificate is not trusted"
    assert receiver.received == []
    server.end()
    server.environment |= {"TRADEASSIST_OUTGOING_CA_FILE": str(certificate[0])}
    server.start()
    wait_for_state(server, send_test(server, webhook), "delivered")


SLACK_PATH = "/services/T0/B0/slack-secret"
PASSWORD = "mail-password-1"


def channel_settings(slack, mail, certificate):
    return {
        "TRADEASSIST_SLACK_URL": slack.url + SLACK_PATH, "TRADEASSIST_SLACK_EVENTS": "system.*", "TRADEASSIST_SLACK_SEVERITY": "info",
        "TRADEASSIST_SMTP_SERVER": mail.address, "TRADEASSIST_SMTP_USER": "desk", "TRADEASSIST_SMTP_PASSWORD": PASSWORD,
        "TRADEASSIST_EMAIL_FROM": "desk@example.com", "TRADEASSIST_EMAIL_TO": "ann@example.com, bob@example.com",
        "TRADEASSIST_EMAIL_EVENTS": "system.*,job.cancelled", "TRADEASSIST_EMAIL_SEVERITY": "info",
        "TRADEASSIST_OUTGOING_CA_FILE": str(certificate[0]), "TRADEASSIST_LOG_LEVEL": "debug",
    }  # fmt: skip


def test_slack_and_mail_get_what_the_settings_say(program, start, receive, certificate):
    import_wave(program)
    slack, mail = receive(), MailServer(certificate, PASSWORD)
    settings = channel_settings(slack, mail, certificate)
    server = start(**settings)
    (message,) = slack.wait()
    body = json.loads(message.body)
    assert message.path == SLACK_PATH and "a server has started" in body["text"]
    assert body["blocks"][0]["type"] == "section" and "*Info: a server has started*" in body["blocks"][0]["text"]["text"]
    (first,) = mail.wait()
    assert first.was_secure and first.user == "desk" and first.recipients == ["ann@example.com", "bob@example.com"]
    letter = first.message()
    assert letter["Subject"] == "[TradeAssist] Info: a server has started" and letter["From"].addresses[0].addr_spec == "desk@example.com"
    plain, html = letter.get_body(("plain",)).get_content(), letter.get_body(("html",)).get_content()
    assert re.search(r"^version  +\d", plain, re.MULTILINE) and "<h2" in html and "a server has started" in html
    # Of owners, what is named: here cancellations, and only in mails.
    job_id = cancelled_job(server)
    told = mail.wait(2)[1].message()
    assert told["Subject"] == "[TradeAssist] Info: a job ended because somebody asked for it"
    assert job_id in told.get_body(("plain",)).get_content()
    assert server.end() == 0
    assert len(slack.received) == 2 and "asked to end" in slack.received[1].body.decode()

    said = program("notify", "test", environment=settings).out
    assert said == "slack: sent\nemail: sent\n"
    shown = program("config", environment=settings).out
    for secret in ("slack-secret", PASSWORD):
        assert secret not in shown
        for path in program.folder.rglob("*"):
            if path.is_file():
                assert secret.encode() not in path.read_bytes(), path
    assert "no channel is configured" in program("notify", "test", code=1).err
    mail.close()


def test_a_channel_that_does_not_work_says_why_and_gives_no_secret_away(program, receive, certificate):
    open_mail, wrong = MailServer(), MailServer(certificate, "another password")
    refusing = MailServer(certificate, PASSWORD, refuse_recipients=True)
    slack = receive(**{SLACK_PATH[1:]: Behaviour(403, body=b"invalid_token")})

    def tested(mail, **changes):
        settings = channel_settings(slack, mail, certificate) | changes
        return program("notify", "test", "--json", code=1, environment=settings).json()["channels"]

    to_slack, to_mail = tested(open_mail)
    assert to_slack == {"channel": "slack", "sent": False, "error": "the answer is 403"}
    assert to_mail["error"] == "the mail server does not offer TLS"
    seen = b"".join(open_mail.lines)
    assert b"AUTH" not in seen and base64.b64encode(PASSWORD.encode()) not in seen
    assert tested(wrong)[1]["error"] == "the mail server does not accept the user and password"
    assert not tested(refusing)[1]["sent"] and refusing.mails == []
    untrusted = tested(wrong, TRADEASSIST_OUTGOING_CA_FILE="")[1]["error"]
    assert untrusted == "its certificate is not trusted"
    secret = program.write("password", PASSWORD + "\n")
    settings = channel_settings(slack, refusing, certificate)
    del settings["TRADEASSIST_SMTP_PASSWORD"], settings["TRADEASSIST_SLACK_URL"]
    settings["TRADEASSIST_SMTP_PASSWORD_FILE"] = str(secret)
    secret.chmod(0o644)
    assert "password" in program("notify", "test", code=1, environment=settings).err
    secret.chmod(0o600)
    good = MailServer(certificate, PASSWORD)
    assert program("notify", "test", environment=settings | {"TRADEASSIST_SMTP_SERVER": good.address}).out == "email: sent\n"
    in_the_clear = settings | {"TRADEASSIST_SMTP_SECURITY": "none", "TRADEASSIST_SMTP_SERVER": "mail.example.com:25"}
    assert "none only where the mail server is on this machine" in program("notify", "test", code=1, environment=in_the_clear).err
    for name, value, said in (("EMAIL_TO", "", "email_to must name"),
                              ("EMAIL_FROM", "desk", "is no mail address"), ("SMTP_SERVER", "mail", "HOST:PORT"),
                              ("SLACK_URL", "http://hooks.slack.com/x", "https://"), ("EMAIL_EVENTS", "jobs", "fits no event")):  # fmt: skip
        refused = program("notify", "test", code=1, environment=settings | {f"TRADEASSIST_{name}": value})
        assert said in refused.err, (name, refused.err)
    for each in (open_mail, wrong, refusing, good):
        each.close()


def code_of(document, language) -> str:
    return document.split(f"```{language}\n", 1)[1].split("```", 1)[0]


def test_the_examples_of_the_document_tell_what_is_genuine(program, start, receive):
    document = (ROOT / "docs/webhooks.md").read_text()
    receiver = receive()
    server = start()
    webhook = make(server, receiver.url + "/", "job.*")
    server.post(f"{HOOKS}/{webhook['id']}/rotate", {})
    send_test(server, webhook)
    (message,) = receiver.wait()
    late = message.headers | {"webhook-timestamp": str(int(message.headers["webhook-timestamp"]) - 600)}
    cases = [
        (webhook["secret"], message.headers, message.body, True),
        (webhook["secret"], message.headers, message.body + b" ", False),
        ("whsec_" + base64.b64encode(b"another").decode(), message.headers, message.body, False),
        (webhook["secret"], late, message.body, False),
        (webhook["secret"], {}, message.body, False),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
         {"webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330",
          "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}, b'{"test": 2432232314}', False),
    ]  # fmt: skip
    names = {}
    exec(code_of(document, "python"), names)
    for secret, headers, body, is_genuine in cases:
        assert names["is_genuine"](secret, headers, body) is is_genuine, (headers, body)
    assert names["is_genuine"](*cases[5][:3], now=1614265330) is True

    # The same in TypeScript, which the compiler of the web page checks and translates.
    program.write("package.json", '{"type": "module"}')
    program.write("verify.ts", code_of(document, "ts"))
    types = ROOT / "web/node_modules/@types"
    subprocess.run(
        ["node", ROOT / "web/node_modules/typescript/bin/tsc", "--strict", "--target", "es2022", "--module", "nodenext",
         "--moduleResolution", "nodenext", "--typeRoots", types, "--types", "node", "verify.ts"],
        cwd=program.folder, check=True,
    )  # fmt: skip
    listed = [[secret, headers, base64.b64encode(body).decode()] for secret, headers, body, _ in cases]
    script = ("import {isGenuine} from './verify.js'; const cases = JSON.parse(process.argv[1]); console.log(JSON.stringify("
              "cases.map(([s, h, b]) => isGenuine(s, h, Buffer.from(b, 'base64')))))")  # fmt: skip
    done = subprocess.run(["node", "--input-type=module", "-e", script, json.dumps(listed)], cwd=program.folder,
                          capture_output=True, check=True)  # fmt: skip
    assert json.loads(done.stdout) == [is_genuine for *_, is_genuine in cases]

    # The catalogue in the document is the one of the server.
    types = {each["type"] for each in server.get(HOOKS + "/event-types").json()["event_types"]}
    assert set(re.findall(r"^\| `([a-z]+\.[a-z_]+)`", document, re.MULTILINE)) == types
