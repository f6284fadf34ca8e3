"""Requests without end, from threads of one's own, and what became of them."""

import http.client
import json
import threading
import time


class Load:
    """Clients that ask for `paths` again and again while this is open; half of them keep their connections.

    As a good HTTP client does (RFC 9110, 9.2.2), one whose kept connection turns out to be closed before a byte of
    the answer came asks once more on a new one; those are counted, too.
    """

    def __init__(self, port, paths=("/api/v1/version",), clients=4, seconds=60, headers=None):
        self.port, self.paths, self.seconds, self.headers = port, paths, seconds, headers or {}
        self.failures, self.releases, self.done, self.asked_again = [], [], 0, 0
        self.longest = 0.0
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(i % 2 == 0, i)) for i in range(clients)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        self.wait_for(len(self._threads))
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, more, seconds=60):
        """Until so many more requests were answered."""
        wanted, end = self.done + more, time.monotonic() + seconds
        while self.done < wanted and not self.failures:
            assert time.monotonic() < end, f"{self.done} of {wanted} requests"
            time.sleep(0.01)

    def _run(self, keeps, number):
        connection, is_used = None, False
        while not self._stop.is_set():
            path = self.paths[number % len(self.paths)]
            number += 1
            begin = time.monotonic()
            try:
                if connection is None:
                    connection, is_used = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.seconds), False
                try:
                    connection.request("GET", path, headers=self.headers | ({} if keeps else {"Connection": "close"}))
                    response = connection.getresponse()
                except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                    if not is_used:
                        raise
                    connection.close()
                    connection = None
                    with self._lock:
                        self.asked_again += 1
                    continue
                body = response.read()
                is_used = True
                if not keeps or response.will_close:
                    connection.close()
                    connection = None
                with self._lock:
                    self.done += 1
                    self.longest = max(self.longest, time.monotonic() - begin)
                    if response.status != 200:
                        self.failures.append((path, response.status, body[:200]))
                    elif path == "/api/v1/version":
                        self.releases.append(json.loads(body)["release"])
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a failed request
                connection = None
                with self._lock:
                    self.failures.append((path, repr(error)))
        if connection is not None:
            connection.close()
