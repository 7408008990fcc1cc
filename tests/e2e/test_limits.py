# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits as a user meets them: set by the command line, felt by clients."""

import json
import time
import unittest
import urllib.request

import common
from common import ServerTest, client, seconds, wait_until
from support.rawhttp import Cut

SMALL = "/s/pub/small.txt"


FIELDS = ("requests", "burst", "bandwidth", "connections", "downloads", "queue", "wait", "priority")


def plain(row):
    """A limit as it was set: without its version, and without what runs and waits under it now."""
    return {name: value for name, value in row.items() if name in ("level", "id", *FIELDS)}


class LimitTest(ServerTest):
    settings = {"http.min_rate": "0"}

    def tearDown(self):
        for row in self.command("limit", "show"):
            subject = [row["id"]] if row["id"] else []
            self.command("limit", "set", row["level"], *subject,
                         *(f"--{name}=none" for name in FIELDS))
        self.assertEqual(self.command("limit", "show"), [])

    def limit(self, *words):
        return plain(self.command("limit", "set", *words))

    def metric(self, name):
        """The value of a metric with its labels, as the text has it."""
        address = json.loads((self.server.data / "admin.json").read_text())["address"]
        base = address if address.startswith("http") else f"http://{address}"
        with urllib.request.urlopen(f"{base.rstrip('/')}/metrics", timeout=seconds(30)) as answer:
            for line in answer.read().decode().splitlines():
                if line.startswith(name + " "):
                    return float(line.rpartition(" ")[2])
        return None


class Commands(LimitTest):
    def test_set_shows_what_holds_and_keeps_what_is_not_named(self):
        set_ = self.limit("server", "--requests", "20/s", "--bandwidth", "8MiB/s", "--wait", "90s", "--priority", "low")
        self.assertEqual(set_, {"level": "server", "id": None, "requests": 20, "burst": None, "bandwidth": 8 << 20,
                                "connections": None, "downloads": None, "queue": None, "wait": 90, "priority": "low"})
        self.assertEqual(plain(self.command("limit", "show", "server")), set_)
        changed = self.limit("server", "--requests", "0.5/s", "--bandwidth", "none")
        self.assertEqual(changed, {**set_, "requests": 0.5, "bandwidth": None})
        self.assertEqual([plain(row) for row in self.command("limit", "show")], [changed])

    def test_single_shares_links_and_addresses(self):
        link = self.command("link", "create", "priv/secret.txt")
        for level, subject, shown in (("share", "pub", "pub"), ("link", link["id"], link["id"]),
                                      ("ip", "192.0.2.7", "192.0.2.7"), ("ip", "10.0.0.0/8", "10.0.0.0/8"),
                                      ("ip", "2001:db8::1", "2001:db8::/64")):
            with self.subTest(level, subject=subject):
                self.assertEqual(self.limit(level, subject, "--downloads", "3")["id"], shown)
                self.assertEqual(self.command("limit", "show", level, subject)["downloads"], 3)
        self.assertEqual(len(self.command("limit", "show")), 5)

    def test_what_cannot_be_set_is_refused(self):
        for code, *words in ((1, "share", "nope", "--burst", "1"), (1, "link", "nope", "--burst", "1"),
                             (1, "token", "nope", "--burst", "1"), (1, "server", "x", "--burst", "1"),
                             (1, "ip", "10.0.0.1/8", "--burst", "1"), (1, "connection", "--downloads", "1"),
                             (1, "server", "--priority", "urgent"), (1, "server", "--downloads", "0"),
                             (2, "planet", "--burst", "1"), (2, "server", "--requests", "20"),
                             (2, "server", "--bandwidth", "fast"), (2, "server", "--burst", "-1")):
            with self.subTest(words):
                self.assertEqual(self.server.command("limit", "set", *words)[0], code)
        self.assertEqual(self.command("limit", "show"), [])

    def test_a_share_takes_its_limit_with_it(self):
        other = self.base / "other"
        other.mkdir(exist_ok=True)
        self.command("share", "add", "other", str(other))
        self.limit("share", "other", "--burst", "1")
        self.command("share", "remove", "other")
        self.assertEqual(self.command("limit", "show"), [])


