"""A server that speaks Schwab's protocol as far as live bars need it, and misbehaves as a test tells it: logins and
price history over HTTP, and the streamer as a WebSocket (RFC 6455)."""

import base64
import collections
import datetime
import hashlib
import http.server
import json
import socket
import struct
import threading
import time
import urllib.parse

START_MS = 1748872800000  # 2025-06-02T14:00:00Z, ten o'clock in New York


def stamp(minute) -> str:
    moment = datetime.datetime.fromtimestamp(START_MS / 1000, datetime.timezone.utc) + datetime.timedelta(minutes=minute)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Peer:
    """One connection of the program to the streamer."""

    def __init__(self, connection, streamer):
        self.connection, self.streamer = connection, streamer
        self.file = connection.makefile("rb")
        self.lock = threading.Lock()
        self.subscriptions = {}  # service: keys
        self.token = None

    def send(self, message):
        text = message if isinstance(message, bytes) else json.dumps(message).encode()
        size = len(text)
        head = bytes([0x81, size]) if size < 126 else struct.pack("!BBH", 0x81, 126, size)
        with self.lock:
            self.connection.sendall(head + text)

    def bar(self, sequence, minute, close=10.5, symbol="SPY"):
        at = START_MS + 60_000 * minute
        if symbol.startswith("/"):
            fields = {"key": symbol, "seq": sequence, "1": at, "2": 10, "3": 12, "4": 9, "5": close, "6": 100}
            self.data("CHART_FUTURES", fields)
        else:
            fields = {"key": symbol, "1": 10, "2": 12, "3": 9, "4": close, "5": 100, "6": sequence, "7": at, "8": 1}
            self.data("CHART_EQUITY", fields)

    def data(self, service, fields):
        self.send({"data": [{"service": service, "timestamp": START_MS, "command": "SUBS", "content": [fields]}]})

    def respond(self, service, command, code):
        self.send({"response": [{"service": service, "command": command, "requestid": "1",
                                 "content": {"code": code, "msg": "m"}}]})  # fmt: skip

    def drop(self):
        self.connection.shutdown(socket.SHUT_RDWR)

    def _read(self):
        first, size = self.file.read(2)
        size &= 0x7F
        if size == 126:
            (size,) = struct.unpack("!H", self.file.read(2))
        mask = self.file.read(4)
        payload = bytes(byte ^ mask[i % 4] for i, byte in enumerate(self.file.read(size)))
        return first & 0x0F, payload

    def serve(self):
        key = ""
        while line := self.file.readline().strip():
            name, _, value = line.decode().partition(": ")
            key = value if name.lower() == "sec-websocket-key" else key
        accepted = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest())
        self.connection.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                b"Sec-WebSocket-Accept: " + accepted + b"\r\n\r\n")  # fmt: skip
        while True:
            opcode, payload = self._read()
            if opcode == 8:
                return
            if opcode != 1:
                continue
            (asked,) = json.loads(payload)["requests"]
            if asked["command"] == "LOGIN":
                self.token = asked["parameters"]["Authorization"]
                codes = self.streamer.login_codes
                self.respond("ADMIN", "LOGIN", codes.popleft() if codes else 0)
            else:
                self.subscriptions[asked["service"]] = asked["parameters"]["keys"].split(",")
                self.respond(asked["service"], asked["command"], 0)
                self.streamer.subscribed(self)


class Streamer:
    """`services`: how many subscriptions make a peer ready."""

    def __init__(self):
        self.services = 1
        self.login_codes = collections.deque()
        self.accepts = self.has_heartbeat = True
        self.peers, self.connections = [], 0
        self.changed = threading.Condition()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"ws://127.0.0.1:{self.listener.getsockname()[1]}/ws"
        self.is_closing = False
        for work in (self._accept, self._beat):
            threading.Thread(target=work, daemon=True).start()

    def _accept(self):
        while not self.is_closing:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            if not self.accepts:
                connection.close()
                continue
            threading.Thread(target=self._serve, args=(Peer(connection, self),), daemon=True).start()

    @staticmethod
    def _serve(peer):
        try:
            peer.serve()
        except (OSError, ValueError):  # the program went, or the test dropped it
            pass
        finally:
            peer.connection.close()

    def _beat(self):
        while not self.is_closing:
            time.sleep(0.5)
            for peer in list(self.peers):
                try:
                    if self.has_heartbeat:
                        peer.send({"notify": [{"heartbeat": str(START_MS)}]})
                except OSError:
                    pass

    def subscribed(self, peer):
        if len(peer.subscriptions) < self.services:
            return
        with self.changed:
            self.peers.append(peer)
            self.changed.notify_all()

    def peer(self, number, seconds=30) -> Peer:
        """The number-th connection, from 1, that has subscribed."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.peers) >= number, seconds), f"{len(self.peers)} connections"
            return self.peers[number - 1]

    def close(self):
        self.is_closing = True
        self.listener.close()
        for peer in self.peers:
            peer.connection.close()


class _Http(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        try:
            self.wfile.write(data)
        except OSError:  # the program was killed meanwhile
            pass

    def do_POST(self):
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        schwab = self.server.schwab
        by_code = form.get("code") == ["C0.code@"]
        if not by_code and (schwab.refuses_refresh or form.get("refresh_token") != [f"refresh-{schwab.logins}"]):
            return self.answer(400, {"error": "invalid_grant"})
        schwab.logins += by_code
        schwab.tokens += 1
        self.answer(200, {"access_token": f"access-{schwab.tokens}", "refresh_token": f"refresh-{schwab.logins}",
                          "expires_in": schwab.token_seconds})  # fmt: skip

    def do_GET(self):
        schwab = self.server.schwab
        url = urllib.parse.urlsplit(self.path)
        query = {name: values[0] for name, values in urllib.parse.parse_qs(url.query).items()}
        if self.headers["Authorization"] != f"Bearer access-{schwab.tokens}":
            return self.answer(401, {})
        if url.path == "/trader/v1/userPreference":
            return self.answer(200, {"streamerInfo": [{
                "streamerSocketUrl": schwab.streamer.url, "schwabClientCustomerId": "customer",
                "schwabClientCorrelId": "correlation", "schwabClientChannel": "N9",
                "schwabClientFunctionId": "APIAPP"}]})  # fmt: skip
        schwab.history_asked.append(query)
        schwab.history_may_answer.wait(60)
        within = [minute for minute in schwab.history
                  if int(query["startDate"]) <= START_MS + 60_000 * minute <= int(query["endDate"])]  # fmt: skip
        candles = [{"open": 10, "high": 12, "low": 9, "close": schwab.history[minute], "volume": 100,
                    "datetime": START_MS + 60_000 * minute} for minute in sorted(within)]  # fmt: skip
        self.answer(200, {"symbol": query["symbol"], "empty": not candles, "candles": candles})


class LiveSchwab:
    def __init__(self):
        self.streamer = Streamer()
        self.logins = self.tokens = 0
        self.refuses_refresh = False
        self.token_seconds = 1800
        self.history = {}  # close by minute
        self.history_asked = []
        self.history_may_answer = threading.Event()
        self.history_may_answer.set()
        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Http)
        self.http.schwab = self
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.settings = {"schwab_key": "key", "schwab_secret": "hush-secret",
                         "schwab_base_url": f"http://127.0.0.1:{self.http.server_port}"}  # fmt: skip
        self.environment = {f"TRADEASSIST_{name.upper()}": value for name, value in self.settings.items()}

    def close(self):
        self.history_may_answer.set()
        self.http.shutdown()
        self.http.server_close()
        self.streamer.close()
