"""Releases that are brought into service and taken out again under load, with real processes."""

import http.client
import http.server
import os
import pathlib
import re
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import threading
import time

import pytest
import yaml
from conftest import BINARY, ROOT, _plain_environment, wave
from load import Load
from web_socket import WebSocket

DEPLOY = ROOT / "deploy/deploy.sh"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture(scope="session")
def installed(tmp_path_factory) -> pathlib.Path:
    """A release as scripts/install.sh makes it; the tests make others of it."""
    folder = tmp_path_factory.mktemp("installed") / "one"
    subprocess.run(
        [ROOT / "scripts/install.sh", "--prefix", folder, "--release", "1.0-one", "--build", BINARY.parent],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return folder


def release(installed, folder, name, serve=None) -> pathlib.Path:
    """A copy under another name. `serve`: lines of shell that are run in the place of the command `serve`; "$real" is
    the program."""
    made = folder / f"from-{name}"
    shutil.copytree(installed, made, copy_function=os.link)
    (made / "share/tradeassist/release").unlink()
    (made / "share/tradeassist/release").write_text(name + "\n")
    if serve is not None:
        program = made / "bin/tradeassist"
        program.rename(made / "bin/tradeassist.real")
        program.write_text(f"#!/bin/bash\nreal=$(dirname \"$0\")/tradeassist.real\n[ \"$1\" = serve ] || exec \"$real\" \"$@\"\n{serve}\n")
        program.chmod(0o755)
    return made


class Site:
    """What is deployed on one machine."""

    def __init__(self, folder, **settings):
        self.root = folder / "site"
        self.root.mkdir()
        self.data = folder / "data"
        lines = [f"data={self.data}", "free_mb=1", *(f"{name}={value}" for name, value in settings.items())]
        (self.root / "deploy.conf").write_text("\n".join(lines) + "\n")

    def deploy(self, source, *options, code=0, seconds=120):
        done = subprocess.run(
            [DEPLOY, "--root", self.root, "--timeout", "30", *options, *([source] if source else [])],
            capture_output=True, timeout=seconds, env=_plain_environment(),
        )  # fmt: skip
        said = done.stdout.decode() + done.stderr.decode()
        logs = "".join(path.read_text()[-2000:] for path in (self.root / "log").glob("*")) if (self.root / "log").exists() else ""
        assert done.returncode == code, f"{said}\n{logs}"
        return said

    def current(self) -> str:
        return (self.root / "current").resolve().name

    def processes(self) -> list:
        return [int(lock.read_text()) for lock in [self.data / "server.lock", *self.data.glob("*/server.lock")] if lock.exists()]

    def end(self):
        for process in self.processes():
            try:
                os.kill(process, signal.SIGTERM)
            except ProcessLookupError:
                continue
            while pathlib.Path(f"/proc/{process}/exe").exists():
                time.sleep(0.01)


@pytest.fixture
def site(tmp_path):
    """One server on SQLite."""
    port = free_port()
    made = Site(tmp_path, url=f"http://127.0.0.1:{port}", keep=2, smoke_paths="(/livez /api/v1/version)",
                serve_arguments=f"(--no-authentication --listen 127.0.0.1:{port})")  # fmt: skip
    made.port = port
    yield made
    made.end()


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_an_installation_is_a_folder_that_can_be_moved(installed, tmp_path):
    moved = tmp_path / "elsewhere"
    shutil.copytree(installed, moved)
    bars = tmp_path / "bars.csv"
    bars.write_text(wave(500, step_seconds=900))
    environment = {"PATH": "/usr/bin:/bin"}

    def run(*arguments):
        done = subprocess.run([moved / "bin/tradeassist", *arguments], cwd=tmp_path, env=environment, capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    run("import", "bars.csv", "--symbol", "WAVE", "--timeframe", "15m")
    assert "RSIStrategy" in run("strategies")
    assert "500" in run("sql", "SELECT count(*) FROM bars('WAVE', '15m')")  # through the DuckDB beside it
    libraries = subprocess.run(["readelf", "-d", moved / "bin/tradeassist"], capture_output=True, check=True).stdout.decode()
    assert re.findall(r"RUNPATH.*\[(.*)\]", libraries) == ["$ORIGIN"]
    packages = (moved / "share/tradeassist/packages").read_text().split()
    assert {"libpq5", "libsqlite3-0", "tzdata", "ca-certificates"} <= set(packages)
    known = subprocess.run(["dpkg-query", "-W", "-f", "${Package}\n", *packages], capture_output=True)
    assert known.returncode == 0, known.stderr.decode()
    for file in ("share/tradeassist/web/index.html", "share/doc/tradeassist/deployment.md", "share/tradeassist/deploy/deploy.sh"):
        assert (moved / file).exists(), file


def test_releases_follow_each_other_under_load_without_a_failed_request(installed, tmp_path, site):
    said = site.deploy(release(installed, tmp_path, "1.0-one"))
    assert "done: nothing -> 1.0-one" in said
    assert get(site.port, "/api/v1/version")[1].endswith(b'"release":"1.0-one"}')
    listener = WebSocket(site.port)
    listener.subscribe("system")
    with Load(site.port, clients=6) as load:
        for name in ("1.1-two", "1.2-three", "1.3-four"):
            said = site.deploy(release(installed, tmp_path, name))
            assert f"{name} in " in said
            load.wait_for(50)
    assert load.failures == []
    assert [name for i, name in enumerate(load.releases) if name not in load.releases[:i]] == [
        "1.0-one", "1.1-two", "1.2-three", "1.3-four",
    ]  # fmt: skip
    message = listener.receive()
    while isinstance(message, dict):
        message = listener.receive()
    assert message == ("close", 1001)
    assert site.current() == "1.3-four"
    assert sorted(path.name for path in (site.root / "releases").iterdir()) == ["1.2-three", "1.3-four"]
    assert "1.3-four, healthy" in site.deploy(None, "--status")


BROKEN = {
    "ends at once": "exit 3",
    "fails when it has the data": 'TRADEASSIST_LIVE_SOURCE=replay exec "$real" "$@"',
    "never becomes ready": 'exec -a tradeassist sleep 300',
    "takes over and hangs": """exec /usr/bin/python3 -c '
import socket, sys, time
old = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
old.connect(sys.argv[1] + "/server.sock")
old.send(b"take over")
time.sleep(300)' "${@: -2:1}" """,
}


@pytest.mark.parametrize("why", BROKEN)
def test_a_broken_release_is_taken_out_again_without_a_failed_request(installed, tmp_path, site, why):
    site.deploy(release(installed, tmp_path, "1.0-one"))
    broken = release(installed, tmp_path, "2.0-broken", serve=BROKEN[why])
    with Load(site.port) as load:
        said = site.deploy(broken, "--timeout", "4", code=1)
        assert "release 2.0-broken was not healthy; 1.0-one serves" in said
        load.wait_for(50)
        site.deploy(release(installed, tmp_path, "2.1-mended"))
        load.wait_for(50)
    assert load.failures == []
    assert set(load.releases) == {"1.0-one", "2.1-mended"}
    assert site.current() == "2.1-mended"


def test_what_would_fail_is_found_before_anything_changes(installed, tmp_path, site):
    site.deploy(release(installed, tmp_path, "1.0-one"))
    (process,) = site.processes()
    assert "is no release" in site.deploy(tmp_path, code=1)
    other = release(installed, tmp_path, "1.1-two")
    conf = site.root / "deploy.conf"
    good = conf.read_text()
    conf.write_text(good + "serve_arguments+=(--config /nowhere.toml)\n")
    assert "/nowhere.toml: there is no such configuration file" in site.deploy(other, code=1)
    conf.write_text(good + "free_mb=999999999\n")
    assert "MB free, and 999999999 are wanted" in site.deploy(other, code=1)
    conf.write_text(good + "backup_command=(false)\n")
    assert "the backup failed; nothing was changed" in site.deploy(other, code=1)
    conf.write_text(good)
    cripple = release(installed, tmp_path, "1.2-cripple")
    (cripple / "bin/tradeassist").unlink()
    shutil.copy("/bin/false", cripple / "bin/tradeassist")
    assert "does not run here" in site.deploy(cripple, code=1)
    dry = site.deploy(other, "--dry-run")
    assert "would deploy" in dry and "takes over" in dry
    with (site.root / "deploy.lock").open("w") as held:
        subprocess.run(["flock", "--nonblock", str(held.fileno())], pass_fds=[held.fileno()], check=True)
        assert "another deployment is in work" in site.deploy(other, code=1)
    assert site.processes() == [process] and site.current() == "1.0-one"
    archive = tmp_path / "two.tar.gz"
    subprocess.run(["tar", "-czf", archive, "-C", other.parent, other.name], check=True)
    site.deploy(archive)
    assert site.current() == "1.1-two"


def test_the_release_that_serves_is_started_again_by_another_deployment(installed, tmp_path, site):
    source = release(installed, tmp_path, "1.0-one")
    site.deploy(source)
    (before,) = site.processes()
    assert "it is started again" in site.deploy(source)
    (after,) = site.processes()
    assert after != before and not pathlib.Path(f"/proc/{before}/exe").exists()


def test_what_is_asked_after_a_deployment_may_need_a_key(installed, tmp_path):
    port = free_port()
    key_file = tmp_path / "deploy.key"
    site = Site(tmp_path, url=f"http://127.0.0.1:{port}", smoke_paths="(/livez /api/v1/health)", key_file=key_file,
                serve_arguments=f"(--listen 127.0.0.1:{port})")  # fmt: skip
    try:
        one = release(installed, tmp_path, "1.0-one")
        assert f"{key_file} (key_file): there is no key in it" in site.deploy(one, code=1)
        made = subprocess.run([BINARY, "key", "create", "--name", "deploy", "--scope", "read", "--data", site.data],
                              check=True, capture_output=True, env=_plain_environment())  # fmt: skip
        key_file.write_text(re.search(rb"ta_\w+", made.stdout)[0].decode() + "\n")
        site.deploy(one)
        assert "1.0-one, healthy" in site.deploy(None, "--status")
        assert stat.S_IMODE((site.root / "log").stat().st_mode) == 0o700
        key_file.write_text("ta_000000000000_" + 48 * "0")
        said = site.deploy(release(installed, tmp_path, "1.1-two"), "--timeout", "3", code=1)
        assert "1.0-one is NOT healthy either" in said
    finally:
        site.end()


def test_root_deploys_a_server_that_runs_as_another_user(installed):
    if os.geteuid() != 0:
        pytest.skip("only root can")
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(made)
        folder.chmod(0o755)  # what pytest makes is closed to others
        port = free_port()
        site = Site(folder, url=f"http://127.0.0.1:{port}", run_as="nobody",
                    serve_arguments=f"(--no-authentication --listen 127.0.0.1:{port})")  # fmt: skip
        site.data.mkdir()
        shutil.chown(site.data, "nobody")
        try:
            site.deploy(release(installed, folder, "1.0-one"))
            (process,) = site.processes()
            assert pathlib.Path(f"/proc/{process}").owner() == "nobody"
            # With a backup, into a folder of that user; and what hangs is ended, not only who started it.
            hangs = release(installed, folder, "2.0-hangs", serve=f"echo $$ > {site.data}/hung; " + BROKEN["never becomes ready"])
            assert "1.0-one serves" in site.deploy(hangs, "--timeout", "3", code=1)
            assert any((site.root / "backups").iterdir())
            assert not pathlib.Path(f"/proc/{(site.data / 'hung').read_text().strip()}/exe").exists()
            site.deploy(release(installed, folder, "2.1-mended"))
            assert site.current() == "2.1-mended"
        finally:
            site.end()


# --- PostgreSQL: two servers behind nginx ---


class Nginx:
    """The nginx of deploy/nginx, on ports of its own and with a certificate of its own."""

    def __init__(self, folder, servers):
        self.folder = folder / "nginx"
        self.folder.mkdir()
        self.http, self.https = free_port(), free_port()
        self.upstream = self.folder / "upstream.conf"
        lines = (ROOT / "deploy/nginx/upstream.conf").read_text()
        for example, port in zip(("8081", "8082"), servers):
            lines = lines.replace(f"127.0.0.1:{example}", f"127.0.0.1:{port}")
        self.upstream.write_text(lines)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-keyout", self.folder / "privkey.pem", "-out", self.folder / "fullchain.pem"],
            check=True, capture_output=True,
        )  # fmt: skip
        text = (ROOT / "deploy/nginx/tradeassist.conf").read_text()
        text = text.replace("/etc/nginx/tradeassist", str(self.folder)).replace("trade.example.com", "localhost 127.0.0.1")
        text = re.sub(r"listen \[::\]:.*\n", "", text)
        text = text.replace("listen 80;", f"listen 127.0.0.1:{self.http};")
        text = text.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{self.https} ssl http2;")
        # The load of a test is more than one address may ask for.
        text = text.replace("rate=100r/s", "rate=100000r/s")
        self.site = text
        self.plain = free_port()  # the same without TLS, for clients as simple as those of the tests
        body = text[text.index("listen 127.0.0.1:" + str(self.https)):]
        body = body[body.index("client_max_body_size"):]
        text += f"\nserver {{\n  listen 127.0.0.1:{self.plain};\n  server_name localhost;\n  " + body
        (self.folder / "site.conf").write_text(text)
        user = "user root;" if os.geteuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(f"""
{user}
worker_processes 1;
pid {self.folder}/nginx.pid;
error_log {self.folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {self.folder}/body;
  proxy_temp_path {self.folder}/proxy;
  fastcgi_temp_path {self.folder}/fastcgi;
  uwsgi_temp_path {self.folder}/uwsgi;
  scgi_temp_path {self.folder}/scgi;
  include {self.folder}/site.conf;
}}
""")
        self.command = ["nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-e", str(self.folder / "error.log")]
        done = subprocess.run([*self.command, "-t"], capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
        assert b"warn" not in done.stderr, done.stderr.decode()
        subprocess.run(self.command, check=True, capture_output=True)

    def errors(self) -> str:
        return (self.folder / "error.log").read_text()

    def end(self):
        subprocess.run([*self.command, "-s", "stop"], capture_output=True)


@pytest.fixture
def pair(tmp_path, database_url):
    """Two servers of one database behind nginx, with a release in service."""
    if shutil.which("nginx") is None:
        pytest.skip("nginx is absent")
    ports = [free_port(), free_port()]
    nginx = Nginx(tmp_path, ports)
    made = Site(
        tmp_path, ports=f"({ports[0]} {ports[1]})", upstream_file=nginx.upstream, keep=2,
        proxy_reload="(" + " ".join([*nginx.command, "-s reload"]) + ")", proxy_pid_file=nginx.folder / "nginx.pid",
        serve_arguments=f"(--no-authentication --database {database_url})",
    )  # fmt: skip
    made.nginx, made.ports = nginx, ports
    yield made
    made.end()
    nginx.end()


def test_two_servers_behind_nginx_are_replaced_one_after_the_other_without_a_failed_request(installed, tmp_path, pair):
    pair.deploy(release(installed, tmp_path, "1.0-one"))
    with Load(pair.nginx.plain, ("/api/v1/version", "/readyz"), clients=6) as load:
        for name in ("1.1-two", "1.2-three"):
            said = pair.deploy(release(installed, tmp_path, name))
            assert said.count(f"{name} serves") == 2
            load.wait_for(50)
        broken = release(installed, tmp_path, "2.0-broken", serve='TRADEASSIST_LIVE_SOURCE=replay exec "$real" "$@"')
        assert "release 2.0-broken was not healthy; 1.2-three serves" in pair.deploy(broken, code=1)
        load.wait_for(50)
    assert load.failures == []
    assert set(load.releases) == {"1.0-one", "1.1-two", "1.2-three"}
    assert "down" not in pair.nginx.upstream.read_text()
    for port in pair.ports:
        assert get(port, "/api/v1/version")[1].endswith(b'"release":"1.2-three"}')


SYSTEMCTL = """#!/bin/bash
# Does what systemd does for the unit: ends the server, then starts that of `current` where the unit keeps its state.
[[ $1 = restart && $2 =~ ^tradeassist@([0-9]+).service$ ]] || exit 4
port=${BASH_REMATCH[1]} unit=%(unit)s
state=$(sed -n "s/^StateDirectory=//p" "$unit" | sed "s/%%i/$port/")
data=%(state)s/$state
if process=$(cat "$data/server.lock" 2>/dev/null) && kill "$process" 2>/dev/null; then
  while kill -0 "$process" 2>/dev/null; do sleep 0.02; done
fi
mkdir -p "$data"
setsid %(root)s/current/bin/tradeassist serve --no-authentication --database %(database)s --data "$data" \
  --listen "127.0.0.1:$port" >>%(state)s/log 2>&1 </dev/null &
until curl -s "http://127.0.0.1:$port/livez" >/dev/null; do kill -0 $! || exit 1; sleep 0.05; done
"""


def test_units_of_systemd_are_restarted_behind_nginx_without_a_failed_request(installed, tmp_path, pair, database_url):
    """A restart refuses connections, unlike a server that takes over: nobody may be sent to it any more by then."""
    state = tmp_path / "state"
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "systemctl").write_text(SYSTEMCTL % {"unit": ROOT / "deploy/systemd/tradeassist@.service", "state": state,
                                                  "root": pair.root, "database": database_url})  # fmt: skip
    (tools / "systemctl").chmod(0o755)
    pair.data = state / "tradeassist"
    with (pair.root / "deploy.conf").open("a") as conf:
        conf.write(f"manager=systemd\ndata={pair.data}\nPATH={tools}:$PATH\n")
    pair.deploy(release(installed, tmp_path, "1.0-one"))
    with Load(pair.nginx.plain, ("/api/v1/version", "/readyz"), clients=6) as load:
        for name in ("1.1-two", "1.2-three"):
            assert pair.deploy(release(installed, tmp_path, name)).count(f"{name} serves") == 2
            load.wait_for(50)
    assert load.failures == [], pair.nginx.errors()[-2000:]
    assert set(load.releases) == {"1.0-one", "1.1-two", "1.2-three"}


def test_servers_that_are_busy_for_a_moment_are_asked_again_at_once(tmp_path):
    """Two servers that refuse everything once: whoever comes next is answered, where nginx would otherwise count both as
    failed and answer 502 by itself."""
    if shutil.which("nginx") is None:
        pytest.skip("nginx is absent")
    busy = threading.Event()

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(503 if busy.is_set() else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments):
            pass

    servers = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) for _ in range(2)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    nginx = Nginx(tmp_path, [server.server_port for server in servers])
    try:
        assert get(nginx.plain, "/")[0] == 200
        busy.set()
        assert [get(nginx.plain, "/")[0] for _ in range(4)] == [503] * 4
        busy.clear()
        assert [get(nginx.plain, "/")[0] for _ in range(4)] == [200] * 4
    finally:
        nginx.end()
        for server in servers:
            server.shutdown()


