"""A client of the Model Context Protocol over the pipes of `tradeassist mcp`, as the specification has it."""

import json
import os
import queue
import signal
import subprocess
import threading

from conftest import BINARY


class Client:
    def __init__(self, folder, *arguments, version="2025-06-18", initialize=True):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TRADEASSIST_")}
        self.log = folder / "mcp.log"
        self.process = subprocess.Popen(
            [BINARY, "mcp", *map(str, arguments)], cwd=folder, env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log.open("ab"),
        )  # fmt: skip
        self.lines = queue.Queue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.next_id = 0
        if initialize:
            self.initialized = self.ask("initialize", protocolVersion=version, capabilities={},
                                        clientInfo={"name": "tests", "version": "1"})["result"]  # fmt: skip
            self.notify("notifications/initialized")

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def raw(self, line):
        self.process.stdin.write(line if isinstance(line, bytes) else (line + "\n").encode())
        self.process.stdin.flush()

    def send(self, method, **params):
        self.next_id += 1
        self.raw(json.dumps({"jsonrpc": "2.0", "id": self.next_id, "method": method, "params": params}))
        return self.next_id

    def notify(self, method, **params):
        self.raw(json.dumps({"jsonrpc": "2.0", "method": method, "params": params}))

    def answer(self, seconds=60):
        line = self.lines.get(timeout=seconds)
        assert line is not None, self.log.read_text()
        assert line.endswith(b"\n")
        return json.loads(line)

    def ask(self, method, **params):
        wanted = self.send(method, **params)
        answer = self.answer()
        assert answer["id"] == wanted and answer["jsonrpc"] == "2.0", answer
        return answer

    def call(self, tool, **arguments):
        """What a tool gives, as structured content; its text says the same."""
        result = self.ask("tools/call", name=tool, arguments=arguments)["result"]
        assert result["isError"] is False, result
        assert json.loads(result["content"][0]["text"]) == result["structuredContent"]
        return result["structuredContent"]

    def refused(self, tool, **arguments):
        result = self.ask("tools/call", name=tool, arguments=arguments)["result"]
        assert result["isError"] is True, result
        return result["content"][0]["text"]

    def close(self, seconds=30):
        """Ends the input; the exit code, and what was still said."""
        self.process.stdin.close()
        return self._ended(seconds)

    def terminate(self, seconds=30):
        self.process.send_signal(signal.SIGTERM)
        return self._ended(seconds)

    def _ended(self, seconds):
        code = self.process.wait(seconds)
        self.reader.join(seconds)
        rest = []
        while (line := self.lines.get(timeout=seconds)) is not None:
            rest.append(json.loads(line))
        return code, rest
