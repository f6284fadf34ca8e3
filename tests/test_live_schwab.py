"""Live bars of Schwab in the running server, from a server of the test that speaks its protocol and misbehaves."""

import signal
import time

import pytest
from schwab_streamer import LiveSchwab, stamp
from test_providers import login
from web_socket import WebSocket


@pytest.fixture
def schwab():
    made = LiveSchwab()
    yield made
    made.close()


class Live:
    """A server with live bars, and somebody who listens to it."""

    def __init__(self, program, serve, schwab, symbols):
        self.streamer = schwab.streamer
        settings = {**schwab.settings, "live_source": "schwab", "live_symbols": symbols}
        program.write("live.toml", "".join(f'{name} = "{value}"\n' for name, value in settings.items()))
        self.server = serve("--data", program.data, "--config", "live.toml")

    def listen(self, *channels) -> WebSocket:
        listener = WebSocket(self.server.port, seconds=60)
        for channel in channels:
            listener.subscribe(channel, after=0)
        return listener

    def health(self):
        return self.server.get("/api/v1/health/live").json()

    def wait_for(self, what, seconds=30):
        """The health of which `what` is true."""
        end = time.monotonic() + seconds
        while not what(health := self.health()):
            assert time.monotonic() < end, health
            time.sleep(0.02)
        return health

    def stored(self, symbol="SPY"):
        """The close of every stored minute, by time."""
        reply = self.server.get(f"/api/v1/bars?symbol={symbol.replace('/', '%2F')}&timeframe=1m&source=schwab&format=json")
        return {bar["time"]: bar["close"] for bar in reply.json()["bars"]} if reply.status == 200 else {}

    def series(self, symbol="SPY"):
        (found,) = [one for one in self.server.get("/api/v1/instruments").json()["instruments"] if one["symbol"] == symbol]
        (series,) = found["series"]
        return series


@pytest.fixture
def live(program, serve, schwab):
    def start(symbols="SPY") -> Live:
        schwab.streamer.services = 1 if "/" not in symbols else 3 if symbols[0] != "/" else 2
        return Live(program, serve, schwab, symbols)

    return start


def messages(listener, message_type, count, seconds=60):
    """The data of the next `count` messages of that type."""
    found, end = [], time.monotonic() + seconds
    while len(found) < count:
        message = listener.receive()  # heartbeats come, too
        assert time.monotonic() < end, (found, message)
        if message["messageType"] == message_type:
            found.append(message["data"])
    return found


def minutes(*numbers, close=10.5):
    return {stamp(number): close for number in numbers}


def test_bars_and_quotes_arrive_when_they_are_stored(program, schwab, live):
    login(program, schwab)
    running = live("SPY,/ESZ25")
    peer = schwab.streamer.peer(1)
    assert peer.token == "access-1"
    assert peer.subscriptions == {"CHART_EQUITY": ["SPY"], "CHART_FUTURES": ["/ESZ25"], "LEVELONE_FUTURES": ["/ESZ25"]}
    listener = running.listen("bars:SPY:1m", "bars:/ESZ25:1m", "quotes:/ESZ25", "live")
    peer.bar(1, 0)
    (bar,) = messages(listener, "bar", 1)
    assert (bar["symbol"], bar["time"], bar["close"], bar["source"]) == ("SPY", stamp(0), 10.5, "schwab")
    assert (bar["is_late"], bar["is_backfill"]) == (False, False)
    assert running.stored() == minutes(0)
    peer.bar(7, 0, symbol="/ESZ25")
    (bar,) = messages(listener, "bar", 1)
    assert bar["symbol"] == "/ESZ25" and running.stored("/ESZ25") == minutes(0)
    peer.data("LEVELONE_FUTURES", {"key": "/ESZ25", "1": 100.25, "2": 100.5, "3": 100.25})
    peer.data("LEVELONE_FUTURES", {"key": "/ESZ25", "2": 100.75})  # only what changed
    assert [(quote["bid"], quote["ask"], quote["open"]) for quote in messages(listener, "market_data", 2)] == [
        (100.25, 100.5, None), (100.25, 100.75, None)]  # fmt: skip
    health = running.wait_for(lambda health: health["state"] == "live")
    assert [(one["symbol"], one["last_bar"], one["bars"], one["failures"]) for one in health["series"]] == [
        ("/ESZ25", stamp(0), 1, 0), ("SPY", stamp(0), 1, 0)]  # fmt: skip
    assert health["login"]["state"] == "valid" and health["login"]["ends_at"] > health["login"]["logged_in_at"]


