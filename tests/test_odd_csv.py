"""A user brings CSV files that no plain reader takes."""

import gzip
import os

import pytest
from conftest import wave

PLAIN = wave(200)


def quoted_lines(text):
    """A text column whose quotes hold line ends, as spreadsheets write remarks."""
    head, *rows = text.splitlines()
    return "\n".join([head + ",remark"] + [row + ',"two\nlines"' for row in rows]) + "\n"


ODD = {
    "tilde": PLAIN.replace(",", "~"),
    "two_colons": PLAIN.replace(",", "::"),
    "caret": PLAIN.replace(",", "^"),
    "utf_16": PLAIN.encode("utf-16"),
    "gzip": gzip.compress(PLAIN.encode()),
    "quoted_line_ends": quoted_lines(PLAIN),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_files_give_the_bars_of_the_plain_one_and_the_report_says_how(program, name, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    program.write("plain.csv", PLAIN)
    program.write("odd.csv", ODD[name])
    program("import", "plain.csv", "--symbol", "PLAIN", "--timeframe", "1m")
    answer = program(
        "import", "odd.csv", "--symbol", "ODD", "--timeframe", "1m", environment={"TMPDIR": str(scratch)}
    )  # fmt: skip
    assert "read by DuckDB as" in answer.out and "odd.csv" in answer.out
    assert "200 new bars" in answer.out
    assert (
        program("bars", "--symbol", "ODD", "--timeframe", "1m").out
        == program("bars", "--symbol", "PLAIN", "--timeframe", "1m").out
    )
    assert os.listdir(scratch) == []


def test_plain_files_are_read_without_help(program):
    program.write("plain.csv", PLAIN)
    assert "DuckDB" not in program("import", "plain.csv", "--symbol", "X", "--timeframe", "1m").out


def test_questions_stay_questions(program):
    rows = "".join(f"2020-01-02 09:{minute:02d}:00~1~2~0.5~1.5~10\n" for minute in range(30, 60))
    program.write("local.csv", "time~open~high~low~close~volume\n" + rows)
    asked = program("import", "local.csv", "--symbol", "X", "--timeframe", "1m", code=1).err
    assert "--timezone" in asked and "tradeassist-plain" not in asked
    program("import", "local.csv", "--symbol", "X", "--timeframe", "1m", "--timezone", "America/New_York")
    assert "2020-01-02T14:30:00Z" in program("bars", "--symbol", "X", "--timeframe", "1m").out


def test_a_question_about_a_plain_file_is_asked_once(program):
    rows = "".join(f"2020-01-02 09:{minute:02d}:00,1,2,0.5,1.5,10\n" for minute in range(30, 60))
    program.write("local.csv", "time,open,high,low,close,volume\n" + rows)
    asked = program("import", "local.csv", "--symbol", "X", "--timeframe", "1m", code=1).err
    assert asked.count("--timezone A") == 1 and "DuckDB" not in asked


def test_both_reasons_are_given_for_what_nobody_reads(program):
    program.write("story.csv", "once upon a time\nthere was a bar\n" * 20)
    refused = program("import", "story.csv", "--symbol", "X", "--timeframe", "1m", code=1).err
    assert refused.startswith("error: story.csv: ") and "nor could DuckDB read it: " in refused
