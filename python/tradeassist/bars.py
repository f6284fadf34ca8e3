"""Bars of one instrument."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


def parse_time(text: str) -> datetime:
    """The server's RFC 3339 as a datetime in UTC; digits beyond microseconds are cut."""
    whole, _, fraction = text.rstrip("Z").partition(".")
    return datetime.fromisoformat(f"{whole}.{(fraction + '000000')[:6]}+00:00")


@dataclass(frozen=True)
class Bars:
    """Columns of equal length, `time` among them, and the story that came with them (`source`, `gaps`, …)."""

    columns: dict[str, list[Any]]
    story: dict[str, Any]

    @classmethod
    def of(cls, answer: dict[str, Any]) -> Bars:
        columns = dict(answer["columns"])
        columns["time"] = [parse_time(text) for text in columns["time"]]
        return cls(columns, {name: value for name, value in answer.items() if name != "columns"})

    def __len__(self) -> int:
        return len(self.columns["time"])

    def __getitem__(self, column: str) -> list[Any]:
        return self.columns[column]

    def to_pandas(self) -> Any:
        """A DataFrame indexed by time, in UTC. Needs pandas."""
        import pandas

        others = {name: values for name, values in self.columns.items() if name != "time"}
        index = pandas.DatetimeIndex(self.columns["time"], name="time")
        return pandas.DataFrame(others, index=index)

    def to_arrow(self) -> Any:
        """A Table. Needs pyarrow. For many bars ask the server for Arrow at once: Client.bars_arrow()."""
        import pyarrow

        return pyarrow.table(self.columns)
