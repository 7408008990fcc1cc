# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder with a million files, listed over HTTP: how soon the first byte comes, and what it costs in memory."""

import http.client
import json
import os
import time

from support import procfs

from .rows import RowError
from .servers import spillway_server


def make_folder(bench):
    """One flat folder, made once and kept for later runs; outside the share of the other rows."""
    count = 20_000 if bench.quick else 1_000_000
    folder = bench.build_folder / f"flat-{count}"
    marker = folder.with_suffix(".complete")
    if not marker.exists():
        folder.mkdir(exist_ok=True)
        for i in range(count):
            os.close(os.open(folder / f"holiday picture {i:07d}.jpg", os.O_CREAT | os.O_WRONLY, 0o644))
        marker.touch()
    return folder, count


def make(_, bench):
    folder, _ = make_folder(bench)
    return spillway_server(bench, public={"flat": folder}, prefix="/s/flat/")


def listing(bench, server, seconds):
    """The NDJSON listing of that folder by a client that keeps up; every line is parsed and counted afterwards."""
    _, count = make_folder(bench)
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    procfs.reset_peak(server.pid)
    before = procfs.status_kib(server.pid, "VmRSS")
    cpu_before = procfs.cpu_seconds([server.pid])
    begin = time.monotonic()
    client.request("GET", f"{server.prefix}?format=ndjson")
    answer = client.getresponse()
    first = answer.read(1)
    first_byte = time.monotonic() - begin
    body = first + answer.read()
    whole = time.monotonic() - begin
    result = {
        "first_byte_ms": first_byte * 1e3, "whole_s": whole, "body_mib": len(body) / 2**20,
        "memory_mib": (procfs.status_kib(server.pid, "VmHWM") - before) / 1024,
        "cpu_s": procfs.cpu_seconds([server.pid]) - cpu_before,
    }
    client.close()
    if answer.status != 200:
        raise RowError(f"the listing was answered {answer.status}")
    names = {entry["name"] for entry in map(json.loads, body.splitlines()) if "name" in entry}
    if len(names) != count:
        raise RowError(f"the listing has {len(names)} names, not {count}")
    return result
