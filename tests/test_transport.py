"""How the server is reached: TLS and its renewal, proxies that are trusted, compression, pages elsewhere."""

import gzip
import http.client
import json
import shutil
import socket
import ssl
import subprocess
import time

import pytest
from conftest import Server, is_problem


def make_certificate(folder, name):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
         "-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder / f"{name}.pem", folder / f"{name}.key"


def https(server, certificate, path="/livez", headers=None):
    context = ssl.create_default_context(cafile=certificate)
    connection = http.client.HTTPSConnection("127.0.0.1", server.port, context=context, timeout=20)
    try:
        connection.request("GET", path, headers=headers or {})
        response = connection.getresponse()
        return response.status, response.headers, response.read(), connection.sock
    finally:
        connection.close()


@pytest.fixture
def secure(program):
    certificate, key = make_certificate(program.folder, "first")
    shutil.copy(certificate, program.folder / "server.pem")
    shutil.copy(key, program.folder / "server.key")
    server = Server(
        program.folder,
        "--log-level",
        "info",
        keys=True,
        environment={"TRADEASSIST_TLS_CERTIFICATE": "server.pem", "TRADEASSIST_TLS_KEY": "server.key"},
    )
    yield server
    server.end()


def test_tls_is_all_the_port_speaks(program, secure):
    certificate = program.folder / "first.pem"
    status, headers, _, _ = https(secure, certificate)
    assert status == 200 and headers["strict-transport-security"] == "max-age=31536000"
    token = {"Authorization": f"Bearer {secure.first_key}"}
    assert https(secure, certificate, "/api/v1/version", token)[0] == 200
    assert is_problem(secure.get("/livez"), 400, "TLS_REQUIRED")
    with pytest.raises(ssl.SSLCertVerificationError):
        https(secure, None)
    # TLS 1.1 and what is no TLS at all are turned away, and the server goes on.
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with pytest.raises(OSError), socket.create_connection(("127.0.0.1", secure.port)) as plain:
        old.wrap_socket(plain)
    with socket.create_connection(("127.0.0.1", secure.port)) as plain:
        plain.sendall(b"\x16\x03\x01\xff\xff" + b"garbage" * 100)
    assert https(secure, certificate)[0] == 200


def test_a_websocket_over_tls(program, secure):
    context = ssl.create_default_context(cafile=program.folder / "first.pem")
    raw = socket.create_connection(("127.0.0.1", secure.port), timeout=20)
    with context.wrap_socket(raw, server_hostname="localhost") as connection:
        connection.sendall(
            b"GET /ws/realtime HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + f"Authorization: Bearer {secure.first_key}\r\n\r\n".encode()
        )
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += connection.recv(4096)
        assert answer.startswith(b"HTTP/1.1 101") and b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in answer
        text = b'{"action":"ping","id":"7"}'
        connection.sendall(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)
        frame = connection.recv(4096)
        assert b'"pong"' in frame, frame


def test_a_new_certificate_is_taken_while_the_server_runs(program, secure):
    second, key = make_certificate(program.folder, "second")
    # A certificate without its key is not taken, and the one before it stays.
    shutil.copy(second, program.folder / "server.pem")
    end = time.monotonic() + 60
    while "cannot be used" not in (program.folder / "serve.log").read_text():
        assert time.monotonic() < end
        time.sleep(0.2)
    assert https(secure, program.folder / "first.pem")[0] == 200
    shutil.copy(key, program.folder / "server.key")
    while "took a new TLS certificate" not in (program.folder / "serve.log").read_text():
        assert time.monotonic() < end + 60
        time.sleep(0.2)
    assert https(secure, second)[0] == 200


def test_settings_that_do_not_go_together_are_refused(program):
    def refused(**settings):
        environment = {f"TRADEASSIST_{name.upper()}": value for name, value in settings.items()}
        return program("serve", "--listen", "127.0.0.1:0", code=1,
                       environment=environment).err  # fmt: skip

    assert "belong together" in refused(tls_certificate="server.pem")
    assert "none.pem" in refused(tls_certificate="none.pem", tls_key="none.key")
    assert "'10.0.0.0/99'" in refused(trusted_proxies="10.0.0.0/99")
    assert "'*' is no origin" in refused(cors_origins="*")
    assert "'https://desk.example/' is no origin" in refused(cors_origins="https://desk.example/")


def test_only_a_trusted_proxy_says_who_the_client_is(program):
    forwarded = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}

    def remote_address(**environment):
        log = program.folder / "serve.log"
        before = log.read_text() if log.exists() else ""
        environment["TRADEASSIST_LOG_FORMAT"] = "json"
        server = Server(program.folder, "--log-level", "info", environment=environment)
        answer = server.get("/livez", headers=forwarded)
        server.end()
        lines = [json.loads(line) for line in log.read_text()[len(before):].splitlines()]
        return [line["remote_address"] for line in lines if line["message"] == "request"], answer.headers

    addresses, headers = remote_address()
    assert addresses == ["127.0.0.1"] and "strict-transport-security" not in headers
    addresses, headers = remote_address(TRADEASSIST_TRUSTED_PROXIES="127.0.0.0/8")
    assert addresses == ["203.0.113.9"] and "strict-transport-security" in headers


def test_bodies_are_compressed_both_ways(serve):
    server = serve()
    plain = server.get("/api/v1/strategies")
    small = server.get("/api/v1/strategies", headers={"Accept-Encoding": "gzip"})
    assert small.headers["content-encoding"] == "gzip" and gzip.decompress(small.body) == plain.body
    assert len(small.body) < len(plain.body) / 2
    packed = {"Content-Encoding": "gzip"}
    pine = json.dumps({"pine": '//@version=6\nindicator("x")\nplot(close)\n'}).encode()
    checked = server.post("/api/v1/pine/check", gzip.compress(pine), headers=packed)
    assert checked.status == 200 and checked.json()["valid"]
    # A bomb: 200 MB of zeros in 200 kB.
    bomb = gzip.compress(bytes(200_000_000))
    assert is_problem(server.post("/api/v1/pine/check", bomb, headers=packed), 413, "BODY_TOO_LARGE")
    assert is_problem(server.post("/api/v1/pine/check", b"x", headers=packed), 400, "MALFORMED_BODY")
    wrong = {"Content-Encoding": "br"}
    assert is_problem(server.post("/api/v1/pine/check", b"x", headers=wrong), 415, "CONTENT_CODING_UNKNOWN")


def test_two_requests_in_one_are_not_smuggled_past_a_proxy(serve):
    server = serve()
    for headers in (
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 4\r\nContent-Length: 5\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        b"Host: 127.0.0.1\r\n",
    ):
        answer = server.raw(b"POST /api/v1/pine/check HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + b"\r\n0\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 400"), (headers, answer)
