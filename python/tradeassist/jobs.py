"""Work in the background."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .errors import ConnectionFailed, JobFailed
from .progress import Nothing, Progress, best_progress

if TYPE_CHECKING:
    from .client import Client

_ENDED = frozenset({"completed", "failed", "cancelled"})


@dataclass(frozen=True)
class Event:
    """A server-sent event: `log`, `job` or `end`."""

    name: str
    data: dict[str, Any]
    id: str | None = None


class Job:
    """A job of the server, by its id."""

    def __init__(self, client: Client, job_id: str):
        self._client, self.id = client, job_id

    def __repr__(self) -> str:
        return f"Job({self.id!r})"

    def status(self) -> dict[str, Any]:
        return self._client.get(f"/api/v1/jobs/{self.id}")

    def result(self) -> Any:
        """What came of it, once it has completed."""
        job = self._client.get(f"/api/v1/jobs/{self.id}", result=True)
        if job["state"] != "completed":
            raise JobFailed(job)
        return job["result"]

    def cancel(self) -> dict[str, Any]:
        return self._client.post(f"/api/v1/jobs/{self.id}/cancel")

    def pause(self) -> dict[str, Any]:
        return self._client.post(f"/api/v1/jobs/{self.id}/pause")

    def resume(self) -> dict[str, Any]:
        return self._client.post(f"/api/v1/jobs/{self.id}/resume")

    def log(self) -> Iterator[dict[str, Any]]:
        return self._client.pages(f"/api/v1/jobs/{self.id}/log", "lines")

    def events(self) -> Iterator[Event]:
        """What happens to it as it happens, until its end. A connection that breaks is made again, and goes on where
        it broke; ConnectionFailed when the server stays away."""
        last_id: str | None = None
        failures = 0
        while True:
            headers = {"Accept": "text/event-stream", **({"Last-Event-ID": last_id} if last_id else {})}
            try:
                with self._client.open("GET", f"/api/v1/jobs/{self.id}/events", headers=headers) as answer:
                    for event in _events(answer.readline):
                        failures = 0
                        last_id = event.id or last_id
                        yield event
                        if event.name == "end":
                            return
            except (OSError, http.client.HTTPException) as error:
                failures += 1
                if failures > 5:
                    raise ConnectionFailed(f"the events of job {self.id}: {error}") from error
            time.sleep(min(0.2 * 2**failures, 5.0))

    def wait(self, progress: bool | Progress = True) -> Job:
        """Until it has ended; JobFailed unless it completed. `progress`: whether to show it, or what shows it."""
        shown: Progress = best_progress() if progress is True else Nothing() if progress is False else progress
        state: dict[str, Any] = {}
        try:
            for event in self.events():
                if event.name == "job":
                    state = event.data
                    shown.update(state)
        finally:
            shown.close()
        if state.get("state") not in _ENDED:
            state = self.status()
        if state["state"] != "completed":
            raise JobFailed(state)
        return self


def _events(readline: Any) -> Iterator[Event]:
    """Server-sent events (HTML Living Standard, 9.2.6)."""
    name, event_id = "message", None
    data: list[str] = []
    while line := readline():
        text = line.decode().rstrip("\r\n")
        if not text:
            if data:
                yield Event(name, json.loads("\n".join(data)), event_id)
            name, data, event_id = "message", [], None
            continue
        field, _, value = text.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            name = value
        elif field == "data":
            data.append(value)
        elif field == "id":
            event_id = value
