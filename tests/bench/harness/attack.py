# SPDX-License-Identifier: GPL-3.0-or-later
"""The row `attack`: how long a well-behaved client waits while others do their worst, against how long it waits alone.

Run as a program it is the attackers: python3 attack.py PORT TLS_PORT LINK HOT BIG. Until it is ended: wrong links from
made-up addresses by a trusted proxy, wrong tokens, heads that never end, readers that stand still, TLS handshakes that
begin and never go on."""

import asyncio
import json
import os
import random
import resource
import sys
import time
from pathlib import Path

SLOW_HEADS, SLOW_READERS, HALF_OPEN, FLOODERS = 500, 200, 10_000, 8
SETTLED = 8  # seconds until all of them are there


async def flood(port, heads):
    """One connection after the other, as fast as the server answers."""
    while True:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            while True:
                writer.write(next(heads).encode())
                await writer.drain()
                if not await reader.read(1 << 16):
                    break
        except OSError:
            pass
        finally:
            writer.close()


def wrong_links(path, query, chance):
    credentials = [part for part in query.split("&") if not part.startswith("s=")]
    while True:
        address = f"2001:db8:{chance.randrange(1 << 16):x}:{chance.randrange(1 << 16):x}::1"
        forged = "&".join([*credentials, f"s={chance.randrange(10 ** 42):043}"])
        yield f'GET {path}?{forged} HTTP/1.1\r\nHost: a\r\nForwarded: for="[{address}]"\r\n\r\n'


def wrong_tokens(hot, chance):
    while True:
        yield (f"GET {hot.replace('/s/pub/', '/s/priv/')}?token={chance.randrange(10 ** 42):043} HTTP/1.1\r\nHost: a\r\n"
               f"X-Forwarded-For: 203.0.113.{chance.randrange(1, 255)}\r\n\r\n")


async def slow_head(port):
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            for byte in b"GET / HTTP/1.1\r\nHost: " + b"a" * 1000:
                writer.write(bytes([byte]))
                await asyncio.sleep(1)
        except OSError:
            await asyncio.sleep(0.1)


async def slow_reader(port, big):
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
            writer.transport.pause_reading()
            writer.write(f"GET {big} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            await asyncio.sleep(3600)
        except OSError:
            await asyncio.sleep(0.1)


async def half_open(port, chance):
    """A record's first bytes, and again a while after the server gave up on it; not all of them at once."""
    while True:
        await asyncio.sleep(chance.uniform(0, SETTLED))
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"\x16\x03\x01\x02\x00\x01")
            await reader.read(1)
            writer.close()
        except OSError:
            pass


async def attack(port, tls_port, link, hot, big):
    path, _, query = link.partition("?")
    chance = random.Random(1)
    tasks = [slow_head(port) for _ in range(SLOW_HEADS)]
    tasks += [slow_reader(port, big) for _ in range(SLOW_READERS)]
    tasks += [half_open(tls_port, chance) for _ in range(HALF_OPEN)]
    for number in range(FLOODERS):
        tasks.append(flood(port, wrong_links(path, query, chance) if number % 2 else wrong_tokens(hot, chance)))
    print("attacking", flush=True)
    await asyncio.gather(*tasks)


def make(name, bench):
    from .servers import certificate, spillway_server
    files = certificate(bench)
    return spillway_server(bench, {"proxy.trusted": "127.0.0.1", "http.head_timeout": "10s", "http.min_rate": "500B/s",
                                   "tls.certificate": files[0], "tls.key": files[1]},
                           shares={"priv": bench.files.folder}, tls_listen="127.0.0.1:0")


def measure(bench, server, seconds):
    from support import procfs
    from support.process import Process, run

    from .machine import KIB
    from .rows import RowError
    hot = bench.files.make("one.bin", KIB).name
    big = bench.files.make("stall.bin", 100_000_000, sparse=True).name
    hot_path, big_path = f"{server.prefix}{hot}", f"{server.prefix}{big}"

    def probe():
        argv = [bench.program("bench_hotprobe"), "--port", server.running.port, "--hot", hot_path,
                "--seconds", seconds, "--rate", 1000]
        code, out, err = run(argv, cpus=bench.load_cpus, timeout=seconds + 90)
        result = json.loads(out.splitlines()[-1]) if code == 0 else {}
        if not result or result["failed"] or result["answered"] < 100:
            raise RowError(f"hotprobe: {code} {out} {err}")
        return result

    quiet = probe()
    code, made, err = server.running.command("link", "create", f"priv/{hot}")
    if code != 0:
        raise RowError(f"link create: {err}")
    link = made["url"].split("/", 3)[3]
    before = procfs.memory_kib([server.pid])["anonymous"]
    argv = [sys.executable, Path(__file__), server.running.port, server.running.tls_port, f"/{link}", hot_path, big_path]
    with Process(argv, cpus=bench.load_cpus) as attackers:
        attackers.wait_line("attacking")
        time.sleep(SETTLED)
        under = probe()
        after = procfs.memory_kib([server.pid])["anonymous"]
    return {"times": under["p99_us"] / quiet["p99_us"], "p99_us": under["p99_us"], "quiet_p99_us": quiet["p99_us"],
            "memory_mib": (after - before) / 1024}


if __name__ == "__main__":
    # They share a core with the probe: what is measured is the server, not who of the two gets that core.
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    most_files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
    asyncio.run(attack(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:6]))
