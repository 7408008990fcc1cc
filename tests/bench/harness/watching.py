# SPDX-License-Identifier: GPL-3.0-or-later
"""The row `watched`: what a console that watches 10,000 running downloads takes of the server's throughput."""

import json
import resource
import statistics

from support.process import Process

from .crowds import Crowd
from .machine import KIB
from .rows import RowError, wrk

INTERVAL_MS = 250  # four snapshots a second


class Watcher:
    """A console's stream of snapshots, read by curl as fast as it comes."""

    def __init__(self, bench, server):
        admin = json.loads((server.running.data / "admin.json").read_text())
        folder = bench.scratch("watch")
        self.got, config = folder / "stream", folder / "curl"
        config.touch(mode=0o600)  # the token is in no list of processes, and for nobody else to read
        config.write_text(f'header = "Authorization: Bearer {admin["token"]}"\n')
        self.curl = Process(["curl", "-sSN", "-K", config, "-o", self.got,
                             f"{admin['address'].rstrip('/')}/api/v1/live?interval={INTERVAL_MS}"], cpus=bench.load_cpus)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.curl.stop()

    def snapshots(self):
        """Those that came whole."""
        lines = self.got.read_bytes().split(b"\n")[:-1]
        return [json.loads(line.removeprefix(b"data: ")) for line in lines if line.startswith(b"data: ")]


def measure(bench, server, seconds):
    """Requests per second with nobody watching and with one console, in turns, so that both meet the same machine."""
    count = 2000 if bench.quick else 10_000
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    hot = bench.files.make("one.bin", KIB).name
    big = bench.files.make("stall.bin", 100_000_000, sparse=True).name
    request = f"GET {server.prefix}{big} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    quiet, watched, snapshots = [], [], []
    try:
        with Crowd(server, request, stalled=True) as crowd:
            crowd.grow(count)
            crowd.wait_first_bytes(crowd.sockets)
            for _ in range(3):
                quiet.append(wrk(bench, server, hot, seconds))
                with Watcher(bench, server) as watcher:
                    watched.append(wrk(bench, server, hot, seconds))
                    snapshots.append(watcher.snapshots())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    seen = [len(one["running"]["transfers"]) for some in snapshots for one in some]
    if not seen or min(seen) < count:
        raise RowError(f"the console did not see all {count} downloads: {seen}")
    rate = {name: statistics.median(one["requests_per_s"] for one in some)
            for name, some in {"quiet": quiet, "watched": watched}.items()}
    return {"loss_percent": (1 - rate["watched"] / rate["quiet"]) * 100, "quiet_per_s": rate["quiet"],
            "watched_per_s": rate["watched"], "snapshots_per_s": len(seen) / 3 / seconds,
            "cpu_us": statistics.median(one["cpu_us"] for one in watched)}
