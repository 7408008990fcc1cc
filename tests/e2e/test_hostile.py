# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that mean harm, or are broken: each gets what is due, and nobody else notices."""

import contextlib
import resource
import select
import socket
import time
import unittest

import common
from common import RawClient, ServerTest, procfs, seconds, wait_until
from support.rawhttp import Cut

HEADS = common.TESTS / "hostile" / "heads"
SIZE = 64 << 20


def corpus():
    for line in (common.TESTS / "hostile" / "expected.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            name, outcome, *_ = line.split()
            yield name, outcome, (HEADS / f"{name}.http").read_bytes()


class Corpus(ServerTest):
    settings = {"http.head_timeout": "1s"}
    workers = 1  # so that all meet on one lane

    @classmethod
    def fill(cls):
        cls.names = {name: outcome for name, outcome, _ in corpus()}
        for name in cls.names:
            (cls.pub / name).write_text(f"the answer to {name}")

    def assert_next_client_is_served(self, name):
        answer = self.get(f"/s/pub/{name}")
        self.assertEqual((answer.status, answer.body.decode()), (200, f"the answer to {name}"))

    def outcome(self, data):
        """(status or None, whether the server then closed by itself)"""
        client = self.connect()
        with contextlib.suppress(OSError):  # it may have answered and closed before all is sent
            client.send(data)
        try:
            answer = client.answer(data.startswith(b"HEAD "))
        except Cut:
            return None, True
        return answer.status, answer.status >= 400 and answer["Connection"] == "close" and not client.rest()

    def test_the_corpus_has_its_files(self):
        self.assertEqual({file.stem for file in HEADS.glob("*.http")}, set(self.names))
        self.assertGreater(len(self.names), 150)

    def test_each_head_gets_what_is_due(self):
        memory = procfs.status_kib(self.server.pid, "VmRSS")
        waiting = []
        for name, outcome, data in corpus():
            with self.subTest(name):
                if outcome == "more":
                    waiting.append((name, self.connect().send(data)))
                elif outcome == "accept":
                    status, _ = self.outcome(data)
                    self.assertIn(status, (200, 204, 206, 308, 403, 404, 405, 413, 501))
                else:
                    self.assertEqual(self.outcome(data), (int(outcome), True))
                self.assert_next_client_is_served(name)
        for name, client in waiting:
            with self.subTest(name):
                with contextlib.suppress(Cut):
                    self.assertEqual(client.answer().status, 408)
                self.assertTrue(client.closed())
                self.assert_next_client_is_served(name)
        self.assertTrue(self.server.process.alive())
        self.assert_idle()
        self.assertLess(procfs.status_kib(self.server.pid, "VmRSS") - memory, 32 * 1024 * common.SLOW)

    def test_two_clients_whose_heads_come_in_pieces_by_turns(self):
        for name, outcome, data in corpus():
            if outcome != "accept" and len(data) > 8:
                bad, good = self.connect(), self.connect()
                with contextlib.suppress(OSError):
                    bad.send(data[:4])
                    good.send(b"GET /s/pub/small.txt HT")
                    bad.send(data[4:])
                good.send(b"TP/1.1\r\nHost: x\r\n\r\n")
                with self.subTest(name):
                    self.assertEqual(good.answer().body, b"hello, reader\n")
                bad.close()
                good.close()

    def test_endless_heads_take_no_memory(self):
        memory = procfs.status_kib(self.server.pid, "VmRSS")
        block = b"x" * 65536
        for start in (b"GET /", b"GET / HTTP/1.1\r\nHost: x\r\nA: ", b"POST / HTTP/1.1\r\nHost: x\r\n"
                      b"Content-Length: 999999999999\r\n\r\n"):
            for _ in range(8):
                client = self.connect()
                with contextlib.suppress(OSError):
                    client.send(start)
                    for _ in range(256):
                        client.send(block)
                client.close()
        self.assertLess(procfs.status_kib(self.server.pid, "VmRSS") - memory, 16 * 1024 * common.SLOW)
        self.assert_serves()

    def test_a_pipeline_without_end_is_held_back(self):
        memory = procfs.status_kib(self.server.pid, "VmRSS")
        client = self.connect(receive_buffer=4096)
        client.socket.setblocking(False)
        sent, requests = 0, b"GET /s/pub/small.txt HTTP/1.1\r\nHost: x\r\n\r\n" * 1000
        deadline = time.monotonic() + seconds(60)
        while select.select([], [client.socket], [], 0.5)[1]:  # until it takes no more
            sent += client.socket.send(requests)
            self.assertLess(time.monotonic(), deadline)
        self.assertGreater(sent, 0)
        self.assertLess(procfs.status_kib(self.server.pid, "VmRSS") - memory, 16 * 1024 * common.SLOW)
        self.assert_idle()
        self.assert_serves()


class Slow(ServerTest):
    settings = {"http.head_timeout": "1s", "http.idle_timeout": "1s", "http.write_stall_timeout": "1s",
                "http.min_rate": "0", "http.min_rate_grace": "1s"}

    @classmethod
    def fill(cls):
        with open(cls.pub / "big.bin", "wb") as file:
            file.truncate(SIZE)

    def test_slow_heads_are_ended_however_alive_they_look(self):
        clients = [self.connect() for _ in range(200)]
        for client in clients:
            client.send(b"GET / HTTP/1.1\r\nHost: x\r\nX: ")
        ended = set()

        def drip():
            for number, client in enumerate(clients):
                try:
                    client.send(b"x")
                except OSError:
                    ended.add(number)
            self.assert_serves()
            return len(ended) == len(clients)

        wait_until(drip, seconds(30), 0.1)

    def test_an_idle_connection_is_closed(self):
        for requests in (0, 1):
            with self.subTest(requests=requests):
                client = self.connect()
                for _ in range(requests):
                    client.get("/s/pub/small.txt")
                self.assertTrue(client.closed())

    def test_requests_keep_a_connection_open(self):
        client = self.connect()
        end = time.monotonic() + 2.5
        while time.monotonic() < end:
            self.assertEqual(client.get("/s/pub/small.txt").status, 200)
            time.sleep(0.1)

    def stalled(self, server, target):
        client = self.connect(server, receive_buffer=4096)
        client.ask(target)
        client.head()
        return client

    def assert_ended_early(self, client, record):
        self.assertLess(record["bytes"], SIZE)
        self.assertLess(len(client.rest()), SIZE, "and the client can tell")

    def test_a_reader_that_takes_nothing_is_ended(self):
        clients = [self.stalled(None, f"/s/pub/big.bin?{n}") for n in range(20)]
        for number, client in enumerate(clients):
            self.assert_ended_early(client, self.logged(f"/s/pub/big.bin?{number}"))
        self.assert_serves()
        self.assert_idle()

    def test_a_reader_that_takes_little_but_often_is_not(self):
        client = self.stalled(None, "/s/pub/big.bin?slow")
        end = time.monotonic() + 3.5
        while time.monotonic() < end:
            client.take(128 << 10)
            time.sleep(0.05)
        self.assertFalse([r for r in self.log_lines() if r["target"].endswith("?slow")])

    def test_a_reader_below_the_least_rate_is_ended(self):
        server = self.start(self.base / "rate", settings={"http.min_rate": "200KiB/s", "http.min_rate_grace": "1s"})
        self.addCleanup(server.stop)
        slow, fast = (self.stalled(server, f"/s/pub/big.bin?{name}") for name in ("slow", "fast"))
        got = 0

        def ended():
            nonlocal got
            fast.take(256 << 10)
            got += 256 << 10
            slow.take(1 << 10)
            return [r for r in self.log_lines(server) if r["target"].endswith("?slow")]

        record = wait_until(ended, seconds(30), 0.1)[0]
        self.assert_ended_early(slow, record)
        self.assertEqual(len(fast.take(SIZE - got)), SIZE - got, "one that is fast enough gets all")


class OutOfDescriptors(ServerTest):
    def test_no_spin_and_service_comes_back(self):
        self.raise_own_limit()
        for name, settings in {"by our limit": {}, "asked for more": {"http.max_connections": "100000"}}.items():
            with self.subTest(name):
                server = self.start(self.base / name, settings={"cache.entries": "16", **settings},
                                    prefix=("prlimit", "--nofile=256:256"))
                self.flood(server)
                self.assertEqual(server.drain(seconds(60)), 0)
                warned = "http.max_connections is more than the limit of open files" in server.process.output("err")
                self.assertEqual(warned, bool(settings))

    def raise_own_limit(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft < 1024:
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))

    def flood(self, server):
        for _ in range(10):
            self.assert_serves(server)  # each worker has the file open before descriptors are short
        for _ in range(2):
            clients = [RawClient(server.port, timeout=seconds(30)) for _ in range(400)]
            try:
                outcomes = [self.outcome(client) for client in clients]
                self.assertLessEqual(set(outcomes), {200, 503, "closed"})
                self.assertGreater(outcomes.count(200), 30)
                self.assertGreater(400 - outcomes.count(200), 100)
                self.assert_idle(server)
            finally:
                for client in clients:
                    client.close()
            wait_until(lambda: self.served(server), seconds(20), 0.1)
            self.assert_serves(server)

    def outcome(self, client):
        try:
            return client.get("/s/pub/small.txt").status
        except (Cut, ConnectionError):
            return "closed"

    def served(self, server):
        with contextlib.suppress(OSError, Cut):
            return self.get("/s/pub/small.txt", server=server).status == 200
        return False

    def test_half_open_and_reset_connections_leave_nothing(self):
        before = procfs.open_sockets(self.server.pid)
        for number in range(300):
            client = RawClient(self.server.port)
            if number % 3:
                client.ask("/s/pub/small.txt")
            if number % 2:  # a reset in place of an end
                client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            client.close()
        wait_until(lambda: procfs.open_sockets(self.server.pid) <= before, seconds(20))
        self.assert_serves()


del ServerTest

if __name__ == "__main__":
    unittest.main()
