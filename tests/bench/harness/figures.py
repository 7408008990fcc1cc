# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of the table, and the floors and goals that they are held to (docs/benchmarks.md)."""

from dataclasses import dataclass, field
from typing import Callable

from . import archives, attack, crowds, limits, listing, rows, servers, transfers, watching


@dataclass
class Row:
    """`metric` is the one that counts; `better` says which way. `shown` are the columns of the table."""

    title: str
    measure: Callable
    servers: list
    metric: str
    unit: str
    shown: list
    make: Callable = servers.make
    seconds: int = 5
    rounds: int | None = None  # None: as many as run.py was asked for
    fresh: bool = False        # a new server for each measurement: memory is compared with a server that has seen nothing


@dataclass
class Check:
    """Ours against theirs, or against a number. ratio = theirs / ours where less is better, else what `kind` says."""

    what: str
    row: str
    floor: float
    goal: float
    kind: str                       # "times": theirs/ours, at least; "share": ours/theirs, at most; "value": ours, at most
    against: list = field(default_factory=list)  # the best of these
    ours: str = "spillway"
    metric: str | None = None       # None: the row's own


COMMON = ["spillway", "nginx", "go", "gin", "caddy"]
GET_COLUMNS = ["wall_s", "mib_per_s", "cpu_s", "calls"]
ZIP_COLUMNS = ["first_byte_ms", "again_ms", "whole_s", "mib_per_s", "cpu_s"]
WRK_COLUMNS = ["cpu_us", "requests_per_s", "p99_us", "server_busy"]

