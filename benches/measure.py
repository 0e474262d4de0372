"""Runs a command some times and prints one row of a table: wall and CPU seconds, speed, peak memory.

    measure.py [--runs N] [--fresh DIR] NAME BYTES COMMAND...

The fastest run counts. Memory is the largest resident set of one process. Exit status 1 (findings) is fine.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("--runs", type=int, default=3)
parser.add_argument("--fresh", help="a directory to remove before every run")
parser.add_argument("name")
parser.add_argument("bytes", type=int)
parser.add_argument("command", nargs=argparse.REMAINDER)
given = parser.parse_args()

best = None
for _ in range(given.runs):
    if given.fresh:
        shutil.rmtree(given.fresh, ignore_errors=True)
    started = time.perf_counter()
    process = subprocess.Popen(given.command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    # The pipe is drained first; what is written there is an error message or nothing.
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 1):
        sys.exit(f"{given.name}: exit status {code}\n{errors.decode(errors='replace')}")
    cpu = usage.ru_utime + usage.ru_stime
    if best is None or wall < best[0]:
        best = (wall, cpu, usage.ru_maxrss / 1024)

wall, cpu, peak = best
megabytes = given.bytes / 1e6
print(f"| {given.name} | {wall:.3f} | {cpu:.3f} | {megabytes / wall:.0f} | {megabytes / cpu:.0f} | {peak:.0f} |", flush=True)
