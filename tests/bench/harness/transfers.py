# SPDX-License-Identifier: GPL-3.0-or-later
"""`spillway get` beside curl, wget, aria2c and axel, over good lines and bad ones. What stands in the place of the server
is the client: a row's "server" here is a client with the line that it fetches over. Each has as many connections as the
others, its best options against a line that stalls, and is called again for as long as it gives up. Bytes are compared."""

import filecmp
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

from support.process import Process

from .machine import MIB
from .rows import RowError
from .servers import _listening, nginx

CLIENTS = ["spillway", "curl", "wget", "aria2c", "axel"]
CONNECTIONS = 4
PATIENCE = "3"  # seconds without a byte, for those that can be told
MOST_CALLS = 500

# (MiB, quick MiB, what nginx does to each connection, the kind of line before it)
LINES = {
    "fast": (1024, 256, "", None),
    "limited": (256, 64, "limit_rate 16m;", None),
    "stalling": (96, 32, "", "stalling"),
    "cutting": (128, 32, "", "cutting"),
}


def argv_of(client, bench, url, out):
    n = str(CONNECTIONS)
    return {
        "spillway": lambda: [bench.spillway, "get", "-j", n, "--timeout", PATIENCE + "s", "-o", out, url],
        "curl": lambda: ["curl", "-sS", "-f", "-C", "-", "--speed-time", PATIENCE, "--speed-limit", "1", "-o", out, url],
        "wget": lambda: ["wget", "--no-config", "-q", "-c", "--tries=0", f"--read-timeout={PATIENCE}", "--waitretry=0",
                         "-O", out, url],
        "aria2c": lambda: ["aria2c", "--no-conf", "--quiet=true", "-c", "-x", n, "-s", n, "-k", "1M", "--max-tries=0",
                           "--retry-wait=0", f"--timeout={PATIENCE}", f"--connect-timeout={PATIENCE}",
                           "--file-allocation=falloc", "-d", os.path.dirname(out), "-o", os.path.basename(out), url],
        "axel": lambda: ["axel", "-q", "-n", n, "-T", PATIENCE, "-o", out, url],
    }[client]()


class Client:
    """A client and the line that it is measured on."""

    def __init__(self, name, kind, server, line):
        self.name, self.kind, self.server, self.line = name, kind, server, line
        port = line and _listening(line)
        self.base = f"http://127.0.0.1:{port or server.port}{server.prefix}"

    def stop(self):
        if self.line:
            self.line.stop()
        self.server.stop()


def maker(kind):
    def make(name, bench):
        if shutil.which(name) is None and name != "spillway":
            return None
        _, _, location, proxy = LINES[kind]
        server = nginx(bench, location=location)
        if server is None:
            return None
        line = None
        if proxy:
            here = Path(__file__).resolve().parent
            line = Process([sys.executable, here / "lines.py", server.port, proxy], cpus=bench.server_cpus)
        try:
            return Client(name, kind, server, line)
        except Exception:
            server.stop()
            raise
    return make


def call(argv, cpus, deadline):
    """(exit code, CPU seconds): waits without polling, as a poll would be a part of what is measured."""
    child = subprocess.Popen([str(part) for part in argv], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL, preexec_fn=lambda: os.sched_setaffinity(0, cpus))
    killer = threading.Timer(max(1, deadline - time.monotonic()), child.kill)
    killer.start()
    try:
        _, status, usage = os.wait4(child.pid, 0)
    finally:
        killer.cancel()
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, usage.ru_utime + usage.ru_stime


def fetch(bench, client, seconds):
    """One file; `seconds` has no part in it."""
    whole, quick, _, _ = LINES[client.kind]
    source = bench.files.make(f"get-{client.kind}.bin", (quick if bench.quick else whole) * MIB)
    bench.files.warm(source)
    folder = bench.scratch("get")
    out = str(folder / "out.bin")
    begin = time.monotonic()
    cpu, calls = 0.0, 0
    while True:
        code, used = call(argv_of(client.name, bench, client.base + source.name, out), bench.load_cpus, begin + 300)
        cpu, calls = cpu + used, calls + 1
        if code == 0:
            break
        if calls == MOST_CALLS or time.monotonic() - begin > 280:
            raise RowError(f"{client.name} ended with {code} after {calls} calls")
    wall = time.monotonic() - begin
    same = filecmp.cmp(source, out, shallow=False)
    shutil.rmtree(folder, ignore_errors=True)
    if not same:
        raise RowError(f"{client.name} has fetched other bytes")
    return {"wall_s": wall, "cpu_s": cpu, "calls": calls, "mib_per_s": source.stat().st_size / MIB / wall}
