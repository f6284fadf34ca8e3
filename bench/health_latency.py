#!/usr/bin/env python3
"""How long health and metrics take to be answered while the server is loaded: bench/health_latency.py [BINARY] [SECONDS].

Four clients run backtests and one asks for bars, so that all threads that compute are busy; a process beside them asks
for health on a kept connection, a request every 5 ms, of each route in turn. /api/v1/version is there to compare with: it
waits for its turn among the backtests.
"""

import http.client
import json
import multiprocessing
import sys
import time

from served import binary, machine, percentiles, served

SECONDS = float(sys.argv[2]) if len(sys.argv) > 2 else 20
ROUTES = ["/livez", "/readyz", "/api/v1/health", "/api/v1/health/detailed", "/api/v1/health/database", "/metrics",
          "/api/v1/version"]


def load(port, path, body, stop, done):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    while not stop.is_set():
        connection.request("POST" if body else "GET", path, body, {"Content-Type": "application/json"} if body else {})
        reply = connection.getresponse()
        reply.read()
        assert reply.status == 200, reply.status
        with done.get_lock():
            done.value += 1


def measure(port):
    backtest = json.dumps({"strategy": "RSIStrategy", "symbol": "X", "timeframe": "1m"})
    bars = "/api/v1/bars?symbol=X&timeframe=5m&last=5000"
    stop, done = multiprocessing.Event(), multiprocessing.Value("l", 0)
    clients = [("/api/v1/backtests", backtest)] * 4 + [(bars, None)]
    processes = [multiprocessing.Process(target=load, args=(port, *each, stop, done)) for each in clients]
    for each in processes:
        each.start()
    time.sleep(2)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    times = {route: [] for route in ROUTES}
    began, before = time.monotonic(), done.value
    while time.monotonic() - began < SECONDS:
        for route in ROUTES:
            started = time.perf_counter()
            connection.request("GET", route)
            reply = connection.getresponse()
            reply.read()
            times[route].append(time.perf_counter() - started)
            assert reply.status == 200, (route, reply.status)
            time.sleep(0.005)
    passed, others = time.monotonic() - began, done.value - before
    stop.set()
    for each in processes:
        each.join()
    print(f"{machine()}; {others / passed:.0f} other answers a second")
    for route, all_times in times.items():
        print(f"{route:<28} {len(all_times):>6} requests  {percentiles(all_times)}")


if __name__ == "__main__":
    with served(binary(sys.argv[1:])) as server:
        measure(server.port)