ROWS = {
    "bare1k": Row("1 KiB, bare head, public share, no log", rows.bare_1k, COMMON, "cpu_us", "µs CPU a request", WRK_COLUMNS),
    "browser1k": Row("1 KiB, browser head (700 bytes), public share, no log", rows.browser_1k, COMMON, "cpu_us",
                     "µs CPU a request", WRK_COLUMNS),
    "logged1k": Row("1 KiB, bare head, access log written", rows.bare_1k, ["spillway+log", "nginx+log"], "cpu_us",
                    "µs CPU a request", WRK_COLUMNS),
    "limited1k": Row("1 KiB, signed link, limit per address, access log", limits.limited_1k, ["spillway", "nginx"], "cpu_us",
                     "µs CPU a request", WRK_COLUMNS, make=limits.make_linked),
    "64k": Row("64 KiB, bare head", rows.bare_64k, COMMON, "cpu_us", "µs CPU a request", WRK_COLUMNS),
    "1g": Row("1 GiB by curl, from the page cache", rows.big, ["spillway", "nginx", "go", "caddy"], "cpu_s_per_gib",
              "s CPU a GiB", ["cpu_s_per_gib", "both_ends_s", "wall_s"]),
    "tls1k": Row("1 KiB over HTTPS, keep-alive", rows.bare_1k, ["spillway+tls", "nginx+tls"], "cpu_us", "µs CPU a request",
                 WRK_COLUMNS),
    "tls1g": Row("1 GiB over HTTPS by curl, from the page cache", rows.big, ["spillway+tls", "nginx+tls"], "cpu_s_per_gib",
                 "s CPU a GiB", ["cpu_s_per_gib", "both_ends_s", "wall_s"]),
    "limit": Row("the limit: a canned answer, nothing else", rows.bare_1k, ["spillway", "limit"], "cpu_us",
                 "µs CPU a request", WRK_COLUMNS),
    "idle": Row("10,000 idle connections", crowds.idle, ["spillway", "nginx"], "pss_kib", "KiB a connection",
                ["pss_kib", "rss_kib", "anonymous_kib", "kernel_slab_kib", "kernel_tcp_kib"], rounds=1, fresh=True),
    "stalled": Row("10,000 stalled downloads", crowds.stalled, ["spillway", "nginx"], "pss_kib", "KiB a connection",
                   ["pss_kib", "rss_kib", "anonymous_kib", "kernel_slab_kib", "kernel_tcp_kib"], rounds=1, fresh=True),
    "100k": Row("100,000 connections on one port, each answered twice", crowds.many, ["spillway", "nginx"], "not_answered_twice",
                "connections not answered twice",
                ["connected", "refused", "answered_once", "answered_twice", "failed", "open_at_once", "interval_seconds",
                 "connect_seconds", "first_seconds", "second_seconds"],
                make=crowds.make_group, rounds=1),
    "cold": Row("hot 1 KiB requests beside 32 cold downloads", rows.cold, ["spillway", "nginx", "nginx+aio"], "p99_us",
                "µs, p99", ["p50_us", "p99_us", "p999_us", "max_us", "cold_mib_per_s", "cold_finished"], seconds=8),
    "bandwidth": Row("one bandwidth limit over 8 connections and 4 workers", limits.bandwidth, ["spillway"], "off_percent",
                     "% off the limit", ["off_percent", "mib_per_s", "jain"], make=limits.make_limited, seconds=10),
    "throttled": Row("10,000 downloads at 10 KiB/s each", limits.throttled, ["throttled"], "core_percent", "% of a core",
                     ["core_percent", "kib_per_s_each", "slowest_kib_per_s", "pss_mib"], make=limits.make_limited, seconds=20,
                     rounds=1),
    "watched": Row("1 KiB beside 10,000 downloads, watched by a console and not", watching.measure, ["spillway"], "loss_percent",
                   "% of the requests lost", ["loss_percent", "quiet_per_s", "watched_per_s", "snapshots_per_s", "cpu_us"],
                   rounds=1, fresh=True, seconds=20),
    "attack": Row("hot 1 KiB requests beside floods, slow heads and readers, half-open TLS handshakes", attack.measure,
                  ["spillway"], "times", "times the quiet p99", ["p99_us", "quiet_p99_us", "memory_mib"], make=attack.make,
                  fresh=True, seconds=8),
    "listing": Row("a folder of 1,000,000 files as NDJSON", listing.listing, ["spillway"], "first_byte_ms", "ms to the first byte",
                   ["first_byte_ms", "whole_s", "memory_mib", "cpu_s", "body_mib"], make=listing.make, fresh=True),
    **{name: Row(f"100,000 files of 1 KiB as one ZIP{what}", archives.measure(shape, cold), archives.MAKERS, "first_byte_ms",
                 "ms to the first byte", ZIP_COLUMNS, make=archives.maker(shape), fresh=True)
       for name, what, shape, cold in [("zip", ", one folder", "flat", False), ("zip-tree", ", 5,000 folders", "tree", False),
                                       ("zip-cold", ", one folder, nothing in memory", "flat", True)]},
    **{f"get-{kind}": Row(f"spillway get: {title}", transfers.fetch, transfers.CLIENTS, "wall_s", "s", GET_COLUMNS,
                          make=transfers.maker(kind))
       for kind, title in {"fast": "one fast server", "limited": "a server that limits each connection",
                           "stalling": "a far line on which every third connection stands still",
                           "cutting": "every connection is cut after 1 MiB"}.items()},
}

