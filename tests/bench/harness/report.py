# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what was measured: results.json for programs, results.md for people, and a plot by gnuplot."""

import json
import shutil
import subprocess

from .figures import ROWS


def number(value):
    if value is None:
        return "–"
    if value == 0 or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def table(header, lines):
    return "\n".join(["| " + " | ".join(header) + " |", "|" + "---|" * len(header),
                      *("| " + " | ".join(line) + " |" for line in lines)])


def limit_text(check):
    sign = "≥" if check["kind"] == "times" else "≤"
    times = "" if check["kind"] == "value" else "x"
    return [f"{sign} {check['floor']:g}{times}", f"{sign} {check['goal']:g}{times}"]


def markdown(results):
    machine = results["machine"]
    parts = ["# Benchmark results", "",
             f"{results['date']}, {machine['cpu']}, {machine['cores']} cores, {machine['memory_gib']} GiB, "
             f"Linux {machine['kernel']}; server on CPU {results['server_cpus']}, load on CPU {results['load_cpus']}; "
             f"medians of {results['rounds']} interleaved rounds"
             + (" (quick: too short to be quoted)." if results["quick"] else "."),
             "", f"nginx: {machine['nginx']}; {machine['caddy']} (Caddy); {machine['go']}; {machine['wrk']}.", "",
             "## Against the floors and goals", ""]
    lines = []
    for check in results["checks"]:
        times = "" if check["kind"] == "value" else "x"
        value = number(check["value"]) + times if check["verdict"] != "missing" else "–"
        lines.append([check["what"] + (f" ({check['against']})" if check.get("against") else ""), value,
                      *limit_text(check), check["verdict"]])
    for program in results["programs"].values():
        for figure in program["figures"] or []:
            sign = "≥" if figure.get("at_least") else "≤"
            unit = " " + figure.get("unit", "")
            lines.append([f"{program['title']}: {figure['name']}", number(figure["value"]) + unit,
                          *(f"{sign} {figure[key]:g}{unit}" if key in figure else "" for key in ("floor", "goal")),
                          figure["verdict"]])
        if program["figures"] is None:
            lines.append([program["title"], "–", "", "", "missing"])
    parts.append(table(["what", "measured", "floor", "goal", "verdict"], lines))

    for key, row in results["rows"].items():
        shown = ROWS[key].shown
        parts += ["", f"## {row['title']}", ""]
        lines = []
        for name in ROWS[key].servers:
            server = row["servers"].get(name, {"missing": True})
            if "median" not in server:
                lines.append([name, server.get("error", "missing"), *[""] * (len(shown) - 1), ""])
                continue
            spread = [one[ROWS[key].metric] for one in server["rounds"]]
            lines.append([name, *(number(server["median"].get(column)) for column in shown),
                          f"{number(min(spread))} … {number(max(spread))}"])
        parts.append(table(["server", *shown, f"{ROWS[key].metric}, all rounds"], lines))
    if results["notes"]:
        parts += ["", "## Notes", "", *(f"- {note}" for note in results["notes"])]
    return "\n".join(parts) + "\n"


def plot(results, folder):
    """Bars: CPU per request for each wrk row and server. False where gnuplot is missing or nothing was measured."""
    drawn = [key for key in ("bare1k", "browser1k", "logged1k", "64k", "limit") if key in results["rows"]]
    names = []
    for key in drawn:
        names += [name for name in ROWS[key].servers if name not in names]
    names = [name for name in names if any("median" in results["rows"][key]["servers"].get(name, {}) for key in drawn)]
    lines = []
    for key in drawn:
        cells = [results["rows"][key]["servers"].get(name, {}).get("median", {}).get("cpu_us") for name in names]
        lines.append(" ".join([f'"{key}"', *("NaN" if cell is None else f"{cell:.3f}" for cell in cells)]))
    if not names or shutil.which("gnuplot") is None:
        return False
    data = folder / "results.dat"
    data.write_text("\n".join([" ".join(["row", *(f'"{name}"' for name in names)]), *lines]) + "\n")
    common = f"""
set title "CPU time of the server per request (µs, less is better)"
set style data histograms
set style histogram clustered gap 1
set style fill solid 0.8 border -1
set grid ytics
set yrange [0:*]
set key outside right top
plot for [i=2:{len(names) + 1}] "{data}" using i:xtic(1) title columnheader(i)
"""
    for terminal, name in (("svg size 900,420 enhanced background '#ffffff'", "results.svg"),
                           ("pngcairo size 900,420", "results.png")):
        script = f'set terminal {terminal} noenhanced\nset output "{folder / name}"\n{common}'
        done = subprocess.run(["gnuplot"], input=script.replace("enhanced background", "background"), text=True,
                              capture_output=True, timeout=60, check=False)
        if done.returncode != 0:
            results["notes"].append(f"gnuplot: {done.stderr.strip()[:300]}")
            return False
    return True


def write(results, folder):
    folder.mkdir(parents=True, exist_ok=True)
    plot(results, folder)
    (folder / "results.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    text = markdown(results)
    (folder / "results.md").write_text(text)
    return text
