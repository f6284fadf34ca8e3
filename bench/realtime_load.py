#!/usr/bin/env python3
"""How long messages take to many WebSocket clients: bench/realtime_load.py [BINARY] [CLIENTS] [SECONDS].

A server replays minutes of one symbol, and publishes each bar to all clients: one bar a second, then ten, are a thousand
and ten thousand messages a second to a thousand clients. The clients are one process beside the server. One more client
subscribes and reads nothing. How long a message took is from the time in its envelope to when it was read whole.
"""

import base64
import datetime
import json
import os
import select
import socket
import sys
import time

from served import binary, machine, percentiles, served

CLIENTS = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000
SECONDS = float(sys.argv[3]) if len(sys.argv) > 3 else 20
CHANNEL = "bars:X:1m"


def masked(text):
    body = text.encode()
    assert len(body) < 126
    return bytes([0x81, 0x80 | len(body), 0, 0, 0, 0]) + body


def connect(port):
    client = socket.create_connection(("127.0.0.1", port), timeout=30)
    key = base64.b64encode(os.urandom(16)).decode()
    client.sendall(f"GET /ws/realtime HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                   f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode())  # fmt: skip
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += client.recv(1)
    assert answer.startswith(b"HTTP/1.1 101"), answer
    client.sendall(masked(json.dumps({"action": "subscribe", "channel": CHANNEL})))
    return client


def frames(buffer):
    """Texts that are whole, and what is left."""
    texts = []
    while len(buffer) >= 2:
        size, head = buffer[1] & 0x7F, 2
        if size == 126:
            size, head = int.from_bytes(buffer[2:4], "big"), 4
        if len(buffer) < head + size:
            break
        if buffer[0] & 0x0F == 1:
            texts.append(buffer[head : head + size])
        buffer = buffer[head + size :]
    return texts, buffer


def seconds_since(stamp):
    """Since a time such as 2025-06-02T14:31:00.123456789Z."""
    whole, _, fraction = stamp.rstrip("Z").partition(".")
    at = datetime.datetime.fromisoformat(whole + "+00:00").timestamp() + float("0." + (fraction or "0"))
    return time.time() - at


def measure(program, bars_a_second):
    environment = {"TRADEASSIST_LIVE_SOURCE": "replay", "TRADEASSIST_LIVE_SYMBOLS": "X", "TRADEASSIST_LIVE_TIMEFRAME": "1m",
                   "TRADEASSIST_LIVE_REPLAY_BARS": "100000", "TRADEASSIST_LIVE_REPLAY_SPEED": str(60 * bars_a_second),
                   "TRADEASSIST_MAX_CONNECTIONS": str(CLIENTS + 10)}  # fmt: skip
    with served(program, environment=environment) as server:
        stalled = connect(server.port)
        poll, clients, buffers = select.epoll(), {}, {}
        for _ in range(CLIENTS):
            client = connect(server.port)
            client.setblocking(False)
            clients[client.fileno()], buffers[client.fileno()] = client, b""
            poll.register(client, select.EPOLLIN)
        times, begin = [], time.monotonic() + 2
        while (now := time.monotonic()) < begin + SECONDS:
            for number, _ in poll.poll(0.1):
                data = clients[number].recv(1 << 16)
                assert data, "the server closed a connection"
                texts, buffers[number] = frames(buffers[number] + data)
                for text in texts:
                    if now > begin and b'"messageType":"bar"' in text:
                        times.append(seconds_since(json.loads(text)["timestamp"]))
        print(f"{CLIENTS} clients, {bars_a_second:>3} bars a second: {len(times) / SECONDS:8.0f} messages a second  "
              f"{percentiles(times)}  server {server.status('VmRSS') / 1024:.0f} MiB", flush=True)  # fmt: skip
        stalled.close()


if __name__ == "__main__":
    print(machine())
    for rate in (1, 10):
        measure(binary(sys.argv[1:]), rate)