def test_nginx_passes_on_requests_web_sockets_and_event_streams_over_tls_and_http2(installed, tmp_path, pair):
    pair.deploy(release(installed, tmp_path, "1.0-one"))
    nginx = pair.nginx

    def curl(*arguments):
        done = subprocess.run(["curl", "-sS", "--insecure", "--max-time", "20", *arguments], capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    head = curl("--http2", "-D", "-", f"https://127.0.0.1:{nginx.https}/api/v1/version")
    assert head.startswith("HTTP/2 200") and '"release":"1.0-one"' in head, head + nginx.errors()
    assert "strict-transport-security: max-age=63072000" in head and "x-content-type-options: nosniff" in head
    assert "nginx/" not in head
    assert "301" in (moved := curl("-D", "-", f"http://127.0.0.1:{nginx.http}/a?b")) or "308" in moved
    assert "location: https://127.0.0.1/a?b" in moved.lower()
    assert curl("-o", "/dev/null", "-w", "%{http_code}", f"https://127.0.0.1:{nginx.https}/metrics") == "404"

    # A WebSocket, and events as they happen: the first comes while the job still runs.
    listener = WebSocket(nginx.plain)
    assert listener.status == 101
    assert listener.subscribe("system") > 0
    program = tmp_path / "site/current/bin/tradeassist"
    database = re.search(r"--database (\S+)\)", (pair.root / "deploy.conf").read_text())[1]
    (tmp_path / "wave.csv").write_text(wave(20_000))
    subprocess.run([program, "import", "wave.csv", "--symbol", "WAVE", "--timeframe", "1m", "--database", database],
                   cwd=tmp_path, check=True, capture_output=True)  # fmt: skip
    connection = http.client.HTTPConnection("127.0.0.1", nginx.plain, timeout=30)
    connection.request("POST", "/api/v1/optimize/single", '{"strategy":"RSIStrategy","symbol":"WAVE","timeframe":"1m",'
                       '"objective":"net_profit","sampler":"random","trials":1000000}', {"Content-Type": "application/json"})  # fmt: skip
    accepted = connection.getresponse()
    job = re.search(r'"job_id":"(\w+)"', accepted.read().decode())[1]
    assert accepted.status == 202
    stream = http.client.HTTPConnection("127.0.0.1", nginx.plain, timeout=30)
    stream.request("GET", f"/api/v1/jobs/{job}/events")
    events = stream.getresponse()
    seen = b""
    while b"event: job" not in seen:
        line = events.readline()
        assert line, seen
        seen += line
    assert b'"state":"completed"' not in seen
    stream.close()
    connection.request("POST", f"/api/v1/optimize/cancel/{job}", "{}", {"Content-Type": "application/json"})
    assert connection.getresponse().read()
    listener.close()


# --- Containers: there is no container engine here, so what can be held against what ---


def test_the_container_file_names_what_is_there(installed):
    text = (ROOT / "deploy/container/Containerfile").read_text().replace("\\\n", " ")
    stages = [line.split() for line in text.splitlines() if line.startswith("FROM ")]
    assert [stage[1] for stage in stages] == ["docker.io/library/debian:12-slim"] * 2
    words = {"FROM", "ENV", "WORKDIR", "COPY", "RUN", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"}
    used = {line.split()[0] for line in text.splitlines() if line and not line.startswith(("#", " "))}
    assert used <= words, used - words
    final = text[text.rindex("FROM "):]
    assert re.search(r"^USER 10001:10001$", final, re.M) and "HEALTHCHECK" in final and "STOPSIGNAL SIGTERM" in final
    for copied in re.findall(r"^COPY (?!--from)(\S+) ", text, re.M):
        assert (ROOT / copied).exists(), copied
    for script in re.findall(r"(scripts/\S+\.sh)", text):
        assert (ROOT / script).exists(), script
    functions = (ROOT / "scripts/common.sh").read_text()
    for called in ("install_packages", "install_node", "install_node_modules", "install_duckdb", "build_web", "build_preset"):
        assert called in text and f"{called}() {{" in functions
    # The packages of its second stage, and those that it names itself, are Debian's.
    wanted = [*(installed / "share/tradeassist/packages").read_text().split(), "curl", "nodejs", "npm", "git"]
    known = subprocess.run(["apt-cache", "show", "--no-all-versions", *wanted], capture_output=True)
    assert known.returncode == 0, known.stderr.decode()
    # Every line of shell in it is shell.
    for command in re.findall(r"^RUN (.*)$", text, re.M):
        assert subprocess.run(["bash", "-n", "-c", command], capture_output=True).returncode == 0, command


def test_the_compose_file_is_whole():
    compose = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())
    services = compose["services"]
    assert set(services) == {"server-1", "server-2", "worker", "postgres", "redis", "nginx", "prometheus", "grafana"}
    known = {"image", "build", "entrypoint", "command", "environment", "secrets", "tmpfs", "stop_grace_period", "depends_on",
             "networks", "volumes", "healthcheck", "restart", "read_only", "cap_drop", "cap_add", "security_opt", "ulimits",
             "logging", "user", "ports", "shm_size"}  # fmt: skip
    for name, service in services.items():
        assert set(service) <= known, (name, set(service) - known)
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"], name
        assert set(service["networks"]) <= set(compose["networks"])
        assert set(service["depends_on"] if "depends_on" in service else ()) <= set(services)
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            if source.startswith("./"):
                # The certificate is the operator's; the configurations are here.
                assert source.startswith("./tls/") or (ROOT / "deploy" / source).exists(), source
            else:
                assert source in compose["volumes"], source
        assert not any("PASSWORD" in key and not key.endswith("_FILE") for key in service.get("environment", ()))
    upstream = (ROOT / "deploy/nginx/upstream.compose.conf").read_text()
    assert re.findall(r"server (\S+):8080", upstream) == ["server-1", "server-2"]
    prometheus = ROOT / "deploy/prometheus/prometheus.compose.yml"
    assert f"--config.file=/etc/prometheus/{prometheus.name}" in services["prometheus"]["command"]
    subprocess.run(["promtool", "check", "config", prometheus], check=True, capture_output=True, timeout=30)
    scraped = yaml.safe_load(prometheus.read_text())["scrape_configs"][0]["static_configs"][0]["targets"]
    assert scraped == re.findall(r"server (\S+:8080)", upstream)
    subnets = [network["ipam"]["config"][0]["subnet"] for network in compose["networks"].values()]
    assert services["server-1"]["environment"]["TRADEASSIST_TRUSTED_PROXIES"] == ",".join(subnets)
    # The settings that it sets are there, and good together.
    settings = subprocess.run([BINARY, "config", "--json"], capture_output=True, check=True, env=_plain_environment()).stdout.decode()
    for key in services["server-1"]["environment"]:
        if key.startswith("TRADEASSIST_"):
            assert f'"{key.removeprefix("TRADEASSIST_").lower()}"' in settings, key
    subprocess.run([BINARY, "config"], capture_output=True, check=True,
                   env={**_plain_environment(), **services["server-1"]["environment"]})  # fmt: skip
    # Its shell lines are shell.
    for name in ("server-1", "worker"):
        (command,) = services[name]["command"]
        assert subprocess.run(["sh", "-n", "-c", command.replace("$$", "$")], capture_output=True).returncode == 0
