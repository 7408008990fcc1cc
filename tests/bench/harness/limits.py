# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows about limits: their cost where they never hit, their truth over many connections, and very many slow downloads."""

import base64
import hashlib
import resource
import select
import socket
import time

from support import procfs

from .machine import GIB, KIB, MIB
from .rows import RowError, measured, wrk
from .servers import SpillwayServer, nginx

NEVER = "1000000/s"  # a limit that is looked at and never hits
RATE = 20 * MIB
SLOW = 10 * KIB


class LinkedSpillway(SpillwayServer):
    """One worker, access log, a signed link to each file, and a limit of requests for each address."""

    def __init__(self, bench):
        super().__init__(bench, {"log.access": "combined"})
        self._urls = {}
        self.set_limit("ip", "--requests", NEVER, "--burst", "1000000")

    def set_limit(self, *words):
        code, _, err = self.running.command("limit", "set", *words)
        if code != 0:
            raise RowError(err)

    def url(self, name):
        if name not in self._urls:
            code, link, err = self.running.command("link", "create", f"pub/{name}")
            if code != 0:
                raise RowError(err)
            self._urls[name] = f"http://127.0.0.1:{self.port}/" + link["url"].split("/", 3)[3]
        return self._urls[name]


SECRET = "a secret of the benchmark"
ZONE = "limit_req_zone $binary_remote_addr zone=each:10m rate=1000000r/s;"
GUARDED = f"""
            secure_link $arg_s,$arg_e;
            secure_link_md5 "$secure_link_expires$uri {SECRET}";
            if ($secure_link = "") {{ return 403; }}
            if ($secure_link = "0") {{ return 410; }}
            limit_req zone=each burst=1000000 nodelay;"""


class LinkedNginx:
    """nginx with secure_link, limit_req and a buffered access log; what `nginx` gave, with signed URLs."""

    def __init__(self, server):
        self._server = server
        self.port, self.prefix = server.port, server.prefix

    @property
    def pid(self):
        return self._server.pid

    def url(self, name):
        expires = 4_000_000_000
        digest = hashlib.md5(f"{expires}{self.prefix}{name} {SECRET}".encode()).digest()
        sign = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        return f"http://127.0.0.1:{self.port}{self.prefix}{name}?s={sign}&e={expires}"

    def stop(self):
        self._server.stop()


def make_linked(name, bench):
    if name == "spillway":
        return LinkedSpillway(bench) if bench.spillway else None
    server = nginx(bench, log=f"{bench.scratch('nginx-log')}/access.log combined buffer=256k flush=1s", location=GUARDED,
                   zone=ZONE)
    return LinkedNginx(server) if server else None


def limited_1k(bench, server, seconds):
    return wrk(bench, server, bench.files.make("one.bin", KIB).name, seconds)


def make_limited(name, bench):
    """Four workers, so that a limit is one over several, whatever the machine has."""
    if not bench.spillway:
        return None
    server = SpillwayServer(bench, {}, workers=4)
    level, rate = ("server", RATE) if name == "spillway" else ("connection", SLOW)
    code, _, err = server.running.command("limit", "set", level, "--bandwidth", f"{rate}B/s")
    if code != 0:
        raise RowError(err)
    return server


class Takers:
    """Clients that read whatever comes, in this process."""

    def __init__(self, server, name, count):
        self.epoll, self.sockets = select.epoll(), {}
        request = f"GET {server.prefix}{name} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        try:
            for _ in range(count):
                client = socket.create_connection(("127.0.0.1", server.port), timeout=20)
                client.sendall(request)
                client.setblocking(False)
                self.sockets[client.fileno()] = client
                self.epoll.register(client.fileno(), select.EPOLLIN)
        except OSError:
            self.close()
            raise

    def take(self, seconds):
        """(bytes of all, bytes of each) in so many seconds."""
        each, end = dict.fromkeys(self.sockets, 0), time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            for number, _ in self.epoll.poll(left):
                data = self.sockets[number].recv(1 << 18)
                if not data:
                    raise RowError("the server ended a download")
                each[number] += len(data)
        return sum(each.values()), list(each.values())

    def close(self):
        self.epoll.close()
        for client in self.sockets.values():
            client.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def bandwidth(bench, server, seconds):
    """One limit over eight connections and all workers; the first two seconds fill buffers and are not counted."""
    name = bench.files.make("slow.bin", GIB, sparse=True).name
    with Takers(server, name, 8) as takers:
        takers.take(2)
        began = time.monotonic()
        total, each = takers.take(seconds)
        took = time.monotonic() - began
    jain = sum(each) ** 2 / (len(each) * sum(one * one for one in each))
    return {"off_percent": abs(total / took / RATE - 1) * 100, "mib_per_s": total / took / MIB, "jain": jain}


def throttled(bench, server, seconds):
    """Very many downloads at 10 KiB/s each: what of a core they take."""
    count = 1000 if bench.quick else 10_000
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    name = bench.files.make("slow.bin", GIB, sparse=True).name
    try:
        with Takers(server, name, count) as takers:
            takers.take(3)
            before = procfs.memory_kib(procfs.descendants(server.pid))
            cpu, (total, each) = measured(server, lambda: takers.take(seconds))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return {"core_percent": cpu / seconds * 100 * 10_000 / count, "kib_per_s_each": total / count / seconds / KIB,
            "slowest_kib_per_s": min(each) / seconds / KIB, "pss_mib": before["pss"] / 1024}
