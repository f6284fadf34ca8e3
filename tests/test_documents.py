"""What the documents show is there and works as it is written."""

import os
import re
import subprocess

import pytest
from conftest import BINARY, ROOT, wave
from test_continuous import CONTRACTS

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_to_one(document):
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text())
    missing = [target for target in targets if "://" not in target and not (document.parent / target).exists()]
    assert missing == []


def test_the_tour_of_the_readme_runs_as_typed(program):
    section = (ROOT / "README.md").read_text().split("## Five minutes on the command line", 1)[1]
    tour = section.split("```sh\n", 1)[1].split("```", 1)[0]
    assert tour.startswith("alias tradeassist=build/release/tradeassist\n")

    # What the tour starts from: the built binary, S&P 500 bars, and files of the reader's own.
    (program.folder / "build/release").mkdir(parents=True)
    (program.folder / "build/release/tradeassist").symlink_to(BINARY)
    program.import_sp500()
    program.write("eurusd.csv", local_hours())
    program.write("es.csv", CONTRACTS)
    program.write("bars.csv", wave(500, step_seconds=900))
    program.write("my.pine", (ROOT / "tests/pine/macd.pine").read_bytes())
    script = "set -e\nshopt -s expand_aliases\n" + tour
    done = subprocess.run(
        ["bash", "-c", script], cwd=program.folder, capture_output=True, timeout=120,
        env={name: value for name, value in os.environ.items() if not name.startswith("TRADEASSIST_")},
    )  # fmt: skip
    assert done.returncode == 0 and done.stderr == b"", done.stderr.decode()
    assert len((program.folder / "trials.csv").read_text().splitlines()) == 201

    # The README shows parts of what the first search prints; its sentences are wrapped there.
    shown = section.split("whether to believe them:\n\n```\n", 1)[1].split("```", 1)[0]
    table, verdict, _ = shown.split("  …\n")
    assert table in done.stdout.decode()
    assert " ".join(verdict.split()) in done.stdout.decode()


def local_hours() -> str:
    rows = "".join(f"2020-01-{day:02d} {hour:02d}:00,1,2,0.5,1.5,10\n" for day in (6, 7, 8) for hour in range(24))
    return "time,open,high,low,close,volume\n" + rows


@pytest.mark.parametrize("document", ["backup.md", "upgrade.md"])
def test_what_is_shown_about_backups_runs_as_typed(program, document):
    program.import_sp500()
    text = (ROOT / "docs" / document).read_text()
    shown = "".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))
    assert shown.count("tradeassist ") > 2
    script = f"set -e\ntradeassist() {{ '{BINARY}' \"$@\"; }}\n" + shown
    done = subprocess.run(["bash", "-c", script], cwd=program.folder, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    assert "can be restored" in done.stdout.decode()
