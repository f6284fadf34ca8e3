"""What an administrator asks a running server for: its settings, a login at Schwab, a test of notifications."""

import signal
import time

import pytest
from conftest import Server, is_problem
from mail_server import MailServer
from test_providers import schwab  # noqa: F401 (a fixture)
from test_webhooks import PASSWORD, SLACK_PATH, certificate, channel_settings, receive  # noqa: F401 (fixtures)
from webhook_receiver import Behaviour

LOGIN = "/api/v1/admin/schwab/login"
SETTINGS = "/api/v1/admin/configuration"
TEST = "/api/v1/admin/notifications/test"


@pytest.fixture
def start(program):
    started = []

    def start(*arguments, **environment):
        started.append(Server(program.folder, "--data", program.data, *arguments, environment=environment))
        return started[-1]

    yield start
    for server in started:
        server.end()


def test_a_login_at_schwab_is_made_with_what_the_browser_shows(program, start, schwab):  # noqa: F811
    server = start(**schwab.environment, TRADEASSIST_LOG_LEVEL="debug")
    before = server.get(LOGIN).json()
    assert before["configured"] and before["state"] == "none" and before["days_left"] is None
    assert before["callback"] == "https://127.0.0.1"
    assert "/v1/oauth/authorize?client_id=key&redirect_uri=https%3A%2F%2F127.0.0.1" in before["authorize_url"]
    is_problem(server.post(LOGIN, {"redirected_to": "https://127.0.0.1/"}), 422, "INVALID_ARGUMENT")
    is_problem(server.post(LOGIN, {"redirected_to": ""}), 422, "INVALID_REQUEST")
    assert server.post(LOGIN, {"redirected_to": "https://127.0.0.1/?code=another"}).status == 422
    is_problem(server.post(LOGIN, {"redirected_to": "https://127.0.0.1/?error=access_denied"}), 409, "FAILED_PRECONDITION")
    assert server.get(LOGIN).json()["state"] == "none"
    made = server.post(LOGIN, {"redirected_to": "https://127.0.0.1/?code=C0.code%40&session=1"})
    assert made.status == 200, made.body
    login = made.json()
    assert login["state"] == "valid" and 6.9 < login["days_left"] <= 7 and login["ends_at"] > login["logged_in_at"]
    assert program("schwab", "status", "--json", environment=schwab.environment).json()["state"] == "valid"
    audited = server.get("/api/v1/admin/audit").json()["entries"]
    assert [entry["outcome"] for entry in audited if entry["action"] == f"POST {LOGIN}"][0] == "200"
    server.end()
    written = (program.folder / "serve.log").read_bytes()
    for path in program.data.rglob("*"):
        if path.is_file():
            written += path.read_bytes()
    for secret in (b"C0.code", b"hush-secret", b"refresh\""):
        assert secret not in written


def test_without_an_app_at_schwab_it_says_what_to_set(start):
    server = start()
    told = server.get(LOGIN).json()
    assert not told["configured"] and told["authorize_url"] is None and "schwab_key" in told["message"]
    is_problem(server.post(LOGIN, {"redirected_to": "https://127.0.0.1/?code=1"}), 422, "PROVIDER_NOT_CONFIGURED")


