#!/usr/bin/env python3
"""Whether a server that works for long keeps its memory and its file handles: bench/soak.py [BINARY] [MINUTES] [PAUSE].

Four clients ask for bars, indicators, health and metrics, run backtests and searches, export what they found; twenty
listen to live bars over WebSockets and come and go; every minute there are an import and a backup. Every minute it tells
the answers, the errors, the memory and the open files.
"""

import json
import random
import socket
import subprocess
import sys
import threading
import time

from realtime_load import connect
from served import binary, machine, served

MINUTES = int(sys.argv[2]) if len(sys.argv) > 2 else 60
PAUSE = float(sys.argv[3]) if len(sys.argv) > 3 else 0.02  # of a client after each answer, in seconds
SCRIPT = {"strategy": "MovingAverageCrossover", "symbol": "X", "timeframe": "1h"}


class Counts:
    def __init__(self):
        self.lock, self.answers, self.errors, self.messages = threading.Lock(), 0, [], 0

    def add(self, answers=0, messages=0, error=None):
        with self.lock:
            self.answers += answers
            self.messages += messages
            self.errors += [error] if error else []


def client(server, counts, stop, seed):
    choose = random.Random(seed)
    while not stop.is_set():
        last = choose.randrange(1, 2_000)
        what = choose.choice(["bars", "bars", "columns", "health", "backtest", "search"])
        try:
            if what == "bars":
                server.ask("GET", f"/api/v1/bars?symbol=X&timeframe={choose.choice(['1m', '7m', '1h'])}&last={last}")
            elif what == "columns":
                body = {"symbol": "X", "timeframe": "5m", "last": last, "indicators": [{"name": "ema", "parameters": {"length": 20}}]}
                server.ask("POST", "/api/v1/indicators/compute", json.dumps(body))
            elif what == "health":
                server.ask("GET", choose.choice(["/api/v1/health", "/metrics", "/readyz", "/api/v1/alerts"]))
            elif what == "backtest":
                server.ask("POST", "/api/v1/backtests", json.dumps(SCRIPT))
            else:
                search = SCRIPT | {"objective": "net_profit", "sampler": "random", "trials": 50, "seed": choose.randrange(1 << 30)}
                job = json.loads(server.ask("POST", "/api/v1/optimize/single", json.dumps(search)))["job_id"]
                while json.loads(server.ask("GET", f"/api/v1/jobs/{job}"))["state"] in ("queued", "running"):
                    time.sleep(0.05)
                exported = json.loads(server.ask("POST", "/api/v1/export/report", json.dumps({"job_id": job, "format": "html"})))
                server.ask("DELETE", f"/api/v1/export/files/{exported['id']}")
            counts.add(answers=1)
        except (AssertionError, OSError) as error:
            counts.add(error=f"{what}: {error}")
        time.sleep(PAUSE)


def listener(server, counts, stop, seed):
    choose = random.Random(seed)
    while not stop.is_set():
        connection, end = connect(server.port), time.monotonic() + choose.uniform(5, 60)
        connection.settimeout(1)
        while time.monotonic() < end and not stop.is_set():
            try:
                data = connection.recv(1 << 16)
                if not data:
                    counts.add(error="a WebSocket was closed")
                    break
                counts.add(messages=data.count(b'"messageType"'))
            except socket.timeout:
                continue
        connection.close()


def main():
    program, counts, stop = binary(sys.argv[1:]), Counts(), threading.Event()
    environment = {"TRADEASSIST_LIVE_SOURCE": "replay", "TRADEASSIST_LIVE_SYMBOLS": "X",
                   "TRADEASSIST_LIVE_REPLAY_BARS": "100000", "TRADEASSIST_LIVE_REPLAY_SPEED": "300"}  # fmt: skip
    print(machine(), flush=True)
    with served(program, environment=environment) as server:
        threads = [threading.Thread(target=client, args=(server, counts, stop, i), daemon=True) for i in range(4)]
        threads += [threading.Thread(target=listener, args=(server, counts, stop, i), daemon=True) for i in range(20)]
        for each in threads:
            each.start()
        for minute in range(1, MINUTES + 1):
            for command in (["import", "bars.csv", "--symbol", f"M{minute % 10}", "--timeframe", "1m"],
                            ["backup", "--backups", "backups"], ["backup", "prune", "--backups", "backups", "--keep-daily", "1"]):
                done = subprocess.run([program, *command], cwd=server.folder, capture_output=True)
                if done.returncode != 0:
                    counts.add(error=f"{command[0]}: {done.stderr.decode()[:300]}")
            time.sleep(60)
            print(f"minute {minute:>3}: {counts.answers:>8} answers  {counts.messages:>8} messages  {len(counts.errors)} errors  "
                  f"memory {server.status('VmRSS') / 1024:7.1f} MiB  {server.open_files():>4} open files  "
                  f"{server.status('Threads')} threads", flush=True)  # fmt: skip
        stop.set()
        for each in threads:
            each.join()
        for error in counts.errors[:10]:
            print(error)


if __name__ == "__main__":
    main()
