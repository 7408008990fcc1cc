# SPDX-License-Identifier: GPL-3.0-or-later
"""What was acknowledged is kept, what is damaged is left alone, and a large file takes no memory."""

import contextlib
import os
import random
import signal
import sqlite3
import threading
import time
import unittest

import common
from common import Process, ProcessError, ServerTest, procfs, seconds, sha256
from support.rawhttp import Cut

GIB = 1 << 30


class Kills(ServerTest):
    def test_no_acknowledged_link_is_lost(self):
        data, acknowledged, chance = self.base / "killed", {}, random.Random(7)
        for turn in range(20):
            server = self.start(data)
            stop = threading.Event()

            def create(server=server, turn=turn, stop=stop):
                while not stop.is_set():
                    with contextlib.suppress(ProcessError, ValueError):
                        code, link, _ = server.command("link", "create", "priv/secret.txt", "--note", str(turn))
                        if code == 0:
                            acknowledged[link["id"]] = link["url"]

            worker = threading.Thread(target=create)
            before = len(acknowledged)
            worker.start()
            try:
                common.wait_until(lambda: len(acknowledged) > before + 1, seconds(60), 0.005)
                time.sleep(chance.random() * 0.05)
                server.kill()
            finally:
                stop.set()
                worker.join()
        server = self.start(data)
        listed = {link["id"] for link in self.command("link", "list", server=server)}
        self.assertGreaterEqual(len(acknowledged), 40)
        self.assertEqual(set(acknowledged) - listed, set())
        for url in list(acknowledged.values())[::5]:
            path = url[url.index("/d/"):]
            self.assertEqual(self.get(path, server=server).body, b"between us\n")

    def test_a_revoked_link_stays_so_after_a_kill(self):
        data = self.base / "revoked"
        server = self.start(data)
        gone, kept = (self.command("link", "create", "priv/secret.txt", server=server) for _ in range(2))
        self.command("link", "revoke", gone["id"], server=server)
        server.kill()
        server = self.start(data)
        statuses = [self.get(link["url"][link["url"].index("/d/"):], server=server).status for link in (gone, kept)]
        self.assertEqual(statuses, [403, 200])


class Catalog(ServerTest):
    def damages(self):
        def overwritten(file):
            with open(file, "r+b") as catalog:
                catalog.write(b"This was a catalog once. " * 40)

        def cut(file):
            os.truncate(file, file.stat().st_size // 2 + 100)

        def page(file):
            with open(file, "r+b") as catalog:
                for place in range(4096, file.stat().st_size, 4096):
                    catalog.seek(place)
                    catalog.write(b"\xff" * 64)

        return {"overwritten": overwritten, "cut": cut, "pages": page,
                "text": lambda file: file.write_text("hello\n" * 999)}

    def test_a_damaged_one_is_named_and_left_untouched(self):
        for name, damage in self.damages().items():
            with self.subTest(name):
                data = self.base / name
                server = self.start(data)
                self.command("link", "create", "priv/secret.txt", server=server)
                self.assertEqual(server.drain(seconds(30)), 0)
                catalog = data / "catalog.db"
                damage(catalog)
                digest = sha256(catalog)
                for words in ((), ("link", "create", "priv/secret.txt"), ("link", "list")):
                    said = self.refused(data, *words)
                    self.assertIn("catalog", said)
                self.assertEqual(sha256(catalog), digest)
                self.assertFalse([file for file in data.iterdir() if file.name.startswith("catalog.db-") and
                                  file.stat().st_size], "and nothing is written beside it")

    def test_a_newer_one_is_left_untouched(self):
        data = self.base / "newer"
        self.assertEqual(self.start(data).drain(seconds(30)), 0)
        catalog = data / "catalog.db"
        with contextlib.closing(sqlite3.connect(catalog)) as database:
            database.execute("INSERT INTO schema_version VALUES (9999, 'of tomorrow', 'x', 0)")
            database.commit()
        digest = sha256(catalog)
        self.assertRegex(self.refused(data), "(?i)newer")
        self.assertEqual(sha256(catalog), digest)

    def refused(self, data, *words):
        argv = [self.server.binary, *(words or ("--no-gui", "--listen", "127.0.0.1:0", "--admin-listen",
                                                  "127.0.0.1:0")),
                "--data", data]
        with Process(argv, env={"XDG_RUNTIME_DIR": str(self.base / "run")}) as child:
            self.assertEqual(child.wait(seconds(30)), 1, child.tail())
            self.assertEqual(child.output("out"), "")
            return child.output("err")


class LargeFiles(ServerTest):
    @classmethod
    def fill(cls):
        with open(cls.pub / "huge.bin", "wb") as file:
            file.truncate(8 * GIB)
            for place in (4 * GIB - 2, 8 * GIB - 4):
                file.seek(place)
                file.write(b"mark")

    def test_memory_stays_flat(self):
        client = self.connect()
        client.get("/s/pub/huge.bin", "Range: bytes=0-99")
        before = most = procfs.status_kib(self.server.pid, "VmRSS")
        client.ask("/s/pub/huge.bin")
        self.assertEqual(client.head()["Content-Length"], str(8 * GIB))
        got, room, zeros = len(client.buffer), bytearray(1 << 20), bytes(1 << 20)
        while got < 2 * GIB:
            count = client.socket.recv_into(room)
            self.assertTrue(count)
            self.assertTrue(room[:count] == zeros[:count])
            got += count
            if got >> 26 != (got - count) >> 26:
                most = max(most, procfs.status_kib(self.server.pid, "VmRSS"))
        self.assertLess(most - before, 30 * 1024 * common.SLOW)

    def test_beyond_32_bits(self):
        for text, body in ((f"{4 * GIB - 2}-{4 * GIB + 1}", b"mark"), ("-4", b"mark"), (f"{8 * GIB - 4}-", b"mark")):
            with self.subTest(text):
                answer = self.get("/s/pub/huge.bin", f"Range: bytes={text}")
                self.assertEqual((answer.status, answer.body), (206, body))
        head = self.get("/s/pub/huge.bin", method="HEAD")
        self.assertEqual(head["Content-Length"], str(8 * GIB))

    def test_many_downloads_take_little_each(self):
        before = procfs.status_kib(self.server.pid, "VmRSS")
        clients = [self.connect(receive_buffer=4096) for _ in range(200)]
        for client in clients:
            client.ask("/s/pub/huge.bin")
        for client in clients:
            client.head()
        self.assertLess(procfs.status_kib(self.server.pid, "VmRSS") - before, 16 * 1024 * common.SLOW)
        for client in clients:
            client.close()
        self.assert_idle()
        self.assert_serves()

    def test_a_client_that_leaves_is_forgotten(self):
        before = procfs.open_sockets(self.server.pid)
        for number in range(50):
            with self.connect() as client:
                client.ask("/s/pub/huge.bin")
                with contextlib.suppress(Cut):
                    client.take(1 << (10 + number % 8))
        common.wait_until(lambda: procfs.open_sockets(self.server.pid) <= before, seconds(20))
        self.assertTrue(self.server.process.alive())
        self.server.process.signal(signal.SIGHUP)
        self.assert_serves()


del ServerTest

if __name__ == "__main__":
    unittest.main()