def test_settings_are_told_with_their_origin_and_without_secrets(program, start, schwab):  # noqa: F811
    program.write("desk.toml", "slow_query_ms = 250\n")
    server = start("--config", "desk.toml", **schwab.environment, TRADEASSIST_THREADS="2",
                   TRADEASSIST_REDIS="", TRADEASSIST_DATABASE="")
    reply = server.get(SETTINGS)
    settings = {setting["name"]: setting for setting in reply.json()["settings"]}
    shown = program("config", "--json", "--config", "desk.toml", environment=schwab.environment).json()
    assert list(settings) == [entry["name"] for entry in shown]
    assert settings["slow_query_ms"] | {"value": "250", "otherwise": "100", "origin": "desk.toml:1",
                                        "origin_kind": "file", "is_reloadable": True} == settings["slow_query_ms"]
    assert (settings["threads"]["value"], settings["threads"]["origin_kind"]) == ("2", "environment")
    assert settings["authentication"]["origin_kind"] == "flag" and settings["listen"]["origin"] == "--listen"
    assert settings["max_import_bytes"]["value"] == settings["max_import_bytes"]["otherwise"] == str(256 << 20)
    secret = settings["schwab_secret"]
    assert (secret["value"], secret["otherwise"], secret["is_set"], secret["is_secret"]) == (None, None, True, True)
    assert not settings["slack_url"]["is_set"] and b"hush" not in reply.body
    assert all(setting["help"] for setting in settings.values())


def test_settings_after_a_reload_are_those_that_hold(program, start):
    program.write("desk.toml", "slow_query_ms = 250\n")
    server = start("--config", "desk.toml")
    program.write("desk.toml", "slow_query_ms = 300\njob_workers = 2\n")
    server.process.send_signal(signal.SIGHUP)
    end = time.monotonic() + 30
    while True:
        settings = {setting["name"]: setting for setting in server.get(SETTINGS).json()["settings"]}
        if settings["slow_query_ms"]["value"] == "300":
            break
        assert time.monotonic() < end
        time.sleep(0.02)
    assert settings["job_workers"]["value"] == "1" and settings["job_workers"]["waits_for_restart"]
    assert not settings["slow_query_ms"]["waits_for_restart"]


def test_notifications_are_sent_on_trial(program, start, receive, certificate):  # noqa: F811
    slack, mail = receive(), MailServer(certificate, PASSWORD)
    settings = channel_settings(slack, mail, certificate) | {
        "TRADEASSIST_SLACK_EVENTS": "job.*", "TRADEASSIST_EMAIL_EVENTS": "job.*"}
    server = start(**settings)
    assert server.post(TEST, {"channel": "slack"}).json() == {"channel": "slack", "sent": True, "error": None}
    (message,) = slack.wait()
    assert message.path == SLACK_PATH and "a test of notifications" in message.body.decode()
    assert server.post(TEST, {"channel": "mail"}).json() == {"channel": "email", "sent": True, "error": None}
    assert "a test of notifications" in mail.wait()[0].message()["Subject"]
    is_problem(server.post(TEST, {"channel": "pigeon"}), 422, "INVALID_REQUEST")
    slack.paths[SLACK_PATH] = Behaviour(403, body=b"invalid_token")
    failed = server.post(TEST, {"channel": "slack"})
    assert failed.json() == {"channel": "slack", "sent": False, "error": "the answer is 403"}
    mail.close()


def test_a_channel_that_is_not_configured_says_what_to_set(start):
    server = start()
    assert "slack_url" in is_problem(server.post(TEST, {"channel": "slack"}), 409, "FAILED_PRECONDITION")["detail"]
    assert "smtp_server" in is_problem(server.post(TEST, {"channel": "email"}), 409, "FAILED_PRECONDITION")["detail"]


def test_all_of_it_is_for_administrators(program, tmp_path):
    server = Server(tmp_path, "--data", program.data, keys=True)
    try:
        admin = {"Authorization": f"Bearer {server.first_key}"}
        made = server.post("/api/v1/admin/keys", {"name": "w", "scopes": ["write", "trade-research"]}, headers=admin)
        other = {"Authorization": f"Bearer {made.json()['token']}"}
        for method, path, body in (("GET", SETTINGS, None), ("GET", LOGIN, None), ("POST", LOGIN, {"redirected_to": "x"}),
                                   ("POST", TEST, {"channel": "slack"})):
            is_problem(server.call(method, path, body, headers=other), 403, "SCOPE_MISSING")
            is_problem(server.call(method, path, body), 401, "API_KEY_REQUIRED")
        assert server.get(SETTINGS, headers=admin).status == 200
    finally:
        server.end()
