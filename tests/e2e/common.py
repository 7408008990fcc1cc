# SPDX-License-Identifier: GPL-3.0-or-later
"""What the end-to-end tests share: one server a module, with a public and a private share."""

import hashlib
import itertools
import json
import os
import random
import sys
import time
import unittest
import urllib.parse
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS))

from support import procfs  # noqa: E402
from support.process import Process, ProcessError, run, temp_folder  # noqa: E402, F401
from support.rawhttp import RawClient, wait_until  # noqa: E402, F401
from support.spillway import Spillway  # noqa: E402

# TEST_SLOW: a sanitizer's build takes this many times as long. SPILLWAY_BINARY: what is tested. Both leave the
# environment, because the server reads SPILLWAY_… as settings and refuses those that it does not know.
SLOW = float(os.environ.pop("TEST_SLOW", "1"))
if binary := os.environ.pop("SPILLWAY_BINARY", None):
    os.environ["SPILLWAY"] = binary


def seconds(value):
    """A deadline; generous, as it is only met where something is wrong."""
    return value * SLOW


def quote(name):
    """A path of bytes or text as it stands in a request target."""
    return urllib.parse.quote(os.fsencode(name), safe="/")


def some_bytes(count, seed=1):
    return random.Random(seed).randbytes(count)


def sha256(source):
    digest = hashlib.sha256()
    with open(source, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


numbers = itertools.count(1)  # of folders that tests make for themselves


class ServerTest(unittest.TestCase):
    """A server for the class: self.pub and self.priv are the folders of the shares `pub` and `priv`."""

    settings = {}
    workers = 2
    server = None

    @classmethod
    def setUpClass(cls):
        holder = temp_folder("spillway-e2e-")
        cls.base = holder.__enter__()
        cls.addClassCleanup(holder.__exit__, None, None, None)
        cls.data, cls.pub, cls.priv = cls.base / "data", cls.base / "pub", cls.base / "priv"
        for folder in (cls.pub, cls.priv, cls.base / "run"):
            folder.mkdir()
        (cls.pub / "small.txt").write_bytes(b"hello, reader\n")
        (cls.priv / "secret.txt").write_bytes(b"between us\n")
        cls.fill()
        cls.server = cls.start(cls.data)

    @classmethod
    def fill(cls):
        """Makes the files of a test, before the server starts."""

    @classmethod
    def start(cls, data, *, settings=None, public=None, shares=None, **more):
        server = Spillway(
            data, public={"pub": cls.pub} if public is None else public,
            shares={"priv": cls.priv} if shares is None else shares, workers=cls.workers, timeout=seconds(60),
            settings=cls.settings if settings is None else settings, env={"XDG_RUNTIME_DIR": str(cls.base / "run")},
            **more)
        cls.addClassCleanup(server.stop)
        return server

    def begin(self, data=None, **settings):
        """A server for this test alone, with these settings ("__" stands for the dot of a name)."""
        data = data or self.base / f"own{next(numbers)}"
        server = self.start(data, settings={name.replace("__", "."): value for name, value in settings.items()})
        self.addCleanup(server.stop)
        return server

    def connect(self, server=None, timeout=30.0, **more):
        client = RawClient((server or self.server).port, timeout=seconds(timeout), **more)
        self.addCleanup(client.close)
        return client

    def get(self, target, *fields, server=None, **more):
        """One request on a connection of its own."""
        with self.connect(server) as client:
            return client.get(target, *fields, **more)

    def assert_idle(self, server=None):
        """Nothing to do means nothing done: a spin would take a whole processor."""
        pid = (server or self.server).pid

        def calm():
            before = procfs.cpu_seconds([pid])
            time.sleep(0.5)
            return procfs.cpu_seconds([pid]) - before < 0.1

        wait_until(calm, seconds(20))  # work that was under way may end first, a spin does not

    def log_lines(self, server=None):
        """The access log so far, whole lines only."""
        text = ((server or self.server).data / "access.log").read_text()
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def logged(self, target, server=None):
        """The line of an answer that has ended, when it is there."""
        return wait_until(lambda: [r for r in self.log_lines(server) if r["target"] == target], seconds(30))[-1]

    def command(self, *words, server=None):
        """A command that must be done: what it printed as JSON."""
        code, printed, err = (server or self.server).command(*words, timeout=seconds(60))
        self.assertEqual(code, 0, err)
        return printed

    def assert_serves(self, server=None):
        """A new client gets its own correct answer."""
        answer = self.get("/s/pub/small.txt", server=server)
        self.assertEqual((answer.status, answer.body), (200, b"hello, reader\n"))


def count_rest(connection):
    """How many bytes come until the server closes; none is kept."""
    count = len(connection.buffer)
    connection.buffer = b""
    while connection.more():
        count += len(connection.buffer)
        connection.buffer = b""
    return count


def client(*argv, cwd=None):
    """Runs curl, wget or aria2c: (exit code, output, errors)."""
    return run(argv, timeout=seconds(120), cwd=cwd)
