"""What can go wrong."""

from __future__ import annotations

from typing import Any


class TradeAssistError(Exception):
    """Of all that this package raises."""


class ConnectionFailed(TradeAssistError):
    """The server cannot be reached, or the connection broke, as often as it was tried."""


class ApiError(TradeAssistError):
    """The server refused (RFC 9457). `code` is stable: decide by it; docs/errors.md lists them all."""

    def __init__(self, status: int, problem: dict[str, Any], request_id: str | None = None):
        self.status = status
        self.code = str(problem.get("code", ""))
        self.detail = str(problem.get("detail", "")) or f"the server answered {status}"
        self.errors: list[dict[str, Any]] = list(problem.get("errors") or [])
        self.request_id = request_id
        fields = "".join(f"\n  {e.get('pointer', '')} {e.get('message', '')}".rstrip() for e in self.errors)
        super().__init__(f"{self.code or status}: {self.detail}{fields}")


class JobFailed(TradeAssistError):
    """A job that was waited for failed or was cancelled."""

    def __init__(self, job: dict[str, Any]):
        self.job = job
        super().__init__(f"job {job['job_id']} is {job['state']}: {job.get('error') or 'no reason is given'}")
