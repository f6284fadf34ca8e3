"""The examples of docs/api.md and of the client's README run as they are written, against the real server."""

import os
import re
import subprocess

import pytest

from conftest import ROOT, Server

PAGE = (ROOT / "docs/api.md").read_text()


def example(page, kind):
    return re.search(rf"```{kind}\n(.*?)```", page, re.DOTALL)[1]


@pytest.fixture
def environment(program):
    program.import_sp500()
    server = Server(program.folder, keys=True)
    yield {
        **{name: value for name, value in os.environ.items() if not name.startswith("TRADEASSIST_")},
        "TRADEASSIST_URL": f"http://127.0.0.1:{server.port}",
        "TRADEASSIST_KEY": server.first_key,
        "PYTHONPATH": str(ROOT / "python"),
    }
    server.end()


def run(command, environment, folder):
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=120, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_curl(environment, program):
    out = run(["bash", "-euo", "pipefail", "-c", example(PAGE, "sh curl")], environment, program.folder)
    assert out.startswith("time,open,high,low,close,volume\n2020-03-30T00:00:00Z,")
    assert "event: end" in out and '"strategy":"MovingAverageCrossover"' in out


def test_python(environment, program):
    out = run(["/usr/bin/python3", "-c", example(PAGE, "python")], environment, program.folder)
    assert out == "250 bars, the last closed at 2874.560059\nbest: 10\n404 INSTRUMENT_NOT_FOUND\n"


def test_the_readme_of_the_client(environment, program):
    pytest.importorskip("pyarrow")
    environment["PYTHONPATH"] += f":{ROOT / 'build/pyarrow'}"
    page = (ROOT / "python/README.md").read_text()
    out = run(["/usr/bin/python3", "-c", example(page, "python")], environment, program.folder)
    assert out == "SP500\n" and (program.folder / "report.pdf").read_bytes().startswith(b"%PDF")


def test_typescript(environment, program):
    """Its types are checked as those of the page are; then Node.js runs it without them."""
    program.write("example.ts", example(PAGE, "ts"))
    (program.folder / "schema.ts").write_bytes((ROOT / "web/src/api/schema.ts").read_bytes())
    (program.folder / "package.json").write_text('{"type": "module"}')
    compiler = ROOT / "web/reference/node_modules/typescript/bin/tsc"
    types = ROOT / "web/node_modules/@types"
    run(["node", compiler, "--strict", "--target", "es2022", "--module", "nodenext", "--allowImportingTsExtensions",
         "--rewriteRelativeImportExtensions", "--typeRoots", types, "--types", "node", "--outDir", "made", "example.ts"],
        environment, program.folder)  # fmt: skip
    out = run(["node", "made/example.js"], environment, program.folder)
    assert out.startswith("[ 2799.550049, 2874.560059 ]") and out.endswith("completed\n")


def test_the_types_of_the_page_are_those_of_the_document(environment):
    checked = ["node", ROOT / "web/reference/types.mjs", "--check", environment["TRADEASSIST_URL"] + "/api/openapi.json"]
    run(checked, environment, ROOT)
