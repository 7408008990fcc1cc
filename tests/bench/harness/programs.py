# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows that are programs of their own: they print figures, and this passes them on.

Such a program prints, among whatever else, lines of the form   FIGURE {"name": …, "value": …, "unit": …, "floor": …,
"goal": …}   where value ≤ floor is asked for, or with "at_least": true the reverse; floor and goal may be left out."""

import json
import re

from support.process import run

PROGRAMS = {
    "million": ("1,000,000 files in a share", "bench_million", 1800),
    "metadata": ("metadata through the cache vs straight SQL", "bench_metadata", 600),
}


def measure(bench, name):
    """{"title", "figures": [...], "output"}; figures is None where the program is not built."""
    title, program, timeout = PROGRAMS[name]
    binary = bench.program(program)
    if binary is None:
        return {"title": title, "figures": None, "output": f"{program} is not built"}
    argv = [binary, "--quick"] if bench.quick else [binary]
    code, out, err = run(argv, timeout=timeout, cpus=bench.server_cpus | bench.load_cpus)
    figures = [json.loads(text) for text in re.findall(r"^FIGURE (\{.*\})$", out, re.MULTILINE)]
    for figure in figures:
        figure["verdict"] = verdict(figure)
    if code != 0:
        bench.note(f"{program} ended with {code}: {err[-500:]}")
    return {"title": title, "figures": figures, "output": out[-4000:]}


def verdict(figure):
    def reached(limit):
        return figure["value"] >= limit if figure.get("at_least") else figure["value"] <= limit
    if "floor" not in figure:
        return ""
    if reached(figure.get("goal", figure["floor"])):
        return "goal"
    return "floor" if reached(figure["floor"]) else "below the floor"
