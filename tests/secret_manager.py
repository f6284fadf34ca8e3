"""A stand-in for Google: grants tokens for signed assertions, and has secrets, some of which it does not give."""

import base64
import json
import subprocess
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
EMAIL = "reader@desk.iam.gserviceaccount.com"
TOKEN = "ya29.planted-access-token-0123456789"


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def crc32c(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


class SecretManager:
    """`secrets`: of the name of a version to the secret, or to a status and headers, or a list of these in turn."""

    def __init__(self, folder, secrets, scope=SCOPE):
        self.folder, self.secrets, self.scope = folder, secrets, scope
        self.asked, self.assertions = [], []
        self.key = folder / "service-account.pem"
        self.public = folder / "service-account.pub"
        subprocess.run(["openssl", "genrsa", "-out", self.key, "2048"], check=True, capture_output=True)
        subprocess.run(["openssl", "rsa", "-in", self.key, "-pubout", "-out", self.public], check=True, capture_output=True)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                problem = outer._problem_of(form) if self.path == "/token" else "not_found"
                if problem:
                    return self._send(400, {"error": problem, "error_description": "no"})
                self._send(200, {"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer"})

            def do_GET(self):
                outer.asked.append((self.path, self.headers["Authorization"]))
                if self.headers["Authorization"] != f"Bearer {TOKEN}":
                    return self._send(401, {"error": {"status": "UNAUTHENTICATED"}})
                name = self.path.removeprefix("/v1/").removesuffix(":access")
                answer = outer.secrets.get(name, (404, {}))
                if isinstance(answer, list):
                    answer = answer.pop(0) if len(answer) > 1 else answer[0]
                if isinstance(answer, float):
                    time.sleep(answer)
                    answer = "too late"
                if isinstance(answer, str):
                    data = answer.encode()
                    payload = {"data": base64.b64encode(data).decode(), "dataCrc32c": str(crc32c(data))}
                    return self._send(200, {"name": name, "payload": payload})
                status, rest = answer
                if status == 200:
                    return self._send(200, rest)
                words = {403: "PERMISSION_DENIED", 404: "NOT_FOUND", 429: "RESOURCE_EXHAUSTED"}
                self._send(status, {"error": {"status": words.get(status, "UNAVAILABLE")}}, rest)

            def _send(self, status, body, headers=None):
                body = json.dumps(body).encode()
                try:
                    self.send_response(status)
                    for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(body)
                except (BrokenPipeError, ConnectionResetError):
                    pass

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.credentials = folder / "service-account.json"
        self.write_credentials(self.key.read_text())

    def write_credentials(self, private_key):
        self.credentials.write_text(json.dumps({
            "type": "service_account", "client_email": EMAIL, "private_key_id": "k1", "private_key": private_key,
            "token_uri": self.url + "/token"}))  # fmt: skip
        self.credentials.chmod(0o600)

    def _problem_of(self, form):
        """What Google would say of the assertion; nothing: it is good."""
        if form.get("grant_type") != ["urn:ietf:params:oauth:grant-type:jwt-bearer"]:
            return "unsupported_grant_type"
        head, claims, signature = form["assertion"][0].split(".")
        self.assertions.append(json.loads(_decoded(claims)))
        (self.folder / "signature").write_bytes(_decoded(signature))
        (self.folder / "signed").write_text(f"{head}.{claims}")
        verified = subprocess.run(["openssl", "dgst", "-sha256", "-verify", self.public, "-signature",
                                   self.folder / "signature", self.folder / "signed"], capture_output=True)  # fmt: skip
        said, now = self.assertions[-1], time.time()
        if json.loads(_decoded(head)) != {"alg": "RS256", "typ": "JWT", "kid": "k1"} or verified.returncode != 0:
            return "invalid_grant"
        if said["iss"] != EMAIL or said["aud"] != self.url + "/token" or said["exp"] - said["iat"] > 3600:
            return "invalid_grant"
        if not said["iat"] - 60 <= now < said["exp"]:
            return "invalid_grant"
        return None if said["scope"] == self.scope else "invalid_scope"

    def environment(self, **secrets):
        return {"TRADEASSIST_GOOGLE_SECRET_MANAGER_URL": self.url,
                "GOOGLE_APPLICATION_CREDENTIALS": str(self.credentials),
                **{f"TRADEASSIST_{name.upper()}": value for name, value in secrets.items()}}  # fmt: skip

    def close(self):
        self.server.shutdown()
        self.server.server_close()
