"""HTTP with retries, over the standard library."""

from __future__ import annotations

import http.client
import json
import random
import time
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import ApiError, ConnectionFailed

_TEMPORARY = frozenset({429, 502, 503})


@dataclass(frozen=True)
class Retries:
    """How a request is repeated that failed for now: `tries` times in all, after `first_wait` seconds, then twice as
    long each time up to `wait_max`, and a random part of it less; never before the server's Retry-After is over. A
    Retry-After beyond `retry_after_max` is not waited for."""

    tries: int = 5
    first_wait: float = 0.5
    wait_max: float = 20.0
    retry_after_max: float = 120.0


class Response:
    """An open answer: `read()` in whole or in parts, and `close()`. A context manager."""

    def __init__(self, connection: http.client.HTTPConnection, response: http.client.HTTPResponse):
        self._connection, self._response = connection, response
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}

    def read(self, size: int | None = None) -> bytes:
        return self._response.read() if size is None else self._response.read(size)

    def readline(self) -> bytes:
        return self._response.readline()

    def close(self) -> None:
        self._response.close()
        self._connection.close()

    def json(self) -> Any:
        try:
            return json.loads(self.read())
        finally:
            self.close()

    def __enter__(self) -> Response:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Transport:
    """Sends requests to one server. Each has a connection of its own, so threads can share it."""

    def __init__(self, url: str, key: str | None, timeout: float, retries: Retries,
                 sleep: Callable[[float], None] = time.sleep):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"'{url}' is not the address of a server; write http://HOST:PORT")
        self._parts, self._key, self._timeout, self._retries, self._sleep = parts, key, timeout, retries, sleep

    def _connect(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self._parts.scheme == "https" else http.client.HTTPConnection
        return kind(str(self._parts.hostname), self._parts.port, timeout=self._timeout)

    def request(self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: Any = None,
                headers: Mapping[str, str] | None = None) -> Response:
        """The answer, when it is a good one. ApiError where the server refuses, ConnectionFailed where it is not
        there. What fails for now is tried again; what may have been done already only where doing it twice is harmless:
        not a POST without an Idempotency-Key, unless the server said that it did nothing (429, 503)."""
        target = self._parts.path.rstrip("/") + path + encoded_query(query)
        sent = {"Accept": "application/json", "User-Agent": "tradeassist-python/0.1.0", **(headers or {})}
        if self._key:
            sent["Authorization"] = f"Bearer {self._key}"
        data = None
        if body is not None:
            data = json.dumps(body, allow_nan=False).encode()
            sent["Content-Type"] = "application/json"
        is_repeatable = method != "POST" or "Idempotency-Key" in sent
        for attempt in range(1, self._retries.tries + 1):
            connection = self._connect()
            is_last = attempt == self._retries.tries
            try:
                connection.request(method, target, data, sent)
                answer = Response(connection, connection.getresponse())
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                if is_last or not (is_repeatable or isinstance(error, ConnectionRefusedError)):
                    raise ConnectionFailed(f"{method} {self._parts.netloc}{path}: {error}") from error
                self._sleep(self._wait(attempt, None))
                continue
            if answer.status < 400:
                return answer
            problem = _problem(answer)
            answer.close()
            wait = self._wait(attempt, answer.headers.get("retry-after"))
            may_repeat = is_repeatable or answer.status in (429, 503)
            if is_last or answer.status not in _TEMPORARY or not may_repeat or wait > self._retries.retry_after_max:
                raise ApiError(answer.status, problem, answer.headers.get("x-request-id"))
            self._sleep(wait)
        raise AssertionError("a try is always the last one")

    def _wait(self, attempt: int, retry_after: str | None) -> float:
        longest = min(self._retries.first_wait * 2.0 ** (attempt - 1), self._retries.wait_max)
        wait = longest * random.uniform(0.5, 1.0)
        if retry_after and retry_after.strip().isdigit():
            wait += float(retry_after)
        return wait


def encoded_query(query: Mapping[str, Any] | None) -> str:
    """?name=value…: true and false as JSON has them, times in ISO form; what is None is left out."""

    def text(value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        return value.isoformat() if hasattr(value, "isoformat") else str(value)

    given = {name: text(value) for name, value in (query or {}).items() if value is not None}
    return "?" + urllib.parse.urlencode(given) if given else ""


def _problem(answer: Response) -> dict[str, Any]:
    try:
        problem = json.loads(answer.read())
    except (ValueError, OSError, http.client.HTTPException):
        return {}
    return problem if isinstance(problem, dict) else {}
