"""The server, as Python sees it."""

from __future__ import annotations

import os
import pathlib
import uuid
from collections.abc import Iterator, Mapping
from typing import Any, cast

from .bars import Bars
from .jobs import Job
from .transport import Response, Retries, Transport

Json = dict[str, Any]


class Client:
    """A TradeAssist server. `url` and `key` are those of TRADEASSIST_URL and TRADEASSIST_KEY where they are left out.

    Methods raise ApiError where the server refuses (decide by its `code`), ConnectionFailed where it is not there.
    What fails for now is tried again (`retries`); what starts something carries an Idempotency-Key, so that a repeated
    request does not start it twice. Times are given as datetime, date or RFC 3339 text. Threads can share a client."""

    def __init__(self, url: str | None = None, key: str | None = None, *, timeout: float = 60.0,
                 retries: Retries | None = None):
        self._transport = Transport(url or os.environ.get("TRADEASSIST_URL", "http://127.0.0.1:8080"),
                                    key or os.environ.get("TRADEASSIST_KEY"), timeout, retries or Retries())

    # Every route, by its path.

    def open(self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: Any = None,
             headers: Mapping[str, str] | None = None) -> Response:
        """An answer to read from; close it."""
        return self._transport.request(method, path, query=query, body=body, headers=headers)

    def get(self, path: str, **query: Any) -> Json:
        """GET of a JSON answer; a parameter that Python has a word for takes an underscore: from_."""
        return cast(Json, self.open("GET", path, query=_names(query)).json())

    def post(self, path: str, body: Any = None, *, idempotency_key: str | None = None) -> Json:
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return cast(Json, self.open("POST", path, body=body, headers=headers).json())

    def put(self, path: str, body: Any) -> Json:
        return cast(Json, self.open("PUT", path, body=body).json())

    def delete(self, path: str, **query: Any) -> Json:
        return cast(Json, self.open("DELETE", path, query=_names(query)).json())

    def pages(self, path: str, items: str, **query: Any) -> Iterator[Json]:
        """Each of a list's items, page after page as they are asked for."""
        cursor: Any = None
        while True:
            page = self.get(path, **query, cursor=cursor)
            yield from page[items]
            cursor = page.get("next_cursor")
            if cursor is None:
                return

    # Market data.

    def version(self) -> str:
        return str(self.get("/api/v1/version")["version"])

    def instruments(self) -> Iterator[Json]:
        return self.pages("/api/v1/instruments", "instruments")

    def bars(self, symbol: str, timeframe: str, **query: Any) -> Bars:
        """Bars as columns, at most 50,000: `from_` and `to`, or `last`; `price_adjustment`, `vwap`, …"""
        return Bars.of(self.get("/api/v1/bars", symbol=symbol, timeframe=timeframe, format="columns", **query))

    def bars_arrow(self, symbol: str, timeframe: str, **query: Any) -> Any:
        """Bars as an Arrow table, at most 1,000,000. Needs pyarrow."""
        import pyarrow

        return pyarrow.Table.from_batches(list(self.bars_batches(symbol, timeframe, **query)))

    def bars_batches(self, symbol: str, timeframe: str, **query: Any) -> Iterator[Any]:
        """The same, as record batches while they arrive."""
        import pyarrow

        asked = {"symbol": symbol, "timeframe": timeframe, "format": "arrow", **_names(query)}
        with self.open("GET", "/api/v1/bars", query=asked,
                       headers={"Accept": "application/vnd.apache.arrow.stream"}) as answer:
            with pyarrow.ipc.open_stream(pyarrow.PythonFile(_Readable(answer), mode="r")) as reader:
                yield from reader

    def indicator(self, name: str, symbol: str, timeframe: str, **query: Any) -> Bars:
        """An indicator over stored bars, as columns; its own parameters go beside the others."""
        return Bars.of(self.get(f"/api/v1/indicators/{name}", symbol=symbol, timeframe=timeframe, **query))

    def fetch(self, symbols: list[str], frequency: str, **options: Any) -> Json:
        """Bars of many instruments at once; what goes wrong with one is in its entry."""
        return self.post("/api/v1/historical-data/fetch",
                         {"symbols": symbols, "frequency": frequency, **_names(options)})

    def fetch_in_background(self, symbols: list[str], frequency: str, **options: Any) -> Job:
        """The same as a job, from a `provider` where one is named."""
        body = {"symbols": symbols, "frequency": frequency, "background": True, **_names(options)}
        return Job(self, self._start("/api/v1/historical-data/fetch", body)["query_id"])

    # Strategies.

    def strategies(self, **query: Any) -> list[Json]:
        return cast("list[Json]", self.get("/api/v1/strategies", **query)["strategies"])

    def backtest(self, **request: Any) -> Json:
        """Runs a `strategy` of the catalogue, or a `pine` text, on stored bars of `symbol` and `timeframe`."""
        return self.post("/api/v1/backtests", _names(request))

    def optimize(self, **request: Any) -> Job:
        """Starts a search: the fields of a backtest, and `parameters`, `sampler`, `trials`, `objective`, …"""
        return Job(self, self._start("/api/v1/optimize/single", _names(request))["job_id"])

    def tournament(self, **request: Any) -> Job:
        """Starts a search of many strategies on many `symbols` and `timeframes`."""
        return Job(self, self._start("/api/v1/optimize/batch", _names(request))["job_id"])

    def jobs(self, **query: Any) -> Iterator[Json]:
        return self.pages("/api/v1/jobs", "jobs", **query)

    def job(self, job_id: str) -> Job:
        return Job(self, job_id)

    def export_report(self, job: Job | str, format: str = "html") -> Json:
        """Makes a file of a result; save() writes it."""
        job_id = job.id if isinstance(job, Job) else job
        return self.post("/api/v1/export/report", {"job_id": job_id, "format": format})

    def save(self, file: Json, path: str | os.PathLike[str]) -> pathlib.Path:
        """Writes a file that the server made, part by part."""
        target = pathlib.Path(path)
        with self.open("GET", file["download_url"], headers={"Accept": "*/*"}) as answer, target.open("wb") as out:
            while part := answer.read(1 << 16):
                out.write(part)
        return target

    def _start(self, path: str, body: Json) -> Json:
        return self.post(path, body, idempotency_key=uuid.uuid4().hex)


class _Readable:
    """What pyarrow reads from."""

    closed = False

    def __init__(self, answer: Response):
        self._answer = answer

    def read(self, size: int | None = None) -> bytes:
        return self._answer.read(size if size is not None and size >= 0 else None)

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self.closed = True


def _names(given: Mapping[str, Any]) -> Json:
    """Without the underscore of names that are words of Python, and with times as texts."""

    def plain(value: Any) -> Any:
        return value.isoformat() if hasattr(value, "isoformat") else value

    return {name.removesuffix("_"): plain(value) for name, value in given.items()}
