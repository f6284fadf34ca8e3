"""A user brings CSV files that no plain reader takes."""

import gzip
import os
import zipfile

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
    "tilde_in_gzip": gzip.compress(PLAIN.replace(",", "~").encode()),
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


def months(first, count):
    """Minutes from `first` on, counted from the first of PLAIN."""
    head, *rows = PLAIN.splitlines()
    return "\n".join([head, *rows[first : first + count]]) + "\n"


def test_packed_files_are_files_of_their_own(program, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    program.write("plain.csv", PLAIN)
    program("import", "plain.csv", "--symbol", "PLAIN", "--timeframe", "1m")
    with zipfile.ZipFile(program.folder / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/first.csv", months(0, 60))
        archive.writestr("__MACOSX/._first.csv", "x")
        archive.writestr("second.csv", months(60, 60).replace(",", "~"))
    program.write("rest.csv.gz", gzip.compress(months(120, 80).encode()))
    temporary = {"TMPDIR": str(scratch)}
    report = program("import", "all.zip", "rest.csv.gz", "--symbol", "PACKED", "--timeframe", "1m", "--json",
                     environment=temporary).json()  # fmt: skip
    assert [(file["file"], file["inserted"]) for file in report["files"]] == [
        ("all.zip/a/first.csv", 60), ("all.zip/second.csv", 60), ("rest.csv.gz", 80)]  # fmt: skip
    bars = ["bars", "--timeframe", "1m", "--symbol"]
    assert program(*bars, "PACKED").out == program(*bars, "PLAIN").out
    assert os.listdir(scratch) == []


def test_what_holds_no_bars_in_an_archive_is_left_out_and_named(program, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with zipfile.ZipFile(program.folder / "mixed.zip", "w") as archive:
        archive.writestr("README.md", "# Prices\n\nIn **bars.csv** is what you want.\n")
        archive.writestr("bars.csv", PLAIN)
        archive.writestr("logo.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
        archive.writestr("empty.csv", "")
    importing = ["import", "mixed.zip", "--symbol", "X", "--timeframe", "1m"]
    temporary = {"TMPDIR": str(scratch)}
    report = program(*importing, "--json", environment=temporary).json()
    assert [(file["file"], file["inserted"]) for file in report["files"]] == [("mixed.zip/bars.csv", 200)]
    assert [file["file"] for file in report["left_out"]] == [
        "mixed.zip/README.md", "mixed.zip/logo.png", "mixed.zip/empty.csv"]  # fmt: skip
    assert all(file["reason"] and str(scratch) not in file["reason"] for file in report["left_out"])
    said = program(*importing, environment=temporary).out
    assert "mixed.zip/README.md was left out: " in said and "200 there already" in said


def test_an_open_interest_that_is_always_0_is_not_known(program):
    rows = [f"2024-01-{day:02d},10,11,9,10,100,{{}}" for day in range(2, 12)]
    for name, values in (("zeros", [0] * 10), ("some", [0] * 9 + [7])):
        lines = [row.format(value) for row, value in zip(rows, values)]
        program.write(f"{name}.csv", "\n".join(["Date,Open,High,Low,Close,Volume,OpenInt", *lines]) + "\n")
    importing = ["--timeframe", "1d", "--symbol"]
    bars = ["bars", "--timeframe", "1d", "--format", "csv", "--symbol"]
    assert "the open interest is 0 in every row" in program("import", "zeros.csv", *importing, "A").out
    assert program(*bars, "A").out.startswith("time,open,high,low,close,volume\n")
    chosen = program("import", "zeros.csv", *importing, "B", "--columns", "open_interest=OpenInt").out
    assert "in every row" not in chosen and ",open_interest\n" in program(*bars, "B").out
    program.write("ours.csv", program(*bars, "B").out)
    program("import", "ours.csv", *importing, "D")
    assert program(*bars, "D").out == program(*bars, "B").out
    assert "in every row" not in program("import", "some.csv", *importing, "C").out
    assert program(*bars, "C").out.splitlines()[-1].endswith(",7") and ",open_interest\n" in program(*bars, "C").out


def test_packed_files_that_cannot_be_read_are_named_with_their_archive(program, tmp_path):
    importing = ["--symbol", "X", "--timeframe", "1m"]
    with zipfile.ZipFile(program.folder / "mixed.zip", "w") as archive:
        archive.writestr("bars.csv", PLAIN)
        archive.writestr("notes/readme.txt", "just some words\nand some more\n")
    strict = ["import", "mixed.zip", *importing, "--strict"]
    said = program(*strict, code=1, environment={"TMPDIR": str(tmp_path)}).err
    assert "mixed.zip/notes/readme.txt: no line holds a time and prices" in said and str(tmp_path) not in said
    assert "'X' does not exist" in program("bars", "--symbol", "X", "--timeframe", "1m", code=1).err  # nothing was stored
    with zipfile.ZipFile(program.folder / "words.zip", "w") as archive:
        archive.writestr("readme.txt", "just some words\nand some more\n")
    said = program("import", "words.zip", *importing, code=1).err
    assert "words.zip/readme.txt: no line holds a time and prices" in said
    with zipfile.ZipFile(program.folder / "rows.zip", "w") as archive:
        archive.writestr("bars.csv", PLAIN + "2020-01-02T20:00:00Z,1,x,1,1,1\n")
    said = program("import", "rows.zip", *importing, "--strict", code=1).err
    assert "rows.zip/bars.csv: line 202: high 'x' is not a number" in said
    whole = gzip.compress(PLAIN.encode())
    program.write("cut.csv.gz", whole[:-20])
    assert "cut.csv.gz is damaged: it is cut off" in program("import", "cut.csv.gz", *importing, code=1).err
    with zipfile.ZipFile(program.folder / "empty.zip", "w"):
        pass
    assert "empty.zip: there is no file in it" in program("import", "empty.zip", *importing, code=1).err
    with zipfile.ZipFile(program.folder / "sheet.xlsx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    assert "Excel workbook" in program("import", "sheet.xlsx", *importing, code=1).err
