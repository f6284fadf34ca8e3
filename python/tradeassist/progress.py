"""Shows how far a job is: one line on a terminal, a bar in a notebook, nothing where nobody looks."""

from __future__ import annotations

import html
import sys
from typing import Any, Protocol, TextIO


class Progress(Protocol):
    """Is told of a job's state whenever it has changed, and at its end."""

    def update(self, job: dict[str, Any]) -> None: ...

    def close(self) -> None: ...


def line_of(job: dict[str, Any]) -> str:
    """`optimize  42 %  searching  120 trials/s  12 s left`"""
    detail = job.get("detail") if isinstance(job.get("detail"), dict) else {}
    parts = [str(job.get("kind", "job")), f"{100 * float(job.get('progress') or 0):.0f} %"]
    parts.append(str(job["state"] if job["state"] != "running" else job.get("phase") or "running"))
    assert isinstance(detail, dict)
    if detail.get("trials_per_second"):
        parts.append(f"{detail['trials_per_second']:.0f} trials/s")
    if detail.get("seconds_left") and job["state"] == "running":
        parts.append(f"{detail['seconds_left']:.0f} s left")
    return "  ".join(parts)


class Nothing:
    def update(self, job: dict[str, Any]) -> None:
        pass

    def close(self) -> None:
        pass


class Terminal:
    def __init__(self, stream: TextIO):
        self._stream, self._width = stream, 0

    def update(self, job: dict[str, Any]) -> None:
        line = line_of(job)
        self._stream.write("\r" + line.ljust(self._width))
        self._stream.flush()
        self._width = len(line)

    def close(self) -> None:
        self._stream.write("\n")
        self._stream.flush()


class Notebook:
    def __init__(self, display: Any, html_type: Any):
        self._html = html_type
        self._handle = display(html_type(""), display_id=True)

    def update(self, job: dict[str, Any]) -> None:
        value = float(job.get("progress") or 0)
        self._handle.update(self._html(f'<progress max="1" value="{value}"></progress> {html.escape(line_of(job))}'))

    def close(self) -> None:
        pass


def best_progress(stream: TextIO | None = None) -> Progress:
    """A bar in a notebook, a line on a terminal, else nothing."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is not None and hasattr(shell, "kernel"):
        from IPython.display import HTML, display

        return Notebook(display, HTML)
    out = stream or sys.stderr
    return Terminal(out) if out.isatty() else Nothing()
