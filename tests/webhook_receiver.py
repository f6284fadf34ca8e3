"""A receiver of webhooks that keeps what it was sent and misbehaves as told."""

import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Received:
    path: str
    headers: dict  # names in lower case
    body: bytes


@dataclass
class Behaviour:
    status: int = 200
    headers: dict = field(default_factory=dict)
    body: bytes = b"thank you"
    endless: bool = False  # the body never ends
    cut: bool = False  # the connection ends in the middle of the answer
    hold: threading.Event | None = None  # answers when it is set


class Receiver:
    """Behaves by path, else as `default`."""

    def __init__(self, port=0, certificate=None, **paths):
        self.received: list[Received] = []
        self.default = Behaviour()
        self.paths = {f"/{name}": behaviour for name, behaviour in paths.items()}
        self.changed = threading.Condition()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer._take(self, Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body))

            do_GET = do_POST

            def log_message(self, *arguments):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *arguments):
                pass

        self.server = Server(("127.0.0.1", port), Handler)
        scheme = "http"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            scheme = "https"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.port = self.server.server_port
        self.url = f"{scheme}://127.0.0.1:{self.port}"

    def _take(self, handler, received):
        with self.changed:
            self.received.append(received)
            self.changed.notify_all()
        behaviour = self.paths.get(received.path, self.default)
        if behaviour.hold is not None:
            behaviour.hold.wait(60)
        try:
            self._answer(handler, behaviour)
        except OSError:
            pass
        handler.close_connection = True

    def _answer(self, handler, behaviour):
        handler.send_response(behaviour.status)
        for name, value in behaviour.headers.items():
            handler.send_header(name, value)
        if behaviour.endless:
            handler.end_headers()
            while True:
                handler.wfile.write(b"x" * 65536)
        handler.send_header("Content-Length", str(len(behaviour.body) + (100 if behaviour.cut else 0)))
        handler.end_headers()
        handler.wfile.write(behaviour.body)
        handler.wfile.flush()
        if behaviour.cut:
            handler.connection.shutdown(socket.SHUT_RDWR)

    def of(self, path) -> list:
        with self.changed:
            return [each for each in self.received if each.path == path]

    def wait(self, count=1, path=None, seconds=30) -> list:
        """The first so many messages, of the path if one is named."""
        end = time.monotonic() + seconds
        with self.changed:
            while True:
                found = [each for each in self.received if path in (None, each.path)]
                if len(found) >= count:
                    return found[:count]
                assert time.monotonic() < end, f"{len(found)} of {count} came"
                self.changed.wait(0.2)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