class Requests(LimitTest):
    def refused(self, answer, level):
        self.assertEqual(answer.status, 429)
        self.assertEqual(answer["Content-Type"], "application/problem+json")
        self.assertEqual(answer["RateLimit"], f'"{level}";r=0;t={answer["Retry-After"]}')
        self.assertTrue(answer["RateLimit-Policy"].startswith(f'"{level}";q='), answer)
        return int(answer["Retry-After"])

    def test_retry_after_is_true(self):
        self.limit("ip", "--requests", "0.5/s", "--burst", "3")
        with self.connect() as one, self.connect() as two:
            for number in range(3):
                self.assertEqual((one, two)[number % 2].get(SMALL).status, 200)
            wait = self.refused(one.get(SMALL), "ip")
            self.assertIn(wait, (1, 2))
            self.refused(two.get(SMALL), "ip")
            time.sleep(wait)  # the test is that this is long enough
            self.assertEqual(two.get(SMALL).status, 200)

    def test_each_level_and_the_way_back(self):
        link = self.command("link", "create", "priv/secret.txt")
        target = link["url"].partition("://")[2].partition("/")[2]
        for level, subject, path in (("server", (), SMALL), ("share", (), SMALL), ("share", ("pub",), SMALL),
                                     ("ip", ("127.0.0.0/8",), SMALL), ("connection", (), SMALL),
                                     ("link", (), "/" + target), ("link", (link["id"],), "/" + target)):
            with self.subTest(level, subject=subject):
                self.limit(level, *subject, "--requests", "1/m", "--burst", "2")
                before = self.metric(f'spillway_requests_limited_total{{level="{level}"}}')
                with self.connect() as one:
                    self.assertEqual([one.get(path).status for _ in range(3)], [200, 200, 429])
                    self.assertEqual(self.metric(f'spillway_requests_limited_total{{level="{level}"}}'), before + 1)
                    self.assertEqual(one.get("/healthz").status, 200)
                    self.limit(level, *subject, "--requests", "none", "--burst", "none")
                    self.assertEqual(one.get(path).status, 200)

    def test_other_subjects_do_not_feel_it(self):
        self.limit("share", "pub", "--requests", "1/m")
        url = self.command("link", "presign", "priv/secret.txt")["url"]
        with self.connect() as one:
            self.assertEqual([one.get(SMALL).status for _ in range(2)], [200, 429])
        for _ in range(3):
            self.assertEqual(client("curl", "-sf", url)[1].strip(), "between us")

    def test_a_connection_is_limited_by_itself(self):
        self.limit("connection", "--requests", "1/m")
        for _ in range(3):
            with self.connect() as one:
                self.assertEqual([one.get(SMALL).status for _ in range(2)], [200, 429])