CHECKS = [
    Check("requests per CPU second, 1 KiB, bare head, vs nginx", "bare1k", 1.1, 1.3, "times", ["nginx"]),
    Check("requests per CPU second, 1 KiB, browser head, vs nginx", "browser1k", 1.1, 1.3, "times", ["nginx"]),
    Check("requests per CPU second, 1 KiB, with access log, vs nginx", "logged1k", 1.1, 1.3, "times", ["nginx+log"],
          ours="spillway+log"),
    Check("requests per CPU second, 1 KiB, signed link, limit and log, vs nginx", "limited1k", 1.1, 1.3, "times", ["nginx"]),
    Check("a bandwidth limit over 8 connections and all workers, % off", "bandwidth", 3, 2, "value"),
    Check("10,000 downloads at 10 KiB/s, % of a core", "throttled", 15, 15, "value", ours="throttled"),
    Check("requests per CPU second, 64 KiB, vs nginx", "64k", 1.0, 1.1, "times", ["nginx"]),
    Check("1 GiB, CPU of the server alone, vs the best of nginx, Caddy, Go", "1g", 1.1, 1.0, "share", ["nginx", "caddy", "go"]),
    Check("1 GiB, CPU of both ends, vs the best of nginx, Caddy, Go", "1g", 1.1, 1.0, "share", ["nginx", "caddy", "go"],
          metric="both_ends_s"),
    Check("1 GiB, wall, vs the best of nginx, Caddy, Go", "1g", 1.1, 1.0, "share", ["nginx", "caddy", "go"], metric="wall_s"),
    Check("HTTPS: requests per CPU second, 1 KiB, vs nginx with the same suite", "tls1k", 0.9, 1.1, "times", ["nginx+tls"],
          ours="spillway+tls"),
    Check("HTTPS: 1 GiB per CPU second, vs nginx with the same suite", "tls1g", 0.9, 1.1, "times", ["nginx+tls"],
          ours="spillway+tls"),
    Check("the limit / ours, CPU per 1 KiB request", "limit", 0.65, 0.85, "times", ["limit"]),
    Check("one idle connection, KiB of process memory", "idle", 0.5, 0.2, "value"),
    Check("one stalled download, KiB of process memory", "stalled", 2.0, 1.0, "value"),
    Check("connections of 100,000 not answered twice", "100k", 0, 0, "value"),
    Check("1,000,000 files: first byte of the listing, ms", "listing", 200, 50, "value"),
    Check("1,000,000 files: memory added while it streams, MiB", "listing", 32, 8, "value", metric="memory_mib"),
    Check("a console that watches 10,000 downloads, % of the requests lost", "watched", 3, 3, "value"),
    Check("p99 beside floods and slow clients, times the quiet one", "attack", 3.0, 2.0, "value"),
    *(Check(f"100,000 files as one ZIP{what}: first byte, ms", name, 250, 100, "value")
      for name, what in (("zip", ""), ("zip-tree", " of 5,000 folders"))),
    Check("100,000 files as one ZIP, asked for again: first byte, ms", "zip", 50, 10, "value", metric="again_ms"),
    *(Check(f"spillway get, {what}: wall, vs the best of curl, wget, aria2c, axel", f"get-{kind}", 1.1, 1.0, "share",
            transfers.CLIENTS[1:])
      for kind, what in {"fast": "one fast server", "limited": "limited connections", "stalling": "a stalling line",
                         "cutting": "cut after 1 MiB"}.items()),
    Check("p99 of hot requests beside cold downloads, vs nginx", "cold", 1.0, 0.3, "share", ["nginx"]),
]


def judge(check, medians):
    """{"value", "against", "floor", "goal", "verdict"} of a check, or None where a side is missing.
    `medians`: row -> server -> metric -> median over the rounds."""
    row = medians.get(check.row, {})
    metric = check.metric or ROWS[check.row].metric
    ours = row.get(check.ours, {}).get(metric)
    theirs = [(row[name][metric], name) for name in check.against if metric in row.get(name, {})]
    if ours is None or (check.against and not theirs):
        return None
    best, name = min(theirs) if theirs else (None, None)
    if check.kind == "value":
        value, better = ours, lambda limit: ours <= limit
    elif check.kind == "times":
        value = best / ours
        better = lambda limit: value >= limit
    else:
        value = ours / best
        better = lambda limit: value <= limit
    verdict = "goal" if better(check.goal) else "floor" if better(check.floor) else "below the floor"
    return {"what": check.what, "value": value, "ours": ours, "theirs": best, "against": name, "floor": check.floor,
            "goal": check.goal, "kind": check.kind, "verdict": verdict}
