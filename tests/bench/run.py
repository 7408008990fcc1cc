#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures Spillway beside nginx, Go, Gin and Caddy, and writes build/bench/results.{json,md,svg,png}.

Both sides run in the same round, pinned: the server on one core, the load on another. See docs/benchmarks.md.
Exit code: 0 where no floor was missed, 1 where one was, 2 for wrong usage."""

import argparse
import datetime
import os
import shutil
import signal
import statistics
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(HERE.parent)]

from harness import figures, machine, programs, report  # noqa: E402
from harness.rows import RowError  # noqa: E402
from support import spillway  # noqa: E402
from support.process import ProcessError  # noqa: E402


class Bench:
    """What all rows need: folders, pins, programs; and the notes they leave for the report."""

    def __init__(self, options):
        self.quick, self.interval = options.quick, options.interval
        self.server_cpus, self.load_cpus = {options.server_cpu}, {options.load_cpu}
        self.out = Path(options.out)
        self.build_folder = ROOT / "build" / "bench"
        self.build_folder.mkdir(parents=True, exist_ok=True)
        self.files = machine.Files(Path(options.files) if options.files else self.build_folder / "files")
        self.programs = Path(options.programs)
        self.spillway = Path(options.spillway) if options.spillway else spillway.find_binary()
        self.spillway_settings = dict(pair.split("=", 1) for pair in options.set)
        self.wrk_script = HERE / "peers" / "wrk.lua"
        self.notes = []
        self._scratch = Path(tempfile.mkdtemp(prefix="spillway-bench-"))

    def scratch(self, name):
        """A new empty folder, removed at the end of the run. Servers may drop their rights: all may enter it."""
        os.chmod(self._scratch, 0o755)
        folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self._scratch))
        os.chmod(folder, 0o777)
        return folder

    def program(self, name):
        """A program that the build made, or None."""
        for folder in (self.programs, self.programs / "tests" / "bench", self.programs / "tests" / "bench" / "micro"):
            if (folder / name).is_file():
                return folder / name
        return None

    def note(self, text):
        self.notes.append(text)
        print(f"    note: {text}", flush=True)

    def close(self):
        shutil.rmtree(self._scratch, ignore_errors=True)


def say(text):
    print(text, flush=True)


def start(bench, row, name):
    """A running server, or why there is none."""
    try:
        server = row.make(name, bench)
    except (ProcessError, OSError) as problem:
        bench.note(f"{name} did not start: {problem}")
        return None, "did not start"
    return server, None if server else "missing"


def measure_row(bench, row, rounds):
    """{"title", "servers": {name: {"rounds": [...], "median": {...}} or {"error": …}}}"""
    seconds = min(row.seconds, 2) if bench.quick else row.seconds
    result = {name: {"rounds": []} for name in row.servers}
    running = {}
    try:
        for turn in range(rounds):
            for name in row.servers:
                if "error" in result[name]:
                    continue
                if name not in running:
                    running[name], error = start(bench, row, name)
                    if error:
                        result[name] = {"error": error}
                        say(f"    {name}: {error}")
                        del running[name]
                        continue
                try:
                    if turn == 0 and not row.fresh and row.rounds is None:
                        row.measure(bench, running[name], 1)  # warms caches, branch predictors and the page cache
                    values = row.measure(bench, running[name], seconds)
                except (RowError, ProcessError, OSError) as problem:
                    bench.note(f"{row.title}: {name}: {problem}")
                    result[name] = {"error": f"failed: {str(problem).splitlines()[0][:120]}"}
                    continue
                result[name]["rounds"].append(values)
                say(f"    round {turn + 1}  {name:13} " + "  ".join(
                    f"{key}={report.number(values[key])}" for key in row.shown if key in values))
                if row.fresh:
                    running.pop(name).stop()
    finally:
        for server in running.values():
            server.stop()
    for server in result.values():
        if server.get("rounds"):
            server["median"] = {key: statistics.median(one[key] for one in server["rounds"]) for key in server["rounds"][0]}
    return {"title": row.title, "metric": row.metric, "unit": row.unit, "servers": result}


def parse(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    known = [*figures.ROWS, *programs.PROGRAMS]
    parser.add_argument("--quick", action="store_true", help="a few seconds a row, to see that it works")
    parser.add_argument("--rows", default=",".join(known), help="some of: " + ",".join(known))
    parser.add_argument("--rounds", type=int, help="interleaved rounds (default 5; quick: 1)")
    parser.add_argument("--interval", type=int, help="seconds between the two answers of row 100k (default 60; quick: 5)")
    parser.add_argument("--spillway", help="the binary (default: $SPILLWAY or build/release/spillway)")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting for Spillway")
    parser.add_argument("--programs", default=ROOT / "build" / "release", help="where the load programs were built")
    parser.add_argument("--files", help="where the served files go (default: build/bench/files)")
    parser.add_argument("--out", default=ROOT / "build" / "bench", help="where the results go")
    parser.add_argument("--server-cpu", type=int, default=0)
    parser.add_argument("--load-cpu", type=int, default=1)
    options = parser.parse_args(argv)
    options.rows = options.rows.split(",")
    unknown = [name for name in options.rows if name not in known]
    if unknown:
        parser.error(f"no such row: {', '.join(unknown)}")
    if options.rounds is None:
        options.rounds = 1 if options.quick else 5
    return options


def main(argv):
    options = parse(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers are stopped and folders removed
    bench = Bench(options)
    results = {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": machine.describe(), "quick": options.quick, "rounds": options.rounds,
        "server_cpus": options.server_cpu, "load_cpus": options.load_cpu, "rows": {}, "programs": {},
    }
    try:
        for name in options.rows:
            if name in programs.PROGRAMS:
                say(f"{name}: {programs.PROGRAMS[name][0]}")
                results["programs"][name] = programs.measure(bench, name)
                continue
            row = figures.ROWS[name]
            say(f"{name}: {row.title}")
            results["rows"][name] = measure_row(bench, row, row.rounds or options.rounds)
    except (KeyboardInterrupt, SystemExit):
        say("ended early: the rows that are whole are written")
        bench.notes.append("ended early")
    finally:
        bench.close()

    medians = {key: {name: server["median"] for name, server in row["servers"].items() if "median" in server}
               for key, row in results["rows"].items()}
    results["checks"] = []
    for check in figures.CHECKS:
        if check.row not in results["rows"]:
            continue
        judged = figures.judge(check, medians)
        results["checks"].append(judged or {"what": check.what, "kind": check.kind, "floor": check.floor,
                                            "goal": check.goal, "value": None, "verdict": "missing"})
    results["notes"] = bench.notes
    say("\n" + report.write(results, bench.out))
    say(f"written to {bench.out}/results.md, results.json, results.svg and results.png")
    verdicts = [check["verdict"] for check in results["checks"]]
    verdicts += [figure["verdict"] for program in results["programs"].values() for figure in program["figures"] or []]
    return 1 if "below the floor" in verdicts else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
