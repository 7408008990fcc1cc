# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows that are programs of their own, built with the server's libraries: each prints JSON, and is read here.

A figure is {"name", "value", "unit"} and, where it is held to something, "floor", "goal" and "at_least" (more is better)."""

import json
import tempfile

from support.process import run


def million(bench, binary):
    """The file index: how long a scan takes, how much memory and disk, how fast a search is."""
    files = 20_000 if bench.quick else 1_000_000
    with tempfile.TemporaryDirectory(dir=bench.build_folder) as scratch:  # on the disk, not on a /tmp that may be memory
        code, out, err = run([binary, "--files", files], timeout=3600, cpus=bench.load_cpus | bench.server_cpus,
                             env={"TMPDIR": scratch})
    if code != 0:
        return code, err, []
    result = json.loads(out)
    slowest = max(result["searches"], key=lambda search: search["ms"])
    return code, out, [
        {"name": f"scan of {result['files']:,} files", "value": result["scan_seconds"], "unit": "s"},
        {"name": "second scan", "value": result["rescan_seconds"], "unit": "s"},
        {"name": "memory added by the scan, peak", "value": result["peak_rss_delta_kib"] / 1024, "unit": "MiB"},
        {"name": "database", "value": result["database_bytes"] / 2**20, "unit": "MiB"},
        {"name": f"slowest search (\"{slowest['text']}\", {slowest['found']} found)", "value": slowest["ms"], "unit": "ms"},
    ]


def metadata(bench, binary):
    """A link's record from the cache, and from SQL by a prepared statement on the same thread: the harder comparison."""
    argv = [binary, "--benchmark_format=json"] + (["--benchmark_min_time=0.05"] if bench.quick else
                                                  ["--benchmark_repetitions=5", "--benchmark_report_aggregates_only=true"])
    code, out, err = run(argv, timeout=600, cpus=bench.load_cpus | bench.server_cpus)
    if code != 0:
        return code, err, []
    times = {}
    for entry in json.loads(out)["benchmarks"]:
        if entry.get("aggregate_name", "median") == "median":
            times[entry["run_name"].split("/real_time")[0]] = entry["real_time"]
    hit, sql = times["metadata/cache_hit"], times["metadata/sql_prepared"]
    return code, out, [
        {"name": "cache vs a prepared SQL statement", "value": sql / hit, "unit": "x", "floor": 5, "goal": 20,
         "at_least": True},
        {"name": "look-up in the cache", "value": hit, "unit": "ns"},
        {"name": "look-up by a prepared statement", "value": sql, "unit": "ns"},
        {"name": "look-up through a reader's queue", "value": times["metadata/sql_through_reader"], "unit": "ns"},
    ]


PROGRAMS = {
    "million": ("1,000,000 files in the index", "bench_million", million),
    "metadata": ("metadata look-up", "bench_metadata", metadata),
}


def measure(bench, name):
    """{"title", "figures": [...], "output"}; figures is None where the program is not built."""
    title, program, read = PROGRAMS[name]
    binary = bench.program(program)
    if binary is None:
        return {"title": title, "figures": None, "output": f"{program} is not built"}
    code, output, figures = read(bench, binary)
    if code != 0:
        bench.note(f"{program} ended with {code}: {output[-500:]}")
    for figure in figures:
        figure["verdict"] = verdict(figure)
        print(f"    {figure['name']}: {figure['value']:.3g} {figure['unit']}", flush=True)
    return {"title": title, "figures": figures, "output": output[-4000:]}


def verdict(figure):
    def reached(limit):
        return figure["value"] >= limit if figure.get("at_least") else figure["value"] <= limit
    if "floor" not in figure:
        return ""
    if reached(figure.get("goal", figure["floor"])):
        return "goal"
    return "floor" if reached(figure["floor"]) else "below the floor"
