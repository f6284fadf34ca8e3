#!/usr/bin/env python3
"""How long a backup takes and how much it holds: bench/backup_time.py [BINARY] [MILLIONS] [RUNS].

Millions of minutes of five symbols lie in a SQLite data directory. A first backup, one with nothing new, one after another
thousandth of the bars came, a verification, a restore; medians of several runs, each in a new folder.
"""

import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from served import binary, machine, write_minute_bars

MILLIONS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
RUNS = int(sys.argv[3]) if len(sys.argv) > 3 else 3


def bytes_in(folder):
    return sum(each.stat().st_size for each in pathlib.Path(folder).rglob("*") if each.is_file())


def seconds(*command):
    began = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - began


def import_bars(program, data, file, symbol):
    seconds(program, "import", file, "--symbol", symbol, "--timeframe", "1m", "--timezone", "UTC", "--data", data)


def measure(program, folder):
    data, more = os.path.join(folder, "data"), os.path.join(folder, "more.csv")
    count = MILLIONS * 200_000
    bars = os.path.join(folder, "bars.csv")
    write_minute_bars(bars, count)
    for symbol in range(5):
        import_bars(program, data, bars, f"S{symbol}")
    with open(bars) as all_bars, open(more, "w") as new:
        new.write(all_bars.readline())
        for row in list(all_bars)[: count // 1000]:
            at, rest = row.split(",", 1)
            new.write(f"{int(at) + 60 * count},{rest}")
    times, sizes = {}, {}
    for run in range(RUNS):
        here = os.path.join(folder, str(run))
        copy, backups = os.path.join(here, "data"), os.path.join(here, "backups")
        shutil.copytree(data, copy)
        arguments = ("--data", copy, "--backups", backups)

        def step(name, *command):
            before = bytes_in(backups) if os.path.isdir(backups) else 0
            times.setdefault(name, []).append(seconds(program, *command))
            sizes.setdefault(name, []).append((bytes_in(backups) - before) / 2**20)

        step("first backup", "backup", *arguments)
        step("nothing new", "backup", *arguments)
        import_bars(program, copy, more, "S0")
        step("a few bars of one symbol more", "backup", *arguments)
        step("verify", "backup", "verify", *arguments)
        step("restore", "restore", "latest", "--backups", backups, "--data", os.path.join(here, "restored"))
        shutil.rmtree(here)
    print(f"{machine()}; {MILLIONS} million bars, {bytes_in(data) / 2**20:.0f} MiB in the data directory")
    for name, all_times in times.items():
        print(f"{name:<30} {statistics.median(all_times):7.2f} s  {statistics.median(sizes[name]):8.2f} MiB written")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="tradeassist-bench-") as temporary:
        measure(binary(sys.argv[1:]), temporary)
