# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows with very many connections: memory of idle and of stalled ones, and 100,000 at once on one port."""

import json
import resource
import socket
import time

from support import procfs, spillway
from support.process import run

from .machine import KIB, MIB
from .rows import RowError
from .servers import SPILLWAY_SETTINGS, Server, nginx


class Crowd:
    """Clients of our own, in this process: opened, kept open, closed at the end of the block."""

    def __init__(self, server, request, stalled=False):
        self.server, self.request, self.stalled = server, request, stalled
        self.sockets = []

    def grow(self, count):
        for _ in range(count):
            client = socket.socket()
            if self.stalled:
                # Segments as on a network: with loopback's 64 KiB ones the kernel would send 800 KiB to each that nobody
                # reads, and 10,000 of them would not fit into tcp_mem.
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1460)
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.settimeout(20)
            client.connect(("127.0.0.1", self.server.port))
            client.sendall(self.request)
            self.sockets.append(client)

    def read_answers(self, sockets, size):
        """Reads one complete answer with a body of `size` bytes from each."""
        for client in sockets:
            got = b""
            while b"\r\n\r\n" not in got or len(got) < got.index(b"\r\n\r\n") + 4 + size:
                more = client.recv(65536)
                if not more:
                    raise RowError("the server closed a connection that should stay")
                got += more
            if not got.startswith(b"HTTP/1.1 200"):
                raise RowError(f"unexpected answer: {got[:80]!r}")

    def wait_first_bytes(self, sockets):
        """Peeks until each answer has begun: then the server has sent what it can and waits for the client."""
        for client in sockets:
            if not client.recv(1, socket.MSG_PEEK):
                raise RowError("the server closed a stalled download")

    def close(self):
        for client in self.sockets:
            client.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def settled_memory(server):
    """The server's memory once it has stopped changing, at most two seconds from now."""
    last = procfs.memory_kib(procfs.descendants(server.pid))
    for _ in range(8):
        time.sleep(0.25)
        now = procfs.memory_kib(procfs.descendants(server.pid))
        if now == last:
            break
        last = now
    return last


def growth(bench, server, name, size, stalled):
    """Memory per connection between a small crowd, which has made the server allocate what it needs once, and a big one."""
    count = 2000 if bench.quick else 10_000
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    request = f"GET {server.prefix}{name} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    try:
        with Crowd(server, request, stalled) as crowd:
            def more(number):
                crowd.grow(number)
                new = crowd.sockets[-number:]
                if stalled:
                    crowd.wait_first_bytes(new)
                else:
                    crowd.read_answers(new, size)
            more(200)
            before, kernel_before = settled_memory(server), procfs.kernel_memory_kib()
            for _ in range(0, count, 500):
                more(500)
            after, kernel_after = settled_memory(server), procfs.kernel_memory_kib()
            opened = procfs.descendants(server.pid)
            held = sum(procfs.open_descriptors(pid) for pid in opened)
            if held < count:
                raise RowError(f"only {held} of {count} connections are open")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return {
        "pss_kib": (after["pss"] - before["pss"]) / count,
        "rss_kib": (after["rss"] - before["rss"]) / count,
        "anonymous_kib": (after["anonymous"] - before["anonymous"]) / count,
        "kernel_slab_kib": (kernel_after["slab"] - kernel_before["slab"]) / count,
        "kernel_tcp_kib": (kernel_after["tcp"] - kernel_before["tcp"]) / count,
    }


def idle(bench, server, seconds):
    """Connections that had one answer and wait for the next request."""
    return growth(bench, server, bench.files.make("one.bin", KIB).name, KIB, stalled=False)


def stalled(bench, server, seconds):
    """Clients that asked for 100 MB and read nothing."""
    return growth(bench, server, bench.files.make("stall.bin", 100_000_000, sparse=True).name, 0, stalled=True)


class SpillwayGroup(Server):
    """Several Spillway processes on one port, each with its own data folder."""

    def __init__(self, bench, count):
        self.members = []
        settings = {**SPILLWAY_SETTINGS, **bench.spillway_settings}
        try:
            for i in range(count):
                join = {"listen": f"127.0.0.1:{self.members[0].port}"} if i else {}
                self.members.append(spillway.Spillway(
                    bench.scratch("group"), binary=bench.spillway, public={"pub": bench.files.folder},
                    settings=settings, extra=["--join-port"], cpus=bench.server_cpus, **join))
        except Exception:
            self.stop()
            raise
        super().__init__(self.members[0].process, self.members[0].port)

    def stop(self):
        for member in self.members:
            member.stop()


def make_group(name, bench):
    """As many processes as the limit of open files asks for: 100,000 / 20,000, and one to spare."""
    processes = 2 if bench.quick else 7
    if name == "spillway":
        return SpillwayGroup(bench, processes) if bench.spillway else None
    return nginx(bench, workers=processes)


def many(bench, server, seconds):
    """100,000 connections on one port, all open at once, each answered twice with a pause between."""
    bench.files.make("one.bin", KIB)
    connections, interval = (10_000, 5) if bench.quick else (100_000, 60)
    if bench.interval is not None:
        interval = bench.interval
    argv = [bench.program("bench_manyconn"), "--port", server.port, "--path", f"{server.prefix}one.bin",
            "--connections", connections, "--interval", interval, "--processes", 2 if bench.quick else 6]
    _, out, err = run(argv, cpus=bench.load_cpus, timeout=interval + 400)
    if not out.strip():
        raise RowError(f"manyconn: {err}")
    result = json.loads(out.splitlines()[-1])
    if result["refused"] or result["failed"]:
        bench.note(f"many connections: {err.strip()[-300:]}")
    result["not_answered_twice"] = result["connections"] - result["answered_twice"]
    return result
