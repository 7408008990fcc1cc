# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder of 100,000 small files as one ZIP: how soon its first byte comes, and how fast the rest. No server in Debian makes
one, so what stands beside Spillway is what a script behind a server would call: bsdtar and zip, stored, into a pipe. They
begin before they have looked at all files, and pay with what they cannot say: no length, no tag, no second half of a download
that broke. Server and client have both cores here: the client only waits for the first byte."""

import http.client
import io
import os
import shutil
import subprocess
import time
import zipfile
from pathlib import Path

from support import procfs

from .rows import RowError
from .servers import spillway_server

MAKERS = ["spillway", "bsdtar", "zip"]
EACH = 1024  # bytes
DROP = Path("/proc/sys/vm/drop_caches")


def make_folder(bench, shape):
    """Made once and kept for later runs; outside the share of the other rows."""
    count = 5_000 if bench.quick else 100_000
    folder = bench.build_folder / f"zip-{shape}-{count}"
    marker = folder.with_suffix(".complete")
    if not marker.exists():
        shutil.rmtree(folder, ignore_errors=True)
        block = os.urandom(EACH)
        for i in range(count):
            below = folder / f"group {i // 2000:03d}" / f"album {i // 20:05d}" if shape == "tree" else folder
            if i % 20 == 0:
                below.mkdir(parents=True, exist_ok=True)
            (below / f"holiday picture {i:06d}.jpg").write_bytes(block)
        marker.touch()
    return folder, count


class Pipe:
    """A program that writes an archive of the folder to its output."""

    def __init__(self, name, folder):
        self.argv = {"bsdtar": ["bsdtar", "-cf", "-", "--format", "zip", "--options", "zip:compression=store", "."],
                     "zip": ["zip", "-q", "-0", "-r", "-", "."]}[name]
        self.folder = folder

    def stop(self):
        pass


def maker(shape):
    def make(name, bench):
        folder, _ = make_folder(bench, shape)
        if name != "spillway":
            return Pipe(name, folder) if shutil.which(name) else None
        return spillway_server(bench, public={"zip": folder}, prefix="/s/zip/", cpus=bench.server_cpus | bench.load_cpus)
    return make


def taken(read, first):
    """(seconds to the first byte, seconds to the last, all bytes)."""
    begin = time.monotonic()
    body = [first()]
    first_byte = time.monotonic() - begin
    while block := read(1 << 20):
        body.append(block)
    return first_byte, time.monotonic() - begin, b"".join(body)


def by_http(server):
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    answer = None

    def first():
        nonlocal answer
        client.request("GET", f"{server.prefix}?zip")
        answer = client.getresponse()
        return answer.read(1)

    result = taken(lambda size: answer.read(size), first)
    client.close()
    if answer.status != 200 or len(result[2]) != int(answer.headers["Content-Length"]):
        raise RowError(f"the archive was answered {answer.status}, {len(result[2])} bytes")
    return result


def by_pipe(server):
    child = None

    def first():
        nonlocal child
        child = subprocess.Popen(server.argv, cwd=server.folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return child.stdout.read(1)

    result = taken(lambda size: child.stdout.read(size), first)
    child.stdout.close()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise RowError(f"{server.argv[0]} ended with {child.returncode}")
    return (*result, usage.ru_utime + usage.ru_stime)


def archive(bench, server, shape, cold):
    folder, count = make_folder(bench, shape)
    if cold:
        os.sync()
        try:
            DROP.write_text("3")
        except OSError as problem:
            raise RowError(f"the kernel's caches cannot be emptied: {problem}") from None
    else:  # read once, so that all is in memory
        for path in folder.rglob("*"):
            if path.is_file():
                path.read_bytes()
    again = None
    if isinstance(server, Pipe):
        first, whole, body, cpu = by_pipe(server)
    else:
        before = procfs.cpu_seconds([server.pid])
        first, whole, body = by_http(server)
        cpu = procfs.cpu_seconds([server.pid]) - before
        time.sleep(2)  # longer than what is known is good without another look
        again = by_http(server)[0]
    with zipfile.ZipFile(io.BytesIO(body)) as opened:
        files = sum(not one.is_dir() for one in opened.infolist())
    if files != count:
        raise RowError(f"the archive has {files} files, not {count}")
    result = {"first_byte_ms": first * 1e3, "whole_s": whole, "mib_per_s": len(body) / 2**20 / whole, "cpu_s": cpu}
    return result if again is None else {**result, "again_ms": again * 1e3}


def measure(shape, cold=False):
    return lambda bench, server, seconds: archive(bench, server, shape, cold)