class Downloads(LimitTest):
    BIG = 64 << 20

    @classmethod
    def fill(cls):
        for folder in (cls.pub, cls.priv):
            with open(folder / "big.bin", "wb") as file:
                file.truncate(cls.BIG)

    def begin(self, target="/s/pub/big.bin"):
        """A download whose head has come."""
        one = self.connect(receive_buffer=65536)
        one.ask(target)
        self.assertEqual(one.head().status, 200)
        return one

    def ask(self, target="/s/pub/big.bin"):
        one = self.connect(receive_buffer=65536)
        one.ask(target)
        return one

    def waits(self, count):
        wait_until(lambda: self.metric("spillway_download_queue_length") == count, seconds(30))

    def took(self, clients, time_):
        """How many bytes they take together in so long."""
        end, total = time.monotonic() + time_, 0
        for one in clients:
            one.socket.settimeout(0.01)
        while time.monotonic() < end:
            for one in clients:
                try:
                    total += len(one.socket.recv(1 << 16))
                except TimeoutError:
                    pass
        return total

    def test_bandwidth_is_shared_by_all_connections_and_workers(self):
        self.limit("server", "--bandwidth", "2MiB/s")
        clients = [self.begin() for _ in range(4)]
        self.took(clients, 1)  # what lies in buffers
        total = self.took(clients, 4)
        self.assertGreater(total, 4 << 20)
        self.assertLess(total, 12 << 20)

    def test_a_limit_reaches_a_download_that_runs_and_leaves_it_again(self):
        one = self.begin()
        one.take(1 << 20)
        for level, subject in (("server", ()), ("ip", ()), ("share", ("pub",)), ("connection", ())):
            with self.subTest(level):
                self.limit(level, *subject, "--bandwidth", "64KiB/s")
                self.took([one], 2)  # what was on its way
                self.assertLess(self.took([one], 3), 1 << 20)
                self.limit(level, *subject, "--bandwidth", "none")
                one.socket.settimeout(seconds(30))
                one.take(4 << 20)

    def test_the_rate_in_a_presigned_url_holds_for_all_its_downloads(self):
        url = self.command("link", "presign", "priv/big.bin", "--rate", "256KiB/s")["url"]
        target = "/" + url.partition("://")[2].partition("/")[2]
        clients = [self.begin(target) for _ in range(4)]
        self.took(clients, 2)
        self.assertLess(self.took(clients, 3), 3 << 20)

    def test_a_second_download_waits_for_the_first(self):
        for level, subject in (("server", ()), ("share", ("pub",)), ("ip", ())):
            with self.subTest(level):
                self.limit(level, *subject, "--downloads", "1")
                first = self.begin()
                second = self.ask()
                self.waits(1)
                self.assertTrue(second.silent(0.2))
                first.close()
                self.assertEqual(second.head().status, 200)
                self.waits(0)
                second.close()
                self.limit(level, *subject, "--downloads", "none")

    def test_more_slots_let_in_who_waits(self):
        self.limit("server", "--downloads", "1")
        first, second = self.begin(), self.ask()
        self.waits(1)
        self.limit("server", "--downloads", "2")
        self.assertEqual(second.head().status, 200)
        first.close()

    def test_a_limit_counts_what_runs_already(self):
        first = self.begin()
        self.limit("server", "--downloads", "1")
        second = self.ask()
        self.waits(1)
        first.close()
        self.assertEqual(second.head().status, 200)

    def test_who_leaves_leaves_the_line(self):
        self.limit("server", "--downloads", "1")
        first = self.begin()
        leaver, second = self.ask(), self.ask()
        self.waits(2)
        leaver.close()
        self.waits(1)
        first.close()
        self.assertEqual(second.head().status, 200)

    def test_503_after_the_deadline_and_where_the_line_is_full(self):
        self.limit("server", "--downloads", "1", "--wait", "4s", "--queue", "1")
        first = self.begin()
        second = self.ask()
        self.waits(1)
        third = self.ask().answer()
        self.assertEqual(third.status, 503)
        self.assertGreaterEqual(int(third["Retry-After"]), 1)
        late = second.answer()
        self.assertEqual(late.status, 503)
        self.assertGreaterEqual(int(late["Retry-After"]), 1)
        self.waits(0)
        self.assertEqual(second.get("/healthz").status, 200, "the connection goes on")
        first.close()
        self.assertEqual(wait_until(lambda: self.get(SMALL).status == 200, seconds(30)), True)

    def test_connections_are_refused_at_once(self):
        self.limit("share", "pub", "--connections", "1")
        first = self.begin()
        self.assertEqual(self.get(SMALL).status, 503)
        first.close()
        wait_until(lambda: self.get(SMALL).status == 200, seconds(30))

    def test_open_connections_of_an_address(self):
        open_ = [self.connect(), self.connect()]
        for one in open_:
            self.assertEqual(one.get(SMALL).status, 200)
        self.limit("ip", "--connections", "2")
        wait_until(lambda: self.accepted_with() == 503, seconds(30))
        open_.pop().close()
        wait_until(lambda: self.accepted_with() == 200, seconds(30))

    def accepted_with(self):
        """What a new connection is answered; a refusal may come before its request and reset it."""
        def answer():
            try:
                return self.get(SMALL).status
            except (Cut, OSError):
                return None
        return wait_until(answer, seconds(30))


if __name__ == "__main__":
    unittest.main()