def test_a_line_that_breaks_is_shown_and_the_hole_is_filled(program, schwab, live):
    login(program, schwab)
    running = live("SPY,/ESZ25")
    listener = running.listen("bars:SPY:1m", "live")
    peer = schwab.streamer.peer(1)
    peer.bar(1, 0)
    peer.bar(5, 0, symbol="/ESZ25")
    messages(listener, "bar", 1)
    running.wait_for(lambda health: len(health["series"]) == 2)
    schwab.history = {1: 11, 2: 11.5, 3: 11}
    schwab.streamer.accepts = False
    peer.drop()
    broken = running.wait_for(lambda health: health["state"] == "degraded")
    assert "connecting again in" in broken["why"]
    while (state := messages(listener, "live_state", 1)[0])["state"] != "degraded":
        pass
    assert "connecting again in" in state["why"] and state["source"] == "schwab"
    schwab.streamer.accepts = True
    peer = schwab.streamer.peer(2)
    peer.bar(1, 4)  # numbers begin anew
    peer.bar(1, 4, symbol="/ESZ25")
    running.wait_for(lambda health: health["state"] == "live" and health["holes_count"] == 2)
    holes = {hole["symbol"]: hole for hole in running.health()["holes"]}
    assert holes["SPY"]["is_filled"] and (holes["SPY"]["from"], holes["SPY"]["to"]) == (stamp(1), stamp(4))
    assert not holes["/ESZ25"]["is_filled"] and "no history of futures" in holes["/ESZ25"]["reason"]
    bars = messages(listener, "bar", 4)
    assert sorted((bar["time"], bar["is_backfill"]) for bar in bars) == [
        (stamp(1), True), (stamp(2), True), (stamp(3), True), (stamp(4), False)]  # fmt: skip
    assert running.stored() == {**minutes(0, 4), stamp(1): 11, stamp(2): 11.5, stamp(3): 11}
    assert running.stored("/ESZ25") == minutes(0, 4)


def test_bars_doubled_out_of_order_late_and_corrected(program, schwab, live):
    login(program, schwab)
    running = live()
    listener = running.listen("bars:SPY:1m")
    peer = schwab.streamer.peer(1)
    peer.bar(1, 1)
    peer.bar(3, 3)
    peer.bar(2, 2)  # overtaken
    peer.bar(2, 2)
    peer.bar(3, 3)  # doubled
    peer.bar(0, 0)  # late
    first = messages(listener, "bar", 4)
    peer.bar(2, 2, close=11.25)  # corrected
    peer.data("CHART_EQUITY", {"key": "SPY", "1": 10, "2": 9, "3": 11, "4": 10, "5": 1, "6": 4, "7": 1748873040000})
    peer.send({"data": [{"service": "CHART_EQUITY", "content": [{"key": "SPY", "1": 10}, 7]}, {"service": "NEWS"}]})
    peer.bar(5, 4)
    got = [(bar["time"], bar["close"], bar["is_late"]) for bar in first + messages(listener, "bar", 2)]
    assert got == [(stamp(1), 10.5, False), (stamp(2), 10.5, False), (stamp(3), 10.5, False), (stamp(0), 10.5, True),
                   (stamp(2), 11.25, True), (stamp(4), 10.5, False)]  # fmt: skip
    assert running.stored() == {**minutes(0, 1, 3, 4), stamp(2): 11.25}
    series = running.series()
    assert (series["row_count"], series["corrections"]) == (5, 1)
    assert running.health()["state"] == "live" and len(schwab.streamer.peers) == 1


def test_damaged_messages_and_codes_lead_to_the_next_connection(program, schwab, live):
    login(program, schwab)
    running = live()
    for number, breaks in enumerate((lambda peer: peer.send(b'{"data":[{"service":"CHART'),
                                     lambda peer: peer.respond("ADMIN", "LOGOUT", 30),
                                     lambda peer: peer.respond("ADMIN", "QOS", 20)), 1):  # fmt: skip
        peer = schwab.streamer.peer(number)
        peer.bar(1, number)
        running.wait_for(lambda health: health["series"] and health["series"][0]["last_bar"] == stamp(number))
        breaks(peer)
    schwab.streamer.peer(4).bar(1, 4)
    running.wait_for(lambda health: health["state"] == "live" and health["series"][0]["last_bar"] == stamp(4))
    assert running.stored() == minutes(1, 2, 3, 4)


