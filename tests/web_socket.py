"""A small client of the WebSocket protocol (RFC 6455), as much as the tests need."""

import base64
import json
import os
import socket
import struct


class WebSocket:
    def __init__(self, port, path="/ws/realtime", headers=(), seconds=30):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=seconds)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: Upgrade", "Upgrade: websocket",
                 "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}", *headers]  # fmt: skip
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        self.file = self.socket.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        self.protocol = None
        while (line := self.file.readline()) not in (b"\r\n", b""):
            if line.lower().startswith(b"sec-websocket-protocol:"):
                self.protocol = line.split(b":", 1)[1].strip().decode()

    def _frame(self, opcode, payload):
        mask = os.urandom(4)
        size = len(payload)
        head = bytes([0x80 | opcode, 0x80 | size]) if size < 126 else struct.pack("!BBH", 0x80 | opcode, 0xFE, size)
        self.socket.sendall(head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload)))

    def send(self, **message):
        self._frame(1, json.dumps(message).encode())

    def receive(self):
        """The next message; ("close", code) when the server closes."""
        while True:
            first, size = self.file.read(2)
            size &= 0x7F
            if size == 126:
                (size,) = struct.unpack("!H", self.file.read(2))
            elif size == 127:
                (size,) = struct.unpack("!Q", self.file.read(8))
            payload = self.file.read(size)
            opcode = first & 0x0F
            if opcode == 9:
                self._frame(10, payload)
            elif opcode == 8:
                self._frame(8, payload)
                return "close", struct.unpack("!H", payload[:2])[0]
            elif opcode == 1:
                return json.loads(payload)

    def receive_until(self, message_type):
        """All messages up to the first of that type."""
        messages = [self.receive()]
        while messages[-1]["messageType"] != message_type:
            messages.append(self.receive())
        return messages

    def subscribe(self, channel, **more):
        self.send(action="subscribe", channel=channel, **more)
        return self.receive_until("subscribed")[-1]["sequence"]

    def close(self):
        self.file.close()
        self.socket.close()
