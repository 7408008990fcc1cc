# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows that compare servers side by side: small and middle files, one big file, the limit, cold reads.

A row is a function (bench, server, seconds) -> {metric: number}, called for each server in each round, so that whatever
else the machine does meets all of them. CPU time is that of the server's whole process tree, in ns resolution."""

import json
import re
import resource

from support import procfs
from support.process import run

from .machine import GIB, KIB, MIB

BROWSER_HEAD = {
    "Connection": "keep-alive",
    "Cache-Control": "max-age=0",
    "sec-ch-ua": '"Chromium";v="128", "Not;A=Brand";v="24", "Google Chrome";v="128"',
    "sec-ch-ua-mobile": "?0",
    "sec-ch-ua-platform": '"Linux"',
    "Upgrade-Insecure-Requests": "1",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36",
    "Accept": "*/*",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-Mode": "no-cors",
    "Sec-Fetch-Dest": "image",
    "Referer": "http://files.example.org/s/pub/holidays/2025/summer/index.html",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "en-GB,en-US;q=0.9,en;q=0.8",
    "Cookie": "theme=dark; lang=en; consent=2025-10-10T13:55:36Z; visited=summer-2025",
}


class RowError(RuntimeError):
    """A measurement that must not enter the table: wrong answers, lost connections."""


def measured(server, work):
    """(CPU seconds of the server's tree, what work() gave)."""
    pids = procfs.descendants(server.pid)
    before = procfs.cpu_seconds(pids)
    result = work()
    return procfs.cpu_seconds(pids) - before, result


def wrk(bench, server, name, seconds, headers=None, connections=64):
    argv = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s", bench.wrk_script]
    for key, value in (headers or {}).items():
        argv += ["-H", f"{key}: {value}"]
    cpu, (code, out, err) = measured(server, lambda: run([*argv, server.url(name)], cpus=bench.load_cpus,
                                                         timeout=seconds + 60))
    found = re.search(r"^WRK (\{.*\})$", out, re.MULTILINE)
    if code != 0 or not found:
        raise RowError(f"wrk: {code} {out} {err}")
    totals = json.loads(found.group(1))
    if totals["requests"] == 0 or totals["bad"] or totals["broken"]:
        raise RowError(f"wrk had answers that were not right: {totals}")
    return {
        "cpu_us": cpu / totals["requests"] * 1e6,
        "requests_per_s": totals["requests"] / totals["micros"] * 1e6,
        "bytes_per_s": totals["bytes"] / totals["micros"] * 1e6,
        "server_busy": cpu / (totals["micros"] / 1e6),
        "p99_us": totals["p99_us"],
    }


def bare_1k(bench, server, seconds):
    return wrk(bench, server, bench.files.make("one.bin", KIB).name, seconds)


def browser_1k(bench, server, seconds):
    return wrk(bench, server, bench.files.make("one.bin", KIB).name, seconds, BROWSER_HEAD)


def bare_64k(bench, server, seconds):
    return wrk(bench, server, bench.files.make("middle.bin", 64 * KIB).name, seconds)


def big(bench, server, seconds):
    """1 GiB to /dev/null by curl, from the page cache; `seconds` has no part in it.

    On loopback TCP's work runs on whichever end is awake, so the CPU time of both ends is what a sender costs; a server
    that sleeps while its client's acknowledgements push the bytes looks cheap, and is slow."""
    path = bench.files.make("big.bin", GIB)
    bench.files.warm(path)
    argv = ["curl", "-sSk", "-o", "/dev/null", "-w", "%{http_code} %{size_download} %{time_total}", server.url(path.name)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu, (code, out, err) = measured(server, lambda: run(argv, cpus=bench.load_cpus, timeout=120))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    client = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    status, size, wall = out.split() if code == 0 else ("", "0", "0")
    if status != "200" or int(size) != GIB:
        raise RowError(f"curl: {code} {out} {err}")
    return {"cpu_s_per_gib": cpu, "both_ends_s": cpu + client, "wall_s": float(wall)}


def cold(bench, server, seconds):
    """p99 of hot 1 KiB requests while 32 evicted files are downloaded; it ends with the last of them, or after `seconds`."""
    hot = bench.files.make("one.bin", KIB)
    count, size = 32, (64 if bench.quick else 256) * MIB
    paths = [bench.files.make(f"cold-{i:02d}.bin", size) for i in range(count)]
    left = max(bench.files.evict(path) for path in paths)
    if left > 0.01:
        raise RowError(f"{left:.0%} of a cold file stayed in the page cache")
    bench.files.warm(hot)
    argv = [bench.program("bench_hotprobe"), "--port", server.port, "--hot", f"{server.prefix}{hot.name}",
            "--cold", f"{server.prefix}cold-%02d.bin", "--downloads", count, "--seconds", seconds]
    cpu, (code, out, err) = measured(server, lambda: run(argv, cpus=bench.load_cpus, timeout=seconds + 90))
    if code != 0:
        raise RowError(f"hotprobe: {code} {out} {err}")
    result = json.loads(out.splitlines()[-1])
    if result["failed"] or result["cold_failed"] or result["answered"] < 1000:
        raise RowError(f"hotprobe: {out}")
    return {**{key: result[key] for key in ("p50_us", "p99_us", "p999_us", "max_us", "cold_finished")},
            "cold_mib_per_s": result["cold_bytes"] / MIB / result["cold_seconds"], "cpu_s": cpu}