def test_a_line_without_heartbeats_is_connected_again(program, schwab, live):
    login(program, schwab)
    running = live()
    peer = schwab.streamer.peer(1)
    peer.bar(1, 0)
    listener = running.listen("live")
    schwab.streamer.has_heartbeat = False
    while "no heartbeat" not in messages(listener, "live_state", 1)[0]["why"]:  # within half a minute
        pass
    schwab.streamer.has_heartbeat = True
    schwab.streamer.peer(2).bar(1, 1)
    running.wait_for(lambda health: health["state"] == "live" and health["series"][0]["bars"] == 2)
    assert running.stored() == minutes(0, 1)


def test_a_login_that_is_denied_or_has_ended_is_told_and_a_new_one_goes_on(program, schwab, live):
    running = live()
    stopped = running.wait_for(lambda health: health["state"] == "stopped")
    assert "tradeassist schwab login" in stopped["why"] and stopped["login"]["state"] == "none"
    login(program, schwab)
    peer = schwab.streamer.peer(1)
    peer.bar(1, 0)
    running.wait_for(lambda health: health["state"] == "live" and health["series"])

    # The streamer denies the token, then the renewed one, too.
    listener = running.listen("live")
    schwab.streamer.login_codes.extend([3, 3])
    peer.drop()
    denied = running.wait_for(lambda health: health["state"] == "stopped")
    assert "login denied" in denied["why"] and "tradeassist schwab login" in denied["why"]
    login(program, schwab)
    schwab.streamer.peer(2).bar(1, 1)
    running.wait_for(lambda health: health["state"] == "live" and health["series"][0]["bars"] == 2)

    # Schwab takes the refresh token no longer.
    schwab.refuses_refresh, schwab.tokens = True, schwab.tokens + 1
    schwab.streamer.peer(2).drop()
    ended = running.wait_for(lambda health: health["state"] == "stopped")
    assert ended["login"]["state"] == "ended" and "tradeassist schwab login" in ended["login"]["message"]
    while (told := messages(listener, "live_login", 1)[0])["state"] != "ended":
        pass
    assert "tradeassist schwab login" in told["message"]
    schwab.refuses_refresh = False
    login(program, schwab)
    schwab.streamer.peer(3).bar(1, 2)
    running.wait_for(lambda health: health["state"] == "live" and health["series"][0]["bars"] == 3)
    assert running.stored() == minutes(0, 1, 2)
    assert running.health()["login"]["state"] == "valid"


def test_a_login_over_http_lets_the_live_source_go_on(program, schwab, live):
    running = live()
    running.wait_for(lambda health: health["state"] == "stopped")
    path = "/api/v1/admin/schwab/login"
    before = running.server.get(path).json()
    assert before["configured"] and before["state"] == "none" and "/v1/oauth/authorize?" in before["authorize_url"]
    after = running.server.post(path, {"redirected_to": "https://127.0.0.1/?code=C0.code%40&session=1"})
    assert after.status == 200 and after.json()["state"] == "valid", after.body
    schwab.streamer.peer(1).bar(1, 0)
    running.wait_for(lambda health: health["state"] == "live" and health["series"] and health["login"]["state"] == "valid")
    assert running.stored() == minutes(0)


def test_a_killed_server_goes_on_with_nothing_doubled_and_every_hole_filled(program, schwab, live):
    login(program, schwab)
    running = live()
    peer = schwab.streamer.peer(1)
    for minute in range(3):
        peer.bar(minute, minute)
    running.wait_for(lambda health: health["series"] and health["series"][0]["bars"] == 3)
    # A hole that is not filled yet, though what came after it is stored.
    schwab.history = {minute: 10.5 for minute in range(10)}
    schwab.history_may_answer.clear()
    peer.drop()
    schwab.streamer.peer(2).bar(1, 6)
    running.wait_for(lambda health: health["series"][0]["last_bar"] == stamp(6))
    running.server.end(signal.SIGKILL)
    schwab.history_may_answer.set()

    running.server.start()
    peer = schwab.streamer.peer(3)
    peer.bar(3, 9)
    peer.bar(2, 6)  # known already
    listener = running.listen("bars:SPY:1m")
    times = {bar["time"] for bar in messages(listener, "bar", 7)}
    assert times == {stamp(minute) for minute in (3, 4, 5, 6, 7, 8, 9)}
    running.wait_for(lambda health: health["holes_count"] == 2 and all(hole["is_filled"] for hole in health["holes"]))
    assert running.stored() == minutes(*range(10))
    series = running.series()
    assert (series["row_count"], series["corrections"]) == (10, 0)
    program("doctor")
