# SPDX-License-Identifier: GPL-3.0-or-later
"""Listeners and their bounds: IPv6, the most connections, and an admin listener that believes nobody."""

import contextlib
import json
import re
import threading
import time
import unittest

import common
from common import ProcessError, RawClient, ServerTest, seconds, wait_until
from support.rawhttp import Cut
from test_hostile import corpus


class Public(ServerTest):
    def test_both_families(self):
        server = self.start(self.base / "six", extra=["--listen", "[::1]:0"])
        lines = re.findall(r"^spillway: listening on http://(.+):(\d+)$", server.process.output("out"), re.M)
        self.assertEqual([address for address, _ in lines], ["127.0.0.1", "[::1]"])
        for address, port in lines:
            with RawClient(int(port), address.strip("[]"), timeout=seconds(30)) as client:
                self.assertEqual(client.get("/s/pub/small.txt").body, b"hello, reader\n")
        self.assertEqual(server.drain(seconds(30)), 0)

    def test_a_share_of_one_file(self):
        server = self.start(self.base / "one", public={"one": self.pub / "small.txt"})
        for target in ("/s/one", "/s/one/small.txt"):
            answer = self.get(target, server=server)
            self.assertEqual((answer.status, answer.body), (200, b"hello, reader\n"))
            self.assertIn("small.txt", answer["Content-Disposition"])
        for target in ("/s/one/other", "/s/one/small.txt/x", "/s/one/.", "/s/one/../one"):
            self.assertIn(self.get(target, server=server).status, (400, 404))

    def test_the_most_connections(self):
        server = self.start(self.base / "most", settings={"http.max_connections": "10"})
        clients = [self.connect(server) for _ in range(30)]
        answers = [client.get("/s/pub/small.txt") for client in clients]
        statuses = [answer.status for answer in answers]
        self.assertEqual((statuses.count(200), statuses.count(503)), (10, 20))
        for client, answer in zip(clients, answers, strict=True):
            if answer.status == 503:
                self.assertRegex(answer["Retry-After"], r"^\d+$")
                self.assertEqual(client.rest(), b"")
            client.close()
        wait_until(lambda: self.get("/s/pub/small.txt", server=server).status == 200, seconds(20))

    def test_a_port_is_shared_only_by_those_who_said_so(self):
        alone = self.start(self.base / "alone")
        for where, port in (("127.0.0.1", alone.port), ("127.0.0.1", self.admin_port(alone))):
            with self.assertRaises(ProcessError) as refused:
                self.start(self.base / "guest", listen=f"{where}:{port}", extra=["--join-port"])
            self.assertIn("does not share its port", str(refused.exception))
            self.assertIn(f"process {alone.pid}", str(refused.exception))
        self.assert_serves(alone)
        # Where the owner is gone, the first to come opens the port for others.
        self.assertEqual(alone.drain(seconds(30)), 0)
        first = self.start(self.base / "first", listen=f"127.0.0.1:{alone.port}", extra=["--join-port"])
        second = self.start(self.base / "second", listen=f"127.0.0.1:{alone.port}", extra=["--join-port"])
        with self.assertRaises(ProcessError) as refused:
            self.start(self.base / "third", listen=f"127.0.0.1:{alone.port}")
        self.assertIn("--join-port", str(refused.exception))
        self.assert_serves(first)
        self.assertEqual(first.drain(seconds(30)), 0)
        for _ in range(5):
            self.assert_serves(second)

    def admin_port(self, server):
        return int(json.loads((server.data / "admin.json").read_text())["address"].rsplit(":", 1)[1])

    def test_the_most_requests_of_a_connection(self):
        server = self.start(self.base / "requests", settings={"http.keepalive_requests": "3"})
        client = self.connect(server)
        said = [client.get("/s/pub/small.txt")["Connection"] for _ in range(3)]
        self.assertEqual(said, [None, None, "close"])
        self.assertTrue(client.closed())

    def test_a_small_file_that_is_replaced_again_and_again_is_never_mixed(self):
        file, other, stop = self.pub / "hot.txt", self.pub / "hot.new", threading.Event()

        def version(number):
            return b"%06d" % number * 500

        def replace():
            number = 0
            while not stop.wait(0.002):
                number += 1
                other.write_bytes(version(number))
                other.rename(file)

        file.write_bytes(version(0))
        writer = threading.Thread(target=replace)
        writer.start()
        bodies, client = {}, self.connect()
        try:
            while len(bodies) < 4:  # each a second after the other, at most
                answer = client.get("/s/pub/hot.txt")
                self.assertEqual(answer.status, 200)
                self.assertEqual(answer.body, answer.body[:6] * 500)
                self.assertEqual(bodies.setdefault(answer["ETag"], answer.body), answer.body)
        finally:
            stop.set()
            writer.join()


