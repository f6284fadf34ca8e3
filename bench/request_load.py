#!/usr/bin/env python3
"""How many requests the server answers, and how fast: bench/request_load.py [BINARY] [SECONDS].

Debian's `wrk` asks from a process beside the server, with an API key and without limits on it: for /api/v1/version, for
bars that are kept in the cache, with 50 and with 200 connections. Any answer but 200, or a connection that ends, is an
error.
"""

import pathlib
import re
import subprocess
import sys

from served import binary, machine, served

SECONDS = int(sys.argv[2]) if len(sys.argv) > 2 else 10
SCRIPT = """
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %.3f %.3f %.3f\\n", summary.requests / (summary.duration / 1e6),
    e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50) / 1000, latency:percentile(95) / 1000,
    latency:percentile(99) / 1000))
end
"""
WHAT = {
    "/api/v1/version": "/api/v1/version",
    "10 bars, JSON": "/api/v1/bars?symbol=X&timeframe=1m&last=10&gaps=false",
    "1,000 bars, JSON": "/api/v1/bars?symbol=X&timeframe=5m&last=1000&gaps=false",
    "1,000 bars, Arrow": "/api/v1/bars?symbol=X&timeframe=5m&last=1000&gaps=false&format=arrow",
}


def main():
    limits = {f"TRADEASSIST_RATE_LIMIT_{name}": "0" for name in ("GENERAL", "DATA", "OPTIMISATION", "EXPORT")}
    program = binary(sys.argv[1:])
    print(machine())
    with served(program, arguments=(), environment=limits) as server:
        bearer = f"Authorization: Bearer {server.key}"
        script = pathlib.Path(server.folder) / "tell.lua"
        script.write_text(SCRIPT)
        for name, path in WHAT.items():
            server.ask("GET", path)
            for connections in (50, 200):
                done = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}", "-H", bearer, "-s", script,
                                       f"http://127.0.0.1:{server.port}{path}"], check=True, capture_output=True)  # fmt: skip
                rate, errors, *times = re.search(r"RESULT (.*)", done.stdout.decode())[1].split()
                told = "  ".join(f"{share} {float(ms):7.2f} ms" for share, ms in zip(("p50", "p95", "p99"), times))
                print(f"{name:<20} {connections:>4} connections  {rate:>6} a second  {told}  {errors} errors", flush=True)


if __name__ == "__main__":
    main()