class Admin(ServerTest):
    def setUp(self):
        run = json.loads((self.data / "admin.json").read_text())
        self.token = run["token"]
        self.port = int(re.search(r":(\d+)/?$", run["address"])[1])

    def ask(self, path, *fields, host=None):
        with RawClient(self.port, timeout=seconds(30)) as client:
            lines = [f"GET {path} HTTP/1.1", f"Host: {host or f'127.0.0.1:{self.port}'}", *fields]
            return client.send(("\r\n".join(lines) + "\r\n\r\n").encode()).answer()

    def test_who_may_ask(self):
        good = f"Authorization: Bearer {self.token}"
        table = [((), None, 401), (("Authorization: Bearer wrong",), None, 401),
                 ((f"Authorization: Basic {self.token}",), None, 401),
                 ((good[:-1],), None, 401), ((good + "x",), None, 401), ((good,), None, 200),
                 ((good,), f"localhost:{self.port}", 200),
                 # DNS rebinding
                 ((good,), "evil.example", 421), ((good,), f"127.0.0.1.evil.example:{self.port}", 421)]
        for fields, host, status in table:
            for path in ("/api/v1/links", "/api/v1/shares"):
                with self.subTest(path, fields=len(fields), host=host, status=status):
                    answer = self.ask(path, *fields, host=host)
                    self.assertEqual(answer.status, status)
                    if status == 401:
                        self.assertTrue(answer["WWW-Authenticate"].startswith("Bearer"))

    def test_it_is_not_on_the_public_listener(self):
        for path in ("/api/v1/links", "/api/v1/status", "/metrics", "/admin.json"):
            self.assertEqual(self.get(path, f"Authorization: Bearer {self.token}").status, 404)

    def test_metrics_count_what_was_done(self):
        def count():
            text = self.ask("/metrics").body.decode()
            return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
                       if line.startswith("http_requests_total{") and 'status="404"' in line)

        def settled():
            """What others left behind may end a moment later; it does not go on for ever."""
            seen = count()
            while True:
                time.sleep(0.3)
                if (now := count()) == seen:
                    return now
                seen = now

        before = settled()
        for _ in range(7):
            self.get("/s/pub/nope")
        wait_until(lambda: count() == before + 7, seconds(20))
        self.assertNotIn(self.token, self.ask("/metrics").body.decode())

    def test_hostile_heads(self):
        for name, outcome, data in corpus():
            if outcome == "more":
                continue
            with self.subTest(name), RawClient(self.port, timeout=seconds(30)) as client:
                with contextlib.suppress(OSError):
                    client.send(data)
                try:
                    status = client.answer(data.startswith(b"HEAD ")).status
                except Cut:
                    status = None
                if outcome == "accept":
                    self.assertIn(status, (401, 404, 405, 413, 421, 501), "no token, or another Host")
                else:
                    self.assertEqual(status, int(outcome))
        self.assertEqual(self.ask("/api/v1/links", f"Authorization: Bearer {self.token}").status, 200)
        self.assert_idle()


del ServerTest

if __name__ == "__main__":
    unittest.main()
